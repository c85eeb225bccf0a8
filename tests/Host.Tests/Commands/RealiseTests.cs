using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Host.Tests.Commands;

public sealed class RealiseTests
{
    [Theory]
    [InlineData("delay", "feed-forward")]
    [InlineData("difference", "feed-forward")]
    [InlineData("scaled", "feed-forward")]
    [InlineData("observer", "feed-forward")]
    [InlineData("residual", "residual")]
    public async Task The_network_of_first_order_has_the_same_output(string form, string architecture)
    {
        using var folder = new TemporaryFolder();
        var net = folder.Write("net.json", Sample.Exact);
        var output = folder.File("first-order.json");

        Assert.Equal("", (await HostRun.Of("convert", "realise", net, "--form", form, "--out", output)).Succeeds().Out);

        var realised = Network.Load(output);
        Assert.Equal(architecture, realised.ArchitectureName);
        Assert.Equal(6, realised.Width);
        Assert.Equal(await Output(net), await Output(output));
        Assert.Equal(File.ReadAllText(output), (await HostRun.Of("convert", "realise", net, "--form", form)).Succeeds().Out);

        static async Task<string> Output(string file) =>
            JsonNode.Parse((await HostRun.Of("run", file, "--input", "1,-1/2;3,1/7;0,2", "--json")).Succeeds().Out)!["output"]!.ToJsonString();
    }

    [Fact]
    public async Task Float_networks_are_realised_too()
    {
        using var folder = new TemporaryFolder();
        var net = folder.Write("net.json", Sample.Of("float", """ "architecture": "smooth", "order": 2, "step": 0.5 """, Sample.FloatMap));

        Assert.Equal(NumberKind.Float, Network.Parse((await HostRun.Of("convert", "realise", net, "--form", "delay")).Succeeds().Out).Numbers);
    }

    [Fact]
    public async Task A_form_that_does_not_exist_for_the_network()
    {
        using var folder = new TemporaryFolder();
        var net = folder.Write("net.json", Sample.Of(
            "exact", """ "architecture": "feed-forward" """, """{ "weights": [["1"], ["2"]], "bias": ["0", "0"], "activation": "relu" }"""));

        (await HostRun.Of("convert", "realise", net, "--form", "residual", "--out", folder.File("out.json"))).Fails(ExitCode.BadInput, "widths that change", "one width");
        Assert.Equal(["net.json"], folder.Names);
    }

    [Fact]
    public async Task The_form_is_asked_for()
    {
        using var folder = new TemporaryFolder();
        var net = folder.Write("net.json", Sample.Exact);

        (await HostRun.Of("convert", "realise", net)).Fails(ExitCode.Usage, "--form", "Try 'layertime convert realise --help'.");
        (await HostRun.Of("convert", "realise", net, "--form", "diagonal")).Fails(ExitCode.Usage, "found 'diagonal', expected delay, difference, scaled, observer or residual");
        (await HostRun.Of("convert")).Fails(ExitCode.Usage, "Try 'layertime convert --help'.");
    }
}
