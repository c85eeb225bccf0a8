using System;

namespace LayerTime;

/// <summary>What a run is a function of, and on how many cores it runs.</summary>
public sealed record VerificationOptions
{
    private readonly int? trials;
    private readonly int maxDegreeOfParallelism = Environment.ProcessorCount;
    private readonly Effort effort = Effort.Default;

    /// <summary>The seed of all draws; 1 unless told.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How many trials, in counted work and never in seconds.</summary>
    public Effort Effort
    {
        get => effort;
        init => effort = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "An effort is expected.");
    }

    /// <summary>A number of trials for every part that draws its cases, at least 1, instead of the effort's; null to leave it to the effort.</summary>
    public int? Trials
    {
        get => trials;
        init => trials = value is { } number ? Door.AtLeast(number, 1, nameof(Trials)) : null;
    }

    /// <summary>On how many cores the cases run, at least 1; all of them unless told. The report does not depend on it.</summary>
    public int MaxDegreeOfParallelism
    {
        get => maxDegreeOfParallelism;
        init => maxDegreeOfParallelism = Door.AtLeast(value, 1, nameof(MaxDegreeOfParallelism));
    }
}

/// <summary>How many trials a run asks of the parts that draw their cases.</summary>
public enum Effort
{
    /// <summary>The declared trials.</summary>
    Default,

    /// <summary>A tenth of the declared trials, at least five.</summary>
    Quick,

    /// <summary>Ten times the declared trials.</summary>
    Thorough,
}
