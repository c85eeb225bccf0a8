using System;
using System.Linq;
using Xunit;

namespace LayerTime.Facade.Tests.Files.Foreign;

/// <summary>Networks as ONNX models: they compute the same node by node, and come back as what they were.</summary>
public sealed class OnnxRoundTripTests
{
    private const double Unit = 1.0 / (1L << 53);

    public static TheoryData<Architecture> Architectures => [.. TameNetworks.Architectures];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void A_model_computes_node_by_node_what_the_network_computes(Architecture architecture)
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var networks = new TameNetworks(seed);
            var network = networks.Next(architecture);
            var input = networks.Input(network);
            var expected = network.Run(input).Output;
            var found = NodeByNode.Run(Bytes.Of(network, NetworkFileFormat.Onnx), input);

            AssertClose(expected, found, network, input, seed);
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void A_model_is_read_as_a_network_that_computes_the_same(Architecture architecture)
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var networks = new TameNetworks(seed);
            var network = networks.Next(architecture);
            var input = networks.Input(network);
            var read = Bytes.Read(Bytes.Of(network, NetworkFileFormat.Onnx), NetworkFileFormat.Onnx);

            AssertClose(network.Run(input).Output, read.Run(input).Output, network, input, seed);
            if (IsRecognised(network))
            {
                Assert.True(network.ToString() == read.ToString(), $"seed {seed}: {network} and {read}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void What_was_read_is_written_and_read_as_the_same_network(Architecture architecture)
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var read = Bytes.Read(Bytes.Of(new TameNetworks(seed).Next(architecture), NetworkFileFormat.Onnx), NetworkFileFormat.Onnx);
            var again = Bytes.Read(Bytes.Of(read, NetworkFileFormat.Onnx), NetworkFileFormat.Onnx);

            Assert.Equal(read.ToJson(), again.ToJson());
        }
    }

    // Of two orders or memories that say the same the smaller one is read, and a readout to the width of a state is one layer more.
    private static bool IsRecognised(Network network) => network.Architecture switch
    {
        Architecture.Residual => true,
        Architecture.Smooth => network.Order > 1,
        Architecture.AdditiveDense => network.Blocks > 1,
        Architecture.Master => network.Order > 0 && network.MapsAt(0).Count > 1,
        Architecture.ConcatenationDense => network.Blocks > 1 && network.Depth > 1 && network.Readout?.OutputWidth != network.Width,
        _ => false,
    };

    [Fact]
    public void The_bound_is_small_for_most_of_the_networks()
    {
        var bounds = TameNetworks.Architectures.SelectMany(architecture => Enumerable.Range(0, 200).Select(seed =>
        {
            var networks = new TameNetworks(seed);
            var network = networks.Next(architecture);
            return ErrorBound.Of(network, networks.Input(network), Unit);
        })).Order().ToList();

        Assert.True(bounds[bounds.Count / 2] < 1e-12, $"median {bounds[bounds.Count / 2]}");
    }

    // Both results are as far from the value without rounding as the bound says.
    private static void AssertClose(double[] expected, double[] found, Network network, double[] input, int seed)
    {
        Assert.Equal(expected.Length, found.Length);
        var bound = 2 * ErrorBound.Of(network, input, Unit);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - found[i]) <= bound, $"{network}, seed {seed}: {expected[i]} and {found[i]}, bound {bound}");
        }
    }
}
