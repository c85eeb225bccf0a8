using System;
using System.Linq;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime;

/// <summary>
/// A neural network as a difference equation ∇ʳx(l+1) = hʳ·G_l(x(l), x(l−1), …): of floats or of exact fractions, never changed once built.
/// </summary>
public sealed partial class Network
{
    private Network(Network<Binary64>? floats, Network<Rational>? fractions)
    {
        Floats = floats;
        Fractions = fractions;
        Design = floats is not null ? Design.Of(floats.Architecture) : Design.Of(fractions!.Architecture);
    }

    /// <summary>Which architecture.</summary>
    public Architecture Architecture => Design.Kind;

    /// <summary>The name under which files know the architecture, such as "additive-dense".</summary>
    public string ArchitectureName =>
        Floats is not null ? ArchitectureModule.name(Floats.Architecture) : ArchitectureModule.name(Fractions!.Architecture);

    /// <summary>What the weights are.</summary>
    public NumberKind Numbers => Floats is null ? NumberKind.Exact : NumberKind.Float;

    /// <summary>r, the order of the backward difference: 0 for plain and dense networks, 1 for residual ones, k for smooth ones of order k.</summary>
    public int Order => Floats?.Equation.Order ?? Fractions!.Equation.Order;

    /// <summary>K, how many past states determine the next one; at least 1.</summary>
    public int Blocks => Floats?.Equation.Blocks ?? Fractions!.Equation.Blocks;

    /// <summary>The number of layers; at least 1.</summary>
    public int Depth => Floats?.Equation.Depth ?? Fractions!.Equation.Depth;

    /// <summary>d, the width of x(0); see <see cref="WidthAt"/> for plain networks, whose widths may change.</summary>
    public int Width => WidthAt(0);

    /// <summary>K·d, the number of scalars of a state.</summary>
    public int StateDimension => Floats?.Equation.StateDimension ?? Fractions!.Equation.StateDimension;

    /// <summary>The number of weights and biases, lift and readout included.</summary>
    public long ParameterCount => Floats is not null ? NetworkModule.parameterCount(Floats) : NetworkModule.parameterCount(Fractions!);

    /// <summary>h as a float, rounded to nearest where it is exact; 1 where the architecture has no step.</summary>
    public double Step => Floats?.Equation.Step.Value ?? RationalModule.toFloat(Fractions!.Equation.Step);

    /// <summary>The width of an input: that of the lift, or d where there is none (K·d is then taken as a full history).</summary>
    public int InputWidth => Lift?.InputWidth ?? Width;

    /// <summary>The width of the output.</summary>
    public int OutputWidth => Readout?.OutputWidth ?? WidthAt(Depth);

    /// <summary>The affine or wider map from the input to the history [x(0); x(−1); …]; null where there is none.</summary>
    public LayerMap? Lift => Floats is not null
        ? Floats.Lift is { } floats ? LayerMap.OfCore(floats.Value) : null
        : Fractions!.Lift is { } fractions ? LayerMap.OfCore(fractions.Value) : null;

    /// <summary>The map from the final state [x(L); x(L−1); …] to the output; null where there is none.</summary>
    public LayerMap? Readout => Floats is not null
        ? Floats.Readout is { } floats ? LayerMap.OfCore(floats.Value) : null
        : Fractions!.Readout is { } fractions ? LayerMap.OfCore(fractions.Value) : null;

    internal Network<Binary64>? Floats { get; }

    internal Network<Rational>? Fractions { get; }

    internal Design Design { get; }

    /// <summary>The width of x(layer).</summary>
    /// <param name="layer">0 … Depth.</param>
    /// <returns>The number of scalars of that state.</returns>
    public int WidthAt(int layer)
    {
        Door.Within(layer, 0, Depth);
        return Floats?.Equation.Width(layer) ?? Fractions!.Equation.Width(layer);
    }

    /// <summary>The maps of one layer, the one that reads the newest state first; one map unless the architecture sums several.</summary>
    /// <param name="layer">0 … Depth − 1.</param>
    /// <returns>The maps.</returns>
    public System.Collections.Generic.IReadOnlyList<LayerMap> MapsAt(int layer)
    {
        Door.Within(layer, 0, Depth - 1);
        return Floats is not null
            ? [.. ArchitectureModule.maps(Floats.Architecture)[layer].Select(LayerMap.OfCore)]
            : [.. ArchitectureModule.maps(Fractions!.Architecture)[layer].Select(LayerMap.OfCore)];
    }

    /// <summary>What the network is, in one line.</summary>
    /// <returns>"smooth, order 3, depth 5, width 2, state dimension 6, 30 parameters, float".</returns>
    public override string ToString() =>
        $"{ArchitectureName}, order {Order}, depth {Depth}, width {Width}, state dimension {StateDimension}, {ParameterCount} parameters, "
        + (Numbers == NumberKind.Exact ? "exact" : "float");

    internal static Network OfCore(Network<Binary64> network) => new(network, null);

    internal static Network OfCore(Network<Rational> network) => new(null, network);

    internal Network<Binary64> NeedFloats(string exactTwin) =>
        Floats ?? throw new InvalidOperationException($"The network has exact numbers: use {exactTwin}, or ToFloat() first.");

    internal Network<Rational> NeedFractions(string floatTwin) =>
        Fractions ?? throw new InvalidOperationException($"The network has floats: use {floatTwin}, or ToExact() first.");
}
