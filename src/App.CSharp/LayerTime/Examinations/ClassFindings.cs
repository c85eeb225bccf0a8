using System.Collections.Generic;
using System.Linq;

namespace LayerTime;

/// <summary>The class by widths and ranks, and the normal form.</summary>
internal static class ClassFindings
{
    private const string Topic = "class";

    // Elimination with fractions: so many products of long integers at most.
    private const long LargestElimination = 60_000;

    internal static IEnumerable<Finding> Of(Examined examined)
    {
        if (examined.ScalarNetwork is not { } scalar)
        {
            yield return Skipped($"Not told: the class is one of scalar functions and the network has {Digits.Count(examined.Outputs)} outputs; choose one, or the difference of two.");
            yield break;
        }

        if (scalar.Architecture != Architecture.FeedForward)
        {
            yield return Skipped($"Not told: the classes of widths are about feed-forward networks, and this one is {scalar.ArchitectureName}.");
            yield break;
        }

        var work = scalar.Work();
        if (work > LargestElimination)
        {
            yield return Skipped(
                $"Not told: the normal form eliminates with exact fractions, here about {Digits.Count(work)} products of long fractions; up to {Digits.Count(LargestElimination)} are done. "
                + "layertime convert normal-form does it without a limit.");
            yield break;
        }

        var (form, found) = (scalar.NormalForm(), scalar.Classify());
        yield return new()
        {
            Topic = Topic,
            Name = "class",
            Kind = FindingKind.Exact,
            Text = found.ToString(),
            Numbers = [.. found.Ranks.Select((rank, l) => new NamedNumber($"rank{l + 1}", rank))],
        };
        yield return new()
        {
            Topic = Topic,
            Name = "normal form",
            Kind = FindingKind.Exact,
            Text = form.Constant is { } constant ? $"The network is constant: {string.Join(", ", constant)}."
                : form.Removed.Count == 0 ? $"Widths {string.Join('-', form.Widths)}, ranks {string.Join(", ", form.Ranks)}; no neuron is superfluous."
                : $"Widths {string.Join('-', form.Widths)}, ranks {string.Join(", ", form.Ranks)}; {form.Removed.Count} superfluous: {string.Join("; ", form.Removed.Take(4).Select(neuron => neuron.Reason))}"
                    + (form.Removed.Count > 4 ? "; …" : "."),
            Numbers = [new("removed", form.Removed.Count)],
        };
    }

    // Products of an elimination of every matrix of the merged network.
    private static long Work(this Network network) =>
        Enumerable.Range(0, network.Depth).SelectMany(network.MapsAt).Append(network.Lift).Append(network.Readout).OfType<LayerMap>()
            .SelectMany(map => map.Layers)
            .Sum(layer => (long)layer.InputWidth * layer.OutputWidth * System.Math.Min(layer.InputWidth, layer.OutputWidth));

    private static Finding Skipped(string text) => new() { Topic = Topic, Name = "class", Kind = FindingKind.Skipped, Text = text };
}
