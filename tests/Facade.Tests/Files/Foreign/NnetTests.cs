using System;
using System.Linq;
using System.Text;
using Xunit;

namespace LayerTime.Facade.Tests.Files.Foreign;

/// <summary>The text format .nnet.</summary>
public sealed class NnetTests
{
    // 3·(relu(2·(x − 1)/4 + 1) − relu(−(x − 1)/4)) + 5
    private const string Text = """
        // A comment
        //2,1,1,2,
        2,1,1,2,
        1,2,1,
        0
        -10.0,
        10.0,
        1.0,5.0,
        4.0,3.0,
        2.0,
        -1.0,
        1.0,
        0.0,
        1.0,-1.0,
        0.0,

        """;

    [Fact]
    public void Means_and_ranges_are_part_of_the_function()
    {
        var network = Read(Text);
        foreach (var x in new[] { -7.0, -1, 0, 1, 2.5, 9 })
        {
            var z = (x - 1) / 4;
            Assert.Equal((3 * (Math.Max(0, (2 * z) + 1) - Math.Max(0, -z))) + 5, network.Run([x]).Output[0], 12);
        }
    }

    [Fact]
    public void What_was_read_is_written_and_read_as_the_same_network()
    {
        var random = new Random(1);
        double[,] Table(int rows, int columns)
        {
            var table = new double[rows, columns];
            for (var e = 0; e < table.Length; e++)
            {
                table[e / columns, e % columns] = random.NextDouble() * Math.Pow(10, random.Next(-300, 300));
            }

            return table;
        }

        var network = Network.FeedForward(
            Layer.Dense(Table(5, 3), [1, -0.0, 0.1, double.Epsilon, -3], Activation.Relu), Layer.Dense(Table(2, 5), [0.1, 7], Activation.Relu), Layer.Dense(Table(3, 2), [0, 1, 2]));

        Assert.Equal(network.ToJson(), Read(Encoding.UTF8.GetString(Bytes.Of(network, NetworkFileFormat.Nnet))).ToJson());
        Assert.Equal(Read(Text).ToJson(), Read(Encoding.UTF8.GetString(Bytes.Of(Read(Text), NetworkFileFormat.Nnet))).ToJson());
    }

    [Fact]
    public void Networks_that_are_not_of_relu_units_are_not_written()
    {
        var layer = Layer.Dense(new[,] { { 1.0 } }, [0], Activation.Tanh);
        Assert.Contains("tanh", Assert.Throws<NetworkFormatException>(() => Bytes.Of(Network.FeedForward(layer, Layer.Dense(new[,] { { 1.0 } }, [0])), NetworkFileFormat.Nnet)).Message, StringComparison.Ordinal);
        Assert.Contains("residual", Assert.Throws<NetworkFormatException>(() => Bytes.Of(Network.Residual(1.0, Layer.Dense(new[,] { { 1.0 } }, [0])), NetworkFileFormat.Nnet)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2,1,1,2,", "3,1,1,2,", "3 numbers")]
    [InlineData("1,2,1,", "1,x,1,", "\"x\"")]
    [InlineData("1,2,1,", "2,2,1,", "widths from 2 to 1")]
    [InlineData("4.0,3.0,", "0.0,3.0,", "a range of 0")]
    [InlineData("4.0,3.0,", "4.0,1e999,", "\"1e999\"")]
    [InlineData("1.0,-1.0,\n0.0,\n", "1.0,-1.0,\n", "the end of the file")]
    [InlineData("1.0,-1.0,\n0.0,\n", "1.0,-1.0,\n0.0,\n1.0\n", "after the last layer")]
    [InlineData("2,1,1,2,", "2000000000,1,1,2,", "2000000000")]
    public void A_broken_line_is_refused_with_its_number(string line, string broken, string found)
    {
        var defect = Bytes.Refused(Encoding.UTF8.GetBytes(Text.ReplaceLineEndings("\n").Replace($"\n{line}", $"\n{broken}", StringComparison.Ordinal)), NetworkFileFormat.Nnet);

        Assert.Contains(found, defect.Found, StringComparison.Ordinal);
        Assert.StartsWith("line ", defect.Where, StringComparison.Ordinal);
    }

    private static Network Read(string text) => Bytes.Read(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n")), NetworkFileFormat.Nnet);
}
