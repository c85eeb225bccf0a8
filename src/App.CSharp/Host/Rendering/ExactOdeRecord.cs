using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace LayerTime.Host.Rendering;

/// <summary>What a method computes of a neural ODE on fractions, as it is shown.</summary>
internal sealed record ExactOdeRecord(ExactOdeTrajectory Path, OdeMethod Method)
{
    private const int LabelWidth = 14;

    private IEnumerable<string[]> Rows => Path.Times.Zip(Path.States, (time, state) => state.Prepend(time).Select(number => number.ToString()).ToArray());

    private IEnumerable<string> Names => Path.States[0].Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"x{i + 1}"));

    /// <summary>t,x1,x2,… line by line.</summary>
    internal string Csv() => string.Concat(Rows.Prepend([.. Names.Prepend("t")]).Select(row => string.Join(',', row) + "\n"));

    /// <summary>One JSON document, one state a line, fractions as strings.</summary>
    internal string Json()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{{\n  \"numbers\": \"exact\",\n  \"method\": \"{Method}\",\n");
        text.Append("  \"states\": [\n    ").AppendJoin(",\n    ", Rows.Select(row => $"{{ \"t\": \"{row[0]}\", \"x\": {List(row[1..])} }}")).Append("\n  ],\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"output\": {List(Path.Output.Select(number => number.ToString()))},\n  \"steps\": {Path.Times.Count - 1}\n}}\n");
        return text.ToString();
    }

    /// <summary>A table if it fits the page, else one line for each state; then the output and the method.</summary>
    internal void Write(TextWriter writer, Paint paint)
    {
        var table = new TextTable(gapOfNumbers: 2, [new("t"), .. Names.Select(name => new Column(name, ToTheRight: true))]);
        foreach (var row in Rows)
        {
            table.Add([.. row.Select(number => new Cell(number))]);
        }

        if (table.NaturalWidth <= Page.Width)
        {
            table.Write(writer, paint);
        }
        else
        {
            foreach (var row in Rows)
            {
                writer.WriteLine($"x({row[0]}) = ({string.Join(", ", row[1..])})");
            }
        }

        writer.WriteLine();
        Page.WriteField(writer, "output", string.Join(", ", Path.Output), labelWidth: LabelWidth);
        Page.WriteField(writer, "method", $"{Method} of order {Method.Order}: {Page.Plural(Path.Times.Count - 1, "step")}, without rounding", labelWidth: LabelWidth);
    }

    private static string List(IEnumerable<string> numbers) => $"[{string.Join(", ", numbers.Select(number => $"\"{number}\""))}]";
}
