using System;
using System.Globalization;
using LayerTime.Host.Rendering;

namespace LayerTime.Host.Progress;

/// <summary>What is shown of the progress of each kind of run.</summary>
internal static class Milestones
{
    internal static Milestone Of(VerificationProgress progress) => new(
        (double)progress.CasesCompleted / Math.Max(1, progress.CasesExpected),
        progress.CurrentClaim ?? "starting",
        $"{progress.ClaimsCompleted} of {Page.Plural(progress.ClaimsTotal, "claim")} answered, {Shown.Count(progress.CasesCompleted)} of {Page.Plural(progress.CasesExpected, "case")}"
            + (progress.CurrentClaim is { } claim ? $", at {claim}" : ""),
        progress.Elapsed);

    internal static Milestone Of(CensusProgress progress)
    {
        var found = $"{Page.Plural(progress.PointsFound, "point")}, {Shown.Count(progress.OpenBoxes)} open";
        return new(progress.Explored, found, $"{Shown.Count(progress.Boxes)} of at most {Page.Plural(progress.MaxBoxes, "box")}, {found}", progress.Elapsed);
    }

    internal static Milestone Of(SolveProgress progress)
    {
        var reached = $"t = {progress.Time.ToString("G4", CultureInfo.InvariantCulture)}";
        return new(progress.Share, reached, $"{reached} after {Page.Plural(progress.Steps, "step")}", progress.Elapsed);
    }

    internal static Milestone Of(ExaminationProgress progress) => new(progress.Share, progress.Topic, $"at {progress.Topic}", progress.Elapsed);

    internal static Milestone Of(VanillaProgress progress) => new(
        (double)progress.Cells / Math.Max(1, progress.CellsTotal),
        progress.Stage,
        $"{progress.Stage}: {Shown.Count(progress.Cells)} of {Page.Plural(progress.CellsTotal, "cell")}",
        progress.Elapsed);

    internal static Milestone Of(DeepLimitProgress progress)
    {
        var at = $"depth {progress.Depth}, iteration {Shown.Count(progress.Iterations)}";
        var numbers = string.Create(CultureInfo.InvariantCulture, $"objective {progress.Objective:G6}, gradient {progress.GradientNorm:0.0e-0}");
        return new(progress.Share, at, $"{at}: {numbers}", progress.Elapsed);
    }
}
