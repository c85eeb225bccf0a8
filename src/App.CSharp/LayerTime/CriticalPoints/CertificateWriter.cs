using System.Linq;
using LayerTime.Core.Rigour;

namespace LayerTime;

/// <summary>A certificate as one JSON document.</summary>
internal static class CertificateWriter
{
    internal const string Format = "layertime-certificate/1";

    internal static string ToJson(CensusCertificate certificate) =>
        $"{{\n  \"format\": \"{Format}\",\n  \"domain\": {Of(certificate.Certificate.Domain)},\n"
        + $"  \"points\": {CensusText.Lines(certificate.Certificate.Points.Select(Of), "  ")},\n"
        + $"  \"cover\": \"{CoverModule.toText(certificate.Certificate.Cover)}\",\n"
        + $"  \"network\": {certificate.Network.ToJson().TrimEnd()}\n}}\n";

    private static string Of(Core.Rigour.CriticalPoint point) =>
        $"{{ \"index\": {point.Index}, \"point\": {Of(point.Point)}, \"home\": {Of(point.Home)}, \"value\": {Of(point.Value)} }}";

    private static string Of(CoreInterval[] box) => CensusText.List(box.Select(Of));

    private static string Of(CoreInterval side) => $"[\"{HexFloat.Write(side.Lower)}\", \"{HexFloat.Write(side.Upper)}\"]";
}
