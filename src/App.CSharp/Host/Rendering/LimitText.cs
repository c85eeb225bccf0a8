using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace LayerTime.Host.Rendering;

/// <summary>A study of a deep limit for people: a table of depths, what they converge to, and one sentence.</summary>
internal static class LimitText
{
    internal static string Of(DeepLimitResult result, IReadOnlyList<string> figures)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        writer.WriteLine($"{result.Data}; width {result.Options.Width ?? result.Data.Features.Count}, {result.Options.Activation.Name}, α = {Shown.Float(result.Options.Alpha)}, τ = {Shown.Float(result.Options.Tau)}");
        writer.WriteLine();
        if (result.Levels.Count > 0)
        {
            Table(result, writer);
            writer.WriteLine();
            Limit(result, writer);
        }

        foreach (var figure in figures)
        {
            Page.WriteField(writer, "figure", figure);
        }

        writer.WriteLine();
        foreach (var line in Page.Wrap(result.Sentence, Page.Width))
        {
            writer.WriteLine(line);
        }

        return writer.ToString();
    }

    private static void Table(DeepLimitResult result, StringWriter writer)
    {
        var table = new TextTable(
            2, new("depth"), Number("objective"), Number("from limit"), Number("estimate"), Number("to next depth"), Number("correct"), Number("iterations"), Number("gradient"));
        foreach (var level in result.Levels)
        {
            table.Add(
                new(Shown.Count(level.Depth)),
                new(level.Objective.ToString("F8", CultureInfo.InvariantCulture)),
                new($"{Percent(level.RelativeError)}"),
                new(Shown.Rounded(level.DepthError)),
                new(level.Distance is { } distance ? Shown.Rounded(distance) : ""),
                new(Percent(level.Accuracy)),
                new(Shown.Count(level.Iterations)),
                new(level.GradientNorm.ToString("0.0e-0", CultureInfo.InvariantCulture), level.Converged ? Colour.None : Colour.Open));
        }

        table.Write(writer, Paint.Plain);
    }

    private static void Limit(DeepLimitResult result, StringWriter writer)
    {
        var uncertainty = result.LimitUncertainty is { } width ? $" ± {Shown.Upward(width)}" : "";
        Page.WriteField(writer, "limit", $"objective {result.LimitObjective!.Value.ToString("F8", CultureInfo.InvariantCulture)}{uncertainty}");
        if (result.Order is { } order)
        {
            var confidence = result.OrderHalfWidth is { } half ? string.Create(CultureInfo.InvariantCulture, $" ± {half:F3} (95 %)") : "";
            var local = string.Join(", ", result.LocalOrders.Select(slope => slope.ToString("F3", CultureInfo.InvariantCulture)));
            Page.WriteField(writer, "order", string.Create(CultureInfo.InvariantCulture, $"weights converge like n^−p with p = {order:F3}{confidence}; from depth to depth {local}"));
        }

        foreach (var level in result.Levels.Where(level => !level.Converged))
        {
            Page.WriteField(writer, $"depth {level.Depth}", level.Reason);
        }
    }

    private static Column Number(string header) => new(header, ToTheRight: true);

    private static string Percent(double share) => (100 * share).ToString("F2", CultureInfo.InvariantCulture) + " %";
}
