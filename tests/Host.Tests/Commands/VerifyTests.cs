using System;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Host.Tests.Commands;

public sealed class VerifyTests
{
    [Fact]
    public async Task Every_claim_of_the_catalogue_holds()
    {
        var run = await HostRun.Of("verify", "--effort", "quick");

        run.Succeeds().FitsThePage();
        Assert.All(ClaimCatalogue.All, claim => Assert.Contains(claim.Id, run.Out, StringComparison.Ordinal));
        Assert.StartsWith($"{ClaimCatalogue.All.Count(claim => !claim.IsOpen)}: ", run.Lines.Last(line => line.StartsWith("claims ", StringComparison.Ordinal))[6..].Trim(), StringComparison.Ordinal);
        Assert.Contains("catalogue " + ClaimCatalogue.Digest, run.Out, StringComparison.Ordinal);
        Assert.Equal("Everything holds.", run.Lines.Last());
    }

    [Fact]
    public async Task A_sound_claim_is_a_line_and_a_summary()
    {
        var run = (await HostRun.Of(new OwnLibrary(OwnLibrary.Sound), "verify", "--seed", "5", "--cores", "1")).Succeeds().FitsThePage();

        Assert.Matches(@"^claim +evidence +verdict +trials +undec\. +needed +tight +secs$", run.Lines[0]);
        Assert.Matches(@"^mine\.sound +bounded +holds +50 +1/1 +1 +\d+\.\d\d$", run.Lines[1]);
        Assert.EndsWith("1: 1 hold, 0 refuted, 0 undecided; 0 open", run.Lines[2], StringComparison.Ordinal);
        Assert.Equal("50 decided, 0 undecided", run.Field("trials"));
        Assert.Equal("1 of 1 found their counterexample", run.Field("controls"));
        Assert.Equal("mine.sound, tightness 1", run.Field("loosest"));
        Assert.StartsWith("mine.sound, ", run.Field("slowest"), StringComparison.Ordinal);
        Assert.Matches(@"^\d+\.\d\d s on 1 core, seed 5, catalogue [0-9a-f]{16}$", run.Field("run"));
        Assert.Equal("Everything holds.", run.Lines.Last());
    }

