using System;
using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Algebra;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;
using LayerTime.Core.Semantics;

namespace LayerTime;

/// <summary>The adjoint of the core, from the output of a network back to its input.</summary>
internal static class Backward
{
    internal static NetworkGradient<TNumber> Run<T, TNumber>(
        Network<T> network, T[] input, T[] lossGradient, StartConvention start, Converter<T, TNumber> number)
        where T : IRing<T>
        where TNumber : struct
    {
        var equation = network.Equation;
        var trajectory = Simulation.run(equation, History.Of(network, input, start));
        var (final, readout) = AtFinalState(network, trajectory, lossGradient);
        var gradient = Adjoint.gradientFrom(equation, trajectory, final);
        T[][] history = [.. gradient.Momentum.Take(equation.Blocks).Reverse()];
        var lift = network.Lift is null ? [] : LayerMapModule.pullback(network.Lift.Value, input, Exactly.Flat(history)).Item2;

        return new([.. gradient.Momentum.Select(momentum => Array.ConvertAll(momentum, number))], equation.Blocks)
        {
            Input = Array.ConvertAll(History.Pull(network, input, start, history), number),
            Layers = [.. gradient.Parameters.Select(layer => (IReadOnlyList<IReadOnlyList<LayerGradient<TNumber>>>)[.. layer.Select(map => Gradients(map, number))])],
            Lift = Gradients(lift, number),
            Readout = Gradients(readout, number),
        };
    }

    private static (T[][] Final, Tuple<Matrix<T>, T[]>[] Readout) AtFinalState<T>(Network<T> network, Trajectory<T> trajectory, T[] lossGradient)
        where T : IRing<T>
    {
        if (network.Readout is null)
        {
            return ([lossGradient], []);
        }

        var (covector, gradients) = LayerMapModule.pullback(network.Readout.Value, Exactly.Flat(trajectory.Delay(trajectory.Depth)), lossGradient);
        return (Exactly.Blocks(covector, network.Equation.Width(network.Equation.Depth)), gradients);
    }

    internal static IReadOnlyList<LayerGradient<TNumber>> Gradients<T, TNumber>(Tuple<Matrix<T>, T[]>[] layers, Converter<T, TNumber> number)
        where TNumber : struct =>
        [.. layers.Select(layer => new LayerGradient<TNumber>
        {
            Weights = Exactly.Table(layer.Item1, value => number(value)),
            Bias = Array.ConvertAll(layer.Item2, number),
        })];
}
