using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace LayerTime;

/// <summary>Bytes as a JSON document, or where they stop being one.</summary>
internal static class Syntax
{
    private static readonly SearchValues<byte> Delimiters = SearchValues.Create(" \t\r\n,:[]{}\""u8);

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    internal static IReadOnlyList<NetworkDefect> Check(byte[] bytes, out JsonDocument? document)
    {
        document = null;
        if (bytes.Length > NetworkFormat.MaximumBytes)
        {
            return [NetworkFile.TooLarge($"{bytes.Length} bytes")];
        }

        if (bytes.AsSpan().StartsWith(ByteOrderMark))
        {
            return [At(bytes, 0, "a byte-order mark", "JSON in UTF-8 without one")];
        }

        if (bytes.AsSpan().IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            return [At(bytes, bytes.Length, "an empty document", "a JSON object, the network")];
        }

        if (!Utf8.IsValid(bytes))
        {
            return [At(bytes, FirstInvalid(bytes), "bytes that are not UTF-8", "JSON in UTF-8")];
        }

        try
        {
            document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = NetworkFormat.MaximumNesting });
            return [];
        }
        catch (JsonException exception)
        {
            return [Explain(bytes, exception)];
        }
    }

    private static NetworkDefect Explain(byte[] bytes, JsonException exception)
    {
        var offset = Offset(bytes, exception.LineNumber ?? 0, exception.BytePositionInLine ?? 0);
        if (TooDeep(bytes) is { } deep && deep <= offset)
        {
            return At(bytes, deep, $"more than {NetworkFormat.MaximumNesting} nested arrays and objects", $"at most {NetworkFormat.MaximumNesting}");
        }

        var start = StartOfWord(bytes, offset);
        var word = Word(bytes, start);
        var number = word.TrimStart('-', '+');
        if (number.StartsWith("nan", StringComparison.OrdinalIgnoreCase) || number.StartsWith("inf", StringComparison.OrdinalIgnoreCase))
        {
            return At(bytes, start, word, "a finite number");
        }

        // A comma or colon with nothing behind it waits for what is missing.
        return bytes.AsSpan(offset).TrimStart(",:"u8).IndexOfAnyExcept(" \t\r\n"u8) < 0
            ? At(bytes, bytes.Length, "the end of the document", "the rest of it: it is cut off")
            : At(bytes, start, $"\"{Described.Cut(word)}\", where JSON ends", "well-formed JSON");
    }

    private static int Offset(byte[] bytes, long line, long column)
    {
        var start = 0;
        for (; line > 0; line--)
        {
            start += bytes.AsSpan(start).IndexOf((byte)'\n') + 1;
        }

        return (int)Math.Min(bytes.Length, start + column);
    }

    // Where the nesting first goes beyond what is read; null where it does not before the text stops being JSON.
    private static int? TooDeep(byte[] bytes)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = NetworkFormat.MaximumNesting + 2 });
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth >= NetworkFormat.MaximumNesting && reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
                {
                    return (int)reader.TokenStartIndex;
                }
            }
        }
        catch (JsonException)
        {
            // The text stops being JSON here.
        }

        return null;
    }

    // The reader stops in the middle of words that begin like one it knows: "nan" at the "a".
    private static int StartOfWord(byte[] bytes, int offset)
    {
        while (offset > 0 && (char.IsAsciiLetterOrDigit((char)bytes[offset - 1]) || bytes[offset - 1] is (byte)'-' or (byte)'+' or (byte)'.'))
        {
            offset--;
        }

        return offset;
    }

    private static string Word(byte[] bytes, int offset)
    {
        var rest = bytes.AsSpan(offset);
        if (rest.IsEmpty)
        {
            return "";
        }

        var length = rest.IndexOfAny(Delimiters);
        var word = Encoding.UTF8.GetString(rest[..Math.Max(1, length < 0 ? rest.Length : Math.Min(length, 200))]);
        return Described.Cut(word);
    }

    private static int FirstInvalid(byte[] bytes)
    {
        var offset = 0;
        while (offset < bytes.Length && Rune.DecodeFromUtf8(bytes.AsSpan(offset), out _, out var count) == OperationStatus.Done)
        {
            offset += count;
        }

        return offset;
    }

    private static NetworkDefect At(byte[] bytes, int offset, string found, string expected)
    {
        var before = bytes.AsSpan(0, offset);
        return new()
        {
            Where = "",
            Found = found,
            Expected = expected,
            Line = before.Count((byte)'\n') + 1,
            BytePosition = offset - before.LastIndexOf((byte)'\n'),
        };
    }
}
