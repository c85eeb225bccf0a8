using System;
using System.Linq;
using System.Text.Json;

namespace LayerTime;

/// <summary>What stands in a document, in words.</summary>
internal static class Described
{
    private const int Longest = 40;

    internal static string Element(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.String => Text(element) is { } text ? $"the string \"{Cut(text)}\"" : "a string that is not valid Unicode",
        JsonValueKind.Number => Cut(element.GetRawText()),
        JsonValueKind.Array => "an array",
        _ => "an object",
    };

    /// <summary>The start of a text, on one line.</summary>
    internal static string Cut(string text)
    {
        var start = text.Length <= Longest ? text : text[..(char.IsHighSurrogate(text[Longest - 2]) ? Longest - 2 : Longest - 1)] + "…";
        return start.Any(char.IsControl) ? string.Concat(start.Select(c => c == '\n' ? "\\n" : char.IsControl(c) ? $"\\u{(int)c:x4}" : $"{c}")) : start;
    }

    /// <summary>The text of a string; null where it escapes half a surrogate pair.</summary>
    internal static string? Text(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The name of a field; its raw spelling where it escapes half a surrogate pair.</summary>
    internal static string Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return "(a name that is not valid Unicode)";
        }
    }
}
