using System.Linq;
using System.Reflection;
using LayerTime.Core.Claims;
using CoreCounterexample = LayerTime.Core.Claims.Counterexample;
using CoreTightness = LayerTime.Core.Claims.Tightness;
using CoreVerdict = LayerTime.Core.Claims.Verdict;

namespace LayerTime;

/// <summary>From the report of the core to that of the door.</summary>
internal static class ReportReader
{
    private const int InterruptedExitCode = 130;

    internal static readonly string Version =
        typeof(ReportReader).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    internal static VerificationReport Report(Report report, bool interrupted, VerificationTiming timing) => new()
    {
        Version = Version,
        Catalogue = report.Catalogue,
        Seed = report.Seed,
        Claims = [.. report.Claims.Select(Claim)],
        Open = [.. report.Open.Select(open => new OpenClaim { Id = open.Id, Reason = open.Reason })],
        Interrupted = interrupted,
        Timing = timing,
        Loosest = ReportModule.loosest(report) is { } loosest ? new() { Id = loosest.Value.Item1, Tightness = loosest.Value.Item2 } : null,
        ExitCode = interrupted ? InterruptedExitCode : ReportModule.exitCode(report),
    };

    private static ClaimResult Claim(ClaimReport claim) => new()
    {
        Id = claim.Id,
        Paper = claim.Paper,
        Evidence = ClaimReader.Evidence(claim.Evidence),
        Verdict = Verdict(claim.Verdict),
        Reason = Reason(claim.Verdict),
        Trials = claim.Trials,
        Undecided = claim.Undecided,
        Tightness = Tightness(claim.Tightness?.Value),
        Parts = [.. claim.Parts.Select(Part)],
        Necessity = [.. claim.Necessity.Select(Control)],
        Counterexample = claim.Counterexample is { } counterexample ? Counterexample(counterexample.Value) : null,
    };

    private static PartResult Part(PartReport part) => new()
    {
        Name = part.Name,
        Evidence = ClaimReader.Evidence(part.Evidence),
        Verdict = Verdict(part.Verdict),
        Reason = Reason(part.Verdict),
        Asked = part.Asked,
        Decided = part.Decided,
        Refuted = part.Refuted,
        Undecided = part.Undecided,
        Reasons = [.. part.Reasons.Select(reason => new ReasonCount { Reason = reason.Item1, Count = reason.Item2 })],
        Tightness = Tightness(part.Tightness?.Value),
    };

    private static NecessityResult Control(ControlReport control) => control.Necessity switch
    {
        Necessity.Needed needed => new()
        {
            Control = control.Name,
            Hypothesis = control.Hypothesis,
            Verdict = NecessityVerdict.Needed,
            TrialsToRefute = needed.trialsToRefute,
            Counterexample = Counterexample(needed.counterexample),
        },
        Necessity.FixedDidNotRefute idle => new()
        {
            Control = control.Name,
            Hypothesis = control.Hypothesis,
            Verdict = NecessityVerdict.FixedDidNotRefute,
            Tried = idle.index + 1,
            Instance = NamedValue.OfCore(idle.instance),
            Found = idle.found,
        },
        Necessity.NotShownNecessary search => new()
        {
            Control = control.Name,
            Hypothesis = control.Hypothesis,
            Verdict = NecessityVerdict.NotShownNecessary,
            Tried = search.draws,
        },
        Necessity.Interrupted interrupted => new()
        {
            Control = control.Name,
            Hypothesis = control.Hypothesis,
            Verdict = NecessityVerdict.Interrupted,
            Tried = interrupted.tried,
        },
        _ => throw new System.InvalidOperationException("An answer to a control that the façade does not know."),
    };

    private static Counterexample Counterexample(CoreCounterexample counterexample) => new()
    {
        Part = counterexample.Part,
        Witness = Witness.OfCore(counterexample.Witness),
        Steps = counterexample.Steps?.Value,
        ReplayToken = ReplayTokenModule.print(counterexample.Replay),
    };

    private static Tightness? Tightness(CoreTightness? tightness) =>
        tightness is null ? null : new() { Median = tightness.Median, Max = tightness.Max, Histogram = tightness.Histogram };

    private static Verdict Verdict(CoreVerdict verdict) =>
        verdict.IsHolds ? LayerTime.Verdict.Holds : verdict.IsRefuted ? LayerTime.Verdict.Refuted : LayerTime.Verdict.Undecided;

    private static string? Reason(CoreVerdict verdict) => verdict is CoreVerdict.Undecided undecided ? undecided.reason : null;
}
