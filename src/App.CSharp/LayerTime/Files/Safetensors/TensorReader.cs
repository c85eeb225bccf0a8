using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Numerics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading.Tasks;
using LayerTime.Core.Algebra;
using LayerTime.Core.Numbers;
using Microsoft.Win32.SafeHandles;

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
    private readonly SafeFileHandle? file = (stream as FileStream)?.SafeFileHandle;

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

    // The numbers of a tensor; whether all are finite. Of a file, several chunks are read at once: most of the time goes into touching the
    // memory for the first time, which cores do side by side.
    private unsafe bool TryFill(TensorEntry tensor, Span<Binary64> numbers)
    {
        var target = MemoryMarshal.Cast<Binary64, double>(numbers);
        var size = (int)((tensor.End - tensor.Begin) / numbers.Length);
        var (begin, count) = (header.DataStart + tensor.Begin, target.Length);
        const int Numbers = ChunkBytes / 8;
        var chunks = (count + Numbers - 1) / Numbers;
        if (file is null || chunks == 1)
        {
            stream.Position = begin;
            var isFinite = true;
            for (var i = 0; i < chunks; i++)
            {
                isFinite &= TryFill(tensor.Type, size, bytes => stream.ReadExactly(bytes), target.Slice(i * Numbers, Math.Min(Numbers, count - (i * Numbers))));
            }

            return isFinite;
        }

        fixed (double* first = target)
        {
            var start = first;
            var finite = new bool[chunks];
            try
            {
                Parallel.For(0, chunks, i =>
                {
                    var from = i * Numbers;
                    var part = new Span<double>(start + from, Math.Min(Numbers, count - from));
                    finite[i] = TryFill(tensor.Type, size, bytes => ReadExactly(file, bytes, begin + ((long)from * size)), part);
                });
            }
            catch (AggregateException failures)
            {
                ExceptionDispatchInfo.Throw(failures.Flatten().InnerExceptions[0]);
            }

            return Array.TrueForAll(finite, isFinite => isFinite);
        }
    }

    private delegate void Read(Span<byte> bytes);

    // A chunk is checked while it is near.
    private static bool TryFill(string type, int size, Read read, Span<double> part)
    {
        if (size == 8 && BitConverter.IsLittleEndian)
        {
            read(MemoryMarshal.AsBytes(part));
        }
        else
        {
            var bytes = ArrayPool<byte>.Shared.Rent(part.Length * size);
            read(bytes.AsSpan(0, part.Length * size));
            Widen(type, bytes.AsSpan(0, part.Length * size), part);
            ArrayPool<byte>.Shared.Return(bytes);
        }

        return FiniteNumbers.All(part);
    }

    private static void ReadExactly(SafeFileHandle file, Span<byte> bytes, long offset)
    {
        while (!bytes.IsEmpty)
        {
            var count = RandomAccess.Read(file, bytes, offset);
            if (count == 0)
            {
                throw new EndOfStreamException();
            }

            bytes = bytes[count..];
            offset += count;
        }
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
