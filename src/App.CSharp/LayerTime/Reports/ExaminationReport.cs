using System.Collections.Generic;
using System.Linq;

namespace LayerTime;

/// <summary>An examination as a page with pictures.</summary>
internal static class ExaminationReport
{
    internal static string Page(Examination examination, string name)
    {
        var page = new HtmlPage(name);
        page.Paragraph($"{examination.Network}. {examination}. A bound or a word marked exact or certified is proved; measured is computed on floats; skipped was left out, with the reason.");
        foreach (var topic in examination.Findings.GroupBy(finding => finding.Topic))
        {
            page.Heading(topic.Key);
            page.Table([], topic.Select(finding => (IReadOnlyList<string>)[Kind(finding.Kind), HtmlPage.Escaped(finding.Text).Replace("\n", "<br>", System.StringComparison.Ordinal)]));
            Figures(page, examination, topic.Key);
        }

        Claims(page, examination);
        return page.End();
    }

    private static void Figures(HtmlPage page, Examination examination, string topic)
    {
        switch (topic)
        {
            case "critical points" when examination.Census is { Domain.Dimension: <= 2 } census:
                page.Figure(census.ToSvg(), "The scalar function in the box: critical points by their index, undecided regions hatched.");
                break;
            case "depth as time" when examination.Network.Depth > 1:
                page.Figure(
                    CourseFigure.Draw("sizes of the layers", "l", "‖W‖₂", Series(examination, "lipschitz", "layers")),
                    "Bounds of ‖W‖₂, layer by layer in the order of the network, lift and readout included.");
                break;
            case "momentum":
                page.Figure(
                    CourseFigure.Draw(
                        "momentum across depth",
                        "l",
                        "|λ|₂",
                        [.. examination.Findings.Where(finding => finding.Topic == "momentum").Select(finding => (finding.Name, (IReadOnlyList<double>)[.. finding.Numbers.Select(number => number.Value)]))]),
                    "How large the gradient is at each state, from the output (right) back to the input (left).");
                break;
            default:
                break;
        }
    }

    private static (string, IReadOnlyList<double>)[] Series(Examination examination, string topic, string name) =>
        [.. examination.Findings.Where(finding => finding.Topic == topic && finding.Name == name).Select(finding => (finding.Name, (IReadOnlyList<double>)[.. finding.Numbers.Select(number => number.Value)]))];

    private static void Claims(HtmlPage page, Examination examination)
    {
        page.Heading($"claims of the catalogue ({examination.Claims.Count})");
        foreach (var group in examination.Claims.GroupBy(claim => claim.Relevance).OrderBy(group => group.Key))
        {
            page.Subheading($"{Word(group.Key)} ({group.Count()})");
            page.Table(
                ["claim", "statement", "for this network"],
                group.Select(claim => (IReadOnlyList<string>)
                [
                    HtmlPage.Code(claim.Id),
                    HtmlPage.Escaped(ClaimCatalogue.Find(claim.Id)?.Statement ?? ""),
                    (claim.Hypothesis.Length > 0 ? $"<i>{HtmlPage.Escaped(claim.Hypothesis)}</i>: " : "") + HtmlPage.Marked(CensusText.Word(claim.Relevance), claim.Text),
                ]));
        }
    }

    private static string Kind(FindingKind kind) => $"<span class=\"kind {CensusText.Word(kind)}\">{CensusText.Word(kind)}</span>";

    private static string Word(ClaimRelevance relevance) => relevance switch
    {
        ClaimRelevance.Holds => "hold: hypotheses and conclusion checked on this network",
        ClaimRelevance.Applies => "apply: the hypotheses hold",
        ClaimRelevance.DoesNotApply => "do not apply: a hypothesis fails",
        ClaimRelevance.Undecided => "undecided: a hypothesis is open",
        _ => "not about a given network",
    };
}
