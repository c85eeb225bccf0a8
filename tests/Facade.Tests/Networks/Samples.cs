using System;
using System.Linq;

namespace LayerTime.Facade.Tests.Networks;

/// <summary>The deterministic test maps and histories behind the reference values of the theory.</summary>
internal static class Samples
{
    internal static Fraction[,] Weights(int d, int n, int l)
    {
        var weights = new Fraction[d, d];
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < d; j++)
            {
                weights[i, j] = new(((3 * i) + (5 * j) + (7 * l) + (2 * n)) % 11 - 5, 4);
            }
        }

        return weights;
    }

    internal static Fraction[] Bias(int d, int n, int l) => [.. Enumerable.Range(0, d).Select(i => new Fraction(((2 * i) + (3 * l) + n) % 7 - 3, 2))];

    internal static LayerMap Map(Activation activation, int d, int n, int l) => Layer.Dense(Weights(d, n, l), Bias(d, n, l), activation);

    internal static LayerMap[] Maps(Activation activation, int d, int depth) => [.. Enumerable.Range(0, depth).Select(l => Map(activation, d, 0, l))];

    /// <summary>k = 3, d = 2, h = 1/2, leaky ReLU of slope 1/4, L = 5.</summary>
    internal static Network Reference => Network.Smooth(3, new Fraction(1, 2), Maps(Activation.LeakyRelu(new Fraction(1, 4)), 2, 5));

    /// <summary>x(0) = (1, −1/2), x(−1) = (1/3, 0), x(−2) = (0, 1/4).</summary>
    internal static Fraction[] History3 => Row("1 -1/2 1/3 0 0 1/4");

    internal static Fraction[] Row(string numbers) => [.. numbers.Split(' ').Select(Fraction.Parse)];

    internal static Fraction[] Rounded(double[] numbers) => [.. numbers.Select(Fraction.FromDouble)];

    internal static Layer Constant(double value, int rows, int columns, params Activation[] activations)
    {
        var weights = new double[rows, columns];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                weights[i, j] = value;
            }
        }

        return Layer.Dense(weights, new double[rows], activations);
    }
}
