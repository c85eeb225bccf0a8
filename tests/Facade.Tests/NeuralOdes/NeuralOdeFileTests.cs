using System;
using System.IO;
using System.Linq;
using LayerTime.Facade.Tests.Files;
using Xunit;

namespace LayerTime.Facade.Tests.NeuralOdes;

/// <summary>Neural ODEs as documents: written and read without loss, and every defect with its place.</summary>
public sealed class NeuralOdeFileTests
{
    private const string Linear = """{ "weights": [[1, 2], [3, 4]], "bias": [5, 6], "activation": "identity" }""";

    private const string Wide = """{ "weights": [[1]], "bias": [5], "activation": "identity" }""";

    [Fact]
    public void Random_neural_odes_come_back_with_equal_bytes_and_equal_weights()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var ode = new RandomNetworks(seed).NextOde();
            var json = ode.ToJson();
            var again = NeuralOde.Parse(json);

            Assert.Equal(json, again.ToJson());
            Assert.Equal(ode.ToString(), again.ToString());
            Assert.Equal(Weights(ode), Weights(again));
        }
    }

    [Fact]
    public void The_layout_is_one_piece_a_line_and_times_are_exact()
    {
        var field = Layer.Dense(new[,] { { 1, -0.25 }, { 0, 3 } }, [0, 0.1], Activation.Tanh);
        var slope = Layer.Dense(new[,] { { 0.5, 0 }, { 0, 0 } }, [1, 0]);
        var ode = NeuralOde.Of(new FieldPiece(new(1, 3), field, slope), new FieldPiece(1, field)).WithReadout(Layer.Dense(new[,] { { 1.0, 1.0 } }, [0]));

        Assert.Equal(
            """
            {
              "format": "layertime/1",
              "numbers": "float",
              "architecture": "neural-ode",
              "field": [
                { "until": "1/3", "coefficients": [{ "weights": [[1, -0.25], [0, 3]], "bias": [0, 0.1], "activation": "tanh" }, { "weights": [[0.5, 0], [0, 0]], "bias": [1, 0], "activation": "identity" }] },
                { "until": "1", "coefficients": [{ "weights": [[1, -0.25], [0, 3]], "bias": [0, 0.1], "activation": "tanh" }] }
              ],
              "readout": { "weights": [[1, 1]], "bias": [0], "activation": "identity" }
            }

            """.ReplaceLineEndings("\n"),
            ode.ToJson());
    }

    [Fact]
    public void A_time_is_read_exactly_in_either_kind_of_numbers()
    {
        Assert.Equal(new Fraction(1, 10), NeuralOde.Parse(Document.Ode("float", Document.Piece("0.1", Linear))).Horizon);
        Assert.Equal(new Fraction(1, 3), NeuralOde.Parse(Document.Ode("exact", Document.Piece("\"1/3\"", Linear))).Horizon);
    }

    [Fact]
    public void Files_are_written_whole_and_read_by_either_door()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("ode.json");
        var ode = new RandomNetworks(3).NextOde();
        ode.Save(path);

        Assert.Equal(ode.ToJson(), File.ReadAllText(path));
        Assert.Equal(ode.ToJson(), NeuralOde.Load(path).ToJson());
        var document = NetworkDocument.Load(path);
        Assert.Null(document.Network);
        Assert.Equal(ode.ToJson(), document.NeuralOde!.ToJson());
        Assert.NotNull(NetworkDocument.Parse(new RandomNetworks(3).Next().ToJson()).Network);
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
        Assert.Throws<NetworkFileException>(() => NeuralOde.Load(folder.File("none.json")));
    }

    [Fact]
    public void The_wrong_door_says_which_is_the_right_one()
    {
        Assert.False(Network.TryParse(Document.Ode("float", Document.Piece("1", Linear)), out _, out var defects));
        Assert.Equal("$.architecture", Assert.Single(defects).JsonPath);
        Assert.Equal("\"neural-ode\"", defects[0].Found);

        Assert.False(NeuralOde.TryParse(Document.Float(Document.Good), out _, out defects));
        Assert.Equal("architecture ($.architecture): found \"residual\", expected \"neural-ode\"", Assert.Single(defects).ToString());
    }

    [Theory]
    [InlineData("[]", "field", "$.field", "no piece", "at least one")]
    [InlineData("{}", "field", "$.field", "an object", "an array of pieces")]
    [InlineData("[5]", "field, piece 0", "$.field[0]", "5", "a piece")]
    public void A_field_is_an_array_of_pieces(string field, string where, string path, string found, string expected)
    {
        Assert.False(NeuralOde.TryParse(Document.Ode("float").Replace("[]", field, StringComparison.Ordinal), out _, out var defects));
        var defect = Assert.Single(defects);
        Assert.Equal((where, path, found), (defect.Where, defect.JsonPath, defect.Found));
        Assert.StartsWith(expected, defect.Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", "$.field[0]", "field, piece 0", "an end at t = 0", "an end after t = 0, where it begins")]
    [InlineData("-1", "$.field[0]", "field, piece 0", "an end at t = -1", "an end after t = 0, where it begins")]
    [InlineData("null", "$.field[0].until", "field, piece 0, until", "null", "an exact number")]
    [InlineData("\"1/0\"", "$.field[0].until", "field, piece 0, until", "the string \"1/0\"", "")]
    public void A_horizon_is_positive(string until, string path, string where, string found, string expected) =>
        Only(Document.Ode("float", Document.Piece(until, Linear)), path, where, found, expected);

    [Fact]
    public void Shapes_and_activations_of_coefficients()
    {
        Only(
            Document.Ode("float", Document.Piece("1", Linear, Wide)),
            "$.field[0].coefficients[1]", "field, piece 0, coefficient 1", "widths 1-1", "2-2, those of coefficient 0");
        Only(
            Document.Ode("float", Document.Piece("1", Linear), Document.Piece("2", Linear, Document.Good)),
            "$.field[1].coefficients[1]", "field, piece 1, coefficient 1", "the activation relu", "identity; activations belong to coefficient 0");
        Only(
            Document.Ode("float", Document.Piece("1", Linear), Document.Piece("1", Linear)),
            "$.field[1]", "field, piece 1", "an end at t = 1", "an end after t = 1, where it begins");
        Only(
            Document.Ode("float", Document.Piece("1", Linear), Document.Piece("2", Wide)),
            "$.field[1]", "field, piece 1", "a map from 1 to 1 numbers", "one from 2 to 2, as x has 2 components");
        Only(Document.Ode("float", Document.Piece("1")), "$.field[0]", "field, piece 0", "no coefficient", "at least one, the weights at t = 0");
        Only(
            Document.Ode("exact", Document.Piece("1", Linear.Replace("identity", "tanh", StringComparison.Ordinal))),
            "$.field[0].coefficients[0].activation", "field, piece 0, coefficient 0, activation", "\"tanh\", a transcendental function", "identity, relu");
        Only(
            Document.Ode("float", Document.Piece("1", Linear.Replace("5", "1e400", StringComparison.Ordinal))),
            "$.field[0].coefficients[0].bias[0]", "field, piece 0, coefficient 0, bias", "1e400", "a number within the range of floats");
    }

    [Fact]
    public void Lift_and_readout_fit_the_field()
    {
        var document = Document.Ode("float", Document.Piece("1", Linear)).Replace(
            "\"field\"", $"\"lift\": {Wide}, \"readout\": {Wide}, \"field\"", StringComparison.Ordinal);
        Assert.False(NeuralOde.TryParse(document, out _, out var defects));
        Assert.Equal(
            ["lift ($.lift): found 1 rows, expected 2, the components of x", "readout ($.readout): found 1 columns, expected 2, the components of x"],
            defects.Select(defect => defect.ToString()));
    }

    [Fact]
    public void Every_defect_is_told_at_once()
    {
        var document = Document.Ode("float", Document.Piece("true", Linear.Replace("5", "null", StringComparison.Ordinal)), """{ "coefficients": 7 }""", Document.Piece("2", Linear, "8"));
        Assert.False(NeuralOde.TryParse(document, out _, out var defects));
        Assert.Equal(
            ["$.field[0].until", "$.field[0].coefficients[0].bias[0]", "$.field[1].until", "$.field[1].coefficients", "$.field[2].coefficients[1]"],
            defects.Select(defect => defect.JsonPath));
    }

    [Fact]
    public void A_truncated_document_at_every_length()
    {
        var json = new RandomNetworks(5).NextOde().ToJson().TrimEnd();
        for (var length = 1; length < json.Length; length += 3)
        {
            Assert.False(NeuralOde.TryParse(json[..length], out _, out var defects));
            Assert.Equal("the end of the document", Assert.Single(defects).Found);
        }
    }

    private static void Only(string document, string path, string where, string found, string expected)
    {
        Assert.False(NeuralOde.TryParse(document, out _, out var defects));
        var defect = Assert.Single(defects);
        Assert.Equal((path, where), (defect.JsonPath, defect.Where));
        Assert.StartsWith(found, defect.Found, StringComparison.Ordinal);
        Assert.StartsWith(expected, defect.Expected, StringComparison.Ordinal);
    }

    private static string Weights(NeuralOde ode) =>
        string.Join(' ', ode.Pieces.SelectMany(piece => piece.Coefficients).Append(ode.Lift).Append(ode.Readout).OfType<LayerMap>()
            .SelectMany(map => map.Layers)
            .Select(layer => ode.Numbers == NumberKind.Exact
                ? string.Join(',', layer.WeightsAsFractions().Cast<Fraction>().Concat(layer.BiasAsFractions()))
                : string.Join(',', layer.WeightsAsFloats().Cast<double>().Concat(layer.BiasAsFloats()).Select(BitConverter.DoubleToInt64Bits)))
            .Concat(ode.Pieces.Select(piece => piece.Until.ToString())));
}
