using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace LayerTime.Host.Rendering;

/// <summary>Claims as text.</summary>
internal static class ClaimText
{
    /// <summary>One claim in full.</summary>
    internal static void Write(ClaimInfo claim, TextWriter writer, Paint paint)
    {
        writer.WriteLine(paint.Apply(Colour.Heading, claim.Id));
        Field("statement", claim.Statement);
        Field("source", Source(claim));
        Field("reading", Shown.Reading(claim.Reading));
        Field("evidence", claim.Evidence is { } evidence ? Shown.Evidence(evidence) : "none yet");
        Field("assumes", Lines(claim.Hypotheses.Select(hypothesis => $"{hypothesis.Id}: {hypothesis.Statement}")));
        if (claim.OpenReason is { } reason)
        {
            Field("open", reason);
            return;
        }

        Field("checks", Lines(claim.Parts.Select(part => $"{part.Name}: {Shown.Evidence(part.Evidence)}, {Shown.Cases(part.Cases, part.Declared)}")));
        Field("breaks", Lines(claim.Controls.Select(control => $"{control.Name}: without {control.Hypothesis}, {Shown.Cases(control.Cases, control.Declared)}")));

        void Field(string label, string text) => Page.WriteField(writer, label, text, indent: 2);
    }

    /// <summary>One line for each claim.</summary>
    internal static void WriteList(IReadOnlyList<ClaimInfo> claims, TextWriter writer, Paint paint)
    {
        var table = new TextTable(gapOfNumbers: 2, new("claim"), new("evidence"), new("parts", ToTheRight: true), new("controls", ToTheRight: true), new("reading"));
        foreach (var claim in claims)
        {
            table.Add(
                new(claim.Id),
                claim.Evidence is { } evidence && !claim.IsOpen ? new(Shown.Evidence(evidence)) : new("open", Colour.Open),
                new(claim.IsOpen ? "" : Shown.Count(claim.Parts.Count)),
                new(claim.IsOpen ? "" : Shown.Count(claim.Controls.Count)),
                new(Shown.Reading(claim.Reading)));
        }

        table.Write(writer, paint);
        writer.WriteLine();
        writer.WriteLine($"{Page.Plural(claims.Count, "claim")}, {claims.Count(claim => claim.IsOpen)} of them open; 'layertime claims ID' shows one in full.");
    }

    private static string Source(ClaimInfo claim) => (claim.Paper, claim.PaperStatement) switch
    {
        ("", "") => "none",
        (var paper, "") => paper,
        ("", var statement) => statement,
        var (paper, statement) => $"{paper}: {statement}",
    };

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines.DefaultIfEmpty("nothing"));
}
