using System;
using System.Linq;
using System.Numerics;

namespace LayerTime.Facade.Tests.Files;

/// <summary>Networks of every architecture with every kind of weights, a function of a seed.</summary>
internal sealed class RandomNetworks(int seed)
{
    private static readonly double[] Special =
        [0, -0.0, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, 0.1, 1e-300, 123456789012345680, Math.PI, 5e-324, 2.2250738585072014E-308];

    private static readonly Activation[] AnyActivation =
        [Activation.Identity, Activation.Relu, Activation.Square, Activation.Cubic, Activation.Tanh, Activation.Logistic, Activation.Softplus, Activation.Sine];

    private readonly Random random = new(seed);

    internal Network Next()
    {
        var exact = random.Next(2) == 0;
        var (width, depth, order, maps) = (random.Next(1, 4), random.Next(1, 4), random.Next(1, 4), random.Next(1, 4));
        var network = random.Next(6) switch
        {
            0 => FeedForward(exact, depth),
            1 => exact ? Network.Residual(Step(), Layers(depth, () => Map(exact, width, width))) : Network.Residual(0.1, Layers(depth, () => Map(exact, width, width))),
            2 => exact ? Network.Smooth(order, Step(), Layers(depth, () => Map(exact, width, width))) : Network.Smooth(order, 1e-3, Layers(depth, () => Map(exact, width, width))),
            3 => Network.AdditiveDense(Layers(depth, () => Layers(maps, () => Map(exact, width, width)))),
            4 => Network.ConcatenationDense(order, Layers(depth, () => Map(exact, order * width, width))),
            _ => Network.Master(order - 1, exact ? 1 : 0.25, Layers(depth, () => Layers(maps, () => Map(exact, width, width)))),
        };
        if (random.Next(2) == 0)
        {
            network = network.WithLift(Map(exact, random.Next(1, 4), network.StateDimension));
        }

        return random.Next(2) == 0 ? network.WithReadout(Map(exact, network.Blocks * network.WidthAt(network.Depth), random.Next(1, 4))) : network;
    }

    internal NeuralOde NextOde()
    {
        var exact = random.Next(2) == 0;
        var (width, pieces, degree) = (random.Next(1, 4), random.Next(1, 4), random.Next(1, 4));
        var until = new Fraction(0, 1);
        var ode = NeuralOde.Of([.. Layers(pieces, () =>
        {
            until += Step();
            var first = Map(exact, width, width);
            return new FieldPiece(until, [first, .. Layers(degree - 1, () => LayerMap.Of([.. first.Layers.Select(layer => Linear(exact, layer))]))]);
        })]);
        if (random.Next(2) == 0)
        {
            ode = ode.WithLift(Map(exact, random.Next(1, 4), width));
        }

        return random.Next(2) == 0 ? ode.WithReadout(Map(exact, width, random.Next(1, 4))) : ode;
    }

    private Layer Linear(bool exact, Layer shape) => exact
        ? LayerTime.Layer.Dense(Table(shape.OutputWidth, shape.InputWidth, Fraction), Layers(shape.OutputWidth, Fraction))
        : LayerTime.Layer.Dense(Table(shape.OutputWidth, shape.InputWidth, Float), Layers(shape.OutputWidth, Float));

    private Network FeedForward(bool exact, int depth)
    {
        int[] widths = [.. Enumerable.Range(0, depth + 1).Select(_ => random.Next(1, 4))];
        return Network.FeedForward([.. Enumerable.Range(0, depth).Select(l => Map(exact, widths[l], widths[l + 1]))]);
    }

    private static T[] Layers<T>(int count, Func<T> next) => [.. Enumerable.Range(0, count).Select(_ => next())];

    private LayerMap Map(bool exact, int input, int output)
    {
        int[] widths = [input, .. Enumerable.Range(0, random.Next(3) == 0 ? 2 : 0).Select(_ => random.Next(1, 4)), output];
        return LayerMap.Of([.. Enumerable.Range(0, widths.Length - 1).Select(i => Layer(exact, widths[i], widths[i + 1]))]);
    }

    private Layer Layer(bool exact, int input, int output)
    {
        Activation[] activations = [.. Enumerable.Range(0, random.Next(2) == 0 ? 1 : output).Select(_ => Function(exact))];
        return exact
            ? LayerTime.Layer.Dense(Table(output, input, Fraction), Layers(output, Fraction), activations)
            : LayerTime.Layer.Dense(Table(output, input, Float), Layers(output, Float), activations);
    }

    private static T[,] Table<T>(int rows, int columns, Func<T> next)
    {
        var table = new T[rows, columns];
        for (var e = 0; e < rows * columns; e++)
        {
            table[e / columns, e % columns] = next();
        }

        return table;
    }

    private Activation Function(bool exact) =>
        random.Next(4) == 0 ? (exact ? Activation.LeakyRelu(Fraction()) : Activation.LeakyRelu(Float()))
        : AnyActivation[random.Next(exact ? 4 : AnyActivation.Length)];

    private double Float()
    {
        if (random.Next(3) == 0)
        {
            return Special[random.Next(Special.Length)];
        }

        var bits = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
        return double.IsFinite(bits) ? bits : 1;
    }

    private Fraction Fraction() => new(BigInteger.Pow(random.Next(-9, 10), random.Next(1, 30)), BigInteger.Pow(random.Next(1, 10), random.Next(1, 30)));

    private Fraction Step() => new(random.Next(1, 5), random.Next(1, 5));
}
