using System;
using System.Collections.Generic;
using System.Linq;

namespace LayerTime.Onnx;

/// <summary>Nodes whose inputs are all constant.</summary>
internal static class Folding
{
    internal static Constant Of(OnnxNode node, IReadOnlyList<Constant> inputs, Allowance allowance, Dictionary<double, double> roots)
    {
        allowance.Take(1, inputs.Max(input => input.Count), node.Where);
        switch (node.Operator, inputs)
        {
            case ("Identity", [var x]):
                return x;
            case ("Neg", [var x]):
                return Constant.Of(x.Dims, Array.ConvertAll(x.Reals(), number => -number), node.Where);
            case ("Add", [var x, var y]):
                return Each(node, x, y, (a, b) => a + b);
            case ("Sub", [var x, var y]):
                return Each(node, x, y, (a, b) => a - b);
            case ("Mul", [var x, var y]):
                return Each(node, x, y, (a, b) => a * b);
            case ("Div", [var x, var y]):
                return Each(node, x, y, (a, b) => a / b);
            case ("Pow", [{ Count: 1 } x, { Count: 1 } y]):
                var power = Each(node, x, y, Math.Pow);
                roots[power.Scalar()] = x.Scalar();
                return power;
            case ("Transpose", [{ Dims: [var rows, var columns] } x]) when node.Integers("perm") is [] or [1, 0]:
                var numbers = x.Reals();
                return Constant.Of([columns, rows], [.. Enumerable.Range(0, x.Count).Select(e => numbers[(e % rows * columns) + (e / rows)])], node.Where);
            case ("Reshape", [var x, var target])
                when Broadcasting.Reshaped(new(false, null, x.Dims), target.Integers(), node.Integer("allowzero", 0) != 0) is { } shape:
                return x.Reshaped(shape.Features);
            default:
                throw node.Wrong("an operation on constants that LayerTime does not compute", "constants as they are");
        }
    }

    private static Constant Each(OnnxNode node, Constant x, Constant y, Func<double, double, double> f)
    {
        var (a, b) = (x.Reals(), y.Reals());
        var dims = x.Count == 1 && x.Dims.Count <= y.Dims.Count ? y.Dims
            : (y.Count == 1 && y.Dims.Count <= x.Dims.Count) || x.Dims.SequenceEqual(y.Dims) ? x.Dims
            : throw node.Wrong("constants of different shapes", "equal shapes, or a single number");
        var numbers = new double[Math.Max(a.Length, b.Length)];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = f(a[a.Length == 1 ? 0 : i], b[b.Length == 1 ? 0 : i]);
        }

        return FiniteNumbers.All(numbers) ? Constant.Of(dims, numbers, node.Where) : throw node.Wrong("a result that is not finite", "finite constants");
    }
}
