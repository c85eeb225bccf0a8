using System.Collections.Generic;
using System.Linq;

namespace LayerTime.Onnx;

/// <summary>One node of a graph and its attributes.</summary>
internal sealed class OnnxNode
{
    private readonly NodeProto proto;

    internal OnnxNode(NodeProto proto, int index)
    {
        this.proto = proto;
        Operator = proto.OpType;
        Inputs = proto.Input;
        Where = $"node {(proto.Name.Length > 0 ? $"\"{Described.Cut(proto.Name)}\"" : $"{index}")} ({Described.Cut(proto.OpType)})";
    }

    /// <summary>What the node computes; Square and Cubic stand for the nodes that write them out.</summary>
    internal string Operator { get; private set; }

    internal IReadOnlyList<string> Inputs { get; private set; }

    internal IReadOnlyList<string> Outputs => proto.Output;

    internal string Domain => proto.Domain;

    /// <summary>The node in words, for messages.</summary>
    internal string Where { get; }

    /// <summary>Whether the node is part of a pattern that another node stands for now.</summary>
    internal bool IsAbsorbed { get; set; }

    internal void Become(string @operator, string input)
    {
        Operator = @operator;
        Inputs = [input];
    }

    internal bool Has(string attribute) => Find(attribute) is not null;

    internal long Integer(string attribute, long otherwise) => Find(attribute) is { } found
        ? found.Type is AttributeProto.Types.AttributeType.Int or AttributeProto.Types.AttributeType.Undefined ? found.I : throw Wrong(attribute, "an integer")
        : otherwise;

    internal float Float(string attribute, float otherwise) => Find(attribute) is { } found
        ? found.Type is AttributeProto.Types.AttributeType.Float or AttributeProto.Types.AttributeType.Undefined ? found.F : throw Wrong(attribute, "a float")
        : otherwise;

    internal long[] Integers(string attribute) => Find(attribute)?.Ints.Take(64).ToArray() ?? [];

    internal TensorProto? Tensor(string attribute) => Find(attribute)?.T;

    internal Refusal Wrong(string found, string expected) => new(Where, found, expected);

    private AttributeProto? Find(string name) => proto.Attribute.FirstOrDefault(attribute => attribute.Name == name);
}
