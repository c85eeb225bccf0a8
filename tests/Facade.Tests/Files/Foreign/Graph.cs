using System.Collections.Generic;
using System.Linq;
using Google.Protobuf;
using LayerTime.Onnx;

namespace LayerTime.Facade.Tests.Files.Foreign;

/// <summary>ONNX models written down node by node: "y = Gemm x w b", constants of floats by name.</summary>
internal sealed class Graph
{
    internal Graph(params string[] nodes)
    {
        Model = new() { IrVersion = 7, Graph = new() };
        Model.OpsetImport.Add(new OperatorSetIdProto { Version = 12 });
        foreach (var words in nodes.Select(node => node.Split(' ')))
        {
            Model.Graph.Node.Add(new NodeProto { Name = $"the-{words[0]}", OpType = words[2], Output = { words[0].Split(',') }, Input = { words[3..] } });
        }

        Model.Graph.Input.Add(Value("x"));
        Model.Graph.Output.Add(Value("y"));
    }

    internal ModelProto Model { get; }

    internal byte[] ToBytes() => Model.ToByteArray();

    internal Graph Width(int width)
    {
        Model.Graph.Input[0].Type.TensorType.Shape.Dim[1].DimValue = width;
        return this;
    }

    internal Graph Opset(long version)
    {
        Model.OpsetImport[0].Version = version;
        return this;
    }

    internal Graph Constant(string name, long[] dims, params float[] numbers)
    {
        Model.Graph.Initializer.Add(new TensorProto { Name = name, DataType = TensorProto.Types.DataType.Float, Dims = { dims }, FloatData = { numbers } });
        return this;
    }

    internal Graph Attribute(string output, string name, long value)
    {
        Model.Graph.Node.Single(node => node.Output[0] == output).Attribute.Add(new AttributeProto { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int });
        return this;
    }

    private static ValueInfoProto Value(string name)
    {
        var shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = "n" }, new TensorShapeProto.Types.Dimension { DimValue = 2 } } };
        return new() { Name = name, Type = new() { TensorType = new() { ElemType = TensorProto.Types.DataType.Float, Shape = shape } } };
    }
}
