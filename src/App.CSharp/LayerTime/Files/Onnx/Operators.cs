using System;
using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Algebra;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime.Onnx;

/// <summary>The nodes of a graph, first to last, as signals: each operator once, and a refusal for every other.</summary>
internal sealed class Operators(GraphBuilder builder, Allowance allowance, long opset, Dictionary<string, Constant> constants)
{
    private readonly Dictionary<string, Signal> signals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> uses = new(StringComparer.Ordinal);

    /// <summary>For each coefficient that the graph computes as a power hʳ the number h.</summary>
    internal Dictionary<double, double> Roots { get; } = [];

    internal Signal Run(IReadOnlyList<OnnxNode> nodes, string input, Signal x, string output)
    {
        foreach (var name in nodes.SelectMany(node => node.Inputs).Append(output))
        {
            uses[name] = uses.GetValueOrDefault(name) + 1;
        }

        foreach (var node in nodes.Where(node => node.Operator == "Constant"))
        {
            Define(node, node.Tensor("value") is { } tensor ? Constant.Of(tensor, node.Where) : throw node.Wrong("a constant without a tensor", "the attribute value"));
        }

        Patterns.Find(nodes, constants, uses);
        signals.Add(input, builder.Finish(x, uses.GetValueOrDefault(input), "the input"));
        foreach (var node in nodes.Where(node => !node.IsAbsorbed && node.Operator != "Constant"))
        {
            if (node.Domain is not ("" or "ai.onnx"))
            {
                throw node.Wrong($"the operator set \"{Described.Cut(node.Domain)}\"", "operators of the standard only");
            }

            Run(node);
        }

        return signals.TryGetValue(output, out var result) ? Parts.ByItself(result, builder, "the output")
            : throw new Refusal($"output \"{Described.Cut(output)}\"", constants.ContainsKey(output) ? "a constant" : "nothing that computes it", "a function of the input");
    }

    private void Run(OnnxNode node)
    {
        switch (node.Operator)
        {
            case "Split":
                Split(node);
                break;
            case "Pow" or "Add" or "Sub" or "Mul" or "Div" or "Neg" or "Identity" or "Transpose" or "Reshape" when node.Inputs.All(constants.ContainsKey) && node.Inputs.Count > 0:
                Define(node, Folding.Of(node, [.. node.Inputs.Select(name => constants[name])], allowance, Roots));
                break;
            default:
                Set(node, 0, node.Operator switch
                {
                    "Gemm" => Gemm(node),
                    "MatMul" => MatMul(node),
                    "Conv" => Conv(node),
                    "BatchNormalization" => BatchNormalization(node),
                    "Add" => Sum(node, 1),
                    "Sub" => Sum(node, -1),
                    "Mul" => Product(node),
                    "Div" => Quotient(node),
                    "Neg" => SignalAt(node, 0).Scaled(-1),
                    "Identity" => SignalAt(node, 0).Reshaped(SignalAt(node, 0).Shape),
                    "Flatten" => Flatten(node),
                    "Reshape" => Reshape(node),
                    "Concat" => Concat(node),
                    "Slice" => Slice(node),
                    _ => Activate(node),
                });
                break;
        }
    }

    private void Define(OnnxNode node, Constant constant)
    {
        if (node.Outputs.Count != 1 || signals.ContainsKey(node.Outputs[0]) || !constants.TryAdd(node.Outputs[0], constant))
        {
            throw node.Wrong("a value that is computed already, or none", "one value, computed once");
        }
    }

    private void Set(OnnxNode node, int index, Signal signal)
    {
        var name = node.Outputs.Count > index ? node.Outputs[index] : throw node.Wrong($"{node.Outputs.Count} outputs", $"{index + 1}");
        if (node.Outputs.Count > 1 && node.Operator != "Split" && node.Outputs.Skip(1).Any(uses.ContainsKey))
        {
            throw node.Wrong("a second output that is read", "the first output only");
        }

        if (constants.ContainsKey(name) || !signals.TryAdd(name, builder.Finish(signal, uses.GetValueOrDefault(name), node.Where)))
        {
            throw node.Wrong($"\"{Described.Cut(name)}\", which is computed already", "each value once");
        }
    }

    private static string Name(OnnxNode node, int index) => index < node.Inputs.Count ? node.Inputs[index] : throw node.Wrong($"{node.Inputs.Count} inputs", $"{index + 1}");

