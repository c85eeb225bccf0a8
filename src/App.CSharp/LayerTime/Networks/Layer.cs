using System;
using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Algebra;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime;

/// <summary>One layer x ↦ σ(W·x + b) of floats or of fractions.</summary>
public sealed class Layer
{
    private Layer(Layer<Binary64>? floats, Layer<Rational>? fractions)
    {
        Floats = floats;
        Fractions = fractions;
    }

    /// <summary>What the weights are.</summary>
    public NumberKind Numbers => Floats is null ? NumberKind.Exact : NumberKind.Float;

    /// <summary>The number of columns of W, the width of x.</summary>
    public int InputWidth => Floats?.InputWidth ?? Fractions!.InputWidth;

    /// <summary>The number of rows of W, the width of the value.</summary>
    public int OutputWidth => Floats?.OutputWidth ?? Fractions!.OutputWidth;

    /// <summary>One activation for all coordinates, or one for each.</summary>
    public IReadOnlyList<Activation> Activations =>
        Floats is not null
            ? [.. Floats.Activations.ToArray().Select(Activation.OfCore)]
            : [.. Fractions!.Activations.ToArray().Select(Activation.OfCore)];

    internal Layer<Binary64>? Floats { get; }

    internal Layer<Rational>? Fractions { get; }

    /// <summary>A layer of floats.</summary>
    /// <param name="weights">W, one row for each coordinate of the value.</param>
    /// <param name="bias">b, one number for each row.</param>
    /// <param name="activations">σ: none for the identity, one for all coordinates, or one for each row.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="InvalidNetworkException">The shapes do not fit.</exception>
    public static Layer Dense(double[,] weights, double[] bias, params Activation[] activations)
    {
        var entries = Door.NotNull(weights).Cast<double>().ToArray();
        Door.Finite(entries, nameof(weights));
        Door.Finite(Door.NotNull(bias), nameof(bias));
        var matrix = MatrixModule.tryOfEntries(weights.GetLength(0), weights.GetLength(1), Binary64Module.ofFloats(entries))!.Value;
        var functions = OrIdentity(activations).Select(activation => activation.ToFloat(nameof(activations))).ToArray();
        return new(Built.OrThrow(LayerModule.create(matrix, Binary64Module.ofFloats(bias), functions)), null);
    }

    /// <summary>A layer of fractions.</summary>
    /// <param name="weights">W, one row for each coordinate of the value.</param>
    /// <param name="bias">b, one number for each row.</param>
    /// <param name="activations">σ: none for the identity, one for all coordinates, or one for each row; with exact values.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="InvalidNetworkException">The shapes do not fit.</exception>
    public static Layer Dense(Fraction[,] weights, Fraction[] bias, params Activation[] activations)
    {
        var entries = Door.NotNull(weights).Cast<Fraction>().Select(fraction => fraction.Rational).ToArray();
        var matrix = MatrixModule.tryOfEntries(weights.GetLength(0), weights.GetLength(1), entries)!.Value;
        var functions = OrIdentity(activations).Select(activation => activation.ToExact(nameof(activations))).ToArray();
        return new(null, Built.OrThrow(LayerModule.create(matrix, Exactly.Rationals(Door.NotNull(bias)), functions)));
    }

    /// <summary>W as floats; those of an exact layer are rounded to nearest.</summary>
    /// <returns>A copy.</returns>
    public double[,] WeightsAsFloats() =>
        Floats is not null ? Exactly.Table(Floats.Weights, number => number.Value) : Exactly.Table(Fractions!.Weights, RationalModule.toFloat);

    /// <summary>b as floats; those of an exact layer are rounded to nearest.</summary>
    /// <returns>A copy.</returns>
    public double[] BiasAsFloats() =>
        Floats is not null ? Binary64Module.toFloats(Floats.Bias.ToArray()) : Array.ConvertAll(Fractions!.Bias.ToArray(), RationalModule.toFloat);

    /// <summary>W as fractions, without rounding.</summary>
    /// <returns>A copy.</returns>
    public Fraction[,] WeightsAsFractions() =>
        Floats is not null
            ? Exactly.Table(Floats.Weights, number => Fraction.FromDouble(number.Value))
            : Exactly.Table(Fractions!.Weights, number => new Fraction(number));

    /// <summary>b as fractions, without rounding.</summary>
    /// <returns>A copy.</returns>
    public Fraction[] BiasAsFractions() =>
        Floats is not null
            ? Array.ConvertAll(Floats.Bias.ToArray(), number => Fraction.FromDouble(number.Value))
            : Exactly.Fractions(Fractions!.Bias);

    internal static Layer OfCore(Layer<Binary64> layer) => new(layer, null);

    internal static Layer OfCore(Layer<Rational> layer) => new(null, layer);

    private static Activation[] OrIdentity(Activation[] activations) =>
        Array.IndexOf(Door.NotNull(activations), null) >= 0 ? throw new ArgumentException("No activation may be null.", nameof(activations))
        : activations.Length == 0 ? [Activation.Identity]
        : activations;
}
