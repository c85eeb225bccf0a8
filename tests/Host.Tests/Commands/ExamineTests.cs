using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Host.Tests.Commands;

public sealed class ExamineTests
{
    private const string Hills = """
        { "format": "layertime/1", "numbers": "float", "architecture": "feed-forward", "layers": [
          { "weights": [[-0.2, 1.7], [-2, 0.4], [0.1, 0.7], [-1.6, 0.1]], "bias": [-0.6, 1.4, -0.5, -0.3], "activation": "tanh" },
          { "weights": [[-1.9, 1.2, 1.3, -0.8]], "bias": [0], "activation": "identity" }] }
        """;

    [Fact]
    public async Task One_page_tells_what_a_network_is()
    {
        using var folder = new TemporaryFolder();
        var run = (await HostRun.Of("examine", folder.Write("hills.json", Hills), "--box", "[-2.5,2.5]^2")).Succeeds().FitsThePage();

        Assert.Contains("x(l+1) = tanh(W_l·x(l) + b_l), l = 0", run.Out, StringComparison.Ordinal);
        Assert.Contains("1 minimum, 2 saddles, 1 maximum in the box", run.Out, StringComparison.Ordinal);
        Assert.StartsWith($"{ClaimCatalogue.All.Count}: ", run.Field("claims"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exact")]
    [InlineData("float")]
    public async Task Exact_networks_and_networks_of_order_three_have_a_page(string numbers)
    {
        using var folder = new TemporaryFolder();
        var run = (await HostRun.Of("examine", folder.Write("net.json", numbers == "exact" ? Sample.Exact : Sample.Float), "--output", "0")).Succeeds().FitsThePage();

        Assert.Contains(numbers == "exact" ? "∇³x(l+1) = h³·f_l(x(l))" : "x(l+1) = x(l) + h·f_l(x(l))", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_json_with_every_claim()
    {
        using var folder = new TemporaryFolder();
        var run = (await HostRun.Of("examine", folder.Write("hills.json", Hills), "--json", "--data", folder.Write("points.csv", "a,b\n0.5,-1\n1/4,2\n"))).Succeeds();
        var document = JsonNode.Parse(run.Out)!;

        Assert.Equal(ClaimCatalogue.All.Count, document["claims"]!.AsArray().Count);
        Assert.Equal(2, document["findings"]!.AsArray().Count(finding => (string)finding!["topic"]! == "momentum"));
    }

    [Fact]
    public async Task A_report_opens_from_disk_and_replaces_only_an_older_one()
    {
        using var folder = new TemporaryFolder();
        var net = folder.Write("hills.json", Hills);
        var report = folder.File("page");

        (await HostRun.Of("examine", net, "--box", "[-2.5,2.5]^2", "--report", report)).Succeeds();
        var page = File.ReadAllText(Path.Combine(report, "index.html"));
        Assert.Contains("<svg", page, StringComparison.Ordinal);
        Assert.All(ClaimCatalogue.All, claim => Assert.Contains($"<code>{claim.Id}</code>", page, StringComparison.Ordinal));
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);

        (await HostRun.Of("examine", net, "--box", "[-2.5,2.5]^2", "--report", report)).Succeeds();
        Assert.Equal(page, File.ReadAllText(Path.Combine(report, "index.html")));
        File.WriteAllText(Path.Combine(report, "mine.txt"), "");
        (await HostRun.Of("examine", net, "--report", report)).Fails(ExitCode.BadInput, "it holds other files");
        (await HostRun.Of("verify", "hauser.smooth.inverse", "--report", folder.File("no/page"))).Fails(ExitCode.BadInput, "there is no folder");
        Assert.Equal(["hills.json", "page"], folder.Names);
    }

    [Fact]
    public async Task What_does_not_fit_is_told_before_the_work()
    {
        using var folder = new TemporaryFolder();
        var net = folder.Write("hills.json", Hills);

        (await HostRun.Of("examine", folder.File("none.onnx"))).Fails(ExitCode.BadInput, "Cannot read");
        (await HostRun.Of("examine", folder.Write("bad.onnx", "no network"))).Fails(ExitCode.BadInput, "bad.onnx");
        (await HostRun.Of("examine", folder.Write("bad.safetensors", "no network"))).Fails(ExitCode.BadInput, "bad.safetensors");
        (await HostRun.Of("examine", folder.Write("bad.nnet", "no network"))).Fails(ExitCode.BadInput, "bad.nnet");
        (await HostRun.Of("examine", folder.Write("bad.json", "no network"))).Fails(ExitCode.BadInput, "bad.json");
        (await HostRun.Of("examine", net, "--data", folder.Write("points.csv", "1,2\n1,2,3\n"))).Fails(ExitCode.BadInput, "row 2 has 3 numbers; 2 are expected");
        (await HostRun.Of("examine", net, "--data", folder.Write("words.csv", "a,b\n1,x\n"))).Fails(ExitCode.BadInput, "row 2, number 2", "found 'x'");
        (await HostRun.Of("examine", net, "--data", folder.Write("names.csv", "a,b\n"))).Fails(ExitCode.BadInput, "no line of numbers");
        (await HostRun.Of("examine", net, "--box", "[0,1]^3")).Fails(ExitCode.BadInput, "dimension 3; 2 is expected");
        (await HostRun.Of("examine", net, "--output", "1")).Fails(ExitCode.BadInput, "There is no output 1");
        (await HostRun.Of("examine", net, "--difference", "0")).Fails(ExitCode.Usage, "found '0'", "two different outputs");
        (await HostRun.Of("examine", net, "--output", "0", "--difference", "0,1")).Fails(ExitCode.Usage, "exclude each other");
        Assert.Equal(["bad.json", "bad.nnet", "bad.onnx", "bad.safetensors", "hills.json", "names.csv", "points.csv", "words.csv"], folder.Names);
    }
}
