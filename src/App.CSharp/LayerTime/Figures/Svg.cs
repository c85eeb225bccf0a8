using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace LayerTime;

/// <summary>A picture as text: the same calls give the same bytes.</summary>
internal sealed class Svg
{
    private readonly StringBuilder text = new();

    internal Svg(double width, double height, string title)
    {
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{N(width)}\" height=\"{N(height)}\" viewBox=\"0 0 {N(width)} {N(height)}\" "
            + "font-family=\"Helvetica, Arial, sans-serif\" font-size=\"13\" fill=\"#333\" role=\"img\">");
        Line($"<title>{Escaped(title)}</title>");
        Rectangle(0, 0, width, height, "fill=\"#fff\"");
    }

    internal void Line(string element) => text.Append(element).Append('\n');

    internal void Text(double x, double y, string content, string attributes = "") =>
        Line($"<text x=\"{N(x)}\" y=\"{N(y)}\" {attributes}>{Escaped(content)}</text>");

    internal void Segment(double x1, double y1, double x2, double y2, string attributes) =>
        Line($"<path d=\"M{N(x1)} {N(y1)}L{N(x2)} {N(y2)}\" {attributes}/>");

    internal void Rectangle(double x, double y, double width, double height, string attributes) =>
        Line($"<rect x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(width)}\" height=\"{N(height)}\" {attributes}/>");

    /// <summary>Polylines as one element; one that ends where it starts is closed.</summary>
    internal void Polylines(IEnumerable<IReadOnlyList<(double X, double Y)>> lines, string attributes)
    {
        var path = string.Concat(lines.Where(line => line.Count > 1).Select(Polyline));
        if (path.Length > 0)
        {
            Line($"<path d=\"{path}\" {attributes}/>");
        }
    }

    internal string End() => text.Append("</svg>\n").ToString();

    /// <summary>A length in pixels, to the hundredth.</summary>
    internal static string N(double length) => length.ToString("0.##", CultureInfo.InvariantCulture) is var number && number == "-0" ? "0" : number;

    private static string Polyline(IReadOnlyList<(double X, double Y)> line)
    {
        var closed = line.Count > 2 && line[0] == line[^1];
        var points = line.Take(closed ? line.Count - 1 : line.Count).Select(point => $"{N(point.X)} {N(point.Y)}");
        return "M" + string.Join('L', points) + (closed ? "Z" : "");
    }

    private static string Escaped(string content) =>
        content.Replace("&", "&amp;", System.StringComparison.Ordinal).Replace("<", "&lt;", System.StringComparison.Ordinal).Replace(">", "&gt;", System.StringComparison.Ordinal);
}
