namespace LayerTime.Host;

/// <summary>What the process says to its caller.</summary>
internal enum ExitCode
{
    /// <summary>Everything holds; open claims are counted, they are no failures.</summary>
    Success = 0,

    /// <summary>Something is refuted.</summary>
    Refuted = 1,

    /// <summary>Something is undecided, or a hypothesis was not shown necessary.</summary>
    Undecided = 2,

    /// <summary>The command line is wrong.</summary>
    Usage = 64,

    /// <summary>An input is wrong, or an output cannot be written.</summary>
    BadInput = 65,

    /// <summary>A fault of ours.</summary>
    Fault = 70,

    /// <summary>Interrupted; what was printed is valid and partial.</summary>
    Interrupted = 130,
}
