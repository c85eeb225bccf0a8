using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Host.Tests.Commands;

public sealed class CheckTests : IDisposable
{
    // 1-3-1 with four critical points in [-4, 4].
    private const string Wave = """
        { "format": "layertime/1", "numbers": "float", "architecture": "feed-forward", "layers": [
          { "weights": [[1.8], [-1.1], [0.1]], "bias": [-1.4, 1.3, -0.3], "activation": "tanh" },
          { "weights": [[1.3, 1.5, 0.4]], "bias": [0], "activation": "identity" }] }
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_certificate_of_a_census_is_confirmed()
    {
        var run = (await HostRun.Of("check", await Certificate())).Succeeds().FitsThePage();
        Assert.Matches(@"^Confirmed: 4 critical points in \[-4, 4\], the rest in \d+ boxes\.$", run.Lines[0]);

        var json = JsonNode.Parse((await HostRun.Of("check", await Certificate(), "--json")).Succeeds().Out)!;
        Assert.True((bool)json["confirmed"]!);
        Assert.Equal(4, (int)json["points"]!);
    }

    [Fact]
    public async Task A_tampered_certificate_is_refused_with_the_box_that_fails()
    {
        var text = File.ReadAllText(await Certificate());
        var tampered = folder.Write("tampered.json", text.Replace("\"index\": 1", "\"index\": 0", StringComparison.Ordinal));
        var run = await HostRun.Of("check", tampered);

        Assert.Equal(1, run.Code);
        Assert.Equal("Refused: the index 0 of point 0 is not confirmed.", run.Lines[0]);
        Assert.Matches(@"^  at \[-1\.06655\d+, -1\.06655\d+\]$", run.Lines[1]);

        var json = await HostRun.Of("check", tampered, "--json");
        Assert.Equal(1, json.Code);
        Assert.False((bool)JsonNode.Parse(json.Out)!["confirmed"]!);
    }

    [Fact]
    public async Task What_is_no_certificate_is_bad_input()
    {
        var text = File.ReadAllText(await Certificate());

        (await HostRun.Of("check", folder.Write("cut.json", text[..(text.Length / 2)]))).Fails(ExitCode.BadInput, "is not a certificate", "cut off");
        (await HostRun.Of("check", folder.Write("new.json", text.Replace("certificate/1", "certificate/2", StringComparison.Ordinal)))).Fails(ExitCode.BadInput, "layertime-certificate/1");
        (await HostRun.Of("check", folder.Write("net.json", Wave))).Fails(ExitCode.BadInput, "is not a certificate");
        (await HostRun.Of("check", folder.File("none.json"))).Fails(ExitCode.BadInput, "Cannot read");
    }

    [Fact]
    public async Task An_incomplete_census_writes_no_certificate()
    {
        var run = await HostRun.Of("census", folder.Write("net.json", Wave), "--box", "[-4,4]", "--max-boxes", "3", "--certificate", folder.File("c.json"));

        Assert.Equal(2, run.Code);
        Assert.DoesNotContain("c.json", folder.Names);
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_written_leaves_nothing_behind()
    {
        (await HostRun.Of("census", folder.Write("net.json", Wave), "--box", "[-4,4]", "--certificate", Path.Combine(folder.File("none"), "c.json"))).Fails(ExitCode.BadInput, "Cannot write");
        Assert.Equal(["net.json"], folder.Names);
    }

    private async Task<string> Certificate()
    {
        var path = folder.File("c.json");
        (await HostRun.Of("census", folder.Write("net.json", Wave), "--box", "[-4,4]", "--certificate", path)).Succeeds();
        return path;
    }
}
