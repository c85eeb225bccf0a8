using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using LayerTime.Core.Examination;

namespace LayerTime;

/// <summary>Critical points in the box, or a proof that there are none.</summary>
internal static class CriticalPointFindings
{
    private const string Topic = "critical points";
    private const int LargestDimension = 6;
    private const long MostBoxes = 20_000;

    // Parameters times boxes, where a plain network counts a tenth of what the generic semantics of others takes.
    private const long LargestWork = 500_000;

    internal static IEnumerable<Finding> Of(Examined examined, CancellationToken cancellationToken)
    {
        if (examined.Scalar is not { } scalar)
        {
            yield return Skipped(
                $"Not looked for: the network has {Digits.Count(examined.Outputs)} outputs, and only scalar functions have critical points of this kind; choose an output, or the difference of two.");
            yield break;
        }

        var name = examined.ScalarName;
        var bound = LocalBoundModule.over(scalar, examined.Box.OfDoor);
        if (bound.Margin > 0)
        {
            var monotone = bound.Monotone;
            yield return new()
            {
                Topic = Topic,
                Name = "none",
                Kind = FindingKind.Certified,
                Text = $"{name} has no critical point and no local extremum in {examined.BoxName}: it is strictly monotone there in {Inputs(monotone)}, and |∇{name}|₂ ≥ {Digits.Down(bound.Margin)}.",
                Numbers = [new("margin", bound.Margin), new("monotoneInputs", monotone.Length)],
            };
            yield break;
        }

        if (examined.Activations.Any(activation => activation.Name is "relu" or "leaky-relu"))
        {
            yield return Skipped(
                $"Open in {examined.BoxName}: with {string.Join(" and ", examined.Activations.Select(activation => activation.ToString()))} there are kinks, for which no census exists, and no input in which {name} is monotone all over the box was found. A smaller --box may have one.");
            yield break;
        }

        if (examined.Inputs > LargestDimension)
        {
            yield return Skipped(
                $"No census: {name} has {Digits.Count(examined.Inputs)} inputs, and one cut of every side makes 2^{Digits.Count(examined.Inputs)} boxes; it is taken up to {LargestDimension} inputs.");
            yield break;
        }

        yield return Census(examined, cancellationToken);
    }

    private static Finding Census(Examined examined, CancellationToken cancellationToken)
    {
        var options = new CensusOptions { MaxBoxes = examined.Options.MaxBoxes ?? Budget(examined.ScalarNetwork!), MaxDegreeOfParallelism = examined.Options.MaxDegreeOfParallelism };
        var census = examined.ScalarNetwork!.CriticalPoints(examined.Box, options, cancellationToken: cancellationToken);
        examined.Census = census;
        var kinds = string.Join(", ", census.Points.GroupBy(point => point.Kind).OrderBy(group => group.Key).Select(group => Counted(group.Count(), group.Key)));
        return new()
        {
            Topic = Topic,
            Name = "census",
            Kind = FindingKind.Certified,
            Text = (census.Points.Count == 0 ? $"{examined.ScalarName}: no critical point found in {examined.BoxName}" : $"{examined.ScalarName} has {kinds} in {examined.BoxName}, each proved")
                + (census.IsComplete ? "; there is no other." : $"; {Digits.Count(census.Undecided.Count)} regions are undecided after {Digits.Count(census.Boxes)} boxes (more: --max-boxes)."),
            Numbers =
            [
                new("points", census.Points.Count), new("undecided", census.Undecided.Count), new("signedCount", census.SignedCount), new("boxes", census.Boxes),
            ],
        };
    }

    private static long Budget(Network network) =>
        Math.Clamp((network.Architecture == Architecture.FeedForward ? 10 : 1) * LargestWork / network.ParameterCount, 100, MostBoxes);

    private static string Counted(int count, CriticalPointKind kind) => kind switch
    {
        CriticalPointKind.Minimum => count == 1 ? "1 minimum" : $"{count} minima",
        CriticalPointKind.Maximum => count == 1 ? "1 maximum" : $"{count} maxima",
        _ => count == 1 ? "1 saddle" : $"{count} saddles",
    };

    private static string Inputs(int[] inputs) =>
        inputs.Length == 1 ? $"input {inputs[0] + 1}" : $"{Digits.Count(inputs.Length)} inputs, most of all in input {inputs[0] + 1}";

    private static Finding Skipped(string text) => new() { Topic = Topic, Name = "census", Kind = FindingKind.Skipped, Text = text };
}
