using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using LayerTime.Core.Algebra;
using LayerTime.Core.Numbers;

namespace LayerTime.Safetensors;

/// <summary>The tensors that a layout names.</summary>
internal sealed class TensorReader(Stream stream, SafetensorsHeader header) : FloatReader
{
    /// <summary>The most numbers of one tensor.</summary>
    internal const int MaximumCount = int.MaxValue / 8;

    private readonly IReadOnlyDictionary<string, TensorNumbers> tensors = TensorData.Read(stream, header);

    internal override bool HasTensors => true;

    internal override Matrix<Binary64>? Matrix(JsonElement name, Place place, DefectList defects) =>
        Find(name, 2, "a matrix", place, defects)?.Matrix;

    internal override Binary64[]? Vector(JsonElement name, Place place, DefectList defects) =>
        Find(name, 1, "a vector", place, defects)?.Vector;

    private TensorNumbers? Find(JsonElement name, int rank, string expected, Place place, DefectList defects)
    {
        if (Described.Text(name) is not { } text || !header.Tensors.TryGetValue(text, out var tensor))
        {
            defects.Add(place, Described.Element(name), "the name of a tensor of the file");
        }
        else if (!tensor.HoldsFloats)
        {
            defects.Add(place, $"\"{Described.Cut(text)}\" of type {tensor.Type}", "F64, F32, F16 or BF16");
        }
        else if (tensor.Shape.Count != rank || !tensors.TryGetValue(text, out var numbers))
        {
            defects.Add(place, $"\"{Described.Cut(text)}\" of shape [{string.Join(", ", tensor.Shape)}]", $"{expected} of at most {MaximumCount} numbers, and at least one");
        }
        else if (!numbers.IsFinite)
        {
            defects.Add(place, $"a number in \"{Described.Cut(text)}\" that is not finite", "finite numbers");
        }
        else
        {
            return numbers;
        }

        return null;
    }
}
