using System.Collections.Generic;
using System.IO;

namespace LayerTime.Host.Rendering;

/// <summary>A compiled flow, and what compiling would take, for people.</summary>
internal static class VanillaText
{
    internal static void Write(CompiledNetwork found, TextWriter writer)
    {
        Field(writer, "certified", $"at most {Shown.Upward(found.ErrorBound)} between flow and network over {found.Box}");
        Field(
            writer,
            "of this",
            $"splitting {Shown.Upward(found.SplittingError)}, tables {Shown.Upward(found.TableError)}, rounding {Shown.Upward(found.RoundingError)}, over {Page.Plural(found.Cells, "cell")}");
        Field(writer, "depth", $"{Page.Plural(found.Depth, "layer")} of width {found.Box.Dimension}, {Page.Plural(found.Steps, "step")} of {Name(found.Splitting)}");
        Field(writer, "why", found.Reason);
    }

    internal static string Plan(IReadOnlyList<double> errors, IReadOnlyList<IReadOnlyList<VanillaPrediction>> rows, Paint paint)
    {
        var table = new TextTable(2, new("error"), new("splitting"), new("steps", ToTheRight: true), new("depth", ToTheRight: true), new("follows from"));
        for (var i = 0; i < errors.Count; i++)
        {
            foreach (var row in rows[i])
            {
                var possible = row.Depth < long.MaxValue;
                table.Add(
                    new(Shown.Rounded(errors[i])),
                    new(Name(row.Splitting)),
                    new(possible ? Shown.Count(row.Steps) : "–"),
                    new(possible ? Shown.Count(row.Depth) : "–"),
                    new(Basis(row)));
            }
        }

        using var writer = new StringWriter { NewLine = "\n" };
        table.Write(writer, paint);
        return writer.ToString();
    }

    private static string Basis(VanillaPrediction row) =>
        row.CertifiedSteps == 0 ? $"no certificate with {Page.Plural(row.Steps, "step")} or fewer"
        : row.CertifiedSteps == row.Steps ? "a certificate of these steps"
        : $"one of {Page.Plural(row.CertifiedSteps, "step")}, and the order";

    internal static string Name(OdeSplitting splitting) => splitting switch
    {
        OdeSplitting.LieTrotter => "lie",
        OdeSplitting.Strang => "strang",
        _ => "yoshida",
    };

    private static void Field(TextWriter writer, string label, string text) => Page.WriteField(writer, label, text);
}
