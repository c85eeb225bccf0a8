using System.IO;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Host.Tests.Commands;

/// <summary>Networks from one file format to another, and commands that read each of them.</summary>
public sealed class FormatTests
{
    [Theory]
    [InlineData("net.onnx")]
    [InlineData("net.safetensors")]
    public async Task A_network_in_another_format_has_the_same_output(string name)
    {
        using var folder = new TemporaryFolder();
        var net = folder.Write("net.json", Sample.Of("float", """ "architecture": "smooth", "order": 2, "step": 0.5 """, Sample.FloatMap));
        var (other, back) = (folder.File(name), folder.File("back.json"));

        Assert.Equal("", (await HostRun.Of("convert", "format", net, "--out", other)).Succeeds().Out);
        Assert.Equal("", (await HostRun.Of("convert", "format", other, "--out", back)).Succeeds().Out);
        Assert.Equal(Network.Load(net).ToJson(), File.ReadAllText(back));
        Assert.Equal(await Output(net), await Output(other));

        static async Task<string> Output(string file) =>
            JsonNode.Parse((await HostRun.Of("run", file, "--input", "1,-0.5;3,1", "--json")).Succeeds().Out)!["output"]!.ToJsonString();
    }

    [Fact]
    public async Task Realisations_and_normal_forms_are_written_in_the_format_of_the_extension()
    {
        using var folder = new TemporaryFolder();
        var net = folder.Write("net.json", Sample.Of("float", """ "architecture": "feed-forward" """, Sample.FloatMap));
        var (realised, reduced) = (folder.File("realised.onnx"), folder.File("reduced.onnx"));

        (await HostRun.Of("convert", "realise", net, "--form", "delay", "--out", realised)).Succeeds();
        (await HostRun.Of("convert", "normal-form", net, "--out", reduced)).Succeeds();
        Assert.Equal(Network.Load(net).InputWidth, Network.Load(realised).InputWidth);
        Assert.Equal(Architecture.FeedForward, Network.Load(reduced).Architecture);
    }

    [Theory]
    [InlineData("net.onnx")]
    [InlineData("net.safetensors")]
    [InlineData("net.nnet")]
    public async Task A_file_that_is_none_of_its_format_gets_one_sentence(string name)
    {
        using var folder = new TemporaryFolder();
        var broken = folder.Write(name, "This is not it.");

        Assert.Single((await HostRun.Of("run", broken, "--input", "1")).Fails(ExitCode.BadInput, name, "found", "expected").ErrorLines);
    }

    [Fact]
    public async Task A_network_that_the_format_cannot_express_leaves_no_file()
    {
        using var folder = new TemporaryFolder();
        var net = folder.Write("net.json", Sample.Exact);

        (await HostRun.Of("convert", "format", net, "--out", folder.File("net.nnet"))).Fails(ExitCode.BadInput, ".nnet", "feed-forward");
        Assert.Equal(["net.json"], folder.Names);
    }
}
