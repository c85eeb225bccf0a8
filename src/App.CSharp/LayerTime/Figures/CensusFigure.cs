using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace LayerTime;

/// <summary>The picture of a census: a graph for one input, level sets for two.</summary>
internal static class CensusFigure
{
    private const double Left = 80;
    private const double Top = 24;
    private const double Size = 520;
    private const double LegendWidth = 220;
    private const double Bottom = 56;
    private const int Levels = 24;
    private const int Graph = 600;
    private const int Grid = 160;

    internal static string Draw(CensusResult result)
    {
        var value = Values(result.Network);
        double At(params double[] point) => value(point);
        return result.Domain.Dimension switch
        {
            1 => OfGraph(result, At),
            2 => OfLevelSets(result, At),
            var n => throw new InvalidOperationException($"The network has {n} inputs; a figure is drawn for one or two."),
        };
    }

    // Pictures show three digits; where a solution ends early there is nothing to show.
    private static Func<double[], double> Values(NetworkDocument document)
    {
        if (document.NeuralOde is { } ode)
        {
            var options = new SolveOptions { RelativeTolerance = 1e-5, AbsoluteTolerance = 1e-7, Recording = SolutionRecording.End };
            return point => ode.Solve(point, options).Output is { } output ? output[0] : double.NaN;
        }

        var network = document.Network!.ToFloat();
        return point => network.Run(point).Output[0];
    }

    private static string OfGraph(CensusResult result, Func<double[], double> function)
    {
        var across = Axis.Over(result.Domain[0].Lower, result.Domain[0].Upper, Left, Left + Size);
        (double X, double Y)[] graph = [.. Enumerable.Range(0, Graph + 1).Select(i => across.At((double)i / Graph)).Select(x => (x, function([x])))];
        var (low, high) = Range(graph.Select(point => point.Y).Concat(result.Points.Select(point => point.Value.Midpoint)));
        var room = (high / 20) - (low / 20);
        var height = Size * 0.65;
        var frame = new Frame(across, Axis.Over(low - room, high + room, Top + height, Top));
        var svg = Start(result, Left + Size + LegendWidth, Top + height + Bottom, frame);
        frame.Grid(svg);
        Regions(svg, frame, result, _ => (frame.Vertical.Lower, frame.Vertical.Upper));
        svg.Polylines(Finite(graph).Select(line => Placed(line, frame)), "clip-path=\"url(#frame)\" fill=\"none\" stroke=\"#333\" stroke-width=\"1.8\" stroke-linejoin=\"round\"");
        frame.Axes(svg, "x", "Φ(x)");
        Points(svg, frame, result, point => point.Value.Midpoint);
        Legend.Draw(svg, frame.Right + 24, frame.Top, result);
        return svg.End();
    }

    private static string OfLevelSets(CensusResult result, Func<double[], double> function)
    {
        var (width, height) = Shape(result.Domain);
        var frame = new Frame(
            Axis.Over(result.Domain[0].Lower, result.Domain[0].Upper, Left, Left + width),
            Axis.Over(result.Domain[1].Lower, result.Domain[1].Upper, Top + height, Top));
        var samples = new double[Grid + 1, Grid + 1];
        for (var row = 0; row <= Grid; row++)
        {
            for (var column = 0; column <= Grid; column++)
            {
                samples[row, column] = function([frame.Horizontal.At((double)column / Grid), frame.Vertical.At((double)row / Grid)]);
            }
        }

        var (low, high) = Range(samples.Cast<double>());
        var values = Axis.Over(low, high, 0, 1);
        var ticks = values.Ticks(Levels).Reverse().ToList();
        var svg = Start(result, Left + width + LegendWidth, Math.Max(Top + height + Bottom, Top + Legend.Height(result) + Shades.Height(ticks.Count)), frame);
        foreach (var (level, _) in ticks)
        {
            Level(level, $"fill=\"none\" stroke=\"{Shades.At(values.Place(level))}\" stroke-width=\"1.2\"");
        }

        // Where level sets change their form.
        foreach (var saddle in result.Points.Where(point => point.Kind == CriticalPointKind.Saddle))
        {
            Level(saddle.Value.Midpoint, Marks.LevelOfSaddle);
        }

        Regions(svg, frame, result, box => (box[1].Lower, box[1].Upper));
        frame.Axes(svg, "x₁", "x₂");
        Points(svg, frame, result, point => point.Point[1].Midpoint);
        Legend.Draw(svg, frame.Right + 24, frame.Top, result);
        Shades.Draw(svg, frame.Right + 24, frame.Top + Legend.Height(result), values, ticks);
        return svg.End();

        void Level(double level, string attributes) => svg.Polylines(
            LevelSets.Of(samples, level).Select(line => Placed([.. line.Select(point => (frame.Horizontal.At(point.X / Grid), frame.Vertical.At(point.Y / Grid)))], frame)),
            $"clip-path=\"url(#frame)\" {attributes}");
    }

