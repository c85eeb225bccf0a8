using System;
using System.Collections.Generic;
using System.Linq;

namespace LayerTime;

/// <summary>Which class networks of some depths see where in the plane, and the data.</summary>
internal static class DecisionRegionsFigure
{
    private const double Left = 72;
    private const double Top = 56;
    private const double Side = 260;
    private const double Gap = 76;
    private const double Bottom = 60;
    private const int Cells = 130;

    internal static string Draw(DeepLimitResult result)
    {
        DeepLimitLevel[] shown = [.. new[] { 0, (result.Levels.Count - 1) / 2, result.Levels.Count - 1 }.Distinct().Select(i => result.Levels[i])];
        var points = result.Data.PointArray;
        var (across, up) = (Range(points, 0), Range(points, 1));
        var svg = new Svg(Left + (shown.Length * (Side + Gap)), Top + Side + Bottom, result.Sentence);
        svg.Text(Left, 26, "Decision regions across depth", "font-weight=\"bold\"");
        for (var k = 0; k < shown.Length; k++)
        {
            var x = Left + (k * (Side + Gap));
            var frame = new Frame(Axis.Over(across.Low, across.High, x, x + Side), Axis.Over(up.Low, up.High, Top + Side, Top));
            Regions(svg, frame, shown[k], result.Data.Classes.Count);
            for (var s = 0; s < points.Length; s++)
            {
                Point(svg, frame.Horizontal.Place(points[s][0]), frame.Vertical.Place(points[s][1]), result.Data.LabelArray[s], result.Data.Classes.Count);
            }

            frame.Axes(svg, result.Data.Features[0], k == 0 ? result.Data.Features[1] : "");
            svg.Text(x, Top - 8, $"n = {shown[k].Depth}, {DeepLimitResult.Percent(shown[k].Accuracy)} correct");
        }

        return svg.End();
    }

    // Runs of cells of one class in a row are one rectangle.
    private static void Regions(Svg svg, Frame frame, DeepLimitLevel level, int classes)
    {
        var centres = new double[2 * Cells * Cells];
        for (var c = 0; c < Cells * Cells; c++)
        {
            centres[2 * c] = frame.Horizontal.At(((c % Cells) + 0.5) / Cells);
            centres[(2 * c) + 1] = frame.Vertical.At(((c / Cells) + 0.5) / Cells);
        }

        var found = DeepLimitNetworks.Classify(level.Network.Floats!, centres);
        var side = Side / Cells;
        for (var row = 0; row < Cells; row++)
        {
            for (var start = 0; start < Cells;)
            {
                var end = start;
                while (end < Cells && found[(row * Cells) + end] == found[(row * Cells) + start])
                {
                    end++;
                }

                svg.Rectangle(frame.Left + (start * side), frame.Bottom - ((row + 1) * side), (end - start) * side, side, $"fill=\"{Colour(found[(row * Cells) + start], classes)}\" fill-opacity=\"0.3\"");
                start = end;
            }
        }
    }

    private static void Point(Svg svg, double x, double y, int label, int classes)
    {
        var form = (label % 3) switch
        {
            0 => "M-3 -3H3V3H-3Z",
            1 => "M0 -4L4 0L0 4L-4 0Z",
            _ => "M-3.5 3H3.5L0 -4Z",
        };
        svg.Line($"<path d=\"{form}\" transform=\"translate({Svg.N(x)} {Svg.N(y)})\" fill=\"{Colour(label, classes)}\" stroke=\"#fff\" stroke-width=\"0.8\"/>");
    }

    private static string Colour(int label, int classes) => DepthTimeFigure.Colour(label, Math.Max(2, classes));

    private static (double Low, double High) Range(double[][] points, int feature)
    {
        IEnumerable<double> values = points.Select(point => point[feature]);
        var (low, high) = (values.Min(), values.Max());
        var room = Math.Max((high - low) / 8, 1e-9);
        return (low - room, high + room);
    }
}
