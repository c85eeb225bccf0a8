using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace LayerTime.Host.Rendering;

/// <summary>A set, what has to stay in it, and whether it does.</summary>
internal sealed record Reach(Box Set, string Scope, ReachAnswer Answer);

/// <summary>An enclosure as it is shown.</summary>
internal sealed record EnclosureRecord(NeuralOdeEnclosure Enclosure, Reach? Reach)
{
    private const int LabelWidth = 14;
    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document of the library, with the answer about the set at its end.</summary>
    internal string Json()
    {
        var text = Enclosure.ToJson();
        if (Reach is not { } reach)
        {
            return text;
        }

        var (set, input) = (Sides(reach.Set), reach.Answer.Input is { } found ? $"[{string.Join(", ", found.Select(Shown.Float))}]" : "null");
        var answer = reach.Answer.Stays switch { true => "true", false => "false", null => "null" };
        return text[..text.LastIndexOf('\n', text.Length - 2)]
            + $",\n  \"staysIn\": {{ \"set\": {set}, \"scope\": \"{reach.Scope}\", \"answer\": {answer}, \"input\": {input}, \"message\": {JsonSerializer.Serialize(reach.Answer.ToString(), Unescaped)} }}\n}}\n";
    }

    /// <summary>A table of intervals if it fits the page, else one line for each component; then what there is to say of the run.</summary>
    internal void Write(TextWriter writer, Paint paint)
    {
        var count = Enclosure.Ode.Dimension;
        var table = new TextTable(gapOfNumbers: 2, [new("t"), .. Enumerable.Range(1, count).Select(i => new Column(FormattableString.Invariant($"x{i}")))]);
        foreach (var reached in Enclosure.Reached)
        {
            table.Add([new(reached.Time.ToString()), .. reached.States.Values.Select(side => new Cell(Outward(side)))]);
        }

        if (table.NaturalWidth <= Page.Width)
        {
            table.Write(writer, paint);
        }
        else
        {
            foreach (var reached in Enclosure.Reached)
            {
                writer.WriteLine($"t = {reached.Time}");
                foreach (var (side, i) in reached.States.Values.Select((side, i) => (side, i)))
                {
                    writer.WriteLine($"  x{i + 1} in {Outward(side)}");
                }
            }
        }

        writer.WriteLine();
        Field(writer, "inputs", Enclosure.Inputs.ToString());
        if (Enclosure.Output is { } output)
        {
            Field(writer, "output", string.Join("\n", output.Values.Select(Outward)));
            Derivatives(writer, output);
        }

        if (Reach is { } reach)
        {
            Field(writer, "stays in", $"{reach.Set}, {Words(reach.Scope)}: {reach.Answer}");
        }

        Field(writer, "tube", $"{Page.Plural(Enclosure.Steps, "step")}, {Shown.Count(Enclosure.Tube.Count)} of them count; the widest side at t = {Enclosure.Time} is {Shown.Upward(Enclosure.States.Values.Max(side => side.Width))}");
        Field(writer, "end", Enclosure.StopMessage);
    }

    /// <summary>An interval as decimals, rounded outward by at most a hundredth of its width.</summary>
    internal static string Outward(Interval side)
    {
        var decimals = side.Width > 0 ? Math.Max(0, 2 - (int)Math.Floor(Math.Log10(side.Width))) : int.MaxValue;
        if (decimals > 18 || Math.Max(Math.Abs(side.Lower), Math.Abs(side.Upper)) >= 1e9)
        {
            return side.ToString();
        }

        var scale = BigInteger.Pow(10, decimals);
        return $"[{Decimal(Floor(Fraction.FromDouble(side.Lower) * scale), decimals)}, {Decimal(-Floor(-Fraction.FromDouble(side.Upper) * scale), decimals)}]";
    }

    private void Derivatives(TextWriter writer, EnclosedVector output)
    {
        var inputs = Enumerable.Range(0, Enclosure.Inputs.Dimension).ToList();
        for (var i = 0; i < output.Values.Dimension; i++)
        {
            var name = output.Values.Dimension == 1 ? "y" : $"y{i + 1}";
            if (output.HasFirst)
            {
                Field(writer, $"d{name}/dx", string.Join("\n", inputs.Select(a => Outward(output.First(i, a)))));
            }

            if (output.HasSecond)
            {
                var pairs = inputs.SelectMany(a => inputs.Where(b => b >= a).Select(b => (a, b)));
                Field(writer, $"d²{name}/dx²", string.Join("\n", pairs.Select(pair => $"x{pair.a + 1}x{pair.b + 1}: {Outward(output.Second(i, pair.a, pair.b))}")));
            }
        }
    }

    private static string Words(string scope) => scope switch
    {
        "always" => "at all times",
        "end" => "at the end",
        _ => "the output",
    };

    private static BigInteger Floor(Fraction number)
    {
        var quotient = BigInteger.DivRem(number.Numerator, number.Denominator, out var rest);
        return rest.Sign < 0 ? quotient - 1 : quotient;
    }

    private static string Decimal(BigInteger scaled, int decimals)
    {
        var digits = BigInteger.Abs(scaled).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        var sign = scaled.Sign < 0 ? "-" : "";
        return decimals == 0 ? sign + digits : $"{sign}{digits[..^decimals]}.{digits[^decimals..]}";
    }

    private static string Sides(Box box)
    {
        var text = new StringBuilder("[");
        return text.AppendJoin(", ", box.Select(side => $"[{Shown.Float(side.Lower)}, {Shown.Float(side.Upper)}]")).Append(']').ToString();
    }

    private static void Field(TextWriter writer, string label, string text) => Page.WriteField(writer, label, text, labelWidth: LabelWidth);
}
