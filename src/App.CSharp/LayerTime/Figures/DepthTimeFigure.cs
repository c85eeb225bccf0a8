using System;
using System.Collections.Generic;
using System.Linq;

namespace LayerTime;

/// <summary>The picture of a solution: one curve for each component over depth-time.</summary>
internal static class DepthTimeFigure
{
    private const double Left = 80;
    private const double Top = 24;
    private const double Width = 620;
    private const double Height = 360;
    private const double LegendWidth = 150;
    private const double Bottom = 56;
    private const double Entry = 22;
    private const int Samples = 400;

    /// <summary>The most components that are named.</summary>
    private const int Named = 14;

    internal static string Draw(NeuralOdeSolution solution, IReadOnlyList<double> bars)
    {
        var samples = solution.Samples(Samples);
        var (from, to) = (samples[0].Time, samples[^1].Time);
        var (low, high) = Range(solution.Shown(samples).SelectMany(state => state));
        var room = (high / 20) - (low / 20);
        var frame = new Frame(
            Axis.Over(Math.Min(from, to), Math.Max(from, to), Left, Left + Width), Axis.Over(low - room, high + room, Top + Height, Top));
        var svg = new Svg(Left + Width + LegendWidth, Top + Height + Bottom, $"{solution.Ode}: {solution}");
        frame.Clip(svg);
        frame.Grid(svg);
        foreach (var jump in solution.Ode.Pieces.SkipLast(1).Select(piece => frame.Horizontal.Place(piece.Until.ToDouble())).Where(x => x > frame.Left && x < frame.Right))
        {
            svg.Segment(jump, frame.Bottom, jump, frame.Top, "stroke=\"#bbb\" stroke-dasharray=\"2 3\"");
        }

        for (var i = 0; i < solution.Ode.Dimension; i++)
        {
            IReadOnlyList<(double X, double Y)> line =
                [.. samples.Select(sample => (frame.Horizontal.Place(sample.Time), frame.Vertical.Place(sample.State[i])))];
            svg.Polylines([line], $"clip-path=\"url(#frame)\" fill=\"none\" stroke=\"{Colour(i, solution.Ode.Dimension)}\" stroke-width=\"1.8\" stroke-linejoin=\"round\"");
        }

        Bars(svg, frame, solution, bars);
        frame.Axes(svg, "t", "x");
        Legend(svg, frame.Right + 20, frame.Top + 10, solution.Ode.Dimension);
        return svg.End();
    }

    // From x − bar to x + bar at every recorded time, with a short line across either end.
    private static void Bars(Svg svg, Frame frame, NeuralOdeSolution solution, IReadOnlyList<double> bars)
    {
        const double Cap = 2.5;
        for (var i = 0; i < solution.Ode.Dimension && bars.Count > 0; i++)
        {
            var lines = new List<IReadOnlyList<(double X, double Y)>>();
            for (var k = 0; k < bars.Count; k++)
            {
                var (x, state) = (frame.Horizontal.Place(solution.Times[k]), solution.StateAt(k)[i]);
                var (low, high) = (frame.Vertical.Place(state - bars[k]), frame.Vertical.Place(state + bars[k]));
                lines.Add([(x - Cap, low), (x + Cap, low), (x, low), (x, high), (x - Cap, high), (x + Cap, high)]);
            }

            svg.Polylines(lines, $"clip-path=\"url(#frame)\" class=\"bars\" fill=\"none\" stroke=\"{Colour(i, solution.Ode.Dimension)}\" stroke-width=\"1\"");
        }
    }

    /// <summary>Colours as far apart as their number allows.</summary>
    internal static string Colour(int component, int count) => Shades.At(count == 1 ? 0.25 : 0.95 * component / (count - 1));

    internal static void Legend(Svg svg, double x, double y, int count)
    {
        for (var i = 0; i < Math.Min(count, Named); i++)
        {
            svg.Segment(x, y + (Entry * i), x + 20, y + (Entry * i), $"stroke=\"{Colour(i, count)}\" stroke-width=\"2.4\"");
            svg.Text(x + 28, y + (Entry * i) + 4.5, FormattableString.Invariant($"x{i + 1}"));
        }

        if (count > Named)
        {
            svg.Text(x, y + (Entry * Named) + 4.5, FormattableString.Invariant($"and {count - Named} more"));
        }
    }

    private static (double Low, double High) Range(IEnumerable<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        return finite.Length == 0 ? (0, 1) : (finite.Min(), finite.Max());
    }
}
