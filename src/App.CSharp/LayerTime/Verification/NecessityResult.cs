using System.Collections.Generic;

namespace LayerTime;

/// <summary>What became of a control.</summary>
public enum NecessityVerdict
{
    /// <summary>The conclusion fails without the hypothesis.</summary>
    Needed,

    /// <summary>A fixed witness does not refute: the control is wrong.</summary>
    FixedDidNotRefute,

    /// <summary>A search found no counterexample.</summary>
    NotShownNecessary,

    /// <summary>The run ended before the control did.</summary>
    Interrupted,
}

/// <summary>What became of one control.</summary>
public sealed record NecessityResult
{
    /// <summary>The name of the control.</summary>
    public required string Control { get; init; }

    /// <summary>The id of the hypothesis it breaks.</summary>
    public required string Hypothesis { get; init; }

    /// <summary>What became of it.</summary>
    public required NecessityVerdict Verdict { get; init; }

    /// <summary>Whether a counterexample was found, as it should be.</summary>
    public bool Needed => Verdict == NecessityVerdict.Needed;

    /// <summary>How many trials it took to find the counterexample; null if none was found.</summary>
    public int? TrialsToRefute { get; init; }

    /// <summary>The counterexample, made as simple as possible; null if none was found.</summary>
    public Counterexample? Counterexample { get; init; }

    /// <summary>How many cases were tried in vain; null if a counterexample was found.</summary>
    public int? Tried { get; init; }

    /// <summary>The fixed witness that does not refute; empty unless that is the verdict.</summary>
    public IReadOnlyList<NamedValue> Instance { get; init; } = [];

    /// <summary>What came out on that witness; null unless that is the verdict.</summary>
    public string? Found { get; init; }
}

/// <summary>A refuted case, as it is shown.</summary>
public sealed record Counterexample
{
    /// <summary>The part or control it belongs to.</summary>
    public required string Part { get; init; }

    /// <summary>What it shows, on the simplest instance found.</summary>
    public required Witness Witness { get; init; }

    /// <summary>How often a simpler instance was taken; null if the run ended before that was tried.</summary>
    public required int? Steps { get; init; }

    /// <summary>The token that runs the case again.</summary>
    public required string ReplayToken { get; init; }
}

/// <summary>One case that was run again.</summary>
public sealed record ReplayResult
{
    /// <summary>The token.</summary>
    public required string ReplayToken { get; init; }

    /// <summary>The id of the claim.</summary>
    public required string ClaimId { get; init; }

    /// <summary>The part or control.</summary>
    public required string Part { get; init; }

    /// <summary>What came out.</summary>
    public required Outcome Outcome { get; init; }

    /// <summary>The instance.</summary>
    public required IReadOnlyList<NamedValue> Instance { get; init; }

    /// <summary>What the simplest refuted instance shows; null if the case is not refuted.</summary>
    public required Witness? Simplified { get; init; }

    /// <summary>How often a simpler instance was taken; null if the case is not refuted.</summary>
    public required int? Steps { get; init; }

    /// <summary>Whether the case belongs to a control, which has to be refuted.</summary>
    public required bool IsControl { get; init; }
}
