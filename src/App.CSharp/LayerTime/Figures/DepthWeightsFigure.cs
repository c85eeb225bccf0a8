using System;
using System.Collections.Generic;
using System.Linq;

namespace LayerTime;

/// <summary>K and b as functions of depth-time: a panel for each entry, a line for each depth.</summary>
internal static class DepthWeightsFigure
{
    private const double Left = 72;
    private const double Top = 56;
    private const double Width = 250;
    private const double Height = 170;
    private const double Gap = 76;
    private const double LegendWidth = 110;
    private const double Entry = 20;

    /// <summary>The most panels; the entries that vary most are shown.</summary>
    private const int Most = 12;

    internal static string Draw(DeepLimitResult result)
    {
        var chosen = Chosen(result);
        var columns = Math.Min(3, chosen.Count);
        var rows = (chosen.Count + columns - 1) / columns;
        var right = Left + (columns * (Width + Gap));
        var svg = new Svg(right + LegendWidth, Top + (rows * (Height + Gap)), result.Sentence);
        svg.Text(Left, 26, "Weights over depth-time t = i/n at every trained depth n", "font-weight=\"bold\"");
        for (var k = 0; k < chosen.Count; k++)
        {
            var (x, y) = (Left + (k % columns * (Width + Gap)), Top + (k / columns * (Height + Gap)));
            var values = result.Levels.SelectMany(level => Series(level, chosen[k])).ToList();
            var room = (values.Max() - values.Min()) / 20;
            var frame = new Frame(Axis.Over(0, 1, x, x + Width), Axis.Over(values.Min() - room, values.Max() + room, y + Height, y));
            frame.Grid(svg);
            for (var l = 0; l < result.Levels.Count; l++)
            {
                svg.Polylines([Line(frame, Series(result.Levels[l], chosen[k]))], $"fill=\"none\" stroke=\"{Colour(l, result)}\" stroke-width=\"1.6\" stroke-linejoin=\"round\"");
            }

            frame.Axes(svg, "t", Name(chosen[k], result.Study.Width));
        }

        for (var l = 0; l < result.Levels.Count; l++)
        {
            svg.Segment(right, Top + 8 + (Entry * l), right + 20, Top + 8 + (Entry * l), $"stroke=\"{Colour(l, result)}\" stroke-width=\"2.4\"");
            svg.Text(right + 28, Top + 12.5 + (Entry * l), $"n = {result.Levels[l].Depth}");
        }

        return svg.End();
    }

    private static string Colour(int level, DeepLimitResult result) => DepthTimeFigure.Colour(level, result.Levels.Count);

    /// <summary>The entries of K, then those of b, in their order; those that vary most where there are too many.</summary>
    private static List<int> Chosen(DeepLimitResult result)
    {
        var deepest = result.Levels[^1];
        var count = deepest.Kernel[0].Count + deepest.Bias[0].Count;
        return [.. Enumerable.Range(0, count).OrderByDescending(k => Series(deepest, k).Max() - Series(deepest, k).Min()).ThenBy(k => k).Take(Most).Order()];
    }

    private static IEnumerable<double> Series(DeepLimitLevel level, int entry)
    {
        var square = level.Kernel[0].Count;
        return entry < square ? level.Kernel.Select(kernel => kernel[entry]) : level.Bias.Select(bias => bias[entry - square]);
    }

    // Piecewise linear, constant on the last cell.
    private static List<(double X, double Y)> Line(Frame frame, IEnumerable<double> series)
    {
        var values = series.ToList();
        List<(double X, double Y)> line = [.. values.Select((value, i) => (frame.Horizontal.Place((double)i / values.Count), frame.Vertical.Place(value)))];
        line.Add((frame.Horizontal.Place(1), line[^1].Y));
        return line;
    }

    private static string Name(int entry, int width) => entry < width * width ? $"K{(entry / width) + 1}{(entry % width) + 1}" : $"b{entry - (width * width) + 1}";
}
