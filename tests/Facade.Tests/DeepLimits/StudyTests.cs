using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Facade.Tests.DeepLimits;

public sealed class StudyTests
{
    private static readonly DeepLimitOptions Shallow = new() { LastDepth = 32 };

    private static readonly Lazy<DeepLimitResult> Moons = new(() => DeepLimit.Study(LabelledData.Generate("moons"), Shallow));

    [Fact]
    public void Two_moons_have_the_minima_computed_elsewhere()
    {
        // E_n of an independent implementation, nine digits; the gradient is at most 10⁻⁸.
        (int Depth, double Objective)[] expected = [(4, .088569319), (8, .082863935), (16, .079698178), (32, .078024670)];
        Assert.True(Moons.Value.IsComplete);
        foreach (var (depth, objective) in expected)
        {
            var level = Moons.Value.Levels.Single(level => level.Depth == depth);
            Assert.Equal(objective, level.Objective, 1e-9);
            Assert.Equal(1, level.Accuracy);
        }

        // The limit .0762858, up to n⁻² at n = 32.
        Assert.Equal(.0762858, Moons.Value.LimitObjective!.Value, Moons.Value.LimitUncertainty!.Value);
        Assert.True(Moons.Value.LimitUncertainty < 1e-3);
    }

    [Fact]
    public void The_networks_of_a_study_compute_what_it_says()
    {
        var data = Moons.Value.Data;
        foreach (var level in Moons.Value.Levels)
        {
            var loss = data.Points.Zip(data.Labels, (point, label) =>
            {
                var z = level.Network.Run([.. point]).Output[0];
                return Math.Log(1 + Math.Exp(label == 1 ? -z : z));
            }).Average();
            Assert.Equal(level.DataTerm, loss, 1e-12);
        }
    }

    [Fact]
    public void A_study_does_not_depend_on_the_number_of_cores()
    {
        var alone = DeepLimit.Study(LabelledData.Generate("moons"), Shallow with { MaxDegreeOfParallelism = 1 });
        Assert.Equal(Moons.Value.ToJson(), alone.ToJson());
    }

    [Fact]
    public void An_interrupted_study_goes_on_to_the_same_bits()
    {
        var data = LabelledData.Generate("moons");
        using var source = new CancellationTokenSource();
        var stop = new Stop(source, _ => true);
        var first = DeepLimit.Study(data, Shallow, stop, source.Token);
        Assert.True(first.Interrupted);
        Assert.NotNull(first.Checkpoint);
        var second = DeepLimit.Resume(DeepLimitCheckpoint.Parse(first.Checkpoint.ToJson()), data, Shallow);
        Assert.Equal(Moons.Value.ToJson(), second.ToJson());
    }

    [Fact]
    public void A_checkpoint_of_other_data_or_options_or_one_that_is_damaged_is_refused()
    {
        var data = LabelledData.Generate("moons", 4);
        using var source = new CancellationTokenSource();
        var checkpoint = DeepLimit.Study(data, Shallow, new Stop(source, _ => true), source.Token).Checkpoint!;
        Assert.Contains("other data or options", Assert.Throws<DeepLimitCheckpointException>(() => DeepLimit.Resume(checkpoint, LabelledData.Generate("spirals", 4), Shallow)).Message, StringComparison.Ordinal);
        Assert.Contains("other data or options", Assert.Throws<DeepLimitCheckpointException>(() => DeepLimit.Resume(checkpoint, data, Shallow with { Alpha = 0.5 })).Message, StringComparison.Ordinal);
        var json = checkpoint.ToJson();
        Assert.Contains("is damaged", Assert.Throws<DeepLimitCheckpointException>(() => DeepLimitCheckpoint.Parse(json.Replace("\"depth\":4", "\"depth\":8", StringComparison.Ordinal))).Message, StringComparison.Ordinal);
        foreach (var text in new[] { "", "{}", "[1]", json[..(json.Length / 2)] })
        {
            Assert.Throws<DeepLimitCheckpointException>(() => DeepLimitCheckpoint.Parse(text));
        }
    }

