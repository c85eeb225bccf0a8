using System;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Facade.Tests.Censuses;

public sealed class CensusDoorTests
{
    [Fact]
    public void The_box_has_one_side_for_each_input()
    {
        var exception = Assert.Throws<ArgumentException>(() => Landscapes.A241.CriticalPoints(Box.Cube(3, 1)));

        Assert.Equal("box", exception.ParamName);
        Assert.Contains("dimension 3; 2 is expected", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vector_has_no_critical_points()
    {
        var network = Network.FeedForward(Layer.Dense(new double[,] { { 1 }, { 2 } }, [0, 0], Activation.Tanh));
        var exception = Assert.Throws<UnsuitableNetworkException>(() => network.CriticalPoints(Box.Cube(1, 1)));

        Assert.Equal("2 outputs", Assert.Single(exception.Defects).Found);
        Assert.Contains("only a scalar function", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kink_has_no_Hessian_and_the_message_says_which_theorem_needs_it()
    {
        foreach (var activation in new[] { Activation.Relu, Activation.LeakyRelu(0.1) })
        {
            var plain = Assert.Throws<UnsuitableNetworkException>(() => Landscapes.Neuron(activation).CriticalPoints(Box.Cube(1, 1)));
            var residual = Assert.Throws<UnsuitableNetworkException>(
                () => Network.Residual(1, Layer.Dense(new double[,] { { 1 } }, [0], activation)).CriticalPoints(Box.Cube(1, 1)));

            Assert.All(new[] { plain, residual }, exception =>
            {
                Assert.Contains(activation.ToString().Split(' ')[0], exception.Message, StringComparison.Ordinal);
                Assert.Contains("the theorem that critical points are non-degenerate for almost all weights", exception.Message, StringComparison.Ordinal);
                Assert.Contains("does not exist at a kink", exception.Message, StringComparison.Ordinal);
            });
        }
    }

    [Fact]
    public void Every_defect_is_listed()
    {
        var network = Network.FeedForward(
            Layer.Dense(new double[,] { { 1 } }, [0], Activation.Relu),
            Layer.Dense(new double[,] { { 1 }, { 2 } }, [0, 0], Activation.Tanh, Activation.Relu));

        Assert.True(Assert.Throws<UnsuitableNetworkException>(() => network.CriticalPoints(Box.Cube(1, 1))).Defects.Count >= 3);
    }

    [Fact]
    public async Task Asynchronous_calls_fail_in_the_same_way()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Landscapes.A241.CriticalPointsAsync(Box.Cube(1, 1)));
        await Assert.ThrowsAsync<UnsuitableNetworkException>(() => Landscapes.Neuron(Activation.Relu).CriticalPointsAsync(Box.Cube(1, 1)));
    }

    [Fact]
    public void Weights_are_finite_long_before_a_census()
    {
        Assert.Throws<ArgumentException>(() => Layer.Dense(new[,] { { double.NaN } }, [0], Activation.Tanh));
        Assert.Throws<NetworkFormatException>(() => Network.Parse(
            """{ "format": "layertime/1", "numbers": "float", "architecture": "feed-forward", "layers": [{ "weights": [[NaN]], "bias": [0], "activation": "tanh" }] }"""));
    }

    [Fact]
    public void Options_are_checked()
    {
        Assert.Equal("Tolerance", Assert.Throws<ArgumentOutOfRangeException>(() => new CensusOptions { Tolerance = 0 }).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CensusOptions { Tolerance = double.NaN });
        Assert.Equal("MaxBoxes", Assert.Throws<ArgumentOutOfRangeException>(() => new CensusOptions { MaxBoxes = -1 }).ParamName);
        Assert.Equal("MaxDegreeOfParallelism", Assert.Throws<ArgumentOutOfRangeException>(() => new CensusOptions { MaxDegreeOfParallelism = 0 }).ParamName);
        Assert.Equal((1.0 / 1024, 200_000L, false), (new CensusOptions().Tolerance, new CensusOptions().MaxBoxes, new CensusOptions().MoveFaces));
    }

    [Fact]
    public void Nothing_may_be_null()
    {
        Assert.Equal("box", Assert.Throws<ArgumentNullException>(() => Landscapes.A241.CriticalPoints((Box)null!)).ParamName);
        Assert.Equal("paving", Assert.Throws<ArgumentNullException>(() => Landscapes.A241.CriticalPoints((CensusPaving)null!)).ParamName);
        Assert.Equal("path", Assert.Throws<ArgumentNullException>(() => CensusPaving.Load(null!)).ParamName);
        Assert.Equal("json", Assert.Throws<ArgumentNullException>(() => CensusPaving.Parse(null!)).ParamName);
        Assert.Equal("text", Assert.Throws<ArgumentNullException>(() => Box.Parse(null!)).ParamName);
    }

    [Fact]
    public void A_side_without_width_is_searched_all_the_same()
    {
        // The minimum is at −1, which is the whole box: it lies on the boundary, and that is what is said.
        var result = Landscapes.Parabola.CriticalPoints(Box.Parse("[-1,-1]"));

        Assert.False(result.IsComplete);
        Assert.Contains(result.Undecided, region => region.Box.Contains([-1.0]));
        Assert.True(Landscapes.Parabola.CriticalPoints(Box.Parse("[2,2]")).IsComplete);
    }
}
