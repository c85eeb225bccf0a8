using System.Collections.Generic;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime;

/// <summary>A vector within a graph that is being read.</summary>
/// <param name="id">Larger than that of every cell it is made of.</param>
/// <param name="width">The number of its coordinates.</param>
/// <param name="where">The node that made it, for messages.</param>
internal abstract class Cell(int id, int width, string where)
{
    internal int Id { get; } = id;

    internal int Width { get; } = width;

    internal string Where { get; } = where;

    /// <summary>Whether several nodes read it.</summary>
    internal bool IsShared { get; set; }
}

/// <summary>The input of the graph.</summary>
internal sealed class InputCell(int width) : Cell(0, width, "the input");

/// <summary>σ(W·source + b)</summary>
internal sealed class LayerCell(int id, Cell source, Layer<Binary64> layer, string where) : Cell(id, layer.OutputWidth, where)
{
    internal Cell Source { get; } = source;

    internal Layer<Binary64> Layer { get; } = layer;
}

/// <summary>A sum of scaled parts of other cells: skip connections, slices and concatenations.</summary>
internal sealed class JoinCell(int id, int width, IReadOnlyList<Term> terms, string where) : Cell(id, width, where)
{
    internal IReadOnlyList<Term> Terms { get; } = terms;
}

/// <summary>scale · cell[from … from+length) placed at coordinate `at`.</summary>
internal readonly record struct Term(double Scale, Cell Cell, int From, int At, int Length)
{
    /// <summary>Whether it is all of the cell, as all of a vector of a width.</summary>
    internal bool IsWhole(int width) => From == 0 && At == 0 && Length == width && Cell.Width == width;
}
