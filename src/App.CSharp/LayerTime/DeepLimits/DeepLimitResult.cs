using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using LayerTime.Core.DeepLimit;

namespace LayerTime;

/// <summary>What a ladder of depths says about its limit.</summary>
/// <remarks>Each depth is trained from the one before, so the ladder follows one local minimum; the theorem speaks of global ones.</remarks>
public sealed class DeepLimitResult
{
    /// <summary>"Within" in the sentence: two per cent.</summary>
    private const double Near = 0.02;

    private readonly LadderReport? report;

    internal DeepLimitResult(DeepLimitProblem study, LadderState? state, DeepLimitCheckpoint? checkpoint, bool interrupted)
    {
        Study = study;
        Checkpoint = checkpoint;
        Interrupted = interrupted;
        var levels = state?.Levels ?? [];
        report = levels.Length > 0 ? LadderReportModule.ofLevels(study.Problem, levels) : null;
        Levels = report is null ? [] : [.. levels.Select(level => DeepLimitLevel.OfCore(study, report, level))];
    }

    /// <summary>The data.</summary>
    public LabelledData Data => Study.Data;

    /// <summary>The options.</summary>
    public DeepLimitOptions Options => Study.Options;

    /// <summary>The depths that are done, the shallowest first.</summary>
    public IReadOnlyList<DeepLimitLevel> Levels { get; }

    /// <summary>E_∞, the training objective of infinitely many layers as the deepest network predicts it; null without a depth.</summary>
    public double? LimitObjective => report?.LimitObjective;

    /// <summary>How sure E_∞ is: how far it moved when the depth was last doubled, about three times its error; null for fewer than two depths.</summary>
    public double? LimitUncertainty => report is { LimitUncertainty: var uncertainty } && double.IsFinite(uncertainty) ? uncertainty : null;

    /// <summary>p where weights converge like n⁻ᵖ, fitted to the last five distances at most; null where there are fewer than two.</summary>
    public double? Order => report?.Order?.Value.Order;

    /// <summary>Half the width of the 95 % interval of the order, with the drift of the local orders in it; null where there are fewer than three distances.</summary>
    public double? OrderHalfWidth => report?.Order?.Value.HalfWidth is { } width && double.IsFinite(width) ? width : null;

    /// <summary>The orders between neighbouring distances that the fit uses.</summary>
    public IReadOnlyList<double> LocalOrders => report?.Order?.Value.Local ?? [];

    /// <summary>Depths below this are too shallow for the order: 2·L·max|K|.</summary>
    public double AsymptoticDepth => report?.AsymptoticDepth ?? 0;

    /// <summary>Whether the study was cancelled before its end.</summary>
    public bool Interrupted { get; }

    /// <summary>Whether every depth converged.</summary>
    public bool IsComplete => !Interrupted && Levels.Count > 0 && Levels[^1].Depth == Options.LastDepth && Levels.All(level => level.Converged);

    /// <summary>From where an interrupted study goes on; null where it was interrupted before training began, or not at all.</summary>
    public DeepLimitCheckpoint? Checkpoint { get; }

    /// <summary>What to remember, in one sentence.</summary>
    public string Sentence => DeepLimitSentence.Of(this);

    internal DeepLimitProblem Study { get; }

    /// <summary>The shallowest depth whose objective is within two per cent of the limit; null where none is.</summary>
    internal DeepLimitLevel? WithinReach => Levels.FirstOrDefault(level => Math.Abs(level.RelativeError) <= Near);

    /// <summary>All numbers as one JSON document: the same bytes on any machine and any number of cores.</summary>
    /// <returns>The document, with a line feed at its end.</returns>
    public string ToJson() => DeepLimitWriter.ToJson(this);

    /// <summary>K and b as functions of depth-time, the depths over each other, as SVG.</summary>
    /// <returns>The picture.</returns>
    /// <exception cref="InvalidOperationException">No depth is done.</exception>
    public string WeightsToSvg() => Levels.Count > 0 ? DepthWeightsFigure.Draw(this) : throw new InvalidOperationException("No depth is done.");

    /// <summary>Which class the networks of some depths see where, as SVG.</summary>
    /// <returns>The picture.</returns>
    /// <exception cref="InvalidOperationException">No depth is done, or the data have not two features.</exception>
    public string RegionsToSvg() =>
        Levels.Count == 0 ? throw new InvalidOperationException("No depth is done.")
        : Data.Features.Count != 2 ? throw new InvalidOperationException($"The data have {Data.Features.Count} features; regions are drawn for two.")
        : DecisionRegionsFigure.Draw(this);

    /// <summary>The sentence.</summary>
    /// <returns><see cref="Sentence"/>.</returns>
    public override string ToString() => Sentence;

    internal static string Percent(double share) =>
        (100 * Math.Abs(share)).ToString(Math.Abs(share) >= 0.1 ? "F0" : "G2", CultureInfo.InvariantCulture) + " %";
}
