using System;
using System.Globalization;
using System.Linq;

namespace LayerTime;

/// <summary>The result of a study in one sentence.</summary>
internal static class DeepLimitSentence
{
    internal static string Of(DeepLimitResult result)
    {
        if (result.Levels.Count == 0)
        {
            return "No depth was trained to its end, so nothing can be said about the limit.";
        }

        var deepest = result.Levels[^1];
        if (!result.Interrupted && deepest.Depth < result.Options.LastDepth)
        {
            return $"Training ended at depth {deepest.Depth} with the best weights so far: {char.ToLowerInvariant(deepest.Reason[0])}{deepest.Reason[1..]}";
        }

        var caution = result.Options.WithoutTheorem && (result.Options.Alpha == 0 || result.Options.Tau == 0)
            ? " No theorem says that these weights converge: the penalty is not positive."
            : result.Levels.Any(level => !level.Converged) ? " Not every depth was trained to the tolerance asked for." : "";
        return Reach(result, deepest) + caution;
    }

    private static string Reach(DeepLimitResult result, DeepLimitLevel deepest)
    {
        var limit = Number(result.LimitObjective!.Value);
        return result.WithinReach is { } level && result.Levels.Count > 1
            ? $"Depth {level.Depth} is within 2 % of the deep limit: its training objective is {Number(level.Objective)}, that of infinitely many layers {limit}"
                + $"{Weights(level)}, and it classifies {DeepLimitResult.Percent(level.Accuracy)} of the points correctly."
            : $"Depth {deepest.Depth} is {DeepLimitResult.Percent(deepest.RelativeError)} away from the deep limit: its training objective is {Number(deepest.Objective)}, that of infinitely many layers about {limit}; train deeper networks to come closer.";
    }

    private static string Weights(DeepLimitLevel level) =>
        level.RelativeWeightError is { } error ? $", its weights are within {DeepLimitResult.Percent(error)} of the largest one" : "";

    internal static string Number(double number) => number.ToString("G4", CultureInfo.InvariantCulture);
}
