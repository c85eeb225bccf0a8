using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using LayerTime.Core.Algebra;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime;

/// <summary>
/// Layers and layer maps of a document. A map with defects is replaced by a zero map of its shape, where that can be told, so that
/// the shapes of its neighbours are checked all the same.
/// </summary>
internal sealed class MapReader<T>(NumberReader<T> numbers, DefectList defects)
    where T : IRing<T>
{
    private static readonly string[] LayerFields = ["weights", "bias", "activation"];
    private static readonly string[] ActivationFields = ["name", "slope"];

    private const string LeakyRelu = "leaky-relu";
    private const string ActivationExpected =
        "one of identity, relu, square, cubic, tanh, logistic, softplus, sin, { \"name\": \"leaky-relu\", \"slope\": … }, or an array of them";

    /// <summary>The maps of one layer of a sum.</summary>
    internal LayerMap<T>?[] Maps(JsonElement element, Place place)
    {
        var fields = Fields.Of(element, place, "an object with the field maps", ["maps"], defects);
        if (fields?.Required("maps", "the maps of the layer, the one that reads the newest state first") is not { } maps)
        {
            return [null];
        }

        var items = Items(maps, place.Field("maps"), "an array of maps");
        if (items is { Count: 0 })
        {
            defects.Add(place.Field("maps"), "no map", "at least one");
        }

        var list = place with { Path = place.Path + ".maps" };
        return items is null or { Count: 0 } ? [null] : [.. items.Select((map, n) => Map(map, list.Item(n, $"map {n + 1}")))];
    }

    /// <summary>A map: one layer, or several under "inner". Null where not even its shape can be told.</summary>
    internal LayerMap<T>? Map(JsonElement element, Place place)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.EnumerateObject().Any(property => Described.Name(property) == "inner"))
        {
            return Layer(element, place) is { } single ? LayerMapModule.ofLayer(single) : null;
        }

        var fields = Fields.Of(element, place, "a map", ["inner"], defects);
        var items = fields?.Optional("inner") is { } inner ? Items(inner, place.Field("inner"), "an array of layers, first to last") : null;
        var list = place with { Path = place.Path + ".inner" };
        Layer<T>?[] layers = [.. items?.Select((layer, i) => Layer(layer, list.Item(i, $"inner layer {i}"))) ?? []];
        if (items is null || layers.Contains(null))
        {
            return layers is [{ } first, .., { } last] ? Zero(last.OutputWidth, first.InputWidth) : null;
        }

        var map = LayerMapModule.create(layers!);
        if (map.IsOk)
        {
            return map.ResultValue;
        }

        defects.Add(place, map.ErrorValue);
        return layers.Length == 0 ? null : Zero(layers[^1]!.OutputWidth, layers[0]!.InputWidth);
    }

    private Layer<T>? Layer(JsonElement element, Place place)
    {
        var fields = Fields.Of(element, place, "a layer: an object with weights, bias and activation", LayerFields, defects);
        if (fields is null)
        {
            return null;
        }

        var weights = fields.Required("weights", "the rows of W") is { } rows ? Weights(rows, place.Field("weights")) : null;
        var bias = numbers.HasTensors && !fields.Has("bias") ? null
            : fields.Required("bias", "b, one number for each row of the weights") is { } items ? Vector(items, place.Field("bias")) : null;
        var activation = fields.Required("activation", ActivationExpected) is { } functions
            ? Activations(functions, place.Field("activation"), weights?.Rows)
            : null;
        if (weights is null)
        {
            return null;
        }

        var placeholders = Core.Algebra.Vector.zero<T>(weights.Rows);
        var layer = LayerModule.create(weights, bias ?? placeholders, activation ?? [Activation<T>.Identity]);
        if (layer.IsOk)
        {
            return layer.ResultValue;
        }

        defects.Add(place, layer.ErrorValue);
        return weights.Rows == 0 || weights.Columns == 0 ? null : LayerModule.create(weights, placeholders, [Activation<T>.Identity]).ResultValue;
    }

    private static LayerMap<T> Zero(int rows, int columns) => LayerMapModule.linear(MatrixModule.zero<T>(rows, columns));

    private Matrix<T>? Weights(JsonElement element, Place place)
    {
        if (numbers.HasTensors && element.ValueKind == JsonValueKind.String)
        {
            return numbers.Matrix(element, place, defects);
        }

        if (Items(element, place, "an array of rows") is not { } rows)
        {
            return null;
        }

        T[]?[] numbersOfRows = [.. rows.Select((row, i) => Vector(row, place.Item(i, $"row {i}")))];
        if (numbersOfRows.FirstOrDefault(row => row is not null) is not { } first)
        {
            return rows.Count == 0 ? MatrixModule.tryOfEntries<T>(0, 0, [])!.Value : null;
        }

        var reference = System.Array.IndexOf(numbersOfRows, first);
        for (var i = reference + 1; i < numbersOfRows.Length; i++)
        {
            if (numbersOfRows[i] is { } row && row.Length != first.Length)
            {
                defects.Add(place.Item(i, $"row {i}"), $"{row.Length} numbers", $"{first.Length}, as in row {reference}");
            }
        }

        // Rows that are too short or too long were reported; their shape is read as that of the first.
        return MatrixModule.init(rows.Count, first.Length, Microsoft.FSharp.Core.FuncConvert.FromFunc<int, int, T>(
            (i, j) => numbersOfRows[i] is { } row && j < row.Length ? row[j] : T.Zero));
    }

    private T[]? Vector(JsonElement element, Place place) =>
        numbers.HasTensors && element.ValueKind == JsonValueKind.String ? numbers.Vector(element, place, defects)
        : Items(element, place, "an array of numbers") is { } items ? [.. items.Select((item, i) => numbers.Number(item, place.Item(i), defects))] : null;

    private Activation<T>[]? Activations(JsonElement element, Place place, int? rows)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            return Activation(element, place) is { } function ? [function] : null;
        }

        Activation<T>?[] functions = [.. element.EnumerateArray().Select((item, i) => Activation(item, place.Item(i, $"coordinate {i}")))];
        if (rows is { } count && functions.Length != count)
        {
            defects.Add(place, $"{functions.Length} activations", $"{count}, one for each row of the weights");
            return null;
        }

        return functions.Contains(null) ? null : [.. functions.OfType<Activation<T>>()];
    }

    private Activation<T>? Activation(JsonElement element, Place place)
    {
        var name = element.ValueKind == JsonValueKind.String ? Described.Text(element) : null;
        if (name == LeakyRelu)
        {
            defects.Add(place, "\"leaky-relu\" without a slope", "{ \"name\": \"leaky-relu\", \"slope\": … }");
            return null;
        }

        if (name is not null && LayerTime.Activation.ByName.ContainsKey(name))
        {
            return numbers.Activation(name, place, defects);
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            defects.Add(place, element, ActivationExpected);
            return null;
        }

        var fields = Fields.Of(element, place, ActivationExpected, ActivationFields, defects)!;
        var known = fields.Word("name", LeakyRelu);
        var slope = fields.Required("slope", "the slope on the negative side") is { } value
            ? numbers.Number(value, place.Field("slope"), defects)
            : T.Zero;
        return known is null ? null : Activation<T>.NewLeakyRelu(slope);
    }

    private List<JsonElement>? Items(JsonElement element, Place place, string expected)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            return [.. element.EnumerateArray()];
        }

        defects.Add(place, element, expected);
        return null;
    }
}
