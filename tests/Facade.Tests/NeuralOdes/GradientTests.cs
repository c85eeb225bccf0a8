using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Xunit;

namespace LayerTime.Facade.Tests.NeuralOdes;

/// <summary>Gradients of neural ODEs: against residual networks, against differences of what was computed, and along the solution.</summary>
public sealed class GradientTests
{
    public static TheoryData<string> All => [.. OdeMethod.Names.Select(name => name.Replace("-N", "-6", StringComparison.Ordinal))];

    [Fact]
    public void Eulers_gradient_is_that_of_the_residual_network()
    {
        Layer[] fields = [.. Enumerable.Range(1, 4).Select(i => Layer.Dense(new[,] { { 0.3 * i, -1 }, { 1, 0.2 } }, [0.1, -0.2 * i], Activation.Tanh))];
        var network = Network.Residual(0.25, [.. fields.Select(LayerMap.FromLayer)]).Gradient([0.7, -0.3], [1, -2]);
        var ode = NeuralOde.PiecewiseConstant(1, [.. fields.Select(LayerMap.FromLayer)]).Gradient([0.7, -0.3], [1, -2], new() { Method = OdeMethod.Euler, Steps = 4 });

        // The same products and sums, in another order: some units of the last place.
        Close(network.Input, ode.Input, 1e-14);
        for (var l = 0; l < 4; l++)
        {
            Close(network.Momentum(l), ode.Momentum.Momenta[l], 1e-14);
            Close(network.Layers[l][0][0].Weights.Cast<double>(), ode.Pieces[l][0][0].Weights.Cast<double>(), 1e-14);
            Close(network.Layers[l][0][0].Bias, ode.Pieces[l][0][0].Bias, 1e-14);
        }

        Assert.Equal([0, 0.25, 0.5, 0.75, 1], ode.Momentum.Times);
        Assert.Equal([1, -2], ode.Momentum.Momenta[4]);
        Assert.Equal(ode.Solution.State, ode.Momentum.States[4]);
    }

