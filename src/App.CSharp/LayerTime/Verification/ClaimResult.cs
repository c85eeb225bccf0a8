using System.Collections.Generic;

namespace LayerTime;

/// <summary>The answer to a part or a claim.</summary>
public enum Verdict
{
    /// <summary>As many cases as declared were decided, none was refuted.</summary>
    Holds,

    /// <summary>At least one case was refuted.</summary>
    Refuted,

    /// <summary>Too few cases were decided, or the run was interrupted.</summary>
    Undecided,
}

/// <summary>What became of one claim.</summary>
public sealed record ClaimResult
{
    /// <summary>The id of the claim.</summary>
    public required string Id { get; init; }

    /// <summary>The paper it comes from, possibly empty.</summary>
    public required string Paper { get; init; }

    /// <summary>The weakest kind of evidence among its parts.</summary>
    public required Evidence Evidence { get; init; }

    /// <summary>The answer: refuted if a part is, else undecided if a part is, else holds.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Why it is undecided; null otherwise.</summary>
    public required string? Reason { get; init; }

    /// <summary>How many cases were decided.</summary>
    public required int Trials { get; init; }

    /// <summary>How many were undecided.</summary>
    public required int Undecided { get; init; }

    /// <summary>How sharp its bounds were; null where that has no meaning.</summary>
    public required Tightness? Tightness { get; init; }

    /// <summary>Part by part.</summary>
    public required IReadOnlyList<PartResult> Parts { get; init; }

    /// <summary>Control by control.</summary>
    public required IReadOnlyList<NecessityResult> Necessity { get; init; }

    /// <summary>The first refuted case, made as simple as possible; null if none is refuted.</summary>
    public required Counterexample? Counterexample { get; init; }
}

/// <summary>What became of one part.</summary>
public sealed record PartResult
{
    /// <summary>The name of the part.</summary>
    public required string Name { get; init; }

    /// <summary>What its check is worth.</summary>
    public required Evidence Evidence { get; init; }

    /// <summary>The answer.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Why it is undecided; null otherwise.</summary>
    public required string? Reason { get; init; }

    /// <summary>How many decided cases the run asked for.</summary>
    public required int Asked { get; init; }

    /// <summary>How many were decided.</summary>
    public required int Decided { get; init; }

    /// <summary>How many of these were refuted.</summary>
    public required int Refuted { get; init; }

    /// <summary>How many were undecided.</summary>
    public required int Undecided { get; init; }

    /// <summary>Why cases were undecided, the most frequent reason first, at most five.</summary>
    public required IReadOnlyList<ReasonCount> Reasons { get; init; }

    /// <summary>How sharp the bounds were; null where that has no meaning.</summary>
    public required Tightness? Tightness { get; init; }
}

/// <summary>A reason and how often it was given.</summary>
public sealed record ReasonCount
{
    /// <summary>The reason.</summary>
    public required string Reason { get; init; }

    /// <summary>How often.</summary>
    public required int Count { get; init; }
}

/// <summary>How sharp the bounds were that held; 1 is sharp.</summary>
public sealed record Tightness
{
    /// <summary>The middle one of all cases that had one (the lower middle of an even number).</summary>
    public required double Median { get; init; }

    /// <summary>The largest.</summary>
    public required double Max { get; init; }

    /// <summary>How many lie in each half of a decade: the last ones from 10^(−1/2) on, the ones before from 10^(−1) on, …, the first below 10^(−5.5).</summary>
    public required IReadOnlyList<int> Histogram { get; init; }
}
