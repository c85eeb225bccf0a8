using System.Collections.Generic;

namespace LayerTime;

/// <summary>Data, options or a network for which the limit in depth cannot be studied: every reason, not only the first.</summary>
public sealed class DeepLimitException : LayerTimeException
{
    internal DeepLimitException(string what, IReadOnlyList<NetworkDefect> defects)
        : base(NetworkDefect.Describe(what, defects)) => Defects = defects;

    internal DeepLimitException(string message)
        : base(message) => Defects = [];

    /// <summary>What is in the way, one entry for each place; empty where the message says it all.</summary>
    public IReadOnlyList<NetworkDefect> Defects { get; }
}

/// <summary>A saved study that cannot be taken up: not one, damaged, or one of other data or options.</summary>
public sealed class DeepLimitCheckpointException : LayerTimeException
{
    internal DeepLimitCheckpointException(string message)
        : base(message)
    {
    }
}
