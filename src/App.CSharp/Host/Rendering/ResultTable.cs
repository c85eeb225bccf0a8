using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace LayerTime.Host.Rendering;

/// <summary>One line for each claim of a run.</summary>
internal static class ResultTable
{
    internal static void Write(VerificationReport report, TextWriter writer, Paint paint)
    {
        var table = new TextTable(
            gapOfNumbers: 1,
            new("claim"),
            new("evidence"),
            new("verdict"),
            new("trials", ToTheRight: true),
            new("undec.", ToTheRight: true),
            new("needed", ToTheRight: true),
            new("tight", ToTheRight: true),
            new("secs", ToTheRight: true));
        var seconds = report.Timing.Claims.ToDictionary(timing => timing.Id, timing => Shown.Seconds(timing.Elapsed));
        foreach (var claim in report.Claims)
        {
            table.Add(
                new(claim.Id),
                new(Shown.Evidence(claim.Evidence)),
                Shown.Verdict(claim.Verdict),
                new(Shown.Count(claim.Trials)),
                new(claim.Undecided == 0 ? "" : Shown.Count(claim.Undecided)),
                Needed(claim),
                new(claim.Tightness is { } tightness ? Shown.Tightness(tightness.Max) : ""),
                new(seconds.GetValueOrDefault(claim.Id, "")));
        }

        table.Write(writer, paint);
    }

    // Blank for a claim without controls.
    private static Cell Needed(ClaimResult claim)
    {
        var needed = claim.Necessity.Count(control => control.Needed);
        return claim.Necessity.Count == 0 ? new("")
            : new($"{needed}/{claim.Necessity.Count}", needed == claim.Necessity.Count ? Colour.None : Colour.Bad);
    }
}
