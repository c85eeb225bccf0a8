using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using LayerTime.Core.Experiments;
using Microsoft.FSharp.Collections;

namespace LayerTime;

/// <summary>The training experiments of the papers: each a table, a figure, and checks on what theory says about it.</summary>
public static class Experiment
{
    /// <summary>How often a training is repeated unless told.</summary>
    private const int UsualSeeds = 5;

    private static readonly Entry[] All =
    [
        .. PhaseSpaceExperiments.all.Select(Phase),
        new(ConcentricExperiment.name, ConcentricExperiment.title, Concentric),
        new(GlyphExperiment.name, GlyphExperiment.title, Glyphs),
        new(AdditiveExperiment.name, AdditiveExperiment.title, Additive),
    ];

    /// <summary>The names of all experiments.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(entry => entry.Name)];

    /// <summary>What an experiment shows, in one sentence.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The sentence.</returns>
    /// <exception cref="ArgumentException">There is no experiment of that name.</exception>
    public static string Title(string name) => Find(name).Title;

    /// <summary>Runs an experiment.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="options">Seeds and cores; null for the defaults.</param>
    /// <param name="progress">Told after every training.</param>
    /// <param name="cancellationToken">Ends the experiment early; trainings that have begun are finished first.</param>
    /// <returns>The table and the checks.</returns>
    /// <exception cref="ArgumentException">There is no experiment of that name.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled: half a table shows nothing.</exception>
    public static ExperimentResult Run(
        string name, ExperimentOptions? options = null, IProgress<ExperimentProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var entry = Find(name);
        var (rows, checks, draw) = entry.Run(new(options ?? new(), progress, cancellationToken));
        return new(entry.Name, entry.Title, options ?? new(), rows, checks, draw);
    }

    /// <summary><see cref="Run"/>, off the caller's thread.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="options">Seeds and cores; null for the defaults.</param>
    /// <param name="progress">Told after every training.</param>
    /// <param name="cancellationToken">Ends the experiment early; trainings that have begun are finished first.</param>
    /// <returns>The table and the checks.</returns>
    /// <exception cref="ArgumentException">There is no experiment of that name.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled: half a table shows nothing.</exception>
    public static Task<ExperimentResult> RunAsync(
        string name, ExperimentOptions? options = null, IProgress<ExperimentProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => Run(name, options, progress, cancellationToken), CancellationToken.None);

    private static Entry Find(string name) =>
        All.FirstOrDefault(entry => entry.Name == Door.NotNull(name))
        ?? throw new ArgumentException($"There is no experiment {name}; there are {string.Join(", ", Names)}.", nameof(name));

    private static Entry Phase(PhaseExperiment experiment) => new(experiment.Name, experiment.Title, run =>
    {
        var cases = experiment.Cases.ToArray();
        var trained = run.Of(cases, PhaseSpaceExperiments.run, one => one.Name);
        var rows = cases.Zip(trained, (one, runs) => new ExperimentRow
        {
            Network = one.Name,
            LayerParameters = one.Architecture.LayerParameters,
            Measures = [Measure("accuracy", MeasureSummary.Spread, runs, classifier => classifier.Accuracy)],
        });
        return new([.. rows], experiment.Checks.Invoke(ListModule.OfSeq(trained)), result => ExperimentFigure.Phase(result, trained));
    });

    private static Outcome Concentric(Repetition run)
    {
        var cases = ConcentricExperiment.cases.ToArray();
        var trained = run.Of(cases, ConcentricExperiment.run, one => one.Name);
        var rows = cases.Zip(trained, (one, runs) => new ExperimentRow
        {
            Network = one.Name,
            LayerParameters = one.Architecture.Depth * one.Architecture.Width * (one.Architecture.Width + 1),
            Measures =
            [
                Measure("accuracy", MeasureSummary.Spread, runs, classifier => classifier.Accuracy),
                Measure("least slope", MeasureSummary.Least, runs, classifier => classifier.LeastSlope),
                Measure("least det", MeasureSummary.Least, runs, classifier => classifier.LeastDeterminant),
            ],
        });
        return new([.. rows], ConcentricExperiment.checks(ListModule.OfSeq(trained)), result => ExperimentFigure.Concentric(result, trained));
    }

