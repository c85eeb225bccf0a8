using System;
using System.Collections.Generic;
using System.Linq;
using Google.Protobuf;
using LayerTime.Onnx;
using Xunit;

namespace LayerTime.Facade.Tests.Files.Foreign;

/// <summary>Graphs are recognised by their structure, whatever their values are called; what is not understood is refused by name.</summary>
public sealed class RecognitionTests
{
    private const double Tolerance = 64.0 / (1L << 52);

    private static readonly float[] W = [0.5f, -0.25f, 0.75f, 0.125f];
    private static readonly float[] B = [0.25f, -0.5f];

    [Fact]
    public void A_sum_of_a_state_and_a_map_of_it_is_a_residual_layer()
    {
        var network = Read(Weights(new("a = Gemm x w b", "t = Tanh a", "s = Div t two", "p = Add x s", "a2 = Gemm p w b", "t2 = Tanh a2", "s2 = Div t2 two", "y = Add s2 p")));

        Assert.Equal("residual, order 1, depth 2, width 2, state dimension 2, 12 parameters, float", network.ToString());
        Assert.Equal(0.5, network.Step);
        Assert.Equal([0.5, 0.75, -0.25, 0.125], network.MapsAt(1)[0].Layers[0].WeightsAsFloats().Cast<double>());
        AssertRuns(network, x => Step(Step(x)));

        static double[] Step(double[] x) => [.. x.Zip(Affine(x), (a, z) => a + (Math.Tanh(z) / 2))];
    }

    [Fact]
    public void Momentum_is_eliminated()
    {
        var nodes = new List<string> { "v0 = Mul x zero" };
        for (var l = 0; l < 3; l++)
        {
            var (x, v) = (l == 0 ? "x" : $"x{l}", $"v{l}");
            nodes.AddRange([$"z{l} = Gemm {x} w b", $"t{l} = Tanh z{l}", $"f{l} = Mul t{l} half", $"m{l} = Mul {v} half", $"v{l + 1} = Add m{l} f{l}", $"{(l == 2 ? "y" : $"x{l + 1}")} = Add {x} v{l + 1}"]);
        }

        var network = Read(Weights(new([.. nodes])));

        Assert.Equal("additive-dense", network.ArchitectureName);
        Assert.Equal(2, network.Blocks);
        AssertRuns(network, x =>
        {
            double[] v = [0, 0];
            for (var l = 0; l < 3; l++)
            {
                v = [.. v.Zip(Affine(x), (a, z) => (a / 2) + (Math.Tanh(z) / 2))];
                x = [.. x.Zip(v, (a, b) => a + b)];
            }

            return x;
        });
    }

    // v(1) = f(x(0)) alone: a map that both x(1) and v(2) read.
    [Fact]
    public void Momentum_that_starts_as_a_map_is_eliminated()
    {
        List<string> nodes = ["z0 = Gemm x w b", "v1 = Tanh z0", "s0 = Mul v1 half", "x1 = Add x s0"];
        for (var l = 1; l < 4; l++)
        {
            nodes.AddRange([$"z{l} = Gemm x{l} w b", $"f{l} = Tanh z{l}", $"m{l} = Mul v{l} quarter", $"v{l + 1} = Add m{l} f{l}", $"s{l} = Mul v{l + 1} half", $"{(l == 3 ? "y" : $"x{l + 1}")} = Add x{l} s{l}"]);
        }

        var network = Read(Weights(new([.. nodes])));

        Assert.Equal(("additive-dense", 2), (network.ArchitectureName, network.Blocks));
        AssertRuns(network, x =>
        {
            double[] v = [0, 0];
            for (var l = 0; l < 4; l++)
            {
                v = [.. v.Zip(Affine(x), (a, z) => (a / 4) + Math.Tanh(z))];
                x = [.. x.Zip(v, (a, b) => a + (b / 2))];
            }

            return x;
        });
    }

    [Fact]
    public void Second_differences_from_rest_are_a_smooth_network_of_order_2()
    {
        var network = Read(Weights(new(
            "z0 = Gemm x w b", "t0 = Relu z0", "f0 = Mul t0 quarter", "d0 = Mul x two", "e0 = Sub d0 x", "x1 = Add e0 f0",
            "z1 = Gemm x1 w b", "t1 = Relu z1", "f1 = Mul t1 quarter", "d1 = Mul two x1", "e1 = Sub d1 x", "x2 = Add f1 e1",
            "z2 = Gemm x2 w b", "t2 = Relu z2", "f2 = Mul t2 quarter", "d2 = Mul two x2", "e2 = Sub d2 x1", "y = Add f2 e2")));

        Assert.Equal(("smooth", 2, 0.5, 3), (network.ArchitectureName, network.Order, network.Step, network.Depth));
        AssertRuns(network, x =>
        {
            var before = x;
            for (var l = 0; l < 3; l++)
            {
                (x, before) = ([.. x.Select((a, i) => (2 * a) - before[i] + (Math.Max(0, Affine(x)[i]) / 4))], x);
            }

            return x;
        });
    }

    [Fact]
    public void A_matrix_product_and_a_sum_are_one_layer_and_a_normalisation_is_part_of_it()
    {
        var network = Read(Weights(new("p = MatMul x w", "z = Add p b", "n = BatchNormalization z b b b four", "y = Relu n")).Constant("four", [2], 4, 4));

        Assert.Equal((1, 1), (network.Depth, network.MapsAt(0)[0].Layers.Count));
        AssertRuns(network, x => [.. Affine(x).Select((z, i) => Math.Max(0, (B[i] * (z - B[i]) / Math.Sqrt(4 + (double)1e-5f)) + B[i]))]);
    }

