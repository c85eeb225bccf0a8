using System;

namespace LayerTime.Host;

/// <summary>What the user can put right; the message says how.</summary>
internal sealed class HostException(ExitCode code, string message) : Exception(message)
{
    internal ExitCode Code { get; } = code;

    internal static HostException Usage(string message) => new(ExitCode.Usage, message);

    internal static HostException BadInput(string message) => new(ExitCode.BadInput, message);
}
