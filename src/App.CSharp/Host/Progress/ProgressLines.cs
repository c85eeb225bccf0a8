using System;
using System.Threading.Tasks;

namespace LayerTime.Host.Progress;

/// <summary>Progress as lines, for files and pipes.</summary>
internal static class ProgressLines
{
    internal static async Task ShowAsync(HostConsole console, Task run, Func<Milestone?> reached)
    {
        do
        {
            if (reached() is { } milestone)
            {
                console.Error.WriteLine($"{milestone.Elapsed.TotalSeconds:F0} s: {milestone.Line}");
            }
        }
        while (!await LiveProgress.Ends(run, console.LineInterval));
    }
}
