using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Examination;

namespace LayerTime;

/// <summary>What a claim of the catalogue says of one network.</summary>
public enum ClaimRelevance
{
    /// <summary>Its hypotheses hold, and its conclusion was checked on this network.</summary>
    Holds,

    /// <summary>Its hypotheses hold, so that its conclusion follows.</summary>
    Applies,

    /// <summary>A hypothesis does not hold.</summary>
    DoesNotApply,

    /// <summary>A hypothesis was not decided.</summary>
    Undecided,

    /// <summary>It is about something that a network alone does not have.</summary>
    NotAboutNetworks,
}

/// <summary>A claim of the catalogue and what it says of one network.</summary>
public sealed record ClaimApplicability
{
    /// <summary>The id of the claim.</summary>
    public required string Id { get; init; }

    /// <summary>Whether it applies.</summary>
    public required ClaimRelevance Relevance { get; init; }

    /// <summary>The hypothesis that fails or is open; empty where none is.</summary>
    public required string Hypothesis { get; init; }

    /// <summary>The evidence with its numbers, what was found in place of the hypothesis, or what the claim is about.</summary>
    public required string Text { get; init; }

    internal const string Unknown = "No row of the table is about this claim yet.";

    /// <summary>All claims of the catalogue, in its order.</summary>
    internal static IEnumerable<ClaimApplicability> All(NetworkFacts facts)
    {
        var rows = ApplicabilityTable.rows.ToDictionary(row => row.Claim, System.StringComparer.Ordinal);
        return ClaimCatalogue.All.Select(claim => rows.TryGetValue(claim.Id, out var row)
            ? Of(row, facts)
            : new() { Id = claim.Id, Relevance = ClaimRelevance.Undecided, Hypothesis = "", Text = Unknown });
    }

    private static ClaimApplicability Of(ApplicabilityRow row, NetworkFacts facts) => row.Judge.Invoke(facts) switch
    {
        Applicability.Holds holds => Of(row, ClaimRelevance.Holds, "", holds.evidence),
        Applicability.Applies applies => Of(row, ClaimRelevance.Applies, "", applies.evidence),
        Applicability.Fails fails => Of(row, ClaimRelevance.DoesNotApply, fails.hypothesis, fails.found),
        Applicability.Undecided open => Of(row, ClaimRelevance.Undecided, open.hypothesis, open.reason),
        Applicability.NotOfNetworks other => Of(row, ClaimRelevance.NotAboutNetworks, "", other.subject),
        _ => throw new System.InvalidOperationException("An answer that the façade does not know."),
    };

    private static ClaimApplicability Of(ApplicabilityRow row, ClaimRelevance relevance, string hypothesis, string text) =>
        new() { Id = row.Claim, Relevance = relevance, Hypothesis = hypothesis, Text = text };
}
