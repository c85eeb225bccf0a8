using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Host.Tests.Commands;

public sealed class NormalFormTests
{
    /// <summary>2-3-2-1 whose second matrix has rank 1 and does not read neuron 1: 2-2-1-2-1 is left.</summary>
    private static readonly string Deficient = Sample.Of(
        "exact",
        """ "architecture": "feed-forward" """,
        """{ "weights": [["1", "0"], ["1", "1"], ["0", "2"]], "bias": ["1/2", "0", "-1"], "activation": "cubic" }""",
        """{ "weights": [["1", "0", "1"], ["2", "0", "2"]], "bias": ["1/2", "1"], "activation": "cubic" }""",
        """{ "weights": [["1", "1"]], "bias": ["0"], "activation": "identity" }""");

    /// <summary>tanh(x + 2y) + tanh(2x + 4y) + tanh(1/2): one direction, a constant neuron, floats.</summary>
    private static readonly string Flat = Sample.Of(
        "float",
        """ "architecture": "feed-forward" """,
        """{ "weights": [[1, 3], [2, 6], [0, 0]], "bias": [0, 0, 0.5], "activation": "tanh" }""",
        """{ "weights": [[1, 1, 1]], "bias": [0], "activation": "identity" }""");

    [Fact]
    public async Task The_network_has_the_same_output()
    {
        using var folder = new TemporaryFolder();
        var net = folder.Write("net.json", Deficient);
        var output = folder.File("reduced.json");

        var run = (await HostRun.Of("convert", "normal-form", net, "--out", output)).Succeeds().FitsThePage();

        Assert.Equal("2-2-2-1", run.Field("widths"));
        Assert.Equal("2, 1", run.Field("ranks"));
        Assert.Equal("hidden layer 0, neuron 1 is read by nothing", run.Field("removed"));
        Assert.Contains("2-2-2-1-2-1 is bottleneck in effect", run.Out, StringComparison.Ordinal);
        Assert.Equal(await Output(net), await Output(output));
        Assert.Equal(File.ReadAllText(output), (await HostRun.Of("convert", "normal-form", net)).Succeeds().Out);
        Assert.Equal(File.ReadAllText(output), (await HostRun.Of("convert", "normal-form", output)).Succeeds().Out);
        Assert.Equal(["net.json", "reduced.json"], folder.Names);

        static async Task<string> Output(string file) =>
            JsonNode.Parse((await HostRun.Of("run", file, "--input", "1/3,-2", "--json")).Succeeds().Out)!["output"]!.ToJsonString();
    }

    [Fact]
    public async Task As_json_with_everything_that_was_found()
    {
        using var folder = new TemporaryFolder();
        var net = folder.Write("net.json", Flat);

        var document = JsonNode.Parse((await HostRun.Of("convert", "normal-form", net, "--json")).Succeeds().Out)!;

        Assert.Equal("[2,2,1]", document["widths"]!.ToJsonString());
        Assert.Equal("[1]", document["ranks"]!.ToJsonString());
        Assert.False(document["exact"]!.GetValue<bool>());
        Assert.Equal(2, document["removed"]![0]!["neuron"]!.GetValue<int>());
        Assert.Equal("bottleneck", document["class"]!["effective"]!.GetValue<string>());
        Assert.Equal("degenerate", document["class"]!["criticalPoints"]!.GetValue<string>());
        Assert.Equal(1, Network.Parse(document["network"]!.ToJsonString()).Lift!.OutputWidth);
    }

    [Fact]
    public async Task A_constant_has_a_value()
    {
        using var folder = new TemporaryFolder();
        var net = folder.Write("net.json", Flat.Replace("[[1, 1, 1]]", "[[0, 0, 2]]", StringComparison.Ordinal));

        var run = (await HostRun.Of("convert", "normal-form", net, "--out", folder.File("constant.json"))).Succeeds().FitsThePage();

        Assert.Equal("2·tanh(1/2)", run.Field("value"));
        Assert.Contains("The function is constant", run.Out, StringComparison.Ordinal);
        Assert.Equal(2 * Math.Tanh(0.5), Network.Load(folder.File("constant.json")).Run([7.0, -3.0]).Output.Single(), 1e-15);
    }

    [Fact]
    public async Task Networks_that_have_no_such_form()
    {
        using var folder = new TemporaryFolder();
        var net = folder.Write("net.json", Sample.Float);

        (await HostRun.Of("convert", "normal-form", net, "--out", folder.File("out.json"))).Fails(ExitCode.BadInput, "a residual network", "a feed-forward network");
        (await HostRun.Of("convert", "normal-form", folder.File("none.json"))).Fails(ExitCode.BadInput, "none.json");
        (await HostRun.Of("convert", "normal-form")).Fails(ExitCode.Usage, "Try 'layertime convert normal-form --help'.");
        Assert.Equal(["net.json"], folder.Names);
    }

    [Fact]
    public async Task A_network_of_several_outputs_has_a_form_and_no_class()
    {
        using var folder = new TemporaryFolder();
        var net = folder.Write("net.json", Sample.Of("float", """ "architecture": "feed-forward" """, Sample.FloatMap));

        var document = JsonNode.Parse((await HostRun.Of("convert", "normal-form", net, "--json")).Succeeds().Out)!;

        Assert.Null(document["class"]);
        Assert.NotNull(document["network"]);
    }
}
