using System;
using System.Collections.Generic;
using System.Linq;

namespace LayerTime;

/// <summary>One summand of a state: scale · chain(state).</summary>
internal readonly record struct Branch(int State, double Scale, IReadOnlyList<LayerCell> Layers);

/// <summary>How a state is made of earlier ones: Σ coefficient · state + Σ scale · chain(state).</summary>
internal sealed class Update
{
    internal SortedDictionary<int, double> Bare { get; } = [];

    internal List<Branch> Branches { get; } = [];

    internal void Add(int state, double coefficient)
    {
        var sum = Bare.GetValueOrDefault(state) + coefficient;
        if (sum == 0)
        {
            Bare.Remove(state);
        }
        else
        {
            Bare[state] = sum;
        }
    }
}

/// <summary>
/// The states x(0), x(1), … of a graph and how each follows from those before: sums that a map or the output reads. A sum that is
/// only added to others, such as a momentum v with x(l+1) = x(l) + v, is eliminated: v = x(l+1) − x(l). The first momentum, from rest,
/// is a map that several sums read.
/// </summary>
internal sealed class Recurrence
{
    private readonly IReadOnlyDictionary<Cell, int> readers;
    private readonly Dictionary<Cell, int> states = [];
    private readonly Dictionary<Cell, SortedDictionary<int, double>> inverses = [];
    private Cell? sliced;
    private int effort;

    private Recurrence(int width, IReadOnlyDictionary<Cell, int> readers, IReadOnlyDictionary<double, double> roots, int cells)
    {
        (Width, this.readers, Roots) = (width, readers, roots);
        effort = 100_000 + (64 * cells);
    }

    internal int Width { get; }

    internal IReadOnlyDictionary<double, double> Roots { get; }

    internal List<Update> Updates { get; } = [];

    /// <summary>How many states of the history the input of the recurrence holds; null where there is one that has no past.</summary>
    internal int? History { get; private set; }

    /// <summary>The layers from the input to the first state, or to the whole history.</summary>
    internal IReadOnlyList<LayerCell> Lift { get; private set; } = [];

    /// <summary>The layers from the last states to the output.</summary>
    internal IReadOnlyList<LayerCell> Readout { get; private set; } = [];

    /// <summary>How many of the last states the readout reads, newest first.</summary>
    internal int Finals { get; private set; }

    internal bool IsConcatenated { get; private set; }

    internal static Recurrence? Find(Cell output, IReadOnlyList<Cell> cells, IReadOnlyDictionary<Cell, int> readers, IReadOnlyDictionary<double, double> roots)
    {
        var end = Chain.To(output, readers);
        List<Term> finals = end.Base is JoinCell join && Concatenated(join) is { } terms ? terms : [new(1, end.Base, 0, 0, end.Base.Width)];
        var recurrence = new Recurrence(finals[0].Length, BySums(cells, readers), roots, cells.Count) { Readout = end.Layers, Finals = finals.Count, IsConcatenated = finals.Count > 1 };
        return recurrence.Find(cells, end.Base, finals) ? recurrence : null;
    }

    // The readers of each cell, where sums that read the whole of the same layer count as one.
    private static Dictionary<Cell, int> BySums(IReadOnlyList<Cell> cells, IReadOnlyDictionary<Cell, int> readers)
    {
        var counts = new Dictionary<Cell, int>(readers);
        var reads = cells.OfType<JoinCell>()
            .SelectMany(join => join.Terms.Where(term => term.Cell is LayerCell && term.At == 0 && term.IsWhole(join.Width)))
            .GroupBy(term => term.Cell);
        foreach (var read in reads)
        {
            if (read.Count() == readers[read.Key])
            {
                counts[read.Key] = 1;
            }
        }

        return counts;
    }

    // The parts of a concatenation of vectors of one width, first to last.
    private static List<Term>? Concatenated(JoinCell join)
    {
        var terms = join.Terms.OrderBy(term => term.At).ToList();
        return terms.Count > 1 && join.Width % terms.Count == 0
            && terms.Select((term, i) => term.Scale == 1 && term.Length == join.Width / terms.Count && term.At == i * term.Length).All(isFit => isFit)
            ? terms : null;
    }

    private bool IsSum(JoinCell join) => join.Width == Width && join.Terms.Count > 0 && join.Terms.All(term => term.At == 0 && term.Length == Width) && !IsSlice(join);

