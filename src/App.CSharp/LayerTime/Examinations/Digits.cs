using System;
using System.Globalization;

namespace LayerTime;

/// <summary>Numbers in sentences: three digits, bounds rounded in their direction.</summary>
internal static class Digits
{
    internal static string Near(double number) =>
        number == 0 ? "0"
        : !double.IsFinite(number) ? number > 0 ? "∞" : number < 0 ? "−∞" : "nan"
        : Math.Abs(number) is >= 1e-3 and < 1e6 ? number.ToString(Math.Abs(number) >= 1000 ? "0" : "G3", CultureInfo.InvariantCulture)
        : number.ToString("0.00e-0", CultureInfo.InvariantCulture);

    /// <summary>Not below the number.</summary>
    internal static string Up(double number) => Towards(number, 1);

    /// <summary>Not above the number.</summary>
    internal static string Down(double number) => Towards(number, -1);

    internal static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    internal static string Count(long count, string one) => $"{Count(count)} {one}{(count == 1 ? "" : "s")}";

    private static string Towards(double number, int direction)
    {
        var text = Near(number);
        if (number == 0 || !double.IsFinite(number) || (direction * double.Parse(text, CultureInfo.InvariantCulture)) >= direction * number)
        {
            return text;
        }

        // One unit of the last of three digits further.
        var unit = Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(number))) - 2);
        return Near(number + (direction * Math.Max(unit, Math.Abs(number) >= 1000 ? 1 : 0)));
    }
}
