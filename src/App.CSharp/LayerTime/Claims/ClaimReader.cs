using System;
using System.Linq;
using LayerTime.Core.Claims;
using CoreClaim = LayerTime.Core.Claims.Claim;
using CoreEvidence = LayerTime.Core.Claims.Evidence;
using CoreReading = LayerTime.Core.Claims.Reading;

namespace LayerTime;

/// <summary>From the claims of the core to those of the door.</summary>
internal static class ClaimReader
{
    internal static ClaimInfo Info(CoreClaim claim) => new()
    {
        Id = claim.Id,
        Statement = claim.Statement,
        Paper = claim.Source.Paper,
        PaperStatement = claim.Source.Statement,
        Reading = Reading(claim.Source.Reading),
        Evidence = ClaimModule.evidence(claim) is { } evidence ? Evidence(evidence.Value) : null,
        Hypotheses = [.. claim.Hypotheses.Select(hypothesis => new HypothesisInfo { Id = hypothesis.Id, Statement = hypothesis.Statement })],
        Parts = [.. claim.Parts.Select(Part)],
        Controls = [.. claim.Controls.Select(Control)],
        OpenReason = claim.Status is ClaimStatus.Open open ? open.reason : null,
    };

    internal static Evidence Evidence(CoreEvidence evidence) =>
        evidence.IsExact ? LayerTime.Evidence.Exact
        : evidence.IsCertified ? LayerTime.Evidence.Certified
        : evidence.IsBounded ? LayerTime.Evidence.Bounded
        : LayerTime.Evidence.Asymptotic;

    private static Reading Reading(CoreReading reading) =>
        reading.IsRead ? LayerTime.Reading.Read : reading.IsReconstructed ? LayerTime.Reading.Reconstructed : LayerTime.Reading.Own;

    internal static CoreReading Reading(Reading reading) => reading switch
    {
        LayerTime.Reading.Read => CoreReading.Read,
        LayerTime.Reading.Reconstructed => CoreReading.Reconstructed,
        LayerTime.Reading.Own => CoreReading.Own,
        _ => throw new ArgumentOutOfRangeException(nameof(reading), reading, "A reading status is expected."),
    };

    private static CaseKind Kind(InstanceKind kind) =>
        kind.IsFixed ? CaseKind.Fixed : kind.IsExhaustive ? CaseKind.Exhaustive : kind.IsLadder ? CaseKind.Ladder : CaseKind.Random;

    private static PartInfo Part(Part part) => new()
    {
        Name = part.Name,
        Evidence = Evidence(part.Evidence),
        Cases = Kind(part.Experiment.Kind),
        Declared = part.Experiment.Declared,
    };

    private static ControlInfo Control(Control control) => new()
    {
        Name = control.Name,
        Hypothesis = control.Hypothesis,
        Cases = Kind(control.Experiment.Kind),
        Declared = control.Experiment.Declared,
    };
}
