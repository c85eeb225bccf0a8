using System.Collections.Generic;
using System.Linq;

namespace LayerTime;

/// <summary>The residual weights of a network with the scale in them: h·W of X + h σ(WX + b), and of an inner network its last matrix, h·V of X + h V σ(…).</summary>
internal static class ResidualLayers
{
    internal static double[][] Of(Network network)
    {
        var defects = new List<NetworkDefect>();
        if (network.Architecture != Architecture.Residual)
        {
            defects.Add(new() { Where = "architecture", Found = network.ArchitectureName, Expected = "residual: X + h σ(WX + b)" });
        }

        var last = Enumerable.Range(0, network.Depth).Select(layer => network.MapsAt(layer)[0].Layers[^1]).ToList();
        var shapes = last.Select(layer => $"{layer.OutputWidth}×{layer.InputWidth}").Distinct().ToList();
        if (shapes.Count > 1)
        {
            defects.Add(new() { Where = "layers", Found = $"matrices of {string.Join(" and ", shapes)} numbers", Expected = "one size at every depth" });
        }

        return defects.Count > 0
            ? throw new DeepLimitException("The weights over depth cannot be compared", defects)
            : [.. last.Select(layer => Weights(layer, network.Step))];
    }

    internal static DepthRegime Regime(Core.DeepLimit.DepthRegime regime) => regime switch
    {
        { IsOrdinaryEquation: true } => DepthRegime.OrdinaryEquation,
        { IsStochasticEquation: true } => DepthRegime.StochasticEquation,
        { IsTrivial: true } => DepthRegime.Trivial,
        { IsExplosive: true } => DepthRegime.Explosive,
        { IsRelaxed: true } => DepthRegime.Relaxed,
        _ => DepthRegime.Undecided,
    };

    private static double[] Weights(Layer layer, double step) => [.. layer.WeightsAsFloats().Cast<double>().Select(weight => step * weight)];
}
