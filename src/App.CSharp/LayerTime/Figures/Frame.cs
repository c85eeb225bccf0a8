namespace LayerTime;

/// <summary>A picture with two axes around it.</summary>
internal sealed record Frame(Axis Horizontal, Axis Vertical)
{
    private const string Ink = "stroke=\"#888\" stroke-width=\"1\"";

    internal double Left => Horizontal.Start;

    internal double Right => Horizontal.End;

    internal double Top => Vertical.End;

    internal double Bottom => Vertical.Start;

    internal void Clip(Svg svg) =>
        svg.Line($"<defs><clipPath id=\"frame\"><rect x=\"{Svg.N(Left)}\" y=\"{Svg.N(Top)}\" width=\"{Svg.N(Right - Left)}\" height=\"{Svg.N(Bottom - Top)}\"/></clipPath></defs>");

    internal void Grid(Svg svg)
    {
        foreach (var (number, _) in Horizontal.Ticks(8))
        {
            svg.Segment(Horizontal.Place(number), Bottom, Horizontal.Place(number), Top, "stroke=\"#eee\"");
        }

        foreach (var (number, _) in Vertical.Ticks(8))
        {
            svg.Segment(Left, Vertical.Place(number), Right, Vertical.Place(number), "stroke=\"#eee\"");
        }
    }

    internal void Axes(Svg svg, string across, string up)
    {
        svg.Rectangle(Left, Top, Right - Left, Bottom - Top, "fill=\"none\" stroke=\"#888\"");
        foreach (var (number, text) in Horizontal.Ticks(8))
        {
            var x = Horizontal.Place(number);
            svg.Segment(x, Bottom, x, Bottom + 5, Ink);
            svg.Text(x, Bottom + 19, text, "text-anchor=\"middle\"");
        }

        foreach (var (number, text) in Vertical.Ticks(8))
        {
            var y = Vertical.Place(number);
            svg.Segment(Left - 5, y, Left, y, Ink);
            svg.Text(Left - 9, y + 4.5, text, "text-anchor=\"end\"");
        }

        svg.Text((Left + Right) / 2, Bottom + 40, across, "text-anchor=\"middle\" font-style=\"italic\"");
        svg.Text(Left - 56, (Top + Bottom) / 2, up, "text-anchor=\"middle\" font-style=\"italic\"");
    }
}
