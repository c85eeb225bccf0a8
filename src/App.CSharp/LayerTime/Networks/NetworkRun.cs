using System;
using System.Linq;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;
using LayerTime.Core.Semantics;

namespace LayerTime;

public sealed partial class Network
{
    /// <summary>Runs the network on floats.</summary>
    /// <param name="input">The argument of the lift; or without a lift d numbers, the state x(0), or K·d numbers, the full history [x(0); x(−1); …].</param>
    /// <param name="start">How d numbers become a history; it matters only where the network remembers several states and has no lift.</param>
    /// <returns>All states, oldest first.</returns>
    /// <exception cref="InvalidOperationException">The network is exact.</exception>
    /// <exception cref="ArgumentException">The input has the wrong length or a number that is not finite.</exception>
    public Trajectory Run(ReadOnlySpan<double> input, StartConvention start = StartConvention.Rest)
    {
        var network = NeedFloats(nameof(RunExact));
        Door.Finite(input, nameof(input));
        var history = History.Of(network, Binary64Module.ofFloats(input.ToArray()), start);
        return new(this, Simulation.run(network.Equation, history));
    }

    /// <summary>Runs the network on fractions, without rounding.</summary>
    /// <param name="input">The argument of the lift; or without a lift d numbers, the state x(0), or K·d numbers, the full history [x(0); x(−1); …].</param>
    /// <param name="start">How d numbers become a history; it matters only where the network remembers several states and has no lift.</param>
    /// <returns>All states, oldest first.</returns>
    /// <exception cref="InvalidOperationException">The network has floats.</exception>
    /// <exception cref="ArgumentException">The input has the wrong length.</exception>
    public ExactTrajectory RunExact(ReadOnlySpan<Fraction> input, StartConvention start = StartConvention.Rest)
    {
        var network = NeedFractions(nameof(Run));
        var history = History.Of(network, Exactly.Rationals(input), start);
        return new(this, Simulation.run(network.Equation, history));
    }

    /// <summary>The exact gradient, backward through the layers, of a loss of the output: its value is not needed, its slope is.</summary>
    /// <param name="input">As in <see cref="Run"/>.</param>
    /// <param name="lossGradientAtOutput">dLoss/dOutput, one number for each number of the output.</param>
    /// <param name="start">As in <see cref="Run"/>.</param>
    /// <returns>The momentum of every state and the gradient in every parameter.</returns>
    /// <exception cref="InvalidOperationException">The network is exact.</exception>
    /// <exception cref="ArgumentException">A wrong length or a number that is not finite.</exception>
    public NetworkGradient<double> Gradient(
        ReadOnlySpan<double> input, ReadOnlySpan<double> lossGradientAtOutput, StartConvention start = StartConvention.Rest)
    {
        var network = NeedFloats(nameof(GradientExact));
        Door.Finite(input, nameof(input));
        Door.Finite(lossGradientAtOutput, nameof(lossGradientAtOutput));
        Door.Length(lossGradientAtOutput.Length, OutputWidth, nameof(lossGradientAtOutput));
        return Backward.Run(
            network, Binary64Module.ofFloats(input.ToArray()), Binary64Module.ofFloats(lossGradientAtOutput.ToArray()), start, number => number.Value);
    }

    /// <summary>The gradient of a loss of the output in fractions, without rounding.</summary>
    /// <param name="input">As in <see cref="RunExact"/>.</param>
    /// <param name="lossGradientAtOutput">dLoss/dOutput, one fraction for each number of the output.</param>
    /// <param name="start">As in <see cref="RunExact"/>.</param>
    /// <returns>The momentum of every state and the gradient in every parameter.</returns>
    /// <exception cref="InvalidOperationException">The network has floats.</exception>
    /// <exception cref="ArgumentException">A wrong length.</exception>
    public NetworkGradient<Fraction> GradientExact(
        ReadOnlySpan<Fraction> input, ReadOnlySpan<Fraction> lossGradientAtOutput, StartConvention start = StartConvention.Rest)
    {
        var network = NeedFractions(nameof(Gradient));
        Door.Length(lossGradientAtOutput.Length, OutputWidth, nameof(lossGradientAtOutput));
        return Backward.Run(
            network, Exactly.Rationals(input), Exactly.Rationals(lossGradientAtOutput), start, number => new Fraction(number));
    }
}
