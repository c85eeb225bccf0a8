using System;
using LayerTime.Core.Semantics;

namespace LayerTime;

/// <summary>Why the solution of a neural ODE ends where it does.</summary>
public enum SolveStop
{
    /// <summary>The wanted time is reached.</summary>
    Completed,

    /// <summary>The allowed number of steps is spent.</summary>
    StepLimit,

    /// <summary>The error asks for steps that no longer change the time.</summary>
    StepTooSmall,

    /// <summary>The field or the state has a component that is not a finite number.</summary>
    NotFinite,

    /// <summary>What follows is beyond the range of floats.</summary>
    Overflow,

    /// <summary>The state grows beyond all bounds in finite time.</summary>
    BlowUp,

    /// <summary>The equations of an implicit step do not contract.</summary>
    NoContraction,

    /// <summary>The solution was cancelled.</summary>
    Interrupted,
}

/// <summary>The reasons of the core as those of the door.</summary>
internal static class SolveStops
{
    internal static SolveStop Of(StopReason reason) => reason switch
    {
        { IsCompleted: true } => SolveStop.Completed,
        StopReason.StepLimit => SolveStop.StepLimit,
        StopReason.StepTooSmall => SolveStop.StepTooSmall,
        StopReason.NotFinite => SolveStop.NotFinite,
        StopReason.Overflow => SolveStop.Overflow,
        StopReason.BlowUp => SolveStop.BlowUp,
        StopReason.NoContraction => SolveStop.NoContraction,
        StopReason.Interrupted => SolveStop.Interrupted,
        _ => throw new InvalidOperationException("A reason to stop that the façade does not know."),
    };
}
