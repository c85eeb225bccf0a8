using System;
using System.Threading.Tasks;

namespace LayerTime.Host.Progress;

/// <summary>Shows how far a run has come, once it has lasted a while.</summary>
internal static class LiveProgress
{
    /// <param name="lines">Whether lines are welcome where they cannot be redrawn.</param>
    internal static async Task<VerificationReport> WatchAsync(
        Func<IProgress<VerificationProgress>, Task<VerificationReport>> start, HostConsole console, bool lines)
    {
        var latest = new Latest();
        var run = start(latest);
        if (!await Ends(run, console.Patience))
        {
            if (console.Live is { } live)
            {
                await ProgressBar.ShowAsync(live, run, latest);
            }
            else if (lines)
            {
                await ProgressLines.ShowAsync(console, run, latest);
            }
        }

        return await run;
    }

    /// <summary>Waits for the end of a run, but no longer than this.</summary>
    internal static async Task<bool> Ends(Task run, TimeSpan time) => await Task.WhenAny(run, Task.Delay(time)) == run;
}

/// <summary>What was reported last; set on one thread and read on another.</summary>
internal sealed class Latest : IProgress<VerificationProgress>
{
    private volatile VerificationProgress? value;

    internal VerificationProgress? Value => value;

    public void Report(VerificationProgress value) => this.value = value;
}
