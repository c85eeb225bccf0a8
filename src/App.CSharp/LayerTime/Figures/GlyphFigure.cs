using System;
using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Experiments;

namespace LayerTime;

/// <summary>Pictures of every class on their way through the layers, and what is measured along the layers.</summary>
internal static class GlyphFigure
{
    private const double Pixel = 9;
    private const double Space = 10;

    internal static string Draw(ExperimentResult result, GlyphRun run)
    {
        const double width = 250, height = 170;
        var network = run.Monitors[0].Network;
        int[] shown = [0, 1, network.Depth / 4, network.Depth / 2, 3 * network.Depth / 4, network.Depth];
        var side = Glyphs.side;
        var picture = (side * Pixel) + Space;
        var svg = new Svg(ExperimentFigure.Left + (3 * (width + ExperimentFigure.Gap)) + 20, ExperimentFigure.Top + (shown.Length * picture) + height + (2 * ExperimentFigure.Gap), result.Title);
        svg.Text(ExperimentFigure.Left, 26, result.Title, "font-weight=\"bold\"");
        svg.Text(ExperimentFigure.Left, ExperimentFigure.Top - 22, "first channel of one picture of each class, dark to light from its least to its greatest activation");
        var paths = Enumerable.Range(0, Glyphs.classes).Select(c => ConvolutionalNetworkModule.trajectory(network, run.Test.Points[Array.IndexOf(run.Test.Labels, c)])).ToArray();
        for (var r = 0; r < shown.Length; r++)
        {
            var y = ExperimentFigure.Top + (r * picture);
            svg.Text(ExperimentFigure.Left - 12, y + (side * Pixel / 2) + 4, $"layer {shown[r]}", "text-anchor=\"end\" font-size=\"11\"");
            for (var c = 0; c < paths.Length; c++)
            {
                Channel(svg, ExperimentFigure.Left + (c * picture), y, paths[c][shown[r]][..(side * side)]);
            }
        }

        var top = ExperimentFigure.Top + (shown.Length * picture) + 40;
        var first = run.Monitors[0];
        Course(svg, 0, "largest relative change of a layer", [.. run.Monitors.Select(monitor => monitor.Changes)], 0);
        Course(svg, 1, "pairing a·δx, one picture", [first.Pairings], Math.Abs(first.Pairings[0]) / 2);
        Course(svg, 2, "H = a·F, the same picture", [first.Hamiltonians], 0);
        foreach (var (monitor, i) in run.Monitors.Select((monitor, i) => (monitor, i)))
        {
            svg.Text(ExperimentFigure.Left + (0.6 * width), top + 16 + (15 * i), $"{monitor.Network.Depth} layers", $"text-anchor=\"end\" font-size=\"11\" fill=\"{Colour(i)}\"");
        }

        return svg.End();

        // Values at equal steps of depth-time, with room around values that do not move.
        void Course(Svg svg, int column, string title, IReadOnlyList<double[]> courses, double room)
        {
            var all = courses.SelectMany(course => course).ToArray();
            var left = ExperimentFigure.X(column, width);
            var frame = new Frame(
                Axis.Over(0, network.Horizon, left, left + width),
                room > 0 ? Axis.Over(all.Min() - room, all.Max() + room, top + height, top) : ExperimentFigure.Roomy([.. all, 0], top + height, top));
            for (var i = 0; i < courses.Count; i++)
            {
                var steps = courses[i].Length - 1.0;
                svg.Polylines([[.. courses[i].Select((value, l) => (frame.Horizontal.Place(network.Horizon * l / steps), frame.Vertical.Place(value)))]], $"fill=\"none\" stroke=\"{Colour(i)}\" stroke-width=\"1.6\"");
            }

            frame.Axes(svg, "depth-time", "");
            svg.Text(left, top - 8, title);
        }
    }

    private static string Colour(int i) => DepthTimeFigure.Colour(i, 4);

    private static void Channel(Svg svg, double x, double y, double[] values)
    {
        var (least, most) = (values.Min(), values.Max());
        for (var p = 0; p < values.Length; p++)
        {
            var share = most > least ? (values[p] - least) / (most - least) : 0.5;
            svg.Rectangle(x + (p % Glyphs.side * Pixel), y + (p / Glyphs.side * Pixel), Pixel, Pixel, $"fill=\"{Shades.At(share)}\"");
        }
    }
}
