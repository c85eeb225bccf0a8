using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;
using LayerTime.Core.Rigour;

namespace LayerTime;

/// <summary>
/// One census from its start, or from where it was saved, to its end. The core says what the units of each round are and puts their outcomes
/// together in order; here they are only done, each on whichever core is free.
/// </summary>
internal sealed class CensusRun(NetworkDocument network, CensusOptions options, CensusClock clock, CancellationToken cancellationToken)
{
    private readonly IScalarMap map = ScalarMaps.Of(network);
    private readonly string digest = CensusPaving.Digest(network);

    // At the end of the last full round of each domain. Rounds to the full do not depend on the budget, so a census that goes on from there is
    // the same as one that never stopped.
    private readonly List<Search> checkpoints = [];
    private bool interrupted;

    internal CensusResult From(Box box)
    {
        var dimension = map.Gradient.Dimension;
        return box.Dimension == dimension
            ? From([ZeroSearch.start(box.OfDoor)])
            : throw new ArgumentException($"The box has dimension {box.Dimension}; {dimension} is expected, the number of inputs of the network.", nameof(box));
    }

    internal CensusResult From(CensusPaving paving) =>
        paving.Obstacle(digest, options) is { } obstacle ? throw new CensusPavingException(obstacle)
        : paving.Box.Dimension != map.Gradient.Dimension ? throw new CensusPavingException("The saved census has another dimension than the network.")
        : From(paving.Searches);

    private CensusResult From(IReadOnlyList<Search> saved)
    {
        var reached = saved[0];
        Search Follow(Search start)
        {
            var known = checkpoints.Count < saved.Count && saved[checkpoints.Count] is var search && search.Domain.AsSpan().SequenceEqual(start.Domain) ? search : start;
            return reached = Continue(known);
        }

        Census census;
        try
        {
            var asked = new CancellableMap(map, cancellationToken);
            census = CensusModule.finish(asked, options.OfDoor, Microsoft.FSharp.Core.FuncConvert.FromFunc<Search, Search>(Follow), Follow(reached));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What was found is put in order all the same, but no more work is done for it.
            interrupted = true;
            census = CensusModule.finish(
                map, new(new(options.Tolerance, 0), false), Microsoft.FSharp.Core.FuncConvert.FromFunc<Search, Search>(search => search), reached);
        }

        clock.Report(census.Search, always: true);
        var last = checkpoints.FindIndex(search => !search.Open.IsEmpty);
        var paving = new CensusPaving(digest, options.Tolerance, options.MoveFaces, last < 0 ? checkpoints : checkpoints[..(last + 1)]);
        return CensusReader.Result(network, census, paving, interrupted);
    }

    /// <summary>Rounds until the search is finished or the census cancelled.</summary>
    private Search Continue(Search search)
    {
        var limits = options.OfDoor.Search;
        var (checkpoint, onlyFull) = (search, true);
        clock.Report(search, always: true);
        while (!ZeroSearch.isFinished(limits, search))
        {
            onlyFull &= ZeroSearch.affordsRound(limits, search);
            if (Round(ZeroSearch.units(limits, search), limits) is not { } outcomes)
            {
                interrupted = true;
                break;
            }

            search = ZeroSearch.absorb(outcomes, search);
            checkpoint = onlyFull ? search : checkpoint;
            clock.Report(search, always: false);
        }

        checkpoints.Add(checkpoint);
        return search;
    }

    /// <summary>The outcomes of a round in the order of its units; null after a cancellation.</summary>
    private ZeroSearch.Outcome[]? Round(ZeroSearch.Unit[] units, SearchOptions limits)
    {
        var outcomes = new ZeroSearch.Outcome?[units.Length];
        void Perform(int i)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                outcomes[i] = ZeroSearch.perform(map.Gradient, limits, units[i]);
            }
        }

        try
        {
            var partition = Partitioner.Create(Enumerable.Range(0, units.Length), EnumerablePartitionerOptions.NoBuffering);
            Parallel.ForEach(partition, new ParallelOptions { MaxDegreeOfParallelism = options.MaxDegreeOfParallelism }, Perform);
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.Flatten().InnerExceptions[0]);
        }

        return outcomes.OfType<ZeroSearch.Outcome>().ToArray() is var all && all.Length == units.Length ? all : null;
    }
}
