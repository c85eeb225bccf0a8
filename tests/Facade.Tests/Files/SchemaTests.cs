using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.Json;
using Xunit;

namespace LayerTime.Facade.Tests.Files;

/// <summary>The published schema says of documents what the reader says, as far as a schema can.</summary>
public sealed class SchemaTests
{
    private static readonly SchemaChecker Schema = new(NetworkFormat.JsonSchema);

    [Fact]
    public void Everything_that_is_written_fits_the_schema()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var networks = new RandomNetworks(seed);
            var problem = Schema.Check(networks.Next().ToJson()) ?? Schema.Check(networks.NextOde().ToJson());
            Assert.True(problem is null, problem);
        }
    }

    [Theory]
    [InlineData("\"layertime/1\"", "\"layertime/2\"")]
    [InlineData("\"step\": 0.5", "\"order\": 2")]
    [InlineData("\"step\": 0.5", "\"step\": 0.5, \"window\": 2")]
    [InlineData("\"relu\"", "\"swish\"")]
    [InlineData("\"relu\"", "\"leaky-relu\"")]
    [InlineData("\"relu\"", "{ \"name\": \"leaky-relu\" }")]
    [InlineData("[5, 6]", "[5, null]")]
    [InlineData("[5, 6]", "5")]
    [InlineData("[5, 6]", "[]")]
    [InlineData("\"bias\"", "\"Bias\"")]
    [InlineData("\"layers\": [", "\"layers\": 1, \"more\": [")]
    [InlineData("\"residual\"", "\"additive-dense\"")]
    [InlineData("\"float\"", "\"double\"")]
    public void What_the_schema_refuses_the_reader_refuses(string good, string bad)
    {
        var document = Document.Float(Document.Good);
        var damaged = document.Replace(good, bad, StringComparison.Ordinal);

        Assert.Null(Schema.Check(document));
        Assert.NotEqual(document, damaged);
        Assert.NotNull(Schema.Check(damaged));
        Assert.False(Network.TryParse(damaged, out _, out _));
    }

    [Theory]
    [InlineData("\"field\"", "\"layers\"")]
    [InlineData("\"field\"", "\"order\": 1, \"field\"")]
    [InlineData("\"field\"", "\"step\": 1, \"field\"")]
    [InlineData("\"field\"", "\"window\": 1, \"field\"")]
    [InlineData("\"until\": 1, ", "")]
    [InlineData("\"until\": 1", "\"until\": \"soon\"")]
    [InlineData("\"until\": 1", "\"until\": 1, \"from\": 0")]
    [InlineData("\"coefficients\": [", "\"coefficients\": 1, \"more\": [")]
    [InlineData("\"neural-ode\"", "\"residual\", \"step\": 1")]
    public void The_same_for_neural_odes(string good, string bad)
    {
        var document = Document.Ode("float", Document.Piece("1", Document.Good));
        var damaged = document.Replace(good, bad, StringComparison.Ordinal);

        Assert.Null(Schema.Check(document));
        Assert.NotEqual(document, damaged);
        Assert.NotNull(Schema.Check(damaged));
        Assert.False(NeuralOde.TryParse(damaged, out _, out _));
        Assert.False(Network.TryParse(damaged, out _, out _));
    }

    [Fact]
    public void The_schema_knows_the_limits_of_the_reader()
    {
        using var schema = JsonDocument.Parse(NetworkFormat.JsonSchema);
        var properties = schema.RootElement.GetProperty("properties");

        Assert.Equal(NetworkFormat.MaximumOrder, properties.GetProperty("order").GetProperty("maximum").GetInt32());
        Assert.Equal(NetworkFormat.MaximumWindow, properties.GetProperty("window").GetProperty("maximum").GetInt32());
        Assert.Equal(NetworkFormat.Name, properties.GetProperty("format").GetProperty("const").GetString());
        Assert.Contains($"{{1,{Fraction.MaximumDigits}}}", NetworkFormat.JsonSchema, StringComparison.Ordinal);
    }
}
