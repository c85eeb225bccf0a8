using System.Collections.Generic;
using System.Linq;

namespace LayerTime.Host.Files;

/// <summary>Data points: one line of numbers each.</summary>
internal static class DataFile
{
    internal static IReadOnlyList<IReadOnlyList<double>> Read(string path)
    {
        List<IReadOnlyList<string>> rows = [.. InputText.Rows(InputText.Text(path).Split('\n').Where(line => line.Trim().Length > 0))];

        // Names of columns, if nothing in the first line is a number.
        var first = rows.Count > 0 && rows[0].All(text => !Fraction.TryParse(text, out _)) ? 1 : 0;
        if (rows.Count == first)
        {
            throw HostException.BadInput($"{path} has no line of numbers; at least one is expected.");
        }

        return [.. rows.Skip(first).Select((row, i) => (IReadOnlyList<double>)[.. row.Select((text, j) => Number(path, first + i + 1, j + 1, text))])];
    }

    private static double Number(string path, int row, int column, string text) =>
        Fraction.TryParse(text, out var fraction) && double.IsFinite(fraction.ToDouble())
            ? fraction.ToDouble()
            : throw HostException.BadInput($"{path}, row {row}, number {column}: found '{text}', expected a number such as -0.5 or 1/3.");
}
