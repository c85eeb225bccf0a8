using System;
using System.Collections.Generic;
using System.Linq;

namespace LayerTime;

/// <summary>How the gradient grows or fades on its way back through the layers.</summary>
internal static class MomentumFindings
{
    private const string Topic = "momentum";

    internal static IEnumerable<Finding> Of(Examined examined)
    {
        foreach (var (point, index) in examined.Places.Select((point, index) => (point, index)))
        {
            var (coefficients, name) = Direction(examined, point);
            var gradient = examined.Floats.Gradient(point, coefficients);
            var sizes = Enumerable.Range(0, examined.Network.Depth + 1).Select(layer => Norm(gradient.Momentum(layer))).ToList();
            var where = examined.Points.Count > 0 ? $"At data point {index + 1}" : "In the middle of the box";
            yield return new()
            {
                Topic = Topic,
                Name = examined.Points.Count > 0 ? $"point {index + 1}" : "middle",
                Kind = FindingKind.Measured,
                Text = $"{where}, λ(l) = d{name}/dx(l) has |λ|₂ {Course(sizes)}{Growth(sizes)}",
                Numbers = [.. sizes.Select((size, layer) => new NamedNumber($"layer{layer}", size))],
            };
        }
    }

    /// <summary>The chosen scalar function; the sum of all outputs where none is, unless one output leads.</summary>
    private static (double[] Coefficients, string Name) Direction(Examined examined, double[] point)
    {
        if (examined.Coefficients is { } chosen)
        {
            return (chosen, examined.ScalarName.Contains(' ', StringComparison.Ordinal) ? $"({examined.ScalarName})" : examined.ScalarName);
        }

        var (first, second) = Leading(examined.Floats.Run(point).Output);
        return (examined.Row(first, second), $"(Φ[{first}] − Φ[{second}])");
    }

    /// <summary>The two largest outputs.</summary>
    internal static (int First, int Second) Leading(IReadOnlyList<double> output)
    {
        var order = Enumerable.Range(0, output.Count).OrderByDescending(i => output[i]).Take(2).ToList();
        return (order[0], order[1]);
    }

    private static string Course(List<double> sizes) =>
        sizes.Count <= 6
            ? string.Join(", ", sizes.Select(Digits.Near)) + $" at l = 0 … {sizes.Count - 1}"
            : $"{Digits.Near(sizes[0])} at l = 0, {Digits.Near(sizes[sizes.Count / 2])} at l = {sizes.Count / 2}, {Digits.Near(sizes[^1])} at l = {sizes.Count - 1}";

    private static string Growth(List<double> sizes)
    {
        var depth = sizes.Count - 1;
        if (!(sizes[^1] > 0))
        {
            return ": the loss does not feel the last state.";
        }

        var dead = sizes.FindLastIndex(size => size == 0);
        if (dead >= 0)
        {
            return $": it vanishes altogether before layer {dead + 1}, and nothing earlier learns from this point.";
        }

        var factor = Math.Pow(sizes[0] / sizes[^1], 1.0 / depth);
        var ratios = Enumerable.Range(0, depth).Select(layer => sizes[layer] / sizes[layer + 1]).ToList();
        var (least, most) = (ratios.IndexOf(ratios.Min()), ratios.IndexOf(ratios.Max()));
        return $": a factor {Digits.Near(factor)} for each layer back" + (factor < 0.5 ? ", it vanishes" : factor > 2 ? ", it explodes" : "")
            + (depth < 2 ? "." : $"; least through layer {least} ({Digits.Near(ratios[least])}), most through layer {most} ({Digits.Near(ratios[most])}).");
    }

    private static double Norm(double[] vector)
    {
        var largest = vector.Max(Math.Abs);
        return largest == 0 ? 0 : largest * Math.Sqrt(vector.Sum(entry => entry / largest * (entry / largest)));
    }
}
