using System.Linq;
using LayerTime.Core.Rigour;

namespace LayerTime;

/// <summary>A paving as one JSON document, with a checksum of all that stands before it.</summary>
internal static class PavingWriter
{
    internal const string Format = "layertime-census/1";

    internal static string ToJson(CensusPaving paving)
    {
        var body = Body(paving);
        return $"{body},\n  \"checksum\": \"{CensusPaving.Digest(body)}\"\n}}\n";
    }

    /// <summary>The document up to its checksum.</summary>
    internal static string Body(CensusPaving paving) =>
        $"{{\n  \"format\": \"{Format}\",\n  \"network\": \"{paving.NetworkDigest}\",\n  \"tolerance\": {CensusText.Number(paving.Tolerance)},\n"
        + $"  \"moveFaces\": {(paving.MoveFaces ? "true" : "false")},\n  \"searches\": [{string.Join(", ", paving.Searches.Select(Of))}]";

    private static string Of(Search search) =>
        $"{{\n    \"domain\": {CensusText.Of(search.Domain)},\n    \"boxes\": {search.Boxes},\n"
        + $"    \"found\": {CensusText.Lines(search.Found.Select(CensusText.Of), "    ")},\n"
        + $"    \"small\": {CensusText.Lines(search.Small.Select(CensusText.Of), "    ")},\n"
        + $"    \"open\": {CensusText.Lines(search.Open.Select(CensusText.Of), "    ")}\n  }}";
}
