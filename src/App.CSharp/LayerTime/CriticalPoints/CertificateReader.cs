using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using LayerTime.Core.Rigour;

namespace LayerTime;

/// <summary>Reads certificates. What they state is not checked here, only that it is stated.</summary>
internal sealed class CertificateReader
{
    private static readonly string[] Top = ["format", "domain", "points", "cover", "network"];
    private static readonly string[] OfPoint = ["index", "point", "home", "value"];

    private readonly DefectList defects = new();

    internal static CensusCertificate Read(byte[] bytes, string source)
    {
        var syntax = Syntax.Check(bytes, out var document);
        if (document is null)
        {
            throw CensusCertificateException.OfDefects(source, syntax);
        }

        using (document)
        {
            var reader = new CertificateReader();
            var certificate = reader.Certificate(document.RootElement);
            return certificate is not null && reader.defects.Count == 0 ? certificate : throw CensusCertificateException.OfDefects(source, reader.defects.All);
        }
    }

    private CensusCertificate? Certificate(JsonElement root)
    {
        if (Fields.Of(root, Place.Root, "an object, a certificate", Top, defects) is not { } fields)
        {
            return null;
        }

        fields.Word("format", CertificateWriter.Format);
        var domain = fields.Required("domain", "a box") is { } box ? BoxOf(box, fields.Place.Field("domain")) : [];
        var points = fields.Required("points", "an array of points") is { } list ? Points(list, fields.Place.Field("points")) : [];
        var cover = fields.Required("cover", "the boxes of the rest, as a string") is { } text ? CoverOf(text, fields.Place.Field("cover")) : null;
        var network = fields.Required("network", "a network or a neural ODE") is { } inner ? NetworkOf(inner, fields.Place.Field("network")) : null;
        return network is null || cover is null || defects.Count > 0 ? null : new(network, new(domain, points, cover));
    }

    private Core.Rigour.CriticalPoint[] Points(JsonElement element, Place place)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            return [.. element.EnumerateArray().Select((item, i) => Point(item, place.Item(i)))];
        }

        defects.Add(place, element, "an array of points");
        return [];
    }

    private Core.Rigour.CriticalPoint Point(JsonElement element, Place place)
    {
        var fields = Fields.Of(element, place, "an object with index, point, home and value", OfPoint, defects);
        var index = -1;
        if (fields?.Required("index", "an integer") is { } number && !(number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out index) && index >= 0))
        {
            defects.Add(place.Field("index"), number, "an integer that is not negative");
        }

        var value = fields?.Required("value", "an interval") is { } interval ? Side(interval, place.Field("value")) : default;
        return new(Of("home"), Of("point"), value, index);

        CoreInterval[] Of(string name) => fields?.Required(name, "a box") is { } box ? BoxOf(box, place.Field(name)) : [];
    }

    private CoreInterval[] BoxOf(JsonElement element, Place place)
    {
        if (element.ValueKind == JsonValueKind.Array && element.GetArrayLength() > 0)
        {
            return [.. element.EnumerateArray().Select((side, i) => Side(side, place.Item(i)))];
        }

        defects.Add(place, element, "a box: an array of intervals, at least one");
        return [];
    }

    private CoreInterval Side(JsonElement element, Place place)
    {
        var ends = new List<double>();
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var end in element.EnumerateArray())
            {
                if (end.ValueKind == JsonValueKind.String && HexFloat.TryRead(end.GetString()!, out var number))
                {
                    ends.Add(number);
                }
            }
        }

        if (ends is [var lower, var upper] && element.GetArrayLength() == 2 && double.IsFinite(lower) && double.IsFinite(upper) && lower <= upper)
        {
            return Core.Numbers.IntervalModule.ofBounds(lower, upper);
        }

        defects.Add(place, element, "an interval of two hexadecimal floats, as [\"-0x1.8p+1\", \"0x1p+0\"]");
        return default;
    }

    private Cover? CoverOf(JsonElement element, Place place)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            defects.Add(place, element, "a string");
            return null;
        }

        var cover = CoverModule.parse(element.GetString()!);
        if (cover.IsOk)
        {
            return cover.ResultValue;
        }

        defects.Add(place, cover.ErrorValue, "a cover that ends with its last box");
        return null;
    }

    private NetworkDocument? NetworkOf(JsonElement element, Place place)
    {
        try
        {
            return NetworkDocument.Parse(element.GetRawText());
        }
        catch (NetworkFormatException wrong)
        {
            defects.Add(place, wrong.Message, "a network or a neural ODE");
            return null;
        }
    }
}
