using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace LayerTime;

/// <summary>Depth against error for each splitting, both as logarithms, beside the slope that theory predicts.</summary>
internal static class DepthFigure
{
    private const double Left = 104;
    private const double Top = 24;
    private const double Width = 520;
    private const double Height = 400;
    private const double LegendWidth = 250;
    private const double Bottom = 56;
    private const double Entry = 44;

    internal static string Draw(IReadOnlyList<double> errors, IReadOnlyList<IReadOnlyList<VanillaPrediction>> rows)
    {
        var curves = Enum.GetValues<OdeSplitting>().Select(splitting => (Splitting: splitting, Points: Curve(errors, rows, splitting))).Where(curve => curve.Points.Count > 0).ToList();
        List<Point> all = [.. curves.SelectMany(curve => curve.Points)];
        var (low, high) = all.Count == 0 ? (0.0, 1.0) : (all.Min(point => point.Y), all.Max(point => point.Y));
        var (least, most) = (errors.Min(Math.Log10), errors.Max(Math.Log10));
        var frame = new Frame(
            Axis.Over(least - 0.1, most + 0.1, Left, Left + Width), Axis.Over(Math.Floor(low), Math.Max(Math.Ceiling(high), Math.Floor(low) + 1), Top + Height, Top));
        var svg = new Svg(Left + Width + LegendWidth, Top + Height + Bottom, "The depth of leaky-ReLU networks against the error of the flow");
        frame.Clip(svg);
        frame.Grid(svg);
        for (var i = 0; i < curves.Count; i++)
        {
            var (splitting, points) = curves[i];
            var colour = DepthTimeFigure.Colour(i, curves.Count);
            var slope = Predicted(splitting, points[0].HasTables);
            var (x, y, _, _) = points[^1];
            (double X, double Y)[] theory = [.. new[] { least, most }.Select(at => (frame.Horizontal.Place(at), frame.Vertical.Place(y - (slope * (at - x)))))];
            svg.Polylines([theory], $"clip-path=\"url(#frame)\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.2\" stroke-dasharray=\"5 4\"");
            (double X, double Y)[] seen = [.. points.Select(point => (frame.Horizontal.Place(point.X), frame.Vertical.Place(point.Y)))];
            svg.Polylines([seen], $"fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-linejoin=\"round\"");
            foreach (var ((a, b), point) in seen.Zip(points))
            {
                Mark(svg, a, b, colour, point.IsCertified);
            }

            var line = frame.Top + 12 + (Entry * i);
            svg.Segment(frame.Right + 20, line, frame.Right + 40, line, $"stroke=\"{colour}\" stroke-width=\"2.4\"");
            svg.Text(frame.Right + 48, line + 4.5, Name(splitting));
            svg.Text(frame.Right + 48, line + 21, Slopes(slope, points), "font-size=\"11\"");
        }

        Key(svg, frame.Right + 20, frame.Top + 12 + (Entry * curves.Count), all.Exists(point => !point.IsCertified));
        frame.Axes(svg, "log₁₀ error", "log₁₀ depth");
        return svg.End();
    }

    /// <summary>Depth ~ ε^−slope: n ~ ε^(−1/p) steps of order p, and tables of ~ ε^(−1/2) layers each. On kinked fields, which have no tables, order 4 is lost.</summary>
    private static double Predicted(OdeSplitting splitting, bool hasTables) => (splitting, hasTables) switch
    {
        (OdeSplitting.LieTrotter, true) => 1.5,
        (OdeSplitting.LieTrotter, false) => 1,
        (OdeSplitting.Strang, true) => 1,
        (OdeSplitting.Strang, false) => 0.5,
        (_, true) => 0.75,
        (_, false) => 0.5,
    };

    /// <summary>Filled where the plan itself was certified, hollow where it follows from fewer steps.</summary>
    private static void Mark(Svg svg, double x, double y, string colour, bool isCertified) =>
        svg.Line(isCertified
            ? $"<circle cx=\"{Svg.N(x)}\" cy=\"{Svg.N(y)}\" r=\"4\" fill=\"{colour}\" stroke=\"#fff\" stroke-width=\"1.2\"/>"
            : $"<circle cx=\"{Svg.N(x)}\" cy=\"{Svg.N(y)}\" r=\"4\" fill=\"#fff\" stroke=\"{colour}\" stroke-width=\"1.6\"/>");

    private static void Key(Svg svg, double x, double y, bool hasExtrapolated)
    {
        const string Grey = "#555";
        Mark(svg, x + 10, y, Grey, true);
        svg.Text(x + 28, y + 4, "certified plan", "font-size=\"11\"");
        if (hasExtrapolated)
        {
            Mark(svg, x + 10, y + 20, Grey, false);
            svg.Text(x + 28, y + 24, "from fewer steps, by the order", "font-size=\"11\"");
            y += 20;
        }

        svg.Segment(x, y + 20, x + 20, y + 20, $"stroke=\"{Grey}\" stroke-width=\"1.2\" stroke-dasharray=\"5 4\"");
        svg.Text(x + 28, y + 24, "predicted slope, through the least error", "font-size=\"11\"");
    }

    private static string Slopes(double predicted, List<Point> points)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"predicted slope −{predicted:0.##}");
        var (first, last) = (points[0], points[^1]);
        return first.X == last.X ? text : text + string.Create(CultureInfo.InvariantCulture, $", seen {(last.Y - first.Y) / (last.X - first.X):0.00}").Replace('-', '−');
    }

    private static List<Point> Curve(IReadOnlyList<double> errors, IReadOnlyList<IReadOnlyList<VanillaPrediction>> rows, OdeSplitting splitting) =>
        [.. errors.Zip(rows)
            .SelectMany(pair => pair.Second
                .Where(row => row.Splitting == splitting && row.Depth is > 0 and < long.MaxValue)
                .Select(row => new Point(Math.Log10(pair.First), Math.Log10(row.Depth), row.TableError > 0, row.CertifiedSteps == row.Steps)))
            .OrderByDescending(point => point.X)];

    private static string Name(OdeSplitting splitting) => $"{Splittings.Name(splitting)}, order {splitting switch { OdeSplitting.LieTrotter => 1, OdeSplitting.Strang => 2, _ => 4 }}";

    private readonly record struct Point(double X, double Y, bool HasTables, bool IsCertified);
}
