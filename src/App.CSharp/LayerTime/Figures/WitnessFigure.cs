using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace LayerTime;

/// <summary>What a refuted case shows: a number beside the bound or the band that it misses, or two vectors that should be equal.</summary>
internal static partial class WitnessFigure
{
    private const double Left = 40;
    private const double Width = 560;
    private const double Line = 64;
    private const double Plane = 240;
    private const double Room = 60;
    private const int LongestCourse = 64;
    private const int MostPoints = 8;

    // From this ratio on numbers of one sign are laid out by their logarithms.
    private const double Wide = 50;

    private const string Should = "#116329";
    private const string Is = "#a40e26";

    /// <summary>The picture; null for what is said in words.</summary>
    internal static string? Draw(Witness witness)
    {
        if (Allowed(witness.Expected) is { } band)
        {
            var found = Numbers(witness.Found.Contains("order", StringComparison.Ordinal) ? OrderWords().Replace(witness.Found, " ") : witness.Found);
            return found is { Count: 1 or 2 } ? OnLine(witness.Quantity, band, found) : null;
        }

        // Points on a line where there should be none.
        if (witness.Expected == "none" && Points().Matches(witness.Found) is { Count: > 0 and <= MostPoints } points)
        {
            var middles = points.Select(point => Numbers(point.Groups["ends"].Value) is [var lower, var upper] ? (lower / 2) + (upper / 2) : double.NaN).ToList();
            return middles.TrueForAll(double.IsFinite) ? OnLine(witness.Quantity, null, middles) : null;
        }

        return (Numbers(witness.Expected), Numbers(witness.Found)) switch
        {
            ({ Count: 1 } expected, { Count: 1 } found) => OnLine(witness.Quantity, (expected[0], expected[0]), found),
            ({ Count: 2 } expected, { Count: 2 } found) => InPlane(witness.Quantity, expected, found),
            ({ Count: > 2 and <= LongestCourse } expected, { } found) when found.Count == expected.Count =>
                CourseFigure.Draw(witness.Quantity, "entry", "", [("should be", expected), ("is", found)]),
            _ => null,
        };
    }

    // A band that may be open at one side.
    private static (double Lower, double Upper)? Allowed(string expected) =>
        expected.Split([" up to ", " within "], StringSplitOptions.None) is [var middle, var distance] && Numbers(middle) is [var m] && Numbers(distance) is [var r] ? (m - r, m + r)
        : Band().Match(expected) is not { Success: true } match ? null
        : (match.Groups["kind"].Value, Numbers(match.Groups["numbers"].Value)) switch
        {
            ("at most", [var upper]) => (double.NegativeInfinity, upper),
            ("at least", [var lower]) => (lower, double.PositiveInfinity),
            ("in" or "an order in", [var lower, var upper]) => (lower, upper),
            _ => null,
        };

    /// <summary>The numbers of a text that holds nothing else, fractions included; null for any other.</summary>
    private static List<double>? Numbers(string text)
    {
        List<double> numbers = [];
        foreach (var word in text.Split([' ', ',', '(', ')', '[', ']', ';', '|'], StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = word.Split('/');
            if (parts.Length > 2 || !parts.All(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out _)))
            {
                return null;
            }

            var values = parts.Select(part => double.Parse(part, CultureInfo.InvariantCulture)).ToList();
            numbers.Add(values.Count == 1 ? values[0] : values[0] / values[1]);
        }

        return numbers.Count > 0 && numbers.TrueForAll(double.IsFinite) ? numbers : null;
    }

