using System;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using LayerTime.Core.DeepLimit;

namespace LayerTime;

/// <summary>One study from its start, or from where it was saved, to its end: the core says what the next iteration is.</summary>
internal sealed class DeepLimitRun(DeepLimitProblem study, IProgress<DeepLimitProgress>? progress, CancellationToken cancellationToken)
{
    private const long MillisecondsBetweenReports = 50;

    private readonly Stopwatch stopwatch = Stopwatch.StartNew();
    private readonly double allWork = study.Depths.Sum(n => (double)n);
    private long nextReport;

    internal DeepLimitResult FromStart() =>
        DeepLimitStart.Find(study, cancellationToken) is { } weights ? From(study.Ladder.Start(weights)) : new(study, null, null, interrupted: true);

    internal DeepLimitResult From(DeepLimitCheckpoint checkpoint) => From(checkpoint.StateOf(study));

    private DeepLimitResult From(LadderState state)
    {
        while (!state.IsFinished && !cancellationToken.IsCancellationRequested)
        {
            state = study.Ladder.Next(state);
            Report(state);
        }

        return new(study, state, state.IsFinished ? null : DeepLimitCheckpoint.Of(study.Digest(), state), interrupted: !state.IsFinished);
    }

    private void Report(LadderState state)
    {
        if (progress is null || (!state.IsFinished && stopwatch.ElapsedMilliseconds < nextReport))
        {
            return;
        }

        nextReport = stopwatch.ElapsedMilliseconds + MillisecondsBetweenReports;
        progress.Report(new()
        {
            Depth = state.Depth,
            Iterations = state.Minimiser.Iterations,
            Objective = state.Minimiser.Value,
            GradientNorm = state.Minimiser.GradientNorm,
            Share = state.IsFinished ? 1 : Math.Clamp((state.Levels.Sum(level => (double)level.Depth) + (state.Depth * Within(state))) / allWork, 0, 1),
            Elapsed = stopwatch.Elapsed,
        });
    }

    /// <summary>How much of this depth is done: the share of the digits that its gradient has to lose.</summary>
    private double Within(LadderState state)
    {
        var first = state.History[state.History.Length - 1].Item2;
        var digits = Math.Log(first / study.Options.Tolerance);
        return digits > 0 ? Math.Clamp(Math.Log(first / state.Minimiser.GradientNorm) / digits, 0, 1) : 1;
    }
}
