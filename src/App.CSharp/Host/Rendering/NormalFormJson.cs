using System.Buffers;
using System.Collections.Generic;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LayerTime.Host.Rendering;

/// <summary>What a normal form found, as one JSON document: class, ranks, removed neurons and the network.</summary>
internal static class NormalFormJson
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string Of(NormalForm form, NetworkClass? found, string network)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            if (form.Constant is { } constant)
            {
                Texts(writer, "constant", constant);
            }

            Integers(writer, "widths", form.Widths);
            Integers(writer, "ranks", form.Ranks);
            writer.WriteBoolean("exact", form.IsExact);
            Removed(writer, form);
            if (found is not null)
            {
                Class(writer, found);
            }

            writer.WritePropertyName("network");
            writer.WriteRawValue(network.TrimEnd());
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void Removed(Utf8JsonWriter writer, NormalForm form)
    {
        writer.WriteStartArray("removed");
        foreach (var neuron in form.Removed)
        {
            writer.WriteStartObject();
            writer.WriteNumber("layer", neuron.Layer);
            writer.WriteNumber("neuron", neuron.Neuron);
            writer.WriteString("reason", neuron.Reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Class(Utf8JsonWriter writer, NetworkClass found)
    {
        writer.WriteStartObject("class");
        Integers(writer, "widths", found.Widths);
        writer.WriteString("byWidths", Word(found.ByWidths));
        Integers(writer, "effectiveWidths", found.EffectiveWidths);
        if (found.Effective is { } effective)
        {
            writer.WriteString("effective", Word(effective));
        }

        writer.WriteString("criticalPoints", Word(found.CriticalPoints));
        Texts(writer, "explanation", found.Explanation);
        writer.WriteEndObject();
    }

    // NonAugmented as "non-augmented".
    private static string Word<T>(T value)
        where T : struct, System.Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    private static void Integers(Utf8JsonWriter writer, string name, IReadOnlyList<int> numbers)
    {
        writer.WriteStartArray(name);
        foreach (var number in numbers)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }

    private static void Texts(Utf8JsonWriter writer, string name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
