using System;
using System.Globalization;
using System.IO;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Host.Tests.Commands;

/// <summary>layertime convert ode-to-ffn and ffn-to-ode.</summary>
public sealed class OdeConversionTests
{
    private const string Start = "1,-0.5,0.3";

    [Theory]
    [InlineData(40, 0.639654405741714, 0.01263654944573332)]
    [InlineData(160, 0.157909598681612, 0.003084659037154132)]
    [InlineData(640, 0.03933967322448505, 0.0007663606037897918)]
    public async Task The_bounds_of_the_specification_stand_beside_the_measured_error(int layers, double certificate, double error)
    {
        using var folder = new TemporaryFolder();
        var run = (await HostRun.Of(
            "convert", "ode-to-ffn", folder.Write("ode.json", Sample.Damped), "--input", Start, "--layers", $"{layers}", "--out", folder.File("net.json"))).Succeeds().FitsThePage();

        // Bounds are shown with three digits rounded upwards, measured distances to the nearest.
        var (before, after, measured) = (Number(run.Field("a priori")), Number(run.Field("a posteriori")), Number(run.Field("measured")));
        Assert.InRange(after, certificate, certificate * 1.0101);
        Assert.InRange(measured, error * 0.995, error * 1.005);
        Assert.True(measured <= after && after <= before);
        Assert.Equal(layers, Network.Load(folder.File("net.json")).Depth);
        Assert.Equal(Network.Load(folder.File("net.json")).Run([1, -0.5, 0.3]).Output, NeuralOde.Load(folder.File("ode.json")).ToLayers([1, -0.5, 0.3], layers).Network.Run([1, -0.5, 0.3]).Output);
    }

    [Fact]
    public async Task There_and_back_follows_the_same_equation()
    {
        using var folder = new TemporaryFolder();
        var (ode, net, back) = (folder.Write("ode.json", Sample.Damped), folder.File("net.json"), folder.File("back.json"));
        (await HostRun.Of("convert", "ode-to-ffn", ode, "--input", Start, "--layers", "50", "--out", net)).Succeeds();
        var run = (await HostRun.Of("convert", "ffn-to-ode", net, "--input", Start, "--horizon", "2", "--out", back)).Succeeds().FitsThePage();

        Assert.True(Number(run.Field("measured")) <= Number(run.Field("a priori")));
        var (first, second) = (NeuralOde.Load(ode).Field(1, [0.2, -1, 0.4]), NeuralOde.Load(back).Field(1, [0.2, -1, 0.4]));

        // Weights rounded at 1 and divided by dt = 1/25.
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(first[i], second[i], 1e-12);
        }
    }

    [Fact]
    public async Task A_tolerance_chooses_the_layers()
    {
        using var folder = new TemporaryFolder();
        var run = (await HostRun.Of("convert", "ode-to-ffn", folder.Write("ode.json", Sample.Damped), "--input", Start, "--tolerance", "1", "--out", folder.File("net.json"))).Succeeds();

        Assert.True(Number(run.Field("a priori")) <= 1);
        // The search uses a bound that falls with every layer and is a little above the one that is shown.
        var layers = int.Parse(run.Field("layers"), CultureInfo.InvariantCulture);
        var fewer = (await HostRun.Of("convert", "ode-to-ffn", folder.File("ode.json"), "--input", Start, "--layers", $"{layers * 9 / 10}", "--out", folder.File("net.json"))).Succeeds();
        Assert.True(Number(fewer.Field("a priori")) > 1);
    }

    [Fact]
    public async Task Without_a_file_the_document_is_alone_on_standard_output()
    {
        using var folder = new TemporaryFolder();
        var run = await HostRun.Of("convert", "ode-to-ffn", folder.Write("ode.json", Sample.Damped), "--input", Start, "--layers", "40");
        Assert.Equal(0, run.Code);
        Assert.Equal(40, Network.Parse(run.Out).Depth);
        Assert.Contains("a priori", run.Error, StringComparison.Ordinal);

        run = await HostRun.Of("convert", "ffn-to-ode", folder.Write("net.json", run.Out), "--input", Start, "--horizon", "2");
        Assert.Equal(0, run.Code);
        Assert.Equal(2, NeuralOde.Parse(run.Out).Horizon);
        Assert.Contains("a priori", run.Error, StringComparison.Ordinal);
    }

    public static TheoryData<string[], int, string> Refused => new()
    {
        { ["ode-to-ffn", "damped.json", "--input", Start], 64, "One of --layers and --tolerance" },
        { ["ode-to-ffn", "damped.json", "--input", Start, "--layers", "9", "--tolerance", "1"], 64, "One of --layers and --tolerance" },
        { ["ode-to-ffn", "damped.json", "--input", Start, "--layers", "0"], 64, "--layers: found '0'" },
        { ["ode-to-ffn", "damped.json", "--input", Start, "--tolerance", "0"], 64, "--tolerance: found '0'" },
        { ["ode-to-ffn", "damped.json", "--input", Start, "--layers", "1"], 65, "H3 fails: with 1 layers" },
        { ["ode-to-ffn", "damped.json", "--input", Start, "--tolerance", "1e-9"], 65, "asks for more than 1048576 layers" },
        { ["ode-to-ffn", "damped.json", "--input", "1,2", "--layers", "9"], 65, "Found 2 numbers in the input, expected 3" },
        { ["ode-to-ffn", "turn.json", "--input", "1,0", "--layers", "9"], 65, "field, piece 0: found another form, expected w(t)x + b(t) + c·σ(x)" },
        { ["ode-to-ffn", "net.json", "--input", "1,0", "--layers", "9"], 65, "found \"residual\", expected \"neural-ode\"" },
        { ["ffn-to-ode", "turn.json", "--input", "1,0"], 65, "found \"neural-ode\"" },
        { ["ffn-to-ode", "net.json", "--input", "1,0"], 65, "The network is residual; a feed-forward network near the identity is expected." },
        { ["ffn-to-ode", "far.json", "--input", "1,0"], 65, "H1 fails: max‖W_l − I‖" },
        { ["ffn-to-ode", "far.json", "--input", "1,0", "--horizon", "0"], 64, "--horizon: found 0, expected a positive time" },
        { ["ffn-to-ode", "far.json", "--input", "1"], 65, "1 numbers; 2 are expected" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_has_no_equivalent_is_refused_with_the_hypothesis_that_fails(string[] arguments, int code, string says)
    {
        using var folder = new TemporaryFolder();
        folder.Write("damped.json", Sample.Damped);
        folder.Write("turn.json", Sample.Turn);
        folder.Write("net.json", Sample.Float);
        folder.Write("far.json", Sample.Of("float", """ "architecture": "feed-forward" """, Sample.FloatMap, Sample.FloatMap));
        var before = folder.Names;

        (await HostRun.Of(["convert", arguments[0], folder.File(arguments[1]), .. arguments[2..], "--out", folder.File("out.json")])).Fails((ExitCode)code, says);
        Assert.Equal(before, folder.Names);
    }

    private static double Number(string field) =>
        double.Parse(Regex.Match(field, @"[0-9][0-9.]*(e-?[0-9]+)?").Value, CultureInfo.InvariantCulture);
}
