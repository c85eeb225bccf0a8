using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Algebra;
using LayerTime.Core.Numbers;

namespace LayerTime.Onnx;

/// <summary>A tensor whose numbers a graph holds or computes from such: read when they are asked for.</summary>
internal sealed class Constant
{
    private readonly TensorProto? tensor;
    private double[]? numbers;
    private readonly string where;
    private readonly Dictionary<bool, Matrix<Binary64>> matrices = [];

    private Constant(IReadOnlyList<int> dims, TensorProto? tensor, double[]? folded, string where)
    {
        Dims = dims;
        this.tensor = tensor;
        numbers = folded;
        this.where = where;
        Count = dims.Aggregate(1, (product, length) => product * length);
    }

    internal IReadOnlyList<int> Dims { get; }

    internal int Count { get; }

    /// <summary>What was raised to a power to get this number, where it was: hʳ remembers h.</summary>
    internal double? Base { get; private init; }

    internal static Constant Of(TensorProto tensor, string where)
    {
        long count = 1;
        foreach (var length in tensor.Dims)
        {
            count = length < 0 || (length > 0 && count > int.MaxValue / length) ? throw new Refusal(where, $"an axis of {length}", "a tensor that fits its data") : count * length;
        }

        if (tensor.DataLocation != TensorProto.Types.DataLocation.Default || tensor.Segment is not null)
        {
            throw new Refusal(where, "weights outside of the file", "a model in one file");
        }

        var (size, typed) = tensor.DataType switch
        {
            TensorProto.Types.DataType.Float => (4, tensor.FloatData.Count),
            TensorProto.Types.DataType.Double => (8, tensor.DoubleData.Count),
            TensorProto.Types.DataType.Int64 => (8, tensor.Int64Data.Count),
            TensorProto.Types.DataType.Int32 => (4, tensor.Int32Data.Count),
            var other => throw new Refusal(where, $"numbers of type {TypeName(other)}", "float or double (int32 and int64 for shapes)"),
        };
        var held = tensor.RawData.IsEmpty ? typed : tensor.RawData.Length / (double)size;
        if (held != count || (!tensor.RawData.IsEmpty && typed > 0))
        {
            throw new Refusal(where, $"data of {held} numbers", $"{count}, by the shape [{string.Join(", ", tensor.Dims)}]");
        }

        return new([.. tensor.Dims.Select(length => (int)length)], tensor, null, where);
    }

    internal static Constant Of(IReadOnlyList<int> dims, double[] numbers, string where, double? @base = null) => new(dims, null, numbers, where) { Base = @base };

    internal static string TypeName(TensorProto.Types.DataType type) => type.ToString().ToLowerInvariant();

    internal bool IsReal => tensor is null || tensor.DataType is TensorProto.Types.DataType.Float or TensorProto.Types.DataType.Double;

    internal Constant Reshaped(IReadOnlyList<int> dims) => new(dims, tensor, numbers, where) { Base = Base };

    /// <summary>The numbers, all finite; floats become doubles without rounding.</summary>
    internal double[] Reals() => numbers ??= Decode();

    internal double Scalar() => Count == 1 ? Reals()[0] : throw new Refusal(where, $"{Count} numbers", "one");

    /// <summary>Lengths, positions and axes.</summary>
    internal int[] Integers()
    {
        if (tensor is null || IsReal || Count > 64)
        {
            throw new Refusal(where, tensor is null || IsReal ? "numbers that are no integers" : $"{Count} integers", "a few integers");
        }

        return [.. Enumerable.Range(0, Count).Select(i => (int)Math.Clamp(Integer(i), int.MinValue, int.MaxValue))];
    }

    /// <summary>The last two axes as a matrix, or its transpose; made once.</summary>
    internal Matrix<Binary64> Matrix(bool transposed)
    {
        if (!matrices.TryGetValue(transposed, out var matrix))
        {
            var (rows, columns) = (Dims[^2], Dims[^1]);
            var entries = numbers ?? Decode();
            matrix = transposed
                ? MatrixModule.write<(double[], int, int), Binary64>(columns, rows, (entries, rows, columns), static (entries, state) =>
                {
                    var (source, rows, columns) = state;
                    for (var e = 0; e < entries.Length; e++)
                    {
                        entries[e] = new(source[(e % rows * columns) + (e / rows)]);
                    }
                })
                : MatrixModule.write<double[], Binary64>(rows, columns, entries, static (target, source) => Binary64Module.asNumbers(source).CopyTo(target));
            matrices.Add(transposed, matrix);
        }

        return matrix;
    }

    private double[] Decode()
    {
        if (!IsReal)
        {
            throw new Refusal(where, $"numbers of type {TypeName(tensor!.DataType)}", "float or double");
        }

        var raw = tensor!.RawData.Span;
        var decoded = new double[Count];
        for (var i = 0; i < decoded.Length; i++)
        {
            decoded[i] = (tensor.DataType, raw.IsEmpty) switch
            {
                (TensorProto.Types.DataType.Float, true) => tensor.FloatData[i],
                (TensorProto.Types.DataType.Float, false) => BinaryPrimitives.ReadSingleLittleEndian(raw[(4 * i)..]),
                (_, true) => tensor.DoubleData[i],
                (_, false) => BinaryPrimitives.ReadDoubleLittleEndian(raw[(8 * i)..]),
            };
        }

        return FiniteNumbers.All(decoded) ? decoded : throw new Refusal(where, "a number that is not finite", "finite numbers");
    }

    private long Integer(int i)
    {
        var raw = tensor!.RawData.Span;
        return (tensor.DataType, raw.IsEmpty) switch
        {
            (TensorProto.Types.DataType.Int32, true) => tensor.Int32Data[i],
            (TensorProto.Types.DataType.Int32, false) => BinaryPrimitives.ReadInt32LittleEndian(raw[(4 * i)..]),
            (_, true) => tensor.Int64Data[i],
            (_, false) => BinaryPrimitives.ReadInt64LittleEndian(raw[(8 * i)..]),
        };
    }
}
