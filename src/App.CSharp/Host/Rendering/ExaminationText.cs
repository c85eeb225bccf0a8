using System.IO;
using System.Linq;

namespace LayerTime.Host.Rendering;

/// <summary>An examination on one page for people.</summary>
internal static class ExaminationText
{
    private const int LabelWidth = 18;

    internal static void Write(Examination examination, string name, TextWriter writer, Paint paint)
    {
        writer.WriteLine(paint.Apply(Colour.Heading, name));
        foreach (var topic in examination.Findings.GroupBy(finding => finding.Topic))
        {
            writer.WriteLine();
            var label = topic.Key;
            foreach (var finding in topic)
            {
                Page.WriteField(writer, label, $"{finding.Text}{Mark(finding.Kind)}", labelWidth: LabelWidth);
                label = "";
            }
        }

        writer.WriteLine();
        var skipped = examination.Findings.Count(finding => finding.Kind == FindingKind.Skipped);
        writer.WriteLine($"{Page.Plural(examination.Findings.Count - skipped, "finding")}, {skipped} left out. "
            + "Bounds and words without a mark are exact or proved; [measured] is computed on floats.");
    }

    private static string Mark(FindingKind kind) => kind == FindingKind.Measured ? " [measured]" : kind == FindingKind.Skipped ? " [left out]" : "";
}
