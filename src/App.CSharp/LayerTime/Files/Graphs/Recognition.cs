using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime;

/// <summary>
/// A graph of layers, sums, slices and concatenations as a network: a chain is a plain network; states that are sums of earlier
/// states and of maps of them are a difference equation, maps of concatenated states a dense one; any other graph is a plain network that carries along what later layers read.
/// </summary>
internal static class Recognition
{
    internal static Network<Binary64> Of(Cell output, InputCell input, Allowance allowance, IReadOnlyDictionary<double, double> roots)
    {
        var readers = Readers(output);
        if (!readers.ContainsKey(input))
        {
            throw new Refusal("the output", "a constant", "a function of the input");
        }

        var maps = new Maps(allowance, output.Where);
        if (Chain.FromInput(output) is not { } chain)
        {
            var cells = readers.Keys.OrderBy(cell => cell.Id).ToList();
            return Recurrence.Find(output, cells, readers, roots)?.Network(maps) ?? Concatenated.Find(output, cells, readers) ?? Plain(Carried.Layers(cells, readers, maps));
        }

        return Plain(chain.Count > 0 ? chain.Select(cell => cell.Layer) : [maps.Identity(output.Width)]);
    }

    private static Network<Binary64> Plain(IEnumerable<Layer<Binary64>> layers) =>
        Built.OrThrow(NetworkModule.ofArchitecture(Architecture<Binary64>.NewFeedForward([.. layers.Select(LayerMapModule.ofLayer)])));

    // How often each cell that the output depends on is read; the output is read once more.
    private static Dictionary<Cell, int> Readers(Cell output)
    {
        var readers = new Dictionary<Cell, int> { [output] = 1 };
        var waiting = new Stack<Cell>([output]);
        while (waiting.TryPop(out var cell))
        {
            foreach (var source in Sources(cell))
            {
                if (!readers.TryAdd(source, 1))
                {
                    readers[source]++;
                }
                else
                {
                    waiting.Push(source);
                }
            }
        }

        return readers;
    }

    internal static IEnumerable<Cell> Sources(Cell cell) => cell switch
    {
        LayerCell layer => [layer.Source],
        JoinCell join => join.Terms.Select(term => term.Cell),
        _ => [],
    };
}
