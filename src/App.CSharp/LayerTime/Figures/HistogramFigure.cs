using System;
using System.Collections.Generic;
using System.Linq;

namespace LayerTime;

/// <summary>How often a tightness falls in each half of a decade up to 1.</summary>
internal static class HistogramFigure
{
    private const double Left = 60;
    private const double Top = 20;
    private const double Bar = 34;
    private const double Height = 110;
    private const double Bottom = 40;

    internal static string Draw(IReadOnlyList<int> counts)
    {
        var most = Math.Max(1, counts.Max());
        var svg = new Svg((2 * Left) + (Bar * counts.Count), Top + Height + Bottom, "tightness");
        for (var i = 0; i < counts.Count; i++)
        {
            var (x, height) = (Left + (Bar * i), Height * counts[i] / most);
            svg.Rectangle(x + 2, Top + Height - height, Bar - 4, height, "fill=\"#1f6fb4\"");
            if (counts[i] > 0)
            {
                svg.Text(x + (Bar / 2), Top + Height - height - 3, FormattableString.Invariant($"{counts[i]}"), "text-anchor=\"middle\" font-size=\"10\"");
            }

            // The bins end at 10^(−(n−1)/2), …, 10^(−1/2), 1: every other end is a power of ten.
            var halves = counts.Count - 1 - i;
            if (halves % 2 == 0)
            {
                svg.Text(x + Bar, Top + Height + 16, halves == 0 ? "1" : FormattableString.Invariant($"1e-{halves / 2}"), "text-anchor=\"middle\"");
            }
        }

        svg.Segment(Left, Top + Height, Left + (Bar * counts.Count), Top + Height, "stroke=\"#888\"");
        svg.Text(Left + (Bar * counts.Count / 2), Top + Height + 34, "error ÷ bound", "text-anchor=\"middle\" font-style=\"italic\"");
        return svg.End();
    }
}
