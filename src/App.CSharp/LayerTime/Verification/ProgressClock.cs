using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using LayerTime.Core.Claims;

namespace LayerTime;

/// <summary>Time and progress of a run; called from several cores.</summary>
internal sealed class ProgressClock(WorkQueue queue, IProgress<VerificationProgress>? progress)
{
    private const long MillisecondsBetweenReports = 50;

    private readonly Lock gate = new();
    private readonly Stopwatch stopwatch = Stopwatch.StartNew();
    private readonly ConcurrentDictionary<string, long> ticks = new(StringComparer.Ordinal);
    private long cases;
    private long nextReport;
    private string? current;

    internal UnitResult Measure(WorkUnit unit)
    {
        current = unit.Claim;
        var start = Stopwatch.GetTimestamp();
        var result = Runner.execute(unit);
        var spent = Stopwatch.GetTimestamp() - start;
        ticks.AddOrUpdate(unit.Claim, spent, (_, sum) => sum + spent);
        Interlocked.Add(ref cases, unit.Count);
        return result;
    }

    internal VerificationTiming Timing(Catalogue catalogue, int cores) => new()
    {
        Elapsed = stopwatch.Elapsed,
        MaxDegreeOfParallelism = cores,
        Claims = [.. catalogue.Claims.Where(claim => claim.Status.IsExecutable)
            .Select(claim => new ClaimTiming { Id = claim.Id, Elapsed = Stopwatch.GetElapsedTime(0, ticks.GetValueOrDefault(claim.Id)) })],
    };

    internal void Report(bool always)
    {
        if (progress is null || (!always && stopwatch.ElapsedMilliseconds < Interlocked.Read(ref nextReport)))
        {
            return;
        }

        // One at a time, so that what is told only grows.
        lock (gate)
        {
            if (!always && stopwatch.ElapsedMilliseconds < nextReport)
            {
                return;
            }

            Interlocked.Exchange(ref nextReport, stopwatch.ElapsedMilliseconds + MillisecondsBetweenReports);
            progress.Report(new()
            {
                ClaimsTotal = queue.Claims,
                ClaimsCompleted = queue.Completed,
                CasesCompleted = Interlocked.Read(ref cases),
                CasesExpected = queue.Expected,
                CurrentClaim = current,
                Elapsed = stopwatch.Elapsed,
            });
        }
    }
}
