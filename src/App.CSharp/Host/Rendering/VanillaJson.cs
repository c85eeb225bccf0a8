using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LayerTime.Host.Rendering;

/// <summary>A compiled flow, and what compiling would take, as one JSON document.</summary>
internal static class VanillaJson
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string Of(CompiledNetwork found, double epsilon, string? network) => Document(writer =>
    {
        writer.WriteNumber("epsilon", epsilon);
        writer.WriteNumber("certified", found.ErrorBound);
        writer.WriteNumber("splittingError", found.SplittingError);
        writer.WriteNumber("tableError", found.TableError);
        writer.WriteNumber("roundingError", found.RoundingError);
        writer.WriteString("box", found.Box.ToString());
        writer.WriteNumber("cells", found.Cells);
        writer.WriteNumber("depth", found.Depth);
        writer.WriteNumber("width", found.Box.Dimension);
        writer.WriteString("splitting", VanillaText.Name(found.Splitting));
        writer.WriteNumber("steps", found.Steps);
        writer.WriteString("reason", found.Reason);
        Predictions(writer, found.Predictions);
        if (network is not null)
        {
            writer.WritePropertyName("network");
            writer.WriteRawValue(network.TrimEnd());
        }
    });

    internal static string Plan(IReadOnlyList<double> errors, IReadOnlyList<IReadOnlyList<VanillaPrediction>> rows) => Document(writer =>
    {
        writer.WriteStartArray("plans");
        for (var i = 0; i < errors.Count; i++)
        {
            writer.WriteStartObject();
            writer.WriteNumber("epsilon", errors[i]);
            Predictions(writer, rows[i]);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private static void Predictions(Utf8JsonWriter writer, IReadOnlyList<VanillaPrediction> predictions)
    {
        writer.WriteStartArray("predictions");
        foreach (var prediction in predictions)
        {
            writer.WriteStartObject();
            writer.WriteString("splitting", VanillaText.Name(prediction.Splitting));
            writer.WriteNumber("steps", prediction.Steps);
            writer.WriteNumber("certifiedSteps", prediction.CertifiedSteps);
            if (prediction.Depth < long.MaxValue)
            {
                writer.WriteNumber("depth", prediction.Depth);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string Document(Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            content(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }
}
