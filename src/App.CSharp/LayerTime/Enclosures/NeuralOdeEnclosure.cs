using System;
using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Rigour;

namespace LayerTime;

/// <summary>
/// What is proved of all solutions of a neural ODE that start from a box of inputs: where they are at given times, at the end, and all the way between.
/// As far as it goes, with the reason why it goes no further.
/// </summary>
public sealed class NeuralOdeEnclosure
{
    private readonly FlowEnclosure core;

    internal NeuralOdeEnclosure(NeuralOde ode, Box inputs, EncloseOptions options, FlowEnclosure core, FlowJet<CoreInterval>? output)
    {
        (Ode, Inputs, Options, this.core) = (ode, inputs, options, core);
        Reached = [.. core.Reached.Select(reached => new EnclosedStates { Time = new(reached.Time), States = new(reached.States) })];
        Tube = [.. core.Tube.Select(piece => new TubeStep { From = new(piece.From), Until = new(piece.Until), States = Box.OfCore(piece.States) })];
        Output = output is null ? null : new(output);
    }

    /// <summary>The neural ODE.</summary>
    public NeuralOde Ode { get; }

    /// <summary>The box of inputs.</summary>
    public Box Inputs { get; }

    /// <summary>What was asked for.</summary>
    public EncloseOptions Options { get; }

    /// <summary>Why it ends where it does.</summary>
    public EncloseStop Stop => EncloseStops.Of(core.Stop);

    /// <summary>The same in a sentence that says what to do next.</summary>
    public string StopMessage => core.Stop.Sentence;

    /// <summary>Whether the horizon is reached.</summary>
    public bool IsComplete => Stop == EncloseStop.Completed;

    /// <summary>The time reached.</summary>
    public Fraction Time => new(core.Time);

    /// <summary>How many steps were tried.</summary>
    public int Steps => core.Steps;

    /// <summary>The states at the times asked for, as far as they were reached, and at the time reached.</summary>
    public IReadOnlyList<EnclosedStates> Reached { get; }

    /// <summary>The states at the time reached.</summary>
    public EnclosedVector States => Reached[^1].States;

    /// <summary>The states all the way from 0 to the time reached, step by step.</summary>
    public IReadOnlyList<TubeStep> Tube { get; }

    /// <summary>The readout of x(T), or x(T) where there is none; null where T is not reached.</summary>
    public EnclosedVector? Output { get; }

    /// <summary>All states at a time, from the step that contains it.</summary>
    /// <param name="time">0 … the time reached.</param>
    /// <returns>A box that contains x(time) for all inputs.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is not reached.</exception>
    public Box At(Fraction time) =>
        Reached.FirstOrDefault(reached => reached.Time == time)?.States.Values
        ?? Tube.FirstOrDefault(step => step.From <= time && time <= step.Until)?.States
        ?? throw new ArgumentOutOfRangeException(nameof(time), time, $"A time of 0 … {Time} is expected.");

    /// <summary>The enclosure as one JSON document: the same bytes on any machine.</summary>
    /// <returns>The document, with a line feed at its end.</returns>
    public string ToJson() => EnclosureWriter.ToJson(this);

    /// <summary>The tube over depth-time as a picture in SVG, one colour for each component, with the solutions of some inputs inside.</summary>
    /// <returns>The picture: the same enclosure gives the same bytes.</returns>
    public string ToSvg() => TubeFigure.OverTime(this);

    /// <summary>The tube in the plane as a picture in SVG, with the solutions of some inputs inside.</summary>
    /// <returns>The picture: the same enclosure gives the same bytes.</returns>
    /// <exception cref="InvalidOperationException">x does not have two components.</exception>
    public string ToPhasePortrait() => TubeFigure.InPlane(this);

    /// <summary>The enclosure in one line.</summary>
    /// <returns>"t = 1 in 12 steps, sides up to 1e-6: The end of the horizon is reached."</returns>
    public override string ToString() =>
        FormattableString.Invariant($"t = {Time} in {Steps} steps, sides up to {States.Values.Max(side => side.Width):G3}: {StopMessage}");

    /// <summary>Solutions of some inputs, corners and middle among them, as far as the enclosure goes: they lie inside, up to their own tolerance.</summary>
    internal IReadOnlyList<NeuralOdeSolution> Samples()
    {
        if (Time.Sign == 0)
        {
            return [];
        }

        var options = new SolveOptions { Method = OdeMethod.DormandPrince8, RelativeTolerance = 1e-10, AbsoluteTolerance = 1e-12, To = Time };
        return [.. Inputs.SamplePoints().Select(point => Ode.Solve(point, options))];
    }
}
