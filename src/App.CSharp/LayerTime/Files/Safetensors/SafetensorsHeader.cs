using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace LayerTime.Safetensors;

/// <summary>One tensor of a file: its type, its shape, and where its bytes lie.</summary>
internal sealed record TensorEntry(string Name, string Type, IReadOnlyList<long> Shape, long Begin, long End)
{
    /// <summary>The number of numbers; of a checked entry no more than its bytes.</summary>
    internal long Count => Shape.Aggregate(1L, (product, length) => product * length);

    /// <summary>Whether its numbers are of a type that becomes doubles.</summary>
    internal bool HoldsFloats => Type is "F64" or "F32" or "F16" or "BF16";
}

/// <summary>
/// The header of a safetensors file, every rule of the format enforced: its size, one JSON object, no key twice, the bytes of each
/// tensor those of its shape, no gap and no overlap between tensors, and nothing after the last.
/// </summary>
internal sealed class SafetensorsHeader
{
    private const long MaximumHeader = 100_000_000;
    private static readonly string[] Known = ["dtype", "shape", "data_offsets"];

    private static readonly IReadOnlyDictionary<string, int> Sizes = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["BOOL"] = 1,
        ["U8"] = 1,
        ["I8"] = 1,
        ["F8_E5M2"] = 1,
        ["F8_E4M3"] = 1,
        ["I16"] = 2,
        ["U16"] = 2,
        ["F16"] = 2,
        ["BF16"] = 2,
        ["I32"] = 4,
        ["U32"] = 4,
        ["F32"] = 4,
        ["F64"] = 8,
        ["I64"] = 8,
        ["U64"] = 8,
    };

    private readonly Dictionary<string, TensorEntry> tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> metadata = new(StringComparer.Ordinal);

    private SafetensorsHeader(long dataStart) => DataStart = dataStart;

    /// <summary>Where the bytes of the tensors start in the stream.</summary>
    internal long DataStart { get; }

    internal IReadOnlyDictionary<string, TensorEntry> Tensors => tensors;

    internal IReadOnlyDictionary<string, string> Metadata => metadata;

    /// <summary>The header at the position of a stream that knows its length; null after a report.</summary>
    internal static SafetensorsHeader? Read(Stream stream, DefectList defects)
    {
        var (start, available) = (stream.Position, stream.Length - stream.Position);
        Span<byte> prefix = stackalloc byte[8];
        if (stream.ReadAtLeast(prefix, 8, throwOnEndOfStream: false) < 8)
        {
            defects.Add(At("the first 8 bytes"), $"a file of {available} bytes", "the size of the header in 8 bytes");
            return null;
        }

        var size = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (size < 2 || size > (ulong)Math.Min(MaximumHeader, available - 8))
        {
            defects.Add(At("the first 8 bytes"), $"a header of {size} bytes", $"2 … {Math.Max(2, Math.Min(MaximumHeader, available - 8))}, no more than the file holds");
            return null;
        }

        var bytes = new byte[size];
        stream.ReadExactly(bytes);
        if (bytes[0] != (byte)'{')
        {
            defects.Add(At("the header"), $"the byte 0x{bytes[0]:x2} at its start", "an opening brace");
            return null;
        }

        var syntax = Syntax.Check(bytes, out var document);
        if (document is null)
        {
            defects.Add(At($"the header, {(syntax[0].Line is { } line ? $"line {line}, byte {syntax[0].BytePosition}" : "its text")}"), syntax[0].Found, syntax[0].Expected);
            return null;
        }

        using (document)
        {
            var (header, before) = (new SafetensorsHeader(start + 8 + (long)size), defects.Count);
            header.Read(document.RootElement, defects);
            if (defects.Count == before)
            {
                header.CheckData(available - 8 - (long)size, defects);
            }

            return defects.Count == before ? header : null;
        }
    }

    private void Read(JsonElement root, DefectList defects)
    {
        foreach (var property in root.EnumerateObject())
        {
            var name = Described.Name(property);
            var place = Place.Root.Field(name, $"tensor \"{Described.Cut(name)}\"");
            if (name == "__metadata__")
            {
                ReadMetadata(property.Value, defects);
            }
            else if (Tensor(name, property.Value, place, defects) is { } tensor && !tensors.TryAdd(name, tensor))
            {
                defects.Add(place, "the same name again", "each tensor once");
            }
        }
    }

    private void ReadMetadata(JsonElement element, DefectList defects)
    {
        var place = Place.Root.Field("__metadata__");
        if (element.ValueKind != JsonValueKind.Object || metadata.Count > 0)
        {
            defects.Add(place, element.ValueKind == JsonValueKind.Object ? "the same field again" : Described.Element(element), "an object of strings, once");
            return;
        }

        foreach (var property in element.EnumerateObject())
        {
            var name = Described.Name(property);
            if (property.Value.ValueKind != JsonValueKind.String || Described.Text(property.Value) is not { } text)
            {
                defects.Add(place.Field(name), property.Value, "a string");
            }
            else if (!metadata.TryAdd(name, text))
            {
                defects.Add(place.Field(name), "the same key again", "each key once");
            }
        }
    }

    private static TensorEntry? Tensor(string name, JsonElement element, Place place, DefectList defects)
    {
        if (Fields.Of(element, place, "an object with dtype, shape and data_offsets", Known, defects) is not { } fields)
        {
            return null;
        }

        var type = fields.Word("dtype", [.. Sizes.Keys]);
        var shape = Lengths(fields, "shape", "an array of lengths", defects);
        var offsets = Lengths(fields, "data_offsets", "two offsets, the first not beyond the second", defects);
        if (type is null || shape is null || offsets is null)
        {
            return null;
        }

        if (offsets is not [var begin, var end] || begin > end)
        {
            defects.Add(place.Field("data_offsets"), $"[{string.Join(", ", offsets)}]", "two offsets, the first not beyond the second");
            return null;
        }

        // The product in 128 bits: a shape may be larger than any file.
        var bytes = shape.Contains(0) ? 0 : shape.Aggregate((UInt128)(uint)Sizes[type], (product, length) => product > (UInt128)long.MaxValue ? product : product * (UInt128)length);
        if (bytes != (UInt128)(end - begin))
        {
            defects.Add(place.Field("data_offsets"), $"{end - begin} bytes", $"{(bytes > (UInt128)long.MaxValue ? "more than a file can hold" : $"{bytes}")}, by shape and dtype");
            return null;
        }

        return new(name, type, shape, begin, end);
    }

    private static List<long>? Lengths(Fields fields, string field, string expected, DefectList defects)
    {
        if (fields.Required(field, expected) is not { } element)
        {
            return null;
        }

        var lengths = new List<long>();
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                if (item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out var length) && length >= 0)
                {
                    lengths.Add(length);
                }
            }

            if (lengths.Count == element.GetArrayLength())
            {
                return lengths;
            }
        }

        defects.Add(fields.Place.Field(field), element, expected + ", integers that are not negative");
        return null;
    }

    // One after another from the first byte to the last.
    private void CheckData(long available, DefectList defects)
    {
        var position = 0L;
        foreach (var tensor in tensors.Values.OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End))
        {
            if (tensor.Begin != position)
            {
                defects.Add(
                    Place.Root.Field(tensor.Name, $"tensor \"{Described.Cut(tensor.Name)}\""),
                    $"data from byte {tensor.Begin}, {(tensor.Begin < position ? "within another tensor" : "after a gap")}",
                    $"from byte {position}");
                return;
            }

            position = tensor.End;
        }

        if (position != available)
        {
            defects.Add(At("the data"), $"{available} bytes", $"{position}, by the header");
        }
    }

    private static Place At(string where) => new("$", where);
}
