using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace LayerTime.Host.Rendering;

/// <summary>An examination on one page for people.</summary>
internal static class ExaminationText
{
    private const int LabelWidth = 18;

    internal static void Write(Examination examination, string name, TextWriter writer, Paint paint)
    {
        writer.WriteLine(paint.Apply(Colour.Heading, name));
        foreach (var topic in examination.Findings.GroupBy(finding => finding.Topic))
        {
            writer.WriteLine();
            var label = topic.Key;
            foreach (var finding in topic)
            {
                Page.WriteField(writer, label, $"{finding.Text}{Mark(finding.Kind)}", labelWidth: LabelWidth);
                label = "";
            }
        }

        Claims(examination, writer);
        writer.WriteLine();
        var skipped = examination.Findings.Count(finding => finding.Kind == FindingKind.Skipped);
        var sum = $"{Page.Plural(examination.Findings.Count - skipped, "finding")}, {skipped} left out. "
            + "Bounds and words without a mark are exact or proved; [measured] is computed on floats.";
        foreach (var line in Page.Wrap(sum, Page.Width))
        {
            writer.WriteLine(line);
        }
    }

    // In full where something follows for this network; the rest by the hypothesis that fails.
    private static void Claims(Examination examination, TextWriter writer)
    {
        if (examination.Claims.Count == 0)
        {
            return;
        }

        writer.WriteLine();
        var counts = string.Join(", ", examination.Claims.GroupBy(claim => claim.Relevance).OrderBy(group => group.Key).Select(group => $"{group.Count()} {Word(group.Key)}"));
        Page.WriteField(writer, "claims", $"{examination.Claims.Count}: {counts}. Every claim with its reason: --json; in full: layertime claims ID.", labelWidth: LabelWidth);
        foreach (var claim in examination.Claims.Where(claim => claim.Relevance is ClaimRelevance.Holds))
        {
            Page.WriteField(writer, "  holds", $"{claim.Id}: {claim.Text}", labelWidth: LabelWidth);
        }

        foreach (var claim in examination.Claims.Where(claim => claim.Relevance is ClaimRelevance.Applies))
        {
            Page.WriteField(writer, "  applies", $"{claim.Id}: {claim.Text}", labelWidth: LabelWidth);
        }

        foreach (var reason in examination.Claims.Where(claim => claim.Relevance is ClaimRelevance.Undecided).GroupBy(claim => $"{claim.Hypothesis}: {claim.Text}"))
        {
            Page.WriteField(writer, "  undecided", $"{reason.Key} ({Ids(reason)})", labelWidth: LabelWidth);
        }

        foreach (var reason in examination.Claims.Where(claim => claim.Relevance is ClaimRelevance.DoesNotApply).GroupBy(claim => $"{claim.Hypothesis}: {claim.Text}"))
        {
            Page.WriteField(writer, "  does not apply", $"{reason.Key} ({Ids(reason)})", labelWidth: LabelWidth);
        }

        foreach (var reason in examination.Claims.Where(claim => claim.Relevance is ClaimRelevance.NotAboutNetworks).GroupBy(claim => claim.Text))
        {
            Page.WriteField(writer, "  not about it", $"{reason.Key} ({Page.Plural(reason.Count(), "claim")})", labelWidth: LabelWidth);
        }
    }

    // The first in full, the others counted.
    private static string Ids(IEnumerable<ClaimApplicability> claims)
    {
        var ids = claims.Select(claim => claim.Id).ToList();
        return ids.Count == 1 ? ids[0] : $"{ids[0]} and {ids.Count - 1} more";
    }

    private static string Word(ClaimRelevance relevance) => relevance switch
    {
        ClaimRelevance.Holds => "hold",
        ClaimRelevance.Applies => "apply",
        ClaimRelevance.DoesNotApply => "do not apply",
        ClaimRelevance.Undecided => "are undecided",
        _ => "are not about a given network",
    };

    private static string Mark(FindingKind kind) => kind == FindingKind.Measured ? " [measured]" : kind == FindingKind.Skipped ? " [left out]" : "";
}
