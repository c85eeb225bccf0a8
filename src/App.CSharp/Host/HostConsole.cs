using System;
using System.IO;
using System.Threading;
using LayerTime.Host.Rendering;
using Spectre.Console;

namespace LayerTime.Host;

/// <summary>All that the host knows of the world outside: where it writes, what it is told, and when to stop.</summary>
internal sealed record HostConsole(TextWriter Out, TextWriter Error)
{
    /// <summary>How results are coloured; not at all unless a terminal shows them.</summary>
    internal Paint Paint { get; init; } = Paint.Plain;

    /// <summary>Standard error as a terminal that can redraw lines; null if it is none.</summary>
    internal IAnsiConsole? Live { get; init; }

    /// <summary>Listens from now on for the user's wish to stop.</summary>
    internal Func<CancellationToken> Interruption { get; init; } = () => CancellationToken.None;

    /// <summary>The value of an environment variable, or null.</summary>
    internal Func<string, string?> Variable { get; init; } = _ => null;

    /// <summary>How long a run lasts before progress is shown.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The time between two lines of progress where lines cannot be redrawn.</summary>
    internal TimeSpan LineInterval { get; init; } = TimeSpan.FromSeconds(5);
}
