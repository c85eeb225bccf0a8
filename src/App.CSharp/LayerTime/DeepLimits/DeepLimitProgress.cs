using System;

namespace LayerTime;

/// <summary>How far a study has come.</summary>
public sealed record DeepLimitProgress
{
    /// <summary>The depth at work.</summary>
    public required int Depth { get; init; }

    /// <summary>The iterations at this depth so far.</summary>
    public required int Iterations { get; init; }

    /// <summary>The training objective.</summary>
    public required double Objective { get; init; }

    /// <summary>The norm of its gradient in the metric of the penalty.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>How much is done, roughly, 0 … 1: later depths cost twice as much as those before.</summary>
    public required double Share { get; init; }

    /// <summary>The time since the start or since the study was taken up again.</summary>
    public required TimeSpan Elapsed { get; init; }
}
