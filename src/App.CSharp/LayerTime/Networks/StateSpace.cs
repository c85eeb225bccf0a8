using System;
using System.Runtime.CompilerServices;
using LayerTime.Core.Numbers;

namespace LayerTime;

/// <summary>
/// The state space of a network: K blocks of d scalars that determine all later layers, in three systems of coordinates, with steps both ways.
/// A state is written flat, first block first.
/// </summary>
public sealed class StateSpace
{
    private StateSpace(Network network) => Network = network;

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>K, the number of blocks.</summary>
    public int Blocks => Network.Blocks;

    /// <summary>d, the width of a block.</summary>
    public int BlockWidth => Network.Width;

    /// <summary>K·d, the number of scalars.</summary>
    public int Dimension => Network.StateDimension;

    /// <summary>Whether <see cref="StepBack(ReadOnlySpan{double}, int, StateCoordinates)"/> exists: for smooth networks of order 2 or more, whatever their maps.</summary>
    public bool IsInvertible => Network.Architecture == Architecture.Smooth && Network.Order >= 2;

    /// <summary>The state space of a network.</summary>
    /// <param name="network">A network of constant width.</param>
    /// <returns>The state space.</returns>
    /// <exception cref="ArgumentException">The widths of the network change from layer to layer.</exception>
    public static StateSpace Of(Network network)
    {
        Door.NotNull(network);
        for (var layer = 1; layer <= network.Depth; layer++)
        {
            if (network.WidthAt(layer) != network.Width)
            {
                throw new ArgumentException(
                    $"Layer {layer} has width {network.WidthAt(layer)}; {network.Width}, the width of all states, is expected.", nameof(network));
            }
        }

        return new(network);
    }

    /// <summary>The state at a depth of a run on floats.</summary>
    /// <param name="trajectory">A run of this network.</param>
    /// <param name="layer">0 … Depth.</param>
    /// <param name="coordinates">In which coordinates.</param>
    /// <returns>K·d scalars.</returns>
    public double[] State(Trajectory trajectory, int layer, StateCoordinates coordinates = StateCoordinates.Delay)
    {
        Own(Door.NotNull(trajectory).Network, nameof(trajectory));
        Door.Within(layer, 0, Network.Depth);
        var flat = Exactly.Flat(trajectory.Core.Delay(layer));
        return Binary64Module.toFloats(Realisation.Convert(Network.Floats!, flat, StateCoordinates.Delay, coordinates));
    }

    /// <summary>The state at a depth of a run on fractions.</summary>
    /// <param name="trajectory">A run of this network.</param>
    /// <param name="layer">0 … Depth.</param>
    /// <param name="coordinates">In which coordinates.</param>
    /// <returns>K·d scalars.</returns>
    public Fraction[] State(ExactTrajectory trajectory, int layer, StateCoordinates coordinates = StateCoordinates.Delay)
    {
        Own(Door.NotNull(trajectory).Network, nameof(trajectory));
        Door.Within(layer, 0, Network.Depth);
        var flat = Exactly.Flat(trajectory.Core.Delay(layer));
        return Exactly.Fractions(Realisation.Convert(Network.Fractions!, flat, StateCoordinates.Delay, coordinates));
    }

    /// <summary>A state in other coordinates.</summary>
    /// <param name="state">K·d scalars.</param>
    /// <param name="from">The coordinates it is given in.</param>
    /// <param name="to">The coordinates it is wanted in.</param>
    /// <returns>K·d scalars.</returns>
    [OverloadResolutionPriority(1)]
    public double[] Convert(ReadOnlySpan<double> state, StateCoordinates from, StateCoordinates to) =>
        Binary64Module.toFloats(Realisation.Convert(Network.NeedFloats("fractions"), Numbers(state), from, to));

