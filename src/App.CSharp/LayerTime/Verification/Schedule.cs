using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using LayerTime.Core.Claims;
using Microsoft.FSharp.Core;
using CoreEffort = LayerTime.Core.Claims.Effort;

namespace LayerTime;

/// <summary>Which core does which unit of work when: all that the report must not depend on.</summary>
internal static class Schedule
{
    internal static Task<VerificationReport> RunAsync(
        Catalogue catalogue, VerificationOptions options, IProgress<VerificationProgress>? progress, CancellationToken cancellationToken) =>
        Task.Run(() => Run(catalogue, options, progress, cancellationToken), CancellationToken.None);

    private static VerificationReport Run(
        Catalogue catalogue, VerificationOptions options, IProgress<VerificationProgress>? progress, CancellationToken cancellationToken)
    {
        var state = Runner.start(RunOptions(options), catalogue);
        var units = Runner.next(state);
        var clock = new ProgressClock([.. catalogue.Claims.Where(claim => claim.Status.IsExecutable).Select(claim => claim.Id)], progress);

        // A round asks for everything that is known to be needed; the next one depends on all of its outcomes.
        while (units.Length > 0 && !cancellationToken.IsCancellationRequested)
        {
            clock.StartRound(units);
            foreach (var result in Execute(units, options.MaxDegreeOfParallelism, clock, cancellationToken))
            {
                state = Runner.absorb(state, result);
            }

            units = Runner.next(state);
        }

        clock.End(units);
        return ReportReader.Report(Runner.conclude(state), units.Length > 0, clock.Timing(options.MaxDegreeOfParallelism));
    }

    private static IEnumerable<UnitResult> Execute(WorkUnit[] units, int cores, ProgressClock clock, CancellationToken cancellationToken)
    {
        var results = new UnitResult?[units.Length];
        try
        {
            Parallel.For(0, units.Length, new ParallelOptions { MaxDegreeOfParallelism = cores }, (i, loop) =>
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    loop.Stop();
                    return;
                }

                results[i] = clock.Measure(units[i]);
            });
        }
        catch (AggregateException faults) when (First(faults) is { } fault)
        {
            throw new ClaimFaultException(fault);
        }

        return results.OfType<UnitResult>();
    }

    // Of several faults of one round the first by name and index, so that the same one is reported on any number of cores.
    private static ClaimFault? First(AggregateException faults) =>
        faults.Flatten().InnerExceptions.OfType<ClaimFault>()
            .OrderBy(fault => fault.Claim, StringComparer.Ordinal).ThenBy(fault => fault.Part, StringComparer.Ordinal).ThenBy(fault => fault.Index)
            .FirstOrDefault();

    private static RunOptions RunOptions(VerificationOptions options) =>
        new(options.Seed, Effort(options.Effort), options.Trials is { } trials ? FSharpOption<int>.Some(trials) : null);

    private static CoreEffort Effort(Effort effort) => effort switch
    {
        LayerTime.Effort.Quick => CoreEffort.Quick,
        LayerTime.Effort.Thorough => CoreEffort.Thorough,
        _ => CoreEffort.Default,
    };
}
