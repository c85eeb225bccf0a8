using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using LayerTime.Core.DeepLimit;

namespace LayerTime;

/// <summary>What becomes of residual networks with such weights as depth grows.</summary>
public enum DepthRegime
{
    /// <summary>The numbers do not tell.</summary>
    Undecided,

    /// <summary>The weights are samples of a function of depth-time: an ordinary differential equation, with the factor 1/n.</summary>
    OrdinaryEquation,

    /// <summary>The weights fluctuate independently from layer to layer: a stochastic differential equation, with the factor 1/√n.</summary>
    StochasticEquation,

    /// <summary>The layers do less and less: the identity.</summary>
    Trivial,

    /// <summary>The layers do more and more: no limit.</summary>
    Explosive,

    /// <summary>The weights alternate: a limit with averaged controls, not the equation of their mean.</summary>
    Relaxed,
}

/// <summary>What the weights of one residual network say about its limit in depth, as far as one depth can tell.</summary>
public sealed record DepthDiagnosis
{
    /// <summary>n, the number of layers.</summary>
    public required int Depth { get; init; }

    /// <summary>ν = Σ|A_k − A_{k−1}|²/Σ|A_k − Ā|²: about 2 for independent layers, O(n⁻²) for weights that are smooth in depth, near 4 for alternating ones.</summary>
    public required double Neumann { get; init; }

    /// <summary>The lower end of where ν would lie in 95 times of 100 if the layers were independent.</summary>
    public required double IndependentLower { get; init; }

    /// <summary>The upper end of where ν would lie in 95 times of 100 if the layers were independent.</summary>
    public required double IndependentUpper { get; init; }

    /// <summary>H: 1 for weights that are smooth in depth, ½ for a random walk, 0 for independent layers, all ± 0.15; null where weights repeat exactly.</summary>
    public required double? Hurst { get; init; }

    /// <summary>β of the factor n^−β with which such weights have a limit: 1 for smooth weights, ½ for independent ones; null where sums of weights vanish.</summary>
    public required double? ScalingExponent { get; init; }

    /// <summary>The uncertainty of β: half the 95 % interval of its fit or 0.15, the larger of the two.</summary>
    public required double? ScalingUncertainty { get; init; }

    /// <summary>n · mean|A_k|, the size of the weights with the factor 1/n taken out.</summary>
    public required double ScaledNorm { get; init; }

    /// <summary>n Σ|nA_k − nA_{k−1}|²: bounded over depths exactly where the limit theorem applies.</summary>
    public required double ScaledEnergy { get; init; }

    /// <summary>The regime that the weights suggest.</summary>
    public required DepthRegime Regime { get; init; }

    /// <summary>What to remember, in one sentence.</summary>
    public string Sentence => Regime switch
    {
        DepthRegime.OrdinaryEquation => $"The weights of the {Depth} layers are smooth in depth ({Evidence}), as those of a network that approximates an ordinary differential equation are; that their size follows 1/n, one depth cannot show.",
        DepthRegime.StochasticEquation => $"The weights jump from layer to layer as independent ones do ({Evidence}): there is no ordinary differential equation behind them, and with the factor 1/n the limit would be the identity.",
        DepthRegime.Relaxed => $"The weights alternate from layer to layer ({Evidence}): a deeper network of this kind approaches an averaged equation, not that of the mean weights.",
        _ => $"The weights are neither smooth in depth nor independent from layer to layer ({Evidence}): {Depth} layers do not tell which limit they have.",
    };

    private string Evidence =>
        string.Create(CultureInfo.InvariantCulture, $"ν = {Neumann:G3}, independent layers {IndependentLower:F1} … {IndependentUpper:F1}")
        + (ScalingExponent is { } β ? string.Create(CultureInfo.InvariantCulture, $", β = {β:F2} ± {ScalingUncertainty:F2}") : "");

    internal static DepthDiagnosis Of(Network network)
    {
        var roughness = WeightDiagnostic.ofNetwork(ResidualLayers.Of(network))?.Value
            ?? throw new DeepLimitException($"The network has {network.Depth} layers; at least 8 are expected to tell anything about depth.");
        if (double.IsNaN(roughness.Neumann))
        {
            throw new DeepLimitException("All layers of the network have the same weights: it is the Euler scheme of one field at any depth, and there is nothing to estimate.");
        }

        var exponent = roughness.ScalingExponent?.Value;
        return new()
        {
            Depth = roughness.Depth,
            Neumann = roughness.Neumann,
            IndependentLower = roughness.IndependentBand.Item1,
            IndependentUpper = roughness.IndependentBand.Item2,
            Hurst = roughness.Hurst?.Value,
            ScalingExponent = exponent?.Order,
            ScalingUncertainty = exponent is null ? null : Math.Max(WeightDiagnostic.Band, double.IsFinite(exponent.HalfWidth) ? exponent.HalfWidth : 1),
            ScaledNorm = roughness.ScaledNorm,
            ScaledEnergy = roughness.ScaledEnergy,
            Regime = ResidualLayers.Regime(WeightDiagnostic.regimeOfNetwork(roughness)),
        };
    }
}

/// <summary>What the weights of residual networks of growing depth say about their limit.</summary>
public sealed record DepthFamilyDiagnosis
{
    /// <summary>The depths, the shallowest first.</summary>
    public required IReadOnlyList<int> Depths { get; init; }

    /// <summary>β of mean|A_k| ∝ n^−β: 1 for an ordinary, ½ for a stochastic differential equation.</summary>
    public required double Norm { get; init; }

    /// <summary>The exponent of |ΣA_k|: 0 for both equations.</summary>
    public required double Sum { get; init; }

    /// <summary>The exponent of (Σ|A_k|²)^½: −½ for an ordinary, 0 for a stochastic differential equation.</summary>
    public required double Quadratic { get; init; }

    /// <summary>ν of the deepest network.</summary>
    public required double Neumann { get; init; }

    /// <summary>The regime: the first one that fits with 0.2 around each exponent.</summary>
    public required DepthRegime Regime { get; init; }

    internal static DepthFamilyDiagnosis Of(IReadOnlyList<Network> networks)
    {
        var family = networks.Select(ResidualLayers.Of).ToArray();
        if (networks.Select(network => network.Depth).Distinct().Count() < 3 || networks.Select(network => network.Width).Distinct().Count() > 1)
        {
            throw new DeepLimitException(
                $"Found {networks.Count} networks of depths {string.Join(", ", networks.Select(network => network.Depth))} and widths {string.Join(", ", networks.Select(network => network.Width))}; at least three depths of one width are expected.");
        }

        var scaling = WeightDiagnostic.ofFamily(family)!.Value;
        return new()
        {
            Depths = [.. networks.Select(network => network.Depth)],
            Norm = scaling.Norm,
            Sum = scaling.Sum,
            Quadratic = scaling.Quadratic,
            Neumann = scaling.Neumann,
            Regime = ResidualLayers.Regime(WeightDiagnostic.regimeOfFamily(scaling)),
        };
    }
}
