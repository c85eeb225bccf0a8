using System;
using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime;

/// <summary>The map f of one step of a network: one layer, or an inner feed-forward network of several.</summary>
public sealed class LayerMap
{
    private LayerMap(LayerMap<Binary64>? floats, LayerMap<Rational>? fractions)
    {
        Floats = floats;
        Fractions = fractions;
    }

    /// <summary>What the weights are.</summary>
    public NumberKind Numbers => Floats is null ? NumberKind.Exact : NumberKind.Float;

    /// <summary>The width of the argument.</summary>
    public int InputWidth => Floats?.InputWidth ?? Fractions!.InputWidth;

    /// <summary>The width of the value.</summary>
    public int OutputWidth => Floats?.OutputWidth ?? Fractions!.OutputWidth;

    /// <summary>The layers, first to last; at least one.</summary>
    public IReadOnlyList<Layer> Layers =>
        Floats is not null
            ? [.. Floats.Layers.ToArray().Select(Layer.OfCore)]
            : [.. Fractions!.Layers.ToArray().Select(Layer.OfCore)];

    internal LayerMap<Binary64>? Floats { get; }

    internal LayerMap<Rational>? Fractions { get; }

    /// <summary>The composition of layers, the first one first.</summary>
    /// <param name="layers">At least one, all of the same numbers, each as wide in as the one before is out.</param>
    /// <returns>The map.</returns>
    /// <exception cref="InvalidNetworkException">The shapes do not fit.</exception>
    public static LayerMap Of(params Layer[] layers)
    {
        if (Array.IndexOf(Door.NotNull(layers), null) >= 0)
        {
            throw new ArgumentException("No layer may be null.", nameof(layers));
        }

        var exact = layers.Length > 0 && layers[0].Numbers == NumberKind.Exact;
        if (layers.Any(layer => (layer.Numbers == NumberKind.Exact) != exact))
        {
            throw new ArgumentException("Some layers have floats and some have fractions; one kind of numbers is expected.", nameof(layers));
        }

        return exact
            ? new(null, Built.OrThrow(LayerMapModule.create(Array.ConvertAll(layers, layer => layer.Fractions!))))
            : new(Built.OrThrow(LayerMapModule.create(Array.ConvertAll(layers, layer => layer.Floats!))), null);
    }

    /// <summary>A single layer is a map.</summary>
    /// <param name="layer">The layer.</param>
    public static implicit operator LayerMap(Layer layer) => FromLayer(layer);

    /// <summary>The map of a single layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <returns>The map.</returns>
    public static LayerMap FromLayer(Layer layer) => Of(Door.NotNull(layer));

    internal static LayerMap OfCore(LayerMap<Binary64> map) => new(map, null);

    internal static LayerMap OfCore(LayerMap<Rational> map) => new(null, map);
}
