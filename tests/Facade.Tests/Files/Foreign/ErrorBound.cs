using System;
using System.Collections.Generic;
using System.Linq;

namespace LayerTime.Facade.Tests.Files.Foreign;

/// <summary>
/// An a-priori bound of the rounding errors of a network's output in the ∞-norm. A sum of n products has an error of at most
/// (n+1)·u·(‖W‖·|x| + |b|) in any order, an activation one of 4 units in the last place, and what came before is amplified by at most
/// the Lipschitz constant on the range that the values can have.
/// </summary>
internal sealed class ErrorBound
{
    private readonly double unit;

    private ErrorBound(double unit) => this.unit = unit;

    /// <summary>The largest magnitude and the largest error of a vector.</summary>
    private readonly record struct Vector(double Size, double Error);

    internal static double Of(Network network, double[] input, double unit)
    {
        var bound = new ErrorBound(unit);
        var start = new Vector(input.Max(Math.Abs), 0);
        start = network.Lift is { } lift ? bound.Map(lift, start) : start;
        List<Vector> states = [.. Enumerable.Repeat(start, network.Blocks)];
        var order = network.Order;
        var weights = new double[order];
        for (var (n, binomial) = (1, 1.0); n <= order; n++)
        {
            binomial = binomial * (order + 1 - n) / n;
            weights[n - 1] = binomial;
        }

        for (var layer = 0; layer < network.Depth; layer++)
        {
            var maps = network.MapsAt(layer);
            var driven = maps.Select((map, age) => bound.Map(map, network.Architecture == Architecture.ConcatenationDense ? Largest(states) : states[age])).ToList();
            var power = Math.Pow(network.Step, order);
            List<(double Weight, Vector Vector)> summands = [.. weights.Zip(states), .. driven.Select(vector => (power, vector))];
            var size = summands.Sum(summand => summand.Weight * summand.Vector.Size);
            // Each summand is scaled, by a power that is rounded itself, and added: at most 2·(summands + order) roundings.
            states.Insert(0, new(size, summands.Sum(summand => summand.Weight * summand.Vector.Error) + (2 * (summands.Count + order) * unit * size)));
            states.RemoveAt(states.Count - 1);
        }

        return (network.Readout is { } readout ? bound.Map(readout, Largest(states)) : states[0]).Error;
    }

    private static Vector Largest(List<Vector> vectors) => new(vectors.Max(vector => vector.Size), vectors.Max(vector => vector.Error));

    private Vector Map(LayerMap map, Vector x) => map.Layers.Aggregate(x, (vector, layer) => Layer(layer, vector));

    private Vector Layer(Layer layer, Vector x)
    {
        var (weights, bias) = (layer.WeightsAsFloats(), layer.BiasAsFloats());
        var rows = Enumerable.Range(0, layer.OutputWidth).Select(i =>
        {
            var norm = Enumerable.Range(0, layer.InputWidth).Sum(j => Math.Abs(weights[i, j]));
            var size = (norm * x.Size) + Math.Abs(bias[i]);
            return Activate(layer.Activations[layer.Activations.Count == 1 ? 0 : i], new(size, (norm * x.Error) + ((layer.InputWidth + 1) * unit * size)));
        });
        return Largest([.. rows]);
    }

    private Vector Activate(Activation activation, Vector t)
    {
        var reach = t.Size + t.Error;
        var (size, slope) = activation.Name switch
        {
            "identity" => (t.Size, 1),
            "square" => (reach * reach, 2 * reach),
            "cubic" => (reach + (reach * reach * reach / 3), 1 + (reach * reach)),
            "tanh" => (Math.Min(1, reach), 1),
            "logistic" => (1, 0.25),
            "softplus" => (reach + Math.Log(2), 1),
            "leaky-relu" => Math.Max(1, Math.Abs(activation.Slope!.Value.ToDouble())) is var steepest ? (steepest * reach, steepest) : default,
            _ => (reach, 1),
        };
        return new(size, (slope * t.Error) + (activation == Activation.Identity ? 0 : 4 * 2 * unit * size));
    }
}
