using System;
using System.Collections.Generic;
using LayerTime.Core.Constructions;

namespace LayerTime;

/// <summary>What a splitting is predicted to need for an error, from certificates of plans; nothing is built for it.</summary>
public sealed record VanillaPrediction
{
    /// <summary>The splitting.</summary>
    public required OdeSplitting Splitting { get; init; }

    /// <summary>The number of steps.</summary>
    public required int Steps { get; init; }

    /// <summary>
    /// The number of steps whose certificate the rest follows from: <see cref="Steps"/>, or fewer where more steps were not looked at and the
    /// error of the splitting is taken to fall with its order. 0 where the error does not follow from any certificate of <see cref="Steps"/> steps or fewer.
    /// </summary>
    public required int CertifiedSteps { get; init; }

    /// <summary>The number of layers with an activation; long.MaxValue where no certificate leads to it.</summary>
    public required long Depth { get; init; }

    /// <summary>The part of the error that the splitting causes.</summary>
    public required double SplittingError { get; init; }

    /// <summary>The part of the error that the piecewise linear tables cause; 0 for ReLU fields, which need none.</summary>
    public required double TableError { get; init; }

    /// <summary>Depth against error for each splitting, both as logarithms, and the slopes that theory predicts: SVG.</summary>
    /// <param name="tolerances">The errors, at least one.</param>
    /// <param name="predictions">What <see cref="NeuralOde.PlanVanilla"/> found for each of them.</param>
    /// <returns>The picture.</returns>
    public static string ToSvg(IReadOnlyList<double> tolerances, IReadOnlyList<IReadOnlyList<VanillaPrediction>> predictions)
    {
        if (Door.NotNull(tolerances).Count != Door.NotNull(predictions).Count || tolerances.Count == 0)
        {
            throw new ArgumentException($"Found {tolerances.Count} errors and predictions for {predictions.Count}; as many are expected, at least one.", nameof(predictions));
        }

        return DepthFigure.Draw(tolerances, predictions);
    }

    internal static VanillaPrediction OfCore(PlanPrediction core) => new()
    {
        Splitting = Splittings.OfCore(core.Splitting),
        Steps = core.Steps,
        CertifiedSteps = core.CertifiedSteps,
        Depth = core.Depth,
        SplittingError = core.SplittingError,
        TableError = core.TableError,
    };
}

/// <summary>Splittings in both languages.</summary>
internal static class Splittings
{
    internal static OdeSplitting OfCore(Splitting core) =>
        core.IsLieTrotter ? OdeSplitting.LieTrotter : core.IsStrang ? OdeSplitting.Strang : OdeSplitting.Yoshida;

    internal static Splitting ToCore(OdeSplitting splitting) => splitting switch
    {
        OdeSplitting.LieTrotter => Splitting.LieTrotter,
        OdeSplitting.Strang => Splitting.Strang,
        _ => Splitting.Yoshida,
    };

    internal static string Name(OdeSplitting splitting) => splitting switch
    {
        OdeSplitting.LieTrotter => "Lie–Trotter",
        OdeSplitting.Strang => "Strang",
        _ => "Yoshida",
    };
}
