using System;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Host.Tests.Commands;

public sealed class HelpTests
{
    [Theory]
    [InlineData("")]
    [InlineData("verify")]
    [InlineData("claims")]
    [InlineData("replay")]
    [InlineData("run")]
    [InlineData("census")]
    [InlineData("examine")]
    [InlineData("convert")]
    [InlineData("convert realise")]
    [InlineData("convert ode-to-ffn")]
    [InlineData("convert ffn-to-ode")]
    [InlineData("conserved")]
    [InlineData("limit")]
    public async Task Every_command_shows_examples(string command)
    {
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var run = (await HostRun.Of([.. words, "--help"])).Succeeds();

        Assert.Contains($"layertime{(command.Length == 0 ? "" : " ")}{command}", run.Out, StringComparison.Ordinal);
        Assert.Contains("Examples:\n  layertime " + command, run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("LayerTime.Host", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Lines, line => line.TrimEnd().Length > 100);
    }

    [Fact]
    public async Task The_exit_codes_are_told() =>
        Assert.Contains("130 interrupted", (await HostRun.Of("--help")).Succeeds().Out, StringComparison.Ordinal);

    [Fact]
    public async Task The_version_names_the_catalogue() =>
        Assert.Matches($@"^layertime \d+\.\d+\.\d+, catalogue {ClaimCatalogue.Digest}\n$", (await HostRun.Of("--version")).Succeeds().Out);

    [Fact]
    public async Task No_command_or_a_wrong_one_is_bad_usage()
    {
        (await HostRun.Of()).Fails(ExitCode.Usage, "Try 'layertime --help'.");
        (await HostRun.Of("prove")).Fails(ExitCode.Usage, "prove", "Try 'layertime --help'.");
    }
}
