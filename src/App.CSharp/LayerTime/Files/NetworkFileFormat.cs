using System;

namespace LayerTime;

/// <summary>The formats in which networks are read and written.</summary>
public enum NetworkFileFormat
{
    /// <summary>layertime/1, a JSON document: every architecture, floats and fractions.</summary>
    Json,

    /// <summary>ONNX, the file extension .onnx: a graph that is recognised by its structure.</summary>
    Onnx,

    /// <summary>safetensors, the file extension .safetensors: tensors, and a layout that tells how they form the network.</summary>
    Safetensors,

    /// <summary>The text format .nnet of small feed-forward networks of ReLU units.</summary>
    Nnet,
}

/// <summary>Formats in words.</summary>
internal static class FormatNames
{
    internal static string Name(this NetworkFileFormat format) => format switch
    {
        NetworkFileFormat.Json => "the format layertime/1",
        NetworkFileFormat.Onnx => "ONNX that LayerTime reads",
        NetworkFileFormat.Safetensors => "safetensors",
        NetworkFileFormat.Nnet => "the format .nnet",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "A format is expected."),
    };
}
