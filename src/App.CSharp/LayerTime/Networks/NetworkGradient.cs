using System.Collections.Generic;

namespace LayerTime;

/// <summary>The gradient of a loss in everything it depends on.</summary>
/// <typeparam name="TNumber">double or <see cref="Fraction"/>.</typeparam>
public sealed class NetworkGradient<TNumber>
    where TNumber : struct
{
    private readonly TNumber[][] momentum;

    internal NetworkGradient(TNumber[][] momentum, int blocks)
    {
        this.momentum = momentum;
        FirstLayer = 1 - blocks;
    }

    /// <summary>L, the number of layers.</summary>
    public int Depth => momentum.Length - 1 + FirstLayer;

    /// <summary>The layer of the oldest state, −K+1.</summary>
    public int FirstLayer { get; }

    /// <summary>dLoss/dInput</summary>
    public required IReadOnlyList<TNumber> Input { get; init; }

    /// <summary>The gradients of the layers, as Layers[layer][map][inner layer]; map 0 reads the newest state.</summary>
    public required IReadOnlyList<IReadOnlyList<IReadOnlyList<LayerGradient<TNumber>>>> Layers { get; init; }

    /// <summary>The gradients of the lift, inner layer by inner layer; empty where there is none.</summary>
    public required IReadOnlyList<LayerGradient<TNumber>> Lift { get; init; }

    /// <summary>The gradients of the readout, inner layer by inner layer; empty where there is none.</summary>
    public required IReadOnlyList<LayerGradient<TNumber>> Readout { get; init; }

    /// <summary>dLoss/dx(layer), the adjoint λ(layer). A copy.</summary>
    /// <param name="layer">FirstLayer … Depth.</param>
    /// <returns>One number for each scalar of the state.</returns>
    public TNumber[] Momentum(int layer)
    {
        Door.Within(layer, FirstLayer, Depth);
        return (TNumber[])momentum[layer - FirstLayer].Clone();
    }
}

/// <summary>The gradient of a loss in the parameters of one layer σ(W·x + b).</summary>
/// <typeparam name="TNumber">double or <see cref="Fraction"/>.</typeparam>
public sealed record LayerGradient<TNumber>
    where TNumber : struct
{
    /// <summary>dLoss/dW, of the shape of W.</summary>
    public required TNumber[,] Weights { get; init; }

    /// <summary>dLoss/db, of the length of b.</summary>
    public required TNumber[] Bias { get; init; }
}
