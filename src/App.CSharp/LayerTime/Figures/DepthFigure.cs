using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace LayerTime;

/// <summary>Depth against error for each splitting, both as logarithms, beside the slope that theory predicts.</summary>
internal static class DepthFigure
{
    private const double Left = 80;
    private const double Top = 24;
    private const double Width = 520;
    private const double Height = 400;
    private const double LegendWidth = 240;
    private const double Bottom = 56;
    private const double Entry = 44;

    internal static string Draw(IReadOnlyList<double> errors, IReadOnlyList<IReadOnlyList<VanillaPrediction>> rows)
    {
        var curves = Enum.GetValues<OdeSplitting>().Select(splitting => (Splitting: splitting, Points: Curve(errors, rows, splitting))).Where(curve => curve.Points.Count > 0).ToList();
        List<(double X, double Y, bool HasTables)> all = [.. curves.SelectMany(curve => curve.Points)];
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
            var (x, y, _) = points[^1];
            (double X, double Y)[] theory = [.. new[] { least, most }.Select(at => (frame.Horizontal.Place(at), frame.Vertical.Place(y - (slope * (at - x)))))];
            svg.Polylines([theory], $"clip-path=\"url(#frame)\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.2\" stroke-dasharray=\"5 4\"");
            (double X, double Y)[] seen = [.. points.Select(point => (frame.Horizontal.Place(point.X), frame.Vertical.Place(point.Y)))];
            svg.Polylines([seen], $"fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-linejoin=\"round\"");
            foreach (var (a, b) in seen)
            {
                svg.Line($"<circle cx=\"{Svg.N(a)}\" cy=\"{Svg.N(b)}\" r=\"4\" fill=\"{colour}\" stroke=\"#fff\" stroke-width=\"1.2\"/>");
            }

            var line = frame.Top + 12 + (Entry * i);
            svg.Segment(frame.Right + 20, line, frame.Right + 40, line, $"stroke=\"{colour}\" stroke-width=\"2.4\"");
            svg.Text(frame.Right + 48, line + 4.5, Name(splitting));
            svg.Text(frame.Right + 48, line + 21, Slopes(slope, points), "font-size=\"11\"");
        }

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

    private static string Slopes(double predicted, List<(double X, double Y, bool HasTables)> points)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"predicted slope −{predicted:0.##}");
        var (first, last) = (points[0], points[^1]);
        return first.X == last.X ? text : text + string.Create(CultureInfo.InvariantCulture, $", seen {(last.Y - first.Y) / (last.X - first.X):0.00}").Replace('-', '−');
    }

    private static List<(double X, double Y, bool HasTables)> Curve(
        IReadOnlyList<double> errors, IReadOnlyList<IReadOnlyList<VanillaPrediction>> rows, OdeSplitting splitting) =>
        [.. errors.Zip(rows)
            .SelectMany(pair => pair.Second.Where(row => row.Splitting == splitting && row.Depth is > 0 and < long.MaxValue).Select(row => (Math.Log10(pair.First), Math.Log10(row.Depth), row.TableError > 0)))
            .OrderByDescending(point => point.Item1)];

    private static string Name(OdeSplitting splitting) => splitting switch
    {
        OdeSplitting.LieTrotter => "Lie–Trotter, order 1",
        OdeSplitting.Strang => "Strang, order 2",
        _ => "Yoshida, order 4",
    };
}
