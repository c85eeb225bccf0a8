using System;
using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime;

public sealed partial class NeuralOde
{
    /// <summary>x′ = f(x) for 0 ≤ t ≤ T.</summary>
    /// <param name="horizon">T, positive.</param>
    /// <param name="field">f, as wide in as out.</param>
    /// <returns>The neural ODE.</returns>
    /// <exception cref="InvalidNetworkException">The shapes or times do not fit; every defect is listed.</exception>
    public static NeuralOde Of(Fraction horizon, LayerMap field) => Of(new FieldPiece(horizon, Door.NotNull(field)));

    /// <summary>x′ = f(t, x) with a field given piece by piece, from t = 0 on.</summary>
    /// <param name="pieces">The pieces in the order of time; at least one, all of the same numbers.</param>
    /// <returns>The neural ODE.</returns>
    /// <exception cref="InvalidNetworkException">The shapes or times do not fit; every defect is listed.</exception>
    public static NeuralOde Of(params IReadOnlyList<FieldPiece> pieces)
    {
        FieldPiece[] list = [.. Door.NotNull(pieces)];
        if (Array.IndexOf(list, null) >= 0)
        {
            throw new ArgumentException("No piece may be null.", nameof(pieces));
        }

        return Create(null, list, null);
    }

    /// <summary>x′ = f_i(x) for i·T/n &lt; t ≤ (i + 1)·T/n: weights that are constant on n pieces of one length.</summary>
    /// <param name="horizon">T, positive.</param>
    /// <param name="fields">f_0, f_1, …; at least one.</param>
    /// <returns>The neural ODE.</returns>
    /// <exception cref="InvalidNetworkException">The shapes or times do not fit; every defect is listed.</exception>
    public static NeuralOde PiecewiseConstant(Fraction horizon, params IReadOnlyList<LayerMap> fields) =>
        Of([.. Door.NotNull(fields).Select((field, i) => new FieldPiece(horizon * new Fraction(i + 1, fields.Count), field))]);

    /// <summary>The same neural ODE between an input and x(0).</summary>
    /// <param name="lift">A map to the components of x; null for none.</param>
    /// <returns>A new neural ODE.</returns>
    /// <exception cref="InvalidNetworkException">The shapes do not fit.</exception>
    public NeuralOde WithLift(LayerMap? lift) => Create(lift, Pieces, Readout);

    /// <summary>The same neural ODE with a map from x(T) to the output.</summary>
    /// <param name="readout">A map of the components of x; null for none.</param>
    /// <returns>A new neural ODE.</returns>
    /// <exception cref="InvalidNetworkException">The shapes do not fit.</exception>
    public NeuralOde WithReadout(LayerMap? readout) => Create(Lift, Pieces, readout);

    private static NeuralOde Create(LayerMap? lift, IReadOnlyList<FieldPiece> pieces, LayerMap? readout)
    {
        List<NumberKind> kinds = [.. pieces.SelectMany(piece => piece.Coefficients).Append(lift).Append(readout).OfType<LayerMap>().Select(map => map.Numbers).Distinct()];
        return kinds.Count > 1
            ? throw new ArgumentException("Some maps have floats and some have fractions; one kind of numbers is expected.", nameof(pieces))
            : kinds is [NumberKind.Exact]
                ? OfCore(Built.OrThrow(NeuralOdeModule.create(Built.Optional(lift?.Fractions), [.. pieces.Select(piece => piece.Fractions)], Built.Optional(readout?.Fractions))))
                : OfCore(Built.OrThrow(NeuralOdeModule.create(Built.Optional(lift?.Floats), [.. pieces.Select(piece => piece.Floats)], Built.Optional(readout?.Floats))));
    }
}
