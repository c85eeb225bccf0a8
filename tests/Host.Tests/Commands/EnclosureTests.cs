using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using System.Xml.Linq;
using Xunit;

namespace LayerTime.Host.Tests.Commands;

/// <summary>layertime run --enclose, convert embed, and census and check of neural ODEs.</summary>
public sealed class EnclosureTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private const string Box = "[0.9,1.1]x[-0.1,0.1]";

    private const string N12 = """
        { "format": "layertime/1", "numbers": "float", "architecture": "neural-ode",
          "lift": { "weights": [[-1.5], [-1]], "bias": [-0.9, -0.9], "activation": "identity" },
          "field": [{ "until": 1, "coefficients": [{ "weights": [[0.4, -0.7], [0.4, 1]], "bias": [-0.3, -0.1], "activation": "tanh" }] }],
          "readout": { "weights": [[-1.7, 1.6]], "bias": [0], "activation": "identity" } }
        """;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_table_of_intervals_that_hold_the_solutions()
    {
        var file = folder.Write("ode.json", Sample.Turn);
        var run = (await HostRun.Of("run", file, "--enclose", Box, "--times", "0,1,2", "--derivatives", "1")).Succeeds().FitsThePage();

        Assert.Equal(["t", "0", "1", "2"], run.Lines.Take(4).Select(line => line.Split(' ')[0]));
        Assert.Equal("The end of the horizon is reached.", run.Field("end"));
        Assert.Equal("[0.9, 1.1] x [-0.1, 0.1]", run.Field("inputs"));
        Assert.Contains("dy1/dx", run.Out, StringComparison.Ordinal);

        var ends = run.Lines[3][1..].Split('[', ',', ']').Where(text => double.TryParse(text, out _)).Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        var output = NeuralOde.Load(file).Solve([1.05, 0.05]).Output!;
        Assert.True(ends[0] < output[0] && output[0] < ends[1] && ends[2] < output[1] && output[1] < ends[3], run.Lines[3]);
    }

    [Fact]
    public async Task Json_is_that_of_the_library_with_the_answer_about_the_set()
    {
        var file = folder.Write("ode.json", Sample.Turn);
        var plain = (await HostRun.Of("run", file, "--enclose", Box, "--json")).Succeeds();
        Assert.Equal(NeuralOde.Load(file).Enclose(LayerTime.Box.Parse(Box)).ToJson(), plain.Out);

        var kept = JsonNode.Parse((await HostRun.Of("run", file, "--enclose", Box, "--json", "--stays-in", "[-2,2]^2")).Succeeds().Out)!["staysIn"]!;
        Assert.Equal((true, "always"), ((bool)kept["answer"]!, (string?)kept["scope"]));

        var left = await HostRun.Of("run", file, "--enclose", Box, "--json", "--stays-in", "[-2,2]x[-0.5,2]");
        Assert.Equal((int)ExitCode.Refuted, left.Code);
        Assert.False((bool)JsonNode.Parse(left.Out)!["staysIn"]!["answer"]!);
        Assert.Equal(2, JsonNode.Parse(left.Out)!["staysIn"]!["input"]!.AsArray().Count);

        var open = await HostRun.Of("run", file, "--enclose", Box, "--stays-in", Box, "--scope", "output", "--max-boxes", "1");
        Assert.True(open.Code is (int)ExitCode.Undecided or (int)ExitCode.Refuted);
        Assert.Contains("the output:", open.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pictures_are_whole_and_the_same_every_time()
    {
        var file = folder.Write("ode.json", Sample.Turn);
        foreach (var name in new[] { "1", "2" })
        {
            (await HostRun.Of("run", file, "--enclose", Box, "--figure", folder.File($"x{name}.svg"), "--phase", folder.File($"p{name}.svg"), "--out", folder.File($"t{name}.txt"))).Succeeds();
        }

        Assert.Equal(["ode.json", "p1.svg", "p2.svg", "t1.txt", "t2.txt", "x1.svg", "x2.svg"], folder.Names);
        foreach (var name in new[] { "x", "p" })
        {
            Assert.Equal(File.ReadAllText(folder.File($"{name}1.svg")), File.ReadAllText(folder.File($"{name}2.svg")));
            Assert.Equal("svg", XDocument.Load(folder.File($"{name}1.svg")).Root!.Name.LocalName);
        }
    }

    [Fact]
    public async Task A_blow_up_on_part_of_the_box_ends_with_the_reason_and_the_time_reached()
    {
        // x′ = x² for 0 ≤ t ≤ 2: from 2 up to t = 1/2.
        var run = await HostRun.Of("run", folder.Write("ode.json", Sample.Square), "--enclose", "[0.1,2]");

        Assert.Equal((int)ExitCode.Undecided, run.Code);
        Assert.Contains("at time 0.", run.Out, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("output", run.Out, StringComparison.Ordinal);

        var json = await HostRun.Of("run", folder.File("ode.json"), "--enclose", "[0.1,2]", "--json");
        Assert.Equal((int)ExitCode.Undecided, json.Code);
        Assert.Single(json.ErrorLines);
    }

    [Fact]
    public async Task A_step_control_that_collapses_is_told()
    {
        // x′ = x² over so wide a box: no step of reasonable length has an a-priori enclosure.
        var run = await HostRun.Of("run", folder.Write("ode.json", Sample.Square), "--enclose", "[-1000000000000,1000000000000]", "--figure", folder.File("x.svg"));

        Assert.Equal((int)ExitCode.Undecided, run.Code);
        Assert.Contains("box of inputs", run.Out.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal("svg", XDocument.Load(folder.File("x.svg")).Root!.Name.LocalName);
    }

    [Fact]
    public async Task Interruption_prints_what_there_is()
    {
        var run = await HostRun.Of(
            new LibraryClaims(), console => console with { Interruption = () => new CancellationToken(canceled: true) }, "run", folder.Write("ode.json", Sample.Turn), "--enclose", Box);

        Assert.Equal(130, run.Code);
        Assert.Contains("interrupted at time 0", run.Field("end"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_enclosed_is_refused()
    {
        var turn = folder.Write("turn.json", Sample.Turn);
        var relu = folder.Write("relu.json", Sample.Turn.Replace("tanh", "relu", StringComparison.Ordinal));
        (await HostRun.Of("run", relu, "--enclose", Box)).Succeeds();
        (await HostRun.Of("run", relu, "--enclose", Box, "--derivatives", "2")).Fails(ExitCode.BadInput, "relu", "C²");
        (await HostRun.Of("run", turn, "--enclose", "[0,1]")).Fails(ExitCode.BadInput, "1 sides", "2 sides");
        (await HostRun.Of("run", turn, "--enclose", Box, "--times", "5")).Fails(ExitCode.BadInput, "times from 0 to 2");
        (await HostRun.Of("run", turn, "--enclose", Box, "--stays-in", "[0,1]")).Fails(ExitCode.BadInput, "set");
        (await HostRun.Of("run", turn, "--enclose", "[1,0]^2")).Fails(ExitCode.Usage, "is empty");
        (await HostRun.Of("run", turn, "--enclose", Box, "--input", "1,0")).Fails(ExitCode.Usage, "exclude each other");
        (await HostRun.Of("run", turn, "--enclose", Box, "--rtol", "1e-3")).Fails(ExitCode.Usage, "--rtol");
        (await HostRun.Of("run", turn, "--enclose", Box, "--error-bound")).Fails(ExitCode.Usage, "--error-bound");
        (await HostRun.Of("run", turn, "--enclose", Box, "--scope", "end")).Fails(ExitCode.Usage, "--scope", "--stays-in");
        (await HostRun.Of("run", turn, "--enclose", Box, "--derivatives", "3")).Fails(ExitCode.Usage, "0, 1 or 2");
        (await HostRun.Of("run", turn, "--enclose", Box, "--exact")).Fails(ExitCode.Usage, "--exact");
        (await HostRun.Of("run", turn, "--input", "1,0", "--stays-in", Box)).Fails(ExitCode.Usage, "--enclose");
        (await HostRun.Of("run", folder.Write("net.json", Sample.Float), "--enclose", Box)).Fails(ExitCode.Usage, "--enclose", "network of layers");
        (await HostRun.Of("run", folder.Write("n1.json", Sample.Square), "--enclose", "[0,0.1]", "--phase", folder.File("p.svg"))).Fails(ExitCode.BadInput, "two components", "has 1");
        (await HostRun.Of("run", folder.Write("zero.json", Sample.Turn.Replace("\"until\": \"2\"", "\"until\": \"0\"", StringComparison.Ordinal)), "--enclose", Box)).Fails(ExitCode.BadInput, "after t = 0");
        Assert.DoesNotContain("p.svg", folder.Names);
    }

    [Fact]
    public async Task Too_many_dimensions_for_a_Hessian_are_refused_before_any_work()
    {
        var row = $"[{string.Join(", ", Enumerable.Repeat("0", 40))}]";
        var ode = Sample.Ode("float", $$"""{ "until": 1, "coefficients": [{ "weights": [{{string.Join(", ", Enumerable.Repeat(row, 40))}}], "bias": {{row}}, "activation": "tanh" }] }""");
        (await HostRun.Of("run", folder.Write("large.json", ode), "--enclose", "[0,1]^40", "--derivatives", "2")).Fails(ExitCode.BadInput, "40", "at most 32");
    }

    [Fact]
    public async Task Error_bars_stand_beside_the_steps()
    {
        var file = folder.Write("ode.json", Sample.Turn);
        var run = (await HostRun.Of("run", file, "--input", "1,0", "--every-step", "--error-bound", "--figure", folder.File("x.svg"))).Succeeds();
        Assert.EndsWith("within", run.Lines[0], StringComparison.Ordinal);
        Assert.Contains("class=\"bars\"", File.ReadAllText(folder.File("x.svg")), StringComparison.Ordinal);

        var json = JsonNode.Parse((await HostRun.Of("run", file, "--input", "1,0", "--every-step", "--error-bound", "--json")).Succeeds().Out)!;
        var bars = json["states"]!.AsArray().Select(state => (double)state!["within"]!).ToArray();
        Assert.Equal(0, bars[0]);
        Assert.Equal((double)json["error"]!["after"]!["bound"]!, bars[^1]);

        // At times between the steps too.
        var table = (await HostRun.Of("run", file, "--input", "1,0", "--error-bound")).Succeeds();
        Assert.EndsWith("within", table.Lines[0], StringComparison.Ordinal);
        Assert.All(table.Lines.Where(line => char.IsAsciiDigit(line[0])), line => Assert.Equal(4, line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length));
    }

    [Fact]
    public async Task An_embedding_is_written_said_and_run()
    {
        var net = folder.Write("net.json", Sample.Of("exact", """ "architecture": "feed-forward" """, """{ "weights": [["1", "-1"]], "bias": ["1/2"], "activation": "square" }"""));
        var run = (await HostRun.Of("convert", "embed", net, "--out", folder.File("ode.json"))).Succeeds().FitsThePage();
        Assert.StartsWith("3 over depth-time 1", run.Field("dimension"), StringComparison.Ordinal);
        Assert.StartsWith("0:", run.Field("error"), StringComparison.Ordinal);

        // (1 − 1/4 + 1/2)² = 25/16 in one step of Euler's method.
        var solved = (await HostRun.Of("run", folder.File("ode.json"), "--input", "1,1/4", "--method", "euler", "--steps", "1", "--json")).Succeeds();
        Assert.Equal(25.0 / 16, (double)JsonNode.Parse(solved.Out)!["output"]![0]!);

        (await HostRun.Of("convert", "embed", net, "--horizon", "0")).Fails(ExitCode.Usage, "--horizon");
        (await HostRun.Of("convert", "embed", folder.Write("deep.json", Sample.Exact), "--out", folder.File("none.json"))).Fails(ExitCode.BadInput, "feed-forward");
        Assert.DoesNotContain("none.json", folder.Names);
    }

    [Fact]
    public async Task A_census_of_a_neural_ODE_is_certified_checked_saved_and_resumed()
    {
        var net = folder.Write("n12.json", N12);
        var (proof, paving) = (folder.File("proof.json"), folder.File("n12.paving"));
        var whole = (await HostRun.Of("census", net, "--box", "[-3,3]", "--json", "--certificate", proof, "--figure", folder.File("n12.svg"))).Succeeds();
        Assert.Equal(["maximum", "minimum"], JsonNode.Parse(whole.Out)!["points"]!.AsArray().Select(point => (string)point!["kind"]!));
        Assert.Equal(0, (int)JsonNode.Parse(whole.Out)!["degree"]!);
        Assert.StartsWith("Confirmed: 2 critical points in [-3, 3]", (await HostRun.Of("check", proof)).Succeeds().Out, StringComparison.Ordinal);

        var part = await HostRun.Of("census", net, "--box", "[-3,3]", "--max-boxes", "10", "--save", paving);
        Assert.Equal((int)ExitCode.Undecided, part.Code);
        Assert.Equal(whole.Out, (await HostRun.Of("census", net, "--resume", paving, "--json")).Succeeds().Out);
        (await HostRun.Of("census", net, "--box", "[-3,3]^2")).Fails(ExitCode.BadInput, "dimension 2");
    }
}
