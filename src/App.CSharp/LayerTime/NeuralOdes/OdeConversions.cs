using System;
using System.Linq;
using LayerTime.Core.Constructions;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;
using Microsoft.FSharp.Core;

namespace LayerTime;

/// <summary>The feed-forward network of a neural ODE, with bounds on how far its last state is from the solution, in the largest component.</summary>
public sealed record LayersOfNeuralOde
{
    /// <summary>x_{l+1} = η(W_l x_l + B_l) with W_l = I + dt·w(t_l), B_l = dt·b(t_l), η(u) = u + dt·g(u), between the lift and the readout of the neural ODE.</summary>
    public required Network Network { get; init; }

    /// <summary>Known beforehand: at least |x_N − x(T)| for the layers in exact arithmetic.</summary>
    public required double Bound { get; init; }

    /// <summary>The same from the states of the layers, often smaller; null where the slope of g is not bounded above.</summary>
    public required double? Certificate { get; init; }

    /// <summary>How far rounding may move the states of the layers on floats.</summary>
    public required double Rounding { get; init; }

    /// <summary>|x_N − x(T)| as measured beside a solution with a tolerance of 1e-13; NaN where that solution ends early.</summary>
    public required double Measured { get; init; }

    /// <summary>What the bound rests on, piece by piece, such as "g non-increasing, rate μ = 1.2".</summary>
    public required System.Collections.Generic.IReadOnlyList<string> Basis { get; init; }

    /// <summary>Whether the bound is for an equation with some numbers rounded to floats, as w(t)x + b(t) + g(x) is not written in the file.</summary>
    public required bool IsRounded { get; init; }
}

/// <summary>The neural ODE of a feed-forward network near the identity, with bounds on how far its solution is from the last state, in the largest component.</summary>
public sealed record NeuralOdeOfLayers
{
    /// <summary>x′ = w(t)x + b(t) + g(x) with w and b linear between the layers, between the lift and the readout of the network.</summary>
    public required NeuralOde Ode { get; init; }

    /// <summary>Known beforehand: at least |x_N − x(T)| for the layers in exact arithmetic.</summary>
    public required double Bound { get; init; }

    /// <summary>The same from the states of the layers, often smaller; null where the slope of g is not bounded above.</summary>
    public required double? Certificate { get; init; }

    /// <summary>How far rounding may move the states of the layers on floats.</summary>
    public required double Rounding { get; init; }

    /// <summary>|x_N − x(T)| as measured with a solution of a tolerance of 1e-13; NaN where that solution ends early.</summary>
    public required double Measured { get; init; }

    /// <summary>max ‖W_l − I‖: how far the layers are from the identity.</summary>
    public required double Distance { get; init; }

    /// <summary>Σ ‖w_{l+1} − w_l‖: how much the weights change from layer to layer.</summary>
    public required double WeightVariation { get; init; }

    /// <summary>Σ |b_{l+1} − b_l|</summary>
    public required double BiasVariation { get; init; }
}

/// <summary>Between layers and neural ODEs by the core.</summary>
internal static class OdeConversions
{
    private static readonly SolveOptions Precisely = new()
    {
        Method = OdeMethod.DormandPrince8,
        RelativeTolerance = 1e-13,
        AbsoluteTolerance = 1e-13,
        Recording = SolutionRecording.End,
    };

    internal static LayersOfNeuralOde ToLayers(NeuralOde ode, ReadOnlySpan<double> input, LayerCount count)
    {
        var start = ode.Start(input.ToArray(), Precisely);
        var layers = OrThrow(NeuralOdeConversion.toLayers(count, ode.Rounded, start));
        var (core, exact) = (ode.Rounded, ode.Solve(input, Precisely));
        var network = Network.OfCore(Built.OrThrow(NetworkModule.create(core.Lift, Architecture<Binary64>.NewFeedForward(layers.Maps), core.Readout)));
        return new()
        {
            Network = network,
            Bound = layers.Bound,
            Certificate = layers.Certificate?.Value,
            Rounding = layers.Rounding,
            Measured = Distance(network.Run(input)[network.Depth], exact),
            Basis = [.. layers.Pieces.Select(piece => Basis(piece.Bound))],
            IsRounded = layers.IsRounded || ode.Numbers == NumberKind.Exact,
        };
    }

    internal static NeuralOdeOfLayers ToOde(Network network, Fraction horizon, ReadOnlySpan<double> input)
    {
        if (horizon.Sign <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(horizon), horizon, "A positive horizon is expected.");
        }