    private Signal SignalAt(OnnxNode node, int index)
    {
        var name = Name(node, index);
        return signals.TryGetValue(name, out var signal) ? Parts.ByItself(signal, builder, node.Where)
            : throw node.Wrong(
                constants.ContainsKey(name) ? $"the constant \"{Described.Cut(name)}\" as input {index}" : $"\"{Described.Cut(name)}\", which no node before it computes",
                "a function of the input");
    }

    private Constant? OptionalConstant(OnnxNode node, int index) =>
        index < node.Inputs.Count && node.Inputs[index].Length > 0 ? ConstantAt(node, index) : null;

    private Constant ConstantAt(OnnxNode node, int index) =>
        constants.TryGetValue(Name(node, index), out var constant) ? constant
        : throw node.Wrong($"\"{Described.Cut(Name(node, index))}\" as input {index}, which is not constant", "a constant");

    private bool IsConstant(OnnxNode node, int index) => constants.ContainsKey(Name(node, index));

    private static Matrix<Binary64> Matrix(Constant constant, bool transposed, OnnxNode node) =>
        constant.Dims.Count == 2 && constant.Count > 0 ? constant.Matrix(transposed) : throw node.Wrong($"weights of shape [{string.Join(", ", constant.Dims)}]", "a matrix");

    private Signal Affine(OnnxNode node, Signal x, Matrix<Binary64> weights, double[] bias)
    {
        if (x.Shape.Features is not { Count: >= 1 } features || features[^1] != x.Width || x.Width != weights.Columns)
        {
            throw node.Wrong($"{weights.Rows}×{weights.Columns} weights on a value of shape {x.Shape}", "a value of one axis besides the batch, as long as the weights are wide");
        }

        return builder.Affine(x, weights, bias, x.Shape.Of([.. features.SkipLast(1), weights.Rows]), node.Where);
    }

    private Signal Gemm(OnnxNode node)
    {
        if (node.Integer("transA", 0) != 0)
        {
            throw node.Wrong("a transposed input", "transA = 0");
        }

        var x = SignalAt(node, 0);
        var weights = Matrix(ConstantAt(node, 1), node.Integer("transB", 0) == 0, node);
        var (alpha, beta) = (node.Float("alpha", 1), node.Float("beta", 1));
        var hasBias = node.Inputs.Count > 2 && node.Inputs[2].Length > 0;
        var constant = hasBias && IsConstant(node, 2) ? ConstantAt(node, 2) : null;
        allowance.Take(1, weights.Rows, node.Where);
        var bias = new double[weights.Rows];
        if (constant is not null)
        {
            bias = Array.ConvertAll(Broadcasting.To(constant, x.Shape.Of(weights.Rows), allowance, node), number => number * beta);
        }

        // The layer first, so that a scale goes to its value and not to its argument.
        var result = alpha == 1 ? Affine(node, x, weights, bias) : Affine(node, x, weights, new double[weights.Rows]).Scaled(alpha).Plus(bias);
        return !hasBias || constant is not null ? result : Sum(node, result, SignalAt(node, 2).Scaled(beta));
    }

    private Signal MatMul(OnnxNode node)
    {
        if (IsConstant(node, 0))
        {
            var x = SignalAt(node, 1);
            return x.Shape.HasBatch || x.Shape.Rank != 1
                ? throw node.Wrong($"weights on the left of a value of shape {x.Shape}", "weights on the right, or a value of one axis")
                : Product(x, Matrix(ConstantAt(node, 0), false, node));
        }

        return Product(SignalAt(node, 0), Matrix(ConstantAt(node, 1), true, node));

        Signal Product(Signal x, Matrix<Binary64> weights)
        {
            allowance.Take(1, weights.Rows, node.Where);
            return Affine(node, x, weights, new double[weights.Rows]);
        }
    }

