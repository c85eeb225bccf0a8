using System;

namespace LayerTime;

/// <summary>How far a run has come.</summary>
public sealed record VerificationProgress
{
    /// <summary>How many claims the run has, open ones not counted.</summary>
    public required int ClaimsTotal { get; init; }

    /// <summary>How many of them are answered.</summary>
    public required int ClaimsCompleted { get; init; }

    /// <summary>How many cases were run so far, those of controls and simplifications included.</summary>
    public required long CasesCompleted { get; init; }

    /// <summary>How many cases are known to be needed, the completed ones included; it may grow, as controls and simplifications depend on what comes out.</summary>
    public required long CasesExpected { get; init; }

    /// <summary>The claim that a core worked on last; null before the first.</summary>
    public required string? CurrentClaim { get; init; }

    /// <summary>The time since the start.</summary>
    public required TimeSpan Elapsed { get; init; }
}