    // The form of the box, unless one side would be hard to see.
    private static (double Width, double Height) Shape(Box domain)
    {
        var ratio = (domain[1].Upper / 2 - domain[1].Lower / 2) / (domain[0].Upper / 2 - domain[0].Lower / 2);
        return ratio is >= 0.5 and <= 1 ? (Size, Size * ratio) : ratio is > 1 and <= 2 ? (Size / ratio, Size) : (Size, Size);
    }

    private static Svg Start(CensusResult result, double width, double height, Frame frame)
    {
        var svg = new Svg(width, height, $"{result} in {result.Domain}");
        svg.Line(Marks.Hatching);
        frame.Clip(svg);
        return svg;
    }

    private static void Regions(Svg svg, Frame frame, CensusResult result, Func<Box, (double Lower, double Upper)> vertical)
    {
        if (result.IsComplete)
        {
            return;
        }

        // A region may be the hull of many small boxes and mostly free of points: then they are hatched instead, within its outline.
        var regions = result.Undecided.Select(region => region.Box).ToLookup(region => Within(region, result).Count > 1);
        Boxes(regions[false], Marks.Hatched);
        Boxes(regions[true].SelectMany(region => Within(region, result)), Marks.HatchedInside);
        Boxes(regions[true], Marks.Outlined);

        // One element for all, so that a census with many open boxes stays a small file; none is too small to be seen.
        void Boxes(IEnumerable<Box> boxes, string attributes)
        {
            var path = string.Concat(boxes.Select(box =>
            {
                var (lower, upper) = vertical(box);
                var (x, width) = Seen(frame.Horizontal.Place(box[0].Lower), frame.Horizontal.Place(box[0].Upper));
                var (y, height) = Seen(frame.Vertical.Place(upper), frame.Vertical.Place(lower));
                return $"M{Svg.N(x)} {Svg.N(y)}h{Svg.N(width)}v{Svg.N(height)}h{Svg.N(-width)}z";
            }));
            if (path.Length > 0)
            {
                svg.Line($"<path d=\"{path}\" clip-path=\"url(#frame)\" {attributes}/>");
            }
        }
    }

    private static List<Box> Within(Box region, CensusResult result) =>
        [.. result.SmallBoxes.Where(box => box.Zip(region, (part, whole) => whole.Lower <= part.Lower && part.Upper <= whole.Upper).All(inside => inside))];

    private static (double Start, double Length) Seen(double start, double end) =>
        end - start >= 5 ? (start, end - start) : (((start + end) / 2) - 2.5, 5);

    private static void Points(Svg svg, Frame frame, CensusResult result, Func<CriticalPoint, double> vertical)
    {
        foreach (var point in result.Points)
        {
            var (x, y) = (frame.Horizontal.Place(point.Point[0].Midpoint), frame.Vertical.Place(vertical(point)));
            Marks.Point(svg, x, y, point.Kind);
            Marks.Index(svg, x, y, point);
        }
    }

    private static (double Low, double High) Range(IEnumerable<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        return finite.Length == 0 ? (0, 1) : (finite.Min(), finite.Max());
    }

    // Runs of finite values.
    private static IEnumerable<IReadOnlyList<(double X, double Y)>> Finite(IEnumerable<(double X, double Y)> graph)
    {
        var run = new List<(double X, double Y)>();
        foreach (var point in graph)
        {
            if (double.IsFinite(point.Y))
            {
                run.Add(point);
            }
            else if (run.Count > 0)
            {
                yield return run;
                run = [];
            }
        }

        yield return run;
    }

    private static IReadOnlyList<(double X, double Y)> Placed(IReadOnlyList<(double X, double Y)> line, Frame frame) =>
        [.. line.Select(point => (frame.Horizontal.Place(point.X), frame.Vertical.Place(point.Y)))];
}
