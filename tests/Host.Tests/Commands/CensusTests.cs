using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using System.Xml.Linq;
using Xunit;

namespace LayerTime.Host.Tests.Commands;

public sealed class CensusTests : IDisposable
{
    private const string A241 = """
        { "format": "layertime/1", "numbers": "float", "architecture": "feed-forward", "layers": [
          { "weights": [[-0.2, 1.7], [-2, 0.4], [0.1, 0.7], [-1.6, 0.1]], "bias": [-0.6, 1.4, -0.5, -0.3], "activation": "tanh" },
          { "weights": [[-1.9, 1.2, 1.3, -0.8]], "bias": [0], "activation": "identity" }] }
        """;

    private const string B2321 = """
        { "format": "layertime/1", "numbers": "float", "architecture": "feed-forward", "layers": [
          { "weights": [[-1.2, -1.2], [2, 1.9], [-1.5, 1.9]], "bias": [0.1, -0.9, -0.1], "activation": "tanh" },
          { "weights": [[0.5, 1, 0.3], [-0.1, 0.8, 1.7]], "bias": [0.1, 0.2], "activation": "tanh" },
          { "weights": [[-1.7, 1.4]], "bias": [0], "activation": "identity" }] }
        """;

    private const string Bottleneck = """
        { "format": "layertime/1", "numbers": "float", "architecture": "feed-forward", "layers": [
          { "weights": [[1, 0.5]], "bias": [0.1], "activation": "tanh" },
          { "weights": [[3], [1]], "bias": [0, 0], "activation": "tanh" },
          { "weights": [[1, -2]], "bias": [0], "activation": "identity" }] }
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_complete_census_is_a_table_with_the_digits_that_are_certain()
    {
        var run = (await Census(A241, "--box", "[-2.5,2.5]^2")).Succeeds().FitsThePage();

        Assert.Matches(@"^point +x1 +x2 +value +index +kind$", run.Lines[0]);
        Assert.Matches(@"^1 +0\.1331193548062\d* +-0\.4757504054158\d* +2\.109758805266\d* +2 +maximum$", run.Lines[1]);
        Assert.Matches(@"^2 +0\.3953161926784\d* +1\.112403269707\d* +0\.2902035592289\d* +1 +saddle$", run.Lines[2]);
        Assert.Matches(@"^4 +2\.019059981992\d* +1\.471689099722\d* +-1\.270142068124\d* +0 +minimum$", run.Lines[4]);
        Assert.Equal("4: 1 of index 0, 2 of index 1, 1 of index 2", run.Lines.Last(line => line.StartsWith("points ", StringComparison.Ordinal))[7..].Trim());
        Assert.Equal("signed count 0, degree of the gradient on the boundary 0", run.Field("degree"));
        Assert.Equal("Complete: there is no other critical point in the domain.", run.Lines[^1]);
    }

    [Fact]
    public async Task What_is_undecided_is_told_with_its_reason()
    {
        var run = (await Census(Bottleneck, "--box", "[-1,1]^2", "--tolerance", "1/16")).FitsThePage();

        Assert.Equal(2, run.Code);
        Assert.Contains("undecided: boxes below the tolerance, perhaps with degenerate critical points", run.Lines);
        Assert.Equal("Not complete: other critical points can lie in the undecided boxes only.", run.Lines[^1]);
    }

    [Fact]
    public async Task A_budget_of_zero_leaves_the_whole_box_undecided()
    {
        var run = await Census(A241, "--box", "[-2.5,2.5]x[-1,2]", "--max-boxes", "0");

        Assert.Equal(2, run.Code);
        Assert.Contains("undecided: not looked at", run.Lines);
        Assert.Equal("[-2.5, 2.5] x [-1, 2]", run.Field("within"));
    }

    [Fact]
    public async Task One_json_document_and_nothing_else()
    {
        var run = (await Census(A241, "--box", "[-2.5,2.5]^2", "--json")).Succeeds();
        var json = JsonNode.Parse(run.Out)!;

        Assert.True((bool)json["complete"]!);
        Assert.Equal(["maximum", "saddle", "saddle", "minimum"], json["points"]!.AsArray().Select(point => (string)point!["kind"]!));
    }

    [Fact]
    public async Task A_resumed_census_prints_what_one_in_one_go_prints()
    {
        var whole = (await Census(B2321, "--box", "[-2.5,2.5]^2", "--json")).Succeeds();
        var paving = folder.File("b.paving");
        var part = await Census(B2321, "--box", "[-2.5,2.5]^2", "--max-boxes", "700", "--save", paving);
        var resumed = (await Census(B2321, "--resume", paving, "--json")).Succeeds();
        var named = (await Census(B2321, "--resume", paving, "--box", "[-2.5,2.5]^2", "--tolerance", "1/1024", "--json")).Succeeds();

        Assert.Equal(2, part.Code);
        Assert.Equal(whole.Out, resumed.Out);
        Assert.Equal(whole.Out, named.Out);
    }

    [Fact]
    public async Task The_same_bytes_on_any_number_of_cores()
    {
        string? first = null;
        foreach (var cores in new[] { "1", "2", "5" })
        {
            var (paving, figure) = (folder.File("b.paving"), folder.File("b.svg"));
            var run = await Census(B2321, "--box", "[-2.5,2.5]^2", "--max-boxes", "1500", "--cores", cores, "--json", "--save", paving, "--figure", figure);
            var bytes = run.Out + File.ReadAllText(paving) + File.ReadAllText(figure);
            Assert.Equal(first ??= bytes, bytes);
        }
    }

    [Fact]
    public async Task Files_are_written_where_they_were_asked_for()
    {
        var run = (await Census(A241, "--box", "[-2.5,2.5]^2", "--figure", folder.File("a.svg"), "--out", folder.File("a.txt"), "--save", folder.File("a.paving"))).Succeeds();

        Assert.Equal("", run.Out);
        Assert.Equal(["a.paving", "a.svg", "a.txt", "net.json"], folder.Names);
        Assert.Equal("svg", XElement.Load(folder.File("a.svg")).Name.LocalName);
        Assert.EndsWith("Complete: there is no other critical point in the domain.\n", File.ReadAllText(folder.File("a.txt")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faces_move_where_that_is_allowed()
    {
        // (x + 1)² has its minimum on the face.
        const string parabola = """
            { "format": "layertime/1", "numbers": "exact", "architecture": "feed-forward", "layers": [{ "weights": [["1"]], "bias": ["1"], "activation": "square" }] }
            """;
        var stays = await Census(parabola, "--box", "[-1,2]");
        var moves = (await Census(parabola, "--box", "[-1,2]", "--move-faces")).Succeeds();

        Assert.Equal(2, stays.Code);
        Assert.Contains("--move-faces may help", stays.Out, StringComparison.Ordinal);
        Assert.EndsWith("with faces moved from [-1, 2]", moves.Field("domain"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interruption_prints_and_saves_the_valid_partial_result()
    {
        var net = folder.Write("net.json", B2321);
        var run = await HostRun.Of(
            new LibraryClaims(), console => console with { Interruption = () => new CancellationToken(canceled: true) }, "census", net, "--box", "[-2.5,2.5]^2", "--save", folder.File("b.paving"));

        Assert.Equal(130, run.Code);
        Assert.Equal("Interrupted: the result is partial.\n", run.Error);
        Assert.Equal("Interrupted: other critical points can lie in the undecided boxes only.", run.Lines[^1]);
        (await HostRun.Of("census", net, "--resume", folder.File("b.paving"))).Succeeds();
    }

    [Fact]
    public async Task Progress_is_shown_to_the_patient_on_the_other_stream()
    {
        // Never finished at this tolerance: the first line ends it.
        var net = folder.Write("net.json", Bottleneck);
        using var source = new CancellationTokenSource();
        var run = await HostRun.Of(
            new LibraryClaims(),
            console => console with { Error = new InterruptingWriter(console.Error, source), Interruption = () => source.Token, Patience = TimeSpan.Zero, LineInterval = TimeSpan.FromMilliseconds(10) },
            "census", net, "--box", "[-1,1]^2", "--tolerance", "1e-7", "--max-boxes", "1000000000");

        Assert.Contains(run.ErrorLines, line => line.Contains("of at most 1,000,000,000 boxes", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[1,0]", "is empty")]
    [InlineData("[0,inf]", "unbounded")]
    [InlineData("[0,1e999]", "beyond the range of floats")]
    [InlineData("square", "are expected")]
    public async Task A_box_that_is_none_is_bad_usage(string box, string says) =>
        (await Census(A241, "--box", box)).Fails(ExitCode.Usage, "--box", says, "Try 'layertime census --help'.");

    [Fact]
    public async Task Bad_usage_is_told()
    {
        (await Census(A241)).Fails(ExitCode.Usage, "Where to look is missing");
        (await Census(A241, "--box", "[0,1]^2", "--tolerance", "0")).Fails(ExitCode.Usage, "--tolerance: found '0', expected a positive number");
        (await Census(A241, "--box", "[0,1]^2", "--tolerance", "NaN")).Fails(ExitCode.Usage, "expected a positive number");
        (await Census(A241, "--box", "[0,1]^2", "--max-boxes", "-1")).Fails(ExitCode.Usage, "--max-boxes: found '-1', expected an integer");
    }

    [Fact]
    public async Task Bad_input_is_told_before_any_work()
    {
        (await Census(A241, "--box", "[0,1]^3")).Fails(ExitCode.BadInput, "The box has dimension 3; 2 is expected");
        (await Census(Kinked("relu", 1), "--box", "[0,1]")).Fails(ExitCode.BadInput, "hidden layer 0: found relu", "the theorem that critical points are non-degenerate", "does not exist at a kink");
        (await Census(Kinked("tanh", 2), "--box", "[0,1]")).Fails(ExitCode.BadInput, "found 2 outputs, expected one");
        (await Census(Kinked("tanh", 1).Replace("[1]]", "[NaN]]", StringComparison.Ordinal), "--box", "[0,1]")).Fails(ExitCode.BadInput, "NaN", "a finite number");
        (await HostRun.Of("census", folder.File("none.json"), "--box", "[0,1]")).Fails(ExitCode.BadInput, "Cannot read");
    }

    [Fact]
    public async Task A_saved_census_of_something_else_is_refused()
    {
        var paving = folder.File("a.paving");
        (await Census(A241, "--box", "[-2.5,2.5]^2", "--save", paving)).Succeeds();

        (await Census(B2321, "--resume", paving)).Fails(ExitCode.BadInput, "another network");
        (await Census(A241, "--resume", paving, "--box", "[-3,3]^2")).Fails(ExitCode.BadInput, "leave out --box");
        (await Census(A241, "--resume", paving, "--tolerance", "0.5")).Fails(ExitCode.BadInput, "tolerance");
        (await Census(A241, "--resume", folder.File("net.json"))).Fails(ExitCode.BadInput, "is not a saved census");
        (await Census(A241, "--resume", folder.Write("bad.paving", File.ReadAllText(paving).Replace("2.5", "2.6", StringComparison.Ordinal)))).Fails(ExitCode.BadInput, "damaged");
    }

    [Fact]
    public async Task A_figure_of_three_inputs_is_refused()
    {
        const string three = """
            { "format": "layertime/1", "numbers": "float", "architecture": "feed-forward", "layers": [{ "weights": [[1, 2, 3]], "bias": [0], "activation": "tanh" }] }
            """;

        (await Census(three, "--box", "[0,1]^3", "--figure", folder.File("a.svg"))).Fails(ExitCode.BadInput, "3 inputs");
        Assert.Equal(["net.json"], folder.Names);
    }

    private static string Kinked(string activation, int outputs) => $$"""
        { "format": "layertime/1", "numbers": "float", "architecture": "feed-forward", "layers": [
          { "weights": [[1]], "bias": [0], "activation": "{{activation}}" },
          { "weights": [{{string.Join(", ", Enumerable.Repeat("[1]", outputs))}}], "bias": [{{string.Join(", ", Enumerable.Repeat("0", outputs))}}], "activation": "identity" }] }
        """;

    private Task<HostRun> Census(string network, params string[] options) => HostRun.Of(["census", folder.Write("net.json", network), .. options]);
}
