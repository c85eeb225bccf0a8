using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using LayerTime.Core.Rigour;

namespace LayerTime;

/// <summary>Numbers and boxes as JSON: the shortest decimals that are read back as the same floats.</summary>
internal static class CensusText
{
    // JSON has no infinity.
    internal static string Number(double number) =>
        double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : number > 0 ? "\"Infinity\"" : "\"-Infinity\"";

    internal static string Interval(double lower, double upper) => $"[{Number(lower)}, {Number(upper)}]";

    internal static string Of(Interval interval) => Interval(interval.Lower, interval.Upper);

    internal static string Of(Box box) => List(box.Select(Of));

    internal static string Of(CoreInterval[] box) => List(box.Select(side => Interval(side.Lower, side.Upper)));

    internal static string Of(IsolatedZero zero) => $"{{ \"home\": {Of(zero.Home)}, \"zero\": {Of(zero.Zero)} }}";

    internal static string List(IEnumerable<string> items) => $"[{string.Join(", ", items)}]";

    /// <summary>An array with one item a line.</summary>
    internal static string Lines(IEnumerable<string> items, string indent) =>
        string.Join($",\n{indent}  ", items) is { Length: > 0 } lines ? $"[\n{indent}  {lines}\n{indent}]" : "[]";

    /// <summary>A word of an enumeration, in lower case at its start.</summary>
    internal static string Word<T>(T value)
        where T : struct, Enum => char.ToLowerInvariant(value.ToString()[0]) + value.ToString()[1..];
}
