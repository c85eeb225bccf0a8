using LayerTime.Core.Claims;
using LayerTime.Core.Rigour;

namespace LayerTime;

/// <summary>What of a solution is said to stay in a set.</summary>
public enum ReachScope
{
    /// <summary>x(t) for all 0 ≤ t ≤ T.</summary>
    Always,

    /// <summary>x(T)</summary>
    AtEnd,

    /// <summary>The readout of x(T), or x(T) where there is none.</summary>
    Output,
}

/// <summary>The answer to the question whether no input of a box leaves a set: proved, disproved by an input, or neither.</summary>
public sealed class ReachAnswer
{
    private readonly ReachVerdict core;

    internal ReachAnswer(ReachVerdict core) => this.core = core;

    /// <summary>True: proved that no input leaves the set. False: proved that <see cref="Input"/> does. Null: undecided.</summary>
    public bool? Stays => core switch
    {
        ReachVerdict.Stays => true,
        ReachVerdict.Leaves => false,
        _ => null,
    };

    /// <summary>An input that leaves the set, proved; null where none is known. A copy.</summary>
    public double[]? Input => core is ReachVerdict.Leaves leaves ? (double[])leaves.input.Clone() : null;

    /// <summary>The inputs that could not be decided; null where everything is decided.</summary>
    public Box? Open => core is ReachVerdict.Undecided undecided ? Box.OfCore(undecided.inputs) : null;

    /// <summary>The answer as the outcome of a claim: holds, refuted by an input, or undecided.</summary>
    public Outcome Outcome => Outcome.OfCore(Reaching.outcome(core));

    /// <summary>The answer in a sentence.</summary>
    /// <returns>"No input leaves the set: one enclosure shows it."</returns>
    public override string ToString() => ReachSet.sentence(core);
}
