using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace LayerTime.Host.Rendering;

/// <summary>Text on a page of fixed width, so that the output is the same everywhere.</summary>
internal static class Page
{
    internal const int Width = 100;

    /// <summary>A label and its text; further lines stand below the text.</summary>
    internal static void WriteField(TextWriter writer, string label, string text, int indent = 0, int labelWidth = 12)
    {
        var margin = new string(' ', indent);
        var first = $"{margin}{label.PadRight(labelWidth - 1)} ";
        foreach (var line in Wrap(text, Width - indent - labelWidth))
        {
            writer.WriteLine((first + line).TrimEnd());
            first = new string(' ', indent + labelWidth);
        }
    }

    /// <summary>Lines of at most a width; a word that is longer stays whole on a line of its own.</summary>
    internal static IEnumerable<string> Wrap(string text, int width)
    {
        foreach (var paragraph in text.Split('\n'))
        {
            var line = "";
            foreach (var word in paragraph.TrimEnd('\r').Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.Length > 0 && line.Length + 1 + word.Length > width)
                {
                    yield return line;
                    line = "";
                }

                line = line.Length == 0 ? word : $"{line} {word}";
            }

            yield return line;
        }
    }

    internal static string Plural(long count, string one) => $"{Shown.Count(count)} {one}{(count == 1 ? "" : one.EndsWith('x') ? "es" : "s")}";

    internal static string List(IEnumerable<string> items) => string.Join(", ", items.DefaultIfEmpty("none"));
}
