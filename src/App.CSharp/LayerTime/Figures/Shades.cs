using System;
using System.Collections.Generic;
using System.Linq;

namespace LayerTime;

/// <summary>Colours from dark to light for values from low to high.</summary>
internal static class Shades
{
    private static readonly (int R, int G, int B)[] Anchors = [(68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (223, 205, 40)];

    private const double Line = 13;

    /// <summary>How much room so many values take.</summary>
    internal static double Height(int values) => 40 + (Line * values);

    /// <summary>Which colour is which value.</summary>
    internal static void Draw(Svg svg, double x, double y, Axis values, IReadOnlyList<(double Number, string Text)> shown)
    {
        svg.Text(x, y + 4, "Φ", "font-style=\"italic\"");
        for (var i = 0; i < shown.Count; i++)
        {
            var line = y + 20 + (i * Line);
            svg.Segment(x, line, x + 20, line, $"stroke=\"{At(values.Place(shown[i].Number))}\" stroke-width=\"2.4\"");
            svg.Text(x + 28, line + 4, shown[i].Text, "font-size=\"11\"");
        }
    }

    /// <summary>The colour at a share of the way, 0 … 1.</summary>
    internal static string At(double share)
    {
        var place = Math.Clamp(share, 0, 1) * (Anchors.Length - 1);
        var i = Math.Min((int)place, Anchors.Length - 2);
        var (a, b, t) = (Anchors[i], Anchors[i + 1], place - i);
        int[] mixed = [.. new[] { (a.R, b.R), (a.G, b.G), (a.B, b.B) }.Select(pair => (int)Math.Round(pair.Item1 + (t * (pair.Item2 - pair.Item1))))];
        return $"#{mixed[0]:x2}{mixed[1]:x2}{mixed[2]:x2}";
    }
}
