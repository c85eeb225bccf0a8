using System;
using System.Collections.Generic;
using System.Linq;

namespace LayerTime;

/// <summary>The pictures of an enclosure: the tube step by step, and solutions of some inputs inside.</summary>
internal static class TubeFigure
{
    private const double Left = 80;
    private const double Top = 24;
    private const double Width = 620;
    private const double Height = 360;
    private const double Size = 520;
    private const double LegendWidth = 150;
    private const double Bottom = 56;
    private const int Samples = 200;
    private const string Clipped = "clip-path=\"url(#frame)\"";

    internal static string OverTime(NeuralOdeEnclosure enclosure)
    {
        var (count, boxes) = (enclosure.Ode.Dimension, Shown(enclosure));
        var end = enclosure.Time.Sign > 0 ? enclosure.Time.ToDouble() : enclosure.Ode.Horizon.ToDouble();
        var frame = new Frame(
            Axis.Over(0, end, Left, Left + Width), Over(boxes.SelectMany(box => box), share: 20, Top + Height, Top));
        var svg = Start(enclosure, frame, Left + Width + LegendWidth, Top + Height + Bottom);
        frame.Grid(svg);
        for (var i = 0; i < count; i++)
        {
            var colour = DepthTimeFigure.Colour(i, count);
            foreach (var step in enclosure.Tube)
            {
                Rectangle(svg, frame, step.From.ToDouble(), step.Until.ToDouble(), step.States[i], $"fill=\"{colour}\" fill-opacity=\"0.22\"");
            }

            foreach (var reached in enclosure.Reached)
            {
                var (x, side) = (frame.Horizontal.Place(reached.Time.ToDouble()), reached.States.Values[i]);
                svg.Segment(x, frame.Vertical.Place(side.Lower), x, frame.Vertical.Place(side.Upper), $"{Clipped} stroke=\"{colour}\" stroke-width=\"2.4\"");
            }
        }

        var samples = enclosure.Samples();
        for (var i = 0; i < count; i++)
        {
            svg.Polylines(
                samples.Select(Path(frame, sample => (sample.Time, sample.State[i]))),
                $"{Clipped} fill=\"none\" stroke=\"{DepthTimeFigure.Colour(i, count)}\" stroke-width=\"0.9\" stroke-linejoin=\"round\"");
        }

        frame.Axes(svg, "t", "x");
        DepthTimeFigure.Legend(svg, frame.Right + 20, frame.Top + 10, count);
        return svg.End();
    }

    internal static string InPlane(NeuralOdeEnclosure enclosure)
    {
        if (enclosure.Ode.Dimension != 2)
        {
            throw new InvalidOperationException($"x has {enclosure.Ode.Dimension} components; a phase portrait is drawn for two.");
        }

        var boxes = Shown(enclosure);
        var frame = new Frame(
            Over(boxes.Select(box => box[0]), share: 12, Left, Left + Size), Over(boxes.Select(box => box[1]), share: 12, Top + Size, Top));
        var svg = Start(enclosure, frame, Left + Size + 24, Top + Size + Bottom);
        frame.Grid(svg);
        foreach (var step in enclosure.Tube)
        {
            Rectangle(svg, frame, step.States[0].Lower, step.States[0].Upper, step.States[1], "fill=\"#1f6fb4\" fill-opacity=\"0.14\"");
        }

        foreach (var reached in enclosure.Reached.Select(reached => reached.States.Values))
        {
            Rectangle(svg, frame, reached[0].Lower, reached[0].Upper, reached[1], "fill=\"none\" stroke=\"#c8322b\" stroke-width=\"1.4\"");
        }

        svg.Polylines(
            enclosure.Samples().Select(Path(frame, sample => (sample.State[0], sample.State[1]))),
            $"{Clipped} fill=\"none\" stroke=\"#1f6fb4\" stroke-width=\"0.9\" stroke-linejoin=\"round\"");
        frame.Axes(svg, "x₁", "x₂");
        return svg.End();
    }

    private static Svg Start(NeuralOdeEnclosure enclosure, Frame frame, double width, double height)
    {
        var svg = new Svg(width, height, $"{enclosure.Ode}, inputs {enclosure.Inputs}: {enclosure}");
        frame.Clip(svg);
        return svg;
    }

    // Where some states leave every bound at the end, the rest would be flat beside them.
    private static List<Box> Shown(NeuralOdeEnclosure enclosure)
    {
        var isWhole = enclosure.IsComplete || enclosure.Stop == EncloseStop.Interrupted;
        var late = enclosure.Time * new Fraction(19, 20);
        var steps = enclosure.Tube.Where(step => isWhole || step.From <= late).Select(step => step.States);
        return [.. steps.Append(enclosure.Tube.Count == 0 || isWhole ? enclosure.States.Values : enclosure.Tube[0].States)];
    }

    private static Axis Over(IEnumerable<Interval> shown, double share, double start, double end)
    {
        List<Interval> sides = [.. shown];
        var (low, high) = (sides.Min(side => side.Lower), sides.Max(side => side.Upper));
        var room = (high / share) - (low / share);
        return Axis.Over(low - room, high + room, start, end);
    }

    private static void Rectangle(Svg svg, Frame frame, double from, double until, Interval side, string attributes)
    {
        var (left, right, top, bottom) = (frame.Horizontal.Place(from), frame.Horizontal.Place(until), frame.Vertical.Place(side.Upper), frame.Vertical.Place(side.Lower));
        svg.Rectangle(left, top, right - left, bottom - top, $"{Clipped} {attributes}");
    }

    private static Func<NeuralOdeSolution, IReadOnlyList<(double X, double Y)>> Path(Frame frame, Func<(double Time, double[] State), (double X, double Y)> seen) =>
        solution => [.. solution.Samples(Samples).Select(seen).Select(point => (frame.Horizontal.Place(point.X), frame.Vertical.Place(point.Y)))];
}
