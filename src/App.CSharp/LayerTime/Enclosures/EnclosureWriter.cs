using System.Collections.Generic;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LayerTime;

/// <summary>An enclosure as one JSON document, one time and one step a line; times are fractions, as they are exact.</summary>
internal static class EnclosureWriter
{
    internal static string ToJson(NeuralOdeEnclosure enclosure)
    {
        var fields = new List<string>
        {
            $"\"version\": {Quoted(ReportReader.Version)}",
            $"\"inputs\": {CensusText.Of(enclosure.Inputs)}",
            $"\"stop\": \"{JsonNamingPolicy.KebabCaseLower.ConvertName(enclosure.Stop.ToString())}\"",
            $"\"message\": {Quoted(enclosure.StopMessage)}",
            $"\"time\": \"{enclosure.Time}\"",
            $"\"steps\": {enclosure.Steps}",
            $"\"states\": {CensusText.Lines(enclosure.Reached.Select(reached => $"{{ \"t\": \"{reached.Time}\", {Of(reached.States, "x")} }}"), "  ")}",
            $"\"output\": {(enclosure.Output is { } output ? $"{{ {Of(output, "y")} }}" : "null")}",
            $"\"tube\": {CensusText.Lines(enclosure.Tube.Select(step => $"{{ \"from\": \"{step.From}\", \"until\": \"{step.Until}\", \"x\": {CensusText.Of(step.States)} }}"), "  ")}",
        };
        return $"{{\n  {string.Join(",\n  ", fields)}\n}}\n";
    }

    // Row i: component i; within it one entry for each input, for second derivatives one for each pair of inputs.
    private static string Of(EnclosedVector vector, string name)
    {
        var (width, inputs) = (vector.Values.Dimension, vector.Jet.Directions);
        var text = $"\"{name}\": {CensusText.Of(vector.Values)}";
        if (vector.HasFirst)
        {
            text += $", \"first\": {Each(width, i => Each(inputs, a => CensusText.Of(vector.First(i, a))))}";
        }

        return vector.HasSecond
            ? text + $", \"second\": {Each(width, i => Each(inputs, a => Each(inputs, b => CensusText.Of(vector.Second(i, a, b)))))}"
            : text;
    }

    private static string Each(int count, System.Func<int, string> item) => CensusText.List(Enumerable.Range(0, count).Select(item));

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
