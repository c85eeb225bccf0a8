using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Xunit;

namespace LayerTime.Facade.Tests.Files;

/// <summary>Every document that is not a network is refused with its place, what was found and what was expected.</summary>
public sealed class BadInputTests
{
    private static string Good => Document.Float(Document.Good);

    [Theory]
    [InlineData("")]
    [InlineData("  \n ")]
    public void An_empty_document(string text) => Only(text, "an empty document", "a JSON object, the network");

    [Fact]
    public void A_truncated_document_at_every_length()
    {
        var network = Network.Parse(Good).ToJson().TrimEnd();

        for (var length = 1; length < network.Length; length++)
        {
            Assert.False(Network.TryParse(network[..length], out _, out var defects));
            var defect = Assert.Single(defects);
            Assert.Equal("the end of the document", defect.Found);
            Assert.NotNull(defect.Line);
            Assert.NotNull(defect.BytePosition);
        }
    }

    [Fact]
    public void A_cut_off_document_says_so_and_where()
    {
        var defect = Only("{\n  \"format\": \"layertime/1\",\n  \"layers\": [1,\n", "the end of the document", "the rest of it: it is cut off");

        Assert.Equal((4, 1), (defect.Line, defect.BytePosition));
        Assert.Equal("line 4, byte 1: found the end of the document, expected the rest of it: it is cut off", defect.ToString());
    }

    [Fact]
    public void A_malformed_document_says_where()
    {
        var defect = Only("{\n  \"format\" = 1 }", "\"=\", where JSON ends", "well-formed JSON");

        Assert.Equal((2, 12), (defect.Line, defect.BytePosition));
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("nan")]
    [InlineData("-Infinity")]
    [InlineData("inf")]
    public void Numbers_that_are_none(string word) =>
        Only(Good.Replace("[5, 6]", $"[5, {word}]", StringComparison.Ordinal), word, "a finite number");

    [Fact]
    public void A_number_beyond_the_floats()
    {
        var defect = Only(Good.Replace("[5, 6]", "[5, -1e400]", StringComparison.Ordinal), "-1e400", "a number within the range of floats, below 1.8e308");

        Assert.Equal("$.layers[0].bias[1]", defect.JsonPath);
        Assert.Equal("layer 0, bias", defect.Where);
    }

    [Fact]
    public void Null_and_wrong_types_with_their_path()
    {
        var document = Document.Float(
            """{ "weights": [[1, null], "row"], "bias": {}, "activation": 7 }""", "5", """{ "weights": null, "bias": [true, "3/0"], "activation": null }""");

        AssertDefects(
            document,
            ("$.layers[0].weights[0][1]", "null", "a finite number"),
            ("$.layers[0].weights[1]", "the string \"row\"", "an array of numbers"),
            ("$.layers[0].bias", "an object", "an array of numbers"),
            ("$.layers[0].activation", "7", "one of identity"),
            ("$.layers[1]", "5", "a layer"),
            ("$.layers[2].weights", "null", "an array of rows"),
            ("$.layers[2].bias[0]", "true", "a finite number"),
            ("$.layers[2].bias[1]", "the string \"3/0\"", "a finite number, or a fraction such as \"-3/7\""),
            ("$.layers[2].activation", "null", "one of identity"));
    }

    [Fact]
    public void Defects_of_json_and_of_shapes_are_told_together()
    {
        var document = Document.Float(
            """{ "weights": [[1, null], [3, 4]], "bias": [5, 6, 7], "activation": "relu" }""",
            Document.Good,
            """{ "weights": [[1, 2, 3]], "bias": [5], "activation": "swish" }""",
            """{ "weights": [[1, 2], [3]], "bias": [5, 6], "activation": ["relu"] }""");

        AssertDefects(
            document,
            ("$.layers[0].weights[0][1]", "null", "a finite number"),
            ("$.layers[0].bias", "3 numbers", "2, one for each row of the weights"),
            ("$.layers[2].activation", "the string \"swish\"", "one of identity, relu"),
            ("$.layers[3].weights[1]", "1 numbers", "2, as in row 0"),
            ("$.layers[3].activation", "1 activations", "2, one for each row of the weights"),
            ("$.layers[2]", "a map from 3 to 1 numbers", "2 columns, the width of the state"),
            ("$.layers[2]", "a map from 3 to 1 numbers", "2 rows, the width of the state"));
    }

