using System.Collections.Generic;

namespace LayerTime;

/// <summary>How a neural ODE is solved.</summary>
public sealed record SolveOptions
{
    /// <summary>The method.</summary>
    public OdeMethod Method { get; init; } = OdeMethod.DormandPrince;

    /// <summary>The relative tolerance: the error of each step is at most AbsoluteTolerance + RelativeTolerance·|x_i| in every component.</summary>
    public double RelativeTolerance { get; init; } = 1e-6;

    /// <summary>The absolute tolerance.</summary>
    public double AbsoluteTolerance { get; init; } = 1e-9;

    /// <summary>
    /// The number of steps of one length over the horizon, in place of tolerances; null for tolerances. Where the weights change or a
    /// wanted time asks for a step to end, it is shared so that no step is longer.
    /// </summary>
    public int? Steps { get; init; }

    /// <summary>
    /// The most steps that are taken, rejected ones included; null for a million with tolerances and as many as were asked for without. No more
    /// than can be kept in 2 GiB, unless only the end is.
    /// </summary>
    public int? MaxSteps { get; init; }

    /// <summary>The time at which the input is given, 0 … T. From another time than 0 the input is the state there, and no lift is applied.</summary>
    public Fraction From { get; init; }

    /// <summary>The time to which the solution is wanted, 0 … T, before <see cref="From"/> to run backwards; null for T.</summary>
    public Fraction? To { get; init; }

    /// <summary>Times at which the solution will be wanted: one that lies outside 0 … T is refused beforehand.</summary>
    public IReadOnlyList<Fraction> Times { get; init; } = [];

    /// <summary>What is kept of the solution.</summary>
    public SolutionRecording Recording { get; init; } = SolutionRecording.Dense;

    /// <summary>What <see cref="NeuralOde.Gradient"/> keeps of the way there for the way back.</summary>
    public Checkpointing Checkpointing { get; init; } = Checkpointing.StoreAll;
}

/// <summary>What is kept of a solution.</summary>
public enum SolutionRecording
{
    /// <summary>The state after every step and the solution between them.</summary>
    Dense,

    /// <summary>The state after every step.</summary>
    Steps,

    /// <summary>The start and the end.</summary>
    End,
}
