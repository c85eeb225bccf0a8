using System;
using System.Collections;
using System.Globalization;
using System.Linq;

namespace LayerTime;

/// <summary>Values as text, independent of the machine.</summary>
internal static class Shown
{
    internal static string Text(object? value) => value switch
    {
        null => "null",
        string text => text,
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        float number => number.ToString("R", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable items => "(" + string.Join(", ", items.Cast<object?>().Select(Text)) + ")",
        _ => value.ToString() ?? "",
    };
}

/// <summary>Equality of values; of sequences element by element, of NaN never.</summary>
internal static class Equality
{
    internal static bool Same(object? first, object? second) => (first, second) switch
    {
        (double a, double b) => a == b,
        (float a, float b) => a == b,
        (string a, string b) => a == b,
        (Array a, Array b) => a.Rank == b.Rank && Enumerable.Range(0, a.Rank).All(i => a.GetLength(i) == b.GetLength(i)) && Items(a, b),
        (IEnumerable a, IEnumerable b) => Items(a, b),
        _ => Equals(first, second),
    };

    private static bool Items(IEnumerable first, IEnumerable second)
    {
        object?[] a = [.. first.Cast<object?>()];
        object?[] b = [.. second.Cast<object?>()];
        return a.Length == b.Length && a.Zip(b).All(pair => Same(pair.First, pair.Second));
    }
}
