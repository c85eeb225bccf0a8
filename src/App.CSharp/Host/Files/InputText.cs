using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;

namespace LayerTime.Host.Files;

/// <summary>The numbers of an input: x(0) first, then x(−1) and so on, as they stand on the command line or in a file.</summary>
internal static class InputText
{
    /// <summary>The largest file that is read: 16 MiB.</summary>
    internal const int MaximumBytes = 16 * 1024 * 1024;

    /// <summary>One list of texts for each state.</summary>
    /// <param name="input">A file that ends in .csv or .json, or numbers with commas, states with semicolons between them.</param>
    internal static IReadOnlyList<IReadOnlyList<string>> Read(string input)
    {
        var states = Path.GetExtension(input).ToUpperInvariant() switch
        {
            ".CSV" => Rows(Text(input).Split('\n').Where(line => line.Trim().Length > 0)),
            ".JSON" => Json(input, Text(input)),
            _ => Rows(input.Split(';')),
        };
        return states.Any(state => state.Any(number => number.Length > 0)) ? states : throw HostException.BadInput("The input is empty; at least one number is expected.");
    }

    /// <summary>Lines of numbers with commas between them.</summary>
    internal static IReadOnlyList<IReadOnlyList<string>> Rows(IEnumerable<string> rows) =>
        [.. rows.Select(row => (IReadOnlyList<string>)[.. row.Split(',').Select(number => number.Trim())])];

    private static IReadOnlyList<IReadOnlyList<string>> Json(string path, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            return root.ValueKind != JsonValueKind.Array ? throw Unexpected(path, "$", root)
                : root.EnumerateArray().FirstOrDefault().ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray().Select((state, i) => State(path, $"$[{i}]", state))]
                : [State(path, "$", root)];
        }
        catch (JsonException exception)
        {
            throw HostException.BadInput(
                $"{path} is not JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}; an array of numbers is expected.");
        }
    }

    private static IReadOnlyList<string> State(string path, string place, JsonElement state) =>
        state.ValueKind != JsonValueKind.Array
            ? throw Unexpected(path, place, state)
            : [.. state.EnumerateArray().Select((number, i) => number.ValueKind switch
            {
                JsonValueKind.Number => number.GetRawText(),
                JsonValueKind.String => number.GetString()!.Trim(),
                _ => throw Unexpected(path, $"{place}[{i}]", number),
            })];

    private static HostException Unexpected(string path, string place, JsonElement found) =>
        HostException.BadInput(
            $"{path}, {place}: found {Kind(found)}; an array of numbers, or of fractions such as \"-1/2\", is expected, or an array of such arrays, one for each state.");

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a truth value",
    };

    /// <summary>A file as text, up to the largest that is read.</summary>
    internal static string Text(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            using var bytes = new MemoryStream();
            var buffer = new byte[81920];
            while (stream.Read(buffer) is var count and > 0)
            {
                bytes.Write(buffer, 0, count);
                if (bytes.Length > MaximumBytes)
                {
                    throw HostException.BadInput($"{path} is larger than {MaximumBytes} bytes, the largest input that is read.");
                }
            }

            bytes.Position = 0;
            using var reader = new StreamReader(bytes, Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
            return reader.ReadToEnd();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw HostException.BadInput($"Cannot read {path}: {exception.Message}");
        }
    }
}
