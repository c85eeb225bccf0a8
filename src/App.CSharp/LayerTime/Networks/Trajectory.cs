using System;
using LayerTime.Core.Numbers;
using LayerTime.Core.Semantics;

namespace LayerTime;

/// <summary>The states x(−K+1), …, x(0), x(1), …, x(L) of a run on floats.</summary>
public sealed class Trajectory
{
    private double[]? output;

    internal Trajectory(Network network, Trajectory<Binary64> core)
    {
        Network = network;
        Core = core;
    }

    /// <summary>The network that was run.</summary>
    public Network Network { get; }

    /// <summary>L, the number of layers.</summary>
    public int Depth => Core.Depth;

    /// <summary>The layer of the oldest state, −K+1.</summary>
    public int FirstLayer => 1 - Core.Blocks;

    /// <summary>The output: the readout of the final state, or x(L) where the network has none. A copy.</summary>
    public double[] Output => (double[])(output ??= Binary64Module.toFloats(Simulation.output(Network.Floats!, Core))).Clone();

    internal Trajectory<Binary64> Core { get; }

    /// <summary>x(layer), a copy.</summary>
    /// <param name="layer">FirstLayer … Depth.</param>
    public double[] this[int layer] => State(layer).ToArray();

    /// <summary>The width of x(layer).</summary>
    /// <param name="layer">FirstLayer … Depth.</param>
    /// <returns>The number of scalars.</returns>
    public int Width(int layer) => State(layer).Length;

    /// <summary>x(layer), a view without a copy.</summary>
    /// <param name="layer">FirstLayer … Depth.</param>
    /// <returns>The scalars.</returns>
    public ReadOnlySpan<double> State(int layer)
    {
        Door.Within(layer, FirstLayer, Depth);
        return Binary64Module.asFloats(Core.State(layer));
    }
}
