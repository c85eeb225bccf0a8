using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Text;
using LayerTime.Nnet;
using LayerTime.Onnx;
using LayerTime.Safetensors;

namespace LayerTime;

/// <summary>Networks from streams of bytes and back, in every format.</summary>
internal static class NetworkStream
{
    internal static bool TryRead(Stream stream, NetworkFileFormat format, string? layout, [NotNullWhen(true)] out Network? network, out IReadOnlyList<NetworkDefect> defects)
    {
        if (format == NetworkFileFormat.Safetensors)
        {
            return SafetensorsReader.TryRead(stream, layout, out network, out defects);
        }

        var limit = format == NetworkFileFormat.Onnx ? Array.MaxLength : NetworkFormat.MaximumBytes;
        if (ByteLimit.TryReadAll(stream, limit) is not { } bytes)
        {
            (network, defects) = (null, [NetworkFile.TooLarge(stream.CanSeek ? $"{stream.Length} bytes" : "more", limit)]);
            return false;
        }

        return format switch
        {
            NetworkFileFormat.Onnx => OnnxReader.TryRead(bytes, out network, out defects),
            NetworkFileFormat.Nnet => NnetReader.TryRead(bytes, out network, out defects),
            _ => NetworkReader.TryRead(bytes, out network, out defects),
        };
    }

    /// <summary>What writes the network; whether it can be written is decided before a byte is.</summary>
    internal static Action<Stream> Writer(Network network, NetworkFileFormat format)
    {
        switch (format)
        {
            case NetworkFileFormat.Safetensors:
                return new SafetensorsWriter(network.ToFloat()).Write;
            case NetworkFileFormat.Onnx:
                var model = OnnxWriter.Write(network);
                return stream => stream.Write(model);
            default:
                var text = Encoding.UTF8.GetBytes(format == NetworkFileFormat.Nnet ? NnetWriter.Write(network.ToFloat()) : network.ToJson());
                return stream => stream.Write(text);
        }
    }
}
