using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Text;

namespace LayerTime;

public sealed partial class Network
{
    /// <summary>Reads a network from a file: .onnx, .safetensors and .nnet by their extension, any other in the format layertime/1.</summary>
    /// <remarks>
    /// The layout of a safetensors file, a document in the format layertime/1 that names tensors where others hold numbers, is the file
    /// beside it that ends in .layout.json, or else the text under "layertime" in its metadata.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <returns>The network; weights of 16 or 32 bits are widened without rounding.</returns>
    /// <exception cref="NetworkFormatException">The file is not such a network; what is wrong is listed.</exception>
    /// <exception cref="NetworkFileException">The file cannot be read.</exception>
    public static Network Load(string path) =>
        TryLoadOrThrow(Door.NotNull(path), out var network, out var defects) ? network : throw new NetworkFormatException(path, NetworkFormat.Of(path).Name(), defects);

    /// <summary>Reads what <see cref="Load"/> reads, without an exception.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">The network, or null.</param>
    /// <param name="defects">What is wrong with the file; empty if nothing is.</param>
    /// <returns>Whether the file is a network.</returns>
    public static bool TryLoad(string path, [NotNullWhen(true)] out Network? network, out IReadOnlyList<NetworkDefect> defects)
    {
        try
        {
            return TryLoadOrThrow(Door.NotNull(path), out network, out defects);
        }
        catch (NetworkFileException exception)
        {
            network = null;
            defects = [new() { Where = path, Found = exception.Message, Expected = "a file that can be read" }];
            return false;
        }
    }

    /// <summary>Reads a network from a stream.</summary>
    /// <param name="stream">The bytes, from the stream's position to its end.</param>
    /// <param name="format">What they are.</param>
    /// <param name="network">The network, or null.</param>
    /// <param name="defects">What is wrong with the bytes; empty if nothing is.</param>
    /// <param name="layout">How the tensors of a safetensors file form the network; null for the layout in its metadata.</param>
    /// <returns>Whether the bytes are a network.</returns>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static bool TryRead(
        Stream stream, NetworkFileFormat format, [NotNullWhen(true)] out Network? network, out IReadOnlyList<NetworkDefect> defects, string? layout = null) =>
        NetworkStream.TryRead(Door.NotNull(stream), format, layout, out network, out defects);

    /// <summary>Reads a network from a text in the format layertime/1.</summary>
    /// <param name="json">The document.</param>
    /// <returns>The network.</returns>
    /// <exception cref="NetworkFormatException">The text is not such a network; every defect is listed.</exception>
    public static Network Parse(string json) =>
        TryParse(json, out var network, out var defects) ? network : throw new NetworkFormatException("The text", defects);

    /// <summary>Reads what <see cref="Parse"/> reads, without an exception.</summary>
    /// <param name="json">The document.</param>
    /// <param name="network">The network, or null.</param>
    /// <param name="defects">What is wrong with the text; empty if nothing is.</param>
    /// <returns>Whether the text is a network.</returns>
    public static bool TryParse(string json, [NotNullWhen(true)] out Network? network, out IReadOnlyList<NetworkDefect> defects) =>
        NetworkReader.TryRead(Encoding.UTF8.GetBytes(Door.NotNull(json)), out network, out defects);

    /// <summary>The network in the format layertime/1: reading it back gives the same network, writing that the same text.</summary>
    /// <returns>The document, with a line feed at its end.</returns>
    /// <exception cref="NetworkFormatException">An exact weight has more digits than are read back.</exception>
    public string ToJson() => NetworkWriter.Write(this);

    /// <summary>
    /// Writes the network to a file, whole or not at all: .onnx, .safetensors and .nnet by their extension, any other in the format
    /// layertime/1. Only the last one holds fractions; in the others they are rounded to the nearest floats.
    /// </summary>
    /// <param name="path">The file; it is replaced if it exists.</param>
    /// <exception cref="NetworkFormatException">The format cannot express the network.</exception>
    /// <exception cref="NetworkFileException">The file cannot be written; nothing is left behind.</exception>
    public void Save(string path) => NetworkFile.Write(Door.NotNull(path), NetworkStream.Writer(this, NetworkFormat.Of(path)));

    /// <summary>Writes the network to a stream.</summary>
    /// <param name="stream">Where the bytes go.</param>
    /// <param name="format">What they shall be.</param>
    /// <exception cref="NetworkFormatException">The format cannot express the network.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public void Write(Stream stream, NetworkFileFormat format) => NetworkStream.Writer(this, format)(Door.NotNull(stream));

    private static bool TryLoadOrThrow(string path, [NotNullWhen(true)] out Network? network, out IReadOnlyList<NetworkDefect> defects)
    {
        var format = NetworkFormat.Of(path);
        var beside = Path.ChangeExtension(path, ".layout.json");
        try
        {
            var layout = format == NetworkFileFormat.Safetensors && File.Exists(beside) ? Encoding.UTF8.GetString(NetworkFile.Read(beside)) : null;
            (network, defects) = NetworkFile.Open(path, stream =>
                NetworkStream.TryRead(stream, format, layout, out var read, out var found) ? (read, found) : ((Network?)null, found));
            return network is not null;
        }
        catch (NetworkFormatException exception)
        {
            (network, defects) = (null, exception.Defects);
            return false;
        }
    }
}
