using System;
using System.Linq;
using LayerTime.Facade.Tests.Censuses;
using Xunit;

namespace LayerTime.Facade.Tests.NeuralOdes;

/// <summary>Networks as augmented neural ODEs, exactly.</summary>
public sealed class EmbeddingTests
{
    // x₁² + x₁x₂ as (x₁ + x₂/2)² − (x₂/2)².
    private static Network Saddle { get; } = Network.FeedForward(
        Layer.Dense(new Fraction[,] { { 1, new(1, 2) }, { 0, new(1, 2) } }, [0, 0], Activation.Square),
        Layer.Dense(new Fraction[,] { { 1, -1 } }, [0]));

    [Fact]
    public void One_dimension_more_than_inputs_represents_the_function()
    {
        var ode = Saddle.Embed(3);

        Assert.Equal((NumberKind.Exact, 2, 3, 1, (Fraction)3), (ode.Numbers, ode.InputWidth, ode.Dimension, ode.OutputWidth, ode.Horizon));

        // Euler's method in four steps of 3/4 on numbers that stay short: exact but for 1/3 as a float, three roundings.
        var output = ode.Solve([1.5, -0.25], new() { Method = OdeMethod.Parse("euler"), Steps = 4 }).Output!;
        Assert.Equal((1.5 * 1.5) - (1.5 * 0.25), output[0], 1e-15);
    }

    [Fact]
    public void Every_method_runs_a_float_network_to_its_output()
    {
        var ode = Landscapes.A241.Embed();

        Assert.Equal((NumberKind.Float, 3), (ode.Numbers, ode.Dimension));
        foreach (var point in new double[][] { [0.3, -0.7], [-2, 1.5], [0, 0] })
        {
            var expected = Landscapes.A241.Run(point).Output[0];

            // One step of Euler's method is the network itself: the sum of the same products.
            Assert.Equal(expected, ode.Solve(point, new() { Method = OdeMethod.Parse("euler"), Steps = 1 }).Output![0], 1e-15);
            Assert.Equal(expected, ode.Solve(point, new() { Method = OdeMethod.Parse("rk4"), Steps = 7 }).Output![0], 1e-14);

            // An enclosure knows nothing of the construction.
            var side = ode.Enclose(new([.. point.Select(x => new Interval(x, x))])).Output!.Values[0];
            Assert.InRange(expected, side.Lower - 1e-15, side.Upper + 1e-15);
            Assert.True(side.Width < 1e-13);
        }
    }

    [Fact]
    public void The_census_of_the_embedding_is_that_of_the_network()
    {
        var box = new Box(new Interval(-2, 2));
        var network = Landscapes.Parabola;
        var (plain, embedded) = (network.CriticalPoints(box), network.Embed().CriticalPoints(box));

        Assert.True(plain.IsComplete && embedded.IsComplete);
        Assert.Equal(plain.Degree, embedded.Degree);
        var (a, b) = (Assert.Single(plain.Points), Assert.Single(embedded.Points));
        Assert.Equal(a.Index, b.Index);
        Assert.True(a.Point[0].Lower <= b.Point[0].Upper && b.Point[0].Lower <= a.Point[0].Upper);
    }

    [Fact]
    public void What_has_no_embedding_is_refused()
    {
        var two = Network.FeedForward(Layer.Dense(new double[,] { { 1 }, { 2 } }, [0, 0]));

        Assert.Contains("2 outputs", Assert.Throws<ConversionException>(() => two.Embed()).Message, StringComparison.Ordinal);
        Assert.Contains("feed-forward", Assert.Throws<ConversionException>(() => Claims.OwnClaims.Still(2).Embed()).Message, StringComparison.Ordinal);
        Assert.Contains("1/T", Assert.Throws<ConversionException>(() => Landscapes.A241.Embed(3)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Landscapes.A241.Embed(0));
    }
}
