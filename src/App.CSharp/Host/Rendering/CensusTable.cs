using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace LayerTime.Host.Rendering;

/// <summary>A census as text: the points, what is undecided, and how it ended.</summary>
internal static class CensusTable
{
    // A census that runs out of budget leaves thousands of open boxes.
    private const int MostRegions = 20;

    internal static void Write(CensusResult result, TextWriter writer, Paint paint)
    {
        if (result.Points.Count > 0)
        {
            Points(result, writer, paint);
            writer.WriteLine();
        }

        if (!result.IsComplete)
        {
            Regions(result, writer, paint);
            writer.WriteLine();
        }

        Page.WriteField(writer, "domain", result.Domain.Equals(result.Paving.Box) ? $"{result.Domain}" : $"{result.Domain}, with faces moved from {result.Paving.Box}");
        Page.WriteField(writer, "points", Counts(result));
        Page.WriteField(writer, "degree", Degree(result));
        Page.WriteField(writer, "boxes", Shown.Count(result.Boxes));
        writer.WriteLine(paint.Apply(result.IsComplete ? Colour.Good : Colour.Open, Conclusion(result)));
    }

    private static void Points(CensusResult result, TextWriter writer, Paint paint)
    {
        var table = new TextTable(
            gapOfNumbers: 2,
            [new("point"), .. Enumerable.Range(1, result.Domain.Dimension).Select(i => new Column($"x{i}", ToTheRight: true)), new("value", ToTheRight: true), new("index", ToTheRight: true), new("kind")]);
        foreach (var (point, i) in result.Points.Select((point, i) => (point, i)))
        {
            table.Add([new($"{i + 1}"), .. point.Point.Select(side => new Cell(Certified.Text(side))), new(Certified.Text(point.Value)), new($"{point.Index}"), new(Kind(point.Kind))]);
        }

        if (table.NaturalWidth <= Page.Width)
        {
            table.Write(writer, paint);
            return;
        }

        foreach (var (point, i) in result.Points.Select((point, i) => (point, i)))
        {
            writer.WriteLine($"{i + 1}: {Kind(point.Kind)}, index {point.Index}, value {Certified.Text(point.Value)}");
            Page.WriteField(writer, "at", string.Join(", ", point.Point.Select(Certified.Text)), indent: 2);
        }
    }

    private static void Regions(CensusResult result, TextWriter writer, Paint paint)
    {
        List<UndecidedRegion> regions = [.. result.Undecided.Where(region => region.Reason != UndecidedReason.NotExamined)];
        foreach (var region in regions.Take(MostRegions))
        {
            Region(Reason(region), region.Box);
        }

        if (regions.Count > MostRegions)
        {
            writer.WriteLine($"and {Page.Plural(regions.Count - MostRegions, "more undecided region")}; --json lists them all.");
        }

        // What was merely not looked at says least and is most.
        List<Box> open = [.. result.Undecided.Where(region => region.Reason == UndecidedReason.NotExamined).Select(region => region.Box)];
        if (open.Count > 0)
        {
            Region(open.Count == 1 ? "not looked at" : $"{Page.Plural(open.Count, "box")} not looked at; a larger --max-boxes may help", Hull(open));
        }

        void Region(string what, Box box)
        {
            writer.WriteLine($"{paint.Apply(Colour.Open, "undecided")}: {what}");
            Page.WriteField(writer, "within", $"{box}", indent: 2);
        }
    }

    private static Box Hull(List<Box> boxes) =>
        new([.. Enumerable.Range(0, boxes[0].Dimension).Select(i => new Interval(boxes.Min(box => box[i].Lower), boxes.Max(box => box[i].Upper)))]);

    private static string Reason(UndecidedRegion region) => region.Reason switch
    {
        UndecidedReason.NotExamined => "not looked at",
        UndecidedReason.ToleranceReached when region.DegeneracySuspected => "boxes below the tolerance, perhaps with degenerate critical points",
        UndecidedReason.ToleranceReached => "boxes below the tolerance, neither excluded nor proved to hold a critical point",
        UndecidedReason.AtLeastOne => $"at least one critical point, as the degree is {region.Degree}",
        UndecidedReason.OnBoundary => "a critical point on the boundary or too near to tell; --move-faces may help",
        UndecidedReason.IndexUnknown => "a critical point whose index is not proved",
        _ => "a critical point, perhaps one of those above",
    };

    private static string Counts(CensusResult result) => result.Points.Count == 0 ? "0" : $"{result.Points.Count}: " + string.Join(", ", Enumerable.Range(0, result.Domain.Dimension + 1)
        .Where(index => result.Count(index) > 0).Select(index => $"{result.Count(index)} of index {index}"));

    private static string Degree(CensusResult result) =>
        $"signed count {result.SignedCount}, degree of the gradient on the boundary {(result.Degree is { } degree ? $"{degree}" : $"unknown: {result.DegreeReason}")}";

    private static string Kind(CriticalPointKind kind) => kind switch
    {
        CriticalPointKind.Minimum => "minimum",
        CriticalPointKind.Maximum => "maximum",
        _ => "saddle",
    };

    private static string Conclusion(CensusResult result) =>
        result.IsComplete ? "Complete: there is no other critical point in the domain."
        : result.Interrupted ? "Interrupted: other critical points can lie in the undecided boxes only."
        : "Not complete: other critical points can lie in the undecided boxes only.";
}
