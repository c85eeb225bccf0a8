using System;
using System.IO;
using System.Linq;
using Xunit;

namespace LayerTime.Facade.Tests.Files;

/// <summary>What is written is read back without loss.</summary>
public sealed class RoundTripTests
{
    [Fact]
    public void Random_networks_come_back_with_equal_bytes_and_equal_weights()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var network = new RandomNetworks(seed).Next();
            var json = network.ToJson();
            var again = Network.Parse(json);

            Assert.Equal(json, again.ToJson());
            Assert.Equal(network.ToString(), again.ToString());
            Assert.Equal(Weights(network), Weights(again));
        }
    }

    [Fact]
    public void Negative_zero_stays_negative()
    {
        var again = Network.Parse(Network.FeedForward(Layer.Dense(new[,] { { -0.0 } }, [-0.0], Activation.LeakyRelu(-0.0))).ToJson());
        var layer = again.MapsAt(0)[0].Layers[0];

        Assert.True(double.IsNegative(layer.WeightsAsFloats()[0, 0]));
        Assert.True(double.IsNegative(layer.BiasAsFloats()[0]));
    }

    [Fact]
    public void The_layout_is_one_layer_a_line()
    {
        var network = Network.Smooth(2, 0.5, Layer.Dense(new[,] { { 1, -0.25 }, { 1e-7, 3 } }, [0, 0.1], Activation.LeakyRelu(0.25), Activation.Relu));

        Assert.Equal(
            """
            {
              "format": "layertime/1",
              "numbers": "float",
              "architecture": "smooth",
              "order": 2,
              "step": 0.5,
              "layers": [
                { "weights": [[1, -0.25], [1E-07, 3]], "bias": [0, 0.1], "activation": [{ "name": "leaky-relu", "slope": 0.25 }, "relu"] }
              ]
            }

            """.ReplaceLineEndings("\n"),
            network.ToJson());
    }

    [Fact]
    public void Exact_documents_take_fractions_and_decimals()
    {
        var network = Network.Parse(Document.Exact("[[\"3/7\", 0.1], [-1.5e-3, 12]]", "[\"-2\", \"1e2\"]", "{ \"name\": \"leaky-relu\", \"slope\": \"1/3\" }"));
        var layer = network.MapsAt(0)[0].Layers[0];

        Assert.Equal([new(3, 7), new(1, 10), new(-3, 2000), 12], layer.WeightsAsFractions().Cast<Fraction>());
        Assert.Equal([-2, 100], layer.BiasAsFractions());
        Assert.Equal(new Fraction(1, 3), layer.Activations[0].Slope);
    }

    [Fact]
    public void Files_are_written_whole_and_replace_what_was_there()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("network.json");
        File.WriteAllText(path, "something else");
        var network = new RandomNetworks(7).Next();
        network.Save(path);

        Assert.Equal(network.ToJson(), File.ReadAllText(path));
        Assert.Equal(network.ToJson(), Network.Load(path).ToJson());
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void An_unwritable_target_is_one_message_and_leaves_nothing_behind()
    {
        using var folder = new TemporaryFolder();
        var network = new RandomNetworks(1).Next();
        string[] targets = [folder.Path, folder.File("missing/network.json"), folder.File("network\0.json"), ""];

        foreach (var target in targets)
        {
            var exception = Assert.Throws<NetworkFileException>(() => network.Save(target));
            Assert.Equal(target, exception.Path);
            Assert.DoesNotContain('\n', exception.Message);
        }

        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_fraction_that_could_not_be_read_back_is_not_written()
    {
        using var folder = new TemporaryFolder();
        var huge = Fraction.Parse(new string('9', Fraction.MaximumDigits));
        var network = Network.FeedForward(Layer.Dense(new[,] { { huge } }, [0]));

        Assert.Equal(network.ToJson(), Network.Parse(network.ToJson()).ToJson());
        Assert.Throws<NetworkFormatException>(() => Network.FeedForward(Layer.Dense(new[,] { { huge + 1 } }, [0])).Save(folder.File("n.json")));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    private static string Weights(Network network) =>
        string.Join(' ', new[] { network.Lift, network.Readout }.OfType<LayerMap>()
            .Concat(Enumerable.Range(0, network.Depth).SelectMany(network.MapsAt))
            .SelectMany(map => map.Layers)
            .Select(layer => network.Numbers == NumberKind.Exact
                ? string.Join(',', layer.WeightsAsFractions().Cast<Fraction>().Concat(layer.BiasAsFractions()))
                : string.Join(',', layer.WeightsAsFloats().Cast<double>().Concat(layer.BiasAsFloats()).Select(BitConverter.DoubleToInt64Bits)))
            .Concat(Enumerable.Range(0, network.Depth).SelectMany(network.MapsAt).SelectMany(map => map.Layers).SelectMany(layer => layer.Activations).Select(a => a.ToString())));
}
