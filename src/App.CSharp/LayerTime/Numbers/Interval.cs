using System;
using System.Globalization;

namespace LayerTime;

/// <summary>A closed interval of real numbers [lower, upper]: what is proved of a number. The default value is [0, 0].</summary>
public readonly record struct Interval
{
    /// <summary>The interval from lower to upper.</summary>
    /// <param name="lower">The lower end, below +∞.</param>
    /// <param name="upper">The upper end, above −∞ and not below the lower one.</param>
    /// <exception cref="ArgumentException">The interval would be empty, or an end is NaN.</exception>
    public Interval(double lower, double upper)
    {
        if (!(lower <= upper) || double.IsPositiveInfinity(lower) || double.IsNegativeInfinity(upper))
        {
            throw new ArgumentException($"Found {Text(lower, upper)}; a lower end that is not above the upper one is expected, and a real number between them.", nameof(lower));
        }

        // An end that is −0 is 0 like any other.
        (Lower, Upper) = (lower + 0.0, upper + 0.0);
    }

    /// <summary>The lower end; −∞ if there is none.</summary>
    public double Lower { get; }

    /// <summary>The upper end; +∞ if there is none.</summary>
    public double Upper { get; }

    /// <summary>Whether both ends are finite.</summary>
    public bool IsBounded => double.IsFinite(Lower) && double.IsFinite(Upper);

    /// <summary>upper − lower, rounded to nearest.</summary>
    public double Width => Upper - Lower;

    /// <summary>A float inside, near the middle; 0 or the largest float towards an end that is infinite.</summary>
    public double Midpoint => Core.Numbers.IntervalModule.midpoint(OfDoor);

    /// <summary>Whether the number lies in the interval.</summary>
    /// <param name="number">x</param>
    /// <returns>lower ≤ x ≤ upper for a finite x; false for others.</returns>
    public bool Contains(double number) => double.IsFinite(number) && Lower <= number && number <= Upper;

    /// <summary>Both ends as the shortest decimals that are read back as the same floats.</summary>
    /// <returns>"[-0.5, 2]".</returns>
    public override string ToString() => Text(Lower, Upper);

    internal CoreInterval OfDoor => Core.Numbers.IntervalModule.ofBounds(Lower, Upper);

    internal static Interval OfCore(CoreInterval interval) => new(interval.Lower, interval.Upper);

    private static string Text(double lower, double upper) => string.Create(CultureInfo.InvariantCulture, $"[{lower:R}, {upper:R}]");
}
