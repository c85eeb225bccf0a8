using System;
using System.Linq;
using Xunit;

namespace LayerTime.Facade.Tests.Files.Foreign;

/// <summary>Networks as ONNX models: they compute the same node by node, and come back as what they were.</summary>
public sealed class OnnxRoundTripTests
{
    public static TheoryData<Architecture> Architectures => [.. TameNetworks.Architectures];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void A_model_computes_node_by_node_what_the_network_computes(Architecture architecture)
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var networks = new TameNetworks(seed);
            var network = networks.Next(architecture);
            var input = networks.Input(network);
            var expected = network.Run(input).Output;
            var found = NodeByNode.Run(Bytes.Of(network, NetworkFileFormat.Onnx), input);

            AssertClose(expected, found, network, seed);
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void A_model_is_read_as_a_network_that_computes_the_same(Architecture architecture)
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var networks = new TameNetworks(seed);
            var network = networks.Next(architecture);
            var input = networks.Input(network);
            var read = Bytes.Read(Bytes.Of(network, NetworkFileFormat.Onnx), NetworkFileFormat.Onnx);

            AssertClose(network.Run(input).Output, read.Run(input).Output, network, seed);
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void What_was_read_is_written_and_read_as_the_same_network(Architecture architecture)
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var read = Bytes.Read(Bytes.Of(new TameNetworks(seed).Next(architecture), NetworkFileFormat.Onnx), NetworkFileFormat.Onnx);
            var again = Bytes.Read(Bytes.Of(read, NetworkFileFormat.Onnx), NetworkFileFormat.Onnx);

            Assert.Equal(read.ToJson(), again.ToJson());
        }
    }

    // Both sums have the same terms in some order: an error of a few dozen roundings of values below the largest, through few layers.
    private static void AssertClose(double[] expected, double[] found, Network network, int seed)
    {
        Assert.Equal(expected.Length, found.Length);
        var size = Math.Max(1, expected.Max(Math.Abs));
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - found[i]) <= 1e-9 * size, $"{network}, seed {seed}: {expected[i]} and {found[i]}");
        }
    }
}
