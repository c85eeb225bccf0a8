using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Host.Tests.Commands;

public sealed class RunTests
{
    [Fact]
    public async Task Exact_networks_print_fractions()
    {
        using var folder = new TemporaryFolder();
        var run = (await HostRun.Of("run", folder.Write("net.json", Sample.Exact), "--input", "1,-1/2")).Succeeds().FitsThePage();

        Assert.Equal(["layer", "x(-2)", "x(-1)", "x(0)", "x(1)", "x(2)", "output"], run.Lines.Select(line => line.Split(' ')[0]));
        Assert.Matches(@"^x\(0\) +1 +-1/2$", run.Lines[3]);
        Assert.Matches(@"^x\(1\) +9/8 +-1/2$", run.Lines[4]);
    }

    [Fact]
    public async Task A_fraction_beyond_the_range_of_floats_is_refused_on_floats()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("net.json", Sample.Exact.Replace("\"1/2\"", "\"1e999\"", StringComparison.Ordinal));

        (await HostRun.Of("run", file, "--input", "1,-1/2", "--float")).Fails(ExitCode.BadInput, "expected an absolute value below 2^1024");
        (await HostRun.Of("run", file, "--input", "1,-1/2")).Succeeds();
    }

    [Fact]
    public async Task Numbers_follow_the_library()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("net.json", Sample.Exact);
        var network = Network.Load(file);
        var half = new Fraction(-1, 2);
        var expected = network.RunExact([Fraction.One, half], StartConvention.ZeroPadding).Output.Select(number => number.ToString());
        var json = JsonNode.Parse((await HostRun.Of("run", file, "--input", "1,-1/2", "--start", "zero-padding", "--json")).Succeeds().Out)!;

        Assert.Equal("exact", (string?)json["numbers"]);
        Assert.Equal(expected, json["output"]!.AsArray().Select(number => (string)number!));
        Assert.Equal([-2, -1, 0, 1, 2], json["states"]!.AsArray().Select(state => (int)state!["layer"]!));

        var floats = JsonNode.Parse((await HostRun.Of("run", file, "--input", "1,-1/2", "--float", "--json")).Succeeds().Out)!;
        Assert.Equal("float", (string?)floats["numbers"]);
        Assert.Equal(network.ToFloat().Run([1, -0.5]).Output, floats["output"]!.AsArray().Select(number => (double)number!));
    }

    [Fact]
    public async Task Floats_run_exactly_on_request()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("net.json", Sample.Of("float", """ "architecture": "residual", "step": 0.5 """, Sample.FloatMap.Replace("tanh", "relu", StringComparison.Ordinal)));

        Assert.Contains("/", (await HostRun.Of("run", file, "--input", "0.1,1", "--exact")).Succeeds().Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("history.csv", "1,-1/2\n0,1\n\n2,3\n")]
    [InlineData("history.csv", "1, -0.5\r\n0, 1\r\n2, 3")]
    [InlineData("history.json", "[[1, \"-1/2\"], [0, 1], [2, 3e0]]")]
    [InlineData("history.json", "[1, \"-1/2\", 0, 1, 2, 3]")]
    public async Task Inputs_from_files(string name, string text)
    {
        using var folder = new TemporaryFolder();
        var net = folder.Write("net.json", Sample.Exact);
        var direct = (await HostRun.Of("run", net, "--input", "1,-1/2;0,1;2,3")).Succeeds();

        Assert.Equal(direct.Out, (await HostRun.Of("run", net, "--input", folder.Write(name, text))).Succeeds().Out);
        Assert.Equal(direct.Out, (await HostRun.Of("run", net, "--input", "1,-1/2,0,1,2,3")).Succeeds().Out);
    }

    [Fact]
    public async Task An_input_may_start_with_a_sign_or_an_at()
    {
        using var folder = new TemporaryFolder();
        var net = folder.Write("net.json", Sample.Exact);

        Assert.Matches(@"x\(0\) +-1/2 +1\n", (await HostRun.Of("run", net, "--input", "-1/2,1")).Succeeds().Out);
        Assert.Matches(@"x\(0\) +-1/2 +1\n", (await HostRun.Of("run", net, "--input=-1/2,1")).Succeeds().Out);
        (await HostRun.Of("run", net, "--input", "@x")).Fails(ExitCode.BadInput, "@x");
    }

    [Fact]
    public async Task A_file_is_written_whole()
    {
        using var folder = new TemporaryFolder();
        var net = folder.Write("net.json", Sample.Exact);
        var output = folder.Write("run.json", "something old");
        var printed = (await HostRun.Of("run", net, "--input", "1,2", "--json")).Succeeds().Out;

        Assert.Equal("", (await HostRun.Of("run", net, "--input", "1,2", "--json", "--out", output)).Succeeds().Out);
        Assert.Equal(printed, File.ReadAllText(output));
        Assert.Equal(["net.json", "run.json"], folder.Names);
    }

    [Fact]
    public async Task Long_fractions_are_never_cut()
    {
        using var folder = new TemporaryFolder();
        var net = folder.Write("net.json", Sample.Exact);
        var number = new string('7', 60) + "/" + new string('3', 59);
        var run = (await HostRun.Of("run", net, "--input", $"{number},1")).Succeeds();

        Assert.Contains($"x(0) = ({Fraction.Parse(number)}, 1)\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_beyond_the_floats_are_words_in_json()
    {
        using var folder = new TemporaryFolder();
        var net = folder.Write("net.json", Sample.Of("float", """ "architecture": "feed-forward" """, """{ "weights": [[1e300]], "bias": [0], "activation": "square" }"""));
        var run = await HostRun.Of("run", net, "--input", "1e200", "--json");
        var json = JsonNode.Parse(run.Out)!;

        Assert.Contains("x(1) is beyond the range of floats", run.Error, StringComparison.Ordinal);
        Assert.Equal("Infinity", (string?)json["output"]![0]);
    }

    [Fact]
    public async Task Exact_and_float_exclude_each_other()
    {
        using var folder = new TemporaryFolder();
        (await HostRun.Of("run", folder.Write("net.json", Sample.Exact), "--input", "1,2", "--exact", "--float")).Fails(ExitCode.Usage, "exclude each other");
    }
}
