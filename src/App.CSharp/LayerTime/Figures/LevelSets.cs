using System;
using System.Collections.Generic;
using System.Linq;

namespace LayerTime;

/// <summary>Level sets of a function that was sampled on a grid, as polylines (marching squares).</summary>
internal static class LevelSets
{
    /// <summary>The polylines of one level, in units of the grid: (column, row).</summary>
    /// <param name="samples">One value for each row and column; cells with a value that is not finite are left out.</param>
    /// <param name="level">The level.</param>
    internal static IReadOnlyList<IReadOnlyList<(double X, double Y)>> Of(double[,] samples, double level)
    {
        // The ends of a segment are named by the edge of the grid that they lie on, so that segments of neighbouring cells meet.
        var next = new Dictionary<Edge, List<Edge>>();
        for (var row = 0; row + 1 < samples.GetLength(0); row++)
        {
            for (var column = 0; column + 1 < samples.GetLength(1); column++)
            {
                foreach (var (from, to) in Cell(samples, level, row, column))
                {
                    Neighbours(next, from).Add(to);
                    Neighbours(next, to).Add(from);
                }
            }
        }

        // Lines that end somewhere first, from one of their ends; what is left is closed.
        List<Edge> starts = [.. next.Keys];
        return [.. starts.Where(edge => next[edge].Count == 1).Concat(starts).Select(edge => Follow(next, edge)).Where(line => line.Count > 1)
            .Select(line => (IReadOnlyList<(double, double)>)[.. line.Select(edge => edge.Cross(samples, level))])];
    }

    private static List<Edge> Follow(Dictionary<Edge, List<Edge>> next, Edge start)
    {
        List<Edge> line = [start];
        while (next[line[^1]] is { Count: > 0 } neighbours)
        {
            var edge = neighbours[0];
            neighbours.RemoveAt(0);
            next[edge].Remove(line[^1]);
            line.Add(edge);
        }

        return line;
    }

    private static List<Edge> Neighbours(Dictionary<Edge, List<Edge>> next, Edge edge) =>
        next.TryGetValue(edge, out var neighbours) ? neighbours : next[edge] = [];

    private static IEnumerable<(Edge From, Edge To)> Cell(double[,] samples, double level, int row, int column)
    {
        var (a, b) = (samples[row, column], samples[row, column + 1]);
        var (d, c) = (samples[row + 1, column], samples[row + 1, column + 1]);
        if (!double.IsFinite(a + b + c + d))
        {
            return [];
        }

        var (top, bottom) = (new Edge(row, column, Across: true), new Edge(row + 1, column, Across: true));
        var (left, right) = (new Edge(row, column, Across: false), new Edge(row, column + 1, Across: false));
        Edge[] crossed = [.. new[] { (top, a, b), (right, b, c), (bottom, d, c), (left, a, d) }
            .Where(edge => (edge.Item2 >= level) != (edge.Item3 >= level)).Select(edge => edge.Item1)];

        // Four crossings: the middle of the cell decides which corners belong together.
        return crossed.Length switch
        {
            2 => [(crossed[0], crossed[1])],
            4 when (((a + c) / 4) + ((b + d) / 4) >= level) == (a >= level) => [(top, right), (bottom, left)],
            4 => [(top, left), (bottom, right)],
            _ => [],
        };
    }

    /// <summary>An edge of the grid, from a sample to its neighbour in the next column or row.</summary>
    private readonly record struct Edge(int Row, int Column, bool Across)
    {
        internal (double X, double Y) Cross(double[,] samples, double level)
        {
            var (from, to) = (samples[Row, Column], Across ? samples[Row, Column + 1] : samples[Row + 1, Column]);
            var share = Math.Clamp(((level / 2) - (from / 2)) / ((to / 2) - (from / 2)), 0, 1);
            return Across ? (Column + share, Row) : (Column, Row + share);
        }
    }
}
