using System.Text.Json;

namespace LayerTime;

/// <summary>A place in a document: its JSON path, and the same in the words of networks.</summary>
/// <param name="Path">Such as "$.layers[3].bias".</param>
/// <param name="Where">Such as "layer 3, bias".</param>
internal readonly record struct Place(string Path, string Where)
{
    internal static Place Root => new("$", "");

    internal Place Field(string name, string where) => new(Path + Step(name), Where.Length == 0 ? where : $"{Where}, {where}");

    internal Place Field(string name) => Field(name, name);

    internal Place Item(int index) => this with { Path = $"{Path}[{index}]" };

    internal Place Item(int index, string where) => new($"{Path}[{index}]", Where.Length == 0 ? where : $"{Where}, {where}");

    // A name that is not a plain word goes in brackets, as a JSON string; one that is a book is cut.
    private static string Step(string name)
    {
        var plain = name.Length > 0 && !char.IsAsciiDigit(name[0]);
        foreach (var c in name)
        {
            plain &= char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
        }

        return plain && name.Length <= 40 ? "." + name : $"[{JsonSerializer.Serialize(Described.Cut(name))}]";
    }
}
