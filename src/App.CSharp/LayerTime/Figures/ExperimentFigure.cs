using System;
using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Experiments;

namespace LayerTime;

/// <summary>The picture of an experiment: bundles of trajectories, phase points layer by layer, or accuracy against parameters.</summary>
internal static class ExperimentFigure
{
    private const double Left = 72;
    private const double Top = 64;
    private const double Gap = 72;
    private const int Layers = 16;

    /// <summary>The most points that are drawn of a test set.</summary>
    private const int Points = 120;

    internal static string Phase(ExperimentResult result, PhaseClassifier[][] runs) => result.Name switch
    {
        "nested-intervals" => Bundles(result, runs),
        "phase-plane" => Phases(result, runs),
        _ => Accuracies(result),
    };

    // The way of one point of the inner class through the layers, and where all points end, for each case of the first noise.
    internal static string Concentric(ExperimentResult result, CubicClassifier[][] runs)
    {
        const double side = 250;
        var svg = Start(result, 3, side, 1, side);
        for (var c = 0; c < 3; c++)
        {
            var run = runs[c][0];
            var paths = run.Data.Points.Select(point => CubicClassifierModule.trajectory(run, point)).ToArray();
            var ends = paths.Select(path => path[^1]).Concat(paths[0]).ToList();
            var frame = new Frame(
                Axis.Over(ends.Min(p => p[0]), ends.Max(p => p[0]), X(c, side), X(c, side) + side), Axis.Over(ends.Min(p => p[1]), ends.Max(p => p[1]), Top + side, Top));
            for (var s = 0; s < paths.Length; s++)
            {
                svg.Rectangle(frame.Horizontal.Place(paths[s][^1][0]) - 1.2, frame.Vertical.Place(paths[s][^1][1]) - 1.2, 2.4, 2.4, $"fill=\"{Colour(run.Data.Labels[s])}\"");
            }

            svg.Polylines([[.. paths[0].Select(p => (frame.Horizontal.Place(p[0]), frame.Vertical.Place(p[1])))]], "fill=\"none\" stroke=\"#333\" stroke-width=\"1.2\"");
            frame.Axes(svg, "x1", c == 0 ? "x2" : "");
            svg.Text(X(c, side), Top - 10, result.Rows[c].Network);
        }

        return svg.End();
    }

    // x(l) over l of the first seed, for orders one and two with bounded weights.
    private static string Bundles(ExperimentResult result, PhaseClassifier[][] runs)
    {
        const double width = 360, height = 260;
        var svg = Start(result, 2, width, 1, height);
        for (var c = 0; c < 2; c++)
        {
            var run = runs[c][0];
            var states = Enumerable.Range(0, Layers + 1).Select(l => PhaseSpaceClassifier.phasePoints(run, l)).ToArray();
            var values = states.SelectMany(layer => layer.Take(Points).Select(point => point[0])).ToList();
            var frame = new Frame(Axis.Over(0, Layers, X(c, width), X(c, width) + width), Axis.Over(values.Min(), values.Max(), Top + height, Top));
            foreach (var label in new[] { 0, 1 })
            {
                var lines = Enumerable.Range(0, Math.Min(Points, states[0].Length)).Where(s => run.Test.Labels[s] == label)
                    .Select(s => (IReadOnlyList<(double, double)>)[.. states.Select((layer, l) => (frame.Horizontal.Place(l), frame.Vertical.Place(layer[s][0])))]);
                svg.Polylines(lines, $"fill=\"none\" stroke=\"{Colour(label)}\" stroke-opacity=\"0.5\"");
            }

            frame.Axes(svg, "layer", c == 0 ? "x" : "");
            svg.Text(X(c, width), Top - 10, FormattableString.Invariant($"{result.Rows[c].Network}: accuracy {run.Accuracy:F3}"));
        }

        return svg.End();
    }

    // Position and velocity at five layers, for the networks of order two.
    private static string Phases(ExperimentResult result, PhaseClassifier[][] runs)
    {
        const double side = 170;
        int[] shown = [0, 4, 8, 12, 16];
        int[] rows = [0, 2];
        var svg = Start(result, shown.Length, side, rows.Length, side);
        for (var r = 0; r < rows.Length; r++)
        {
            var run = runs[rows[r]][0];
            for (var k = 0; k < shown.Length; k++)
            {
                var states = PhaseSpaceClassifier.phasePoints(run, shown[k]).Take(4 * Points).ToArray();
                var top = Top + (r * (side + Gap));
                var frame = new Frame(
                    Axis.Over(states.Min(p => p[0]), states.Max(p => p[0]), X(k, side), X(k, side) + side), Axis.Over(states.Min(p => p[1]), states.Max(p => p[1]), top + side, top));
                for (var s = 0; s < states.Length; s++)
                {
                    svg.Rectangle(frame.Horizontal.Place(states[s][0]) - 1, frame.Vertical.Place(states[s][1]) - 1, 2, 2, $"fill=\"{Colour(run.Test.Labels[s])}\"");
                }

                frame.Axes(svg, "x", k == 0 ? "v" : "");
                svg.Text(X(k, side), top - 8, k == 0 ? $"{result.Rows[rows[r]].Network}, layer 0" : $"layer {shown[k]}");
            }
        }

        return svg.End();
    }

    // Every seed a point, over the number of layer parameters as a power of two.
    private static string Accuracies(ExperimentResult result)
    {
        const double width = 520, height = 320;
        var svg = Start(result, 1, width, 1, height);
        var frame = new Frame(
            Axis.Over(4.5, 9, Left, Left + width), Axis.Over(result.Rows.SelectMany(row => row.Measures[0].Values).Min() - 0.02, 1.01, Top + height, Top));
        frame.Grid(svg);
        for (var i = 0; i < result.Rows.Count; i++)
        {
            var x = frame.Horizontal.Place(Math.Log2(result.Rows[i].LayerParameters));
            var isFirst = i < result.Rows.Count / 2;
            foreach (var accuracy in result.Rows[i].Measures[0].Values)
            {
                svg.Rectangle(x - 3 + (isFirst ? -5 : 5), frame.Vertical.Place(accuracy) - 3, 6, 6, $"fill=\"{Colour(isFirst ? 0 : 1)}\" fill-opacity=\"0.6\"");
            }

            svg.Text(x + (isFirst ? -8 : 8), frame.Vertical.Place(result.Rows[i].Measures[0].Mean) + 4, result.Rows[i].Network, $"font-size=\"10\" text-anchor=\"{(isFirst ? "end" : "start")}\"");
        }

        frame.Axes(svg, "log₂ of the layer parameters", "");
        svg.Text(Left, Top - 10, "test accuracy");
        return svg.End();
    }

    private static Svg Start(ExperimentResult result, int columns, double width, int rows, double height)
    {
        var svg = new Svg(Left + (columns * (width + Gap)) + 20, Top + (rows * (height + Gap)), result.Title);
        svg.Text(Left, 26, result.Title, "font-weight=\"bold\"");
        return svg;
    }

    private static double X(int column, double width) => Left + (column * (width + Gap));

    private static string Colour(int label) => DepthTimeFigure.Colour(label, 2);
}
