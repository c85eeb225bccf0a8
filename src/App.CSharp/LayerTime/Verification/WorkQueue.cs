using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using LayerTime.Core.Claims;

namespace LayerTime;

/// <summary>
/// The units of a run, handed out claim by claim in the order of the catalogue. Each claim goes on with its next round as soon as its last
/// one is done: no core waits for another claim, and claims are answered one after the other.
/// </summary>
internal sealed class WorkQueue : IDisposable
{
    private readonly Lock gate = new();
    private readonly SemaphoreSlim ready = new(0);
    private readonly PriorityQueue<(ClaimRun Run, WorkUnit Unit), (int Claim, long Ticket)> waiting = new();
    private readonly List<ClaimRun> runs = [];
    private readonly List<Exception> failures = [];
    private long tickets;
    private long expected;
    private int workers;
    private int open;

    internal WorkQueue(RunOptions options, Catalogue catalogue, int workers)
    {
        this.workers = workers;
        foreach (var claim in catalogue.Claims.Where(claim => claim.Status.IsExecutable))
        {
            var run = new ClaimRun(runs.Count, Runner.start(options, CatalogueModule.select(claim.Id, catalogue).ResultValue));
            runs.Add(run);
            open++;
            Continue(run);
        }

        CloseIfDone();
    }

    /// <summary>How many claims are answered.</summary>
    internal int Completed => runs.Count - Volatile.Read(ref open);

    internal int Claims => runs.Count;

    /// <summary>How many cases were handed out or wait to be; grows with the rounds.</summary>
    internal long Expected => Interlocked.Read(ref expected);

    /// <summary>What went wrong, of several faults of claims the first in the order of the catalogue; null if nothing did.</summary>
    internal Exception? Failure =>
        failures.Find(failure => failure is not ClaimFault)
        ?? failures.OfType<ClaimFault>().OrderBy(fault => runs.FindIndex(run => run.Id == fault.Claim)).ThenBy(fault => fault.Part, StringComparer.Ordinal)
            .ThenBy(fault => fault.Index).FirstOrDefault();

    /// <summary>Everything that was found.</summary>
    internal IEnumerable<UnitResult> Results => runs.SelectMany(run => run.Results);

    /// <summary>The next unit; false when there is none and never will be.</summary>
    internal bool TryTake(out (ClaimRun Run, WorkUnit Unit) next, CancellationToken cancellationToken)
    {
        next = default;
        try
        {
            ready.Wait(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        lock (gate)
        {
            return waiting.TryDequeue(out next, out _);
        }
    }

    internal void Done(ClaimRun run, UnitResult result)
    {
        lock (gate)
        {
            run.Results.Add(result);
            run.State = Runner.absorb(run.State, result);
            if (--run.Pending == 0 && failures.Count == 0)
            {
                Continue(run);
                CloseIfDone();
            }
        }
    }

    internal void Failed(Exception failure)
    {
        lock (gate)
        {
            failures.Add(failure);
            waiting.Clear();
            Close();
        }
    }

    public void Dispose() => ready.Dispose();

    private void Continue(ClaimRun run)
    {
        var units = Runner.next(run.State);
        run.Pending = units.Length;
        if (units.Length == 0)
        {
            open--;
        }

        foreach (var unit in units)
        {
            waiting.Enqueue((run, unit), (run.Order, tickets++));
            Interlocked.Add(ref expected, unit.Count);
        }

        if (units.Length > 0)
        {
            ready.Release(units.Length);
        }
    }

    private void CloseIfDone()
    {
        if (open == 0)
        {
            Close();
        }
    }

    // One permit for each worker, with nothing in the queue behind it: whoever takes one goes home.
    private void Close()
    {
        if (workers > 0)
        {
            ready.Release(workers);
            workers = 0;
        }
    }
}

/// <summary>One claim of a run.</summary>
internal sealed class ClaimRun(int order, RunState state)
{
    internal int Order { get; } = order;

    internal string Id => State.Catalogue.Claims.Head.Id;

    internal RunState State { get; set; } = state;

    internal List<UnitResult> Results { get; } = [];

    internal int Pending { get; set; }
}
