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
        Assert.Contains("(theorem;", run.Out.Replace('\n', ' '), StringComparison.Ordinal);
        Assert.Equal(["n.svg"], folder.Names);
    }

    [Fact]
    public async Task Json_is_the_same_on_any_number_of_cores()
    {
        var one = (await HostRun.Of("experiment", "nested-intervals", "--seeds", "1", "--json", "--cores", "1")).Succeeds();
        var two = (await HostRun.Of("experiment", "nested-intervals", "--seeds", "1", "--json", "--cores", "2")).Succeeds();

        Assert.Equal(one.Out, two.Out);
        Assert.Equal(5, JsonNode.Parse(one.Out)!["rows"]!.AsArray().Count);
    }

    [Fact]
    public async Task An_experiment_that_does_not_exist_is_bad_usage() =>
        (await HostRun.Of("experiment", "mnist")).Fails(ExitCode.Usage, "There is no experiment mnist; there are nested-intervals, phase-plane, state-dimension, concentric-classes.");
}
