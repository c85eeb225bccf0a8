using System;
using System.Collections.Generic;
using System.Linq;

namespace LayerTime;

/// <summary>Numbers over the layers, one line for each series.</summary>
internal static class CourseFigure
{
    private const double Left = 90;
    private const double Top = 20;
    private const double Width = 600;
    private const double Height = 240;
    private const double LegendWidth = 130;
    private const double Bottom = 56;
    private const double Entry = 20;

    /// <summary>The most series that are named.</summary>
    private const int Named = 10;

    internal static string Draw(string title, string across, string up, IReadOnlyList<(string Name, IReadOnlyList<double> Values)> series)
    {
        var longest = Math.Max(1, series.Select(one => one.Values.Count).DefaultIfEmpty(0).Max() - 1);
        var largest = series.SelectMany(one => one.Values).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        var frame = new Frame(Axis.Over(0, longest, Left, Left + Width), Axis.Over(0, largest > 0 ? 1.05 * largest : 1, Top + Height, Top));
        var svg = new Svg(Left + Width + LegendWidth, Top + Height + Bottom, title);
        frame.Clip(svg);
        frame.Grid(svg);
        foreach (var (one, i) in series.Select((one, i) => (one, i)))
        {
            var colour = DepthTimeFigure.Colour(i, series.Count);
            (double X, double Y)[] line = [.. one.Values.Select((value, l) => (frame.Horizontal.Place(l), value)).Where(point => double.IsFinite(point.value)).Select(point => (point.Item1, frame.Vertical.Place(point.value)))];
            svg.Polylines([line], $"clip-path=\"url(#frame)\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.8\" stroke-linejoin=\"round\"");
            foreach (var (x, y) in line.Length <= 40 ? line : [])
            {
                svg.Line($"<circle cx=\"{Svg.N(x)}\" cy=\"{Svg.N(y)}\" r=\"2.6\" fill=\"{colour}\"/>");
            }

            if (series.Count > 1 && i < Named)
            {
                svg.Segment(frame.Right + 18, Top + 10 + (Entry * i), frame.Right + 38, Top + 10 + (Entry * i), $"stroke=\"{colour}\" stroke-width=\"2.4\"");
                svg.Text(frame.Right + 44, Top + 14.5 + (Entry * i), one.Name);
            }
        }

        frame.Axes(svg, across, up);
        return svg.End();
    }
}
