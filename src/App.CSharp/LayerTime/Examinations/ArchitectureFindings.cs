using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Constructions;

namespace LayerTime;

/// <summary>The equation, the state and what other orders would cost.</summary>
internal static class ArchitectureFindings
{
    private const string Topic = "architecture";
    private const int LargestOrder = 8;

    internal static IEnumerable<Finding> Of(Examined examined)
    {
        var network = examined.Network;
        yield return new()
        {
            Topic = Topic,
            Name = "equation",
            Kind = FindingKind.Exact,
            Text = string.Join('\n', EquationText.Of(network)),
        };
        yield return new()
        {
            Topic = Topic,
            Name = "size",
            Kind = FindingKind.Exact,
            Text = $"A network of the kind {network.ArchitectureName}, order {network.Order}, depth {Digits.Count(network.Depth)}, state dimension {Digits.Count(network.StateDimension)}, "
                + $"{Digits.Count(examined.Inputs, "input")}, {Digits.Count(examined.Outputs, "output")}, {Digits.Count(network.ParameterCount, "parameter")}"
                + (Widths(network) is { Count: > 1 } widths ? $"; widths {Shown(widths)}." : "."),
            Numbers =
            [
                new("order", network.Order), new("blocks", network.Blocks), new("depth", network.Depth), new("stateDimension", network.StateDimension),
                new("inputs", examined.Inputs), new("outputs", examined.Outputs), new("parameters", network.ParameterCount),
            ],
        };
        yield return WeightTied(network);
        yield return Costs(network);
    }

    private static List<int> Widths(Network network) =>
        [.. Enumerable.Range(0, network.Depth + 1).Select(network.WidthAt).ToList() is var widths && widths.Distinct().Count() == 1 ? widths.Take(1) : widths];

    private static string Shown(List<int> widths) =>
        widths.Count <= 12 ? string.Join('-', widths) : $"{string.Join('-', widths.Take(6))}-…-{string.Join('-', widths.TakeLast(3))}";

    private static Finding WeightTied(Network network)
    {
        var groups = Tied.Groups(network);
        return new()
        {
            Topic = Topic,
            Name = "weights",
            Kind = FindingKind.Exact,
            Text = network.Depth == 1 ? "One layer."
                : groups == 1 ? $"Weight-tied: all {Digits.Count(network.Depth)} layers have the same weights, so the network is one map iterated."
                : groups == network.Depth ? "Every layer has weights of its own."
                : $"{Digits.Count(groups)} different layers among {Digits.Count(network.Depth)}: some share their weights.",
            Numbers = [new("differentLayers", groups)],
        };
    }

    // Per layer, lift and readout left out: those depend on the state dimension only.
    private static Finding Costs(Network network)
    {
        var maps = Enumerable.Range(0, network.Depth).SelectMany(network.MapsAt).ToList();
        var (order, width) = (network.Blocks, network.Width);
        var hidden = maps[0].Layers.Count == 2 ? maps[0].Layers[0].OutputWidth : 0;
        var uniform = maps.All(map => map.Layers.Count == maps[0].Layers.Count && map.InputWidth == width && map.OutputWidth == width
            && (map.Layers.Count == 1 || (map.Layers.Count == 2 && map.Layers[0].OutputWidth == hidden)));
        if (!uniform || network.Architecture is Architecture.ConcatenationDense)
        {
            return new()
            {
                Topic = Topic,
                Name = "other orders",
                Kind = FindingKind.Exact,
                Text = "Has no equivalent of another order with maps of one shape: widths or inner layers differ from layer to layer.",
            };
        }

        var state = order * width;
        ParameterBudget Budget(int k) => hidden == 0 ? ParameterBudgetModule.affine(k, state / k) : ParameterBudgetModule.hidden(k, state / k, order * hidden / k);
        var own = maps.Count / network.Depth * (hidden == 0 ? Budget(order).Smooth.Total : ParameterBudgetModule.hidden(order, width, hidden).Smooth.Total);
        var costs = Enumerable.Range(1, LargestOrder)
            .Where(k => state % k == 0 && (order * hidden) % k == 0)
            .Select(k => (Order: k, Cost: Budget(k).Smooth.Total))
            .ToList();
        return new()
        {
            Topic = Topic,
            Name = "other orders",
            Kind = FindingKind.Exact,
            Text = $"One layer has {Digits.Count(own)} parameters. With the same state dimension {Digits.Count(state)}, one map of the same shape takes "
                + string.Join(", ", costs.Select(cost => $"{Digits.Count(cost.Cost)} at order {cost.Order}")) + " (order k on width "
                + $"{Digits.Count(state)}/k: a factor of about k² less).",
            Numbers = [new("own", own), .. costs.Select(cost => new NamedNumber($"order{cost.Order}", cost.Cost))],
        };
    }
}
