using System.IO;
using System.Linq;

namespace LayerTime.Host.Rendering;

/// <summary>The end of a run in a few lines.</summary>
internal static class Summary
{
    internal static void Write(VerificationReport report, TextWriter writer, Paint paint)
    {
        writer.WriteLine();
        foreach (var open in report.Open)
        {
            writer.WriteLine($"{paint.Apply(Colour.Open, "open")}: {open.Id}");
            Page.WriteField(writer, "reason", open.Reason, indent: 2);
        }

        if (report.Open.Count > 0)
        {
            writer.WriteLine();
        }

        var colour = report.ExitCode switch { 0 => Colour.Good, 1 => Colour.Bad, _ => Colour.Open };
        Page.WriteField(writer, "claims", Verdicts(report));
        Page.WriteField(writer, "trials", $"{Shown.Count(report.Trials)} decided, {Shown.Count(report.Claims.Sum(claim => (long)claim.Undecided))} undecided");
        Page.WriteField(writer, "controls", Controls(report));
        if (report.Loosest is { } loosest)
        {
            Page.WriteField(writer, "loosest", $"{loosest.Id}, tightness {Shown.Tightness(loosest.Tightness)}");
        }

        if (report.Timing.Slowest is { } slowest)
        {
            Page.WriteField(writer, "slowest", $"{slowest.Id}, {Shown.Seconds(slowest.Elapsed)} s");
        }

        Page.WriteField(
            writer, "run", $"{Shown.Seconds(report.Timing.Elapsed)} s on {Page.Plural(report.Timing.MaxDegreeOfParallelism, "core")}, seed {report.Seed}, catalogue {report.Catalogue}");
        writer.WriteLine(paint.Apply(colour, Conclusion(report)));
    }

    private static string Verdicts(VerificationReport report) =>
        $"{report.Claims.Count}: {report.Count(Verdict.Holds)} hold, {report.Count(Verdict.Refuted)} refuted, {report.Count(Verdict.Undecided)} undecided; {report.Open.Count} open";

    private static string Controls(VerificationReport report)
    {
        var all = report.Claims.SelectMany(claim => claim.Necessity).ToList();
        return $"{all.Count(control => control.Needed)} of {all.Count} found their counterexample";
    }

    private static string Conclusion(VerificationReport report) => (ExitCode)report.ExitCode switch
    {
        ExitCode.Success when report.Claims.Count == 0 => "Nothing to run: every claim is open.",
        ExitCode.Success => "Everything holds.",
        ExitCode.Refuted => "Something is refuted.",
        ExitCode.Undecided => "Something is undecided or not shown necessary.",
        _ => "Interrupted: the result is partial.",
    };
}
