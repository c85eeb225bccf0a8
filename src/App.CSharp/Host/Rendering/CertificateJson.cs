using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace LayerTime.Host.Rendering;

/// <summary>The verdict on a certificate as JSON.</summary>
internal static class CertificateJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    internal static string Of(CensusCertificate certificate, CertificateObjection? objection)
    {
        var fields = new Dictionary<string, object?>
        {
            ["confirmed"] = objection is null,
            ["domain"] = Sides(certificate.Domain),
            ["points"] = certificate.Points.Count,
            ["boxes"] = certificate.Boxes,
        };
        if (objection is not null)
        {
            fields["reason"] = objection.Reason;
            fields["box"] = Sides(objection.Box);
        }

        return JsonSerializer.Serialize(fields, Indented) + "\n";
    }

    private static double[][] Sides(Box box) => [.. box.Select(side => new[] { side.Lower, side.Upper })];
}