    /// <summary>A state of fractions in other coordinates.</summary>
    /// <param name="state">K·d scalars.</param>
    /// <param name="from">The coordinates it is given in.</param>
    /// <param name="to">The coordinates it is wanted in.</param>
    /// <returns>K·d scalars.</returns>
    public Fraction[] Convert(ReadOnlySpan<Fraction> state, StateCoordinates from, StateCoordinates to) =>
        Exactly.Fractions(Realisation.Convert(Network.NeedFractions("floats"), Numbers(state), from, to));

    /// <summary>One step, from the state at a layer to the state at the next.</summary>
    /// <param name="state">K·d scalars.</param>
    /// <param name="layer">0 … Depth − 1.</param>
    /// <param name="coordinates">The coordinates of both states.</param>
    /// <returns>K·d scalars.</returns>
    [OverloadResolutionPriority(1)]
    public double[] Step(ReadOnlySpan<double> state, int layer, StateCoordinates coordinates = StateCoordinates.Delay) =>
        Binary64Module.toFloats(Realisation.Step(Network.NeedFloats("fractions"), Numbers(state), Layer(layer), coordinates));

    /// <summary>One step on fractions, from the state at a layer to the state at the next.</summary>
    /// <param name="state">K·d scalars.</param>
    /// <param name="layer">0 … Depth − 1.</param>
    /// <param name="coordinates">The coordinates of both states.</param>
    /// <returns>K·d scalars.</returns>
    public Fraction[] Step(ReadOnlySpan<Fraction> state, int layer, StateCoordinates coordinates = StateCoordinates.Delay) =>
        Exactly.Fractions(Realisation.Step(Network.NeedFractions("floats"), Numbers(state), Layer(layer), coordinates));

    /// <summary>One step back, from the state after a layer to the state before it.</summary>
    /// <param name="state">K·d scalars, the state at layer + 1.</param>
    /// <param name="layer">0 … Depth − 1.</param>
    /// <param name="coordinates">The coordinates of both states.</param>
    /// <returns>K·d scalars, the state at layer.</returns>
    /// <exception cref="InvalidOperationException">The network is not smooth of order 2 or more.</exception>
    [OverloadResolutionPriority(1)]
    public double[] StepBack(ReadOnlySpan<double> state, int layer, StateCoordinates coordinates = StateCoordinates.Delay) =>
        Binary64Module.toFloats(Realisation.StepBack(Invertible().NeedFloats("fractions"), Numbers(state), Layer(layer), coordinates));

    /// <summary>One step back on fractions, without rounding.</summary>
    /// <param name="state">K·d scalars, the state at layer + 1.</param>
    /// <param name="layer">0 … Depth − 1.</param>
    /// <param name="coordinates">The coordinates of both states.</param>
    /// <returns>K·d scalars, the state at layer.</returns>
    /// <exception cref="InvalidOperationException">The network is not smooth of order 2 or more.</exception>
    public Fraction[] StepBack(ReadOnlySpan<Fraction> state, int layer, StateCoordinates coordinates = StateCoordinates.Delay) =>
        Exactly.Fractions(Realisation.StepBack(Invertible().NeedFractions("floats"), Numbers(state), Layer(layer), coordinates));

    private void Own(Network network, string parameter)
    {
        if (!ReferenceEquals(network, Network))
        {
            throw new ArgumentException("The run is of another network; a run of the network of this state space is expected.", parameter);
        }
    }

    private int Layer(int layer)
    {
        Door.Within(layer, 0, Network.Depth - 1);
        return layer;
    }

    private Binary64[] Numbers(ReadOnlySpan<double> state)
    {
        Door.Length(state.Length, Dimension, nameof(state));
        Door.Finite(state, nameof(state));
        return Binary64Module.ofFloats(state.ToArray());
    }

    private Rational[] Numbers(ReadOnlySpan<Fraction> state)
    {
        Door.Length(state.Length, Dimension, nameof(state));
        return Exactly.Rationals(state);
    }

    private Network Invertible() => IsInvertible
        ? Network
        : throw new InvalidOperationException("Only smooth networks of order 2 or more can be run backward whatever their maps are.");
}
