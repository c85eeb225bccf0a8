using System;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Host.Tests.BadInput;

/// <summary>Files that are no network: one message, code 65, no trace and no file.</summary>
public sealed class BadNetworkTests
{
    public static TheoryData<string, string> Documents => new()
    {
        { "", "an empty document" },
        { "{ \"format\" = 1 }", "line 1" },
        { Sample.Exact[..^20], "cut off" },
        { "[1, 2]", "expected" },
        { Sample.Exact.Replace("layertime/1", "layertime/2", StringComparison.Ordinal), "layertime/2" },
        { Sample.Float.Replace("0.1", "NaN", StringComparison.Ordinal), "NaN" },
        { Sample.Float.Replace("0.1", "Infinity", StringComparison.Ordinal), "Infinity" },
        { Sample.Float.Replace("0.1", "1e999", StringComparison.Ordinal), "1e999" },
        { Sample.Exact.Replace("\"1/3\"", "\"1/0\"", StringComparison.Ordinal), "1/0" },
        { Sample.Exact.Replace("\"bias\": [\"0\", \"1/3\"]", "\"bias\": [\"0\"]", StringComparison.Ordinal), "bias" },
        { Sample.Exact.Replace("\"order\": 3", "\"order\": 0", StringComparison.Ordinal), "order" },
        { Sample.Of("exact", """ "architecture": "smooth", "order": 3, "step": "1/2" """), "layer" },
        { Sample.Exact.Replace("1/3", "1/" + new string('3', 10_001), StringComparison.Ordinal), "more than 10" },
        { Sample.Exact.Replace("\"step\": \"1/2\"", "\"step\": \"0\"", StringComparison.Ordinal), "positive" },
    };

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Are_refused_by_every_command(string document, string says)
    {
        using var folder = new TemporaryFolder();
        var net = folder.Write("net.json", document);

        (await HostRun.Of("run", net, "--input", "1,2", "--out", folder.File("out.json"))).Fails(ExitCode.BadInput, net, says);
        (await HostRun.Of("convert", "realise", net, "--form", "delay", "--out", folder.File("out.json"))).Fails(ExitCode.BadInput, net, says);
        Assert.Equal(["net.json"], folder.Names);
    }

    [Fact]
    public async Task Every_defect_has_a_line()
    {
        using var folder = new TemporaryFolder();
        var net = folder.Write("net.json", Sample.Float.Replace("0.5, -1", "null, \"x\"", StringComparison.Ordinal));
        var run = (await HostRun.Of("run", net, "--input", "1,2")).Fails(ExitCode.BadInput, "4 defects");

        Assert.Equal(5, run.ErrorLines.Length);
        Assert.Contains(run.ErrorLines, line => line.Contains("$.layers[1].weights[0][1]", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Missing_files_and_folders()
    {
        using var folder = new TemporaryFolder();

        Assert.Single((await HostRun.Of("run", folder.File("none.json"), "--input", "1")).Fails(ExitCode.BadInput, "none.json").ErrorLines);
        Assert.Single((await HostRun.Of("run", folder.Path, "--input", "1")).Fails(ExitCode.BadInput, "it is a folder").ErrorLines);
        Assert.Single((await HostRun.Of("run", "", "--input", "1")).Fails(ExitCode.BadInput).ErrorLines);
    }

    [Fact]
    public async Task Transcendental_layers_have_no_exact_run()
    {
        using var folder = new TemporaryFolder();
        (await HostRun.Of("run", folder.Write("net.json", Sample.Float), "--input", "1,2", "--exact")).Fails(ExitCode.BadInput, "tanh", "layer 0", "layer 1");
    }
}
