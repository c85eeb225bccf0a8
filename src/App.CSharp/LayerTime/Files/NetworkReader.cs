using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Text.Json;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime;

/// <summary>A network or a neural ODE from the bytes of a document, or everything that is wrong with them.</summary>
internal static class NetworkReader
{
    private static readonly IReadOnlyDictionary<string, Architecture> Architectures = new Dictionary<string, Architecture>(StringComparer.Ordinal)
    {
        ["feed-forward"] = Architecture.FeedForward,
        ["residual"] = Architecture.Residual,
        ["smooth"] = Architecture.Smooth,
        ["additive-dense"] = Architecture.AdditiveDense,
        ["concatenation-dense"] = Architecture.ConcatenationDense,
        ["master"] = Architecture.Master,
    };

    private static readonly string[] AlwaysKnown = ["format", "numbers", "architecture", "lift", "layers", "readout"];

    internal static bool TryRead(byte[] bytes, [NotNullWhen(true)] out Network? network, out IReadOnlyList<NetworkDefect> defects) =>
        TryRead(bytes, new FloatReader(), out network, out defects);

    /// <summary>Reads a document whose floats are read in a way of their own.</summary>
    internal static bool TryRead(byte[] bytes, FloatReader floats, [NotNullWhen(true)] out Network? network, out IReadOnlyList<NetworkDefect> defects)
    {
        defects = Read(bytes, floats, out network, out var ode);
        if (ode is not null)
        {
            defects = [Other($"\"{NeuralOdeReader.Architecture}\"", "a network of layers; a neural ODE is run, and converted to layers by ode-to-ffn")];
        }

        return network is not null;
    }

    internal static bool TryReadOde(byte[] bytes, [NotNullWhen(true)] out NeuralOde? ode, out IReadOnlyList<NetworkDefect> defects)
    {
        defects = Read(bytes, out var network, out ode);
        if (network is not null)
        {
            defects = [Other($"\"{network.ArchitectureName}\"", $"\"{NeuralOdeReader.Architecture}\"")];
        }

        return ode is not null;
    }

    /// <summary>One of the two, or everything that is wrong.</summary>
    internal static IReadOnlyList<NetworkDefect> Read(byte[] bytes, out Network? network, out NeuralOde? ode) =>
        Read(bytes, new FloatReader(), out network, out ode);

    private static IReadOnlyList<NetworkDefect> Read(byte[] bytes, FloatReader floats, out Network? network, out NeuralOde? ode)
    {
        (network, ode) = (null, null);
        var defects = Syntax.Check(bytes, out var document);
        if (document is null)
        {
            return defects;
        }

        using (document)
        {
            var list = new DefectList();
            if (WordOf(document.RootElement, "architecture") == NeuralOdeReader.Architecture)
            {
                ode = IsOtherVersion(document.RootElement, list) ? null : NeuralOdeReader.Read(document.RootElement, list);
            }
            else
            {
                network = Read(document.RootElement, floats, list);
            }

            return list.All;
        }
    }

    private static NetworkDefect Other(string found, string expected) =>
        new() { Where = "architecture", JsonPath = "$.architecture", Found = found, Expected = expected };

    private static Network? Read(JsonElement root, FloatReader reader, DefectList defects)
    {
        if (IsOtherVersion(root, defects))
        {
            return null;
        }

        var kind = ArchitectureOf(root);
        var fields = Fields.Of(root, Place.Root, "an object, the network", Known(kind), defects);
        if (fields is null)
        {
            return null;
        }

        _ = fields.Word("format", NetworkFormat.Name);
        var numbers = fields.Word("numbers", reader.HasTensors ? ["float"] : ["float", "exact"]);
        _ = fields.Word("architecture", [.. Architectures.Keys, NeuralOdeReader.Architecture]);
        if (kind is null || numbers is null)
        {
            _ = kind is null && fields.Has("field") ? null : fields.Required("layers", "an array of layers");
            return null;
        }

        return numbers == "float"
            ? Read(fields, kind.Value, reader, defects) is { } floats ? Network.OfCore(floats) : null
            : Read(fields, kind.Value, new ExactReader(), defects) is { } fractions ? Network.OfCore(fractions) : null;
    }

