using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace LayerTime;

public sealed partial class Network
{
    /// <summary>Reads a network from a file in the format layertime/1.</summary>
    /// <param name="path">The file, at most <see cref="NetworkFormat.MaximumBytes"/> long.</param>
    /// <returns>The network.</returns>
    /// <exception cref="NetworkFormatException">The file is not such a network; every defect is listed.</exception>
    /// <exception cref="NetworkFileException">The file cannot be read.</exception>
    public static Network Load(string path)
    {
        var bytes = NetworkFile.Read(Door.NotNull(path));
        return NetworkReader.TryRead(bytes, out var network, out var defects) ? network : throw new NetworkFormatException(path, defects);
    }

    /// <summary>Reads what <see cref="Load"/> reads, without an exception.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">The network, or null.</param>
    /// <param name="defects">What is wrong with the file; empty if nothing is.</param>
    /// <returns>Whether the file is a network.</returns>
    public static bool TryLoad(string path, [NotNullWhen(true)] out Network? network, out IReadOnlyList<NetworkDefect> defects)
    {
        try
        {
            return NetworkReader.TryRead(NetworkFile.Read(Door.NotNull(path)), out network, out defects);
        }
        catch (NetworkFileException exception)
        {
            network = null;
            defects = [new() { Where = path, Found = exception.Message, Expected = "a file that can be read" }];
            return false;
        }
        catch (NetworkFormatException exception)
        {
            network = null;
            defects = exception.Defects;
            return false;
        }
    }

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

    /// <summary>Writes the network to a file in the format layertime/1, whole or not at all.</summary>
    /// <param name="path">The file; it is replaced if it exists.</param>
    /// <exception cref="NetworkFormatException">An exact weight has more digits than are read back.</exception>
    /// <exception cref="NetworkFileException">The file cannot be written; nothing is left behind.</exception>
    public void Save(string path) => NetworkFile.Write(Door.NotNull(path), ToJson());
}
