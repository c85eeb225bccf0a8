using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using LayerTime.Core.Algebra;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime.Safetensors;

/// <summary>A network of floats as tensors of type F64, with its layout in the metadata. Layers that share a matrix share a tensor.</summary>
internal sealed class SafetensorsWriter
{
    private readonly List<(string Name, long[] Shape, Func<ReadOnlySpan<byte>> Bytes)> tensors = [];
    private readonly Dictionary<Matrix<Binary64>, string> names = new(ReferenceEqualityComparer.Instance);
    private readonly byte[] header;

    internal SafetensorsWriter(Network network)
    {
        var layout = NetworkWriter.Write(network.Floats!, network.Design, "float", number => NetworkWriter.Number(number.Value), Layer);
        header = Header(layout);
    }

    internal void Write(Stream stream)
    {
        Span<byte> size = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(size, (ulong)header.Length);
        stream.Write(size);
        stream.Write(header);
        foreach (var tensor in tensors)
        {
            stream.Write(tensor.Bytes());
        }
    }

    private string Layer(Layer<Binary64> layer)
    {
        if (!names.TryGetValue(layer.Weights, out var weights))
        {
            weights = $"{names.Count}.weight";
            names.Add(layer.Weights, weights);
            tensors.Add((weights, [layer.OutputWidth, layer.InputWidth], () => MemoryMarshal.AsBytes(layer.Weights.Entries)));
        }

        var bias = $"{tensors.Count}.bias";
        tensors.Add((bias, [layer.OutputWidth], () => MemoryMarshal.AsBytes(layer.Bias)));
        return NetworkWriter.Layer($"\"{weights}\"", $"\"{bias}\"", NetworkWriter.Activations(layer, number => NetworkWriter.Number(number.Value)));
    }

    // Padded with spaces to a multiple of eight, so that the numbers are aligned.
    private byte[] Header(string layout)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString(SafetensorsReader.LayoutKey, layout);
            json.WriteEndObject();
            var position = 0L;
            foreach (var (name, shape, _) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", "F64");
                Array(json, "shape", shape);
                var end = position + (8 * shape.Aggregate(1L, (product, length) => product * length));
                Array(json, "data_offsets", [position, end]);
                json.WriteEndObject();
                position = end;
            }

            json.WriteEndObject();
        }

        bytes.Write(Encoding.ASCII.GetBytes(new string(' ', (int)((8 - (bytes.Length % 8)) % 8))));
        return bytes.ToArray();
    }

    private static void Array(Utf8JsonWriter json, string name, IEnumerable<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
