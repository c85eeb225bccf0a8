using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using Xunit;

namespace LayerTime.Facade.Tests.Files.Foreign;

/// <summary>safetensors: every rule of the format, every type of floats, and networks that come back as they were.</summary>
public sealed class SafetensorsTests
{
    private const string Layout = """
        { "format": "layertime/1", "numbers": "float", "architecture": "feed-forward", "layers": [{ "weights": "w", "bias": "b", "activation": "relu" }] }
        """;

    [Fact]
    public void Networks_come_back_as_they_were()
    {
        foreach (var (architecture, seed) in TameNetworks.Architectures.SelectMany(architecture => Enumerable.Range(0, 50).Select(seed => (architecture, seed))))
        {
            var network = new TameNetworks(seed).Next(architecture);

            Assert.Equal(network.ToJson(), Bytes.Read(Bytes.Of(network, NetworkFileFormat.Safetensors), NetworkFileFormat.Safetensors).ToJson());
        }
    }

    [Fact]
    public void Every_number_of_16_bits_is_widened_to_the_number_it_is()
    {
        foreach (var (type, widen) in new (string, Func<ushort, double>)[] { ("F16", HalfOf), ("BF16", BrainOf) })
        {
            ushort[] all = [.. Enumerable.Range(0, 1 << 16).Select(bits => (ushort)bits).Where(bits => double.IsFinite(widen(bits)))];
            Assert.Equal(all.Select(bits => BitConverter.DoubleToInt64Bits(widen(bits))), Read(type, MemoryMarshal.AsBytes<ushort>(all), all.Length));
        }
    }

