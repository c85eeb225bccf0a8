using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Linq;
using Google.Protobuf;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime.Onnx;

/// <summary>A network from the bytes of an ONNX model, or why they are none.</summary>
internal static class OnnxReader
{
    private const int LeastOpset = 7;

    internal static bool TryRead(byte[] bytes, [NotNullWhen(true)] out Network? network, out IReadOnlyList<NetworkDefect> defects)
    {
        (network, defects) = (null, []);
        try
        {
            network = Read(Model(bytes), bytes.Length);
            return true;
        }
        catch (Refusal refusal)
        {
            defects = [refusal.Defect];
            return false;
        }
    }

    private static ModelProto Model(byte[] bytes)
    {
        try
        {
            return ModelProto.Parser.ParseFrom(bytes);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or IOException)
        {
            throw new Refusal("the file", "bytes that are no protocol buffer, or one that is cut off or damaged", "an ONNX model");
        }
    }

    private static Network Read(ModelProto model, long bytes)
    {
        var graph = model.Graph ?? throw new Refusal("the file", "no graph", "an ONNX model");
        if (model.OpsetImport.FirstOrDefault(set => set.Domain is "" or "ai.onnx") is not { Version: >= LeastOpset } opset)
        {
            throw new Refusal("the model", "no operator set, or one of an earlier version", $"operator set {LeastOpset} or later");
        }

        if (model.Functions.Count > 0)
        {
            throw new Refusal("the model", $"the function \"{Described.Cut(model.Functions[0].Name)}\" of its own", "operators of the standard only");
        }

        if (graph.SparseInitializer.Count > 0)
        {
            throw new Refusal("the graph", "sparse weights", "dense weights");
        }

        var constants = new Dictionary<string, Constant>(StringComparer.Ordinal);
        foreach (var tensor in graph.Initializer)
        {
            if (!constants.TryAdd(tensor.Name, Constant.Of(tensor, $"initializer \"{Described.Cut(tensor.Name)}\"")))
            {
                throw new Refusal($"initializer \"{Described.Cut(tensor.Name)}\"", "the same name again", "each value once");
            }
        }

        // Early versions list the weights among the inputs too.
        List<ValueInfoProto> inputs = [.. graph.Input.Where(value => !constants.ContainsKey(value.Name))];
        if (inputs.Count != 1 || graph.Output.Count != 1)
        {
            throw new Refusal("the graph", $"{inputs.Count} inputs and {graph.Output.Count} outputs", "one of each");
        }

        var allowance = new Allowance(bytes);
        var shape = ShapeOf(inputs[0]);
        allowance.Take(1, shape.Width, "the input");
        var builder = new GraphBuilder(shape.Width, allowance);
        var operators = new Operators(builder, allowance, opset.Version, constants);
        var output = operators.Run([.. graph.Node.Select((node, index) => new OnnxNode(node, index))], inputs[0].Name, new Signal(builder.Input, shape), graph.Output[0].Name);
        return Network.OfCore(Recognition.Of(builder.CellOf(output, "the output"), builder.Input, allowance, operators.Roots));
    }

    private static Shape ShapeOf(ValueInfoProto input)
    {
        var where = $"input \"{Described.Cut(input.Name)}\"";
        if (input.Type?.TensorType is not { } type || type.ElemType is not (TensorProto.Types.DataType.Float or TensorProto.Types.DataType.Double))
        {
            throw new Refusal(where, "no tensor of floats", "a tensor of floats or doubles");
        }

        if (type.Shape?.Dim is not { Count: >= 1 } dims)
        {
            throw new Refusal(where, "no shape", "a shape such as [batch, 3]");
        }

        var features = dims.Skip(dims.Count > 1 ? 1 : 0).Select(dim => dim.DimValue).ToList();
        var width = features.Aggregate(1L, (product, length) => product is < 1 or > int.MaxValue || length is < 1 or > int.MaxValue ? 0 : product * length);
        if (width is < 1 or > int.MaxValue)
        {
            throw new Refusal(where, $"the shape [{string.Join(", ", dims.Select(dim => dim.DimValue == 0 ? "?" : $"{dim.DimValue}"))}]", "fixed positive lengths after the batch");
        }

        return new(dims.Count > 1, dims.Count > 1 && dims[0].DimValue > 0 ? dims[0].DimValue : null, [.. features.Select(length => (int)length)]);
    }
}
