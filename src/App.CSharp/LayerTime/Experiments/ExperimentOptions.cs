using System;

namespace LayerTime;

/// <summary>How often each training of an experiment is repeated, and on how many cores.</summary>
public sealed record ExperimentOptions
{
    private readonly int? seeds;
    private readonly int maxDegreeOfParallelism = Environment.ProcessorCount;

    /// <summary>How many seeds each case is trained with, at least 1; null for 5.</summary>
    public int? Seeds
    {
        get => seeds;
        init => seeds = value is { } count ? Door.AtLeast(count, 1, nameof(Seeds)) : null;
    }

    /// <summary>The first of the seeds; 1 unless told.</summary>
    public ulong FirstSeed { get; init; } = 1;

    /// <summary>On how many cores trainings run, at least 1; all unless told. The result does not depend on it.</summary>
    public int MaxDegreeOfParallelism
    {
        get => maxDegreeOfParallelism;
        init => maxDegreeOfParallelism = Door.AtLeast(value, 1, nameof(MaxDegreeOfParallelism));
    }
}

/// <summary>How far an experiment has come.</summary>
public sealed record ExperimentProgress
{
    /// <summary>How many trainings are done.</summary>
    public required int Trainings { get; init; }

    /// <summary>How many there are.</summary>
    public required int TrainingsTotal { get; init; }

    /// <summary>What was trained last.</summary>
    public required string Current { get; init; }
}
