using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime;

/// <summary>A neural ODE from a document, or everything that is wrong with it.</summary>
internal static class NeuralOdeReader
{
    /// <summary>What a document calls its architecture.</summary>
    internal const string Architecture = "neural-ode";

    private static readonly string[] Known = ["format", "numbers", "architecture", "lift", "field", "readout"];
    private static readonly string[] PieceFields = ["until", "coefficients"];

    internal static NeuralOde? Read(JsonElement root, DefectList defects)
    {
        var fields = Fields.Of(root, Place.Root, "an object, the neural ODE", Known, defects)!;
        _ = fields.Word("format", NetworkFormat.Name);
        _ = fields.Word("architecture", Architecture);
        switch (fields.Word("numbers", "float", "exact"))
        {
            case "float":
                return Read(fields, new FloatReader(), defects) is { } floats ? NeuralOde.OfCore(floats) : null;
            case "exact":
                return Read(fields, new ExactReader(), defects) is { } fractions ? NeuralOde.OfCore(fractions) : null;
            default:
                _ = fields.Required("field", "the pieces of the field");
                return null;
        }
    }

    private static NeuralOde<T>? Read<T>(Fields fields, NumberReader<T> numbers, DefectList defects)
        where T : IRing<T>
    {
        var maps = new MapReader<T>(numbers, defects);
        var lift = fields.Optional("lift") is { } first ? maps.Map(first, Place.Root.Field("lift")) : null;
        var pieces = Pieces(fields, maps, defects);
        var readout = fields.Optional("readout") is { } last ? maps.Map(last, Place.Root.Field("readout")) : null;

        // Without the shape of every map the shapes of the whole are not to be judged.
        if (pieces is null || pieces.Contains(null))
        {
            return null;
        }

        var ode = NeuralOdeModule.create(Built.Optional(lift), pieces!, Built.Optional(readout));
        if (!ode.IsOk)
        {
            // Of a single piece the core says nothing but "field".
            defects.Add(Place.Root, ode.ErrorValue.Select(defect =>
                pieces.Length == 1 && defect.Where.StartsWith("field", System.StringComparison.Ordinal)
                    ? new Defect("field, piece 0" + defect.Where["field".Length..], defect.Found, defect.Expected)
                    : defect));
        }

        return defects.Count == 0 ? ode.ResultValue : null;
    }

    private static FieldPiece<T>?[]? Pieces<T>(Fields fields, MapReader<T> maps, DefectList defects)
        where T : IRing<T>
    {
        const string expected = "an array of pieces, each with until and coefficients";
        if (fields.Required("field", expected) is not { } field)
        {
            return null;
        }

        var place = fields.Place.Field("field");
        if (field.ValueKind != JsonValueKind.Array)
        {
            defects.Add(place, field, expected);
            return null;
        }

        return [.. field.EnumerateArray().Select((piece, i) => Piece(piece, place.Item(i, $"piece {i}"), maps, defects))];
    }

    private static FieldPiece<T>? Piece<T>(JsonElement element, Place place, MapReader<T> maps, DefectList defects)
        where T : IRing<T>
    {
        if (Fields.Of(element, place, "a piece: an object with until and coefficients", PieceFields, defects) is not { } fields)
        {
            return null;
        }

        // Times are exact in either kind of numbers.
        var before = defects.Count;
        var until = fields.Required("until", "the time at which the piece ends") is { } time
            ? new ExactReader().Number(time, place.Field("until"), defects)
            : default;
        var isTimed = defects.Count == before;
        if (fields.Required("coefficients", "the maps of W0 and b0, of W1 and b1, and so on") is not { } coefficients)
        {
            return null;
        }

        var list = place.Field("coefficients", "coefficients");
        if (coefficients.ValueKind != JsonValueKind.Array)
        {
            defects.Add(list, coefficients, "an array of maps");
            return null;
        }

        List<LayerMap<T>?> read = [.. coefficients.EnumerateArray().Select((map, k) =>
            maps.Map(map, new($"{list.Path}[{k}]", $"{place.Where}, coefficient {k}")))];
        return isTimed && !read.Contains(null) ? new(until, [.. read.OfType<LayerMap<T>>()]) : null;
    }
}
