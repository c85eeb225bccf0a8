using System;
using System.Linq;
using LayerTime.Core.Networks;

namespace LayerTime;

/// <summary>What an architecture is besides its maps and its step.</summary>
/// <param name="Kind">Which architecture.</param>
/// <param name="Order">The order of the backward difference, where the architecture states it.</param>
/// <param name="Window">The number of states that are concatenated, where the architecture states it.</param>
internal sealed record Design(Architecture Kind, int Order = 1, int Window = 1)
{
    internal bool HasOrder => Kind is Architecture.Smooth or Architecture.Master;

    internal bool HasStep => Kind is Architecture.Residual or Architecture.Smooth or Architecture.Master;

    internal bool HasWindow => Kind is Architecture.ConcatenationDense;

    internal bool HasManyMaps => Kind is Architecture.AdditiveDense or Architecture.Master;

    /// <summary>The architecture of the core; maps[l] holds the maps of layer l.</summary>
    internal Architecture<T> Assemble<T>(T step, LayerMap<T>[][] maps)
    {
        LayerMap<T>[] Single() => [.. maps.Select(layer => layer[0])];

        return Kind switch
        {
            Architecture.FeedForward => Architecture<T>.NewFeedForward(Single()),
            Architecture.Residual => Architecture<T>.NewResidual(step, Single()),
            Architecture.Smooth => Architecture<T>.NewSmooth(Order, step, Single()),
            Architecture.AdditiveDense => Architecture<T>.NewAdditiveDense(maps),
            Architecture.ConcatenationDense => Architecture<T>.NewConcatenationDense(Window, Single()),
            Architecture.Master => Architecture<T>.NewMaster(Order, step, maps),
            _ => throw new ArgumentOutOfRangeException(nameof(maps), Kind, "Not an architecture."),
        };
    }

    internal static Design Of<T>(Architecture<T> architecture) => architecture switch
    {
        Architecture<T>.FeedForward => new(Architecture.FeedForward),
        Architecture<T>.Residual => new(Architecture.Residual),
        Architecture<T>.Smooth smooth => new(Architecture.Smooth, Order: smooth.order),
        Architecture<T>.AdditiveDense => new(Architecture.AdditiveDense),
        Architecture<T>.ConcatenationDense dense => new(Architecture.ConcatenationDense, Window: dense.window),
        Architecture<T>.Master master => new(Architecture.Master, Order: master.order),
        _ => throw new InvalidOperationException("An architecture that the façade does not know."),
    };
}
