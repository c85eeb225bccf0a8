using System;
using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime;

/// <summary>A stretch of depth-time on which the weights of a neural ODE are polynomials: W(t) = W₀ + t·W₁ + …, b(t) = b₀ + t·b₁ + …</summary>
/// <remarks>Time counts from 0, not from the start of the piece.</remarks>
public sealed record FieldPiece
{
    /// <summary>A piece.</summary>
    /// <param name="until">Where the piece ends; it begins where the one before ends, the first one at 0.</param>
    /// <param name="coefficients">
    /// The map with W₀ and b₀, then those with W₁ and b₁ and so on, all of the same widths. The activations are those of the first; the
    /// others have the identity.
    /// </param>
    public FieldPiece(Fraction until, params IReadOnlyList<LayerMap> coefficients)
    {
        Until = until;
        Coefficients = [.. Door.NotNull(coefficients)];
        if (Coefficients.Contains(null!))
        {
            throw new ArgumentException("No map may be null.", nameof(coefficients));
        }
    }

    /// <summary>Where the piece ends; it begins where the one before ends, the first one at 0.</summary>
    public Fraction Until { get; }

    /// <summary>The map with all W₀ and b₀, then the one with all W₁ and b₁, and so on.</summary>
    public IReadOnlyList<LayerMap> Coefficients { get; }

    internal FieldPiece<Binary64> Floats => new(Until.Rational, [.. Coefficients.Select(map => map.Floats!)]);

    internal FieldPiece<Rational> Fractions => new(Until.Rational, [.. Coefficients.Select(map => map.Fractions!)]);

    internal static FieldPiece OfCore(FieldPiece<Binary64> piece) => new(new(piece.Until), [.. piece.Coefficients.Select(LayerMap.OfCore)]);

    internal static FieldPiece OfCore(FieldPiece<Rational> piece) => new(new(piece.Until), [.. piece.Coefficients.Select(LayerMap.OfCore)]);
}
