using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using LayerTime.Core.Examination;

namespace LayerTime;

/// <summary>How far outputs can move when inputs do: everywhere, in the box, and around the points.</summary>
internal static class LipschitzFindings
{
    private const string Topic = "lipschitz";

    // Every output costs one pass back through the layers.
    private const int LargestOutputs = 64;

    private const int Halvings = 20;

    internal static IEnumerable<Finding> Of(Examined examined, CancellationToken cancellationToken)
    {
        var two = GlobalLipschitz.ofNetwork(BoundNorm.Two, examined.Enclosed, examined.Norms);
        var infinity = GlobalLipschitz.ofNetwork(BoundNorm.Infinity, examined.Enclosed, examined.Norms);
        yield return new()
        {
            Topic = Topic,
            Name = "everywhere",
            Kind = FindingKind.Certified,
            Text = double.IsFinite(two)
                ? $"Everywhere |Φ(x) − Φ(y)|₂ ≤ {Digits.Up(two)}·|x − y|₂ and |Φ(x) − Φ(y)|∞ ≤ {Digits.Up(infinity)}·|x − y|∞, from the norms of the layers."
                : "There is no bound everywhere from the norms of the layers: an activation has slopes of any size, or the product is beyond floats.",
            Numbers = [new("two", two), new("infinity", infinity)],
        };
        yield return LargestLayer(examined);
        yield return InBox(examined, cancellationToken);
        foreach (var finding in AroundPoints(examined, cancellationToken))
        {
            yield return finding;
        }
    }

    private static Finding LargestLayer(Examined examined)
    {
        var layers = examined.Norms.All;
        var largest = layers.MaxBy(layer => layer.NormTwo)!;
        var smallest = layers.MinBy(layer => layer.NormTwo)!;
        return new()
        {
            Topic = Topic,
            Name = "layers",
            Kind = FindingKind.Certified,
            Text = layers.Length == 1
                ? $"‖W‖₂ ≤ {Digits.Up(largest.NormTwo)}."
                : layers.Length <= 6
                    ? $"‖W‖₂ at most {string.Join(", ", layers.Select(layer => $"{Digits.Up(layer.NormTwo)} ({layer.Place})"))}."
                    : $"The bounds of ‖W‖₂ go from {Digits.Up(smallest.NormTwo)} ({smallest.Place}) to {Digits.Up(largest.NormTwo)} ({largest.Place}).",
            Numbers = [.. layers.Select(layer => new NamedNumber(layer.Place, layer.NormTwo))],
        };
    }

    private static Finding InBox(Examined examined, CancellationToken cancellationToken)
    {
        if (examined.Scalar is null && examined.Outputs > LargestOutputs)
        {
            return new()
            {
                Topic = Topic,
                Name = "box",
                Kind = FindingKind.Skipped,
                Text = $"Not bounded over {examined.BoxName}: {Digits.Count(examined.Outputs)} outputs take as many passes back; it is done up to {LargestOutputs}, or for a chosen one.",
            };
        }

        var bounds = Scalars(examined).Select(scalar =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return LocalBoundModule.over(scalar, examined.Box.OfDoor);
        }).ToList();
        var (two, infinity) = (bounds.Max(bound => bound.LipschitzTwo), bounds.Max(bound => bound.LipschitzInfinity));
        var name = examined.Scalar is null ? "every output" : examined.ScalarName;
        return new()
        {
            Topic = Topic,
            Name = "box",
            Kind = FindingKind.Certified,
            Text = double.IsFinite(infinity)
                ? $"In {examined.BoxName} {name} moves by at most {Digits.Up(two)}·|x − y|₂ and {Digits.Up(infinity)}·|x − y|∞, from intervals through all layers and back"
                    + (bounds.Count == 1 ? $"; its values lie in [{Digits.Down(bounds[0].Value.Lower)}, {Digits.Up(bounds[0].Value.Upper)}]." : ".")
                : $"In {examined.BoxName} intervals give no bound: they grow beyond floats on the way. A smaller --box may have one.",
            Numbers = [new("two", two), new("infinity", infinity)],
        };
    }

    private static IEnumerable<Core.Networks.Network<CoreInterval>> Scalars(Examined examined) =>
        examined.Scalar is { } scalar ? [scalar]
        : Enumerable.Range(0, examined.Outputs).Select(output => Projected(examined, output, null));

    private static Core.Networks.Network<CoreInterval> Projected(Examined examined, int output, int? subtracted) =>
        Sensitivity.project([.. examined.Row(output, subtracted).Select(Examined.IntervalOf)], examined.Enclosed);

    // Up to which distance the sign of a scalar function, or the largest of several outputs, is certain.
    private static IEnumerable<Finding> AroundPoints(Examined examined, CancellationToken cancellationToken)
    {
        if (examined.Points.Count == 0)
        {
            yield break;
        }

        if (examined.Outputs > LargestOutputs)
        {
            yield return new()
            {
                Topic = Topic,
                Name = "points",
                Kind = FindingKind.Skipped,
                Text = $"No radius around the points: {Digits.Count(examined.Outputs)} outputs; it is done up to {LargestOutputs}.",
            };
            yield break;
        }

        foreach (var (point, index) in examined.Places.Select((point, index) => (point, index)))
        {
            var output = examined.Floats.Run(point).Output;
            var largest = 1 + point.Max(Math.Abs);
            string what;
            IEnumerable<Core.Networks.Network<CoreInterval>> margins;
            if (examined.Outputs == 1 || examined.Coefficients is not null)
            {
                var value = examined.Coefficients!.Zip(output, (c, y) => c * y).Sum();
                what = $"{examined.ScalarName} = {Digits.Near(value)} keeps its sign";
                margins = [value > 0 ? examined.Scalar! : Sensitivity.project([Examined.IntervalOf(-1)], examined.Scalar!)];
            }
            else
            {
                var first = MomentumFindings.Leading(output).First;
                what = $"output {first} stays the largest";
                margins = Enumerable.Range(0, examined.Outputs).Where(other => other != first).Select(other => Projected(examined, first, other));
            }

            var radius = largest;
            foreach (var margin in margins)
            {
                cancellationToken.ThrowIfCancellationRequested();
                radius = Math.Min(radius, LocalBoundModule.positiveRadius(margin, radius, Halvings, point));
                if (radius == 0)
                {
                    break;
                }
            }

            yield return new()
            {
                Topic = Topic,
                Name = $"point {index + 1}",
                Kind = FindingKind.Certified,
                Text = radius == 0
                    ? $"Around data point {index + 1} nothing is proved: {what} at the point itself at most."
                    : $"Around data point {index + 1} {what} as long as no input moves by more than {Digits.Down(radius)}.",
                Numbers = [new("radius", radius)],
            };
        }
    }
}
