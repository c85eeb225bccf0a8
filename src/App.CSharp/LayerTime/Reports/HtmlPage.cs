using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace LayerTime;

/// <summary>A page that stands for itself: no script, no other file, the same bytes for the same content.</summary>
internal sealed class HtmlPage
{
    private const string Style = """
        body{font:15px/1.5 Helvetica,Arial,sans-serif;color:#222;max-width:62rem;margin:2rem auto;padding:0 1rem}
        h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2.2rem;border-bottom:1px solid #ccc}h3{font-size:1rem;margin:1.6rem 0 .3rem}
        table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.25rem .6rem .25rem 0;border-bottom:1px solid #eee}
        code{font-family:Menlo,Consolas,monospace;font-size:.88em;background:#f4f4f4;padding:.1em .3em;overflow-wrap:anywhere}
        .copy{user-select:all;cursor:copy}.exact,.certified,.holds,.applies{color:#116329}.measured,.undecided{color:#8a5a00}.skipped,.doesNotApply,.notAboutNetworks{color:#777}.refuted{color:#a40e26}
        .kind{font-size:.8em;white-space:nowrap}figure{margin:1rem 0}figure svg{max-width:100%;height:auto}figcaption{color:#555;font-size:.9em}pre{white-space:pre-wrap}
        """;

    private readonly StringBuilder text = new();
    private int figures;

    internal HtmlPage(string title)
    {
        text.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n");
        text.Append($"<title>{Escaped(title)}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n<h1>{Escaped(title)}</h1>\n");
    }

    internal void Heading(string title, string? id = null) => text.Append($"<h2{Id(id)}>{Escaped(title)}</h2>\n");

    internal void Subheading(string title, string? id = null) => text.Append($"<h3{Id(id)}>{Escaped(title)}</h3>\n");

    /// <summary>A paragraph; its lines stay lines.</summary>
    internal void Paragraph(string content) => text.Append($"<p>{Escaped(content).Replace("\n", "<br>\n", StringComparison.Ordinal)}</p>\n");

    /// <summary>Rows of cells, each already HTML.</summary>
    internal void Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        text.Append("<table>\n");
        if (header.Count > 0)
        {
            text.Append($"<tr>{string.Concat(header.Select(cell => $"<th>{Escaped(cell)}</th>"))}</tr>\n");
        }

        foreach (var row in rows)
        {
            text.Append($"<tr>{string.Concat(row.Select(cell => $"<td>{cell}</td>"))}</tr>\n");
        }

        text.Append("</table>\n");
    }

    /// <summary>A picture in the page itself. What pictures name is made different from picture to picture.</summary>
    internal void Figure(string svg, string caption)
    {
        figures++;
        var own = svg;
        foreach (var name in new[] { "frame", "hatch" })
        {
            own = own.Replace($"id=\"{name}\"", $"id=\"{name}{figures}\"", StringComparison.Ordinal).Replace($"url(#{name})", $"url(#{name}{figures})", StringComparison.Ordinal);
        }

        text.Append($"<figure>\n{own.TrimEnd()}\n<figcaption>{Escaped(caption)}</figcaption>\n</figure>\n");
    }

    /// <summary>A text in which a click selects everything.</summary>
    internal static string ToCopy(string content) => $"<code class=\"copy\" title=\"click selects all\">{Escaped(content)}</code>";

    internal static string Code(string content) => $"<code>{Escaped(content)}</code>";

    internal static string Marked(string kind, string content) => $"<span class=\"{Escaped(kind)}\">{Escaped(content)}</span>";

    internal static string Link(string id) => $"<a href=\"#{Escaped(id)}\">{Escaped(id)}</a>";

    internal static string Escaped(string content) =>
        content.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal);

    internal string End() => text.Append("</body>\n</html>\n").ToString();

    private static string Id(string? id) => id is null ? "" : $" id=\"{Escaped(id)}\"";
}
