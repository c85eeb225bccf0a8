using System;
using LayerTime.Core.Rigour;

namespace LayerTime;

/// <summary>Why the enclosure of a flow ends where it does.</summary>
public enum EncloseStop
{
    /// <summary>The end of the horizon is reached.</summary>
    Completed,

    /// <summary>The allowed number of steps is spent.</summary>
    StepLimit,

    /// <summary>No step of reasonable length has a proof that solutions exist during it.</summary>
    StepTooSmall,

    /// <summary>Some states leave every bound.</summary>
    BlowUp,

    /// <summary>The enclosure was cancelled.</summary>
    Interrupted,
}

/// <summary>The reasons of the core as those of the door.</summary>
internal static class EncloseStops
{
    internal static EncloseStop Of(EnclosureStop stop) => stop switch
    {
        { IsCompleted: true } => EncloseStop.Completed,
        EnclosureStop.StepLimit => EncloseStop.StepLimit,
        EnclosureStop.StepTooSmall => EncloseStop.StepTooSmall,
        EnclosureStop.BlowUp => EncloseStop.BlowUp,
        EnclosureStop.Interrupted => EncloseStop.Interrupted,
        _ => throw new InvalidOperationException("A reason to stop that the façade does not know."),
    };
}
