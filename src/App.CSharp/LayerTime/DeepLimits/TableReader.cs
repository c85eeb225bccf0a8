using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace LayerTime;

/// <summary>Tables of numbers with a column of classes.</summary>
internal static class TableReader
{
    /// <summary>More classes than this are no classes: the column holds measurements.</summary>
    private const int MostClasses = 50;

    private static readonly char[] Separators = [',', ';', '\t'];

    internal static LabelledData Read(string text, string source, string? label)
    {
        var lines = text.TrimStart('\uFEFF').Split('\n').Select((line, i) => (Text: line.TrimEnd('\r'), Number: i + 1)).Where(line => line.Text.Trim().Length > 0).ToList();
        if (lines.Count == 0)
        {
            throw new LabelledDataException(source, [Defect("", "no line", "a line for each point")]);
        }

        var separator = Separators.MaxBy(mark => lines[0].Text.Count(c => c == mark));
        var rows = lines.Select(line => (Cells: Cells(line.Text, separator), line.Number)).ToList();
        var hasNames = !rows[0].Cells.Any(cell => Number(cell) is not null);
        string[] names = hasNames ? rows[0].Cells : [.. rows[0].Cells.Select((_, j) => $"x{j + 1}")];
        if (hasNames)
        {
            rows.RemoveAt(0);
        }

        var column = Column(names, label, source);
        var defects = new List<NetworkDefect>();
        if (names.Length < 2)
        {
            defects.Add(Defect("", "one column", "at least one feature beside the column of classes"));
        }

        if (rows.Count == 0)
        {
            defects.Add(Defect("", "no line with a point", "at least two"));
        }

        var points = rows.Where(row => row.Cells.Length == names.Length || Ragged(row, names.Length, defects)).Select(row => Point(row, names, column, defects)).ToArray();
        string[] labels = [.. rows.Where(row => row.Cells.Length == names.Length).Select(row => row.Cells[column])];
        string[] classes = [.. labels.Where(name => name.Length > 0).Distinct().Order(ClassOrder.Instance)];
        if (defects.Count == 0)
        {
            Check(names, column, points, classes, defects);
        }

        return defects.Count == 0
            ? new(source, [.. names.Where((_, j) => j != column)], classes, points, [.. labels.Select(name => Array.IndexOf(classes, name))])
            : throw new LabelledDataException(source, defects);
    }

    private static void Check(string[] names, int column, double[][] points, string[] classes, List<NetworkDefect> defects)
    {
        var features = names.Where((_, j) => j != column).ToArray();
        defects.AddRange(features
            .Where((_, j) => points.All(point => point[j] == points[0][j]))
            .Select(name => Defect($"column {name}", "the same number in every line", "a feature that varies; leave the column out")));
        if (classes.Length < 2)
        {
            defects.Add(Defect($"column {names[column]}", $"a single class, \"{classes.Single()}\"", "at least two classes"));
        }
        else if (classes.Length > MostClasses)
        {
            defects.Add(Defect($"column {names[column]}", $"{classes.Length} different values", $"at most {MostClasses} classes; name the column of classes with --label"));
        }
    }

    private static bool Ragged((string[] Cells, int Number) row, int expected, List<NetworkDefect> defects)
    {
        defects.Add(Defect($"line {row.Number}", $"{row.Cells.Length} cells", $"{expected}, as in the first line"));
        return false;
    }

    private static double[] Point((string[] Cells, int Number) row, string[] names, int column, List<NetworkDefect> defects)
    {
        if (row.Cells[column].Length == 0)
        {
            defects.Add(Defect($"line {row.Number}, column {names[column]}", "an empty cell", "a class"));
        }

        return [.. row.Cells.Select((cell, j) => (Text: cell, Column: names[j], IsFeature: j != column)).Where(cell => cell.IsFeature).Select(cell => Feature(cell.Text, row.Number, cell.Column, defects))];
    }

    private static double Feature(string cell, int line, string column, List<NetworkDefect> defects)
    {
        if (Number(cell) is { } number && double.IsFinite(number))
        {
            return number;
        }

        var found = cell.Length == 0 ? "an empty cell" : Number(cell) is null ? $"\"{Described.Cut(cell)}\"" : cell;
        defects.Add(Defect($"line {line}, column {column}", found, "a finite number"));
        return 0;
    }

    private static int Column(string[] names, string? label, string source)
    {
        if (label is null)
        {
            return names.Length - 1;
        }

        var named = Array.IndexOf(names, label);
        return named >= 0 ? named
            : int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= names.Length ? number - 1
            : throw new LabelledDataException(source, [Defect("", $"no column {label}", $"the name of a column ({string.Join(", ", names.Take(10))}{(names.Length > 10 ? ", …" : "")}) or its number, counted from 1")]);
    }

    private static string[] Cells(string line, char separator) => [.. line.Split(separator).Select(cell => cell.Trim().Trim('"').Trim())];

    private static double? Number(string cell) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static NetworkDefect Defect(string where, string found, string expected) => new() { Where = where, Found = found, Expected = expected };

    /// <summary>Numbers by size, before texts, which are ordered letter by letter.</summary>
    private sealed class ClassOrder : IComparer<string>
    {
        internal static ClassOrder Instance { get; } = new();

        public int Compare(string? x, string? y) => (Number(x ?? ""), Number(y ?? "")) switch
        {
            ({ } a, { } b) when a != b => a.CompareTo(b),
            ({ }, null) => -1,
            (null, { }) => 1,
            _ => string.CompareOrdinal(x, y),
        };
    }
}
