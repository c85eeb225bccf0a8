using System.Collections.Generic;

namespace LayerTime;

/// <summary>A file or text that is not a network in the format it should have: every defect of a document, the first of an ONNX model or of another foreign file.</summary>
public sealed class NetworkFormatException : LayerTimeException
{
    internal NetworkFormatException(string source, IReadOnlyList<NetworkDefect> defects)
        : this(source, NetworkFileFormat.Json.Name(), defects)
    {
    }

    internal NetworkFormatException(string source, string format, IReadOnlyList<NetworkDefect> defects)
        : base(NetworkDefect.Describe($"{source} is not a network in {format}", defects))
    {
        DocumentName = source;
        Defects = defects;
    }

    /// <summary>The file that was read, or "the text".</summary>
    public string DocumentName { get; }

    /// <summary>What is wrong, one entry for each place; at least one.</summary>
    public IReadOnlyList<NetworkDefect> Defects { get; }
}
