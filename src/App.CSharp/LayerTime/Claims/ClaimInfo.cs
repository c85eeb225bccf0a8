using System.Collections.Generic;

namespace LayerTime;

/// <summary>What a claim says and how it is checked.</summary>
public sealed record ClaimInfo
{
    /// <summary>The name in the catalogue, lower-case words joined by dots and hyphens.</summary>
    public required string Id { get; init; }

    /// <summary>What is claimed, in plain text with Unicode mathematics.</summary>
    public required string Statement { get; init; }

    /// <summary>The paper in a few words, empty for a claim of one's own.</summary>
    public required string Paper { get; init; }

    /// <summary>The number or name of the statement in the paper, possibly empty.</summary>
    public required string PaperStatement { get; init; }

    /// <summary>How the statement came to us.</summary>
    public required Reading Reading { get; init; }

    /// <summary>The weakest kind of evidence among the parts; null for an open claim.</summary>
    public required Evidence? Evidence { get; init; }

    /// <summary>What is assumed.</summary>
    public required IReadOnlyList<HypothesisInfo> Hypotheses { get; init; }

    /// <summary>What is checked; all of it must hold.</summary>
    public required IReadOnlyList<PartInfo> Parts { get; init; }

    /// <summary>What happens without a hypothesis.</summary>
    public required IReadOnlyList<ControlInfo> Controls { get; init; }

    /// <summary>Why the claim cannot be run yet; null if it can.</summary>
    public required string? OpenReason { get; init; }

    /// <summary>Whether the claim cannot be run yet.</summary>
    public bool IsOpen => OpenReason is not null;

    /// <summary>The id and the statement.</summary>
    /// <returns>"hauser.smooth.inverse: …".</returns>
    public override string ToString() => $"{Id}: {Statement}";
}

/// <summary>A hypothesis and its short id.</summary>
public sealed record HypothesisInfo
{
    /// <summary>A short id, such as H1.</summary>
    public required string Id { get; init; }

    /// <summary>What is assumed.</summary>
    public required string Statement { get; init; }
}

/// <summary>One thing that is checked.</summary>
public sealed record PartInfo
{
    /// <summary>The name, unique within the claim.</summary>
    public required string Name { get; init; }

    /// <summary>What a check of it is worth.</summary>
    public required Evidence Evidence { get; init; }

    /// <summary>Which sort of cases it has.</summary>
    public required CaseKind Cases { get; init; }

    /// <summary>How many cases it declares: the length of a list, or the number of trials to decide.</summary>
    public required int Declared { get; init; }
}

/// <summary>Cases that break one hypothesis only, on which the conclusion has to fail.</summary>
public sealed record ControlInfo
{
    /// <summary>The name, unique within the claim.</summary>
    public required string Name { get; init; }

    /// <summary>The id of the hypothesis that is broken.</summary>
    public required string Hypothesis { get; init; }

    /// <summary>Which sort of cases it has.</summary>
    public required CaseKind Cases { get; init; }

    /// <summary>How many cases it declares; a search looks at no more.</summary>
    public required int Declared { get; init; }
}
