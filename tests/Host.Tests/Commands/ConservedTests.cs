using System;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Host.Tests.Commands;

/// <summary>layertime conserved.</summary>
public sealed class ConservedTests
{
    private static string Rotation => Sample.Turn.Replace("tanh", "identity", StringComparison.Ordinal);

    [Fact]
    public async Task A_field_that_does_not_change_with_time_conserves_H_and_every_field_the_pairing()
    {
        using var folder = new TemporaryFolder();
        var run = (await HostRun.Of("conserved", folder.Write("ode.json", Sample.Damped), "--input", "1,-0.5,0.3", "--target", "1,0,0")).Succeeds().FitsThePage();

        Assert.StartsWith("conserved: it moves by", run.Lines.Single(line => line.StartsWith("H  ", StringComparison.Ordinal))[1..].Trim(), StringComparison.Ordinal);
        Assert.StartsWith("conserved: it moves by", run.Field("a·δx"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_symmetry_has_a_charge_and_another_generator_has_none()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("ode.json", Rotation);

        // A rotation commutes with rotations and dilations, not with a shear.
        foreach (var (generator, conserved) in new[] { ("0,1;-1,0", true), ("1,0;0,1", true), ("0,1;0,0", false) })
        {
            var run = (await HostRun.Of("conserved", file, "--input", "1,0", "--target", "0,2", "--generator", generator)).Succeeds();
            Assert.Equal(conserved, run.Field("a·v(x)").StartsWith("conserved", StringComparison.Ordinal));
            Assert.Equal(!conserved, run.Field("a·v(x)").StartsWith("not conserved: it moves by", StringComparison.Ordinal));
        }

        // Of x' = Ax, the translations are no symmetry.
        Assert.StartsWith("not conserved", (await HostRun.Of("conserved", file, "--input", "1,0", "--target", "0,2", "--shift", "1,0")).Succeeds().Field("a·v(x)"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_and_csv_hold_every_number()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("ode.json", Rotation);
        var json = JsonNode.Parse((await HostRun.Of("conserved", file, "--input", "1,0", "--generator", "0,1;-1,0", "--steps", "20", "--json")).Succeeds().Out)!;
        Assert.True((bool)json["charge"]!["conserved"]!);
        Assert.True((bool)json["pairing"]!["obeysLaw"]!);
        Assert.Equal(21, json["along"]!.AsArray().Count);

        // L = |x(2)|²/2 on a rotation: a(t) = x(t), H = x·Ax = 0 and the charge is |x|²·0 … of the rotation itself.
        foreach (var row in json["along"]!.AsArray())
        {
            Assert.Equal((double)row!["x"]![0]!, (double)row["a"]![0]!, 1e-6);
            Assert.Equal(0, (double)row["H"]!, 1e-6);
        }

        var csv = (await HostRun.Of("conserved", file, "--input", "1,0", "--steps", "20", "--csv")).Succeeds();
        Assert.Equal("t,x1,x2,a1,a2,H,pairing", csv.Lines[0]);
        Assert.Equal(22, csv.Lines.Length);
    }

    [Fact]
    public async Task Where_the_weights_jump_H_does_and_the_report_says_so()
    {
        // x' = 1 + t up to 1/2, then x' = -x: a(t) = a(1/2) before the jump, and H jumps by -a·(x + 3/2) there.
        using var folder = new TemporaryFolder();
        var file = folder.Write("ode.json", Sample.Timed);
        var run = (await HostRun.Of("conserved", file, "--input", "1")).Succeeds().FitsThePage();
        var x = 1 + 0.5 + 0.125;
        var jump = -x * Math.Exp(-1) * (x + 1.5);
        Assert.Contains("at t = 0.5 the weights jump, and H by", run.Field("jump"), StringComparison.Ordinal);
        Assert.Equal(2, run.Lines.Count(line => line.StartsWith("0.5 ", StringComparison.Ordinal)));
        Assert.StartsWith("conserved: it moves by", run.Field("a·δx"), StringComparison.Ordinal);

        var json = JsonNode.Parse((await HostRun.Of("conserved", file, "--input", "1", "--json")).Succeeds().Out)!;
        Assert.Equal(jump, (double)json["jumps"]![0]!["H"]!, 1e-6);
        Assert.False((bool)json["pieces"]![0]!["H"]!["conserved"]!);
        Assert.True((bool)json["pieces"]![0]!["H"]!["obeysLaw"]!);
        Assert.True((bool)json["pieces"]![1]!["H"]!["conserved"]!);
    }

    public static TheoryData<string, string[], int, string> Refused => new()
    {
        { Sample.Square, ["--input", "1"], 65, "no finite number after t =" },
        { Rotation, ["--input", "1"], 65, "Found 1 number in the input, expected 2" },
        { Rotation, ["--input", "1,0", "--target", "1"], 65, "--target: found 1 number, expected 2." },
        { Rotation, ["--input", "1,0", "--tangent", "1,x"], 64, "--tangent: found 'x'" },
        { Rotation, ["--input", "1,0", "--generator", "0,1"], 65, "--generator: found 1 row, expected 2." },
        { Rotation, ["--input", "1,0", "--generator", "0,1;1"], 65, "--generator, a row: found 1 number, expected 2." },
        { Rotation, ["--input", "1,0", "--steps", "2"], 65, "steps: found 2, expected at least 3" },
        { Rotation, ["--input", "1,0", "--json", "--csv"], 64, "exclude each other" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_makes_no_sense_is_refused(string document, string[] arguments, int code, string says)
    {
        using var folder = new TemporaryFolder();
        (await HostRun.Of(["conserved", folder.Write("ode.json", document), .. arguments])).Fails((ExitCode)code, says);
    }
}