        if (network.Architecture != Architecture.FeedForward)
        {
            throw new ConversionException($"The network is {network.ArchitectureName}; a feed-forward network near the identity is expected.");
        }

        var floats = network.ToFloat();
        var run = floats.Run(input);
        var maps = ArchitectureModule.maps(floats.Floats!.Architecture).Select(layer => layer[0]).ToArray();
        var found = OrThrow(NeuralOdeConversion.ofLayers(horizon.Rational, maps, run[0]));
        var ode = NeuralOde.OfCore(Built.OrThrow(NeuralOdeModule.create(floats.Floats.Lift, found.Ode.Pieces.ToArray(), floats.Floats.Readout)));
        return new()
        {
            Ode = ode,
            Bound = found.Conversion.Bound,
            Certificate = found.Conversion.Certificate?.Value,
            Rounding = found.Conversion.Rounding,
            Measured = Distance(run[network.Depth], ode.Solve(input, Precisely)),
            Distance = found.Conversion.Distance,
            WeightVariation = found.Conversion.WeightVariation,
            BiasVariation = found.Conversion.BiasVariation,
        };
    }

    private static double Distance(double[] state, NeuralOdeSolution exact) =>
        exact.IsComplete ? state.Zip(exact.State, (a, b) => Math.Abs(a - b)).Max() : double.NaN;

    private static string Basis(NearIdentityBound bound) => FormattableString.Invariant(
        $"{bound.Layers} layers, {(bound.Basis.IsDissipative ? "g non-increasing, errors grow at most like e^(μt)" : "g Lipschitz, errors grow at most like e^(μt)")} with μ = {bound.Rate:G3}, |x| at most {bound.Radius:G3}");

    private static T OrThrow<T>(FSharpResult<T, ConversionFailure> result) => result.IsOk
        ? result.ResultValue
        : throw new ConversionException(result.ErrorValue switch
        {
            ConversionFailure.Hypothesis hypothesis => hypothesis.Item2.Sentence,
            ConversionFailure.Form form => NetworkDefect.Describe("There is no such form", Built.Defects(form.Item)),
            _ => throw new InvalidOperationException("A failure that the façade does not know."),
        });
}

public sealed partial class NeuralOde
{
    /// <summary>The feed-forward network that Euler's method makes of x′ = w(t)x + b(t) + c·σ(x), with a bound on its distance from the solution.</summary>
    /// <param name="input">The input from which the bound holds.</param>
    /// <param name="layers">N; pieces of the field get their share of it, rounded upwards.</param>
    /// <returns>The network with its bounds.</returns>
    /// <exception cref="ConversionException">The field has another form, or a hypothesis of the bound fails.</exception>
    /// <exception cref="ArgumentException">The input has the wrong length or a number that is not finite.</exception>
    public LayersOfNeuralOde ToLayers(ReadOnlySpan<double> input, int layers)
    {
        Door.Finite(input, nameof(input));
        return OdeConversions.ToLayers(this, input, LayerCount.NewGiven(Door.AtLeast(layers, 1)));
    }

    /// <summary>As <see cref="ToLayers"/>, with as few layers as the bound allows.</summary>
    /// <param name="input">The input from which the bound holds.</param>
    /// <param name="tolerance">How far the last state may be from the solution, in the largest component.</param>
    /// <returns>The network with its bounds.</returns>
    /// <exception cref="ConversionException">The field has another form, a hypothesis of the bound fails, or the tolerance asks for too many layers.</exception>
    /// <exception cref="ArgumentException">The input has the wrong length or a number that is not finite.</exception>
    public LayersOfNeuralOde ToLayersWithin(ReadOnlySpan<double> input, double tolerance)
    {
        Door.Finite(input, nameof(input));
        return OdeConversions.ToLayers(this, input, LayerCount.NewWithin(Door.Positive(tolerance)));
    }
}

public sealed partial class Network
{
    /// <summary>The neural ODE that a feed-forward network near the identity follows, with a bound on its distance from the output.</summary>
    /// <param name="horizon">T, the depth-time of all layers together.</param>
    /// <param name="input">The input from which the bound holds.</param>
    /// <returns>The neural ODE with its bounds.</returns>
    /// <exception cref="ConversionException">The network is not near the identity, its weights jump from layer to layer, or a hypothesis of the bound fails.</exception>
    /// <exception cref="ArgumentException">The input has the wrong length or a number that is not finite.</exception>
    public NeuralOdeOfLayers ToNeuralOde(Fraction horizon, ReadOnlySpan<double> input)
    {
        Door.Finite(input, nameof(input));
        return OdeConversions.ToOde(this, horizon, input);
    }
}
