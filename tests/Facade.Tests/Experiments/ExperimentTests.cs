using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Xunit;

namespace LayerTime.Facade.Tests.Experiments;

public sealed class ExperimentTests
{
    private static readonly ExperimentOptions Once = new() { Seeds = 1 };

    [Fact]
    public void Names_and_titles_are_those_of_the_papers_experiments()
    {
        Assert.Equal(["nested-intervals", "phase-plane", "state-dimension", "concentric-classes", "glyphs", "additive-energy"], Experiment.Names);
        Assert.All(Experiment.Names, name => Assert.EndsWith(".", Experiment.Title(name), StringComparison.Ordinal));
    }

    [Fact]
    public void A_theorem_says_how_it_is_checked_and_an_observation_does_not()
    {
        var result = Experiment.Run("nested-intervals", Once);

        Assert.True(result.AllHold);
        Assert.Equal([Evidence.Certified, null], result.Findings.Select(finding => finding.Theorem));
        Assert.Equal(5, result.Rows.Count);
        Assert.All(result.Rows, row => Assert.Single(row.Measures[0].Values));
    }

    [Fact]
    public void The_same_seed_gives_the_same_document_and_picture_on_any_number_of_cores()
    {
        var one = Experiment.Run("additive-energy", Once with { MaxDegreeOfParallelism = 1 });
        var two = Experiment.Run("additive-energy", Once with { MaxDegreeOfParallelism = 2 });
        var other = Experiment.Run("additive-energy", Once with { FirstSeed = 2 });

        Assert.Equal(one.ToJson(), two.ToJson());
        Assert.Equal(one.ToSvg(), two.ToSvg());
        Assert.NotEqual(one.ToJson(), other.ToJson());
    }

    [Fact]
    public void Progress_counts_trainings_and_cancellation_ends_them()
    {
        var seen = new List<ExperimentProgress>();
        Experiment.Run("additive-energy", Once with { MaxDegreeOfParallelism = 1 }, new Immediate(seen.Add));

        Assert.Equal([1, 2], seen.Select(progress => progress.Trainings));
        Assert.All(seen, progress => Assert.Equal(2, progress.TrainingsTotal));
        Assert.Throws<OperationCanceledException>(() => Experiment.Run("additive-energy", Once, null, new CancellationToken(true)));
    }

    [Fact]
    public void An_unknown_name_or_no_seed_is_refused()
    {
        Assert.StartsWith("There is no experiment mnist; there are nested-intervals,", Assert.Throws<ArgumentException>(() => Experiment.Run("mnist")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExperimentOptions { Seeds = 0 });
    }

    private sealed class Immediate(Action<ExperimentProgress> report) : IProgress<ExperimentProgress>
    {
        public void Report(ExperimentProgress value) => report(value);
    }
}