    [Fact]
    public void Every_mismatched_layer_is_named()
    {
        Assert.False(Network.TryParse(Document.Of("float", """ "architecture": "additive-dense" """, """{ "maps": [] }""", $$"""{ "maps": [{{Document.Good}}] }"""), out _, out var none));
        Assert.Equal(["layer 0, maps: found no map, expected at least one"], none.Select(defect => Plain(defect)));

        const string wide = """{ "weights": [[1]], "bias": [5], "activation": "relu" }""";
        var document = Document.Of("float", """ "architecture": "master", "order": 1, "step": 1 """, $$"""{ "maps": [{{Document.Good}}, {{wide}}] }""", $$"""{ "maps": [{{Document.Good}}] }""");
        AssertDefects(
            document,
            ("$.layers[1]", "1 maps", "2, as in layer 0"),
            ("$.layers[0].maps[1]", "a map from 1 to 1 numbers", "2 columns"),
            ("$.layers[0].maps[1]", "a map from 1 to 1 numbers", "2 rows"));
    }

    [Fact]
    public void Lift_and_readout_are_checked_too()
    {
        var document = Good[..^1] + """, "lift": { "weights": [[1]], "bias": [0], "activation": "identity" }, "readout": { "inner": [] } }""";

        AssertDefects(document, ("$.readout", "no layer", "at least one"), ("$.lift", "1 rows", "2, the scalars of the history"));
    }

    [Fact]
    public void Inner_layers_have_to_follow_one_another()
    {
        const string one = """{ "weights": [[1, 2]], "bias": [0], "activation": "identity" }""";

        AssertDefects(Document.Float($$"""{ "inner": [{{one}}, {{Document.Good}}] }"""), ("$.layers[0].inner[1]", "2×2 weights", "1 columns, the width of inner layer 0"));
    }

    [Theory]
    [InlineData("layertime/2")]
    [InlineData("onnx")]
    public void Another_version_is_all_that_is_said(string version)
    {
        var defect = Only($$"""{ "format": "{{version}}", "surprise": 1 }""");

        Assert.Equal("$.format", defect.JsonPath);
        Assert.StartsWith($"\"{version}\"", defect.Found, StringComparison.Ordinal);
        Assert.Equal("\"layertime/1\"", defect.Expected);
    }

    [Fact]
    public void Missing_unknown_and_repeated_fields()
    {
        AssertDefects(
            """{ "numbers": "double", "architecture": "resnet", "x": 1, "numbers": 2, "layers": [] }""",
            ("$.x", "an unknown field", "only format"),
            ("$.numbers", "the same field again", "each field once"),
            ("$.format", "no such field", "\"layertime/1\""),
            ("$.numbers", "the string \"double\"", "one of \"float\", \"exact\""),
            ("$.architecture", "the string \"resnet\"", "one of \"feed-forward\""));
        AssertDefects("{}", ("$.format", "no such field", ""), ("$.numbers", "no such field", ""), ("$.architecture", "no such field", ""), ("$.layers", "no such field", ""));
        AssertDefects("[1]", ("$", "an array", "an object, the network"));
        AssertDefects(Good.Replace("\"step\": 0.5", "\"order\": 2", StringComparison.Ordinal), ("$.order", "an unknown field", "only"), ("$.step", "no such field", "a positive number"));
        AssertDefects(Document.Float("""{ "weights": [[1]], "Bias": [0], "activation": "relu" }"""), ("$.layers[0].Bias", "an unknown field", "only weights"), ("$.layers[0].bias", "no such field", ""));
    }

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0.5", "-0.5")]
    [InlineData("1e-400", "1e-400")]
    [InlineData("\"-1/2\"", "the string \"-1/2\"")]
    public void A_step_is_positive(string step, string found) =>
        AssertDefects(Good.Replace("0.5", step, StringComparison.Ordinal), ("$.step", found, "a"));

