using System;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Host.Tests.Commands;

/// <summary>layertime convert vanilla and convert invert.</summary>
public sealed class VanillaTests
{
    [Fact]
    public async Task A_flow_becomes_a_network_that_runs_inverts_and_is_refused_by_the_census()
    {
        using var folder = new TemporaryFolder();
        var (ode, net, inverse) = (folder.Write("ode.json", Sample.ThreeTerms), folder.File("net.onnx"), folder.File("inverse.json"));
        var run = (await HostRun.Of("convert", "vanilla", ode, "--horizon", "1", "--box", "[-1,1]^2", "--epsilon", "0.1", "--cells", "6", "--out", net)).Succeeds().FitsThePage();

        var bound = double.Parse(Regex.Match(run.Field("certified"), "at most ([^ ]+)").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange(bound, 0, 0.1);
        Assert.Contains("least depth", run.Field("why"), StringComparison.Ordinal);

        // The exact end of the flow, as the specification states it.
        var network = Network.Load(net);
        var end = network.Run([0.3, -0.7]).Output;
        Assert.True(Math.Sqrt(Math.Pow(end[0] - 0.939489800876348567, 2) + Math.Pow(end[1] + 0.978131101464982481, 2)) <= bound);
        Assert.Equal((2, 2), (network.InputWidth, network.OutputWidth));

        (await HostRun.Of("run", net, "--input", "0.3,-0.7")).Succeeds();
        (await HostRun.Of("convert", "invert", net, "--out", inverse)).Succeeds();
        var back = Network.Load(inverse).Run([.. end]).Output;
        Assert.Equal(0.3, back[0], 1e-9);
        Assert.Equal(-0.7, back[1], 1e-9);
        (await HostRun.Of("census", net, "--box", "[-1,1]^2")).Fails(ExitCode.BadInput, "outputs");
        (await HostRun.Of("convert", "leaky-to-ode", net, "--out", folder.File("flow.json"))).Succeeds();
        (await HostRun.Of("convert", "leaky-to-ode", net, "--out", folder.File("flow.onnx"))).Fails(ExitCode.BadInput, "no format but JSON");
    }

    [Fact]
    public async Task A_plan_shows_depth_against_error_for_each_splitting()
    {
        using var folder = new TemporaryFolder();
        var ode = folder.Write("ode.json", Sample.ThreeTerms);
        var run = (await HostRun.Of("convert", "vanilla", ode, "--box", "[-1,1]^2", "--epsilon", "0.1", "--cells", "6", "--plan", "--json")).Succeeds();

        var plans = JsonDocument.Parse(run.Out).RootElement.GetProperty("plans").EnumerateArray().ToList();
        Assert.Equal(4, plans.Count);

        // Depth grows like ε^−3/2 for order 1 and ε^−1 for order 2; a quarter of the error shows it within the ceilings.
        double[] Depths(string splitting) => [.. plans.Select(plan => plan.GetProperty("predictions").EnumerateArray()
            .Single(row => row.GetProperty("splitting").GetString() == splitting).GetProperty("depth").GetDouble())];
        Assert.InRange(Math.Log(Depths("lie")[3] / Depths("lie")[0]) / Math.Log(64), 1.2, 1.8);
        Assert.InRange(Math.Log(Depths("strang")[3] / Depths("strang")[0]) / Math.Log(64), 0.8, 1.2);
    }

    [Theory]
    [InlineData("[1,1]x[0,1]", "0.1", "box, side 0")]
    [InlineData("[-1,1]^3", "0.1", "3 sides")]
    [InlineData("[-1,1]^2", "1e-17", "1E-17 cannot be certified", "rounding")]
    public async Task What_cannot_be_compiled_is_refused_with_the_numbers(string box, string epsilon, params string[] says)
    {
        using var folder = new TemporaryFolder();
        // A single term is its own splitting.
        var ode = epsilon == "1e-17" ? Sample.Ode("float", Kink("1/2")) : Sample.ThreeTerms;
        var run = await HostRun.Of("convert", "vanilla", folder.Write("ode.json", ode), "--box", box, "--epsilon", epsilon, "--out", folder.File("net.json"));
        run.Fails(ExitCode.BadInput, says);
        Assert.False(System.IO.File.Exists(folder.File("net.json")));
    }

    [Fact]
    public async Task A_budget_that_is_too_small_says_what_it_allows_for()
    {
        using var folder = new TemporaryFolder();
        var run = await HostRun.Of(
            "convert", "vanilla", folder.Write("ode.json", Sample.ThreeTerms), "--box", "[-1,1]^2", "--epsilon", "0.001", "--max-depth", "50", "--splitting", "strang", "--cells", "6", "--out", folder.File("net.json"));
        run.Fails(ExitCode.BadInput, "0.001 cannot be certified", "50 layers", "was certified within it");
        Assert.False(System.IO.File.Exists(folder.File("net.json")));
    }

    [Theory]
    [InlineData("[1,0]^2", "0.1")]
    [InlineData("[-1,1]^2", "0")]
    [InlineData("[-1,1]^2", "-0.1")]
    public async Task An_empty_box_and_an_error_that_is_not_positive_are_faults_of_the_command_line(string box, string epsilon)
    {
        using var folder = new TemporaryFolder();
        var run = await HostRun.Of("convert", "vanilla", folder.Write("ode.json", Sample.ThreeTerms), "--box", box, "--epsilon", epsilon, "--out", folder.File("net.json"));
        run.Fails(ExitCode.Usage, box == "[1,0]^2" ? "--box" : "--epsilon");
        Assert.False(System.IO.File.Exists(folder.File("net.json")));
    }

    [Fact]
    public async Task A_term_without_a_direction_is_refused_with_its_number()
    {
        using var folder = new TemporaryFolder();
        var ode = folder.Write("ode.json", Sample.Ode("float", Kink("0")));
        (await HostRun.Of("convert", "vanilla", ode, "--box", "[-1,1]^2", "--epsilon", "0.1")).Fails(ExitCode.BadInput, "term 0, direction", "the zero vector");
    }

    [Fact]
    public async Task A_network_is_the_flow_of_a_neural_ode_if_it_keeps_the_orientation()
    {
        using var folder = new TemporaryFolder();
        string Net(string corner) => $$"""
            { "format": "layertime/1", "numbers": "exact", "architecture": "feed-forward", "layers": [
              { "weights": [["1", "3"], ["{{corner}}", "1"]], "bias": ["-1/4", "0"], "activation": { "name": "leaky-relu", "slope": "2/3" } },
              { "weights": [["6", "-12"], ["-3/2", "4"]], "bias": ["1", "-1/4"], "activation": "identity" }] }
            """;
        var (net, ode) = (folder.Write("net.json", Net("1/4")), folder.File("ode.json"));
        (await HostRun.Of("convert", "leaky-to-ode", net, "--out", ode)).Succeeds();

        foreach (double[] x in new double[][] { [0.25, -0.5], [-1, 0.75], [2, 1] })
        {
            // Every coordinate of every piece is an exponential; the tolerance is that of the solver, carried on by less than a hundred.
            var end = NeuralOde.Load(ode).Solve(x, new() { RelativeTolerance = 1e-11, AbsoluteTolerance = 1e-11 }).Output!;
            var expected = Network.Load(net).ToFloat().Run(x).Output;
            Assert.Equal(expected[0], end[0], 1e-7);
            Assert.Equal(expected[1], end[1], 1e-7);
        }

        // det [[1, 3], [1, 1]] = −2
        (await HostRun.Of("convert", "leaky-to-ode", folder.Write("reversing.json", Net("1")))).Fails(ExitCode.BadInput, "orientation", "-2, 6");
    }

    [Fact]
    public async Task Figures_show_the_carried_grid_and_the_depth()
    {
        using var folder = new TemporaryFolder();
        var (ode, grid, depth) = (folder.Write("ode.json", Sample.ThreeTerms), folder.File("grid.svg"), folder.File("depth.svg"));
        (await HostRun.Of("convert", "vanilla", ode, "--box", "[-1,1]^2", "--epsilon", "0.1", "--splitting", "strang", "--cells", "6", "--figure", grid, "--out", folder.File("net.json"))).Succeeds();
        (await HostRun.Of("convert", "vanilla", ode, "--box", "[-1,1]^2", "--epsilon", "0.1", "--splitting", "strang", "--cells", "6", "--plan", "--figure", depth)).Succeeds();

        Assert.Contains("t = 1, step", System.IO.File.ReadAllText(grid), StringComparison.Ordinal);
        Assert.Contains("predicted slope −1", System.IO.File.ReadAllText(depth), StringComparison.Ordinal);
        (await HostRun.Of("convert", "vanilla", ode, "--box", "[-1,1]^3", "--epsilon", "0.1", "--figure", grid)).Fails(ExitCode.BadInput, "3 sides");
    }

    [Fact]
    public async Task A_network_without_an_inverse_is_refused_with_the_matrix()
    {
        using var folder = new TemporaryFolder();
        const string Singular = """
            { "format": "layertime/1", "numbers": "exact", "architecture": "feed-forward", "layers": [
              { "weights": [["1", "1"], ["1", "1"]], "bias": ["0", "0"], "activation": { "name": "leaky-relu", "slope": "-1" } }] }
            """;
        var run = await HostRun.Of("convert", "invert", folder.Write("net.json", Singular));
        run.Fails(ExitCode.BadInput, "singular", "slope -1");
    }

    // x′ = (a, 0)·max(0, x₁ + x₂ + 1/4)
    private static string Kink(string a) => $$"""
        { "until": "1", "coefficients": [{ "inner": [
          { "weights": [["1", "1"]], "bias": ["1/4"], "activation": "relu" },
          { "weights": [["{{a}}"], ["0"]], "bias": ["0", "0"], "activation": "identity" }] }] }
        """;
}
