using System.Collections.Generic;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LayerTime;

/// <summary>A census as one JSON document, one point and one region a line.</summary>
internal static class CensusWriter
{
    internal static string ToJson(CensusResult result)
    {
        var fields = new List<string>
        {
            $"\"version\": {Quoted(ReportReader.Version)}",
            $"\"network\": {Quoted(result.Paving.NetworkDigest)}",
            $"\"box\": {CensusText.Of(result.Paving.Box)}",
            $"\"domain\": {CensusText.Of(result.Domain)}",
            $"\"tolerance\": {CensusText.Number(result.Paving.Tolerance)}",
            $"\"complete\": {Truth(result.IsComplete)}",
        };
        if (result.Interrupted)
        {
            fields.Add("\"interrupted\": true");
        }

        fields.Add($"\"points\": {CensusText.Lines(result.Points.Select(Point), "  ")}");
        fields.Add($"\"undecided\": {CensusText.Lines(result.Undecided.Select(Region), "  ")}");
        fields.Add($"\"countByIndex\": {CensusText.List(Enumerable.Range(0, result.Domain.Dimension + 1).Select(index => $"{result.Count(index)}"))}");
        fields.Add($"\"signedCount\": {result.SignedCount}");
        fields.Add($"\"degree\": {(result.Degree is { } degree ? degree : "null")}");
        if (result.DegreeReason is { } reason)
        {
            fields.Add($"\"degreeReason\": {Quoted(reason)}");
        }

        fields.Add($"\"boxes\": {result.Boxes}");
        return $"{{\n  {string.Join(",\n  ", fields)}\n}}\n";
    }

    private static string Point(CriticalPoint point) =>
        $"{{ \"point\": {CensusText.Of(point.Point)}, \"value\": {CensusText.Of(point.Value)}, \"index\": {point.Index}, "
        + $"\"kind\": \"{CensusText.Word(point.Kind)}\", \"home\": {CensusText.Of(point.Home)} }}";

    private static string Region(UndecidedRegion region) =>
        $"{{ \"box\": {CensusText.Of(region.Box)}, \"reason\": \"{CensusText.Word(region.Reason)}\", "
        + $"\"degeneracySuspected\": {Truth(region.DegeneracySuspected)}, \"degree\": {(region.Degree is { } degree ? degree : "null")} }}";

    private static string Truth(bool value) => value ? "true" : "false";

    /// <summary>A text as JSON.</summary>
    internal static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
