using System.Collections.Generic;

namespace LayerTime;

/// <summary>A network of which no census can be taken: every reason, not only the first.</summary>
public sealed class UnsuitableNetworkException : LayerTimeException
{
    internal UnsuitableNetworkException(IReadOnlyList<NetworkDefect> defects)
        : base(NetworkDefect.Describe("No census of critical points can be taken of the network", defects)) => Defects = defects;

    /// <summary>What is in the way, one entry for each place; at least one.</summary>
    public IReadOnlyList<NetworkDefect> Defects { get; }
}

/// <summary>A saved census that cannot be taken up: not one, damaged, or one of another network or other options.</summary>
public sealed class CensusPavingException : LayerTimeException
{
    internal CensusPavingException(string message)
        : base(message)
    {
    }

    internal static CensusPavingException OfDefects(string source, IReadOnlyList<NetworkDefect> defects) =>
        new(NetworkDefect.Describe($"{source} is not a saved census", defects));
}
