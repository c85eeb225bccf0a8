using System;
using System.Collections.Generic;
using System.Linq;

namespace LayerTime.Host.Rendering;

/// <summary>A run of either kind of numbers, as it is shown.</summary>
internal sealed record RunRecord(string Numbers, int FirstLayer, IReadOnlyList<IReadOnlyList<string>> States, IReadOnlyList<string> Output)
{
    /// <summary>Whether the numbers may stand in JSON as they are.</summary>
    internal bool IsExact => Numbers == "exact";

    internal static RunRecord Of(Trajectory run) =>
        new("float", run.FirstLayer, StatesOf(run.FirstLayer, run.Depth, layer => run[layer].Select(Shown.Float)), [.. run.Output.Select(Shown.Float)]);

    internal static RunRecord Of(ExactTrajectory run) =>
        new("exact", run.FirstLayer, StatesOf(run.FirstLayer, run.Depth, layer => run[layer].Select(number => number.ToString())), [.. run.Output.Select(number => number.ToString())]);

    private static IReadOnlyList<IReadOnlyList<string>> StatesOf(int first, int last, Func<int, IEnumerable<string>> state) =>
        [.. Enumerable.Range(first, last - first + 1).Select(layer => (IReadOnlyList<string>)[.. state(layer)])];
}
