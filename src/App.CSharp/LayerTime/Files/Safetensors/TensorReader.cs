using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;
using LayerTime.Core.Algebra;
using LayerTime.Core.Numbers;

namespace LayerTime.Safetensors;

/// <summary>
/// The tensors that a layout names: each read once, straight into the matrix where it stays. Numbers of 16 and 32 bits are widened on
/// the way, which rounds nothing.
/// </summary>
internal sealed class TensorReader(Stream stream, SafetensorsHeader header) : FloatReader
{
    // Small enough for a processor's cache, where the numbers are checked and widened.
    private const int ChunkBytes = 1 << 18;

    private readonly Dictionary<string, Matrix<Binary64>> matrices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Binary64[]> vectors = new(StringComparer.Ordinal);
    private byte[]? chunk;

    internal override bool HasTensors => true;

    internal override Matrix<Binary64>? Matrix(JsonElement name, Place place, DefectList defects)
    {
        if (Find(name, 2, "a matrix", place, defects) is not { } tensor)
        {
            return null;
        }

        if (!matrices.TryGetValue(tensor.Name, out var matrix))
        {
            var isFinite = false;
            matrix = MatrixModule.write<int, Binary64>((int)tensor.Shape[0], (int)tensor.Shape[1], 0, (entries, _) => isFinite = TryFill(tensor, entries));
            if (!isFinite)
            {
                Report(tensor, place, defects);
                return null;
            }

            matrices.Add(tensor.Name, matrix);
        }

        return matrix;
    }

    internal override Binary64[]? Vector(JsonElement name, Place place, DefectList defects)
    {
        if (Find(name, 1, "a vector", place, defects) is not { } tensor)
        {
            return null;
        }

        if (!vectors.TryGetValue(tensor.Name, out var vector))
        {
            vector = new Binary64[tensor.Shape[0]];
            if (!TryFill(tensor, vector))
            {
                Report(tensor, place, defects);
                return null;
            }

            vectors.Add(tensor.Name, vector);
        }

        return vector;
    }

    private static void Report(TensorEntry tensor, Place place, DefectList defects) =>
        defects.Add(place, $"a number in \"{Described.Cut(tensor.Name)}\" that is not finite", "finite numbers");

    private TensorEntry? Find(JsonElement name, int rank, string expected, Place place, DefectList defects)
    {
        if (Described.Text(name) is not { } text || !header.Tensors.TryGetValue(text, out var tensor))
        {
            defects.Add(place, Described.Element(name), "the name of a tensor of the file");
            return null;
        }

        if (tensor.Type is not ("F64" or "F32" or "F16" or "BF16"))
        {
            defects.Add(place, $"\"{Described.Cut(text)}\" of type {tensor.Type}", "F64, F32, F16 or BF16");
            return null;
        }

        if (tensor.Shape.Count != rank || tensor.Count is < 1 or > int.MaxValue / 8)
        {
            defects.Add(place, $"\"{Described.Cut(text)}\" of shape [{string.Join(", ", tensor.Shape)}]", $"{expected} of at most {int.MaxValue / 8} numbers, and at least one");
            return null;
        }

        return tensor;
    }

    // The numbers of a tensor; whether all are finite. A chunk is checked while it is near.
    private bool TryFill(TensorEntry tensor, Span<Binary64> numbers)
    {
        stream.Position = header.DataStart + tensor.Begin;
        var target = MemoryMarshal.Cast<Binary64, double>(numbers);
        var isFinite = true;
        var size = (int)((tensor.End - tensor.Begin) / numbers.Length);
        while (!target.IsEmpty)
        {
            var part = target[..Math.Min(target.Length, ChunkBytes / 8)];
            if (size == 8 && BitConverter.IsLittleEndian)
            {
                stream.ReadExactly(MemoryMarshal.AsBytes(part));
            }
            else
            {
                var bytes = (chunk ??= new byte[ChunkBytes]).AsSpan(0, part.Length * size);
                stream.ReadExactly(bytes);
                Widen(tensor.Type, bytes, part);
            }

            isFinite &= FiniteNumbers.All(part);
            target = target[part.Length..];
        }

        return isFinite;
    }

    private static void Widen(string type, ReadOnlySpan<byte> bytes, Span<double> numbers)
    {
        var start = 0;
        if (type == "F32" && BitConverter.IsLittleEndian)
        {
            var floats = MemoryMarshal.Cast<byte, Vector<float>>(bytes);
            var doubles = MemoryMarshal.Cast<double, Vector<double>>(numbers);
            for (var i = 0; i < floats.Length; i++)
            {
                System.Numerics.Vector.Widen(floats[i], out doubles[2 * i], out doubles[(2 * i) + 1]);
            }

            start = floats.Length * Vector<float>.Count;
        }

        for (var i = start; i < numbers.Length; i++)
        {
            numbers[i] = type switch
            {
                "F64" => BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]),
                "F32" => BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]),
                "F16" => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]),
                _ => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) << 16),
            };
        }
    }
}
