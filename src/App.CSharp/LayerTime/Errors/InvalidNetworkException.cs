using System.Collections.Generic;

namespace LayerTime;

/// <summary>Layers that do not fit together: every defect, not only the first.</summary>
public sealed class InvalidNetworkException : LayerTimeException
{
    internal InvalidNetworkException(IReadOnlyList<NetworkDefect> defects)
        : base(NetworkDefect.Describe("The network cannot be built", defects)) => Defects = defects;

    /// <summary>What is wrong, one entry for each place; at least one.</summary>
    public IReadOnlyList<NetworkDefect> Defects { get; }
}
