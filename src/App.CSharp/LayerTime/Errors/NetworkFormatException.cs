using System.Collections.Generic;

namespace LayerTime;

/// <summary>A document that is not a network in the format layertime/1: every defect, not only the first.</summary>
public sealed class NetworkFormatException : LayerTimeException
{
    internal NetworkFormatException(string source, IReadOnlyList<NetworkDefect> defects)
        : base(NetworkDefect.Describe($"{source} is not a network in the format layertime/1", defects))
    {
        DocumentName = source;
        Defects = defects;
    }

    /// <summary>The file that was read, or "the text".</summary>
    public string DocumentName { get; }

    /// <summary>What is wrong, one entry for each place; at least one.</summary>
    public IReadOnlyList<NetworkDefect> Defects { get; }
}
