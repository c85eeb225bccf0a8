using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Host.Tests.Commands;

public sealed class LimitTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Two_moons_end_with_a_table_two_figures_and_one_sentence()
    {
        var run = (await Limit("--data", "moons", "--figures", folder.File("m"))).Succeeds().FitsThePage();

        Assert.Matches(@"^moons: 64 points, 2 features, 2 classes; width 2, tanh, α = 0\.001, τ = 1$", run.Lines[0]);
        Assert.Matches(@"^64 +0\.07716362 +1\.15 % .* 100\.00 % ", run.Lines.Single(line => line.StartsWith("64 ", StringComparison.Ordinal)));
        Assert.Matches(@"^objective 0\.076\d+ ± \d", run.Field("limit"));
        Assert.Matches(@"^weights converge like n\^−p with p = 0\.9[5-9]\d ± 0\.0\d\d \(95 %\)", run.Field("order"));
        Assert.Contains("Depth 64 is within 2 % of the deep limit: its training objective is 0.07716, that of infinitely many layers 0.07629", run.Out.Replace('\n', ' '), StringComparison.Ordinal);
        Assert.Equal(["m-regions.svg", "m-weights.svg"], folder.Names);
    }

    [Fact]
    public async Task Json_is_one_document_with_every_depth_and_no_figure()
    {
        var run = (await Limit("--data", "builtin:moons", "--points", "8", "--depths", "4..8", "--starts", "2", "--json")).Succeeds();
        var document = JsonNode.Parse(run.Out)!;

        Assert.Equal([4, 8], document["levels"]!.AsArray().Select(level => (int)level!["depth"]!));
        Assert.Equal(8, document["levels"]![1]!["kernel"]!.AsArray().Count);
        Assert.Empty(folder.Names);
    }

    [Fact]
    public async Task A_table_is_learned_from_its_column_of_classes()
    {
        var table = folder.Write("t.csv", "a,kind,b\n1,x,200\n2,x,250\n3,y,100\n4,y,150\n1.5,x,210\n3.5,y,90\n");
        var run = (await Limit("--data", table, "--label", "kind", "--depths", "4..8", "--starts", "1", "--figures", "none")).Succeeds();

        Assert.Contains("6 points, 2 features, 2 classes", run.Lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,b,c\n1,,x\n2,3,y\n", "line 2, column b: found an empty cell")]
    [InlineData("a,b,c\n1,?,x\n2,3,y\n", "line 2, column b: found \"?\"")]
    [InlineData("a,b,c\n1,nan,x\n2,3,y\n", "found nan, expected a finite number")]
    [InlineData("a,b,c\n1,3,x\n2,3,y\n", "column b: found the same number in every line")]
    [InlineData("a,b,c\n1,3,x\n2,4,x\n", "found a single class, \"x\"")]
    public async Task Tables_that_cannot_be_learned_from_are_bad_input(string table, string says) =>
        (await Limit("--data", folder.Write("t.csv", table))).Fails(ExitCode.BadInput, "t.csv cannot be learned from", says);

    [Fact]
    public async Task What_cannot_be_studied_is_said_in_a_sentence()
    {
        (await Limit("--data", "moons", "--width", "1")).Fails(ExitCode.BadInput, "found 1 for 2 features");
        (await Limit("--data", "moons", "--alpha", "0")).Fails(ExitCode.BadInput, "With α = 0 the limit theorem does not apply");
        (await Limit("--data", "moons", "--depths", "4..100")).Fails(ExitCode.BadInput, "4 doubled some times");
        (await Limit("--data", "cheese")).Fails(ExitCode.BadInput, "There is no data set cheese: moons, spirals, annuli are built in");
        (await Limit("--data", "missing.csv")).Fails(ExitCode.BadInput, "Cannot read missing.csv");
        (await Limit("--data", "moons", "--resume", folder.Write("old.limit", "{}"))).Fails(ExitCode.BadInput, "is not a saved study");
        (await Limit()).Fails(ExitCode.Usage, "Either --data");
        (await Limit("--data", "moons", "--depths", "four")).Fails(ExitCode.Usage, "expected two numbers of layers such as 4..256");
        Assert.Equal(["old.limit"], folder.Names);
    }

    [Fact]
    public async Task The_weights_of_a_trained_network_are_diagnosed()
    {
        var layers = string.Join(", ", Enumerable.Range(0, 32).Select(k => FormattableString.Invariant(
            $"{{ \"weights\": [[{Math.Sin(k / 16.0)}]], \"bias\": [0], \"activation\": \"tanh\" }}")));
        var net = folder.Write("net.json", $"{{ \"format\": \"layertime/1\", \"numbers\": \"float\", \"architecture\": \"residual\", \"step\": 0.03125, \"layers\": [{layers}] }}");
        var run = (await Limit("--network", net)).Succeeds().FitsThePage();

        Assert.Equal("32", run.Field("layers"));
        Assert.Contains("smooth in depth", run.Out, StringComparison.Ordinal);
        Assert.Equal("ordinaryEquation", (string)JsonNode.Parse((await Limit("--network", net, "--json")).Succeeds().Out)!["regime"]!);
    }

    private static Task<HostRun> Limit(params string[] arguments) => HostRun.Of(["limit", .. arguments]);
}
