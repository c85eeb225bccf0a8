using System;
using System.Collections.Generic;
using System.Linq;

namespace LayerTime;

/// <summary>A value of a graph: a sum of scaled cells and a constant, which becomes a cell only when something reads it.</summary>
internal sealed class Signal
{
    internal Signal(List<Term> terms, double[]? offset, Shape shape)
    {
        Terms = terms;
        Offset = offset is not null && Array.TrueForAll(offset, number => number == 0) ? null : offset;
        Shape = shape;
    }

    internal Signal(Cell cell, Shape shape)
        : this([new(1, cell, 0, 0, cell.Width)], null, shape)
    {
    }

    internal List<Term> Terms { get; private set; }

    internal double[]? Offset { get; }

    internal Shape Shape { get; }

    internal int Width => Shape.Width;

    /// <summary>How many nodes read it.</summary>
    internal int Uses { get; set; } = 1;

    /// <summary>The part of a split that it is; null for other signals.</summary>
    internal SplitPart? Part { get; init; }

    /// <summary>The term where the signal is one whole scaled cell and a constant.</summary>
    internal Term? Single => Terms is [var term] && term.IsWhole(Width) ? term : null;

    internal Signal Reshaped(Shape shape) => new([.. Terms], Offset, shape);

    internal Signal Scaled(double scale) =>
        new([.. Terms.Select(term => term with { Scale = term.Scale * scale })], Offset is null ? null : Array.ConvertAll(Offset, number => number * scale), Shape);

    internal Signal Plus(double[] offset) => new([.. Terms], Add(Offset, offset), Shape);

    /// <summary>The sum of two signals that nothing else reads, in time of the shorter list.</summary>
    internal static Signal Sum(Signal left, Signal right)
    {
        var (longer, shorter) = left.Terms.Count >= right.Terms.Count ? (left, right) : (right, left);
        var terms = longer.Uses == 1 ? longer.Terms : [.. longer.Terms];
        terms.AddRange(shorter.Terms);
        return new(terms, left.Offset is null ? right.Offset : right.Offset is null ? left.Offset : Add(left.Offset, right.Offset), left.Shape);
    }

    /// <summary>The terms with those of the same part of the same cell added up; what cancels is left out.</summary>
    internal List<Term> Collected()
    {
        if (Terms.Count > 1)
        {
            Terms = [.. Terms
                .GroupBy(term => term with { Scale = 0 })
                .Select(same => same.Key with { Scale = same.Sum(term => term.Scale) })
                .Where(term => term.Scale != 0)];
        }

        return Terms;
    }

    private static double[] Add(double[]? left, double[] right) => left is null ? right : [.. left.Zip(right, (a, b) => a + b)];
}

/// <summary>The shape of a value.</summary>
/// <param name="HasBatch">Whether a first axis counts samples.</param>
/// <param name="Batch">The number of samples where it is fixed.</param>
/// <param name="Features">The axes of one sample.</param>
internal sealed record Shape(bool HasBatch, long? Batch, IReadOnlyList<int> Features)
{
    internal int Width { get; } = Features.Aggregate(1, (product, length) => checked(product * length));

    internal int Rank => Features.Count + (HasBatch ? 1 : 0);

    internal Shape Of(params IReadOnlyList<int> features) => new(HasBatch, Batch, features);

    internal bool Fits(Shape other) => HasBatch == other.HasBatch && Features.SequenceEqual(other.Features);

    public override string ToString() => $"[{string.Join(", ", (HasBatch ? (string[])[Batch?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "batch"] : []).Concat(Features.Select(length => $"{length}")))}]";
}