    // q′ = sin p, p′ = −W(t)q with weights that change with time and jump, so that every method has its form; through a lift and a readout.
    private static NeuralOde Kicked(double[] θ)
    {
        LayerMap First(double k) => LayerMap.Of(Layer.Dense(new[,] { { k, 0 }, { 0, 1 } }, [θ[1], 0], Activation.Identity, Activation.Sine), Layer.Dense(new double[,] { { 0, 1 }, { -1, 0 } }, [0, 0]));
        var slope = LayerMap.Of(Layer.Dense(new[,] { { θ[2], 0 }, { 0, 0 } }, [0, 0]), Layer.Dense(new double[,] { { 0, 0 }, { 0, 0 } }, [0, 0]));
        return NeuralOde.Of(new FieldPiece(new(1, 2), First(θ[0]), slope), new FieldPiece(1, First(2)))
            .WithLift(Layer.Dense(new[,] { { θ[3] }, { 1 } }, [0, θ[4]], Activation.Tanh))
            .WithReadout(Layer.Dense(new[,] { { 1, θ[5] } }, [0], Activation.Sine));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_method_has_the_gradient_of_what_it_computes(string name)
    {
        double[] θ = [1.5, 0.3, -0.7, 0.8, -0.2, 0.6, 0.4];
        var options = new SolveOptions { Method = OdeMethod.Parse(name), Steps = 6 };
        double Loss(double[] θ) => Kicked(θ).Solve([θ[6]], options).Output![0];
        var gradient = Kicked(θ).Gradient([θ[6]], [1], options);
        double[] found =
        [
            gradient.Pieces[0][0][0].Weights[0, 0],
            gradient.Pieces[0][0][0].Bias[0] + gradient.Pieces[1][0][0].Bias[0],
            gradient.Pieces[0][1][0].Weights[0, 0],
            gradient.Lift[0].Weights[0, 0],
            gradient.Lift[0].Bias[1],
            gradient.Readout[0].Weights[0, 1],
            gradient.Input[0],
        ];

        // Central differences with ε = 1e-5 miss by ε²/6 times the third derivative, and by rounding over ε: below 1e-8 for numbers near 1. The
        // equations of implicit steps are solved to some roundings only.
        for (var i = 0; i < θ.Length; i++)
        {
            double Moved(double ε) => Loss([.. θ.Select((value, j) => i == j ? value + ε : value)]);
            Assert.Equal((Moved(1e-5) - Moved(-1e-5)) / 2e-5, found[i], 1e-8);
        }

        Assert.Equal(gradient.Solution.Steps + 1, gradient.Momentum.Times.Count);
        Assert.Equal(gradient.Solution.Times, gradient.Momentum.Times);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Checkpoints_change_no_bit_of_the_gradient(string name)
    {
        double[] θ = [1.5, 0.3, -0.7, 0.8, -0.2, 0.6, 0.4];
        var options = new SolveOptions { Method = OdeMethod.Parse(name), Steps = 40 };
        var all = Kicked(θ).Gradient([θ[6]], [1], options);
        Assert.Equal(0, all.RepeatedSteps);

        foreach (var checkpointing in new[] { Checkpointing.SquareRoot, Checkpointing.Binomial(1), Checkpointing.Binomial(4) })
        {
            var some = Kicked(θ).Gradient([θ[6]], [1], options with { Checkpointing = checkpointing });
            Assert.Equal(Numbers(all), Numbers(some));
            Assert.True(some.RepeatedSteps > 0);

            // What stays of the momentum: at the start, at the jump of the weights, at the end.
            Assert.Equal([0, 0.5, 1], some.Momentum.Times);
            Assert.Equal(some.Momentum.Times.Select(time => all.Momentum.Momenta[all.Momentum.Times.ToList().IndexOf(time)]), some.Momentum.Momenta);
            Assert.Equal(some.Momentum.Times.Select(time => all.Momentum.States[all.Momentum.Times.ToList().IndexOf(time)]), some.Momentum.States);
        }

        static IEnumerable<double> Numbers(NeuralOdeGradient gradient) =>
            [.. gradient.Input, .. gradient.Lift.Concat(gradient.Pieces.SelectMany(piece => piece).SelectMany(layers => layers)).Concat(gradient.Readout)
                .SelectMany(layer => layer.Weights.Cast<double>().Concat(layer.Bias))];
    }

    [Fact]
    public void A_long_way_back_with_few_checkpoints_repeats_the_fewest_steps()
    {
        var decay = NeuralOde.Of(1, Layer.Dense(new double[,] { { -1 } }, [0], Activation.Tanh));
        SolveOptions Options(Checkpointing checkpointing) => new() { Method = OdeMethod.RungeKutta4, Steps = 1001, Checkpointing = checkpointing };

        // C(4 + 10, 10) = 1001: 4·1001 − C(14, 11) = 3640 repetitions with ten states (Griewank 1992).
        Assert.Equal(3640, decay.Gradient([1], [1], Options(Checkpointing.Binomial(10))).RepeatedSteps);
        Assert.Equal(Checkpointing.Binomial(10), Checkpointing.Binomial(10));
        Assert.Throws<ArgumentOutOfRangeException>(() => Checkpointing.Binomial(0));
    }

    [Fact]
    public void Adaptive_steps_are_held_fixed_and_the_momentum_is_near_the_true_one()
    {
        // x′ = −x: a(t) = e^(t−1) and dLoss/dx(0) = 1/e.
        var decay = NeuralOde.Of(1, Layer.Dense(new double[,] { { -1 } }, [0]));
        var path = decay.Momentum([3], [1], new() { RelativeTolerance = 1e-8, AbsoluteTolerance = 1e-10 });

        Assert.True(path.Times.Count > 4);
        for (var i = 0; i < path.Times.Count; i++)
        {
            Assert.Equal(Math.Exp(path.Times[i] - 1), path.Momenta[i][0], 1e-6);
            Assert.Equal(3 * Math.Exp(-path.Times[i]), path.States[i][0], 1e-6);
        }
    }

    [Fact]
    public void The_pairing_with_a_tangent_is_constant_to_the_last_bits()
    {
        // The tangent of a linear field is a solution itself.
        var rotation = NeuralOde.Of(2, Layer.Dense(new double[,] { { 0, 1 }, { -1, 0 } }, [0, 0]));
        var options = new SolveOptions { Method = OdeMethod.RungeKutta4, Steps = 20 };
        var (path, tangent) = (rotation.Momentum([1, 0], [0.3, -0.7], options), rotation.Solve([0.2, 0.9], options));
        var pairings = path.Momenta.Select((a, i) => (a[0] * tangent.StateAt(i)[0]) + (a[1] * tangent.StateAt(i)[1])).ToList();

        // 20 steps with about 60 roundings of numbers below 1.
        Assert.All(pairings, pairing => Assert.Equal(pairings[0], pairing, 20 * 60 * 1.2e-16));
    }

    [Fact]
    public void Backwards_and_part_of_the_way()
    {
        var decay = NeuralOde.Of(1, Layer.Dense(new double[,] { { -1 } }, [0])).WithReadout(Layer.Dense(new double[,] { { 5 } }, [0]));
        var options = new SolveOptions { RelativeTolerance = 1e-9, AbsoluteTolerance = 1e-9 };

        Assert.Equal(5 / Math.E, decay.Gradient([1], [1], options).Input[0], 1e-6);
        Assert.Equal(Math.Exp(-0.5), decay.Gradient([1], [1], options with { To = new(1, 2) }).Input[0], 1e-6);
        Assert.Equal(Math.E, decay.Gradient([1], [1], options with { From = 1, To = 0 }).Input[0], 1e-6);
        Assert.Empty(decay.Gradient([1], [1], options with { To = new(1, 2) }).Readout);
    }

    [Fact]
    public void A_gradient_needs_the_whole_way()
    {
        var square = NeuralOde.Of(2, Layer.Dense(new double[,] { { 1 } }, [0], Activation.Square));

        Assert.Contains("seems to leave every bound", Assert.Throws<UnsolvableException>(() => square.Gradient([1], [1])).Message, StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() => square.Gradient([0.1], [1], null, null, new CancellationToken(canceled: true)));
        Assert.Equal("lossGradientAtOutput", Assert.Throws<ArgumentException>(() => square.Gradient([0.1], [1, 2])).ParamName);
        Assert.Equal("lossGradientAtOutput", Assert.Throws<ArgumentException>(() => square.Gradient([0.1], [double.NaN])).ParamName);
        Assert.Contains("relative tolerance", Assert.Throws<UnsolvableException>(() => square.Gradient([0.1], [1], new() { RelativeTolerance = 0 })).Message, StringComparison.Ordinal);
    }

    private static void Close(IEnumerable<double> expected, IEnumerable<double> actual, double tolerance)
    {
        Assert.Equal(expected.Count(), actual.Count());
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }
}