    // One training for each seed; its rows are the same weights on more and more layers.
    private static Outcome Glyphs(Repetition run)
    {
        var usual = GlyphExperiment.usual;
        var trained = run.Of([usual], GlyphExperiment.run, training => $"{training.Depth} layers")[0];
        var rows = trained[0].Monitors.Select((first, i) => new ExperimentRow
        {
            Network = i == 0 ? $"{first.Network.Depth} layers of 4 channels" : $"the same on {first.Network.Depth} layers",
            LayerParameters = usual.Depth * GlyphExperiment.layerParameters,
            Measures =
            [
                Measure("accuracy", MeasureSummary.Spread, trained, one => one.Monitors[i].Accuracy),
                Measure("largest change", MeasureSummary.Greatest, trained, one => one.Monitors[i].Changes.Max()),
                Measure("pairing drift", MeasureSummary.Greatest, trained, one => one.Monitors[i].PairingDrift),
            ],
        });
        return new([.. rows], GlyphExperiment.checks(trained), result => GlyphFigure.Draw(result, trained[0]));
    }

    private static Outcome Additive(Repetition run)
    {
        var cases = AdditiveExperiment.cases.ToArray();
        var paths = run.Of(cases, (one, seed) => AdditiveExperiment.run(one.Item1, seed), one => one.Item2);
        var rows = cases.Zip(paths, (one, runs) => new ExperimentRow
        {
            Network = one.Item2,
            LayerParameters = AdditiveExperiment.parameters,
            Measures =
            [
                Measure("E at the start", MeasureSummary.Greatest, runs, path => path.Energies[0]),
                Measure("E at the end", MeasureSummary.Spread, runs, path => path.Energies[^1]),
                Measure("largest rise", MeasureSummary.Greatest, runs, path => path.LargestRise),
                Measure("last |x′|", MeasureSummary.Least, runs, path => path.LastSpeed),
            ],
        });
        return new([.. rows], AdditiveExperiment.checks(paths[0], paths[1]), result => ExperimentFigure.Additive(result, paths));
    }

    private static ExperimentMeasure Measure<TRun>(string name, MeasureSummary summary, TRun[] runs, Func<TRun, double> value) =>
        new() { Name = name, Summary = summary, Values = [.. runs.Select(value)] };

    private sealed record Entry(string Name, string Title, Func<Repetition, Outcome> Run);

    private sealed record Outcome(IReadOnlyList<ExperimentRow> Rows, IEnumerable<ExperimentCheck> Checks, Func<ExperimentResult, string> Draw);

    /// <summary>How often cases run, on how many cores, and who is told.</summary>
    private sealed record Repetition(ExperimentOptions Options, IProgress<ExperimentProgress>? Progress, CancellationToken Cancellation)
    {
        /// <summary>Every case with every seed, each on whichever core is free.</summary>
        internal TRun[][] Of<TCase, TRun>(TCase[] cases, Func<TCase, ulong, TRun> train, Func<TCase, string> name)
        {
            var seeds = Options.Seeds ?? UsualSeeds;
            var runs = new TRun[cases.Length * seeds];
            var done = 0;
            Parallel.For(0, runs.Length, new ParallelOptions { MaxDegreeOfParallelism = Options.MaxDegreeOfParallelism, CancellationToken = Cancellation }, i =>
            {
                runs[i] = train(cases[i / seeds], Options.FirstSeed + (ulong)(i % seeds));
                Progress?.Report(new() { Trainings = Interlocked.Increment(ref done), TrainingsTotal = runs.Length, Current = name(cases[i / seeds]) });
            });
            return [.. cases.Select((_, c) => runs[(c * seeds)..((c + 1) * seeds)])];
        }
    }
}
