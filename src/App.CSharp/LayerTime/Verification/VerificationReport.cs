using System;
using System.Collections.Generic;
using System.Linq;

namespace LayerTime;

/// <summary>What became of a run. Everything but <see cref="Timing"/> is a function of the claims, the seed and the effort, on any number of cores.</summary>
public sealed record VerificationReport
{
    /// <summary>The version of the library.</summary>
    public required string Version { get; init; }

    /// <summary>The digest of the catalogue that the claims were taken from.</summary>
    public required string Catalogue { get; init; }

    /// <summary>The seed of the run.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Claim by claim, in the order of the catalogue.</summary>
    public required IReadOnlyList<ClaimResult> Claims { get; init; }

    /// <summary>The claims that cannot be run yet.</summary>
    public required IReadOnlyList<OpenClaim> Open { get; init; }

    /// <summary>Whether the run was cancelled; what is reported is valid and partial.</summary>
    public required bool Interrupted { get; init; }

    /// <summary>How long it took; the only part that differs from run to run.</summary>
    public required VerificationTiming Timing { get; init; }

    /// <summary>The claim whose largest tightness is smallest, where a better bound is to be looked for; null if no claim has one.</summary>
    public required ClaimTightness? Loosest { get; init; }

    /// <summary>0 all hold, 1 something refuted, 2 undecided or not shown necessary, 130 interrupted; open claims do not count.</summary>
    public required int ExitCode { get; init; }

    /// <summary>Whether every claim that can be run holds and every control found its counterexample.</summary>
    public bool AllHold => ExitCode == 0;

    /// <summary>How many cases of parts were decided.</summary>
    public long Trials => Claims.Sum(claim => (long)claim.Trials);

    /// <summary>The claims with this verdict.</summary>
    /// <param name="verdict">A verdict.</param>
    /// <returns>How many.</returns>
    public int Count(Verdict verdict) => Claims.Count(claim => claim.Verdict == verdict);

    /// <summary>The report as one JSON document; everything outside "timing" is the same bytes for the same seed on any machine and any number of cores.</summary>
    /// <returns>The document, with a line feed at its end.</returns>
    public string ToJson() => ReportWriter.ToJson(this);

    /// <summary>Writes the report as a page with pictures, index.html in a folder of its own, whole or not at all. It opens from disk and needs no other file.</summary>
    /// <param name="folder">The folder; it must not exist, be empty, or hold an older report and nothing else.</param>
    /// <exception cref="NetworkFileException">The folder cannot be written; nothing is left behind.</exception>
    public void SaveReport(string folder) => ReportFolder.Write(Door.NotNull(folder), VerificationPage.Page(this));

    /// <summary>The report in one line.</summary>
    /// <returns>"41 claims: 40 hold, 1 refuted, 0 undecided; 3 open".</returns>
    public override string ToString() =>
        $"{Claims.Count} claims: {Count(Verdict.Holds)} hold, {Count(Verdict.Refuted)} refuted, {Count(Verdict.Undecided)} undecided; {Open.Count} open"
        + (Interrupted ? "; interrupted" : "");
}

/// <summary>A claim that cannot be run yet.</summary>
public sealed record OpenClaim
{
    /// <summary>The id of the claim.</summary>
    public required string Id { get; init; }

    /// <summary>Why it is open.</summary>
    public required string Reason { get; init; }
}

/// <summary>A claim and a tightness.</summary>
public sealed record ClaimTightness
{
    /// <summary>The id of the claim.</summary>
    public required string Id { get; init; }

    /// <summary>Its largest tightness; 1 is sharp.</summary>
    public required double Tightness { get; init; }
}

/// <summary>How long a run took.</summary>
public sealed record VerificationTiming
{
    /// <summary>The time from start to end.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>On how many cores at most the cases ran.</summary>
    public required int MaxDegreeOfParallelism { get; init; }

    /// <summary>The work of each claim, summed over the cores, in the order of the report.</summary>
    public required IReadOnlyList<ClaimTiming> Claims { get; init; }

    /// <summary>The claim that took the most work; null if there is none.</summary>
    public ClaimTiming? Slowest => Claims.MaxBy(claim => claim.Elapsed);
}

/// <summary>How long the cases of one claim took.</summary>
public sealed record ClaimTiming
{
    /// <summary>The id of the claim.</summary>
    public required string Id { get; init; }

    /// <summary>The time its cases took, summed over the cores.</summary>
    public required TimeSpan Elapsed { get; init; }
}
