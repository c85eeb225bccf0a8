using System.Collections.Generic;
using System.Linq;

namespace LayerTime.Onnx;

/// <summary>Shapes of constants and values, by the rules that numpy and ONNX share.</summary>
internal static class Broadcasting
{
    /// <summary>The constant as one number for each coordinate of a value.</summary>
    internal static double[] To(Constant constant, Shape shape, Allowance allowance, OnnxNode node)
    {
        var padding = shape.Rank - constant.Dims.Count;
        List<int> features = [.. Enumerable.Repeat(1, padding > 0 ? padding : 0).Concat(constant.Dims)];
        var isFit = padding >= 0 && (!shape.HasBatch || features[0] == 1);
        if (shape.HasBatch && isFit)
        {
            features.RemoveAt(0);
        }

        if (!isFit || features.Zip(shape.Features).Any(pair => pair.First != 1 && pair.First != pair.Second))
        {
            throw node.Wrong($"a constant of shape [{string.Join(", ", constant.Dims)}] on a value of shape {shape}", "a shape that fits and does not widen the value");
        }

        allowance.Take(1, shape.Width, node.Where);
        var numbers = constant.Reals();
        if (numbers.Length == shape.Width)
        {
            return numbers;
        }

        var spread = new double[shape.Width];
        for (var e = 0; e < spread.Length; e++)
        {
            var (rest, index, stride) = (e, 0, 1);
            for (var axis = features.Count - 1; axis >= 0; axis--)
            {
                index += features[axis] == 1 ? 0 : rest % shape.Features[axis] * stride;
                rest /= shape.Features[axis];
                stride *= features[axis];
            }

            spread[e] = numbers[index];
        }

        return spread;
    }

    /// <summary>The shape after a reshaping that changes no sample's coordinates and their order; null for any other.</summary>
    internal static Shape? Reshaped(Shape shape, IReadOnlyList<int> target, bool zeroIsLength)
    {
        if (!shape.HasBatch)
        {
            return Features(target, shape.Features, shape.Width, zeroIsLength) is { Count: > 0 } all ? new(false, null, all) : null;
        }

        if (target.Count > 1 && Features([.. target.Skip(1)], shape.Features, shape.Width, zeroIsLength) is { } rest)
        {
            var hasGap = target.Skip(1).Contains(-1);
            if ((target[0] == 0 && !zeroIsLength) || (target[0] > 0 && target[0] == shape.Batch) || (target[0] == -1 && !hasGap) || (target[0] > 0 && !hasGap && shape.Batch is null))
            {
                return new(true, target[0] > 0 ? target[0] : shape.Batch, rest);
            }
        }

        return shape.Batch == 1 && Features(target, [1, .. shape.Features], shape.Width, zeroIsLength) is { Count: > 0 } single ? new(false, null, single) : null;
    }

    private static IReadOnlyList<int>? Features(IReadOnlyList<int> target, IReadOnlyList<int> before, int width, bool zeroIsLength)
    {
        var lengths = target.Select((length, axis) => length == 0 && !zeroIsLength && axis < before.Count ? before[axis] : length).ToList();
        var product = lengths.Where(length => length != -1).Aggregate(1L, (product, length) => length < 1 || product > int.MaxValue ? 0 : product * length);
        var gaps = lengths.Count(length => length == -1);
        if (product < 1 || gaps > 1 || (gaps == 0 ? product != width : width % product != 0))
        {
            return null;
        }

        return [.. lengths.Select(length => length == -1 ? (int)(width / product) : length)];
    }
}
