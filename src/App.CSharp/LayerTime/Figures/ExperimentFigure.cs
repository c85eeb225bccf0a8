using System;
using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Experiments;

namespace LayerTime;

/// <summary>The picture of an experiment: bundles of trajectories, phase points layer by layer, or accuracy against parameters.</summary>
internal static class ExperimentFigure
{
    internal const double Left = 72;
    internal const double Top = 84;
    internal const double Gap = 72;
    private const int Layers = 16;
    private const string Ink = "fill=\"none\" stroke=\"#333\" stroke-width=\"1.2\"";

    /// <summary>The most points that are drawn of a test set.</summary>
    private const int Points = 120;

    // Blue and orange: apart for every kind of sight, and both dark enough on white.
    private static readonly string[] Classes = ["#2b6cb0", "#d9730d"];

    internal static string Phase(ExperimentResult result, PhaseClassifier[][] runs) => result.Name switch
    {
        "nested-intervals" => Bundles(result, runs),
        "phase-plane" => Phases(result, runs),
        _ => Accuracies(result),
    };

    // Energies over time and paths in the plane, of both cases.
    internal static string Additive(ExperimentResult result, AdditiveRun[][] runs)
    {
        const double side = 300;
        var svg = Start(result, 2, side, 2, side);
        for (var r = 0; r < runs.Length; r++)
        {
            var top = Top + (r * (side + Gap));
            var energies = new Frame(
                Axis.Over(0, AdditiveExperiment.horizon, Left, Left + side), Roomy([.. runs[r].SelectMany(run => run.Energies)], top + side, top));
            var plane = Square([.. runs[r].SelectMany(run => run.Path)], X(1, side), top, side);
            for (var s = 0; s < runs[r].Length; s++)
            {
                var run = runs[r][s];
                var stroke = $"fill=\"none\" stroke=\"{DepthTimeFigure.Colour(s, runs[r].Length)}\" stroke-width=\"1.3\"";
                svg.Polylines([[.. run.Times.Zip(run.Energies, (t, e) => (energies.Horizontal.Place(t), energies.Vertical.Place(e)))]], stroke);
                svg.Polylines([[.. run.Path.Select(p => Place(plane, p))]], stroke);
                Cross(svg, Place(plane, run.Path[0]));
            }

            energies.Axes(svg, "t", "E");
            plane.Axes(svg, "x₁", "x₂");
            svg.Text(Left, top - 8, $"{result.Rows[r].Network}: energy");
            svg.Text(X(1, side), top - 8, "paths, starts ×");
        }

        return svg.End();
    }

    // Where all points end, the way of one point of the inner class, and in the plane the images of the unit circle and its centre; for each case of the first noise.
    internal static string Concentric(ExperimentResult result, CubicClassifier[][] runs)
    {
        const double side = 270;
        var svg = Start(result, 3, side, 1, side);
        Legend(svg, [("inner class", Classes[0]), ("outer class", Classes[1]), ("way of one inner point", "#333"), ("image of the unit circle, centre ×", "#888")]);
        for (var c = 0; c < 3; c++)
        {
            var run = runs[c][0];
            var paths = run.Data.Points.Select(point => CubicClassifierModule.trajectory(run, point)).ToArray();
            var circle = run.Architecture.Width > 2 ? [] : Rim(run).ToArray();
            var shown = paths.Select(path => path[^1]).Concat(paths[0]).Concat(circle).ToList();
            var frame = Square(shown, X(c, side), Top, side);
            svg.Polylines([[.. circle.Select(p => Place(frame, p))]], "fill=\"#888\" fill-opacity=\"0.12\" stroke=\"#888\"");
            Scatter(svg, frame, [.. paths.Select(path => path[^1])], run.Data.Labels, 3);
            svg.Polylines([[.. paths[0].Select(p => Place(frame, p))]], Ink);
            if (circle.Length > 0)
            {
                Cross(svg, Place(frame, CubicClassifierModule.trajectory(run, [0, 0])[^1]));
            }

            frame.Axes(svg, "x₁", c == 0 ? "x₂" : "");
            svg.Text(X(c, side), Top - 10, FormattableString.Invariant($"{result.Rows[c].Network}: {run.Accuracy:F3}"));
        }

        return svg.End();
    }

