using System;
using System.Collections.Generic;
using System.Linq;

namespace LayerTime;

/// <summary>The phase portrait of a solution of two components: its path, and the directions of a field that does not change with time.</summary>
internal static class PhaseFigure
{
    private const double Left = 80;
    private const double Top = 24;
    private const double Size = 520;
    private const double Right = 24;
    private const double Bottom = 56;
    private const int Samples = 800;
    private const int Arrows = 22;

    internal static string Draw(NeuralOdeSolution solution)
    {
        if (solution.Ode.Dimension != 2)
        {
            throw new InvalidOperationException($"x has {solution.Ode.Dimension} components; a phase portrait is drawn for two.");
        }

        var samples = solution.Samples(Samples);
        var shown = solution.Shown(samples).ToList();
        var frame = new Frame(Over(shown, 0, Left, Left + Size), Over(shown, 1, Top + Size, Top));
        var svg = new Svg(Left + Size + Right, Top + Size + Bottom, $"{solution.Ode}: {solution}");
        frame.Clip(svg);
        if (solution.Ode.IsAutonomous)
        {
            Directions(svg, frame, solution.Ode);
        }
        else
        {
            frame.Grid(svg);
        }

        (double X, double Y)[] path = [.. samples.Select(sample => (frame.Horizontal.Place(sample.State[0]), frame.Vertical.Place(sample.State[1])))];
        svg.Polylines([path], "clip-path=\"url(#frame)\" fill=\"none\" stroke=\"#1f6fb4\" stroke-width=\"2\" stroke-linejoin=\"round\"");
        Mark(svg, path[0], "fill=\"#fff\" stroke=\"#1f6fb4\" stroke-width=\"2\"");
        Mark(svg, path[^1], "fill=\"#1f6fb4\" stroke=\"#fff\" stroke-width=\"1.4\"");
        frame.Axes(svg, "x₁", "x₂");
        return svg.End();
    }

    // Some room on both sides, so that the field around the path is seen.
    private static Axis Over(List<double[]> states, int component, double start, double end)
    {
        var (low, high) = (states.Min(state => state[component]), states.Max(state => state[component]));
        var room = (high / 6) - (low / 6);
        return Axis.Over(low - room, high + room, start, end);
    }

    // Arrows of one length: how fast the state moves is told by depth-time.
    private static void Directions(Svg svg, Frame frame, NeuralOde ode)
    {
        var length = 0.6 * Size / Arrows;
        var arrows = new List<IReadOnlyList<(double X, double Y)>>();
        foreach (var (row, column) in Enumerable.Range(0, Arrows).SelectMany(row => Enumerable.Range(0, Arrows).Select(column => (row, column))))
        {
            double[] state = [frame.Horizontal.At((column + 0.5) / Arrows), frame.Vertical.At((row + 0.5) / Arrows)];
            var slope = ode.Field(0, state);
            var (dx, dy) = (slope[0] / (frame.Horizontal.Upper - frame.Horizontal.Lower), -slope[1] / (frame.Vertical.Upper - frame.Vertical.Lower));
            var size = Math.Sqrt((dx * dx) + (dy * dy));
            if (size > 0 && double.IsFinite(size))
            {
                var (x, y, a, b) = (frame.Horizontal.Place(state[0]), frame.Vertical.Place(state[1]), length * dx / size / 2, length * dy / size / 2);
                arrows.Add([(x - a, y - b), (x + a, y + b)]);
                arrows.Add([(x + (0.2 * a) + (0.4 * b), y + (0.2 * b) - (0.4 * a)), (x + a, y + b), (x + (0.2 * a) - (0.4 * b), y + (0.2 * b) + (0.4 * a))]);
            }
        }

        svg.Polylines(arrows, "fill=\"none\" stroke=\"#bbb\" stroke-width=\"1\"");
    }

    private static void Mark(Svg svg, (double X, double Y) at, string attributes) =>
        svg.Line($"<circle cx=\"{Svg.N(at.X)}\" cy=\"{Svg.N(at.Y)}\" r=\"5\" {attributes}/>");
}
