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

    /// <summary>The names of all experiments.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. PhaseSpaceExperiments.all.Select(experiment => experiment.Name), ConcentricExperiment.name];

    /// <summary>What an experiment shows, in one sentence.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The sentence.</returns>
    /// <exception cref="ArgumentException">There is no experiment of that name.</exception>
    public static string Title(string name) =>
        Door.NotNull(name) == ConcentricExperiment.name ? ConcentricExperiment.title : Phase(name).Title;

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
        options ??= new();
        if (Door.NotNull(name) == ConcentricExperiment.name)
        {
            var cases = ConcentricExperiment.cases.ToArray();
            var trained = Trained(cases, ConcentricExperiment.run, one => one.Name, options, progress, cancellationToken);
            return new(
                name, ConcentricExperiment.title, options, [.. cases.Zip(trained, Row)], ConcentricExperiment.checks(ListModule.OfSeq(trained)), result => ExperimentFigure.Concentric(result, trained));
        }

        var experiment = Phase(name);
        var shapes = experiment.Cases.ToArray();
        var runs = Trained(shapes, PhaseSpaceExperiments.run, one => one.Name, options, progress, cancellationToken);
        return new(name, experiment.Title, options, [.. shapes.Zip(runs, Row)], experiment.Checks.Invoke(ListModule.OfSeq(runs)), result => ExperimentFigure.Phase(result, runs));
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

    private static PhaseExperiment Phase(string name) =>
        PhaseSpaceExperiments.all.FirstOrDefault(experiment => experiment.Name == name)
        ?? throw new ArgumentException($"There is no experiment {name}; there are {string.Join(", ", Names)}.", nameof(name));

    /// <summary>Every case with every seed, each on whichever core is free.</summary>
    private static TRun[][] Trained<TCase, TRun>(
        TCase[] cases, Func<TCase, ulong, TRun> train, Func<TCase, string> name, ExperimentOptions options, IProgress<ExperimentProgress>? progress, CancellationToken cancellationToken)
    {
        var seeds = options.Seeds ?? UsualSeeds;
        var runs = new TRun[cases.Length * seeds];
        var done = 0;
        Parallel.For(0, runs.Length, new ParallelOptions { MaxDegreeOfParallelism = options.MaxDegreeOfParallelism, CancellationToken = cancellationToken }, i =>
        {
            runs[i] = train(cases[i / seeds], options.FirstSeed + (ulong)(i % seeds));
            progress?.Report(new() { Trainings = Interlocked.Increment(ref done), TrainingsTotal = runs.Length, Current = name(cases[i / seeds]) });
        });
        return [.. cases.Select((_, c) => runs[(c * seeds)..((c + 1) * seeds)])];
    }

    private static ExperimentRow Row(PhaseCase shape, PhaseClassifier[] runs) => new()
    {
        Network = shape.Name,
        LayerParameters = shape.Architecture.LayerParameters,
        Measures = [new() { Name = "accuracy", Values = [.. runs.Select(run => run.Accuracy)] }],
    };

    private static ExperimentRow Row(ConcentricCase one, CubicClassifier[] runs) => new()
    {
        Network = one.Name,
        LayerParameters = one.Architecture.Depth * one.Architecture.Width * (one.Architecture.Width + 1),
        Measures =
        [
            new() { Name = "accuracy", Values = [.. runs.Select(run => run.Accuracy)] },
            new() { Name = "least slope", Values = [.. runs.Select(run => run.LeastSlope)] },
            new() { Name = "least det", Values = [.. runs.Select(run => run.LeastDeterminant)] },
        ],
    };
}