    [Fact]
    public void Numbers_of_32_bits_are_widened_to_the_numbers_they_are()
    {
        var random = new Random(1);
        float[] floats = [.. Enumerable.Range(0, 100_003).Select(_ => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue))).Where(float.IsFinite), 0, -0f, float.Epsilon, float.MaxValue];

        Assert.Equal(floats.Select(number => BitConverter.DoubleToInt64Bits(number)), Read("F32", MemoryMarshal.AsBytes<float>(floats), floats.Length));
    }

    public static TheoryData<string, string, string> BrokenRules => new()
    {
        { "no such layout", """{"w":{"dtype":"F64","shape":[1,1],"data_offsets":[0,8]},"b":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}""", "" },
        { "a gap", """{"w":{"dtype":"F64","shape":[1,1],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}""", "after a gap" },
        { "a gap at the start", """{"w":{"dtype":"F32","shape":[1,1],"data_offsets":[4,8]},"b":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}""", "after a gap" },
        { "an overlap", """{"w":{"dtype":"F64","shape":[1,1],"data_offsets":[0,8]},"b":{"dtype":"F64","shape":[1],"data_offsets":[4,12]}}""", "within another tensor" },
        { "bytes after the last", """{"w":{"dtype":"F64","shape":[1,1],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", "16 bytes" },
        { "a tensor beyond the end", """{"w":{"dtype":"F64","shape":[1,1],"data_offsets":[0,8]},"b":{"dtype":"F64","shape":[2],"data_offsets":[8,24]}}""", "16 bytes" },
        { "one name twice", """{"w":{"dtype":"F64","shape":[1,1],"data_offsets":[0,8]},"w":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}""", "the same name again" },
        { "one field twice", """{"w":{"dtype":"F64","dtype":"F64","shape":[2],"data_offsets":[0,16]}}""", "the same field again" },
        { "an unknown field", """{"w":{"dtype":"F64","shape":[2],"data_offsets":[0,16],"more":1}}""", "an unknown field" },
        { "an unknown type", """{"w":{"dtype":"F80","shape":[2],"data_offsets":[0,16]}}""", "F80" },
        { "a shape that does not fit", """{"w":{"dtype":"F64","shape":[3],"data_offsets":[0,16]}}""", "16 bytes" },
        { "a shape beyond all numbers", """{"w":{"dtype":"F64","shape":[9223372036854775807,9223372036854775807],"data_offsets":[0,16]}}""", "16 bytes" },
        { "a negative length", """{"w":{"dtype":"F64","shape":[-2],"data_offsets":[0,16]}}""", "an array" },
        { "offsets the wrong way", """{"w":{"dtype":"F64","shape":[2],"data_offsets":[16,0]}}""", "[16, 0]" },
        { "metadata that are no strings", """{"__metadata__":{"a":1},"w":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}}""", "1" },
        { "metadata twice", """{"__metadata__":{"a":"1"},"__metadata__":{"a":"1"},"w":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}}""", "the same field again" },
        { "a key of the metadata twice", """{"__metadata__":{"a":"1","a":"2"},"w":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}}""", "the same key again" },
        { "a header that is an array", """[1]""", "0x5b" },
        { "a space before the header", """ {"w":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}}""", "0x20" },
        { "a header that is cut off", """{"w":{"dtype":"F64",""", "the end of the document" },
        { "a vector for a matrix", """{"w":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"b":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}""", "of shape [1]" },
        { "integers for floats", """{"w":{"dtype":"I64","shape":[1,1],"data_offsets":[0,8]},"b":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}""", "of type I64" },
        { "a tensor that is missing", """{"w":{"dtype":"F64","shape":[1,1],"data_offsets":[0,8]},"c":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}""", "\"b\"" },
    };

    [Theory]
    [MemberData(nameof(BrokenRules))]
    public void A_file_that_breaks_a_rule_is_refused(string rule, string header, string found)
    {
        var bytes = File(header, new byte[16]);
        if (found.Length == 0)
        {
            Assert.Equal("no layout", Bytes.Refused(bytes, NetworkFileFormat.Safetensors).Found);
            Assert.NotNull(Bytes.Read(bytes, NetworkFileFormat.Safetensors, Layout));
            return;
        }

        Assert.True(Bytes.Refused(bytes, NetworkFileFormat.Safetensors, Layout).Found.Contains(found, StringComparison.Ordinal), rule);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    public void A_header_that_cannot_be_as_long_as_it_says_is_refused(long length)
    {
        var bytes = File("{}", new byte[16]);
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);

        Assert.Contains("a header of", Bytes.Refused(bytes, NetworkFileFormat.Safetensors, Layout).Found, StringComparison.Ordinal);
        Assert.Contains("a file of 5 bytes", Bytes.Refused(new byte[5], NetworkFileFormat.Safetensors, Layout).Found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_is_not_finite_is_refused()
    {
        foreach (var number in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            var data = new double[100_000];
            data[77_777] = number;
            var header = $$$"""{"w":{"dtype":"F64","shape":[1,99999],"data_offsets":[0,799992]},"b":{"dtype":"F64","shape":[1],"data_offsets":[799992,800000]}}""";

            Assert.Contains("not finite", Bytes.Refused(File(header, MemoryMarshal.AsBytes<double>(data)), NetworkFileFormat.Safetensors, Layout).Found, StringComparison.Ordinal);
        }
    }

    // Blocks of up to 64 MB are read in cells of 4 MB, on all cores if the stream is a file: here numbers lie across their bounds, a block
    // ends at a tensor of integers and one where it is full, and doubles follow an odd number of halves.
    [Fact]
    public void Numbers_of_a_large_file_are_where_they_belong_and_the_first_and_the_last_of_a_cell_are_checked()
    {
        const int Cell = 1 << 22;
        (string Name, string Type, int Rows, int Columns, int Size)[] tensors =
            [("a", "F16", 1, 3, 2), ("b", "F64", 700_000, 3, 8), ("i", "I64", 1, 1, 8), ("c", "F32", 1_100_000, 1, 4), ("d", "BF16", 1, 2_200_001, 2), ("e", "F64", 1, 8_300_000, 8)];
        using var folder = new TemporaryFolder();
        var path = folder.File("large.safetensors");
        var (entries, layers, begin) = (new List<string>(), new List<string>(), 0L);
        var marks = new List<(string Tensor, int Number, double Value, long Place, string Type)>();
        foreach (var (name, type, rows, columns, size) in tensors)
        {
            var (count, end) = (rows * columns, begin + ((long)rows * columns * size));
            entries.Add($$"""{{Quoted(name)}}:{"dtype":{{Quoted(type)}},"shape":[{{rows}},{{columns}}],"data_offsets":[{{begin}},{{end}}]}""");
            foreach (var number in new[] { 0, count - 1 }.Concat(Enumerable.Range(1, 20).Select(cell => (int)(((long)cell * Cell) / size)).SelectMany(near => Enumerable.Range(near - 2, 5)).Where(number => number < count)).Distinct())
            {
                marks.Add((name, number, 1 + (marks.Count % 100), begin + ((long)number * size), type));
            }

            begin = end;
        }

        var header = Encoding.UTF8.GetBytes($"{{{string.Join(',', entries)}}}");
        using (var file = System.IO.File.Create(path))
        {
            file.Write(BitConverter.GetBytes((long)header.Length));
            file.Write(header);
            file.SetLength(8 + header.Length + begin);
            foreach (var mark in marks)
            {
                file.Position = 8 + header.Length + mark.Place;
                file.Write(Encoded(mark.Type, mark.Value));
            }
        }

        foreach (var tensor in tensors.Where(tensor => tensor.Type != "I64"))
        {
            // A network of the one tensor, whatever its shape.
            System.IO.File.WriteAllText(folder.File("large.layout.json"), $$"""{ "format": "layertime/1", "numbers": "float", "architecture": "feed-forward", "layers": [{ "weights": "{{tensor.Name}}", "activation": "relu" }] }""");
            var expected = new double[tensor.Rows * tensor.Columns];
            foreach (var mark in marks.Where(mark => mark.Tensor == tensor.Name))
            {
                expected[mark.Number] = mark.Value;
            }

            Assert.True(Network.Load(path).MapsAt(0)[0].Layers[0].WeightsAsFloats().Cast<double>().SequenceEqual(expected), tensor.Name);
            foreach (var mark in marks.Where(mark => mark.Tensor == tensor.Name).Where((_, i) => i % 7 < 2))
            {
                Write(mark.Place, Encoded(mark.Type, double.NaN));
                Assert.Contains("not finite", Assert.Throws<NetworkFormatException>(() => Network.Load(path)).Message, StringComparison.Ordinal);
                Write(mark.Place, Encoded(mark.Type, mark.Value));
            }
        }

        void Write(long place, byte[] bytes)
        {
            using var file = new FileStream(path, FileMode.Open);
            file.Position = 8 + header.Length + place;
            file.Write(bytes);
        }
    }

    private static string Quoted(string text) => $"\"{text}\"";

    private static byte[] Encoded(string type, double value) => type switch
    {
        "F64" => BitConverter.GetBytes(value),
        "F32" => BitConverter.GetBytes((float)value),
        "F16" => BitConverter.GetBytes((Half)value),
        "BF16" => BitConverter.GetBytes((float)value)[2..],
        _ => BitConverter.GetBytes((long)value),
    };

    [Fact]
    public void The_layout_beside_a_file_goes_before_the_one_within_and_may_leave_out_a_bias()
    {
        using var folder = new TemporaryFolder();
        var network = Network.FeedForward(Layer.Dense(new[,] { { 2.0 } }, [3], Activation.Relu));
        network.Save(folder.File("net.safetensors"));
        System.IO.File.WriteAllText(
            folder.File("net.layout.json"),
            """{ "format": "layertime/1", "numbers": "float", "architecture": "residual", "step": "1/2", "layers": [{ "weights": "0.weight", "activation": "tanh" }, { "weights": "0.weight", "activation": "tanh" }] }""");
        var read = Network.Load(folder.File("net.safetensors"));

        Assert.Equal(Architecture.Residual, read.Architecture);
        Assert.Equal([0.0], read.MapsAt(0)[0].Layers[0].BiasAsFloats());
        Assert.Equal(2, read.Depth);
    }

    private static double HalfOf(ushort bits) => (double)BitConverter.UInt16BitsToHalf(bits);

    private static double BrainOf(ushort bits)
    {
        // By the definition: sign, eight bits of exponent, seven of fraction.
        var (sign, exponent, fraction) = (bits >> 15 == 1 ? -1.0 : 1, (bits >> 7) & 0xFF, bits & 0x7F);
        return exponent == 255 ? double.NaN : sign * (exponent == 0 ? fraction * Math.Pow(2, -133) : (128 + fraction) * Math.Pow(2, exponent - 134));
    }

    private static List<long> Read(string type, ReadOnlySpan<byte> data, int count)
    {
        var header = $$$"""{"w":{"dtype":"{{{type}}}","shape":[1,{{{count}}}],"data_offsets":[0,{{{data.Length}}}]},"b":{"dtype":"F64","shape":[1],"data_offsets":[{{{data.Length}}},{{{data.Length + 8}}}]}}""";
        var network = Bytes.Read(File(header, [.. data, .. new byte[8]]), NetworkFileFormat.Safetensors, Layout);
        return network.MapsAt(0)[0].Layers[0].WeightsAsFloats().Cast<double>().Select(BitConverter.DoubleToInt64Bits).ToList();
    }

    private static byte[] File(string header, ReadOnlySpan<byte> data)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + text.Length + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, text.Length);
        text.CopyTo(bytes, 8);
        data.CopyTo(bytes.AsSpan(8 + text.Length));
        return bytes;
    }
}
