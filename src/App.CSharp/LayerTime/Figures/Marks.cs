namespace LayerTime;

/// <summary>How critical points and undecided regions look: a form and a colour for each kind, so that neither alone has to be seen.</summary>
internal static class Marks
{
    internal const string Hatching = "<defs><pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
        + "<rect width=\"6\" height=\"6\" fill=\"#7a5195\" fill-opacity=\"0.12\"/><path d=\"M0 0V6\" stroke=\"#7a5195\" stroke-width=\"1.6\"/></pattern></defs>";

    internal const string Hatched = "fill=\"url(#hatch)\" stroke=\"#7a5195\" stroke-width=\"0.8\"";

    internal const string HatchedInside = "fill=\"url(#hatch)\"";

    internal const string Outlined = "fill=\"none\" stroke=\"#7a5195\" stroke-width=\"0.8\" stroke-dasharray=\"2 3\"";

    internal static readonly string LevelOfSaddle = $"fill=\"none\" stroke=\"{Colour(CriticalPointKind.Saddle)}\" stroke-width=\"1.3\" stroke-dasharray=\"5 3\"";

    internal static string Colour(CriticalPointKind kind) => kind switch
    {
        CriticalPointKind.Minimum => "#1f6fb4",
        CriticalPointKind.Maximum => "#c8322b",
        _ => "#e8960c",
    };

    /// <summary>A triangle that points down, a diamond or a triangle that points up.</summary>
    internal static void Point(Svg svg, double x, double y, CriticalPointKind kind)
    {
        var form = kind switch
        {
            CriticalPointKind.Minimum => "M-7.5 -5.5H7.5L0 8Z",
            CriticalPointKind.Maximum => "M-7.5 5.5H7.5L0 -8Z",
            _ => "M0 -7.5L7.5 0L0 7.5L-7.5 0Z",
        };
        svg.Line($"<path d=\"{form}\" transform=\"translate({Svg.N(x)} {Svg.N(y)})\" fill=\"{Colour(kind)}\" stroke=\"#fff\" stroke-width=\"1.4\" stroke-linejoin=\"round\"/>");
    }

    /// <summary>The index beside its point, on a white edge so that lines below do not hide it.</summary>
    internal static void Index(Svg svg, double x, double y, CriticalPoint point) =>
        svg.Text(x + 10, y + 4.5, $"{point.Index}", $"fill=\"{Colour(point.Kind)}\" font-weight=\"bold\" stroke=\"#fff\" stroke-width=\"3\" paint-order=\"stroke\"");
}
