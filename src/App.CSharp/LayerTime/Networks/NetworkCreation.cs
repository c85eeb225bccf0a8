using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime;

public sealed partial class Network
{
    /// <summary>x(l+1) = f_l(x(l)); widths may change from layer to layer.</summary>
    /// <param name="maps">f_0, f_1, …; at least one, all of the same numbers.</param>
    /// <returns>The network.</returns>
    /// <exception cref="InvalidNetworkException">The shapes do not fit; every defect is listed.</exception>
    public static Network FeedForward(params LayerMap[] maps) => Create(new(Architecture.FeedForward), 1.0, Singles(maps));

    /// <summary>x(l+1) = x(l) + h·f_l(x(l)). With exact maps the float h is taken as the fraction it is.</summary>
    /// <param name="step">h, finite and positive.</param>
    /// <param name="maps">f_0, f_1, …; at least one, all of the same numbers.</param>
    /// <returns>The network.</returns>
    /// <exception cref="InvalidNetworkException">The shapes do not fit; every defect is listed.</exception>
    [OverloadResolutionPriority(1)]
    public static Network Residual(double step, params LayerMap[] maps) => Create(new(Architecture.Residual), step, Singles(maps));

    /// <summary>x(l+1) = x(l) + h·f_l(x(l)), exact.</summary>
    /// <param name="step">h, positive.</param>
    /// <param name="maps">f_0, f_1, …; at least one, all exact.</param>
    /// <returns>The network.</returns>
    /// <exception cref="InvalidNetworkException">The shapes do not fit; every defect is listed.</exception>
    public static Network Residual(Fraction step, params LayerMap[] maps) => Create(new(Architecture.Residual), step, Singles(maps));

    /// <summary>∇ᵏx(l+1) = hᵏ·f_l(x(l)). With exact maps the float h is taken as the fraction it is.</summary>
    /// <param name="order">k, at least 1.</param>
    /// <param name="step">h, finite and positive.</param>
    /// <param name="maps">f_0, f_1, …; at least one, all of the same numbers.</param>
    /// <returns>The network.</returns>
    /// <exception cref="InvalidNetworkException">The shapes do not fit; every defect is listed.</exception>
    [OverloadResolutionPriority(1)]
    public static Network Smooth(int order, double step, params LayerMap[] maps) =>
        Create(new(Architecture.Smooth, Order: Limited(order)), step, Singles(maps));

    /// <summary>∇ᵏx(l+1) = hᵏ·f_l(x(l)), exact.</summary>
    /// <param name="order">k, at least 1.</param>
    /// <param name="step">h, positive.</param>
    /// <param name="maps">f_0, f_1, …; at least one, all exact.</param>
    /// <returns>The network.</returns>
    /// <exception cref="InvalidNetworkException">The shapes do not fit; every defect is listed.</exception>
    public static Network Smooth(int order, Fraction step, params LayerMap[] maps) =>
        Create(new(Architecture.Smooth, Order: Limited(order)), step, Singles(maps));

    /// <summary>x(l+1) = Σ_n f_n^(l)(x(l+1−n)), n = 1..k.</summary>
    /// <param name="layers">For each layer its k maps, the one that reads the newest state first.</param>
    /// <returns>The network.</returns>
    /// <exception cref="InvalidNetworkException">The shapes do not fit; every defect is listed.</exception>
    public static Network AdditiveDense(params LayerMap[][] layers) => Create(new(Architecture.AdditiveDense), 1.0, layers);

    /// <summary>x(l+1) = φ_l([x(l); …; x(l+1−k)])</summary>
    /// <param name="window">k, at least 1.</param>
    /// <param name="maps">φ_0, φ_1, …, from k·d to d numbers; at least one, all of the same numbers.</param>
    /// <returns>The network.</returns>
    /// <exception cref="InvalidNetworkException">The shapes do not fit; every defect is listed.</exception>
    public static Network ConcatenationDense(int window, params LayerMap[] maps) =>
        Create(new(Architecture.ConcatenationDense, Window: window), 1.0, Singles(maps));

    /// <summary>∇ʳx(l+1) = hʳ·Σ_n f_n^(l)(x(l+1−n)), n = 1..p. With exact maps the float h is taken as the fraction it is.</summary>
    /// <param name="order">r, at least 0.</param>
    /// <param name="step">h, finite and positive.</param>
    /// <param name="layers">For each layer its p maps, the one that reads the newest state first.</param>
    /// <returns>The network.</returns>
    /// <exception cref="InvalidNetworkException">The shapes do not fit; every defect is listed.</exception>
    [OverloadResolutionPriority(1)]
    public static Network Master(int order, double step, params LayerMap[][] layers) =>
        Create(new(Architecture.Master, Order: Limited(order)), step, layers);

