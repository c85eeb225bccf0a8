using System;
using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;
using LayerTime.Core.Semantics;

namespace LayerTime;

/// <summary>
/// A neural ODE: x′ = f(t, x) for 0 ≤ t ≤ T, x(0) = lift(input), output = readout(x(T)), with f a layer map whose weights are constant,
/// piecewise constant or polynomial in time. Of floats or of exact fractions, never changed once built.
/// </summary>
public sealed partial class NeuralOde
{
    private NeuralOde(NeuralOde<Binary64>? floats, NeuralOde<Rational>? fractions)
    {
        Floats = floats;
        Fractions = fractions;
    }

    /// <summary>What the weights are.</summary>
    public NumberKind Numbers => Floats is null ? NumberKind.Exact : NumberKind.Float;

    /// <summary>d, the number of components of x.</summary>
    public int Dimension => Floats?.Dimension ?? Fractions!.Dimension;

    /// <summary>T, where depth-time ends; exact in either kind of numbers.</summary>
    public Fraction Horizon => new(Floats?.Horizon ?? Fractions!.Horizon);

    /// <summary>The number of inputs: those of the lift, or d where there is none.</summary>
    public int InputWidth => Floats?.Inputs ?? Fractions!.Inputs;

    /// <summary>The number of outputs: those of the readout, or d where there is none.</summary>
    public int OutputWidth => Floats?.Outputs ?? Fractions!.Outputs;

    /// <summary>The number of weights and biases, lift and readout included.</summary>
    public long ParameterCount => Floats is not null ? NeuralOdeModule.parameterCount(Floats) : NeuralOdeModule.parameterCount(Fractions!);

    /// <summary>The pieces of the field in the order of time; at least one.</summary>
    public IReadOnlyList<FieldPiece> Pieces => Floats is not null
        ? [.. Floats.Pieces.ToArray().Select(FieldPiece.OfCore)]
        : [.. Fractions!.Pieces.ToArray().Select(FieldPiece.OfCore)];

    /// <summary>The affine or wider map from the input to x(0); null where there is none.</summary>
    public LayerMap? Lift => Floats is not null
        ? Floats.Lift is { } floats ? LayerMap.OfCore(floats.Value) : null
        : Fractions!.Lift is { } fractions ? LayerMap.OfCore(fractions.Value) : null;

    /// <summary>The map from x(T) to the output; null where there is none.</summary>
    public LayerMap? Readout => Floats is not null
        ? Floats.Readout is { } floats ? LayerMap.OfCore(floats.Value) : null
        : Fractions!.Readout is { } fractions ? LayerMap.OfCore(fractions.Value) : null;

    internal NeuralOde<Binary64>? Floats { get; }

    internal NeuralOde<Rational>? Fractions { get; }

    /// <summary>The same with floats, every fraction rounded to the nearest.</summary>
    internal NeuralOde<Binary64> Rounded => field ??= ToFloat().Floats!;

    /// <summary>Whether the field is the same at all times: one piece of constant weights.</summary>
    public bool IsAutonomous => Pieces is [{ Coefficients.Count: 1 }];

    /// <summary>f(t, x) on floats; where the weights jump, that of the piece that ends there.</summary>
    /// <param name="time">t, 0 … T.</param>
    /// <param name="state">x, d numbers.</param>
    /// <returns>x′, d numbers.</returns>
    public double[] Field(double time, ReadOnlySpan<double> state)
    {
        if (!(time >= 0 && time <= Horizon.ToDouble()))
        {
            throw new ArgumentOutOfRangeException(nameof(time), time, $"A time of 0 … {Horizon} is expected.");
        }

        Door.Length(state.Length, Dimension, nameof(state));
        var pieces = Rounded.Pieces.ToArray();
        var piece = Array.FindIndex(pieces, piece => time <= RationalModule.toFloat(piece.Until));
        var slope = new Binary64[Dimension];
        VectorField.ofPiece(pieces[piece]).Evaluate(new(time), Binary64Module.ofFloats(state.ToArray()), slope);
        return Binary64Module.toFloats(slope);
    }

    /// <summary>What the neural ODE is, in one line.</summary>
    /// <returns>"neural ODE, dimension 2, horizon 1, 1 piece, 6 parameters, float".</returns>
    public override string ToString() =>
        $"neural ODE, dimension {Dimension}, horizon {Horizon}, {Pieces.Count} {(Pieces.Count == 1 ? "piece" : "pieces")}, {ParameterCount} parameters, "
        + (Numbers == NumberKind.Exact ? "exact" : "float");

    internal static NeuralOde OfCore(NeuralOde<Binary64> ode) => new(ode, null);

    internal static NeuralOde OfCore(NeuralOde<Rational> ode) => new(null, ode);
}
