using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using System.Xml.Linq;
using Xunit;

namespace LayerTime.Host.Tests.Commands;

/// <summary>layertime run on a neural ODE.</summary>
public sealed class RunOdeTests
{
    [Fact]
    public async Task A_table_of_eleven_times_and_the_reason_to_end()
    {
        using var folder = new TemporaryFolder();
        var run = (await HostRun.Of("run", folder.Write("ode.json", Sample.Turn), "--input", "1,0")).Succeeds().FitsThePage();

        Assert.Equal(["t", "0", "0.2", "0.4", "0.6", "0.8", "1", "1.2", "1.4", "1.6", "1.8", "2"], run.Lines.Take(12).Select(line => line.Split(' ')[0]));
        Assert.Matches("^0 +1 +0$", run.Lines[1]);
        Assert.Contains("dormand-prince of order 5", run.Field("method"), StringComparison.Ordinal);
        Assert.Equal("The end of the horizon is reached.", run.Field("end"));
    }

    [Fact]
    public async Task Numbers_follow_the_library()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("ode.json", Sample.Turn);
        var solution = NeuralOde.Load(file).Solve([1, 0.5], new() { Method = OdeMethod.Tsitouras, RelativeTolerance = 1e-8, AbsoluteTolerance = 1e-10 });
        var json = JsonNode.Parse((await HostRun.Of(
            "run", file, "--input", "1,1/2", "--json", "--method", "tsitouras", "--rtol", "1e-8", "--atol", "1e-10", "--times", "0,1/3,2")).Succeeds().Out)!;

