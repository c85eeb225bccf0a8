using System;
using System.Linq;
using System.Threading;
using Xunit;

namespace LayerTime.Facade.Tests.NeuralOdes;

/// <summary>Flows as leaky-ReLU networks, from C#.</summary>
public sealed class VanillaTests
{
    // x′ = tanh(W x + b): every neuron is a term in the direction of its coordinate.
    private static NeuralOde Swirl() => NeuralOde.Of(1, LayerMap.Of(Layer.Dense(new[,] { { -0.5, 1 }, { -1, -0.25 } }, [0.1, 0], Activation.Tanh)));

    // One splitting and a coarse certificate: what is compiled is looked at here, not how sharp it is.
    private static readonly VanillaOptions Coarse = new() { Splitting = OdeSplitting.Strang, CellsPerSide = 6 };

    [Fact]
    public void The_network_follows_the_flow_within_its_bound_at_many_points()
    {
        var found = Swirl().ToVanilla(Box.Cube(2, 1), 0.05, options: Coarse);

        Assert.InRange(found.ErrorBound, 0, 0.05);
        var points = Enumerable.Range(0, 50).SelectMany(k => new[] { Math.Sin(k), Math.Cos(1.7 * k) }).ToArray();
        var images = found.Run(points);
        for (var k = 0; k < 50; k++)
        {
            var exact = Swirl().Solve(points.AsSpan(2 * k, 2), new() { RelativeTolerance = 1e-11, AbsoluteTolerance = 1e-11 }).Output!;
            Assert.True(Math.Sqrt(Math.Pow(images[2 * k] - exact[0], 2) + Math.Pow(images[(2 * k) + 1] - exact[1], 2)) <= found.ErrorBound);
            Assert.Equal(found.Network.Run(points.AsSpan(2 * k, 2)).Output.ToArray(), images[(2 * k)..((2 * k) + 2)]);
        }
    }

    [Fact]
    public void A_longer_horizon_takes_more_layers()
    {
        var box = Box.Cube(2, 1);
        Assert.True(Swirl().ToVanilla(box, 0.1, new Fraction(1, 2), Coarse).Depth > Swirl().ToVanilla(box, 0.1, new Fraction(1, 8), Coarse).Depth);
    }

    [Fact]
    public void What_fails_is_named()
    {
        var sine = NeuralOde.Of(1, LayerMap.Of(Layer.Dense(new double[,] { { 1 } }, [0], Activation.Sine)));
        Assert.Contains("sin", Assert.Throws<UnsuitableFlowException>(() => sine.ToVanilla(Box.Cube(1, 1), 0.1)).Message, StringComparison.Ordinal);
        Assert.True(Assert.Throws<NotCertifiableException>(() => Swirl().ToVanilla(Box.Cube(2, 1), 1e-3, options: Coarse with { MaxDepth = 30 })).Reachable > 1e-3);
        Assert.Throws<OperationCanceledException>(() => Swirl().ToVanilla(Box.Cube(2, 1), 1e-3, cancellationToken: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void The_inverse_of_exact_layers_is_exact()
    {
        var network = Network.FeedForward(
            Layer.Dense(new Fraction[,] { { 1, 3 }, { new(1, 4), 1 } }, [new(-1, 4), 0], Activation.LeakyRelu(new Fraction(2, 3))),
            Layer.Dense(new Fraction[,] { { 6, -12 }, { new(-3, 2), 4 } }, [1, new(-1, 4)]));
        Fraction[] x = [new(1, 3), new(2, 5)];

        Assert.Equal(x, network.Inverse().RunExact([.. network.RunExact(x).Output]).Output);
    }

    [Fact]
    public void The_grid_is_drawn_for_two_components_at_the_ends_of_steps()
    {
        var found = Swirl().ToVanilla(Box.Cube(2, 1), 0.1, options: Coarse);
        var picture = System.Xml.Linq.XDocument.Parse(found.ToSvg());
        string[] texts = [.. picture.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value)];

        Assert.Contains(texts, text => text.StartsWith("t = 0,", StringComparison.Ordinal));
        Assert.Contains(texts, text => text.EndsWith($"layer {found.Depth} of {found.Depth}", StringComparison.Ordinal));

        // 26 lines of 49 points for the flow, 13 and 13 for the network, in each picture.
        var paths = picture.Descendants().Where(element => element.Attribute("stroke")?.Value == "#1f6fb4").ToList();
        Assert.All(paths, path => Assert.Equal(13 * 49, path.Attribute("d")!.Value.Count(c => c is 'L' or 'M')));

        var line = NeuralOde.Of(1, LayerMap.Of(Layer.Dense(new double[,] { { 1 } }, [0], Activation.Tanh)));
        Assert.Throws<InvalidOperationException>(() => line.ToVanilla(Box.Cube(1, 1), 0.1, options: Coarse).ToSvg());
    }

    [Fact]
    public void The_picture_of_depth_against_error_has_a_point_for_every_prediction()
    {
        VanillaPrediction Row(int steps, long depth) => new() { Splitting = OdeSplitting.Strang, Steps = steps, CertifiedSteps = 2, Depth = depth, SplittingError = 0.01, TableError = 0.01 };
        var picture = System.Xml.Linq.XDocument.Parse(VanillaPrediction.ToSvg([0.1, 0.01], [[Row(2, 100)], [Row(6, 1000)]]));

        // Filled for the plan that was certified itself, hollow for the other; one of each in the key.
        var marks = picture.Descendants().Where(element => element.Name.LocalName == "circle").Select(element => element.Attribute("fill")!.Value == "#fff").ToList();
        Assert.Equal([false, true, false, true], marks);
        Assert.Contains(picture.Descendants(), element => element.Value == "predicted slope −1, seen −1.00");
        Assert.Throws<ArgumentException>(() => VanillaPrediction.ToSvg([0.1], []));
    }
}
