using System.Collections.Generic;

namespace LayerTime;

/// <summary>Layers one after another, each read by the next alone.</summary>
/// <param name="Base">What the first layer reads.</param>
/// <param name="Layers">First to last; none if the base itself is read.</param>
internal sealed record Chain(Cell Base, IReadOnlyList<LayerCell> Layers)
{
    /// <summary>The chain that ends in a cell, back to the first cell that is no layer or that something else reads too.</summary>
    internal static Chain To(Cell end, IReadOnlyDictionary<Cell, int> readers)
    {
        var layers = new List<LayerCell>();
        var cell = end;
        while (cell is LayerCell layer && readers[cell] == 1)
        {
            layers.Add(layer);
            cell = layer.Source;
        }

        layers.Reverse();
        return new(cell, layers);
    }

    /// <summary>The chain from the input to a cell; null where it is not made of layers only.</summary>
    internal static IReadOnlyList<LayerCell>? FromInput(Cell end)
    {
        var layers = new List<LayerCell>();
        var cell = end;
        for (; cell is LayerCell layer; cell = layer.Source)
        {
            layers.Add(layer);
        }

        layers.Reverse();
        return cell is InputCell ? layers : null;
    }
}