    [Fact]
    public void What_has_no_states_of_one_width_is_a_plain_network_that_carries_them()
    {
        var network = Read(Weights(new("z = Gemm x w b", "t = Tanh z", "c = Concat x t", "d = Concat c z", "y = Relu d")).Attribute("c", "axis", 1).Attribute("d", "axis", -1));

        Assert.Equal(Architecture.FeedForward, network.Architecture);
        AssertRuns(network, x => [.. x.Concat(Affine(x).Select(Math.Tanh)).Concat(Affine(x)).Select(t => Math.Max(0, t))]);
    }

    public static TheoryData<string, string, string> Refused => new()
    {
        { "z = Gemm x w b|y = Exp z", "node \"the-y\" (Exp)", "an operator" },
        { "z = Tanh x|y = Mul z x", "node \"the-y\" (Mul)", "a product of two functions" },
        { "y = Gemm x nowhere b", "node \"the-y\" (Gemm)", "\"nowhere\"" },
        { "y = Tanh z|z = Tanh x", "node \"the-y\" (Tanh)", "which no node before it computes" },
        { "y = MatMul x w2", "node \"the-y\" (MatMul)", "3×3 weights" },
        { "y = Div two x", "node \"the-y\" (Div)", "the constant" },
        { "y = Div x zero", "node \"the-y\" (Div)", "a division by zero" },
        { "y = Tanh x|y = Relu x", "node \"the-y\" (Relu)", "computed already" },
        { "y = Add two two", "output \"y\"", "a constant" },
        { "z = Tanh x", "output \"y\"", "nothing that computes it" },
        { "y = Conv x w b", "node \"the-y\" (Conv)", "a kernel of shape" },
        { "y = Sub x x", "the output", "a constant" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_not_understood_is_refused_with_the_node_the_operator_and_the_reason(string nodes, string where, string found)
    {
        var defect = Bytes.Refused(Weights(new(nodes.Split('|'))).ToBytes(), NetworkFileFormat.Onnx);

        Assert.Equal(where, defect.Where);
        Assert.Contains(found, defect.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_that_need_more_than_the_file_are_refused()
    {
        Graph Plain() => Weights(new("y = Gemm x w b"));
        AssertRefused(Plain().Opset(6), "earlier version");
        AssertRefused(Plain().Width(1_000_000_000), "that the file does not hold");
        AssertRefused(new Graph("y = Tanh x").Width(100_000), "that the file does not hold");
        var outside = Plain();
        outside.Model.Graph.Initializer[0].DataLocation = TensorProto.Types.DataLocation.External;
        AssertRefused(outside, "outside of the file");
        var half = Plain();
        half.Model.Graph.Initializer[0].DataType = TensorProto.Types.DataType.Float16;
        AssertRefused(half, "of type float16");
        var short1 = Plain();
        short1.Model.Graph.Initializer[0].FloatData.RemoveAt(0);
        AssertRefused(short1, "data of 3 numbers");
        var function = Plain();
        function.Model.Functions.Add(new FunctionProto { Name = "mine" });
        AssertRefused(function, "the function \"mine\"");
        var two = Plain();
        two.Model.Graph.Output.Add(two.Model.Graph.Output[0].Clone());
        AssertRefused(two, "2 outputs");
        var infinite = Plain();
        infinite.Model.Graph.Initializer[0].FloatData[0] = float.NaN;
        AssertRefused(infinite, "not finite");
    }

    [Fact]
    public void Weights_that_layers_share_are_written_once()
    {
        var network = Read(Weights(new("a = Gemm x w b", "t = Tanh a", "p = Add x t", "c = Gemm p w b", "u = Tanh c", "y = Add p u")));
        var model = ModelProto.Parser.ParseFrom(Bytes.Of(network, NetworkFileFormat.Onnx));

        Assert.Single(model.Graph.Initializer, tensor => tensor.Dims.Count == 2);
    }

    private static void AssertRefused(Graph graph, string found) =>
        Assert.Contains(found, Bytes.Refused(graph.ToBytes(), NetworkFileFormat.Onnx).Found, StringComparison.Ordinal);

    private static Graph Weights(Graph graph) => graph
        .Constant("w", [2, 2], W).Constant("b", [2], B).Constant("w2", [3, 3], [.. Enumerable.Repeat(1f, 9)])
        .Constant("zero", [], 0).Constant("two", [], 2).Constant("half", [], 0.5f).Constant("quarter", [1], 0.25f);

    // x·W + b, W as Gemm and MatMul hold it
    private static double[] Affine(double[] x) => [(W[0] * x[0]) + (W[2] * x[1]) + B[0], (W[1] * x[0]) + (W[3] * x[1]) + B[1]];

    private static Network Read(Graph graph)
    {
        var network = Bytes.Read(graph.ToBytes(), NetworkFileFormat.Onnx);
        Assert.Equal(network.ToJson(), Bytes.Read(Bytes.Of(network, NetworkFileFormat.Onnx), NetworkFileFormat.Onnx).ToJson());
        return network;
    }

    // Numbers of size 1 through a handful of operations: some dozen roundings.
    private static void AssertRuns(Network network, Func<double[], double[]> function)
    {
        foreach (var x in new[] { new[] { 0.0, 0 }, [1, -0.5], [-0.75, 0.3], [0.1, 2] })
        {
            foreach (var (expected, found) in function(x).Zip(network.Run(x).Output))
            {
                Assert.True(Math.Abs(expected - found) <= Tolerance, $"{network}: {expected} and {found}");
            }
        }
    }
}
