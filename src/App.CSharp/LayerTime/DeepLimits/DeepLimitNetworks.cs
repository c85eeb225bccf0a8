using System;
using System.Linq;
using LayerTime.Core.DeepLimit;
using LayerTime.Core.Engine;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime;

/// <summary>Trained weights as networks from features to logits, and what those say.</summary>
internal static class DeepLimitNetworks
{
    internal static Network<Binary64> Of(DeepLimitProblem study, LadderLevel level)
    {
        var trained = ResidualWeights.network(study.Problem.Activation, level.Weights);
        var features = study.Data.Features.Count;
        if (features == study.Width)
        {
            return trained;
        }

        // Features first, then zeros: the lift of the input.
        var entries = new Binary64[study.Width * features];
        for (var i = 0; i < features; i++)
        {
            entries[(i * features) + i] = new(1);
        }

        var padding = MatrixModule.tryOfEntries(study.Width, features, entries)!.Value;
        return Built.OrThrow(NetworkModule.create(LayerMapModule.linear(padding), trained.Architecture, trained.Readout));
    }

    /// <summary>The class that a network gives to each point.</summary>
    internal static int[] Classify(Network<Binary64> network, double[] points)
    {
        var sweep = new BatchSweep(network);
        var count = points.Length / sweep.Inputs;
        var logits = new double[count * sweep.Outputs];
        sweep.Run(points, logits, 0, count);
        return [.. Enumerable.Range(0, count).Select(s => Class(logits.AsSpan(s * sweep.Outputs, sweep.Outputs)))];
    }

    internal static double Accuracy(Network<Binary64> network, LabelledData data)
    {
        var found = Classify(network, [.. data.PointArray.SelectMany(point => point)]);
        return (double)found.Zip(data.LabelArray, (a, b) => a == b ? 1 : 0).Sum() / data.Count;
    }

    private static int Class(ReadOnlySpan<double> logits)
    {
        if (logits.Length == 1)
        {
            return logits[0] > 0 ? 1 : 0;
        }

        var best = 0;
        for (var k = 1; k < logits.Length; k++)
        {
            best = logits[k] > logits[best] ? k : best;
        }

        return best;
    }
}
