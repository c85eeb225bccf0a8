using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using LayerTime.Core.Claims;

namespace LayerTime;

/// <summary>Time and progress of a run; called from several cores.</summary>
internal sealed class ProgressClock(IReadOnlyList<string> claims, IProgress<VerificationProgress>? progress)
{
    private const long MillisecondsBetweenReports = 50;

    private readonly Stopwatch stopwatch = Stopwatch.StartNew();
    private readonly ConcurrentDictionary<string, long> ticks = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> unitsLeft = new(StringComparer.Ordinal);
    private long cases;
    private long nextReport;
    private long expected;
    private int completed;
    private string? current;

    internal void StartRound(WorkUnit[] units)
    {
        unitsLeft.Clear();
        foreach (var group in units.GroupBy(unit => unit.Claim))
        {
            unitsLeft[group.Key] = group.Count();
        }

        // A claim without units in this round has its answer; one with units may get it or not.
        completed = claims.Count - unitsLeft.Count;
        expected = Interlocked.Read(ref cases) + units.Sum(unit => (long)unit.Count);
        Report(always: true);
    }

    internal UnitResult Measure(WorkUnit unit)
    {
        current = unit.Claim;
        var start = Stopwatch.GetTimestamp();
        var result = Runner.execute(unit);
        var spent = Stopwatch.GetTimestamp() - start;
        ticks.AddOrUpdate(unit.Claim, spent, (_, sum) => sum + spent);
        Interlocked.Add(ref cases, unit.Count);
        Report(always: false);
        return result;
    }

    internal void End(WorkUnit[] left)
    {
        completed = claims.Count - left.Select(unit => unit.Claim).Distinct().Count();
        Report(always: true);
    }

    internal VerificationTiming Timing(int cores) => new()
    {
        Elapsed = stopwatch.Elapsed,
        MaxDegreeOfParallelism = cores,
        Claims = [.. claims.Select(id => new ClaimTiming { Id = id, Elapsed = Stopwatch.GetElapsedTime(0, ticks.GetValueOrDefault(id)) })],
    };

    private void Report(bool always)
    {
        var now = stopwatch.ElapsedMilliseconds;
        var due = Interlocked.Read(ref nextReport);
        if (progress is null || (!always && (now < due || Interlocked.CompareExchange(ref nextReport, now + MillisecondsBetweenReports, due) != due)))
        {
            return;
        }

        progress.Report(new()
        {
            ClaimsTotal = claims.Count,
            ClaimsCompleted = completed,
            CasesCompleted = Interlocked.Read(ref cases),
            CasesExpected = expected,
            CurrentClaim = current,
            Elapsed = stopwatch.Elapsed,
        });
    }
}
