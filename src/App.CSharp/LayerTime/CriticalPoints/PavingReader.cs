using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using LayerTime.Core.Rigour;
using Microsoft.FSharp.Collections;

namespace LayerTime;

/// <summary>Reads pavings. A document whose checksum is not that of its content was damaged or changed by hand; no census goes on from it.</summary>
internal sealed class PavingReader
{
    private static readonly string[] Top = ["format", "network", "tolerance", "moveFaces", "searches", "checksum"];
    private static readonly string[] OfSearch = ["domain", "boxes", "found", "small", "open"];
    private static readonly string[] OfZero = ["home", "zero"];

    private readonly DefectList defects = new();
    private readonly FloatReader numbers = new();
    private int dimension;

    internal static CensusPaving Read(byte[] bytes, string source)
    {
        var syntax = Syntax.Check(bytes, out var document);
        if (document is null)
        {
            throw CensusPavingException.OfDefects(source, syntax);
        }

        using (document)
        {
            var reader = new PavingReader();
            var paving = reader.Paving(document.RootElement, out var checksum);
            if (reader.defects.Count > 0 || paving is null)
            {
                throw CensusPavingException.OfDefects(source, reader.defects.All);
            }

            return CensusPaving.Digest(PavingWriter.Body(paving)) == checksum
                ? paving
                : throw new CensusPavingException($"{source} is damaged: its checksum is not that of its content. No census goes on from it.");
        }
    }

    private CensusPaving? Paving(JsonElement root, out string? checksum)
    {
        checksum = null;
        if (Fields.Of(root, Place.Root, "an object, a saved census", Top, defects) is not { } fields)
        {
            return null;
        }

        fields.Word("format", PavingWriter.Format);
        var network = Text(fields, "network", "the digest of a network");
        checksum = Text(fields, "checksum", "the checksum");
        var tolerance = fields.Required("tolerance", "a positive number") is { } number ? numbers.Number(number, fields.Place.Field("tolerance"), defects).Value : 0;
        if (fields.Has("tolerance") && !(tolerance > 0))
        {
            defects.Add(fields.Place.Field("tolerance"), "a number that is not positive", "a positive number");
        }

        var moves = fields.Required("moveFaces", "true or false");
        if (moves is { ValueKind: not (JsonValueKind.True or JsonValueKind.False) } other)
        {
            defects.Add(fields.Place.Field("moveFaces"), other, "true or false");
        }

        List<Search> searches = [.. Items(fields, "searches").Select(item => Search(item.Element, item.Place)).OfType<Search>()];
        if (fields.Has("searches") && searches.Count == 0 && defects.Count == 0)
        {
            defects.Add(fields.Place.Field("searches"), "no search", "at least one");
        }

        return defects.Count > 0 ? null : new(network!, tolerance, moves?.ValueKind == JsonValueKind.True, searches);
    }

    private Search? Search(JsonElement element, Place place)
    {
        if (Fields.Of(element, place, "an object, the search of one domain", OfSearch, defects) is not { } fields)
        {
            return null;
        }

        dimension = 0;
        var domain = fields.Required("domain", "a box") is { } box ? BoxOf(box, place.Field("domain")) : null;
        dimension = domain?.Length ?? 0;
        return new(
            domain ?? [],
            ListModule.OfSeq(Items(fields, "open").Select(item => BoxOf(item.Element, item.Place))),
            ListModule.OfSeq(Items(fields, "found").Select(item => Zero(item.Element, item.Place))),
            ListModule.OfSeq(Items(fields, "small").Select(item => BoxOf(item.Element, item.Place))),
            Count(fields));
    }

    private IsolatedZero Zero(JsonElement element, Place place)
    {
        var fields = Fields.Of(element, place, "an object with home and zero", OfZero, defects);
        return new(Of("home"), Of("zero"));

        CoreInterval[] Of(string name) => fields?.Required(name, "a box") is { } box ? BoxOf(box, place.Field(name)) : [];
    }

    // Of any dimension as long as that of the domain is not known.
    private CoreInterval[] BoxOf(JsonElement element, Place place)
    {
        var sides = element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray().Select((side, i) => Side(side, place.Item(i)))] : System.Array.Empty<CoreInterval>();
        if (sides.Length == 0 || (dimension > 0 && sides.Length != dimension))
        {
            defects.Add(place, $"{sides.Length} intervals", dimension > 0 ? $"{dimension}, as the domain has" : "a box: an array of intervals, at least one");
        }

        return sides;
    }

    private CoreInterval Side(JsonElement element, Place place)
    {
        double[] ends = element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray().Select((end, i) => numbers.Number(end, place.Item(i), defects).Value)] : [];
        if (ends is [var lower, var upper] && lower <= upper)
        {
            return Core.Numbers.IntervalModule.ofBounds(lower, upper);
        }

        defects.Add(place, element, "an interval [lower, upper]");
        return default;
    }

    private long Count(Fields fields)
    {
        if (fields.Required("boxes", "a number of boxes") is not { } element)
        {
            return 0;
        }

        if (element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var count) && count >= 0)
        {
            return count;
        }

        defects.Add(fields.Place.Field("boxes"), element, "an integer that is not negative");
        return 0;
    }

    private string? Text(Fields fields, string name, string expected)
    {
        if (fields.Required(name, expected) is not { } element)
        {
            return null;
        }

        if (element.ValueKind == JsonValueKind.String && Described.Text(element) is { Length: 64 } text && text.All(char.IsAsciiHexDigitLower))
        {
            return text;
        }

        defects.Add(fields.Place.Field(name), element, $"{expected}, 64 hexadecimal digits");
        return null;
    }

    private List<(JsonElement Element, Place Place)> Items(Fields fields, string name)
    {
        if (fields.Required(name, "an array") is not { } element)
        {
            return [];
        }

        var place = fields.Place.Field(name);
        if (element.ValueKind == JsonValueKind.Array)
        {
            return [.. element.EnumerateArray().Select((item, i) => (item, place.Item(i)))];
        }

        defects.Add(place, element, "an array");
        return [];
    }
}