    // What another version means nobody here knows, so nothing else is said about it.
    private static bool IsOtherVersion(JsonElement root, DefectList defects)
    {
        if (WordOf(root, "format") is { } text && text != NetworkFormat.Name)
        {
            defects.Add(Place.Root.Field("format"), $"\"{Described.Cut(text)}\", a format or version that this library does not read", $"\"{NetworkFormat.Name}\"");
        }

        return defects.Count > 0;
    }

    private static Architecture? ArchitectureOf(JsonElement root) =>
        WordOf(root, "architecture") is { } text && Architectures.TryGetValue(text, out var kind) ? kind : null;

    private static string? WordOf(JsonElement root, string name) =>
        root.ValueKind != JsonValueKind.Object ? null
        : root.EnumerateObject().Where(property => Described.Name(property) == name && property.Value.ValueKind == JsonValueKind.String)
            .Select(property => Described.Text(property.Value)).FirstOrDefault();

    private static string[] Known(Architecture? kind)
    {
        if (kind is null)
        {
            return [.. AlwaysKnown, "order", "step", "window", "field"];
        }

        var design = new Design(kind.Value);
        return [.. AlwaysKnown, .. design.HasOrder ? ["order"] : (string[])[], .. design.HasStep ? ["step"] : (string[])[], .. design.HasWindow ? ["window"] : (string[])[]];
    }

    private static Network<T>? Read<T>(Fields fields, Architecture kind, NumberReader<T> numbers, DefectList defects)
        where T : IRing<T>
    {
        var design = new Design(kind);
        design = design with
        {
            Order = design.HasOrder ? fields.Integer("order", kind == Architecture.Smooth ? 1 : 0, NetworkFormat.MaximumOrder) : 1,
            Window = design.HasWindow ? fields.Integer("window", 1, NetworkFormat.MaximumWindow) : 1,
        };
        var step = design.HasStep ? Step(fields, numbers, defects) : T.One;
        var maps = new MapReader<T>(numbers, defects);
        var lift = fields.Optional("lift") is { } first ? maps.Map(first, Place.Root.Field("lift")) : null;
        var layers = Layers(fields, design, maps, defects);
        var readout = fields.Optional("readout") is { } last ? maps.Map(last, Place.Root.Field("readout")) : null;

        // Without the shape of every map the shapes of the network are not to be judged.
        if (layers is null || layers.Any(layer => Array.IndexOf(layer, null) >= 0))
        {
            return null;
        }

        var network = NetworkModule.create(Built.Optional(lift), design.Assemble(step, layers!), Built.Optional(readout));
        if (!network.IsOk)
        {
            defects.Add(Place.Root, network.ErrorValue);
        }

        return defects.Count == 0 ? network.ResultValue : null;
    }

    private static T Step<T>(Fields fields, NumberReader<T> numbers, DefectList defects)
        where T : IRing<T>
    {
        if (fields.Required("step", "a positive number") is not { } element)
        {
            return T.One;
        }

        var (place, before) = (fields.Place.Field("step"), defects.Count);
        var step = numbers.Number(element, place, defects);
        if (defects.Count == before && !numbers.IsPositive(step))
        {
            defects.Add(place, element, "a positive number");
        }

        return step;
    }

    private static LayerMap<T>?[][]? Layers<T>(Fields fields, Design design, MapReader<T> maps, DefectList defects)
        where T : IRing<T>
    {
        if (fields.Required("layers", "an array of layers, at least one") is not { } layers)
        {
            return null;
        }

        if (layers.ValueKind != JsonValueKind.Array)
        {
            defects.Add(fields.Place.Field("layers"), layers, "an array of layers");
            return null;
        }

        var list = new Place("$.layers", "");
        return [.. layers.EnumerateArray().Select((layer, l) =>
            design.HasManyMaps ? maps.Maps(layer, list.Item(l, $"layer {l}")) : [maps.Map(layer, list.Item(l, $"layer {l}"))])];
    }
}