        Assert.Equal(solution.Output!, json["output"]!.AsArray().Select(number => (double)number!));
        Assert.Equal([0, 1.0 / 3, 2], json["states"]!.AsArray().Select(state => (double)state!["t"]!));
        Assert.Equal(solution.At(1.0 / 3), json["states"]![1]!["x"]!.AsArray().Select(number => (double)number!));
        Assert.Equal(("completed", solution.Steps), ((string?)json["stop"], (int)json["steps"]!));
    }

    [Fact]
    public async Task Csv_of_every_step()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("ode.json", Sample.Turn);
        var run = (await HostRun.Of("run", file, "--input", "1,0", "--csv", "--method", "gauss", "--steps", "4")).Succeeds();

        Assert.Equal("t,x1,x2", run.Lines[0]);
        Assert.Equal([0, 0.5, 1, 1.5, 2], run.Lines.Skip(1).Select(line => double.Parse(line.Split(',')[0], CultureInfo.InvariantCulture)));

        var adaptive = (await HostRun.Of("run", file, "--input", "1,0", "--csv", "--every-step")).Succeeds();
        Assert.Equal(NeuralOde.Load(file).Solve([1, 0]).Times.Count + 1, adaptive.Lines.Length);

        var few = (await HostRun.Of("run", file, "--input", "1,0", "--csv", "--points", "2", "--method", "störmer-verlet", "--steps", "5")).Succeeds();
        Assert.Equal(["0", "1", "2"], few.Lines.Skip(1).Select(line => line.Split(',')[0]));
    }

    [Fact]
    public async Task Weights_in_time_from_a_file_backwards_too()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("ode.json", Sample.Timed);

        // x(1/2) = x(0) + 1/8 + 1/2, then e^(−1/2).
        var run = (await HostRun.Of("run", file, "--input", "3/8", "--rtol", "1e-10", "--json")).Succeeds();
        Assert.Equal(Math.Exp(-0.5), (double)JsonNode.Parse(run.Out)!["output"]![0]!, 1e-8);

        var back = (await HostRun.Of("run", file, "--input", "0.6065306597126334", "--from", "1", "--to", "0", "--rtol", "1e-10", "--csv", "--points", "1")).Succeeds();
        Assert.Equal(0.375, double.Parse(back.Lines[^1].Split(',')[1], CultureInfo.InvariantCulture), 1e-8);
    }

    [Fact]
    public async Task Error_bounds_stand_beside_the_solution()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("ode.json", Sample.Turn);
        var run = (await HostRun.Of("run", file, "--input", "1,0", "--steps", "20", "--method", "rk4", "--error-bound")).Succeeds().FitsThePage();
        Assert.Matches("^at most .* in every component, proved from the box", run.Field("a priori"));
        Assert.Matches("^at most .* proved; logarithmic norm", run.Field("a posteriori"));
        Assert.Matches("^about .* without proof$", run.Field("estimate"));

        var json = JsonNode.Parse((await HostRun.Of("run", file, "--input", "1,0", "--json", "--error-bound")).Succeeds().Out)!["error"]!;
        Assert.Contains("fixed steps", (string?)json["before"]!["reason"], StringComparison.Ordinal);
        Assert.InRange((double)json["after"]!["bound"]!, (double)json["estimate"]!, 1e-2);
    }

    [Fact]
    public async Task Pictures_are_whole_and_the_same_every_time()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("ode.json", Sample.Turn);
        foreach (var name in new[] { "1", "2" })
        {
            (await HostRun.Of("run", file, "--input", "1,0", "--figure", folder.File($"x{name}.svg"), "--phase", folder.File($"p{name}.svg"), "--out", folder.File($"t{name}.txt"))).Succeeds();
        }

        Assert.Equal(["ode.json", "p1.svg", "p2.svg", "t1.txt", "t2.txt", "x1.svg", "x2.svg"], folder.Names);
        Assert.Equal(File.ReadAllText(folder.File("x1.svg")), File.ReadAllText(folder.File("x2.svg")));
        Assert.Equal(File.ReadAllText(folder.File("p1.svg")), File.ReadAllText(folder.File("p2.svg")));
        foreach (var name in new[] { "x1.svg", "p1.svg" })
        {
            var svg = XDocument.Load(folder.File(name)).Root!;
            Assert.Equal("svg", svg.Name.LocalName);
            Assert.DoesNotContain("NaN", svg.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_phase_portrait_wants_two_components()
    {
        using var folder = new TemporaryFolder();
        (await HostRun.Of("run", folder.Write("ode.json", Sample.Square), "--input", "1", "--phase", folder.File("p.svg")))
            .Fails(ExitCode.BadInput, "two components", "has 1");
        Assert.Equal(["ode.json"], folder.Names);
    }

    // x′ = t + 1, x(1/2) = 1/2 + 1/8 for a method of order 2 and x(0) = 0; then x′ = −x, by Heun 1 − h + h²/2 = 5/8 for h = 1/2.
    [Fact]
    public async Task Fractions_are_those_of_the_method()
    {
        using var folder = new TemporaryFolder();
        string[] run = ["run", folder.Write("ode.json", Sample.Timed), "--input", "0", "--exact", "--method", "heun", "--steps", "2"];
        var table = (await HostRun.Of(run)).Succeeds().FitsThePage();
        Assert.Equal(["0 0", "1/2 5/8", "1 25/64"], table.Lines.Skip(1).Take(3).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
        Assert.Equal("25/64", table.Field("output"));
        Assert.Equal("heun of order 2: 2 steps, without rounding", table.Field("method"));

        Assert.Equal("t,x1\n0,0\n1/2,5/8\n1,25/64\n", (await HostRun.Of([.. run, "--csv"])).Succeeds().Out);
        var json = JsonNode.Parse((await HostRun.Of([.. run, "--json"])).Succeeds().Out)!;
        Assert.Equal(["0", "5/8", "25/64"], json["states"]!.AsArray().Select(state => (string)state!["x"]![0]!));
        Assert.Equal(("exact", "25/64", 2), ((string?)json["numbers"], (string?)json["output"]![0], (int)json["steps"]!));

        (await HostRun.Of([.. run[..5], "--steps", "2", "--method", "gauss"])).Fails(ExitCode.BadInput, "method: found gauss");
    }

    /// <summary>x′ = (10²⁰⁰x)² − (10²⁰⁰x)², which on floats is ∞ − ∞.</summary>
    private static string Infinities => Sample.Ode("float", """
        { "until": 1, "coefficients": [{ "inner": [
          { "weights": [[1e200], [1e200]], "bias": [0, 0], "activation": "square" },
          { "weights": [[1, -1]], "bias": [0], "activation": "identity" }] }] }
        """);

    public static TheoryData<string, string[], string, string> Stops => new()
    {
        { Sample.Square, ["--input", "1"], "blow-up", "seems to leave every bound near time 1" },
        { Sample.Square, ["--input", "1", "--max-steps", "9"], "step-limit", "All 9 steps are spent" },
        { Sample.Square, ["--input", "1e200", "--to", "1e-3"], "overflow", "reaches the magnitude 1E+200 at time 0" },
        { Sample.Square, ["--input", "1", "--method", "euler", "--steps", "30"], "overflow", "take shorter ones" },
        { Infinities, ["--input", "1"], "not-finite", "Component x1 is not a finite number right after time 0." },
        { Infinities, ["--input", "1", "--method", "gauss", "--steps", "5"], "not-finite", "Component x1 is not a finite number right after time 0." },
        { Infinities, ["--input", "1", "--method", "taylor-8"], "not-finite", "Component x1 is not a finite number right after time 0." },
        { Sample.Square, ["--input", "100", "--method", "implicit-midpoint", "--steps", "3"], "no-contraction", "Take shorter steps" },
    };

    [Theory]
    [MemberData(nameof(Stops))]
    public async Task Stopping_early_prints_what_there_is_and_why(string document, string[] arguments, string stop, string says)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("ode.json", document);
        var table = await HostRun.Of(["run", file, .. arguments]);
        Assert.Equal(((int)ExitCode.Undecided, ""), (table.Code, table.Error));
        Assert.Contains(says, string.Join(' ', table.Lines.Select(line => line.Trim())), StringComparison.Ordinal);
        Assert.Matches("(?m)^0 +1", table.Out);

        var json = await HostRun.Of(["run", file, "--json", .. arguments]);
        Assert.Equal((int)ExitCode.Undecided, json.Code);
        Assert.Contains(says, json.Error, StringComparison.Ordinal);
        var parsed = JsonNode.Parse(json.Out)!;
        Assert.Equal(stop, (string?)parsed["stop"]);
        Assert.Null(parsed["output"]);
        Assert.Equal((double)parsed["time"]!, (double)parsed["states"]!.AsArray()[^1]!["t"]!);
    }

    public static TheoryData<string[], int, string> Refused => new()
    {
        { ["--input", "1,0", "--rtol", "0"], 64, "--rtol: found '0', expected a positive number" },
        { ["--input", "1,0", "--atol", "0"], 64, "--atol: found '0'" },
        { ["--input", "1,0", "--rtol", "-1"], 64, "--rtol" },
        { ["--input", "1,0", "--rtol", "1e-17"], 65, "relative tolerance: found 1E-17, expected at least" },
        { ["--input", "1,0", "--rtol", "2"], 65, "relative tolerance: found 2" },
        { ["--input", "1,0", "--to", "0"], 65, "horizon: found length zero at t = 0" },
        { ["--input", "1,0", "--from", "2"], 65, "horizon: found length zero at t = 2" },
        { ["--input", "1,0", "--to", "3"], 65, "end: found t = 3, expected a time of 0 … 2" },
        { ["--input", "1,0", "--from", "-1"], 65, "start: found t = -1" },
        { ["--input", "1,0", "--to", "soon"], 64, "--to: found 'soon', expected a time" },
        { ["--input", "1,0", "--times", "0,3"], 65, "output time: found t = 3" },
        { ["--input", "1,0", "--times", "0,,1"], 64, "--times: found ''" },
        { ["--input", "1,0", "--times", "1", "--points", "3"], 64, "exclude each other" },
        { ["--input", "1,0", "--steps", "3", "--rtol", "0.1"], 64, "exclude each other" },
        { ["--input", "1,0", "--steps", "0"], 64, "--steps: found '0'" },
        { ["--input", "1,0", "--steps", "2000000000"], 65, "steps: found 2000000000, the states of which do not fit into 2 GiB" },
        { ["--input", "1,0", "--points", "1000001"], 64, "--points: found '1000001', expected an integer in 1..1000000" },
        { ["--input", "1,0", "--exact"], 64, "--exact takes steps of one length: give their number with --steps." },
        { ["--input", "1,0", "--exact", "--steps", "3"], 65, "tanh" },
        { ["--input", "1,0", "--exact", "--rtol", "0.1"], 64, "--rtol needs floats" },
        { ["--input", "1,0", "--exact", "--steps", "3", "--figure", "x.svg"], 64, "--figure needs floats" },
        { ["--input", "1,0,0", "--exact", "--steps", "3"], 65, "Found 3 numbers in the input, expected 2" },
        { ["--input", "1,0", "--max-steps", "0"], 64, "--max-steps: found '0'" },
        { ["--input", "1,0", "--method", "ode45"], 64, "--method: found 'ode45', expected one of euler" },
        { ["--input", "1,0", "--method", "rk4"], 64, "--method rk4 has no estimate of its error: give the number of steps with --steps." },
        { ["--input", "1,0", "--json", "--csv"], 64, "exclude each other" },
        { ["--input", "1,0", "--start", "zero-padding"], 64, "--start is about networks of layers" },
        { ["--input", "1,0", "--float"], 64, "--float is about networks of layers" },
        { ["--input", "1"], 65, "Found 1 number in the input, expected 2, the components of x." },
        { ["--input", "1,0,0"], 65, "Found 3 numbers in the input, expected 2" },
        { ["--input", "1,0;0,1"], 65, "2 states" },
        { ["--input", "1,one"], 65, "Number 2 of the input" },
        { ["--input", "1,1e999"], 65, "beyond the range of floats" },
        { ["--input", ""], 65, "empty" },
        { ["--input", "1,0", "--figure", "/nowhere/x.svg"], 65, "its folder does not exist" },
        { ["--input", "1,0", "--figure", "x.svg", "--phase", "x.svg"], 65, "Two results" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_makes_no_sense_is_refused_in_one_sentence(string[] arguments, int code, string says)
    {
        using var folder = new TemporaryFolder();
        (await HostRun.Of(["run", folder.Write("ode.json", Sample.Turn), "--out", folder.File("out.txt"), .. arguments])).Fails((ExitCode)code, says);
        Assert.Equal(["ode.json"], folder.Names);
    }

    public static TheoryData<string, string> Documents => new()
    {
        { Sample.Turn.Replace("\"2\"", "\"0\"", StringComparison.Ordinal), "an end at t = 0, expected an end after t = 0" },
        { Sample.Turn.Replace("\"2\"", "\"-2\"", StringComparison.Ordinal), "an end at t = -2" },
        { Sample.Turn.Replace("[0, 1]", "[0, 1, 2]", StringComparison.Ordinal), "$.field[0].coefficients[0].weights[1]" },
        { Sample.Turn.Replace("[-1, 0]", "[-1, NaN]", StringComparison.Ordinal), "NaN" },
        { Sample.Turn.Replace("\"field\"", "\"fields\"", StringComparison.Ordinal), "an unknown field" },
        { Sample.Turn[..^9], "cut off" },
        { Sample.Timed.Replace("\"1\", \"coefficients\"", "\"1/2\", \"coefficients\"", StringComparison.Ordinal), "an end after t = 1/2, where it begins" },
    };

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Files_that_are_no_neural_ode(string document, string says)
    {
        using var folder = new TemporaryFolder();
        (await HostRun.Of("run", folder.Write("ode.json", document), "--input", "1,0", "--out", folder.File("out.txt"))).Fails(ExitCode.BadInput, "ode.json", says);
        Assert.Equal(["ode.json"], folder.Names);
    }

    [Fact]
    public async Task Options_of_one_kind_are_refused_on_the_other()
    {
        using var folder = new TemporaryFolder();
        var net = folder.Write("net.json", Sample.Float);
        (await HostRun.Of("run", net, "--input", "1,2", "--rtol", "1e-3")).Fails(ExitCode.Usage, "--rtol is about neural ODEs");
        (await HostRun.Of("run", net, "--input", "1,2", "--error-bound")).Fails(ExitCode.Usage, "--error-bound is about neural ODEs");
        (await HostRun.Of("census", folder.Write("ode.json", Sample.Turn), "--box", "[0,1]^2")).Fails(ExitCode.BadInput, "2 outputs");
    }

    [Fact]
    public async Task An_interrupted_run_prints_what_there_is()
    {
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        var run = await HostRun.Of(
            new LibraryClaims(),
            console => console with { Error = new InterruptingWriter(console.Error, source), Interruption = () => source.Token, Patience = TimeSpan.FromMilliseconds(20), LineInterval = TimeSpan.FromMilliseconds(50) },
            "run", folder.Write("ode.json", Sample.Turn), "--input", "1,0", "--method", "taylor-30", "--steps", "1000000", "--points", "1");

        Assert.Equal((int)ExitCode.Interrupted, run.Code);
        Assert.Contains("interrupted at time", string.Join(' ', run.Lines.Select(line => line.Trim())), StringComparison.Ordinal);
        Assert.Matches(@"s: t = \S+ after [0-9,]+ steps?", run.Error);
    }
}
