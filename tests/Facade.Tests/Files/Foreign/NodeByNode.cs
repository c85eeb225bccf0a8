using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using LayerTime.Onnx;

namespace LayerTime.Facade.Tests.Files.Foreign;

/// <summary>ONNX models of vectors, node by node as the standard defines the operators: what the library reads and writes is held to it.</summary>
internal static class NodeByNode
{
    internal static double[] Run(byte[] model, double[] x)
    {
        var graph = ModelProto.Parser.ParseFrom(model).Graph;
        var values = graph.Initializer.ToDictionary(tensor => tensor.Name, Numbers);
        values[graph.Input[0].Name] = x;
        foreach (var node in graph.Node)
        {
            var inputs = node.Input.Select(name => values[name]).ToArray();
            var outputs = Outputs(node, inputs);
            Assert(outputs.Count == node.Output.Count);
            for (var i = 0; i < outputs.Count; i++)
            {
                values.Add(node.Output[i], outputs[i]);
            }
        }

        return values[graph.Output[0].Name];
    }

    private static List<double[]> Outputs(NodeProto node, double[][] inputs)
    {
        switch (node.OpType)
        {
            case "Gemm":
                Assert(node.Attribute.Single() is { Name: "transB", I: 1 });
                return [[.. inputs[2].Select((bias, i) => bias + Enumerable.Range(0, inputs[0].Length).Sum(j => inputs[1][(i * inputs[0].Length) + j] * inputs[0][j]))]];
            case "Add":
                return [Each(inputs, (a, b) => a + b)];
            case "Sub":
                return [Each(inputs, (a, b) => a - b)];
            case "Mul":
                return [Each(inputs, (a, b) => a * b)];
            case "Pow":
                return [Each(inputs, Math.Pow)];
            case "Concat":
                return [[.. inputs.SelectMany(part => part)]];
            case "Split":
                var starts = inputs[1].Select((_, i) => (int)inputs[1].Take(i).Sum());
                return [.. starts.Zip(inputs[1], (start, length) => inputs[0].AsSpan(start, (int)length).ToArray())];
            case "Relu":
                return [Map(inputs[0], t => Math.Max(0, t))];
            case "LeakyRelu":
                return [Map(inputs[0], t => t < 0 ? node.Attribute.Single().F * t : t)];
            case "PRelu":
                return [Map(inputs[0], t => t < 0 ? inputs[1][0] * t : t)];
            case "Tanh":
                return [Map(inputs[0], Math.Tanh)];
            case "Sigmoid":
                return [Map(inputs[0], t => 1 / (1 + Math.Exp(-t)))];
            case "Softplus":
                return [Map(inputs[0], t => Math.Max(0, t) + Math.Log(1 + Math.Exp(-Math.Abs(t))))];
            case "Sin":
                return [Map(inputs[0], Math.Sin)];
            default:
                throw new NotSupportedException(node.OpType);
        }
    }

    private static double[] Map(double[] x, Func<double, double> f) => [.. x.Select(f)];

    private static double[] Each(double[][] inputs, Func<double, double, double> f)
    {
        Assert(inputs.Length == 2 && (inputs[0].Length == inputs[1].Length || inputs[1].Length == 1 || inputs[0].Length == 1));
        return [.. Enumerable.Range(0, Math.Max(inputs[0].Length, inputs[1].Length)).Select(i => f(inputs[0][inputs[0].Length == 1 ? 0 : i], inputs[1][inputs[1].Length == 1 ? 0 : i]))];
    }

    private static double[] Numbers(TensorProto tensor) => tensor.DataType switch
    {
        TensorProto.Types.DataType.Double => MemoryMarshal.Cast<byte, double>(tensor.RawData.Span).ToArray(),
        TensorProto.Types.DataType.Int64 => [.. tensor.Int64Data.Select(number => (double)number)],
        _ => throw new NotSupportedException($"{tensor.DataType}"),
    };

    private static void Assert(bool isTrue) => Xunit.Assert.True(isTrue);
}
