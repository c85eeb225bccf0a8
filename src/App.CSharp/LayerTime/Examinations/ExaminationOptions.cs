using System;
using System.Collections.Generic;

namespace LayerTime;

/// <summary>What of a network is examined, and how far: in counted work and never in seconds.</summary>
public sealed record ExaminationOptions
{
    private readonly long? maxBoxes;
    private readonly int maxPoints = 3;
    private readonly int maxRegions = 500;
    private readonly int maxDegreeOfParallelism = Environment.ProcessorCount;

    /// <summary>Inputs at which the network is looked at, each as <see cref="Network.Run"/> takes it; none for the middle of the box.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Points { get; init; } = [];

    /// <summary>Where critical points are looked for; null for the smallest box around the points, or [−1, 1]ⁿ where there are none.</summary>
    public Box? Box { get; init; }

    /// <summary>The output that is looked at as a scalar function, from 0 on; null for the only one.</summary>
    public int? Output { get; init; }

    /// <summary>An output that is subtracted from <see cref="Output"/>, as for the difference of two logits; null for none.</summary>
    public int? Subtracted { get; init; }

    /// <summary>The largest number of boxes a census looks at; null for as many as take some seconds, 20,000 at most and fewer for larger networks.</summary>
    public long? MaxBoxes
    {
        get => maxBoxes;
        init => maxBoxes = value is { } boxes ? Door.AtLeast(boxes, 0L, nameof(MaxBoxes)) : null;
    }

    /// <summary>At how many of the points bounds are proved; 3 unless told.</summary>
    public int MaxPoints
    {
        get => maxPoints;
        init => maxPoints = Door.AtLeast(value, 1, nameof(MaxPoints));
    }

    /// <summary>The largest number of linear regions that are followed along a line; 500 unless told.</summary>
    public int MaxRegions
    {
        get => maxRegions;
        init => maxRegions = Door.AtLeast(value, 1, nameof(MaxRegions));
    }

    /// <summary>On how many cores; all of them unless told. The result does not depend on it.</summary>
    public int MaxDegreeOfParallelism
    {
        get => maxDegreeOfParallelism;
        init => maxDegreeOfParallelism = Door.AtLeast(value, 1, nameof(MaxDegreeOfParallelism));
    }
}