    private static string OnLine(string quantity, (double Lower, double Upper)? band, List<double> found)
    {
        List<double> ends = band is { } allowed ? [.. new[] { allowed.Lower, allowed.Upper }.Where(double.IsFinite).Distinct()] : [];
        List<double> all = [.. found, .. ends];
        var isLogarithmic = all.TrueForAll(number => number > 0) && all.Max() / all.Min() > Wide;
        double Scaled(double number) => isLogarithmic ? Math.Log10(number) : number;
        var (low, high) = (all.Min(Scaled), all.Max(Scaled));
        var room = high > low ? 0.15 * (high - low) : Math.Max(1, Math.Abs(low)) / 2;
        var axis = new Axis(low - room, high + room, Left, Left + Width);
        double Place(double number) => double.IsNegativeInfinity(number) ? axis.Start : double.IsPositiveInfinity(number) ? axis.End : axis.Place(Scaled(number));

        var svg = new Svg(Width + (2 * Left), Line + 40, quantity);
        if (band is var (lower, upper))
        {
            svg.Rectangle(Place(lower) - 1, Line - 7, Math.Max(2, Place(upper) - Place(lower) + 2), 14, $"fill=\"{Should}\" fill-opacity=\"0.25\"");
        }

        svg.Segment(axis.Start, Line, axis.End, Line, "stroke=\"#888\"");
        foreach (var end in ends)
        {
            svg.Segment(Place(end), Line - 10, Place(end), Line + 10, $"stroke=\"{Should}\" stroke-width=\"2\"");
            svg.Text(Place(end), Line + 26, Digits.Near(end), $"text-anchor=\"middle\" fill=\"{Should}\"");
        }

        // Neighbours are named one above the other.
        var before = double.NegativeInfinity;
        var above = 0;
        foreach (var number in found.Order())
        {
            var x = Place(number);
            above = x - before < Room ? above + 1 : 0;
            svg.Line($"<circle cx=\"{Svg.N(x)}\" cy=\"{Svg.N(Line)}\" r=\"5\" fill=\"{Is}\"/>");
            svg.Text(x, Line - 12 - (12 * above), Digits.Near(number), $"text-anchor=\"middle\" fill=\"{Is}\"");
            before = x;
        }

        if (isLogarithmic)
        {
            svg.Text(Left + Width, Line + 36, "logarithmic", "text-anchor=\"end\" font-size=\"10\" fill=\"#777\"");
        }

        return svg.End();
    }

    private static string InPlane(string quantity, List<double> expected, List<double> found)
    {
        // One unit is as long across as up.
        var half = 0.7 * Math.Max(Math.Abs(expected[0] - found[0]), Math.Abs(expected[1] - found[1]));
        half = half > 0 ? half : 1;
        var (x, y) = ((expected[0] / 2) + (found[0] / 2), (expected[1] / 2) + (found[1] / 2));
        var frame = new Frame(Axis.Over(x - half, x + half, 90, 90 + Plane), Axis.Over(y - half, y + half, 20 + Plane, 20));
        var svg = new Svg(90 + Plane + 150, 20 + Plane + 56, quantity);
        frame.Grid(svg);
        (double X, double Y) Place(List<double> point) => (frame.Horizontal.Place(point[0]), frame.Vertical.Place(point[1]));
        var (should, actual) = (Place(expected), Place(found));
        svg.Segment(should.X, should.Y, actual.X, actual.Y, "stroke=\"#888\" stroke-dasharray=\"4 3\"");
        svg.Line($"<circle cx=\"{Svg.N(should.X)}\" cy=\"{Svg.N(should.Y)}\" r=\"6\" fill=\"none\" stroke=\"{Should}\" stroke-width=\"2\"/>");
        svg.Line($"<circle cx=\"{Svg.N(actual.X)}\" cy=\"{Svg.N(actual.Y)}\" r=\"5\" fill=\"{Is}\"/>");
        svg.Text(frame.Right + 16, 40, "○ should be", $"fill=\"{Should}\"");
        svg.Text(frame.Right + 16, 62, "● is", $"fill=\"{Is}\"");
        frame.Axes(svg, "first", "second");
        return svg.End();
    }

    [GeneratedRegex(@"^(?<kind>at most|at least|an order in|in) (?<numbers>.+)$")]
    private static partial Regex Band();

    [GeneratedRegex(@"\[(?<ends>[^\[\]×]+)\] of index")]
    private static partial Regex Points();

    [GeneratedRegex(@"[a-zA-Z]{2,}")]
    private static partial Regex OrderWords();
}
