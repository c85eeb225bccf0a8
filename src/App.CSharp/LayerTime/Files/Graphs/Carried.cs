using System;
using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime;

/// <summary>
/// Any graph as a plain network: cells at equal distance from the input are the rows of one layer, and what a later layer reads is
/// carried there by rows of the identity.
/// </summary>
internal static class Carried
{
    internal static IEnumerable<Layer<Binary64>> Layers(IReadOnlyList<Cell> cells, IReadOnlyDictionary<Cell, int> readers, Maps maps)
    {
        // A join that one layer reads is part of that layer.
        var inside = cells.OfType<LayerCell>().Select(cell => cell.Source).OfType<JoinCell>().Where(join => readers[join] == 1).ToHashSet<Cell>();
        var (levels, last) = (new Dictionary<Cell, int>(), new Dictionary<Cell, int>());
        foreach (var cell in cells.Where(cell => !inside.Contains(cell)))
        {
            var sources = Terms(cell, inside).Select(term => term.Cell).ToList();
            levels[cell] = cell is InputCell ? 0 : 1 + sources.Select(source => levels[source]).Append(0).Max();
            foreach (var source in sources)
            {
                last[source] = Math.Max(last.GetValueOrDefault(source), levels[cell]);
            }
        }

        var byLevel = levels.GroupBy(pair => pair.Value, pair => pair.Key).OrderBy(level => level.Key).Select(level => level.OrderBy(cell => cell.Id).ToList()).ToList();
        List<Cell> before = byLevel[0];
        foreach (var (made, level) in byLevel.Skip(1).Select((made, index) => (made, index + 1)))
        {
            List<Cell> carried = [.. before.Where(cell => last[cell] > level)];
            yield return Layer(made, carried, before, inside, maps);
            before = [.. made, .. carried];
        }
    }

    private static Layer<Binary64> Layer(List<Cell> made, List<Cell> carried, List<Cell> before, HashSet<Cell> inside, Maps maps)
    {
        maps.Reserve(made.Concat(carried).Sum(cell => (long)cell.Width), before.Sum(cell => (long)cell.Width));
        var places = new Dictionary<Cell, int>();
        var (rows, columns) = ((int)made.Concat(carried).Sum(cell => (long)cell.Width), 0);
        foreach (var cell in before)
        {
            places.Add(cell, columns);
            columns += cell.Width;
        }

        var bias = new List<double>();
        var activations = new List<Activation<Binary64>>();
        foreach (var cell in made)
        {
            var layer = (cell as LayerCell)?.Layer;
            for (var i = 0; i < cell.Width; i++)
            {
                bias.Add(layer?.Bias[i].Value ?? 0);
                activations.Add(layer?.Activation(i) ?? Activation<Binary64>.Identity);
            }
        }

        var kept = carried.Sum(cell => cell.Width);
        bias.AddRange(new double[kept]);
        activations.AddRange(Enumerable.Repeat(Activation<Binary64>.Identity, kept));
        return Maps.Layer(
            rows,
            columns,
            entries =>
            {
                var row = 0;
                foreach (var cell in made)
                {
                    Fill(entries, row, cell, places, inside);
                    row += cell.Width;
                }

                foreach (var cell in carried)
                {
                    entries.Diagonal(row, places[cell], cell.Width, 1);
                    row += cell.Width;
                }
            },
            [.. bias],
            [.. activations]);
    }

    private static void Fill(Entries entries, int row, Cell cell, Dictionary<Cell, int> places, HashSet<Cell> inside)
    {
        foreach (var term in Terms(cell, inside))
        {
            var column = places[term.Cell] + term.From;
            if (cell is not LayerCell layer)
            {
                entries.Diagonal(row + term.At, column, term.Length, term.Scale);
                continue;
            }

            for (var i = 0; i < cell.Width; i++)
            {
                var weights = layer.Layer.Weights.Row(i).Slice(term.At, term.Length);
                for (var j = 0; j < weights.Length; j++)
                {
                    entries.Add(row + i, column + j, term.Scale * weights[j].Value);
                }
            }
        }
    }

    private static IReadOnlyList<Term> Terms(Cell cell, HashSet<Cell> inside) => cell switch
    {
        LayerCell { Source: JoinCell join } when inside.Contains(join) => join.Terms,
        LayerCell { Source: var source } => [new(1, source, 0, 0, source.Width)],
        JoinCell join => join.Terms,
        _ => [],
    };
}
