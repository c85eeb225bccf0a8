using System;
using System.Linq;
using Xunit;

namespace LayerTime.Facade.Tests.Networks;

/// <summary>What does not fit is refused at the door, with the name of the parameter or of every layer.</summary>
public sealed class DoorTests
{
    private static readonly Layer Small = Layer.Dense(new double[,] { { 1 } }, [0]);

    [Fact]
    public void Every_mismatched_layer_is_named_with_what_was_found_and_expected()
    {
        var exception = Assert.Throws<InvalidNetworkException>(() =>
            Network.FeedForward(Samples.Constant(1, 3, 2), Samples.Constant(1, 2, 4), Samples.Constant(1, 5, 2), Samples.Constant(1, 1, 4)));

        Assert.Equal(["layer 1", "layer 3"], exception.Defects.Select(defect => defect.Where));
        Assert.Equal("layer 1: found a map from 4 to 2 numbers, expected 3 columns, the width of layer 0", exception.Defects[0].ToString());
    }

    [Fact]
    public void Depth_zero_and_order_zero_are_refused() =>
        Assert.Multiple(
            () => Assert.Contains("depth 0", Assert.Throws<InvalidNetworkException>(() => Network.Residual(1)).Message, StringComparison.Ordinal),
            () => Assert.Contains("order 0", Assert.Throws<InvalidNetworkException>(() => Network.Smooth(0, 1, Small)).Message, StringComparison.Ordinal),
            () => Assert.Contains("order -1", Assert.Throws<InvalidNetworkException>(() => Network.Master(-1, 1, [[Small]])).Message, StringComparison.Ordinal),
            () => Assert.Equal("order", Assert.Throws<ArgumentOutOfRangeException>(() => Network.Smooth(1001, 1, Small)).ParamName));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_step_is_finite_and_positive(double step) =>
        Assert.Equal("step", Assert.Throws<ArgumentOutOfRangeException>(() => Network.Residual(step, Small)).ParamName);

    [Fact]
    public void Numbers_are_finite_and_their_place_is_told()
    {
        var exception = Assert.Throws<ArgumentException>(() => Layer.Dense(new double[,] { { 1, double.NaN } }, [0]));

        Assert.Equal("weights", exception.ParamName);
        Assert.Contains("index 1 is NaN", exception.Message, StringComparison.Ordinal);
        Assert.Equal("bias", Assert.Throws<ArgumentException>(() => Layer.Dense(new double[,] { { 1 } }, [double.NegativeInfinity])).ParamName);
        Assert.Equal("input", Assert.Throws<ArgumentException>(() => Network.Residual(1, Small).Run([double.NaN])).ParamName);
        Assert.Equal("slope", Assert.Throws<ArgumentOutOfRangeException>(() => Activation.LeakyRelu(double.NaN)).ParamName);
    }

    [Fact]
    public void Nothing_may_be_null()
    {
        Assert.Equal("weights", Assert.Throws<ArgumentNullException>(() => Layer.Dense((double[,])null!, [0])).ParamName);
        Assert.Equal("bias", Assert.Throws<ArgumentNullException>(() => Layer.Dense(new double[1, 1], null!)).ParamName);
        Assert.Equal("maps", Assert.Throws<ArgumentNullException>(() => Network.FeedForward(null!)).ParamName);
        Assert.Throws<ArgumentException>(() => Network.FeedForward(Small, null!));
        Assert.Throws<ArgumentException>(() => Network.AdditiveDense([Small], null!));
        Assert.Equal("path", Assert.Throws<ArgumentNullException>(() => Network.Load(null!)).ParamName);
        Assert.Equal("json", Assert.Throws<ArgumentNullException>(() => Network.Parse(null!)).ParamName);
        Assert.Equal("layer", Assert.Throws<ArgumentNullException>(() => LayerMap.FromLayer(null!)).ParamName);
        Assert.Equal("network", Assert.Throws<ArgumentNullException>(() => StateSpace.Of(null!)).ParamName);
    }

    [Fact]
    public void An_input_has_the_width_of_a_state_or_of_a_history()
    {
        var network = Network.Smooth(3, 1, Small);
        var exception = Assert.Throws<ArgumentException>(() => network.Run([1, 2]));

        Assert.Equal("input", exception.ParamName);
        Assert.Contains("has 2 numbers; 1 (the state x(0)) or 3 (a history of 3 states) are expected", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kinds_of_numbers_do_not_mix_in_silence()
    {
        var exact = Layer.Dense(new Fraction[,] { { 1 } }, [0]);

        Assert.Throws<ArgumentException>(() => Network.FeedForward(Small, exact));
        Assert.Throws<ArgumentException>(() => LayerMap.Of(Small, exact));
        Assert.Equal("step", Assert.Throws<ArgumentException>(() => Network.Residual(new Fraction(1, 3), Small)).ParamName);
        Assert.Equal("lift", Assert.Throws<ArgumentException>(() => Network.Residual(1, Small).WithLift(exact)).ParamName);
        Assert.Contains("RunExact", Assert.Throws<InvalidOperationException>(() => Network.Residual(1, exact).Run([1])).Message, StringComparison.Ordinal);
        Assert.Contains("ToExact", Assert.Throws<InvalidOperationException>(() => Network.Residual(1, Small).RunExact([1])).Message, StringComparison.Ordinal);
        Assert.Contains("tanh", Assert.Throws<ArgumentException>(() => Layer.Dense(new Fraction[,] { { 1 } }, [0], Activation.Tanh)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_of_a_trajectory_are_checked()
    {
        var run = Network.Smooth(2, 1, Small).Run([1]);

        Assert.Equal(-1, run.FirstLayer);
        Assert.Equal("layer", Assert.Throws<ArgumentOutOfRangeException>(() => run[-2]).ParamName);
        Assert.Equal("layer", Assert.Throws<ArgumentOutOfRangeException>(() => run.Width(2)).ParamName);
    }

    [Fact]
    public void Nobody_changes_a_trajectory_or_a_network_from_outside()
    {
        var bias = new double[] { 1 };
        var network = Network.Residual(1, Layer.Dense(new double[,] { { 0 } }, bias));
        bias[0] = 7;
        var run = network.Run([0]);
        run.Output[0] = 9;
        run[1][0] = 9;

        Assert.Equal([1.0], run.Output);
    }
}