    private static bool IsSlice(JoinCell join) => join.Terms is [{ Scale: 1, At: 0 } term] && term.Length == join.Width && !term.IsWhole(join.Width);

    private bool Find(IReadOnlyList<Cell> cells, Cell end, IReadOnlyList<Term> finals)
    {
        var joins = cells.OfType<JoinCell>().Where(join => !(IsConcatenated && join == end)).ToList();
        var sums = joins.Where(IsSum).ToList();
        var chains = sums.SelectMany(sum => sum.Terms).Select(term => term.IsWhole(Width) ? Chain.To(term.Cell, readers) : new(term.Cell, [])).ToList();
        var read = chains.Where(chain => chain.Layers.Count > 0).Select(chain => chain.Base).Concat(finals.Select(term => term.Cell)).ToHashSet();
        var roots = chains.Select(chain => chain.Base).Concat(finals.Select(term => term.Cell))
            .Where(cell => cell is not JoinCell join || !IsSum(join))
            .Select(cell => cell is JoinCell slice && IsSlice(slice) ? slice.Terms[0].Cell : cell)
            .Distinct().ToList();
        if (roots is not [var root] || joins.Any(join => !IsSum(join) && !(IsSlice(join) && join.Terms[0].Cell == root))
            || !Start(root, joins.Where(IsSlice)) || Chain.FromInput(root) is not { } lift)
        {
            return false;
        }

        Lift = lift;
        foreach (var sum in sums)
        {
            if (!read.Contains(sum))
            {
                continue;
            }

            var update = new Update();
            if (!Expand(sum.Terms, 1, update, 0))
            {
                return false;
            }

            Updates.Add(update);
            Invert(sum.Terms, Updates.Count);
            states.Add(sum, Updates.Count);
        }

        return Updates.Count > 0 && finals.Select((term, i) => StateOf(term with { At = 0 }) is { } state && state == Updates.Count - i).All(isFit => isFit);
    }

    // x(0) itself, or a vector of which x(0), x(−1), … are slices.
    private bool Start(Cell root, IEnumerable<JoinCell> slices)
    {
        if (root.Width == Width)
        {
            states.Add(root, 0);
            return true;
        }

        sliced = root;
        History = root.Width / Width;
        foreach (var slice in slices)
        {
            if (StateOf(slice.Terms[0]) is not { } state)
            {
                return false;
            }

            states.Add(slice, state);
        }

        return root.Width % Width == 0;
    }

    private int? StateOf(Term term) =>
        term.IsWhole(Width) && states.TryGetValue(term.Cell, out var state) ? state
        : term.Cell == sliced && term.Length == Width && term.From % Width == 0 ? -term.From / Width
        : null;

    private bool Expand(IReadOnlyList<Term> terms, double factor, Update update, int depth)
    {
        effort -= terms.Count;
        if (effort < 0 || depth > 100)
        {
            return false;
        }

        foreach (var term in terms)
        {
            var scale = factor * term.Scale;
            if (StateOf(term) is { } state)
            {
                update.Add(state, scale);
            }
            else if (!term.IsWhole(Width))
            {
                return false;
            }
            else if (inverses.TryGetValue(term.Cell, out var inverse))
            {
                foreach (var (earlier, coefficient) in inverse)
                {
                    update.Add(earlier, scale * coefficient);
                }
            }
            else if (Chain.To(term.Cell, readers) is { Layers.Count: > 0 } chain)
            {
                if (StateOf(new(1, chain.Base, 0, 0, chain.Base.Width)) is not { } argument)
                {
                    return false;
                }

                update.Branches.Add(new(argument, scale, chain.Layers));
            }
            else if (term.Cell is not JoinCell sum || !Expand(sum.Terms, scale, update, depth + 1))
            {
                return false;
            }
        }

        return true;
    }

    // From x(l+1) = s·v + Σ c·x: v = (x(l+1) − Σ c·x)/s.
    private void Invert(IReadOnlyList<Term> terms, int state)
    {
        var others = terms.Where(term => StateOf(term) is null).ToList();
        if (others is not [{ Cell: var unknown } single] || !single.IsWhole(Width) || inverses.ContainsKey(unknown))
        {
            return;
        }

        var inverse = new SortedDictionary<int, double> { [state] = 1 / single.Scale };
        foreach (var term in terms)
        {
            if (StateOf(term) is { } known)
            {
                inverse[known] = inverse.GetValueOrDefault(known) - (term.Scale / single.Scale);
            }
        }

        inverses.Add(unknown, inverse);
    }
}
