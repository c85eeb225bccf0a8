using System;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;
using LayerTime.Core.Claims;
using Microsoft.FSharp.Core;
using CoreEffort = LayerTime.Core.Claims.Effort;

namespace LayerTime;

/// <summary>Which core does which unit of work when: all that the report must not depend on.</summary>
internal static class Schedule
{
    internal static async Task<VerificationReport> RunAsync(
        Catalogue catalogue, VerificationOptions options, IProgress<VerificationProgress>? progress, CancellationToken cancellationToken)
    {
        var cores = Math.Min(options.MaxDegreeOfParallelism, 4 * Environment.ProcessorCount);
        var runOptions = RunOptions(options);

        // Planning is work too; it does not happen on the caller's thread.
        using var queue = await Task.Run(() => new WorkQueue(runOptions, catalogue, cores), CancellationToken.None).ConfigureAwait(false);
        var clock = new ProgressClock(queue, progress);
        clock.Report(always: true);
        await Task.WhenAll(Enumerable.Range(0, cores).Select(_ => Task.Factory.StartNew(
            () => Work(queue, clock, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))).ConfigureAwait(false);
        if (queue.Failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure is ClaimFault fault ? new ClaimFaultException(fault) : failure);
        }

        clock.Report(always: true);
        var state = queue.Results.Aggregate(Runner.start(runOptions, catalogue), Runner.absorb);
        return ReportReader.Report(Runner.conclude(state), queue.Completed < queue.Claims, clock.Timing(catalogue, options.MaxDegreeOfParallelism));
    }

    private static void Work(WorkQueue queue, ProgressClock clock, CancellationToken cancellationToken)
    {
        while (queue.TryTake(out var next, cancellationToken))
        {
            try
            {
                queue.Done(next.Run, clock.Measure(next.Unit));
                clock.Report(always: false);
            }
            catch (Exception failure)
            {
                // Of whatever kind: the other cores must not wait for this one.
                queue.Failed(failure);
            }
        }
    }

    private static RunOptions RunOptions(VerificationOptions options) =>
        new(options.Seed, Effort(options.Effort), options.Trials is { } trials ? FSharpOption<int>.Some(trials) : null);

    private static CoreEffort Effort(Effort effort) => effort switch
    {
        LayerTime.Effort.Quick => CoreEffort.Quick,
        LayerTime.Effort.Thorough => CoreEffort.Thorough,
        _ => CoreEffort.Default,
    };
}