    // x(l) over l of the first seed, for orders one and two with bounded weights.
    private static string Bundles(ExperimentResult result, PhaseClassifier[][] runs)
    {
        const double width = 360, height = 260;
        var svg = Start(result, 2, width, 1, height);
        Legend(svg, [("inner interval", Classes[0]), ("outer intervals", Classes[1])]);
        for (var c = 0; c < 2; c++)
        {
            var run = runs[c][0];
            var states = Enumerable.Range(0, Layers + 1).Select(l => PhaseSpaceClassifier.phasePoints(run, l)).ToArray();
            var values = states.SelectMany(layer => layer.Take(Points).Select(point => point[0])).ToList();
            var frame = new Frame(Axis.Over(0, Layers, X(c, width), X(c, width) + width), Roomy(values, Top + height, Top));
            foreach (var label in new[] { 0, 1 })
            {
                var lines = Enumerable.Range(0, Math.Min(Points, states[0].Length)).Where(s => run.Test.Labels[s] == label)
                    .Select(s => (IReadOnlyList<(double, double)>)[.. states.Select((layer, l) => (frame.Horizontal.Place(l), frame.Vertical.Place(layer[s][0])))]);
                svg.Polylines(lines, $"fill=\"none\" stroke=\"{Classes[label]}\" stroke-opacity=\"0.5\"");
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
        Legend(svg, [("class 0", Classes[0]), ("class 1", Classes[1])]);
        for (var r = 0; r < rows.Length; r++)
        {
            var run = runs[rows[r]][0];
            for (var k = 0; k < shown.Length; k++)
            {
                var states = PhaseSpaceClassifier.phasePoints(run, shown[k]).Take(4 * Points).ToArray();
                var top = Top + (r * (side + Gap));
                var frame = new Frame(
                    Roomy([.. states.Select(p => p[0])], X(k, side), X(k, side) + side), Roomy([.. states.Select(p => p[1])], top + side, top));
                Scatter(svg, frame, states, run.Test.Labels, 2.4);
                frame.Axes(svg, "x", k == 0 ? "v" : "");
                svg.Text(X(k, side), top - 8, k == 0 ? $"{result.Rows[rows[r]].Network}, layer 0" : $"layer {shown[k]}");
            }
        }

        return svg.End();
    }

    // One panel per data set: every seed a point, the mean a line, over the number of layer parameters on a logarithmic scale.
    private static string Accuracies(ExperimentResult result)
    {
        const double width = 380, height = 300;
        var panels = result.Rows.Chunk(result.Rows.Count / 2).ToArray();
        var svg = Start(result, panels.Length, width, 1, height);
        var least = result.Rows.SelectMany(row => row.Measures[0].Values).Min();
        for (var c = 0; c < panels.Length; c++)
        {
            var counts = panels[c].Select(row => row.LayerParameters).Distinct().ToArray();
            var across = Axis.Over(Math.Log(counts.Min()) - 0.4, Math.Log(counts.Max()) + 1.1, X(c, width), X(c, width) + width);
            var up = Axis.Over(least - 0.02, 1.01, Top + height, Top);
            svg.Rectangle(X(c, width), Top, width, height, "fill=\"none\" stroke=\"#888\"");
            foreach (var (number, text) in up.Ticks(6))
            {
                svg.Segment(X(c, width), up.Place(number), X(c, width) + width, up.Place(number), "stroke=\"#eee\"");
                svg.Text(X(c, width) - 9, up.Place(number) + 4.5, text, "text-anchor=\"end\"");
            }

            foreach (var count in counts)
            {
                svg.Text(across.Place(Math.Log(count)), Top + height + 19, $"{count}", "text-anchor=\"middle\"");
            }

            foreach (var row in panels[c])
            {
                var x = across.Place(Math.Log(row.LayerParameters));
                var mean = up.Place(row.Measures[0].Values.Average());
                foreach (var accuracy in row.Measures[0].Values)
                {
                    svg.Rectangle(x - 3, up.Place(accuracy) - 3, 6, 6, $"fill=\"{Classes[c]}\" fill-opacity=\"0.5\"");
                }

                svg.Segment(x - 10, mean, x + 10, mean, "stroke=\"#333\" stroke-width=\"1.6\"");
                svg.Text(x + 14, mean + 4, row.Network.Split(", ", 2)[1], "font-size=\"11\"");
            }

            svg.Text(X(c, width) + (width / 2), Top + height + 40, "layer parameters", "text-anchor=\"middle\" font-style=\"italic\"");
            svg.Text(X(c, width), Top - 10, $"test accuracy, {panels[c][0].Network.Split(", ")[0]}");
        }

        return svg.End();
    }

    internal static Svg Start(ExperimentResult result, int columns, double width, int rows, double height)
    {
        // Wide enough for the title in bold letters.
        var svg = new Svg(Math.Max(Left + (columns * (width + Gap)) + 20, Left + (7.4 * result.Title.Length)), Top + (rows * (height + Gap)), result.Title);
        svg.Text(Left, 26, result.Title, "font-weight=\"bold\"");
        return svg;
    }

    private static void Legend(Svg svg, IReadOnlyList<(string Text, string Colour)> entries)
    {
        var x = Left;
        foreach (var (text, colour) in entries)
        {
            svg.Rectangle(x, 40, 10, 10, $"fill=\"{colour}\"");
            svg.Text(x + 16, 49.5, text, "font-size=\"12\"");
            x += 40 + (7 * text.Length);
        }
    }

    private static void Scatter(Svg svg, Frame frame, double[][] points, int[] labels, double size)
    {
        for (var s = 0; s < points.Length; s++)
        {
            var (x, y) = Place(frame, points[s]);
            svg.Rectangle(x - (size / 2), y - (size / 2), size, size, $"fill=\"{Classes[labels[s]]}\"");
        }
    }

    private static void Cross(Svg svg, (double X, double Y) at)
    {
        svg.Segment(at.X - 5, at.Y - 5, at.X + 5, at.Y + 5, "stroke=\"#333\" stroke-width=\"1.6\"");
        svg.Segment(at.X - 5, at.Y + 5, at.X + 5, at.Y - 5, "stroke=\"#333\" stroke-width=\"1.6\"");
    }

    // The last states of the unit circle, so many that neighbours are less than a hundredth apart.
    private static IEnumerable<double[]> Rim(CubicClassifier run)
    {
        const int arcs = 360;
        var first = Last(0);
        for (var k = 0; k < arcs; k++)
        {
            foreach (var state in Between(k, k == 0 ? first : Last(k), k + 1, k == arcs - 1 ? first : Last(k + 1), 24))
            {
                yield return state;
            }
        }

        yield return first;

        double[] Last(double k) => CubicClassifierModule.trajectory(run, [Math.Cos(2 * Math.PI * k / arcs), Math.Sin(2 * Math.PI * k / arcs)])[^1];

        IEnumerable<double[]> Between(double from, double[] start, double upto, double[] end, int cuts)
        {
            if (cuts == 0 || Math.Max(Math.Abs(start[0] - end[0]), Math.Abs(start[1] - end[1])) < 0.01)
            {
                return [start];
            }

            var middle = Last((from + upto) / 2);
            return Between(from, start, (from + upto) / 2, middle, cuts - 1).Concat(Between((from + upto) / 2, middle, upto, end, cuts - 1));
        }
    }

    private static (double X, double Y) Place(Frame frame, double[] point) => (frame.Horizontal.Place(point[0]), frame.Vertical.Place(point[1]));

    // The same scale on both axes.
    private static Frame Square(IReadOnlyList<double[]> points, double left, double top, double side)
    {
        double Middle(int i) => (points.Min(p => p[i]) + points.Max(p => p[i])) / 2;
        var half = 0.54 * Math.Max(points.Max(p => p[0]) - points.Min(p => p[0]), points.Max(p => p[1]) - points.Min(p => p[1]));
        return new(Axis.Over(Middle(0) - half, Middle(0) + half, left, left + side), Axis.Over(Middle(1) - half, Middle(1) + half, top + side, top));
    }

    internal static Axis Roomy(IReadOnlyList<double> values, double start, double end)
    {
        var room = 0.04 * (values.Max() - values.Min());
        return Axis.Over(values.Min() - room, values.Max() + room, start, end);
    }

    internal static double X(int column, double width) => Left + (column * (width + Gap));
}
