using System;
using System.Numerics;
using System.Runtime.InteropServices;
using LayerTime.Core.Algebra;
using LayerTime.Core.Numbers;

namespace LayerTime.Safetensors;

/// <summary>
/// The numbers of a tensor. Doubles stay where they were read to; numbers of 16 and 32 bits stay as they are until they are asked for, and
/// are widened then, which rounds nothing.
/// </summary>
internal sealed class TensorNumbers
{
    private readonly Lazy<ReadOnlyMemory<Binary64>> numbers;
    private readonly Lazy<Matrix<Binary64>> matrix;
    private readonly int size;

    /// <summary>The numbers that begin at a byte of a block.</summary>
    internal TensorNumbers(TensorEntry entry, Binary64[] block, int offset)
    {
        Entry = entry;
        var count = (int)entry.Count;
        size = (int)((entry.End - entry.Begin) / count);
        numbers = entry.Type == "F64" && offset % 8 == 0
            ? new(new ReadOnlyMemory<Binary64>(block, offset / 8, count))
            : new(() => Widened(entry.Type, MemoryMarshal.AsBytes(block.AsSpan()).Slice(offset, count * size), count));
        matrix = new(() => MatrixModule.delay((int)entry.Shape[0], (int)entry.Shape[1], numbers));
    }

    internal TensorEntry Entry { get; }

    /// <summary>Whether all that was checked is finite.</summary>
    internal bool IsFinite { get; private set; } = true;

    /// <summary>As a vector.</summary>
    internal Binary64[] Vector => numbers.Value.ToArray();

    /// <summary>As a matrix, the same at every call.</summary>
    internal Matrix<Binary64> Matrix => matrix.Value;

    /// <summary>The first byte, in the data, of the first number that begins at a position or after it; the end of the tensor if there is none.</summary>
    internal long Number(long position) =>
        Entry.Begin + ((Math.Clamp(position, Entry.Begin, Entry.End) - Entry.Begin + size - 1) / size * size);

    /// <summary>Looks at whole numbers that were read, while they are near.</summary>
    internal void Check(Span<byte> bytes)
    {
        for (var i = 0; !BitConverter.IsLittleEndian && i < bytes.Length; i += size)
        {
            bytes.Slice(i, size).Reverse();
        }

        var isFinite = Entry.Type switch
        {
            "F64" => FiniteNumbers.All<ulong>(MemoryMarshal.Cast<byte, ulong>(bytes), 0x7FF0_0000_0000_0000),
            "F32" => FiniteNumbers.All<uint>(MemoryMarshal.Cast<byte, uint>(bytes), 0x7F80_0000),
            "F16" => FiniteNumbers.All<ushort>(MemoryMarshal.Cast<byte, ushort>(bytes), 0x7C00),
            _ => FiniteNumbers.All<ushort>(MemoryMarshal.Cast<byte, ushort>(bytes), 0x7F80),
        };
        if (!isFinite)
        {
            IsFinite = false;
        }
    }

    private static ReadOnlyMemory<Binary64> Widened(string type, ReadOnlySpan<byte> bytes, int count)
    {
        var wide = GC.AllocateUninitializedArray<Binary64>(count);
        var target = MemoryMarshal.Cast<Binary64, double>(wide.AsSpan());
        switch (type)
        {
            case "F64":
                bytes.CopyTo(MemoryMarshal.AsBytes(target));
                break;
            case "F32":
                Widen(MemoryMarshal.Cast<byte, float>(bytes), target);
                break;
            case "F16":
                var halves = MemoryMarshal.Cast<byte, Half>(bytes);
                for (var i = 0; i < count; i++)
                {
                    target[i] = (double)halves[i];
                }

                break;
            default:
                var upper = MemoryMarshal.Cast<byte, ushort>(bytes);
                for (var i = 0; i < count; i++)
                {
                    target[i] = BitConverter.Int32BitsToSingle(upper[i] << 16);
                }

                break;
        }

        return wide;
    }

    private static void Widen(ReadOnlySpan<float> singles, Span<double> doubles)
    {
        var blocks = MemoryMarshal.Cast<float, Vector<float>>(singles);
        var targets = MemoryMarshal.Cast<double, Vector<double>>(doubles);
        for (var i = 0; i < blocks.Length; i++)
        {
            System.Numerics.Vector.Widen(blocks[i], out targets[2 * i], out targets[(2 * i) + 1]);
        }

        for (var i = blocks.Length * Vector<float>.Count; i < singles.Length; i++)
        {
            doubles[i] = singles[i];
        }
    }
}
