using System;
using System.Linq;
using Xunit;

namespace LayerTime.Facade.Tests.Networks;

public sealed class NormalFormTests
{
    private static readonly Activation[] Smooth = [Activation.Tanh, Activation.Logistic, Activation.Softplus, Activation.Sine, Activation.Cubic];

    private static Network Exact(Activation activation, params string[][] layers) => Network.FeedForward(
        [.. layers.Select((layer, l) => LayerMap.FromLayer(Layer.Dense(Rows(layer[..^1]), Samples.Row(layer[^1]), l == layers.Length - 1 ? Activation.Identity : activation)))]);

    private static Fraction[,] Rows(string[] rows)
    {
        Fraction[][] numbers = [.. rows.Select(Samples.Row)];
        var table = new Fraction[numbers.Length, numbers[0].Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            for (var j = 0; j < numbers[0].Length; j++)
            {
                table[i, j] = numbers[i][j];
            }
        }

        return table;
    }

    private static Network Deficient => Exact(
        Activation.Cubic,
        ["1 0", "1 1", "0 2", "1/2 0 -1"],
        ["1 0 1", "2 0 2", "1/2 1"],
        ["1 1", "0"]);

    /// <summary>Random floats with small integers among them, so that zeros, ties and low ranks occur.</summary>
    private static Network Random(int seed, Activation[] activations)
    {
        var random = new Random(seed);
        int[] widths = [.. Enumerable.Range(0, random.Next(2, 5)).Select(_ => random.Next(1, 4)), 1];
        return Network.FeedForward([.. Enumerable.Range(0, widths.Length - 1).Select(l =>
        {
            var weights = new double[widths[l + 1], widths[l]];
            for (var e = 0; e < weights.Length; e++)
            {
                weights[e / widths[l], e % widths[l]] = random.Next(4) == 0 ? random.NextDouble() : random.Next(-1, 3);
            }

            double[] bias = [.. Enumerable.Range(0, widths[l + 1]).Select(_ => (double)random.Next(-1, 2))];
            return LayerMap.FromLayer(Layer.Dense(weights, bias, l == widths.Length - 2 ? Activation.Identity : activations[random.Next(activations.Length)]));
        })]);
    }

    [Fact]
    public void The_normal_form_has_the_same_output_exactly()
    {
        var network = Deficient;
        var form = network.NormalForm();

        Assert.True(form.IsExact);
        Assert.Equal([2, 2, 2, 1], form.Widths);
        Assert.Equal([2, 1], form.Ranks);
        Assert.Equal("hidden layer 0, neuron 1 is read by nothing", Assert.Single(form.Removed).Reason);
        Assert.Equal(NumberKind.Exact, form.ToNetwork().Numbers);
        Assert.Equal(form.ToJson(), form.ToNetwork().ToJson());
        foreach (var input in new[] { "0 0", "1/3 -2", "-1 5/7" })
        {
            Assert.Equal(network.RunExact(Samples.Row(input)).Output, form.ToNetwork().RunExact(Samples.Row(input)).Output);
        }
    }

    [Fact]
    public void Floats_are_brought_down_as_the_fractions_they_are()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var network = Random(seed, [Activation.Square, Activation.Relu, Activation.LeakyRelu(0.25)]);
            var (floats, exact) = (network.NormalForm(), network.ToExact().NormalForm());
            Fraction[] input = [.. Enumerable.Range(0, network.InputWidth).Select(i => new Fraction(i + 1, 3))];

