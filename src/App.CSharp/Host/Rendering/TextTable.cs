using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace LayerTime.Host.Rendering;

/// <summary>A table of plain text. The first column gives way: a row whose first cell is too long for the page starts with a line of its own.</summary>
internal sealed class TextTable(int gapOfNumbers, params Column[] columns)
{
    private readonly List<Cell[]> rows = [];

    internal void Add(params Cell[] cells) => rows.Add(cells);

    /// <summary>The length of the longest line, if no row gives way.</summary>
    internal int NaturalWidth => Rest + Widths()[0];

    internal void Write(TextWriter writer, Paint paint)
    {
        var widths = Widths();
        widths[0] = Math.Min(widths[0], Math.Max(columns[0].Header.Length, Page.Width - Rest));
        WriteRow(writer, paint, widths, [.. columns.Select(column => new Cell(column.Header, Colour.Heading))]);
        foreach (var row in rows)
        {
            if (row[0].Text.Length > widths[0])
            {
                writer.WriteLine(paint.Apply(row[0].Colour, row[0].Text));
                WriteRow(writer, paint, widths, [new(""), .. row.Skip(1)]);
            }
            else
            {
                WriteRow(writer, paint, widths, row);
            }
        }
    }

    private int Rest => Widths().Select((width, i) => width + Gap(i)).Skip(1).Sum();

    // Numbers may stand near to each other, words not.
    private int Gap(int column) => column == 0 ? 0 : columns[column].ToTheRight && columns[column - 1].ToTheRight ? gapOfNumbers : 2;

    private int[] Widths() =>
        [.. columns.Select((column, i) => rows.Select(row => row[i].Text.Length).Append(column.Header.Length).Max())];

    private void WriteRow(TextWriter writer, Paint paint, int[] widths, Cell[] row)
    {
        // Nothing is padded behind the last cell that says something.
        var last = Array.FindLastIndex(row, cell => cell.Text.Length > 0);
        for (var i = 0; i <= last; i++)
        {
            var padding = new string(' ', widths[i] - row[i].Text.Length);
            var text = paint.Apply(row[i].Colour, row[i].Text);
            writer.Write(new string(' ', Gap(i)));
            writer.Write(columns[i].ToTheRight ? padding + text : i == last ? text : text + padding);
        }

        writer.WriteLine();
    }
}

/// <summary>A column: numbers stand to the right.</summary>
internal sealed record Column(string Header, bool ToTheRight = false);

/// <summary>A cell.</summary>
internal readonly record struct Cell(string Text, Colour Colour = Colour.None);