    [Theory]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("1.5")]
    [InlineData("1001")]
    [InlineData("99999999999")]
    [InlineData("\"2\"")]
    public void An_order_is_an_integer_of_its_range(string order) =>
        AssertDefects(
            Document.Of("float", $""" "architecture": "smooth", "order": {order}, "step": 1 """, Document.Good),
            ("$.order", order == "\"2\"" ? "the string \"2\"" : order, "an integer of 1 … 1000"));

    [Fact]
    public void Depth_zero() => AssertDefects(Document.Float(), ("$", "depth 0", "at least one layer"));

    [Fact]
    public void Empty_matrices() =>
        AssertDefects(
            Document.Float("""{ "weights": [], "bias": [], "activation": "relu" }""", """{ "weights": [[]], "bias": [1], "activation": "relu" }"""),
            ("$.layers[0].weights", "0×0 numbers", "at least one row and one column"),
            ("$.layers[1].weights", "1×0 numbers", "at least one row and one column"));

    [Fact]
    public void Transcendental_functions_are_refused_where_numbers_are_exact() =>
        AssertDefects(
            Document.Exact("[[1], [2]]", "[0, 0]", "[\"relu\", \"tanh\"]"),
            ("$.layers[0].activation[1]", "\"tanh\", a transcendental function, which has no exact values on fractions", "identity, relu, leaky-relu, square or cubic"));

    [Fact]
    public void A_leaky_relu_has_a_slope()
    {
        AssertDefects(Document.Exact("[[1]]", "[0]", "\"leaky-relu\""), ("$.layers[0].activation", "\"leaky-relu\" without a slope", "{ \"name\""));
        AssertDefects(Document.Exact("[[1]]", "[0]", "{ \"name\": \"leaky-relu\" }"), ("$.layers[0].activation.slope", "no such field", "the slope"));
        AssertDefects(Document.Exact("[[1]]", "[0]", "{ \"name\": \"relu\", \"slope\": 1 }"), ("$.layers[0].activation.name", "the string \"relu\"", "\"leaky-relu\""));
    }

    [Fact]
    public void Fractions_that_are_none()
    {
        var long1 = new string('1', Fraction.MaximumDigits + 1);

        AssertDefects(
            Document.Exact($"[[\"1/0\", \"a\", \"\", \"{long1}\", \"1/{long1}\", 1e99999, null, \"１/２\", \"1 /2\"]]", "[0]", "\"relu\""),
            ("$.layers[0].weights[0][0]", "the string \"1/0\"", "a denominator that is not zero"),
            ("$.layers[0].weights[0][1]", "the string \"a\"", "an integer, a decimal or a fraction"),
            ("$.layers[0].weights[0][2]", "the string \"\"", "an integer, a decimal or a fraction"),
            ("$.layers[0].weights[0][3]", "", ""),
            ("$.layers[0].weights[0][4]", "the string \"1/1111", "at most 10000"),
            ("$.layers[0].weights[0][5]", "1e99999, which has more than 10000 digits when written out", "at most 10000"),
            ("$.layers[0].weights[0][6]", "null", "an exact number"),
            ("$.layers[0].weights[0][7]", "", ""),
            ("$.layers[0].weights[0][8]", "", ""));
    }

    [Fact]
    public void Byte_order_marks_and_bytes_that_are_no_text()
    {
        Only("\uFEFF" + Good, "a byte-order mark", "JSON in UTF-8 without one");
        using var folder = new TemporaryFolder();
        var path = folder.File("n.json");
        File.WriteAllBytes(path, [.. Encoding.UTF8.GetBytes("{\n \"a"), 0xFF, .. Encoding.UTF8.GetBytes("\": 1}")]);

        var defect = Assert.Single(Assert.Throws<NetworkFormatException>(() => Network.Load(path)).Defects);
        Assert.Equal(("bytes that are not UTF-8", 2, 4), (defect.Found, defect.Line, defect.BytePosition));
        File.WriteAllBytes(path, [0x89, 0x50, 0x4E, 0x47, 0, 1, 2]);
        Assert.Throws<NetworkFormatException>(() => Network.Load(path));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_no_text()
    {
        Assert.False(Network.TryParse("""{ "\ud800": 1, "format": "\udc00" }""", out _, out var defects));
        Assert.NotEmpty(defects);
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void Absurd_nesting(char open)
    {
        var text = open == '[' ? new string('[', 100_000) : string.Concat(Enumerable.Repeat("{\"a\":", 100_000));
        var defect = Only(text, "more than 32 nested arrays and objects", "at most 32");

        Assert.Equal(1, defect.Line);
    }

    [Fact]
    public void Trailing_commas_comments_and_more_than_one_document()
    {
        Only(Good + "{}", "\"{\", where JSON ends", "well-formed JSON");
        Only(Good.Replace("[5, 6]", "[5, 6,]", StringComparison.Ordinal));
        Only("// a comment\n" + Good);
    }

    [Fact]
    public void A_file_beyond_the_largest()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("huge.json");
        using (var stream = File.Create(path))
        {
            stream.SetLength(NetworkFormat.MaximumBytes + 1L);
        }

        var defect = Assert.Single(Assert.Throws<NetworkFormatException>(() => Network.Load(path)).Defects);
        Assert.Equal($"found {NetworkFormat.MaximumBytes + 1L} bytes, expected at most {NetworkFormat.MaximumBytes} bytes, the largest document that is read", defect.ToString());
        Assert.False(Network.TryLoad(path, out _, out var defects));
        Assert.Single(defects);
    }

    [Fact]
    public void A_file_that_is_not_there_or_is_a_folder()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains("missing.json", Assert.Throws<NetworkFileException>(() => Network.Load(folder.File("missing.json"))).Message, StringComparison.Ordinal);
        Assert.Contains("it is a folder", Assert.Throws<NetworkFileException>(() => Network.Load(folder.Path)).Message, StringComparison.Ordinal);
        Assert.False(Network.TryLoad(folder.File("missing.json"), out var network, out var defects));
        Assert.Null(network);
        Assert.Single(defects);
    }

    [Fact]
    public void The_message_lists_every_defect_once()
    {
        var exception = Assert.Throws<NetworkFormatException>(() => Network.Parse(Document.Float("5", "6")));

        Assert.Equal(2, exception.Defects.Count);
        Assert.StartsWith("The text is not a network in the format layertime/1 (2 defects):", exception.Message, StringComparison.Ordinal);
        Assert.Contains("layer 1 ($.layers[1]): found 6, expected a layer", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Random damage to good documents never leads to anything but a network or a list of defects.</summary>
    [Fact]
    public void Damaged_documents_are_read_or_refused_and_nothing_else()
    {
        var random = new Random(1);
        string[] pieces = ["null", "NaN", "\"\"", "{}", "[]", "-", "1e999", ",", ":", "\"relu\"", "\\u0000", "\ud83d\ude00", "}", "]", "0", "true", "\"inner\""];
        for (var trial = 0; trial < 4000; trial++)
        {
            var text = new StringBuilder(new RandomNetworks(trial % 50).Next().ToJson());
            for (var hit = random.Next(1, 4); hit > 0; hit--)
            {
                var (at, length) = (random.Next(text.Length), random.Next(0, 8));
                text.Remove(at, Math.Min(length, text.Length - at)).Insert(at, pieces[random.Next(pieces.Length)]);
            }

            if (!Network.TryParse(text.ToString(), out var network, out var defects))
            {
                Assert.NotEmpty(defects);
                Assert.Null(network);
            }
            else
            {
                Assert.Empty(defects);
                Assert.Equal(network.ToJson(), Network.Parse(network.ToJson()).ToJson());
            }
        }
    }

    private static NetworkDefect Only(string text, string? found = null, string? expected = null)
    {
        Assert.False(Network.TryParse(text, out _, out var defects));
        var defect = Assert.Single(defects);
        Assert.Equal(found ?? defect.Found, defect.Found);
        Assert.Equal(expected ?? defect.Expected, defect.Expected);
        return defect;
    }

    private static void AssertDefects(string document, params (string Path, string Found, string Expected)[] expected)
    {
        Assert.False(Network.TryParse(document, out _, out var defects));
        IEnumerable<string> Show() => defects.Select(defect => defect.ToString());
        Assert.True(
            defects.Count == expected.Length
            && defects.Zip(expected).All(pair =>
                pair.First.JsonPath == pair.Second.Path
                && pair.First.Found.StartsWith(pair.Second.Found, StringComparison.Ordinal)
                && pair.First.Expected.StartsWith(pair.Second.Expected, StringComparison.Ordinal)),
            string.Join('\n', Show()));
    }

    private static string Plain(NetworkDefect defect) => (defect with { JsonPath = null }).ToString();
}
