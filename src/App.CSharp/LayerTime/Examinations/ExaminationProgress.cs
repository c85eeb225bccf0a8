using System;

namespace LayerTime;

/// <summary>How far an examination has come.</summary>
public sealed record ExaminationProgress
{
    /// <summary>What is looked at now.</summary>
    public required string Topic { get; init; }

    /// <summary>The part of the topics that is done, 0 … 1.</summary>
    public required double Share { get; init; }

    /// <summary>The time since the start.</summary>
    public required TimeSpan Elapsed { get; init; }
}
