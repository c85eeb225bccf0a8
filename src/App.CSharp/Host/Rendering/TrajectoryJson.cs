using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LayerTime.Host.Rendering;

/// <summary>A run as one JSON document: fractions as strings, floats as numbers, and as strings where they are not finite.</summary>
internal static class TrajectoryJson
{
    internal static string Of(RunRecord run)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new() { Indented = true, NewLine = "\n" }))
        {
            writer.WriteStartObject();
            writer.WriteString("numbers", run.Numbers);
            writer.WriteStartArray("states");
            for (var i = 0; i < run.States.Count; i++)
            {
                writer.WriteStartObject();
                writer.WriteNumber("layer", run.FirstLayer + i);
                Write(writer, "x", run.States[i], run.IsExact);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            Write(writer, "output", run.Output, run.IsExact);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<string> numbers, bool isExact)
    {
        writer.WriteStartArray(name);
        foreach (var number in numbers)
        {
            if (isExact || !double.IsFinite(double.Parse(number, CultureInfo.InvariantCulture)))
            {
                writer.WriteStringValue(number);
            }
            else
            {
                writer.WriteRawValue(number);
            }
        }

        writer.WriteEndArray();
    }
}
