using System;
using System.Globalization;
using System.Numerics;

namespace LayerTime.Host.Rendering;

/// <summary>A number known by an enclosure, as a decimal with the digits that are certain up to one unit of the last.</summary>
internal static class Certified
{
    private const int MostDecimals = 17;
    private const int MostDigits = 17;

    internal static string Text(Interval enclosure)
    {
        if (!enclosure.IsBounded)
        {
            return enclosure.ToString();
        }

        var (lower, upper) = (Fraction.FromDouble(enclosure.Lower), Fraction.FromDouble(enclosure.Upper));
        var middle = (lower + upper) / 2;
        if (lower == upper && Shortest(enclosure.Lower) is { } exact)
        {
            return exact;
        }

        // Where not even one digit is certain, decimals may still be.
        var size = Fraction.Max(Fraction.Abs(lower), Fraction.Abs(upper)).ToDouble();
        var scientific = size is < 1e-5 or >= 1e9 && lower.Sign * upper.Sign > 0 ? Scientific(middle, lower, upper) : null;
        return scientific
            ?? Fixed(middle, lower, upper, MostDecimals, size >= 1 ? MostDigits - (int)Math.Log10(size) : MostDigits + 1)
            ?? enclosure.ToString();
    }

    // The float itself, where that is short.
    private static string? Shortest(double number) =>
        number.ToString("R", CultureInfo.InvariantCulture) is { Length: <= MostDigits + 3 } text && !text.Contains('E', StringComparison.Ordinal) ? text : null;

    // The most decimals k for which rounding the middle to k decimals is off by at most 10⁻ᵏ, wherever the number lies.
    private static string? Fixed(Fraction middle, Fraction lower, Fraction upper, int most, int mostDigits)
    {
        for (var decimals = Math.Min(most, mostDigits); decimals >= 0; decimals--)
        {
            var scale = BigInteger.Pow(10, decimals);
            var rounded = Rounded(middle * scale);
            var shown = new Fraction(rounded, scale);
            if (Fraction.Max(upper - shown, shown - lower) * scale <= 1)
            {
                return Decimal(rounded, decimals);
            }
        }

        return null;
    }

    // Nothing where not even the first digit is certain.
    private static string? Scientific(Fraction middle, Fraction lower, Fraction upper)
    {
        var exponent = (int)Math.Floor(Math.Log10(Math.Abs(middle.ToDouble())));
        var power = exponent >= 0 ? new Fraction(BigInteger.Pow(10, exponent), 1) : new Fraction(1, BigInteger.Pow(10, -exponent));
        return Fixed(middle / power, lower / power, upper / power, MostDigits - 1, MostDigits - 1) is { } mantissa ? $"{mantissa}e{exponent}" : null;
    }

    private static BigInteger Rounded(Fraction number)
    {
        var (twice, denominator) = ((2 * number.Numerator) + number.Denominator, 2 * number.Denominator);
        var quotient = BigInteger.DivRem(twice, denominator, out var rest);
        return rest.Sign < 0 ? quotient - 1 : quotient;
    }

    private static string Decimal(BigInteger rounded, int decimals)
    {
        var digits = BigInteger.Abs(rounded).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        var sign = rounded.Sign < 0 ? "-" : "";
        return decimals == 0 ? sign + digits : $"{sign}{digits[..^decimals]}.{digits[^decimals..]}";
    }
}
