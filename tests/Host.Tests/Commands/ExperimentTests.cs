using System;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Host.Tests.Commands;

public sealed class ExperimentTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Nested_intervals_are_a_table_checks_and_a_figure()
    {
        var run = (await HostRun.Of("experiment", "nested-intervals", "--seeds", "2", "--figure", folder.File("n.svg"))).Succeeds().FitsThePage();

        Assert.Contains(run.Lines, line => line.StartsWith("order 2, |hw| ≤ 0.9", StringComparison.Ordinal) && line.Contains("1.000", StringComparison.Ordinal));
        Assert.Contains("certified:", run.Out, StringComparison.Ordinal);
        Assert.Contains("(measured:", run.Out, StringComparison.Ordinal);
        Assert.Equal(["n.svg"], folder.Names);
    }

    [Fact]
    public async Task Json_is_the_same_on_any_number_of_cores()
    {
        var one = (await HostRun.Of("experiment", "nested-intervals", "--seeds", "1", "--json", "--cores", "1")).Succeeds();
        var two = (await HostRun.Of("experiment", "nested-intervals", "--seeds", "1", "--json", "--cores", "2")).Succeeds();

        Assert.Equal(one.Out, two.Out);
        Assert.Equal(5, JsonNode.Parse(one.Out)!["rows"]!.AsArray().Count);
        Assert.Equal(["certified", "measured"], JsonNode.Parse(one.Out)!["checks"]!.AsArray().Select(check => (string?)check!["evidence"]));
    }

    [Fact]
    public async Task Without_a_name_there_is_a_list_of_what_experiments_show()
    {
        var run = (await HostRun.Of("experiment")).Succeeds().FitsThePage();

        Assert.All(Experiment.Names, name => Assert.Contains(run.Lines, line => line.StartsWith(name + " ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_seed_that_is_no_integer_is_bad_usage() =>
        (await HostRun.Of("experiment", "additive-energy", "--seed", "-1")).Fails(ExitCode.Usage, "--seed: found '-1', expected an integer in 0..18446744073709551615.");

    [Fact]
    public async Task A_seed_is_a_start_and_none_is_no_picture()
    {
        var first = (await HostRun.Of("experiment", "additive-energy", "--seeds", "1", "--figure", "none")).Succeeds().FitsThePage();
        var second = (await HostRun.Of("experiment", "additive-energy", "--seeds", "1", "--seed", "2", "--figure", "none")).Succeeds();

        Assert.NotEqual(first.Out, second.Out);
        Assert.DoesNotContain("figure", first.Out, StringComparison.Ordinal);
        Assert.Empty(folder.Names);
    }

    [Fact]
    public async Task A_figure_that_cannot_be_written_is_refused_before_anything_is_trained() =>
        (await HostRun.Of("experiment", "additive-energy", "--figure", folder.File("no/such/place.svg"))).Fails(ExitCode.BadInput, "no/such");

    [Fact]
    public async Task An_experiment_that_does_not_exist_is_bad_usage() =>
        (await HostRun.Of("experiment", "mnist")).Fails(ExitCode.Usage, "There is no experiment mnist; there are nested-intervals, phase-plane, state-dimension, concentric-classes, glyphs, additive-energy.");
}