            Assert.Equal(exact.Widths, floats.Widths);
            Assert.Equal(exact.Ranks, floats.Ranks);
            Assert.Equal(exact.Removed, floats.Removed);
            Assert.Equal(exact.InputMap(), floats.InputMap());
            Assert.Equal(network.ToExact().RunExact(input).Output, exact.ToNetwork().RunExact(input).Output);
        }
    }

    [Fact]
    public void Fractions_that_are_no_floats_are_written_out_and_rounded_by_the_reader()
    {
        // [3 1] = 3·[1 1/3], and 1/3 is no float.
        var network = Network.FeedForward(
            Layer.Dense(new double[,] { { 3, 1 } }, [0], Activation.Tanh), Layer.Dense(new double[,] { { 1 } }, [0]));
        var form = network.NormalForm();
        var read = Network.Parse(form.ToJson());

        Assert.Contains("\"1/3\"", form.ToJson(), StringComparison.Ordinal);
        Assert.Equal(new Fraction(1, 3), form.InputMap()[0, 1]);
        Assert.Equal(1.0 / 3, read.Lift!.Layers[0].WeightsAsFloats()[0, 1]);
        Assert.Equal(form.ToNetwork().ToJson(), read.ToJson());
    }

    [Fact]
    public void What_is_written_is_read_back_as_the_network_of_the_form()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var form = Random(seed, Smooth).NormalForm();

            Assert.Equal(form.ToNetwork().ToJson(), Network.Parse(form.ToJson()).ToJson());
        }
    }

    [Fact]
    public void A_class_says_what_follows_for_critical_points()
    {
        var found = Deficient.Classify();

        Assert.Equal(WidthClass.Augmented, found.ByWidths);
        Assert.Equal(WidthClass.Bottleneck, found.Effective);
        Assert.Equal([2, 2, 2, 1, 2, 1], found.EffectiveWidths);
        Assert.Equal(CriticalPoints.DegenerateBehindDeficientMatrix, found.CriticalPoints);
        Assert.Equal(3, found.Explanation.Count - 1);
        Assert.EndsWith("critical points are degenerate.", found.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1 0", "0 1", CriticalPoints.None)]
    [InlineData("1 2", "2 4", CriticalPoints.Degenerate)]
    [InlineData("0 0", "0 0", CriticalPoints.Everywhere)]
    public void The_ranks_decide(string first, string second, CriticalPoints expected)
    {
        var network = Exact(Activation.Cubic, [first, second, "0 1"], ["1 -1", "0"]);

        Assert.Equal(expected, network.Classify().CriticalPoints);
        Assert.Equal(expected == CriticalPoints.Everywhere, network.NormalForm().Constant is not null);
    }

    [Theory]
    [InlineData("tanh", CriticalPoints.None)]
    [InlineData("leaky", CriticalPoints.NoExtremum)]
    [InlineData("relu", CriticalPoints.Undecided)]
    [InlineData("sin", CriticalPoints.Undecided)]
    public void Activations_outside_the_theorems_are_named(string name, CriticalPoints expected)
    {
        var activation = name switch
        {
            "tanh" => Activation.Tanh,
            "leaky" => Activation.LeakyRelu(0.25),
            "relu" => Activation.Relu,
            _ => Activation.Sine,
        };
        var found = Network.FeedForward(
            Layer.Dense(new double[,] { { 1, 0 }, { 0, 1 } }, [0, 0], activation), Layer.Dense(new double[,] { { 1, 1 } }, [0])).Classify();

        Assert.Equal(expected, found.CriticalPoints);
        Assert.Equal(expected == CriticalPoints.Undecided, found.ToString().Contains(name, StringComparison.Ordinal));
    }

    [Fact]
    public void Networks_without_a_class_say_why()
    {
        var residual = Network.Residual(0.5, Layer.Dense(new double[,] { { 1 } }, [0], Activation.Tanh));
        var wide = Network.FeedForward(Layer.Dense(new double[,] { { 1 }, { 2 } }, [0, 0]));

        Assert.Equal("a feed-forward network", Assert.Single(Assert.Throws<InvalidNetworkException>(() => residual.Classify()).Defects).Expected);
        Assert.Equal("a feed-forward network", Assert.Single(Assert.Throws<InvalidNetworkException>(() => residual.NormalForm()).Defects).Expected);
        Assert.Equal("2 outputs", Assert.Single(Assert.Throws<InvalidNetworkException>(() => wide.Classify()).Defects).Found);
        Assert.Equal([1, 2], wide.NormalForm().Widths);
    }

    [Fact]
    public void The_cubic_activation_is_exact_and_smooth()
    {
        var network = Exact(Activation.Cubic, ["2", "1"], ["1", "0"]);

        Assert.True(Activation.Cubic.IsExact);
        Assert.Equal("cubic", Activation.Cubic.ToString());

        // t = 2·1/2 + 1 = 2, t + t³/3 = 14/3.
        Assert.Equal([new Fraction(14, 3)], network.RunExact([new Fraction(1, 2)]).Output);
        Assert.Equal(14.0 / 3, network.ToFloat().Run([0.5]).Output.Single(), 1e-15);
        Assert.Equal(network.ToJson(), Network.Parse(network.ToJson()).ToJson());
    }
}
