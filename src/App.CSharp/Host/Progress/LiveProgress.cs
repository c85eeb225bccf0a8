using System;
using System.Threading.Tasks;

namespace LayerTime.Host.Progress;

/// <summary>Shows how far a run has come, once it has lasted a while.</summary>
internal static class LiveProgress
{
    /// <param name="start">Starts the run.</param>
    /// <param name="show">What is shown of what was reported.</param>
    /// <param name="lines">Whether lines are welcome where they cannot be redrawn.</param>
    internal static async Task<TResult> WatchAsync<TProgress, TResult>(
        Func<IProgress<TProgress>, Task<TResult>> start, Func<TProgress, Milestone> show, HostConsole console, bool lines)
        where TProgress : class
    {
        var latest = new Latest<TProgress>();
        var run = start(latest);
        if (!await Ends(run, console.Patience))
        {
            Milestone? Reached() => latest.Value is { } progress ? show(progress) : null;
            if (console.Live is { } live)
            {
                await ProgressBar.ShowAsync(live, run, Reached);
            }
            else if (lines)
            {
                await ProgressLines.ShowAsync(console, run, Reached);
            }
        }

        return await run;
    }

    /// <summary>Waits for the end of a run, but no longer than this.</summary>
    internal static async Task<bool> Ends(Task run, TimeSpan time) => await Task.WhenAny(run, Task.Delay(time)) == run;
}

/// <summary>How far a run has come, as it is shown.</summary>
/// <param name="Share">How much is done, 0 … 1.</param>
/// <param name="At">What it is at, in a few words.</param>
/// <param name="Line">The same in a line of its own.</param>
/// <param name="Elapsed">The time since the start.</param>
internal sealed record Milestone(double Share, string At, string Line, TimeSpan Elapsed);

/// <summary>What was reported last; set on one thread and read on another.</summary>
internal sealed class Latest<T> : IProgress<T>
    where T : class
{
    private volatile T? value;

    internal T? Value => value;

    public void Report(T value) => this.value = value;
}