    [Fact]
    public async Task A_refutation_is_printed_with_its_smallest_instance_and_a_token_that_works()
    {
        var library = new OwnLibrary(OwnLibrary.Sound, OwnLibrary.Refuted);
        var run = (await HostRun.Of(library, "verify")).FitsThePage();

        Assert.Equal(1, run.Code);
        Assert.Equal("", run.Error);
        Assert.Contains("\nrefuted: mine.refuted\n", run.Out, StringComparison.Ordinal);
        Assert.Matches(@"\n  part +bounded-above \(\d+ of 300 cases\)\n", run.Out);
        Assert.Equal("n", run.Field("quantity"));
        Assert.Equal("is less than 17", run.Field("expected"));
        Assert.Contains("17", run.Field("instance"), StringComparison.Ordinal);
        Assert.Equal("Something is refuted.", run.Lines.Last());

        var command = run.Field("replay").Split(' ');
        Assert.Equal(["layertime", "replay"], command[..2]);
        var replay = await HostRun.Of(library, "replay", command[2]);
        Assert.Equal(1, replay.Code);
        Assert.Contains("refuted: mine.refuted", replay.Out, StringComparison.Ordinal);
        Assert.Contains("17", replay.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_undecided_says_how_often_and_why()
    {
        var run = (await HostRun.Of(new OwnLibrary(OwnLibrary.Undecided), "verify")).FitsThePage();

        Assert.Equal(2, run.Code);
        Assert.Contains("undecided: mine.undecided", run.Out, StringComparison.Ordinal);
        Assert.Contains("× the coin stood on its edge", run.Out, StringComparison.Ordinal);
        Assert.Equal("Something is undecided or not shown necessary.", run.Lines.Last());
    }

    [Fact]
    public async Task A_control_that_finds_nothing_is_no_success()
    {
        var run = (await HostRun.Of(new OwnLibrary(OwnLibrary.Idle), "verify")).FitsThePage();

        Assert.Equal(1, run.Code);
        Assert.Contains("control fails: mine.idle", run.Out, StringComparison.Ordinal);
        Assert.Contains("not shown necessary: mine.idle", run.Out, StringComparison.Ordinal);
        Assert.Contains(" 0/2 ", run.Out, StringComparison.Ordinal);
        Assert.Contains("no counterexample in 5 cases", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_names_the_case_and_shows_the_stack_on_request_only()
    {
        var library = new OwnLibrary(OwnLibrary.Faulty);
        var run = await HostRun.Of(library, "verify", "--seed", "3");

        run.Fails(ExitCode.Fault, "claim mine.faulty, part works, seed 3, index 0", "no draw");

        var loud = await HostRun.Of(library, console => console with { Variable = name => name == "LAYERTIME_DEBUG" ? "1" : null }, "verify");
        Assert.Equal(70, loud.Code);
        Assert.Contains("   at ", loud.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_json_document_and_nothing_else()
    {
        var run = (await HostRun.Of("verify", "hauser.smooth.i*", "--effort", "quick", "--seed", "18446744073709551615", "--json")).Succeeds();
        var report = JsonNode.Parse(run.Out)!.AsObject();

        Assert.Equal(["version", "catalogue", "seed", "claims", "open", "timing"], report.Select(pair => pair.Key));
        Assert.Equal(ClaimCatalogue.Digest, (string?)report["catalogue"]);
        Assert.Equal(ulong.MaxValue, (ulong)report["seed"]!);
        Assert.Equal(ClaimCatalogue.Select("hauser.smooth.i*").Select(claim => claim.Id), report["claims"]!.AsArray().Select(claim => (string)claim!["id"]!));
        Assert.All(report["claims"]!.AsArray(), claim =>
        {
            Assert.Equal(["id", "paper", "evidence", "verdict", "trials", "undecided", "tightness", "necessity", "replay"], claim!.AsObject().Select(pair => pair.Key));
            Assert.Contains((string)claim["evidence"]!, new[] { "exact", "certified", "bounded", "asymptotic" });
            Assert.Equal("holds", (string)claim["verdict"]!);
            Assert.True((int)claim["trials"]! > 0);
            Assert.Null(claim["replay"]);
            Assert.All(claim["necessity"]!.AsArray(), control =>
            {
                Assert.Equal(["hypothesis", "needed", "trialsToRefute", "witness"], control!.AsObject().Select(pair => pair.Key));
                Assert.True((bool)control["needed"]!);
            });
        });
        Assert.True((double)report["timing"]!["seconds"]! >= 0);
    }

    [Fact]
    public async Task A_refutation_in_json_carries_witness_and_token()
    {
        var run = await HostRun.Of(new OwnLibrary(OwnLibrary.Refuted), "verify", "--json");
        var claim = JsonNode.Parse(run.Out)!["claims"]![0]!;

        Assert.Equal(1, run.Code);
        Assert.Equal("", run.Error);
        Assert.Equal("is less than 17", (string?)claim["witness"]!["expected"]);
        Assert.StartsWith("lt1:mine.refuted:", (string)claim["replay"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_bytes_outside_timing_on_any_number_of_cores()
    {
        string? first = null;
        foreach (var cores in new[] { "1", "2", "5" })
        {
            var run = (await HostRun.Of("verify", "hauser.d*", "--effort", "quick", "--seed", "11", "--cores", cores, "--json")).Succeeds();
            var report = JsonNode.Parse(run.Out)!.AsObject();
            Assert.Equal(int.Parse(cores, System.Globalization.CultureInfo.InvariantCulture), (int)report["timing"]!["cores"]!);
            var bytes = run.Out[..run.Out.LastIndexOf("\"timing\"", StringComparison.Ordinal)];
            Assert.Equal(first ??= bytes, bytes);
        }
    }

    [Fact]
    public async Task Trials_and_effort_are_handed_on()
    {
        var library = new OwnLibrary(OwnLibrary.Sound);
        async Task<string> Trials(params string[] options) => (await HostRun.Of(library, ["verify", .. options])).Succeeds().Field("trials").Split(' ')[0];

        Assert.Equal("7", await Trials("--trials", "7"));
        Assert.Equal("5", await Trials("--effort", "quick"));
        Assert.Equal("50", await Trials());
        Assert.Equal("500", await Trials("--effort", "thorough"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_interrupted_run_prints_its_valid_partial_result(bool json)
    {
        using var source = new CancellationTokenSource();
        var listening = 0;
        CancellationToken Listen()
        {
            listening++;
            source.CancelAfter(TimeSpan.FromMilliseconds(100));
            return source.Token;
        }

        var run = await HostRun.Of(
            new OwnLibrary(OwnLibrary.Slow), console => console with { Interruption = Listen }, ["verify", "--cores", "1", "--effort", "thorough", .. json ? ["--json"] : Array.Empty<string>()]);

        Assert.Equal(1, listening);
        Assert.Equal(130, run.Code);
        Assert.Equal("Interrupted: the result is partial.\n", run.Error);
        if (json)
        {
            var report = JsonNode.Parse(run.Out)!;
            Assert.True((bool)report["interrupted"]!);
            Assert.Equal("undecided", (string?)report["claims"]![0]!["verdict"]);
        }
        else
        {
            Assert.Contains("mine.slow", run.Out, StringComparison.Ordinal);
            Assert.DoesNotContain("undecided: mine.slow", run.Out, StringComparison.Ordinal);
            Assert.Equal("Interrupted: the result is partial.", run.Lines.Last());
        }
    }

    [Fact]
    public async Task Progress_goes_to_standard_error_and_not_beside_json()
    {
        static HostConsole Impatient(HostConsole console) => console with { Patience = TimeSpan.Zero, LineInterval = TimeSpan.FromMilliseconds(20) };
        var library = new OwnLibrary(OwnLibrary.Slow);

        var text = await HostRun.Of(library, Impatient, "verify", "--cores", "1");
        Assert.Equal(0, text.Code);
        Assert.Contains(text.ErrorLines, line => line.Contains(" of 30 cases, at mine.slow", StringComparison.Ordinal));
        Assert.DoesNotContain(" of 30 cases", text.Out, StringComparison.Ordinal);

        (await HostRun.Of(library, Impatient, "verify", "--json")).Succeeds();
        (await HostRun.Of(library, "verify")).Succeeds();
    }

    [Fact]
    public async Task An_option_that_does_not_exist_is_no_pattern() =>
        (await HostRun.Of("verify", "--frob")).Fails(ExitCode.Usage, "There is no option --frob.");

    [Theory]
    [InlineData("HAUSER.SMOOTH.INVERSE", "hauser.smooth.inverse")]
    [InlineData("hauser.smooth.invers", "hauser.smooth.inverse")]
    [InlineData("hauser.smoth.*", "hauser.smooth.change-of-basis")]
    [InlineData("", "duan.")]
    public async Task A_pattern_that_fits_nothing_suggests_the_nearest(string pattern, string nearest) =>
        Assert.Single((await HostRun.Of("verify", pattern)).Fails(ExitCode.Usage, $"No claim fits '{pattern}'", nearest).ErrorLines);

    [Theory]
    [InlineData("--trials", "0", "found '0', expected an integer in 1..")]
    [InlineData("--trials", "many", "found 'many'")]
    [InlineData("--trials", "-1", "found '-1'")]
    [InlineData("--cores", "0", "found '0'")]
    [InlineData("--seed", "-1", "found '-1', expected an integer in 0..18446744073709551615")]
    [InlineData("--seed", "18446744073709551616", "found '18446744073709551616'")]
    [InlineData("--effort", "heroic", "found 'heroic', expected quick, default or thorough")]
    [InlineData("--what", "1", "--what")]
    public async Task Options_that_make_no_sense(string option, string value, string says) =>
        (await HostRun.Of("verify", "*", option, value)).Fails(ExitCode.Usage, says, "Try 'layertime verify --help'.");

    [Fact]
    public async Task A_report_shows_statements_witnesses_sharpness_and_tokens()
    {
        using var folder = new TemporaryFolder();
        (await HostRun.Of("verify", "hauser.ode.block-limit", "--effort", "quick", "--report", folder.File("page"))).Succeeds();
        var page = System.IO.File.ReadAllText(folder.File("page/index.html"));
        var claim = ClaimCatalogue.Find("hauser.ode.block-limit")!;

        Assert.Contains(claim.Statement.Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal), page, StringComparison.Ordinal);
        Assert.Contains("<svg", page, StringComparison.Ordinal);
        Assert.Contains("layertime replay ", page, StringComparison.Ordinal);
        Assert.All(claim.Controls, control => Assert.Contains(control.Name, page, StringComparison.Ordinal));
    }
}
