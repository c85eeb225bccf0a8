using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace LayerTime;

/// <summary>The fields of one object of a document: what is unknown, repeated or missing is reported.</summary>
internal sealed class Fields
{
    private readonly Dictionary<string, JsonElement> values = new(StringComparer.Ordinal);
    private readonly DefectList defects;

    private Fields(Place place, DefectList defects)
    {
        Place = place;
        this.defects = defects;
    }

    internal Place Place { get; }

    internal static Fields? Of(JsonElement element, Place place, string expected, IReadOnlyList<string> known, DefectList defects)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            defects.Add(place, element, expected);
            return null;
        }

        var fields = new Fields(place, defects);
        foreach (var property in element.EnumerateObject())
        {
            var name = Described.Name(property);
            if (!known.Contains(name))
            {
                defects.Add(place.Field(name, $"field \"{Described.Cut(name)}\""), "an unknown field", $"only {string.Join(", ", known)}");
            }
            else if (!fields.values.TryAdd(name, property.Value))
            {
                defects.Add(place.Field(name), "the same field again", "each field once");
            }
        }

        return fields;
    }

    internal bool Has(string name) => values.ContainsKey(name);

    internal JsonElement? Optional(string name) => values.TryGetValue(name, out var value) ? value : null;

    internal JsonElement? Required(string name, string expected)
    {
        if (values.TryGetValue(name, out var value))
        {
            return value;
        }

        defects.Add(Place.Field(name), "no such field", expected);
        return null;
    }

    internal string? Word(string name, params IReadOnlyList<string> words)
    {
        var expected = words.Count == 1 ? $"\"{words[0]}\"" : "one of " + string.Join(", ", words.Select(word => $"\"{word}\""));
        if (Required(name, expected) is not { } element)
        {
            return null;
        }

        if (element.ValueKind == JsonValueKind.String && Described.Text(element) is { } text && words.Contains(text))
        {
            return text;
        }

        defects.Add(Place.Field(name), element, expected);
        return null;
    }

    /// <summary>An integer of a range; the least one where it is missing or wrong, so that reading can go on.</summary>
    internal int Integer(string name, int least, int most)
    {
        var expected = $"an integer of {least} … {most}";
        if (Required(name, expected) is not { } element)
        {
            return least;
        }

        if (element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var value) && value >= least && value <= most)
        {
            return value;
        }

        defects.Add(Place.Field(name), element, expected);
        return least;
    }
}
