using System;
using System.Linq;
using Xunit;

namespace LayerTime.Facade.Tests.NeuralOdes;

/// <summary>Neural ODEs as layers and back, and what is conserved, from C#.</summary>
public sealed class ConversionTests
{
    // x′ = wx + b + 2·tanh(x) of two components, between a lift and a readout.
    private static NeuralOde Driven() => NeuralOde.Of(1, LayerMap.Of(
            Layer.Dense(new[,] { { -0.5, 1 }, { -1, -0.25 }, { 1, 0 }, { 0, 1 } }, [0.1, 0, 0, 0], Activation.Identity, Activation.Identity, Activation.Tanh, Activation.Tanh),
            Layer.Dense(new double[,] { { 1, 0, 2, 0 }, { 0, 1, 0, 2 } }, [0, 0])))
        .WithLift(Layer.Dense(new double[,] { { 1 }, { -1 } }, [0, 0.5]))
        .WithReadout(Layer.Dense(new double[,] { { 1, 1 } }, [3]));

    [Fact]
    public void Layers_keep_lift_and_readout_and_their_bound()
    {
        var found = Driven().ToLayers([0.25], 200);

        Assert.Equal((200, 1, 1), (found.Network.Depth, found.Network.InputWidth, found.Network.OutputWidth));
        Assert.True(found.Measured <= found.Bound + found.Rounding);
        Assert.True(found.Measured > 0 && found.Measured <= found.Certificate + found.Rounding);
        Assert.Contains("g Lipschitz", Assert.Single(found.Basis), StringComparison.Ordinal);

        // Both components of the readout may be wrong by the bound.
        var exact = Driven().Solve([0.25], new() { RelativeTolerance = 1e-12, AbsoluteTolerance = 1e-12 }).Output![0];
        Assert.InRange(found.Network.Run([0.25]).Output[0], exact - (2.1 * found.Measured), exact + (2.1 * found.Measured));
    }

    [Fact]
    public void Half_the_bound_takes_twice_the_layers()
    {
        var (coarse, fine) = (Driven().ToLayersWithin([0.25], 0.5), Driven().ToLayersWithin([0.25], 0.25));

        Assert.True(coarse.Bound <= 0.5 && fine.Bound <= 0.25);
        Assert.InRange((double)fine.Network.Depth / coarse.Network.Depth, 1.8, 2.2);
    }

    [Fact]
    public void Layers_near_the_identity_follow_an_equation()
    {
        var layers = Driven().ToLayers([0.25], 64).Network;
        var found = layers.ToNeuralOde(1, [0.25]);

        Assert.True(found.Measured <= found.Bound + found.Rounding);
        Assert.Equal(1, found.Ode.Horizon);
        Assert.InRange(found.Distance, 0.01, 0.04);
        Assert.InRange(found.WeightVariation, 0, 1e-12);
        Assert.Equal(layers.Run([0.25]).Output[0], found.Ode.Solve([0.25]).Output![0], 2.1 * found.Measured + 1e-5);
    }

    [Fact]
    public void What_cannot_be_converted_says_which_hypothesis_fails()
    {
        Assert.Contains("another form", Assert.Throws<ConversionException>(() => NeuralOde.Of(1, Layer.Dense(new double[,] { { 1 } }, [0], Activation.Tanh)).ToLayers([1], 3)).Message, StringComparison.Ordinal);
        Assert.Contains("H1 fails", Assert.Throws<ConversionException>(() => Network.FeedForward(Layer.Dense(new double[,] { { 3 } }, [0], Activation.Tanh)).ToNeuralOde(1, [1])).Message, StringComparison.Ordinal);
        Assert.Contains("residual", Assert.Throws<ConversionException>(() => Network.Residual(1, Layer.Dense(new double[,] { { 1 } }, [0])).ToNeuralOde(1, [1])).Message, StringComparison.Ordinal);
        Assert.Equal("layers", Assert.Throws<ArgumentOutOfRangeException>(() => Driven().ToLayers([1], 0)).ParamName);
        Assert.Equal("tolerance", Assert.Throws<ArgumentOutOfRangeException>(() => Driven().ToLayersWithin([1], 0)).ParamName);
        Assert.Equal("horizon", Assert.Throws<ArgumentOutOfRangeException>(() => Driven().ToLayers([1], 9).Network.ToNeuralOde(0, [1])).ParamName);
        Assert.Equal("input", Assert.Throws<ArgumentException>(() => Driven().ToLayers([1, 2], 9)).ParamName);
    }

    [Fact]
    public void Momentum_and_laws_with_a_readout()
    {
        // Loss = output, so that a(T) = (1, 1), the readout's row.
        var laws = Driven().Conserved([0.25], _ => [1], new() { Tangent = [1, -1], Steps = 50 });

        Assert.Equal([1, 1], laws.Momenta[^1]);
        Assert.True(laws.Hamiltonian.IsConserved && laws.Pairing.IsConserved && laws.Hamiltonian.ObeysLaw);
        Assert.Null(laws.Charge);
        Assert.Equal(51, laws.Times.Count);

        // The pairing is the derivative of the output in the direction of the tangent; the lift turns a change of ½·10⁻⁵ of x into it.
        double Output(double e) => Driven().WithLift(null).Solve([0.25 + e, 0.25 - e], new() { RelativeTolerance = 1e-12, AbsoluteTolerance = 1e-12 }).Output![0];
        Assert.Equal((Output(1e-5) - Output(-1e-5)) / 2e-5, laws.Pairing.Values[0], 1e-6);
    }

    [Fact]
    public void Weights_in_time_move_H_by_its_law()
    {
        var timed = NeuralOde.Of(new FieldPiece(1, Layer.Dense(new double[,] { { 1 } }, [0]), Layer.Dense(new double[,] { { 1 } }, [0])));
        var laws = timed.Conserved([1], x => [.. x], new() { Generator = new double[,] { { 1 } }, Steps = 50 });

        Assert.False(laws.Hamiltonian.IsConserved);
        Assert.True(laws.Hamiltonian.ObeysLaw);
        Assert.True(laws.Charge!.IsConserved);

        // x′ = (1 + t)x: a·x is constant and H = a·x·(1 + t) doubles.
        Assert.Equal(2, laws.Hamiltonian.Values[^1] / laws.Hamiltonian.Values[0], 1e-6);
        Assert.Equal("options", Assert.Throws<ArgumentException>(() => timed.Conserved([1], x => x, new() { Shift = [1, 2] })).ParamName);

        // H = c·a·x for x′ = cx, and a·x = x(1)² = e³ throughout: it jumps by e³ where c does.
        var jump = NeuralOde.PiecewiseConstant(1, Layer.Dense(new double[,] { { 1 } }, [0]), Layer.Dense(new double[,] { { 2 } }, [0])).Conserved([1], x => x);
        Assert.Equal(0.5, Assert.Single(jump.Jumps).Time);
        Assert.Equal(Math.Exp(3), jump.Jumps[0].Change, 1e-6);
        Assert.Equal([(0.0, 0.5), (0.5, 1.0)], jump.Pieces.Select(piece => (piece.From, piece.Until)));
        Assert.All(jump.Pieces, piece => Assert.True(piece.Hamiltonian.IsConserved && piece.Pairing.IsConserved && piece.Charge is null));
        Assert.True(jump.Pairing.IsConserved && jump.Hamiltonian.ObeysLaw && !jump.Hamiltonian.IsConserved);
    }
}
