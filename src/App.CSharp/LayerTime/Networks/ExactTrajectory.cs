using LayerTime.Core.Numbers;
using LayerTime.Core.Semantics;

namespace LayerTime;

/// <summary>The states x(−K+1), …, x(0), x(1), …, x(L) of a run on fractions.</summary>
public sealed class ExactTrajectory
{
    internal ExactTrajectory(Network network, Trajectory<Rational> core)
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
    public Fraction[] Output => Exactly.Fractions(Simulation.output(Network.Fractions!, Core));

    internal Trajectory<Rational> Core { get; }

    /// <summary>x(layer), a copy.</summary>
    /// <param name="layer">FirstLayer … Depth.</param>
    public Fraction[] this[int layer] => State(layer);

    /// <summary>The width of x(layer).</summary>
    /// <param name="layer">FirstLayer … Depth.</param>
    /// <returns>The number of scalars.</returns>
    public int Width(int layer)
    {
        Door.Within(layer, FirstLayer, Depth);
        return Core.State(layer).Length;
    }

    /// <summary>x(layer), a copy.</summary>
    /// <param name="layer">FirstLayer … Depth.</param>
    /// <returns>The scalars.</returns>
    public Fraction[] State(int layer)
    {
        Door.Within(layer, FirstLayer, Depth);
        return Exactly.Fractions(Core.State(layer));
    }
}