    // A convolution with a kernel of one point applies its matrix at every point.
    private Signal Conv(OnnxNode node)
    {
        var (x, kernel) = (SignalAt(node, 0), ConstantAt(node, 1));
        if (kernel.Dims.Count != x.Shape.Features.Count + 1 || !x.Shape.HasBatch || kernel.Dims.Count < 3 || kernel.Count == 0 || kernel.Dims.Skip(2).Any(length => length != 1))
        {
            throw node.Wrong($"a kernel of shape [{string.Join(", ", kernel.Dims)}]", "a kernel of one point");
        }

        if (node.Integer("group", 1) != 1 || node.Integers("pads").Any(pad => pad != 0) || node.Integers("strides").Any(stride => stride != 1))
        {
            throw node.Wrong("groups, padding or strides", "none of them");
        }

        var (rows, columns) = (kernel.Dims[0], kernel.Dims[1]);
        var points = x.Width / x.Shape.Features[0];
        if (columns != x.Shape.Features[0])
        {
            throw node.Wrong($"a kernel of {columns} channels on a value of shape {x.Shape}", $"{x.Shape.Features[0]}");
        }

        var weights = kernel.Reshaped([rows, columns]).Matrix(transposed: false);
        if (points > 1)
        {
            allowance.Take((long)rows * points, (long)columns * points, node.Where);
            weights = MatrixModule.kronecker(weights, MatrixModule.identity<Binary64>(points));
        }

        var bias = OptionalConstant(node, 2)?.Reals() ?? new double[rows];
        return bias.Length != rows
            ? throw node.Wrong($"{bias.Length} biases", $"{rows}")
            : builder.Affine(x, weights, [.. bias.SelectMany(number => Enumerable.Repeat(number, points))], x.Shape.Of([rows, .. x.Shape.Features.Skip(1)]), node.Where);
    }

    // γ·(x − μ)/√(σ² + ε) + β, channel by channel.
    private Signal BatchNormalization(OnnxNode node)
    {
        if (node.Integer("training_mode", 0) != 0 || node.Integer("spatial", 1) != 1)
        {
            throw node.Wrong("a batch normalisation in training", "one at inference");
        }

        var x = SignalAt(node, 0);
        var statistics = Enumerable.Range(1, 4).Select(index => ConstantAt(node, index)).ToArray();
        var channels = x.Shape.Features[0];
        if (!x.Shape.HasBatch || Array.Exists(statistics, constant => constant.Count != channels || constant.Dims.Count != 1))
        {
            throw node.Wrong("statistics that do not fit", $"{channels} numbers each");
        }

        var (gamma, beta, mean, variance) = (statistics[0].Reals(), statistics[1].Reals(), statistics[2].Reals(), statistics[3].Reals());
        double epsilon = node.Float("epsilon", 1e-5f);
        allowance.Take(2, x.Width, node.Where);
        double[] scales = [.. gamma.Zip(variance, (g, v) => g / Math.Sqrt(v + epsilon))];
        double[] offsets = [.. Enumerable.Range(0, channels).Select(c => beta[c] - (mean[c] * scales[c]))];
        if (!FiniteNumbers.All(scales) || !FiniteNumbers.All(offsets))
        {
            throw node.Wrong("a variance that is negative or zero", "a positive variance");
        }

        var points = x.Width / channels;
        return builder.Diagonal(x, Spread(scales), node.Where).Plus(Spread(offsets));

        double[] Spread(double[] numbers) => points == 1 ? numbers : [.. numbers.SelectMany(number => Enumerable.Repeat(number, points))];
    }

    private Signal Sum(OnnxNode node, int sign)
    {
        if (IsConstant(node, 1))
        {
            var x = SignalAt(node, 0);
            return x.Plus(Array.ConvertAll(Broadcasting.To(ConstantAt(node, 1), x.Shape, allowance, node), number => sign * number));
        }

        if (IsConstant(node, 0))
        {
            var x = SignalAt(node, 1);
            return x.Scaled(sign).Plus(Broadcasting.To(ConstantAt(node, 0), x.Shape, allowance, node));
        }

        return Sum(node, SignalAt(node, 0), sign == 1 ? SignalAt(node, 1) : SignalAt(node, 1).Scaled(-1));
    }

    private static Signal Sum(OnnxNode node, Signal left, Signal right) => left.Shape.Fits(right.Shape)
        ? LayerTime.Signal.Sum(left, right)
        : throw node.Wrong($"a sum of shapes {left.Shape} and {right.Shape}", "equal shapes");

    private Signal Product(OnnxNode node)
    {
        var index = IsConstant(node, 1) ? 1 : IsConstant(node, 0) ? 0 : throw node.Wrong("a product of two functions of the input", "one constant factor, or a square");
        return Scaled(node, SignalAt(node, 1 - index), ConstantAt(node, index), number => number);
    }

    private Signal Quotient(OnnxNode node) => Scaled(node, SignalAt(node, 0), ConstantAt(node, 1), number => 1 / number);

