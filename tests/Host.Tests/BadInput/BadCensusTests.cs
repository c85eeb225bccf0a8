using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Host.Tests.BadInput;

/// <summary>Boxes, networks, budgets and files of which no census can be taken, or only an undecided one.</summary>
public sealed class BadCensusTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("[1,0]", "is empty; the lower end first")]
    [InlineData("[-inf,1]", "unbounded; a finite number is expected")]
    [InlineData("[0,∞]", "unbounded; a finite number is expected")]
    [InlineData("[0,NaN]", "'NaN' is no number")]
    [InlineData("[-1e400,0]", "beyond the range of floats")]
    [InlineData("[0,1]^0", "at least 1")]
    [InlineData("[]", "are expected")]
    [InlineData("", "are expected")]
    public async Task A_box_that_is_empty_or_unbounded(string box, string says) => (await Census(Neuron("tanh"), box)).Fails(ExitCode.Usage, "--box", says);

    [Fact]
    public async Task A_box_of_another_dimension() =>
        Assert.Single((await Census(Neuron("tanh"), "[-1,1]^2")).Fails(ExitCode.BadInput, "The box has dimension 2; 1 is expected, the number of inputs").ErrorLines);

    [Fact]
    public async Task A_network_with_two_outputs() => Assert.Single(
        (await Census(Of("[[1]]", "[0]", "tanh", "[[1], [1]]", "[0, 0]"), "[-1,1]")).Fails(ExitCode.BadInput, "found 2 outputs, expected one", "only a scalar function").ErrorLines);

    [Theory]
    [InlineData("\"relu\"", "relu")]
    [InlineData("{ \"name\": \"leaky-relu\", \"slope\": 0.1 }", "leaky-relu")]
    public async Task A_kink(string activation, string name) => Assert.Single((await Census(Of("[[1]]", "[0]", activation, "[[1]]", "[0]"), "[-1,1]")).Fails(
        ExitCode.BadInput, $"found {name}", "expected a C² activation", "the theorem that critical points are non-degenerate", "the Hessian, which does not exist at a kink").ErrorLines);

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("\"NaN\"")]
    [InlineData("1e999")]
    public async Task A_weight_that_is_no_number(string weight) =>
        (await Census(Of($"[[{weight}]]", "[0]", "tanh", "[[1]]", "[0]"), "[-1,1]")).Fails(ExitCode.BadInput, "net.json is not a network");

    [Fact]
    public async Task A_budget_of_zero_decides_nothing()
    {
        var run = (await Census(Neuron("sin"), "[-2,2]", "--max-boxes", "0")).FitsThePage();

        Assert.Equal((2, ""), (run.Code, run.Error));
        Assert.Equal("0", run.Field("points"));
        Assert.Equal("[-2, 2]", run.Field("within"));
    }

    // σ(x) − σ(2x)/2 with all its critical points near 0, far inside boxes on which exp overflows and sums are infinite.
    [Theory]
    [InlineData("tanh")]
    [InlineData("logistic")]
    [InlineData("softplus")]
    [InlineData("sin")]
    public async Task A_box_so_large_that_exp_overflows_is_never_said_to_hold_nothing(string activation)
    {
        var network = Of("[[1], [2]]", "[0.3, -0.2]", activation, "[[1, -0.5]]", "[0]");
        var near = await Points(network, "[-4,4]");
        Assert.NotEmpty(near);
        foreach (var radius in new[] { "720", "1e4", "1e20", "1e308", "1.7976931348623157e308" })
        {
            var run = await Census(network, $"[-{radius},{radius}]", "--max-boxes", "3000", "--json");
            var json = JsonNode.Parse(run.Out)!;
            var parts = json["points"]!.AsArray().Select(point => point!["home"]![0]!).Concat(json["undecided"]!.AsArray().Select(region => region!["box"]![0]!))
                .Select(side => ((double)side![0]!, (double)side[1]!)).ToList();

            Assert.Equal((bool)json["complete"]! ? 0 : 2, run.Code);
            Assert.All(near, x => Assert.Contains(parts, part => part.Item1 <= x && x <= part.Item2));
        }
    }

    [Fact]
    public async Task A_box_of_neighbouring_floats_spends_no_budget_in_vain()
    {
        // Between 1e300 and its third neighbour the sine takes all its values, and no float can tell.
        var upper = Enumerable.Range(0, 3).Aggregate(1e300, (x, _) => Math.BitIncrement(x)).ToString("R", CultureInfo.InvariantCulture);
        var run = (await Census(Neuron("sin"), $"[1e300,{upper}]", "--json")).Out;

        Assert.False((bool)JsonNode.Parse(run)!["complete"]!);
        Assert.InRange((int)JsonNode.Parse(run)!["boxes"]!, 1, 20);
    }

    [Theory]
    [InlineData("--out")]
    [InlineData("--save")]
    [InlineData("--figure")]
    [InlineData("--certificate")]
    public async Task An_output_that_cannot_be_written_is_told_before_the_work(string option)
    {
        Directory.CreateDirectory(folder.File("folder"));
        foreach (var (name, says) in new[] { ("missing/x", "its folder does not exist"), ("folder", "it is a folder"), ("net.json/x", "its folder does not exist") })
        {
            Assert.Single((await Census(Neuron("sin"), "[-2,2]", option, folder.File(name))).Fails(ExitCode.BadInput, "Cannot write", name, says).ErrorLines);
        }

        Assert.Equal(["folder", "net.json"], folder.Names);
    }

    [Fact]
    public async Task One_file_for_two_results()
    {
        (await Census(Neuron("sin"), "[-2,2]", "--out", folder.File("x"), "--save", folder.File("x"))).Fails(ExitCode.BadInput, "Two results would be written");
        Assert.Equal(["net.json"], folder.Names);
    }

    [Fact]
    public async Task A_full_disk_leaves_no_part_of_a_certificate()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        (await Census(Neuron("sin"), "[-2,2]", "--certificate", "/dev/full")).Fails(ExitCode.BadInput, "Cannot write /dev/full");
    }

    [Fact]
    public async Task A_saved_census_of_another_network_or_box()
    {
        var paving = folder.File("a.paving");
        (await Census(Neuron("sin"), "[-2,2]", "--save", paving)).Succeeds();
        var text = File.ReadAllText(paving);

        Assert.Single((await Resume(Neuron("tanh"), paving)).Fails(ExitCode.BadInput, "another network").ErrorLines);
        Assert.Single((await Resume(Neuron("sin"), paving, "--box", "[-3,2]")).Fails(ExitCode.BadInput, "of the box [-2, 2], not of [-3, 2]").ErrorLines);
        Assert.Single((await Resume(Neuron("sin"), folder.Write("cut.paving", text[..(text.Length / 2)]))).Fails(ExitCode.BadInput, "is not a saved census").ErrorLines);
        Assert.Single((await Resume(Neuron("sin"), folder.Write("other.paving", text.Replace("layertime-census/1", "layertime-census/2", StringComparison.Ordinal))))
            .Fails(ExitCode.BadInput, "layertime-census/2").ErrorLines);
    }

    private async Task<double[]> Points(string network, string box)
    {
        var json = JsonNode.Parse((await Census(network, box, "--json")).Succeeds().Out)!;
        return [.. json["points"]!.AsArray().Select(point => (double)point!["point"]![0]![0]!)];
    }

    private static string Neuron(string activation) => Of("[[1]]", "[0]", activation, "[[1]]", "[0]");

    private static string Of(string weights, string bias, string activation, string readout, string shift) => $$"""
        { "format": "layertime/1", "numbers": "float", "architecture": "feed-forward", "layers": [
          { "weights": {{weights}}, "bias": {{bias}}, "activation": {{(activation[0] is '"' or '{' ? activation : $"\"{activation}\"")}} },
          { "weights": {{readout}}, "bias": {{shift}}, "activation": "identity" }] }
        """;

    private Task<HostRun> Census(string network, string box, params string[] options) => HostRun.Of(["census", folder.Write("net.json", network), "--box", box, .. options]);

    private Task<HostRun> Resume(string network, string paving, params string[] options) => HostRun.Of(["census", folder.Write("net.json", network), "--resume", paving, .. options]);
}