    [Fact]
    public void Without_a_penalty_the_theorem_does_not_apply()
    {
        var data = LabelledData.Generate("moons", 4);
        Assert.Contains("theorem does not apply", Assert.Throws<DeepLimitException>(() => DeepLimit.Study(data, new() { Alpha = 0 })).Message, StringComparison.Ordinal);
        var result = DeepLimit.Study(data, new() { Alpha = 0, WithoutTheorem = true, LastDepth = 8, Iterations = 30, Starts = 1 });
        Assert.Contains("No theorem says", result.Sentence, StringComparison.Ordinal);
        Assert.Contains("\"theoremApplies\": false", result.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void More_features_than_the_width_and_depths_that_do_not_double_are_refused()
    {
        var data = LabelledData.Generate("moons", 4);
        Assert.Contains("found 1 for 2 features", Assert.Throws<DeepLimitException>(() => DeepLimit.Study(data, new() { Width = 1 })).Message, StringComparison.Ordinal);
        Assert.Contains("4 doubled some times", Assert.Throws<DeepLimitException>(() => DeepLimit.Study(data, new() { LastDepth = 24 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wider_networks_and_several_classes_are_learned_too()
    {
        var lines = Enumerable.Range(0, 30).Select(k => FormattableString.Invariant($"{Math.Cos(k)},{Math.Sin(k) + (k % 3 * 3)},{(char)('a' + (k % 3))}"));
        var data = LabelledData.Parse("u,v,kind\n" + string.Join('\n', lines)).Standardised();
        var result = DeepLimit.Study(data, new() { Width = 3, LastDepth = 8, Starts = 2 });
        Assert.Equal(["a", "b", "c"], data.Classes);
        Assert.Equal(1, result.Levels[^1].Accuracy);
        Assert.Equal(2, result.Levels[^1].Network.InputWidth);
        Assert.Equal(3, result.Levels[^1].Network.OutputWidth);
        Assert.StartsWith("<svg", result.RegionsToSvg(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_depth_that_cannot_begin_ends_the_study_with_what_is_known_and_the_reason()
    {
        // z + z³/3 with hardly a penalty: weights of depth 4 or 8 are too large for the prolonged start of the next depth; rounding decides of which.
        var result = DeepLimit.Study(LabelledData.Generate("moons"), new() { LastDepth = 16, Alpha = 1e-12, Activation = Activation.Cubic });

        var known = result.Levels.Select(level => level.Depth).ToArray();
        Assert.Contains(known, new int[][] { [4], [4, 8] });
        Assert.False(result.IsComplete);
        Assert.StartsWith($"Training ended before depth {2 * known[^1]}: The objective is not a finite number at the start", result.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", result.Sentence + result.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_study_reports_its_progress()
    {
        var seen = new List<DeepLimitProgress>();
        var result = await DeepLimit.StudyAsync(LabelledData.Generate("annuli", 8), new() { LastDepth = 8, Starts = 1 }, new Watch(seen.Add));
        Assert.NotEmpty(seen);
        Assert.Equal(1, seen[^1].Share);
        Assert.All(seen.Zip(seen.Skip(1)), pair => Assert.True(pair.First.Depth <= pair.Second.Depth));
        Assert.Equal(2, result.Levels.Count);
    }

    [Fact]
    public void Figures_show_every_depth_and_are_the_same_every_time()
    {
        var weights = Moons.Value.WeightsToSvg();
        Assert.Equal(weights, Moons.Value.WeightsToSvg());
        Assert.All(new[] { "n = 4<", "n = 8<", "n = 16<", "n = 32<", "K11", "b2" }, text => Assert.Contains(text, weights, StringComparison.Ordinal));
        Assert.Contains("n = 32, 100 % correct", Moons.Value.RegionsToSvg(), StringComparison.Ordinal);
    }

    private sealed class Stop(CancellationTokenSource source, Func<DeepLimitProgress, bool> isHere) : IProgress<DeepLimitProgress>
    {
        public void Report(DeepLimitProgress value)
        {
            if (isHere(value))
            {
                source.Cancel();
            }
        }
    }

    private sealed class Watch(Action<DeepLimitProgress> see) : IProgress<DeepLimitProgress>
    {
        public void Report(DeepLimitProgress value) => see(value);
    }
}
