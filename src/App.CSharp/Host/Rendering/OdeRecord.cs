using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;

namespace LayerTime.Host.Rendering;

/// <summary>A solution of a neural ODE at the times at which it is shown.</summary>
internal sealed record OdeRecord(NeuralOdeSolution Solution, IReadOnlyList<(double Time, double[] State)> Rows, SolutionErrors? Errors)
{
    private const int LabelWidth = 14;
    private readonly Dictionary<double, double?> bars = [];

    /// <summary>t,x1,x2,… line by line.</summary>
    internal string Csv() => string.Concat(
        Rows.Select(row => string.Join(',', row.State.Prepend(row.Time).Select(Shown.Float)))
            .Prepend(string.Join(',', Names().Prepend("t")))
            .Select(line => line + "\n"));

    /// <summary>One JSON document, one state a line. Numbers of a solution are finite; what else is not, is null.</summary>
    internal string Json()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{{\n  \"numbers\": \"float\",\n  \"method\": \"{Solution.Options.Method}\",\n");
        text.Append("  \"states\": [\n    ").AppendJoin(",\n    ", Rows.Select(row => $"{{ \"t\": {Shown.Float(row.Time)}, \"x\": {List(row.State)}{(Bar(row.Time) is { } bar ? $", \"within\": {Finite(bar)}" : "")} }}")).Append("\n  ],\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"output\": {(Solution.Output is { } output ? List(output) : "null")},\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"stop\": \"{JsonNamingPolicy.KebabCaseLower.ConvertName(Solution.Stop.ToString())}\",\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"message\": {JsonSerializer.Serialize(Solution.StopMessage, Unescaped)},\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"time\": {Shown.Float(Solution.Time)},\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"steps\": {Solution.Steps},\n  \"rejected\": {Solution.RejectedSteps},\n  \"evaluations\": {Solution.Evaluations}");
        if (Errors is { } errors)
        {
            text.Append(CultureInfo.InvariantCulture, $",\n  \"error\": {{ \"before\": {Bound(errors.Before)}, \"after\": {Bound(errors.After)}, \"estimate\": {Finite(errors.Estimate)} }}");
        }

        return text.Append("\n}\n").ToString();
    }

    /// <summary>A table if it fits the page, else one line for each state; then what there is to say of the run.</summary>
    internal void Write(TextWriter writer, Paint paint)
    {
        var labels = Names().ToList();
        var hasBars = Rows.Any(row => Bar(row.Time) is not null);
        IEnumerable<Column> within = hasBars ? [new("within", ToTheRight: true)] : [];
        var table = new TextTable(gapOfNumbers: 2, [new("t"), .. labels.Select(name => new Column(name, ToTheRight: true)), .. within]);
        foreach (var (time, state) in Rows)
        {
            IEnumerable<Cell> bar = hasBars ? [new(Bar(time) is { } value ? Shown.Upward(value) : "")] : [];
            table.Add([new(Shown.Float(time)), .. state.Select(number => new Cell(Shown.Float(number))), .. bar]);
        }

        if (table.NaturalWidth <= Page.Width)
        {
            table.Write(writer, paint);
        }
        else
        {
            foreach (var (time, state) in Rows)
            {
                writer.WriteLine($"x({Shown.Float(time)}) = ({string.Join(", ", state.Select(Shown.Float))})");
            }
        }

        writer.WriteLine();
        if (Solution.Output is { } output)
        {
            Page.WriteField(writer, "output", string.Join(", ", output.Select(Shown.Float)), labelWidth: LabelWidth);
        }

        Page.WriteField(
            writer,
            "method",
            $"{Solution.Options.Method} of order {Solution.Options.Method.Order}: {Page.Plural(Solution.Steps, "step")}, {Shown.Count(Solution.RejectedSteps)} rejected, {Page.Plural(Solution.Evaluations, "evaluation")}",
            labelWidth: LabelWidth);
        if (Errors is { } errors)
        {
            Page.WriteField(writer, "a priori", InWords(errors.Before, "proved from the box that the states were seen in, the number of steps and their length alone"), labelWidth: LabelWidth);
            Page.WriteField(writer, "a posteriori", InWords(errors.After, "proved"), labelWidth: LabelWidth);
            Page.WriteField(writer, "estimate", double.IsNaN(errors.Estimate) ? "There is nothing to compare with." : $"about {Shown.Rounded(errors.Estimate)}, without proof", labelWidth: LabelWidth);
        }

        Page.WriteField(writer, "end", Solution.StopMessage, labelWidth: LabelWidth);
    }

    /// <summary>How far at most the solution is from a state that is shown; null where nothing is proved.</summary>
    private double? Bar(double time)
    {
        if (!bars.TryGetValue(time, out var bar))
        {
            bars[time] = bar = Errors?.BarAt(time);
        }

        return bar;
    }

    private IEnumerable<string> Names() => Enumerable.Range(1, Solution.Ode.Dimension).Select(i => FormattableString.Invariant($"x{i}"));

    private static string InWords(ErrorBound bound, string proof) => bound.Value is { } value
        ? $"at most {Shown.Upward(value)} in every component, {proof}; logarithmic norm at most {Shown.Upward(bound.LogNorm!.Value)}"
        : bound.Reason;

    private static string List(IEnumerable<double> numbers) => $"[{string.Join(", ", numbers.Select(Finite))}]";

    private static string Finite(double number) => double.IsFinite(number) ? Shown.Float(number) : "null";

    private static string Bound(ErrorBound bound) => bound.Value is { } value
        ? $"{{ \"bound\": {Finite(value)}, \"logNorm\": {Finite(bound.LogNorm!.Value)} }}"
        : $"{{ \"bound\": null, \"reason\": {JsonSerializer.Serialize(bound.Reason, Unescaped)} }}";

    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
