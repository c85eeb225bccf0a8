using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using LayerTime.Core.Algebra;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime.Nnet;

/// <summary>A feed-forward network of ReLU units with an affine output as text in the format .nnet, inputs unbounded and not normalised.</summary>
internal static class NnetWriter
{
    internal static string Write(Network network)
    {
        var floats = network.Floats!;
        List<LayerMap<Binary64>> maps = [.. ArchitectureModule.maps(floats.Architecture).SelectMany(maps => maps)];
        if (floats.Lift is { } lift)
        {
            maps.Insert(0, lift.Value);
        }

        if (floats.Readout is { } readout)
        {
            maps.Add(readout.Value);
        }

        var layers = maps.SelectMany(map => map.Layers.ToArray()).ToList();
        Check(network, layers);
        List<int> widths = [layers[0].InputWidth, .. layers.Select(layer => layer.OutputWidth)];
        var text = new StringBuilder("// A network of ReLU units, written by LayerTime.\n");
        Line(text, layers.Count, widths[0], widths[^1], widths.Max());
        Line(text, [.. widths]);
        Line(text, 0);
        Line(text, [.. Enumerable.Repeat(double.MinValue, widths[0])]);
        Line(text, [.. Enumerable.Repeat(double.MaxValue, widths[0])]);
        Line(text, [.. Enumerable.Repeat(0, widths[0] + 1)]);
        Line(text, [.. Enumerable.Repeat(1, widths[0] + 1)]);
        foreach (var layer in layers)
        {
            foreach (var row in MatrixModule.toRows(layer.Weights))
            {
                Line(text, Binary64Module.toFloats(row));
            }

            foreach (var number in layer.Bias)
            {
                Line(text, number.Value);
            }
        }

        return text.ToString();
    }

    private static void Check(Network network, List<Layer<Binary64>> layers)
    {
        List<NetworkDefect> defects = [];
        if (network.Architecture != Architecture.FeedForward)
        {
            defects.Add(new() { Where = "the network", Found = $"the architecture {network.ArchitectureName}", Expected = "feed-forward" });
        }

        for (var l = 0; l < layers.Count; l++)
        {
            var isLast = l == layers.Count - 1;
            if (layers[l].Activations.ToArray().FirstOrDefault(activation => isLast ? !activation.IsIdentity : !activation.IsRelu) is { } activation)
            {
                defects.Add(new() { Where = $"layer {l}, activation", Found = ActivationModule.name(activation), Expected = isLast ? "identity, in the last layer" : "relu" });
            }
        }

        if (defects.Count > 0)
        {
            throw new NetworkFormatException("The network", NetworkFileFormat.Nnet.Name(), defects);
        }
    }

    private static void Line(StringBuilder text, params double[] numbers) =>
        text.AppendJoin(',', numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture))).Append(",\n");

    private static void Line(StringBuilder text, params int[] numbers) => Line(text, numbers.Select(number => (double)number).ToArray());
}
