using System;
using System.Diagnostics;
using System.Threading;
using LayerTime.Core.Semantics;

namespace LayerTime;

/// <summary>How far the solution of a neural ODE has come.</summary>
public sealed record SolveProgress
{
    /// <summary>The time reached.</summary>
    public required double Time { get; init; }

    /// <summary>The part of the way behind it, 0 … 1.</summary>
    public required double Share { get; init; }

    /// <summary>The number of steps that were tried.</summary>
    public required long Steps { get; init; }

    /// <summary>The time since the start on a clock.</summary>
    public required TimeSpan Elapsed { get; init; }
}

/// <summary>Reports ten times a second and ends a flow when it is cancelled.</summary>
internal sealed class SolveWatch(double from, double to, IProgress<SolveProgress>? progress, CancellationToken cancellationToken) : IFlowWatch
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private TimeSpan next = Interval;
    private long steps;

    public bool GoesOn(double time)
    {
        steps++;
        if (progress is not null && clock.Elapsed is var now && now >= next)
        {
            next = now + Interval;
            progress.Report(new() { Time = time, Share = (time - from) / (to - from), Steps = steps, Elapsed = now });
        }

        return !cancellationToken.IsCancellationRequested;
    }
}
