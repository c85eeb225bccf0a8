using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Google.Protobuf.Collections;
using LayerTime.Core.Algebra;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime.Onnx;

/// <summary>A network of floats as an ONNX model of doubles, its difference equation written out layer by layer.</summary>
internal sealed class OnnxWriter
{
    private const int Opset = 13;
    private const int IrVersion = 8;

    private readonly GraphProto graph = new() { Name = "network" };
    private readonly Dictionary<Matrix<Binary64>, string> weights = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, string> numbers = [];
    private int values;

    private OnnxWriter()
    {
    }

    internal static byte[] Write(Network network)
    {
        var floats = network.ToFloat().Floats!;
        if (network.ParameterCount > (int.MaxValue / 8) - (1 << 20))
        {
            throw new NetworkFormatException("The network", NetworkFileFormat.Onnx.Name(), [new() { Where = "weights", Found = $"{network.ParameterCount} numbers", Expected = "less than 2 GiB of them, the most that a model holds" }]);
        }

        var writer = new OnnxWriter();
        var history = network.Lift?.InputWidth ?? network.StateDimension;
        writer.graph.Input.Add(Value("input", history));
        writer.Network(floats, network.Design, "input");
        writer.graph.Output.Add(Value("output", network.OutputWidth));
        var model = new ModelProto { IrVersion = IrVersion, ProducerName = "LayerTime", Graph = writer.graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = Opset });
        return model.ToByteArray();
    }

    private void Network(Network<Binary64> network, Design design, string input)
    {
        var equation = network.Equation;
        var (blocks, start) = (equation.Blocks, network.Lift is { } lift ? Map(lift.Value, input) : input);

        // x(0), x(−1), …, newest first; then each new state before them.
        var states = blocks == 1 ? [start] : Split(start, [.. Enumerable.Repeat(equation.Width(0), blocks)]).ToList();
        var power = design.HasStep ? Power(equation.Step.Value, equation.Order) : null;
        var binomials = Binomials.Weights(equation.Order);
        foreach (var maps in ArchitectureModule.maps(network.Architecture))
        {
            var sum = design.HasWindow
                ? Map(maps[0], design.Window == 1 ? states[0] : Concat(states.Take(design.Window)))
                : maps.Select((map, age) => Map(map, states[age])).Aggregate((left, right) => Node("Add", left, right));
            states.Insert(0, binomials.Length == 0 ? Scaled(sum, power) : Node("Add", Past(states, binomials), Scaled(sum, power)));
            states.RemoveRange(blocks, states.Count - blocks);
        }

        Rename(network.Readout is { } readout ? Map(readout.Value, blocks == 1 ? states[0] : Concat(states)) : states[0]);
    }

    // Σ_{n=1..r} (−1)ⁿ⁺¹·C(r,n)·x(l+1−n)
    private string Past(List<string> states, double[] binomials)
    {
        var sum = Scaled(states[0], binomials[0] == 1 ? null : Number(binomials[0]));
        for (var n = 1; n < binomials.Length; n++)
        {
            var size = Math.Abs(binomials[n]);
            sum = Node(binomials[n] < 0 ? "Sub" : "Add", sum, Scaled(states[n], size == 1 ? null : Number(size)));
        }

        return sum;
    }

    // hʳ; null for 1. Written as a power, so that h is read back as it is.
    private string? Power(double step, int order) =>
        step == 1 || order == 0 ? null : order == 1 ? Number(step) : Node("Pow", Number(step), Number(order));

    private string Scaled(string value, string? factor) => factor is null ? value : Node("Mul", value, factor);

    private string Map(LayerMap<Binary64> map, string x)
    {
        foreach (var layer in map.Layers)
        {
            x = Layer(layer, x);
        }

        return x;
    }

    private string Layer(Layer<Binary64> layer, string x)
    {
        if (!weights.TryGetValue(layer.Weights, out var matrix))
        {
            matrix = Tensor($"W{weights.Count}", [layer.OutputWidth, layer.InputWidth], MemoryMarshal.AsBytes(layer.Weights.Entries));
            weights.Add(layer.Weights, matrix);
        }

        var bias = Tensor($"b{values}", [layer.OutputWidth], MemoryMarshal.AsBytes(layer.Bias));
        var sum = Node("Gemm", x, matrix, bias);
        graph.Node[^1].Attribute.Add(new AttributeProto { Name = "transB", I = 1, Type = AttributeProto.Types.AttributeType.Int });

        // Rows with the same activation, one after another.
        List<(Activation<Binary64> Activation, int Length)> runs = [];
        foreach (var activation in layer.Activations)
        {
            if (runs.Count > 0 && runs[^1].Activation.Equals(activation))
            {
                runs[^1] = runs[^1] with { Length = runs[^1].Length + 1 };
            }
            else
            {
                runs.Add((activation, 1));
            }
        }

        return runs.Count == 1 ? Activated(sum, runs[0].Activation)
            : Concat(Split(sum, [.. runs.Select(run => run.Length)]).Zip(runs, (part, run) => Activated(part, run.Activation)).ToList());
    }

    private string Activated(string t, Activation<Binary64> activation)
    {
        switch (activation)
        {
            case Activation<Binary64>.LeakyRelu { slope.Value: var slope } when slope == (float)slope:
                var leaky = Node("LeakyRelu", t);
                graph.Node[^1].Attribute.Add(new AttributeProto { Name = "alpha", F = (float)slope, Type = AttributeProto.Types.AttributeType.Float });
                return leaky;
            case Activation<Binary64>.LeakyRelu { slope.Value: var slope }:
                return Node("PRelu", t, Tensor($"slope{values}", [1], MemoryMarshal.AsBytes<double>([slope])));
            case { IsIdentity: true }:
                return t;
            case { IsRelu: true }:
                return Node("Relu", t);
            case { IsSquare: true }:
                return Node("Mul", t, t);
            case { IsCubic: true }:
                return Node("Add", t, Node("Mul", Node("Mul", Node("Mul", t, t), t), Number(1.0 / 3)));
            default:
                return Node(ActivationModule.name(activation) switch { "tanh" => "Tanh", "logistic" => "Sigmoid", "softplus" => "Softplus", _ => "Sin" }, t);
        }
    }

    private RepeatedField<string> Split(string x, IReadOnlyList<long> lengths)
    {
        var sizes = new TensorProto { Name = $"lengths{values}", DataType = TensorProto.Types.DataType.Int64 };
        sizes.Dims.Add(lengths.Count);
        sizes.Int64Data.AddRange(lengths);
        graph.Initializer.Add(sizes);
        var node = Add("Split", x, sizes.Name);
        Axis(node);
        node.Output.AddRange(lengths.Select(_ => $"v{++values}"));
        return node.Output;
    }

    private string Concat(IEnumerable<string> parts)
    {
        var name = Node("Concat", [.. parts]);
        Axis(graph.Node[^1]);
        return name;
    }

    private static void Axis(NodeProto node) => node.Attribute.Add(new AttributeProto { Name = "axis", I = 1, Type = AttributeProto.Types.AttributeType.Int });

    private string Node(string @operator, params string[] inputs)
    {
        var name = $"v{++values}";
        Add(@operator, inputs).Output.Add(name);
        return name;
    }

    private NodeProto Add(string @operator, params string[] inputs)
    {
        var node = new NodeProto { OpType = @operator, Name = $"{@operator}{graph.Node.Count}" };
        node.Input.AddRange(inputs);
        graph.Node.Add(node);
        return node;
    }

    private string Number(double number)
    {
        var key = BitConverter.DoubleToInt64Bits(number).ToString("x", System.Globalization.CultureInfo.InvariantCulture);
        return numbers.TryGetValue(key, out var name) ? name : numbers[key] = Tensor($"c{numbers.Count}", [], MemoryMarshal.AsBytes<double>([number]));
    }

    private string Tensor(string name, IReadOnlyList<long> dims, ReadOnlySpan<byte> bytes)
    {
        var tensor = new TensorProto { Name = name, DataType = TensorProto.Types.DataType.Double, RawData = ByteString.CopyFrom(bytes) };
        tensor.Dims.AddRange(dims);
        graph.Initializer.Add(tensor);
        return name;
    }

    private void Rename(string output)
    {
        foreach (var node in graph.Node)
        {
            for (var i = 0; i < node.Output.Count; i++)
            {
                node.Output[i] = node.Output[i] == output ? "output" : node.Output[i];
            }
        }
    }

    private static ValueInfoProto Value(string name, int width)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "batch" });
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = width });
        return new() { Name = name, Type = new() { TensorType = new() { ElemType = TensorProto.Types.DataType.Double, Shape = shape } } };
    }
}
