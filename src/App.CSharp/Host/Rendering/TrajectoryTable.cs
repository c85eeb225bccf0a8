using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace LayerTime.Host.Rendering;

/// <summary>A run as text: a table if it fits the page, else one line for each state; no number is ever cut.</summary>
internal static class TrajectoryTable
{
    internal static void Write(RunRecord run, TextWriter writer, Paint paint)
    {
        var width = run.States.Select(state => state.Count).Append(run.Output.Count).Max();
        var table = new TextTable(gapOfNumbers: 2, [new("layer"), .. Enumerable.Range(1, width).Select(i => new Column($"x{i.ToString(CultureInfo.InvariantCulture)}", ToTheRight: true))]);
        var rows = run.States.Select((state, i) => (Label: $"x({(run.FirstLayer + i).ToString(CultureInfo.InvariantCulture)})", Numbers: state))
            .Append((Label: "output", Numbers: run.Output)).ToList();
        foreach (var (label, numbers) in rows)
        {
            table.Add([new(label), .. numbers.Select(number => new Cell(number)), .. Enumerable.Repeat(new Cell(""), width - numbers.Count)]);
        }

        if (table.NaturalWidth <= Page.Width)
        {
            table.Write(writer, paint);
            return;
        }

        foreach (var (label, numbers) in rows)
        {
            writer.WriteLine($"{label} = ({string.Join(", ", numbers)})");
        }
    }
}
