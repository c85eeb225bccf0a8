using System.Collections.Generic;

namespace LayerTime;

/// <summary>A table that is no set of labelled points: every reason, not only the first.</summary>
public sealed class LabelledDataException : LayerTimeException
{
    internal LabelledDataException(string source, IReadOnlyList<NetworkDefect> defects)
        : base(NetworkDefect.Describe($"{source} cannot be learned from", defects)) => Defects = defects;

    /// <summary>What is wrong, one entry for each place; at least one.</summary>
    public IReadOnlyList<NetworkDefect> Defects { get; }
}
