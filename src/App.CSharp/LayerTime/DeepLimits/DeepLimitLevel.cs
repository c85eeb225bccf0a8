using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.DeepLimit;
using LayerTime.Core.Numbers;

namespace LayerTime;

/// <summary>One depth of a study.</summary>
public sealed record DeepLimitLevel
{
    /// <summary>n, the number of layers.</summary>
    public required int Depth { get; init; }

    /// <summary>The training objective E_n where training ended.</summary>
    public required double Objective { get; init; }

    /// <summary>The part of it that is the mean loss.</summary>
    public required double DataTerm { get; init; }

    /// <summary>The share of points that are classified correctly.</summary>
    public required double Accuracy { get; init; }

    /// <summary>η_n, an estimate of E_n − E_∞ from this network alone.</summary>
    public required double DepthError { get; init; }

    /// <summary>(E_n − E_∞)/E_∞ with the limit that the deepest network gives.</summary>
    public required double RelativeError { get; init; }

    /// <summary>How far the weights are from those of the limit, as a share of the largest weight; null for a single depth.</summary>
    public required double? RelativeWeightError { get; init; }

    /// <summary>The largest distance of a weight from that of twice the depth at the same depth-time; null for the last depth.</summary>
    public required double? Distance { get; init; }

    /// <summary>The L² distance of K and b, as piecewise constant functions, from those of twice the depth; null for the last depth.</summary>
    public required double? FunctionDistance { get; init; }

    /// <summary>The norm of the gradient in the metric of the penalty.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>The iterations at this depth.</summary>
    public required int Iterations { get; init; }

    /// <summary>How often the objective and its gradient were evaluated.</summary>
    public required int Evaluations { get; init; }

    /// <summary>Whether the gradient became as small as asked for.</summary>
    public required bool Converged { get; init; }

    /// <summary>Why training ended, in a sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>The objective at the start and after every iteration.</summary>
    public required IReadOnlyList<double> Objectives { get; init; }

    /// <summary>The norm of its gradient at the start and after every iteration.</summary>
    public required IReadOnlyList<double> GradientNorms { get; init; }

    /// <summary>K_0 … K_{n−1}, each row by row.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Kernel { get; init; }

    /// <summary>b_0 … b_{n−1}</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Bias { get; init; }

    /// <summary>The trained network, from the features to the logits: one for two classes, one for each of more.</summary>
    public required Network Network { get; init; }

    internal static DeepLimitLevel OfCore(DeepLimitProblem study, LadderReport report, LadderLevel level)
    {
        var step = report.Steps.FirstOrDefault(step => step.Depth == level.Depth);
        var network = DeepLimitNetworks.Of(study, level);
        return new()
        {
            Depth = level.Depth,
            Objective = level.Objective,
            DataTerm = level.DataTerm,
            Accuracy = DeepLimitNetworks.Accuracy(network, study.Data),
            DepthError = level.DepthError,
            RelativeError = LadderReportModule.relativeError(report, level),
            RelativeWeightError = LadderReportModule.relativeWeightError(report, level)?.Value,
            Distance = step?.Distance,
            FunctionDistance = step?.FunctionDistance,
            GradientNorm = level.GradientNorm,
            Iterations = level.Iterations,
            Evaluations = level.Evaluations,
            Converged = level.Stop.IsConverged,
            Reason = level.Stop.Sentence,
            Objectives = [.. level.History.Select(entry => entry.Item1)],
            GradientNorms = [.. level.History.Select(entry => entry.Item2)],
            Kernel = [.. level.Weights.Kernel.Select(kernel => (IReadOnlyList<double>)[.. kernel.Entries.ToArray().Select(x => x.Value)])],
            Bias = [.. level.Weights.Bias.Select(bias => (IReadOnlyList<double>)[.. bias.Select(x => x.Value)])],
            Network = Network.OfCore(network),
        };
    }
}
