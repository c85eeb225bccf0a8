using System.Collections.Generic;
using System.Linq;

namespace LayerTime;

/// <summary>An examination as one JSON document, one finding a line.</summary>
internal static class ExaminationWriter
{
    internal static string ToJson(Examination examination)
    {
        var fields = new List<string>
        {
            $"\"version\": {CensusWriter.Quoted(ReportReader.Version)}",
            $"\"network\": {CensusWriter.Quoted(CensusPaving.Digest(examination.Network.ToJson()))}",
            $"\"interrupted\": {(examination.Interrupted ? "true" : "false")}",
            $"\"findings\": {CensusText.Lines(examination.Findings.Select(Line), "  ")}",
        };
        fields.Add($"\"claims\": {CensusText.Lines(examination.Claims.Select(Line), "  ")}");
        if (examination.Census is { } census)
        {
            fields.Add($"\"census\": {census.ToJson().TrimEnd().ReplaceLineEndings("\n  ")}");
        }

        return $"{{\n  {string.Join(",\n  ", fields)}\n}}\n";
    }

    private static string Line(ClaimApplicability claim) =>
        $"{{ \"id\": {CensusWriter.Quoted(claim.Id)}, \"relevance\": \"{CensusText.Word(claim.Relevance)}\", \"hypothesis\": {CensusWriter.Quoted(claim.Hypothesis)}, \"text\": {CensusWriter.Quoted(claim.Text)} }}";

    private static string Line(Finding finding) =>
        $"{{ \"topic\": {CensusWriter.Quoted(finding.Topic)}, \"name\": {CensusWriter.Quoted(finding.Name)}, \"kind\": \"{CensusText.Word(finding.Kind)}\", "
        + $"\"text\": {CensusWriter.Quoted(finding.Text)}, \"numbers\": {{ {string.Join(", ", finding.Numbers.Select(number => $"{CensusWriter.Quoted(number.Name)}: {CensusText.Number(number.Value)}"))} }} }}";
}
