using System;
using System.IO;

namespace LayerTime;

/// <summary>The file format of networks, layertime/1: what it is called and how much of it is read.</summary>
public static class NetworkFormat
{
    /// <summary>What a document says of itself in its field "format".</summary>
    public const string Name = "layertime/1";

    /// <summary>The largest document that is read: 256 MiB.</summary>
    public const int MaximumBytes = 256 * 1024 * 1024;

    /// <summary>The deepest nesting of arrays and objects that is read; a network needs nine levels.</summary>
    public const int MaximumNesting = 32;

    /// <summary>The highest order of a difference: beyond it the binomial weights leave the range of floats.</summary>
    public const int MaximumOrder = 1000;

    /// <summary>The most states that a concatenation reads.</summary>
    public const int MaximumWindow = 1_000_000;

    /// <summary>The format that the extension of a file tells.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The format; JSON where the extension is none of the others.</returns>
    public static NetworkFileFormat Of(string path) => Path.GetExtension(Door.NotNull(path)).ToUpperInvariant() switch
    {
        ".ONNX" => NetworkFileFormat.Onnx,
        ".SAFETENSORS" => NetworkFileFormat.Safetensors,
        ".NNET" => NetworkFileFormat.Nnet,
        _ => NetworkFileFormat.Json,
    };

    private const string SchemaResource = "LayerTime.Files.layertime-1.schema.json";

    private static readonly Lazy<string> Schema = new(() =>
    {
        using var stream = typeof(NetworkFormat).Assembly.GetManifestResourceStream(SchemaResource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });

    /// <summary>The JSON Schema of the format.</summary>
    public static string JsonSchema => Schema.Value;
}
