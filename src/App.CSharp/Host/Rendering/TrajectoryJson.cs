using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace LayerTime.Host.Rendering;

/// <summary>A run as one JSON document, one state a line: fractions as strings, floats as numbers, and as strings where they are not finite.</summary>
internal static class TrajectoryJson
{
    internal static string Of(RunRecord run)
    {
        var states = run.States.Select((state, i) =>
            string.Create(CultureInfo.InvariantCulture, $"    {{ \"layer\": {run.FirstLayer + i}, \"x\": {Numbers(run, state)} }}"));
        return new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"{{\n  \"numbers\": \"{run.Numbers}\",\n  \"states\": [\n")
            .AppendJoin(",\n", states)
            .Append(CultureInfo.InvariantCulture, $"\n  ],\n  \"output\": {Numbers(run, run.Output)}\n}}\n")
            .ToString();
    }

    // Fractions and floats are of characters that need no escape.
    private static string Numbers(RunRecord run, IReadOnlyList<string> numbers) =>
        $"[{string.Join(", ", numbers.Select(number => run.IsExact || !IsFinite(number) ? $"\"{number}\"" : number))}]";

    private static bool IsFinite(string number) => double.IsFinite(double.Parse(number, CultureInfo.InvariantCulture));
}
