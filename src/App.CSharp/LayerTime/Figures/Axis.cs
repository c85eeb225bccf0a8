using System;
using System.Collections.Generic;
using System.Globalization;

namespace LayerTime;

/// <summary>An interval of numbers laid along a line of the picture, with ticks at round numbers.</summary>
/// <param name="Lower">The number at the start.</param>
/// <param name="Upper">The number at the end, above the one at the start.</param>
/// <param name="Start">Where the line starts.</param>
/// <param name="End">Where it ends.</param>
internal sealed record Axis(double Lower, double Upper, double Start, double End)
{
    private static readonly int[] Steps = [1, 2, 5];

    /// <summary>An axis over numbers; a single number gets some room.</summary>
    internal static Axis Over(double lower, double upper, double start, double end) =>
        lower < upper ? new(lower, upper, start, end) : new(lower - Room(lower), upper + Room(upper), start, end);

    /// <summary>Where a number lies. Numbers are halved, so that no difference overflows.</summary>
    internal double Place(double number) => Start + ((End - Start) * (((number / 2) - (Lower / 2)) / ((Upper / 2) - (Lower / 2))));

    /// <summary>The number at a share of the way, 0 … 1.</summary>
    internal double At(double share) => (Lower * (1 - share)) + (Upper * share);

    /// <summary>Some round numbers with their texts.</summary>
    /// <param name="most">At most about this many.</param>
    internal IEnumerable<(double Number, string Text)> Ticks(int most)
    {
        var (mantissa, exponent) = Step(((Upper / 2) - (Lower / 2)) / most * 2);
        var first = Math.Ceiling(Lower / Power(mantissa, exponent));

        // Beyond that, neighbouring multiples are the same float.
        for (var i = 0; i <= 2 * most && Math.Abs(first) < 1e15; i++)
        {
            // As the decimal it is: a multiple of the step would show the rounding of the step.
            var number = double.Parse(string.Create(CultureInfo.InvariantCulture, $"{(first + i) * mantissa:F0}e{exponent}"), CultureInfo.InvariantCulture);
            if (number > Upper)
            {
                yield break;
            }

            yield return (number, Text(number, exponent));
        }
    }

    private static string Text(double number, int exponent) =>
        number != 0 && (exponent is < -5 or > 5 || Math.Abs(number) >= 1e9)
            ? number.ToString("0.##############e-0", CultureInfo.InvariantCulture)
            : number.ToString("0." + new string('#', Math.Max(0, -exponent)), CultureInfo.InvariantCulture);

    private static double Room(double number) => Math.Max(1, Math.Abs(number)) / 2;

    // The smallest of 1, 2, 5 times a power of ten that is not below the least. The logarithm only says where to start.
    private static (int Mantissa, int Exponent) Step(double least)
    {
        for (var exponent = Math.Max(-320, (int)Math.Floor(Math.Log10(Math.Max(least, double.Epsilon))) - 1); ; exponent++)
        {
            foreach (var mantissa in Steps)
            {
                if (Power(mantissa, exponent) >= least || exponent > 307)
                {
                    return (mantissa, exponent);
                }
            }
        }
    }

    private static double Power(int mantissa, int exponent) =>
        double.Parse(string.Create(CultureInfo.InvariantCulture, $"{mantissa}e{exponent}"), CultureInfo.InvariantCulture);
}
