using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Google.Protobuf;
using LayerTime.Onnx;
using Xunit;

namespace LayerTime.Facade.Tests.Files.Foreign;

/// <summary>
/// Files that were changed at random, in their structure and in their bytes: each is refused with a defect, or is a network that is
/// written and read back as itself. The cases are functions of a seed: 25,000 of each format, 10⁶ in all with LAYERTIME_THOROUGH.
/// </summary>
public sealed class FuzzTests
{
    private const int Quick = 25_000;
    private const long MemoryPerCase = 256L << 20;

    private static readonly int Cases = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("LAYERTIME_THOROUGH")) ? Quick : 10 * Quick;

    private static readonly string[] Operators =
    [
        "Gemm", "MatMul", "Add", "Sub", "Mul", "Div", "Neg", "Relu", "LeakyRelu", "PRelu", "Tanh", "Sigmoid", "Softplus", "Sin", "Identity", "Flatten", "Reshape",
        "BatchNormalization", "Constant", "Concat", "Split", "Slice", "Conv", "Pow", "Transpose", "Exp", "",
    ];

    [Theory]
    [InlineData(NetworkFileFormat.Onnx)]
    [InlineData(NetworkFileFormat.Safetensors)]
    [InlineData(NetworkFileFormat.Nnet)]
    [InlineData(NetworkFileFormat.Json)]
    public void A_changed_file_is_refused_or_is_a_network_that_comes_back(NetworkFileFormat format)
    {
        var (refused, read) = (0, 0);
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            var bytes = Changed(format, random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            using var stream = new MemoryStream(bytes);
            try
            {
                if (Network.TryRead(stream, format, out var network, out var defects))
                {
                    read++;
                    ComesBack(network, format);
                }
                else
                {
                    refused++;
                    Assert.NotEmpty(defects);
                    Assert.All(defects, defect => Assert.DoesNotContain('\n', defect.ToString()));
                }
            }
            catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"{format}, seed {seed}: {exception}");
            }

            // A constant for what any reader makes, and a factor for the weights and their texts.
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated <= MemoryPerCase + (4096L * bytes.Length), $"{format}, seed {seed}: {allocated} bytes for a file of {bytes.Length}");
        }

        // Both outcomes happen, or nothing was tested.
        Assert.True(refused > Cases / 20 && read > Cases / 20, $"{refused} refused, {read} read");
    }

    private static void ComesBack(Network network, NetworkFileFormat format)
    {
        byte[] written;
        try
        {
            written = Bytes.Of(network, format);
        }
        catch (NetworkFormatException)
        {
            return;
        }

        Assert.Equal(network.ToJson(), Bytes.Read(written, format).ToJson());
    }

    private static byte[] Changed(NetworkFileFormat format, Random random)
    {
        var networks = new TameNetworks(random.Next(200));
        var architecture = TameNetworks.Architectures[random.Next(TameNetworks.Architectures.Length)];
        byte[] bytes;
        switch (format)
        {
            case NetworkFileFormat.Onnx:
                var model = ModelProto.Parser.ParseFrom(Bytes.Of(networks.Next(architecture), format));
                for (var changes = random.Next(4); changes > 0; changes--)
                {
                    Change(model, random);
                }

                bytes = model.ToByteArray();
                break;
            case NetworkFileFormat.Safetensors:
                bytes = ChangedTensors(Bytes.Of(networks.Next(architecture), format), random);
                break;
            case NetworkFileFormat.Nnet:
                var relu = Network.FeedForward(
                    Layer.Dense(new[,] { { 1.5, -2 }, { 0.25, 1e-3 } }, [0.5, -1], Activation.Relu), Layer.Dense(new[,] { { 1.0, random.NextDouble() } }, [random.Next(5)]));
                bytes = ChangedText(Bytes.Of(relu, format), random, ',');
                break;
            default:
                bytes = ChangedText(Bytes.Of(new RandomNetworks(random.Next(200)).Next(), format), random, '"');
                break;
        }

        if (random.Next(4) == 0 && bytes.Length > 0)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return random.Next(10) == 0 ? bytes[..random.Next(bytes.Length + 1)] : bytes;
    }

    private static void Change(ModelProto model, Random random)
    {
        var graph = model.Graph;
        var node = graph.Node[random.Next(graph.Node.Count)];
        List<string> names = [.. graph.Node.SelectMany(other => other.Output), .. graph.Initializer.Select(tensor => tensor.Name), "input", "nowhere"];
        string Any() => names[random.Next(names.Count)];
        switch (random.Next(17))
        {
            case 0:
                node.OpType = Operators[random.Next(Operators.Length)];
                break;
            case 1 when node.Input.Count > 0:
                node.Input[random.Next(node.Input.Count)] = Any();
                break;
            case 2:
                node.Input.Add(Any());
                break;
            case 3 when node.Input.Count > 0:
                node.Input.RemoveAt(random.Next(node.Input.Count));
                break;
            case 4:
                graph.Node.Remove(node);
                graph.Node.Add(node.Clone());
                break;
            case 5:
                graph.Node.Insert(random.Next(graph.Node.Count), node.Clone());
                break;
            case 6:
                graph.Output[0].Name = Any();
                break;
            case 7:
                node.Attribute.Add(new AttributeProto
                {
                    Name = ((string[])["transA", "transB", "alpha", "beta", "axis", "split", "epsilon", "perm", "value"])[random.Next(9)],
                    I = random.Next(-3, 4),
                    F = (float)random.NextDouble(),
                    Type = (AttributeProto.Types.AttributeType)random.Next(8),
                });
                break;
            case 8:
                Tensor().Dims.Add(random.Next(3));
                break;
            case 9:
                var resized = Tensor();
                resized.Dims.Clear();
                resized.Dims.AddRange(Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(5) == 0 ? random.NextInt64() : random.Next(4)));
                break;
            case 10:
                Tensor().DataType = (TensorProto.Types.DataType)random.Next(18);
                break;
            case 11:
                var cut = Tensor();
                cut.RawData = ByteString.CopyFrom(cut.RawData.Span[..random.Next(cut.RawData.Length + 1)]);
                break;
            case 12:
                var changed = Tensor();
                var raw = changed.RawData.ToByteArray();
                if (raw.Length > 0)
                {
                    raw[random.Next(raw.Length)] = (byte)random.Next(256);
                    changed.RawData = ByteString.CopyFrom(raw);
                }

                break;
            case 13:
                graph.Input[0].Type.TensorType.Shape.Dim[random.Next(2)].DimValue = random.Next(3) == 0 ? random.NextInt64(1L << 33) : random.Next(6);
                break;
            case 14 when node.Input.Count > 0:
                // The same function written in another way.
                var before = node.Input[0];
                var name = $"new{random.Next()}";
                graph.Node.Insert(graph.Node.IndexOf(node), new NodeProto { OpType = Operators[random.Next(Operators.Length)], Input = { before, random.Next(2) == 0 ? Any() : before }, Output = { name } });
                node.Input[0] = name;
                break;
            case 15:
                model.OpsetImport[0].Version = random.Next(5, 20);
                break;
            default:
                node.Domain = random.Next(2) == 0 ? "ai.onnx" : "com.example";
                break;
        }

        TensorProto Tensor() => graph.Initializer[random.Next(graph.Initializer.Count)];
    }

    // Numbers and texts of the header changed, with the length that goes with them.
    private static byte[] ChangedTensors(byte[] bytes, Random random)
    {
        var length = (int)BitConverter.ToInt64(bytes);
        var header = random.Next(3) == 0 ? bytes[8..(8 + length)] : ChangedText(bytes[8..(8 + length)], random, '"');
        var size = random.Next(20) == 0 ? random.NextInt64() : header.Length;
        return [.. BitConverter.GetBytes(size), .. header, .. bytes[(8 + length)..]];
    }

    // Pieces between separators dropped, repeated, exchanged, and numbers replaced by others.
    private static byte[] ChangedText(byte[] bytes, Random random, char separator)
    {
        List<string> pieces = [.. Encoding.UTF8.GetString(bytes).Split(separator)];
        for (var changes = random.Next(3); changes > 0; changes--)
        {
            var (i, j) = (random.Next(pieces.Count), random.Next(pieces.Count));
            switch (random.Next(6))
            {
                case 0:
                    pieces.RemoveAt(i);
                    pieces.Add("");
                    break;
                case 1:
                    pieces.Insert(i, pieces[j]);
                    break;
                case 2:
                    (pieces[i], pieces[j]) = (pieces[j], pieces[i]);
                    break;
                case 3:
                    pieces[i] = ((string[])["1", "0", "-1", "1e400", "NaN", "1/3", "999999999999", "null", "{", "]", "\u0000", "tanh", "F16"])[random.Next(13)];
                    break;
                default:
                    var number = pieces[i].IndexOfAny([.. "0123456789"]);
                    if (number >= 0)
                    {
                        pieces[i] = pieces[i][..number] + random.Next(-3, 20).ToString(CultureInfo.InvariantCulture) + pieces[i][(number + 1)..];
                    }

                    break;
            }
        }

        return Encoding.UTF8.GetBytes(string.Join(separator, pieces));
    }
}
