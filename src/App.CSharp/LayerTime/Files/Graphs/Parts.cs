using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime;

/// <summary>What was split into parts, all of which belong to one layer if they come together again.</summary>
internal sealed class SplitWhole(Signal source, int count)
{
    internal Signal Source { get; } = source;

    internal int Count { get; } = count;

    /// <summary>The whole as a cell, once one part of it is read by itself.</summary>
    internal Cell? Cell { get; set; }
}

/// <summary>One part of a split, waiting for the others: split, each part activated, concatenated is one layer.</summary>
internal sealed record SplitPart(SplitWhole Whole, int Index, int From, Activation<Binary64> Activation);

/// <summary>Activations that differ from row to row.</summary>
internal static class Parts
{
    internal static Signal Of(SplitWhole whole, int index, int from, Shape shape) =>
        new([], null, shape) { Part = new(whole, index, from, Activation<Binary64>.Identity) };

    /// <summary>The activated part; null for a signal that is none, or was activated before.</summary>
    internal static Signal? Applied(Signal x, Activation<Binary64> activation) =>
        x is { Uses: 1, Part: { Activation.IsIdentity: true } part } ? new([], null, x.Shape) { Part = part with { Activation = activation } } : null;

    /// <summary>The signal by itself: a part of a cell.</summary>
    internal static Signal ByItself(Signal x, GraphBuilder builder, string where)
    {
        if (x.Part is not { } part)
        {
            return x;
        }

        part.Whole.Cell ??= builder.CellOf(part.Whole.Source, where);
        part.Whole.Cell.IsShared = true;
        var slice = new Signal([new(1, part.Whole.Cell, part.From, 0, x.Width)], null, x.Shape) { Uses = x.Uses };
        return part.Activation.IsIdentity ? slice : builder.Activate(slice, [part.Activation], where);
    }

    /// <summary>The whole and its activation row by row, where the signals are all of its parts in order; else null.</summary>
    internal static (Signal Source, Activation<Binary64>[] Activations)? RowByRow(IReadOnlyList<Signal?> parts)
    {
        if (parts[0]?.Part?.Whole is not { Cell: null } whole || parts.Count != whole.Count)
        {
            return null;
        }

        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i] is not { Uses: 1, Part: { } part } || part.Whole != whole || part.Index != i)
            {
                return null;
            }
        }

        var activations = parts.SelectMany(part => Enumerable.Repeat(part!.Part!.Activation, part.Width)).ToArray();
        return (whole.Source, activations.All(activation => activation.Equals(activations[0])) ? [activations[0]] : activations);
    }
}
