using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace LayerTime;

/// <summary>A run of the catalogue as a page: every claim with its statement, evidence, sharpness, controls and tokens.</summary>
internal static class VerificationPage
{
    internal static string Page(VerificationReport report)
    {
        var page = new HtmlPage("LayerTime: claims and evidence");
        page.Paragraph($"{report}. Seed {report.Seed}, catalogue {report.Catalogue}, version {report.Version}.");
        page.Table(
            ["claim", "evidence", "verdict", "trials", "needed", "tightness"],
            report.Claims.Select(claim => (IReadOnlyList<string>)
            [
                HtmlPage.Link(claim.Id),
                HtmlPage.Escaped(CensusText.Word(claim.Evidence)),
                HtmlPage.Marked(CensusText.Word(claim.Verdict), CensusText.Word(claim.Verdict)),
                claim.Trials.ToString("N0", CultureInfo.InvariantCulture),
                claim.Necessity.Count == 0 ? "" : $"{claim.Necessity.Count(control => control.Needed)}/{claim.Necessity.Count}",
                claim.Tightness is { } tightness ? Digits.Near(tightness.Max) : "",
            ]));
        foreach (var claim in report.Claims)
        {
            Claim(page, claim);
        }

        if (report.Open.Count > 0)
        {
            page.Heading("open");
            page.Table([], report.Open.Select(open => (IReadOnlyList<string>)[HtmlPage.Code(open.Id), HtmlPage.Escaped(open.Reason)]));
        }

        return page.End();
    }

    private static void Claim(HtmlPage page, ClaimResult claim)
    {
        page.Heading(claim.Id, claim.Id);
        if (ClaimCatalogue.Find(claim.Id) is { } info)
        {
            page.Paragraph(info.Statement);
            page.Table([], info.Hypotheses.Select(hypothesis => (IReadOnlyList<string>)[HtmlPage.Escaped(hypothesis.Id), HtmlPage.Escaped(hypothesis.Statement)]));
        }

        page.Table(
            ["part", "evidence", "verdict", "decided", "undecided", "tightness"],
            claim.Parts.Select(part => (IReadOnlyList<string>)
            [
                HtmlPage.Escaped(part.Name),
                HtmlPage.Escaped(CensusText.Word(part.Evidence)),
                HtmlPage.Marked(CensusText.Word(part.Verdict), CensusText.Word(part.Verdict) + (part.Reason is { } reason ? $": {reason}" : "")),
                part.Decided.ToString("N0", CultureInfo.InvariantCulture),
                part.Undecided.ToString("N0", CultureInfo.InvariantCulture),
                part.Tightness is { } tightness ? $"{Digits.Near(tightness.Median)} … {Digits.Near(tightness.Max)}" : "",
            ]));
        if (claim.Tightness is { } sharp)
        {
            page.Figure(HistogramFigure.Draw(sharp.Histogram), "How sharp the bound is over all cases (1 is sharp), in halves of decades.");
        }

        if (claim.Counterexample is { } counterexample)
        {
            page.Subheading("refuted");
            Shown(page, counterexample);
        }

        foreach (var control in claim.Necessity)
        {
            page.Subheading($"without {control.Hypothesis}: {control.Control}");
            if (control.Counterexample is { } witness)
            {
                Shown(page, witness);
            }
            else
            {
                page.Paragraph(control.Found is { } found ? $"The chosen example does not refute: {found}." : $"No counterexample in {control.Tried ?? 0} cases.");
            }
        }
    }

    private static void Shown(HtmlPage page, Counterexample counterexample)
    {
        var witness = counterexample.Witness;
        page.Table(
            [],
            [
                ["quantity", HtmlPage.Escaped(witness.Quantity)],
                ["expected", HtmlPage.Escaped(witness.Expected)],
                ["found", HtmlPage.Escaped(witness.Found)],
                .. witness.Instance.Select(value => (IReadOnlyList<string>)[HtmlPage.Escaped(value.Name), HtmlPage.Code(value.Value)]),
                ["replay", HtmlPage.ToCopy($"layertime replay {counterexample.ReplayToken}")],
            ]);
    }
}
