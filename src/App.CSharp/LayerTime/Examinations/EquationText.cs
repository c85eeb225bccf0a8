using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace LayerTime;

/// <summary>A network as the difference equation that it is, written out.</summary>
internal static class EquationText
{
    private static readonly (string Matrix, string Bias)[] Letters = [("W", "b"), ("V", "c"), ("U", "d"), ("T", "e")];

    internal static IReadOnlyList<string> Of(Network network)
    {
        var lines = new List<string>();
        if (network.Lift is { } lift)
        {
            lines.Add($"{(network.Blocks == 1 ? "x(0)" : $"[{History(network.Blocks, "")}]")} = {Of(lift, "input", "in")}");
        }

        lines.AddRange(network.Architecture == Architecture.FeedForward ? Plain(network) : Recurrence(network));
        if (network.Readout is { } readout)
        {
            lines.Add($"output = {Of(readout, network.Blocks == 1 ? "x(L)" : $"[{History(network.Blocks, "L")}]", "out")}");
        }

        return lines;
    }

    // Runs of layers of one form, each with the range of its layers.
    private static IEnumerable<string> Plain(Network network)
    {
        var forms = Enumerable.Range(0, network.Depth).Select(l => Of(network.MapsAt(l)[0], "x(l)", "l")).ToList();
        for (var start = 0; start < forms.Count;)
        {
            var end = start;
            while (end + 1 < forms.Count && forms[end + 1] == forms[start])
            {
                end++;
            }

            yield return $"x(l+1) = {forms[start]},  {Range(start, end)}";
            start = end + 1;
        }
    }

    private static IEnumerable<string> Recurrence(Network network)
    {
        var (order, window) = (network.Order, network.Design.Window);
        var maps = network.MapsAt(0).Count;
        var step = network.Design.HasStep && network.Step != 1 ? $"h{Superscript(order)}·" : "";
        var force = network.Architecture == Architecture.ConcatenationDense
            ? $"φ_l([{History(window, "l")}])"
            : maps == 1 ? "f_l(x(l))" : $"({string.Join(" + ", Enumerable.Range(1, maps).Select(n => $"f{Subscript(n)}_l(x({Past("l", n - 1)}))"))})";
        if (maps > 1 && step.Length == 0 && order == 0)
        {
            force = force[1..^1];
        }

        var past = string.Concat(Enumerable.Range(1, order).Select(j => Term(j % 2 == 1 ? Choose(order, j) : -Choose(order, j), Past("l", j - 1), j == 1)));
        var equation = $"x(l+1) = {past}{(order > 0 ? " + " : "")}{step}{force}";
        yield return order > 1 ? $"∇{Superscript(order)}x(l+1) = {step}{force}, that is {equation}" : equation;
        var known = network.Design.HasStep && network.Step != 1 ? $"h = {network.Step.ToString("R", CultureInfo.InvariantCulture)}, " : "";
        yield return $"{known}{Range(0, network.Depth - 1)}, x of width {network.Width}";
        for (var n = 0; n < maps; n++)
        {
            var name = network.Architecture == Architecture.ConcatenationDense ? "φ_l" : maps == 1 ? "f_l" : $"f{Subscript(n + 1)}_l";
            var forms = Enumerable.Range(0, network.Depth).Select(l => Of(network.MapsAt(l)[n], "x", "l")).ToList();
            foreach (var form in forms.Distinct().Take(3))
            {
                var at = forms.Distinct().Count() == 1 ? "" : $",  first at l = {forms.IndexOf(form)}";
                yield return $"{name}(x) = {form}{at}";
            }

            if (forms.Distinct().Count() is > 3 and var kinds)
            {
                yield return $"… and {kinds - 3} other forms of {name}";
            }
        }
    }

    private static string Of(LayerMap map, string argument, string index)
    {
        var text = argument;
        for (var i = 0; i < map.Layers.Count; i++)
        {
            var (matrix, bias) = i < Letters.Length ? Letters[i] : ($"W{Subscript(i + 1)}", $"b{Subscript(i + 1)}");
            var layer = map.Layers[i];
            var inside = text.Contains(' ', StringComparison.Ordinal) && !text.EndsWith(')') ? $"({text})" : text;
            var affine = $"{matrix}_{index}·{inside} + {bias}_{index}";
            var names = layer.Activations.Select(activation => activation.ToString()).Distinct().ToList();
            text = names is ["identity"] ? affine : names.Count == 1 ? $"{names[0].Replace(' ', '[')}{(names[0].Contains(' ', StringComparison.Ordinal) ? "]" : "")}({affine})" : $"σ_{index}({affine})";
        }

        return text;
    }

    private static string Range(int first, int last) => first == last ? $"l = {first}" : $"l = {first} … {last}";

    private static string History(int blocks, string at) =>
        string.Join("; ", Enumerable.Range(0, blocks).Select(j => $"x({(at.Length == 0 ? j == 0 ? "0" : $"−{j}" : Past(at, j))})"));

    private static string Past(string at, int age) => age == 0 ? at : $"{at}−{age}";

    private static string Term(long weight, string at, bool first) =>
        $"{(first ? weight < 0 ? "−" : "" : weight < 0 ? " − " : " + ")}{(Math.Abs(weight) == 1 ? "" : Math.Abs(weight).ToString(CultureInfo.InvariantCulture))}x({at})";

    private static long Choose(int n, int k) => Enumerable.Range(1, k).Aggregate(1L, (product, i) => product * (n - k + i) / i);

    private static string Superscript(int number) => number == 1 ? "" : string.Concat(number.ToString(CultureInfo.InvariantCulture).Select(digit => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit - '0']));

    private static string Subscript(int number) => string.Concat(number.ToString(CultureInfo.InvariantCulture).Select(digit => "₀₁₂₃₄₅₆₇₈₉"[digit - '0']));
}
