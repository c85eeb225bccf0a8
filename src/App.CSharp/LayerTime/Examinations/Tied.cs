using System;
using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Networks;

namespace LayerTime;

/// <summary>Which layers have the same weights.</summary>
internal static class Tied
{
    /// <summary>How many different layers there are: same shapes, weights, biases and activations, number by number.</summary>
    internal static int Groups(Network network) =>
        network.Floats is { } floats ? Groups(ArchitectureModule.maps(floats.Architecture)) : Groups(ArchitectureModule.maps(network.Fractions!.Architecture));

    private static int Groups<T>(LayerMap<T>[][] layers)
    {
        var different = new Dictionary<int, List<LayerMap<T>[]>>();
        var count = 0;
        foreach (var layer in layers)
        {
            var key = Key(layer);
            var same = different.TryGetValue(key, out var known) ? known : different[key] = [];
            if (!same.Exists(other => IsSame(other, layer)))
            {
                same.Add(layer);
                count++;
            }
        }

        return count;
    }

    private static int Key<T>(LayerMap<T>[] maps)
    {
        var hash = default(HashCode);
        foreach (var layer in maps.SelectMany(map => map.Layers.ToArray()))
        {
            foreach (var entry in layer.Weights.Entries)
            {
                hash.Add(entry);
            }
        }

        return hash.ToHashCode();
    }

    private static bool IsSame<T>(LayerMap<T>[] a, LayerMap<T>[] b) =>
        a.Length == b.Length && a.Zip(b).All(pair => IsSame(pair.First.Layers.ToArray(), pair.Second.Layers.ToArray()));

    private static bool IsSame<T>(Layer<T>[] a, Layer<T>[] b) =>
        a.Length == b.Length && a.Zip(b).All(pair =>
            pair.First.OutputWidth == pair.Second.OutputWidth
            && MemoryExtensions.SequenceEqual(pair.First.Weights.Entries, pair.Second.Weights.Entries, null)
            && MemoryExtensions.SequenceEqual(pair.First.Bias, pair.Second.Bias, null)
            && MemoryExtensions.SequenceEqual(pair.First.Activations, pair.Second.Activations, null));
}
