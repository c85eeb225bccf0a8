using System;
using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LayerTime;

/// <summary>A report as one JSON document.</summary>
internal static class ReportWriter
{
    // The statements are full of mathematics: everything outside ASCII is written as it is.
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string ToJson(VerificationReport report)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("version", report.Version);
            writer.WriteString("catalogue", report.Catalogue);
            writer.WriteNumber("seed", report.Seed);
            if (report.Interrupted)
            {
                writer.WriteBoolean("interrupted", true);
            }

            writer.WriteStartArray("claims");
            foreach (var claim in report.Claims)
            {
                Write(writer, claim);
            }

            writer.WriteEndArray();
            writer.WriteStartArray("open");
            foreach (var open in report.Open)
            {
                writer.WriteStartObject();
                writer.WriteString("id", open.Id);
                writer.WriteString("reason", open.Reason);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            Write(writer, report.Timing);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void Write(Utf8JsonWriter writer, ClaimResult claim)
    {
        writer.WriteStartObject();
        writer.WriteString("id", claim.Id);
        writer.WriteString("paper", claim.Paper);
        writer.WriteString("evidence", Name(claim.Evidence));
        writer.WriteString("verdict", Name(claim.Verdict));
        if (claim.Reason is not null)
        {
            writer.WriteString("reason", claim.Reason);
        }

        writer.WriteNumber("trials", claim.Trials);
        writer.WriteNumber("undecided", claim.Undecided);
        if (claim.Tightness is { } tightness)
        {
            writer.WriteStartObject("tightness");
            writer.WriteNumber("median", tightness.Median);
            writer.WriteNumber("max", tightness.Max);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNull("tightness");
        }

        writer.WriteStartArray("necessity");
        foreach (var control in claim.Necessity)
        {
            Write(writer, control);
        }

        writer.WriteEndArray();
        if (claim.Counterexample is { } counterexample)
        {
            writer.WritePropertyName("witness");
            Write(writer, counterexample.Witness);
        }

        writer.WriteString("replay", claim.Counterexample?.ReplayToken);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, NecessityResult control)
    {
        writer.WriteStartObject();
        writer.WriteString("hypothesis", control.Hypothesis);
        writer.WriteBoolean("needed", control.Needed);
        if (!control.Needed)
        {
            writer.WriteString("reason", Reason(control));
        }

        writer.WritePropertyName("trialsToRefute");
        if (control.TrialsToRefute is { } trials)
        {
            writer.WriteNumberValue(trials);
        }
        else
        {
            writer.WriteNullValue();
        }

        writer.WritePropertyName("witness");
        if (control.Counterexample is { } counterexample)
        {
            Write(writer, counterexample.Witness);
        }
        else
        {
            writer.WriteNullValue();
        }

        writer.WriteEndObject();
    }

    private static string Reason(NecessityResult control) => control.Verdict switch
    {
        NecessityVerdict.FixedDidNotRefute => $"the fixed witness {string.Join(", ", control.Instance)} does not refute: {control.Found}",
        NecessityVerdict.NotShownNecessary => $"no counterexample in {control.Tried} cases",
        _ => $"interrupted after {control.Tried} cases",
    };

    private static void Write(Utf8JsonWriter writer, Witness witness)
    {
        writer.WriteStartObject();
        writer.WriteString("quantity", witness.Quantity);
        writer.WriteString("expected", witness.Expected);
        writer.WriteString("found", witness.Found);
        writer.WriteStartArray("instance");
        foreach (var value in witness.Instance)
        {
            writer.WriteStartObject();
            writer.WriteString("name", value.Name);
            writer.WriteString("value", value.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, VerificationTiming timing)
    {
        writer.WriteStartObject("timing");
        writer.WriteNumber("seconds", Seconds(timing.Elapsed));
        writer.WriteNumber("cores", timing.MaxDegreeOfParallelism);
        writer.WriteStartObject("claims");
        foreach (var claim in timing.Claims)
        {
            writer.WriteNumber(claim.Id, Seconds(claim.Elapsed));
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 6);

    // JSON has the word in lower case.
    private static string Name<TEnum>(TEnum value)
        where TEnum : struct, Enum => char.ToLowerInvariant(value.ToString()[0]) + value.ToString()[1..];
}