    /// <summary>∇ʳx(l+1) = hʳ·Σ_n f_n^(l)(x(l+1−n)), n = 1..p, exact.</summary>
    /// <param name="order">r, at least 0.</param>
    /// <param name="step">h, positive.</param>
    /// <param name="layers">For each layer its p maps, the one that reads the newest state first.</param>
    /// <returns>The network.</returns>
    /// <exception cref="InvalidNetworkException">The shapes do not fit; every defect is listed.</exception>
    public static Network Master(int order, Fraction step, params LayerMap[][] layers) =>
        Create(new(Architecture.Master, Order: Limited(order)), step, layers);

    /// <summary>The same network between an input and its history.</summary>
    /// <param name="lift">A map to the K·d scalars of the history [x(0); x(−1); …]; null for none.</param>
    /// <returns>A new network.</returns>
    /// <exception cref="InvalidNetworkException">The shapes do not fit.</exception>
    public Network WithLift(LayerMap? lift) => Between(lift, Readout);

    /// <summary>The same network with a map from its final state to the output.</summary>
    /// <param name="readout">A map of the K·d scalars of the final state [x(L); x(L−1); …]; null for none.</param>
    /// <returns>A new network.</returns>
    /// <exception cref="InvalidNetworkException">The shapes do not fit.</exception>
    public Network WithReadout(LayerMap? readout) => Between(Lift, readout);

    private static LayerMap[][] Singles(LayerMap[] maps, [CallerArgumentExpression(nameof(maps))] string? parameter = null) =>
        [.. Door.NotNull(maps, parameter).Select(map => new[] { map })];

    private static Network Create(Design design, double step, LayerMap[][] layers)
    {
        if (!(step > 0) || !double.IsFinite(step))
        {
            throw new ArgumentOutOfRangeException(nameof(step), step, "A finite and positive step is expected.");
        }

        if (NumbersOf(layers) == NumberKind.Exact)
        {
            return Create(design, Fraction.FromDouble(step), layers);
        }

        var maps = Array.ConvertAll(layers, layer => Array.ConvertAll(layer, map => map.Floats!));
        return OfCore(Built.OrThrow(NetworkModule.ofArchitecture(design.Assemble(new Binary64(step), maps))));
    }

    private static Network Create(Design design, Fraction step, LayerMap[][] layers)
    {
        if (step.Sign <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(step), step, "A positive step is expected.");
        }

        if (NumbersOf(layers) == NumberKind.Float && layers.Length > 0)
        {
            throw new ArgumentException("The step is exact and the maps have floats; give the step as a float.", nameof(step));
        }

        var maps = Array.ConvertAll(layers, layer => Array.ConvertAll(layer, map => map.Fractions!));
        return OfCore(Built.OrThrow(NetworkModule.ofArchitecture(design.Assemble(step.Rational, maps))));
    }

    // Orders below the architecture's least are defects of the network, told by the core.
    private static int Limited(int order) =>
        order <= NetworkFormat.MaximumOrder ? order
        : throw new ArgumentOutOfRangeException(nameof(order), order, $"At most {NetworkFormat.MaximumOrder} is expected: beyond it the binomial weights leave the range of floats.");

    private static NumberKind NumbersOf(LayerMap[][] layers)
    {
        if (Array.IndexOf(Door.NotNull(layers), null) >= 0 || layers.Any(layer => Array.IndexOf(layer, null) >= 0))
        {
            throw new ArgumentException("No map may be null.", nameof(layers));
        }

        IReadOnlyList<NumberKind> kinds = [.. layers.SelectMany(layer => layer).Select(map => map.Numbers).Distinct()];
        return kinds.Count switch
        {
            0 => NumberKind.Float,
            1 => kinds[0],
            _ => throw new ArgumentException("Some maps have floats and some have fractions; one kind of numbers is expected.", nameof(layers)),
        };
    }

    private Network Between(LayerMap? lift, LayerMap? readout)
    {
        foreach (var (map, parameter) in new[] { (lift, nameof(lift)), (readout, nameof(readout)) })
        {
            if (map is not null && map.Numbers != Numbers)
            {
                throw new ArgumentException("The map and the network have different numbers; the same kind is expected.", parameter);
            }
        }

        return Floats is not null
            ? OfCore(Built.OrThrow(NetworkModule.create(Built.Optional(lift?.Floats), Floats.Architecture, Built.Optional(readout?.Floats))))
            : OfCore(Built.OrThrow(NetworkModule.create(Built.Optional(lift?.Fractions), Fractions!.Architecture, Built.Optional(readout?.Fractions))));
    }
}
