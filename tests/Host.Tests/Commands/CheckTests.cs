using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Host.Tests.Commands;

/// <summary>Certificates from the census that writes them to the check that confirms or refuses them.</summary>
public sealed class CheckTests : IDisposable
{
    /// <summary>2-4-1 with a maximum, two saddles and a minimum.</summary>
    private const string Network = """
        { "format": "layertime/1", "numbers": "float", "architecture": "feed-forward", "layers": [
          { "weights": [[-0.2, 1.7], [-2, 0.4], [0.1, 0.7], [-1.6, 0.1]], "bias": [-0.6, 1.4, -0.5, -0.3], "activation": "tanh" },
          { "weights": [[-1.9, 1.2, 1.3, -0.8]], "bias": [0], "activation": "identity" }] }
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_certificate_that_was_written_is_confirmed()
    {
        var census = (await Certify()).Succeeds();
        var check = (await HostRun.Of("check", folder.File("points.json"))).Succeeds().FitsThePage();

        Assert.Equal("Complete: there is no other critical point in the domain.", census.Lines[^1]);
        Assert.Matches(@"^Confirmed: 4 critical points in \[-2\.5, 2\.5\] x \[-2\.5, 2\.5\], the rest in \d+ boxes\.$", Assert.Single(check.Lines));
        Assert.Equal(["net.json", "points.json"], folder.Names);
    }

    [Fact]
    public async Task The_readme_shows_what_is_printed()
    {
        var census = (await Certify()).Succeeds();
        var check = (await HostRun.Of("check", folder.File("points.json"))).Succeeds();
        var readme = Path.Combine(Processes.Readme.Root, "README.md");

        Assert.Contains($"```text\n{census.Out}\n{check.Out}```\n", File.ReadAllText(readme).ReplaceLineEndings("\n"), StringComparison.Ordinal);
        var forged = await HostRun.Of("check", Tampered("\"index\": 1", "\"index\": 0"));
        Assert.Contains($"```text\n{forged.Out}```\n", File.ReadAllText(readme).ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_verdict_as_one_json_document()
    {
        (await Certify()).Succeeds();
        var confirmed = JsonNode.Parse((await HostRun.Of("check", folder.File("points.json"), "--json")).Succeeds().Out)!.AsObject();
        var refused = await HostRun.Of("check", Tampered("\"index\": 2", "\"index\": 0"), "--json");
        var objection = JsonNode.Parse(refused.Out)!.AsObject();

        Assert.Equal(["confirmed", "domain", "points", "boxes"], confirmed.Select(pair => pair.Key));
        Assert.True((bool)confirmed["confirmed"]!);
        Assert.Equal(4, (int)confirmed["points"]!);
        Assert.Equal((1, ""), (refused.Code, refused.Error));
        Assert.False((bool)objection["confirmed"]!);
        Assert.Equal("the index 0 of points[0] is not confirmed", (string?)objection["reason"]);
        Assert.Equal(2, objection["box"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_certificate_that_was_tampered_with_is_refused_with_the_box()
    {
        (await Certify()).Succeeds();
        var check = (await HostRun.Of("check", Tampered("\"index\": 1", "\"index\": 2"))).FitsThePage();

        Assert.Equal((1, ""), (check.Code, check.Error));
        Assert.Equal("Refused: the index 2 of points[1] is not confirmed.", check.Lines[0]);
        Assert.StartsWith("  at [0.39531619", check.Lines[1], StringComparison.Ordinal);
        Assert.Equal(2, check.Lines.Length);
    }

    [Fact]
    public async Task A_certificate_of_other_weights_is_refused()
    {
        (await Certify()).Succeeds();

        Assert.Equal(1, (await HostRun.Of("check", Tampered(", 1.7]", ", 1.71]"))).Code);
    }

    [Fact]
    public async Task A_census_that_is_not_complete_has_no_certificate()
    {
        var run = await Certify("--max-boxes", "5");

        Assert.Equal((2, "No certificate: the census is not complete.\n"), (run.Code, run.Error));
        Assert.Equal("Not complete: other critical points can lie in the undecided boxes only.", run.Lines[^1]);
        Assert.Equal(["net.json"], folder.Names);
    }

    [Fact]
    public async Task The_same_certificate_from_any_number_of_cores_and_after_a_pause()
    {
        (await Certify("--cores", "1")).Succeeds();
        var first = File.ReadAllText(folder.File("points.json"));
        (await Certify("--cores", "2")).Succeeds();
        Assert.Equal(first, File.ReadAllText(folder.File("points.json")));

        await Census("--max-boxes", "20", "--save", folder.File("part.paving"));
        (await HostRun.Of("census", folder.File("net.json"), "--resume", folder.File("part.paving"), "--certificate", folder.File("points.json"))).Succeeds();
        Assert.Equal(first, File.ReadAllText(folder.File("points.json")));
    }

    [Fact]
    public async Task An_interrupted_check_has_no_verdict()
    {
        (await Certify()).Succeeds();
        var check = await HostRun.Of(
            new LibraryClaims(), console => console with { Interruption = () => new CancellationToken(canceled: true) }, "check", folder.File("points.json"));

        Assert.Equal((130, "", "Interrupted: there is no result.\n"), (check.Code, check.Out, check.Error));
    }

    [Fact]
    public async Task A_truncated_certificate_is_no_certificate()
    {
        (await Certify()).Succeeds();
        var text = File.ReadAllText(folder.File("points.json"));
        foreach (var share in new[] { 0.0, 0.1, 0.5, 0.9 })
        {
            (await Check(text[..(int)(share * text.Length)])).Fails(ExitCode.BadInput, "is not a certificate");
        }

        // The text of the cover cut off, the document whole.
        var cover = text.IndexOf(" x\"", StringComparison.Ordinal);
        (await Check(text.Remove(cover, 2))).Fails(ExitCode.BadInput, "$.cover", "in the middle of a box");
    }

    [Theory]
    [InlineData("layertime-certificate/1", "layertime-certificate/2", "layertime-certificate/1")]
    [InlineData("\"index\": 2", "\"index\": -2", "$.points[0].index")]
    [InlineData("\"index\": 2", "\"index\": 2, \"weight\": 1", "weight")]
    [InlineData("\"domain\": [[\"-0x1.4p+1\", \"0x1.4p+1\"]", "\"domain\": [[\"0x1.4p+1\", \"-0x1.4p+1\"]", "$.domain[0]")]
    [InlineData("\"domain\": [[\"-0x1.4p+1\"", "\"domain\": [[\"-0x1.4p+5000\"", "$.domain[0]")]
    [InlineData("\"cover\": \"", "\"cover\": \"? ", "$.cover")]
    [InlineData("\"tanh\"", "\"tangent\"", "$.network")]
    [InlineData("[-0.6, ", "[NaN, ", "NaN")]
    public async Task What_is_no_certificate_is_told_with_its_place(string what, string by, string says)
    {
        (await Certify()).Succeeds();
        (await HostRun.Of("check", Tampered(what, by))).Fails(ExitCode.BadInput, "is not a certificate", says);
    }

    [Fact]
    public async Task A_certificate_about_a_network_of_which_there_is_no_census_is_bad_input()
    {
        (await Certify()).Succeeds();
        (await HostRun.Of("check", Tampered("\"tanh\"", "\"relu\""))).Fails(ExitCode.BadInput, "found relu", "does not exist at a kink");
    }

    [Fact]
    public async Task Other_files_are_no_certificates()
    {
        (await Census("--save", folder.File("a.paving"))).Succeeds();

        (await HostRun.Of("check", folder.File("net.json"))).Fails(ExitCode.BadInput, "is not a certificate", "layertime-certificate/1");
        (await HostRun.Of("check", folder.File("a.paving"))).Fails(ExitCode.BadInput, "is not a certificate", "layertime-certificate/1");
        (await HostRun.Of("check", folder.File("none.json"))).Fails(ExitCode.BadInput, "Cannot read", "none.json");
        (await HostRun.Of("check")).Fails(ExitCode.Usage, "argument missing");
    }

    private Task<HostRun> Census(params string[] options) => HostRun.Of(["census", folder.Write("net.json", Network), "--box", "[-2.5,2.5]^2", .. options]);

    private Task<HostRun> Certify(params string[] options) => Census(["--certificate", folder.File("points.json"), .. options]);

    private Task<HostRun> Check(string certificate) => HostRun.Of("check", folder.Write("tampered.json", certificate));

    // The first place only.
    private string Tampered(string what, string by)
    {
        var text = File.ReadAllText(folder.File("points.json"));
        var place = text.IndexOf(what, StringComparison.Ordinal);
        Assert.True(place >= 0, $"'{what}' is not in the certificate.");
        return folder.Write("tampered.json", text.Remove(place, what.Length).Insert(place, by));
    }
}
