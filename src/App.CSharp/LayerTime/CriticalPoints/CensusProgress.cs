using System;

namespace LayerTime;

/// <summary>How far a census has come.</summary>
public sealed record CensusProgress
{
    /// <summary>How many boxes were looked at so far, before an earlier save included.</summary>
    public required long Boxes { get; init; }

    /// <summary>The budget of boxes.</summary>
    public required long MaxBoxes { get; init; }

    /// <summary>How many boxes wait to be looked at.</summary>
    public required int OpenBoxes { get; init; }

    /// <summary>How many critical points were isolated; a point on the edge of two boxes may be counted twice.</summary>
    public required int PointsFound { get; init; }

    /// <summary>The part of the volume that is not open any more, 0 … 1.</summary>
    public required double Explored { get; init; }

    /// <summary>The time since the start or since the census was taken up again.</summary>
    public required TimeSpan Elapsed { get; init; }
}