    private Signal Scaled(OnnxNode node, Signal x, Constant constant, Func<double, double> factor)
    {
        if (constant.Count == 1 && constant.Dims.Count <= x.Shape.Rank)
        {
            var scale = factor(constant.Scalar());
            return double.IsFinite(scale) ? x.Scaled(scale) : throw node.Wrong("a division by zero", "a divisor that is not zero");
        }

        var factors = Array.ConvertAll(Broadcasting.To(constant, x.Shape, allowance, node), number => factor(number));
        return FiniteNumbers.All(factors) ? builder.Diagonal(x, factors, node.Where) : throw node.Wrong("a division by zero", "a divisor that is not zero");
    }

    private Signal Flatten(OnnxNode node)
    {
        var x = SignalAt(node, 0);
        var axis = node.Integer("axis", 1);
        axis += axis < 0 ? x.Shape.Rank : 0;
        return x.Shape.HasBatch && (axis == 1 || (axis == 0 && x.Shape.Batch == 1)) ? x.Reshaped(x.Shape.Of(x.Width))
            : !x.Shape.HasBatch && axis == 0 ? x.Reshaped(new(true, 1, [x.Width]))
            : throw node.Wrong($"a flattening of {x.Shape} at axis {axis}", "one that keeps the samples apart");
    }

    private Signal Reshape(OnnxNode node)
    {
        var x = SignalAt(node, 0);
        var target = node.Has("shape") ? [.. node.Integers("shape").Select(length => (int)Math.Clamp(length, int.MinValue, int.MaxValue))] : ConstantAt(node, 1).Integers();
        return Broadcasting.Reshaped(x.Shape, target, node.Integer("allowzero", 0) != 0) is { } shape ? x.Reshaped(shape)
            : throw node.Wrong($"a reshaping of {x.Shape} to [{string.Join(", ", target)}]", "one that keeps the samples apart");
    }

    // The axis along which values of a shape lie one after another.
    private static void CheckAxis(OnnxNode node, Shape shape, long axis)
    {
        axis += axis < 0 ? shape.Rank : 0;
        var feature = axis - (shape.HasBatch ? 1 : 0);
        if (feature < 0 || feature >= shape.Features.Count || shape.Features.Take((int)feature).Any(length => length != 1) || shape.Features.Skip((int)feature + 1).Any(length => length != 1))
        {
            throw node.Wrong($"axis {axis} of a value of shape {shape}", "the only axis besides the batch");
        }
    }

    private Signal Concat(OnnxNode node)
    {
        List<Signal?> parts = [.. node.Inputs.Select(name => signals.GetValueOrDefault(name))];
        if (parts.FirstOrDefault(part => part is not null) is not { } first)
        {
            throw node.Wrong("constants only", "a function of the input");
        }

        CheckAxis(node, first.Shape, node.Integer("axis", long.MinValue / 2));
        if (Parts.RowByRow(parts) is var (source, activations))
        {
            return builder.Activate(source, activations, node.Where);
        }

        var width = 0L;
        List<(Signal? Signal, double[]? Constant, int At)> pieces = [];
        for (var i = 0; i < parts.Count; i++)
        {
            var numbers = parts[i] is null ? ConstantAt(node, i).Reals() : null;
            var signal = parts[i] is null ? null : Cell(SignalAt(node, i));
            if (signal is not null && (signal.Shape.Rank != first.Shape.Rank || signal.Shape.HasBatch != first.Shape.HasBatch))
            {
                throw node.Wrong($"values of shapes {first.Shape} and {signal.Shape}", "shapes that fit");
            }

            pieces.Add((signal, numbers, (int)width));
            width += signal?.Width ?? numbers!.Length;
            allowance.Take(1, width > int.MaxValue ? long.MaxValue : signal?.Width ?? numbers!.Length, node.Where);
        }

        var terms = pieces.SelectMany(piece => piece.Signal?.Collected().Select(term => term with { At = term.At + piece.At }) ?? []).ToList();
        double[]? offset = null;
        foreach (var (signal, numbers, at) in pieces)
        {
            if ((signal?.Offset ?? numbers) is { } constant)
            {
                offset ??= new double[width];
                constant.CopyTo(offset, at);
            }
        }

        return new(terms, offset, first.Shape.Of([.. first.Shape.Features.Select(length => length == first.Width ? (int)width : length)]));

        // A sum is a state of its own, a part of a cell stays one.
        Signal Cell(Signal signal) => signal.Collected() is [{ Scale: 1 }] && signal.Offset is null ? signal : new(builder.CellOf(signal, node.Where), signal.Shape);
    }

