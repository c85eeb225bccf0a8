using System.Globalization;
using System.Linq;

namespace LayerTime;

/// <summary>What stands beside the picture of a census: kinds of points, what hatching means, and how far the census came.</summary>
internal static class Legend
{
    private const double Entry = 26;
    private const double Line = 18;

    internal static double Height(CensusResult result) => (Entry * Entries(result)) + (5 * Line) + 20;

    internal static void Draw(Svg svg, double x, double y, CensusResult result)
    {
        y += 12;
        foreach (var group in result.Points.GroupBy(point => point.Index).OrderBy(group => group.Key))
        {
            Marks.Point(svg, x + 9, y, group.First().Kind);
            svg.Text(x + 26, y + 4.5, $"{group.Count()} × {CensusText.Word(group.First().Kind)}, index {group.Key}");
            y += Entry;
        }

        if (ShowsLevelsOfSaddles(result))
        {
            svg.Segment(x - 1, y, x + 19, y, Marks.LevelOfSaddle);
            svg.Text(x + 26, y + 4.5, "level set of a saddle");
            y += Entry;
        }

        if (!result.IsComplete)
        {
            svg.Rectangle(x, y - 8, 18, 16, Marks.Hatched);
            svg.Text(x + 26, y + 4.5, $"{result.Undecided.Count} × undecided");
            y += Entry;
        }

        string[] lines =
        [
            result.IsComplete ? "complete" : result.Interrupted ? "interrupted" : "not complete",
            $"signed count {result.SignedCount}",
            result.Degree is { } degree ? $"degree {degree}" : "degree unknown",
            string.Create(CultureInfo.InvariantCulture, $"{result.Boxes:N0} boxes"),
        ];
        for (var i = 0; i < lines.Length; i++)
        {
            svg.Text(x, y + 8 + (Line * i), lines[i], i == 0 ? "font-weight=\"bold\"" : "");
        }
    }

    private static int Entries(CensusResult result) =>
        result.Points.Select(point => point.Index).Distinct().Count() + (result.IsComplete ? 0 : 1) + (ShowsLevelsOfSaddles(result) ? 1 : 0);

    private static bool ShowsLevelsOfSaddles(CensusResult result) => result.Points.Any(point => point.Kind == CriticalPointKind.Saddle);
}
