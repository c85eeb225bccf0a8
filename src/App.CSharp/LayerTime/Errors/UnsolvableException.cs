using System.Collections.Generic;

namespace LayerTime;

/// <summary>A neural ODE that cannot be solved as asked: every reason, not only the first.</summary>
public sealed class UnsolvableException : LayerTimeException
{
    internal UnsolvableException(IReadOnlyList<NetworkDefect> defects, string start = "The neural ODE cannot be solved like this")
        : base(NetworkDefect.Describe(start, defects)) => Defects = defects;

    /// <summary>What is wrong, one entry for each place; at least one.</summary>
    public IReadOnlyList<NetworkDefect> Defects { get; }
}
