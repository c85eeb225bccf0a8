using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using LayerTime.Core.Examination;

namespace LayerTime;

/// <summary>Depth as time: how weights change from layer to layer, and how far the network is from a differential equation.</summary>
internal static class DepthFindings
{
    private const string Topic = "depth as time";

    internal static IEnumerable<Finding> Of(Examined examined, CancellationToken cancellationToken)
    {
        var network = examined.Network;
        if (network.Depth < 2)
        {
            yield return new() { Topic = Topic, Name = "weights", Kind = FindingKind.Exact, Text = "One layer: depth is no time." };
            yield break;
        }

        yield return Weights(DepthProfileModule.ofNetwork(examined.Floats.Floats!), network);
        cancellationToken.ThrowIfCancellationRequested();
        yield return OdeLimit.Of(examined, cancellationToken);
    }

    private static Finding Weights(DepthProfile profile, Network network)
    {
        var hSymbol = network.Design.HasStep ? network.Order == 1 ? "h·" : $"h^{network.Order}·" : "";
        var text = $"‖{hSymbol}W_l‖F goes from {Digits.Near(profile.Sizes.Min())} to {Digits.Near(profile.Sizes.Max())}";
        var numbers = new List<NamedNumber> { new("smallest", profile.Sizes.Min()), new("largest", profile.Sizes.Max()) };
        if (network.Depth >= 8 && profile.SizeExponent?.Value is { } exponent)
        {
            text += $", its mean is L^(−{Digits.Near(exponent)}) with L = {network.Depth}".Replace("−-", "", StringComparison.Ordinal);
            numbers.Add(new("sizeExponent", exponent));
        }

        if (profile.Roughness?.Value is { } roughness)
        {
            text += $". From layer to layer the weights change by {Digits.Near(roughness)} of their size (√2 if layers are independent, about 1/L if smooth in depth)";
            numbers.Add(new("roughness", roughness));
        }
        else
        {
            text += ". Shapes differ from layer to layer, so that weights are no function of depth";
        }

        if (profile.Regularity?.Value is { } regularity)
        {
            text += $"; over longer stretches the change grows like (distance)^{Digits.Near(regularity)}: "
                + (regularity > 0.75 ? "smooth, an equation x′ = f(t, x) is behind it." : regularity > 0.25 ? "rough like a random walk." : "no memory of the layer before.");
            numbers.Add(new("regularity", regularity));
        }
        else
        {
            text += ".";
        }

        return new() { Topic = Topic, Name = "weights", Kind = FindingKind.Measured, Text = text, Numbers = numbers };
    }
}
