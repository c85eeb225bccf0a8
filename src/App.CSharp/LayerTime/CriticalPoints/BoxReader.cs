using System;
using System.Collections.Generic;
using System.Globalization;

namespace LayerTime;

/// <summary>Boxes as text.</summary>
internal static class BoxReader
{
    // More coordinates than any search goes through.
    private const int MaximumDimension = 1000;

    internal static Box? Read(string text, out string problem)
    {
        var sides = new List<Interval>();
        var rest = text.AsSpan().Trim();
        problem = "";
        while (true)
        {
            if (!TryFactor(ref rest, sides, ref problem))
            {
                problem = $"Found '{text.Trim()}': {problem}";
                return null;
            }

            if (rest.IsEmpty)
            {
                return new([.. sides]);
            }

            if (rest[0] is not ('x' or 'X' or '×'))
            {
                problem = $"Found '{text.Trim()}': '{rest}' follows an interval; x and the next interval are expected.";
                return null;
            }

            rest = rest[1..].TrimStart();
        }
    }

    // "[a,b]" or "[a,b]^n".
    private static bool TryFactor(ref ReadOnlySpan<char> rest, List<Interval> sides, ref string problem)
    {
        var end = rest.IndexOf(']');
        if (rest.IsEmpty || rest[0] != '[' || end < 0 || rest[1..end].Count(',') != 1)
        {
            problem = "intervals such as [-3,3]^2 or [-3,3]x[0,1] are expected.";
            return false;
        }

        var inside = rest[1..end];
        var comma = inside.IndexOf(',');
        if (!TryEnd(inside[..comma], out var lower, ref problem) || !TryEnd(inside[(comma + 1)..], out var upper, ref problem))
        {
            return false;
        }

        if (lower > upper)
        {
            problem = $"the interval [{inside}] is empty; the lower end first is expected.";
            return false;
        }

        rest = rest[(end + 1)..].TrimStart();
        var count = 1;
        if (!rest.IsEmpty && rest[0] == '^')
        {
            rest = rest[1..].TrimStart();
            var digits = rest.IndexOfAnyExceptInRange('0', '9') is var length and >= 0 ? length : rest.Length;
            if (!int.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out count) || count < 1)
            {
                problem = "^ and the number of equal intervals, at least 1, are expected.";
                return false;
            }

            rest = rest[digits..].TrimStart();
        }

        if (sides.Count > MaximumDimension - Math.Min(count, MaximumDimension + 1))
        {
            problem = $"at most {MaximumDimension} coordinates are expected.";
            return false;
        }

        sides.AddRange(System.Linq.Enumerable.Repeat(new Interval(lower, upper), count));
        return true;
    }

    private static bool TryEnd(ReadOnlySpan<char> text, out double end, ref string problem)
    {
        end = 0;
        var number = text.Trim().ToString();
        if (number.TrimStart('-', '+').ToUpperInvariant() is "INF" or "INFINITY" or "∞")
        {
            problem = $"the end {number} makes the box unbounded; a finite number is expected, as a census looks at a bounded box.";
            return false;
        }

        if (!Fraction.TryParse(number, out var fraction))
        {
            problem = $"the end '{number}' is no number; a decimal or a fraction such as -1/2 is expected.";
            return false;
        }

        end = fraction.ToDouble();
        if (!double.IsFinite(end))
        {
            problem = $"the end {number} is beyond the range of floats, 1.8e308.";
            return false;
        }

        return true;
    }
}