    private void Split(OnnxNode node)
    {
        var x = SignalAt(node, 0);
        CheckAxis(node, x.Shape, node.Integer("axis", 0));
        var count = node.Outputs.Count;
        var lengths = node.Has("split") ? [.. node.Integers("split").Select(length => (int)Math.Clamp(length, 0, int.MaxValue))]
            : OptionalConstant(node, 1)?.Integers() ?? Equal();
        if (lengths.Length != count || lengths.Any(length => length < 1) || lengths.Sum(length => (long)length) != x.Width)
        {
            throw node.Wrong($"parts of {string.Join(", ", lengths)}", $"{count} positive lengths that add up to {x.Width}");
        }

        // Parts that no other node reads may come together as the rows of one layer.
        var whole = new SplitWhole(x, x.Uses == 1 ? count : 0);
        for (var (i, from) = (0, 0); i < count; from += lengths[i], i++)
        {
            Set(node, i, Parts.Of(whole, i, from, x.Shape.Of([.. x.Shape.Features.Select(length => length == x.Width ? lengths[i] : length)])));
        }

        int[] Equal()
        {
            var length = (x.Width + count - 1) / count;
            return [.. Enumerable.Range(0, count).Select(i => Math.Min(length, x.Width - (i * length)))];
        }
    }

    private Signal Slice(OnnxNode node)
    {
        var x = SignalAt(node, 0);
        var starts = opset < 10 ? [.. node.Integers("starts").Select(start => (int)start)] : ConstantAt(node, 1).Integers();
        var ends = opset < 10 ? [.. node.Integers("ends").Select(end => (int)Math.Clamp(end, int.MinValue, int.MaxValue))] : ConstantAt(node, 2).Integers();
        var axes = opset < 10 ? [.. node.Integers("axes").Select(axis => (int)axis)] : OptionalConstant(node, 3)?.Integers() ?? [0];
        var steps = opset < 10 ? [1] : OptionalConstant(node, 4)?.Integers() ?? [1];
        if (starts is not [var start] || ends is not [var end] || axes is not [var axis] || steps is not [1])
        {
            throw node.Wrong("a slice of several axes, or with gaps", "one axis, step 1");
        }

        CheckAxis(node, x.Shape, axis);
        var (from, to) = (Clamp(start), Clamp(end));
        return to > from ? builder.Slice(x, from, x.Shape.Of([.. x.Shape.Features.Select(length => length == x.Width ? to - from : length)]), node.Where) : throw node.Wrong("an empty slice", "at least one coordinate");

        int Clamp(int position) => (int)Math.Clamp(position < 0 ? (long)position + x.Width : position, 0, x.Width);
    }

    private Signal Activate(OnnxNode node)
    {
        var activation = ActivationOf(node);
        if (node.Inputs.Count > 0 && signals.TryGetValue(node.Inputs[0], out var part) && Parts.Applied(part, activation) is { } applied)
        {
            return applied;
        }

        return builder.Activate(SignalAt(node, 0), [activation], node.Where);
    }

    private Activation<Binary64> ActivationOf(OnnxNode node)
    {
        switch (node.Operator)
        {
            case "Relu":
                return Activation<Binary64>.Relu;
            case "LeakyRelu":
                var alpha = node.Float("alpha", 0.01f);
                return float.IsFinite(alpha) ? Activation<Binary64>.NewLeakyRelu(new(alpha)) : throw node.Wrong("a slope that is not finite", "a finite slope");
            case "PRelu":
                return Activation<Binary64>.NewLeakyRelu(new(ConstantAt(node, 1).Scalar()));
            case Patterns.Square:
                return Activation<Binary64>.Square;
            case Patterns.Cubic:
                return Activation<Binary64>.Cubic;
            case "Tanh":
                return ActivationModule.transcendental<Binary64>(TranscendentalName.Tanh);
            case "Sigmoid":
                return ActivationModule.transcendental<Binary64>(TranscendentalName.Logistic);
            case "Softplus":
                return ActivationModule.transcendental<Binary64>(TranscendentalName.Softplus);
            case "Sin":
                return ActivationModule.transcendental<Binary64>(TranscendentalName.Sine);
            default:
                throw node.Wrong("an operator that LayerTime does not read", "affine maps, sums, and the activations Relu, LeakyRelu, PRelu, Tanh, Sigmoid, Softplus and Sin");
        }
    }
}
