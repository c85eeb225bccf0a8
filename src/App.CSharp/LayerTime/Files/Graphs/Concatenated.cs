using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime;

/// <summary>
/// The recurrence x(l+1) = φ_l([x(l); …; x(l+1−k)]), k ≥ 2: each map reads a concatenation of the last k states, the first ones slices
/// of one vector. A last concatenation whose map ends in another width than that of a state is read by the readout. One concatenation alone
/// is one map of the whole vector: a plain network.
/// </summary>
internal static class Concatenated
{
    internal static Network<Binary64>? Find(Cell output, IReadOnlyList<Cell> cells, IReadOnlyDictionary<Cell, int> readers)
    {
        var joins = cells.OfType<JoinCell>().Where(join => !IsSlice(join)).ToList();
        if (joins.Count < 2 || States(joins[0]) is not { } states || joins.Any(join => readers[join] != 1))
        {
            return null;
        }

        var (root, width, window) = (states[0].Cell, states[0].Length, states.Count);
        if (root.Width != window * width || states.Where((state, i) => state.Cell != root || state.From != i * width).Any() || Chain.FromInput(root) is not { } lift)
        {
            return null;
        }

        List<LayerMap<Binary64>> maps = [];
        foreach (var next in joins.Skip(1))
        {
            // The newest part is what the map behind the last concatenation makes; the others are the states before.
            if (States(next) is not { } parts || parts.Count != window || parts[0] is not { From: 0 } newest || newest.Cell.Width != width
                || Map(newest.Cell, joins[maps.Count], readers) is not { } map || !parts.Skip(1).SequenceEqual(states.Take(window - 1)))
            {
                return null;
            }

            maps.Add(map);
            states = parts;
        }

        if (Map(output, joins[^1], readers) is not { } last)
        {
            return null;
        }

        var isState = last.OutputWidth == width;
        if (isState)
        {
            maps.Add(last);
        }

        return maps.Count == 0 ? null : Built.OrThrow(NetworkModule.create(
            Built.Optional(lift.Count == 0 ? null : Built.OrThrow(LayerMapModule.create([.. lift.Select(cell => cell.Layer)]))),
            Architecture<Binary64>.NewConcatenationDense(window, [.. maps]),
            Built.Optional(isState ? null : last)));
    }

    private static bool IsSlice(JoinCell join) => join.Terms is [{ Scale: 1, At: 0 } term] && term.Length == join.Width && !term.IsWhole(join.Width);

    /// <summary>A state: a whole cell, or a slice of the history.</summary>
    private readonly record struct State(Cell Cell, int From, int Length);

    // The parts of a concatenation of at least two vectors of one width, in order; null for any other cell.
    private static List<State>? States(JoinCell join)
    {
        var terms = join.Terms.OrderBy(term => term.At).ToList();
        var length = terms.Count > 0 ? join.Width / terms.Count : 0;
        return terms.Count > 1 && terms.Select((term, i) => term.Scale == 1 && term.Length == length && term.At == i * length).All(fits => fits)
            ? [.. terms.Select(Resolved)] : null;
    }

    private static State Resolved(Term term) =>
        term.Cell is JoinCell slice && IsSlice(slice) ? new(slice.Terms[0].Cell, slice.Terms[0].From + term.From, term.Length) : new(term.Cell, term.From, term.Length);

    // The layers from a concatenation to a cell, which other maps may read too, while nothing else reads what lies between.
    private static LayerMap<Binary64>? Map(Cell end, JoinCell start, IReadOnlyDictionary<Cell, int> readers)
    {
        if (end is not LayerCell last)
        {
            return null;
        }

        var chain = Chain.To(last.Source, readers);
        var first = chain.Layers.Count == 0 ? last.Source : chain.Base;
        return first == start ? Built.OrThrow(LayerMapModule.create([.. chain.Layers.Append(last).Select(cell => cell.Layer)])) : null;
    }
}
