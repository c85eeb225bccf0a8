using System;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Host.Tests.Commands;

public sealed class ClaimsTests
{
    [Fact]
    public async Task The_list_names_every_claim()
    {
        var run = (await HostRun.Of("claims")).Succeeds().FitsThePage();

        Assert.Equal(ClaimCatalogue.All.Select(claim => claim.Id), run.Lines[1..^1].Select(line => line.Split(' ')[0]));
        Assert.StartsWith($"{ClaimCatalogue.All.Count} claims, ", run.Lines.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pattern_is_listed()
    {
        var run = (await HostRun.Of("claims", "*.inverse")).Succeeds();

        Assert.StartsWith("hauser.smooth.inverse ", run.Lines[1], StringComparison.Ordinal);
        Assert.StartsWith("1 claim, 0 of them open", run.Lines.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_claim_is_shown_in_full_on_the_page()
    {
        foreach (var claim in ClaimCatalogue.All)
        {
            var run = (await HostRun.Of("claims", claim.Id)).Succeeds().FitsThePage();

            Assert.Equal(claim.Id, run.Lines[0]);
            Assert.All(claim.Hypotheses, hypothesis => Assert.Contains(hypothesis.Id + ": ", run.Out, StringComparison.Ordinal));
            Assert.All(claim.Parts, part => Assert.Contains(part.Name + ": ", run.Out, StringComparison.Ordinal));
            Assert.All(claim.Controls, control => Assert.Contains(control.Name + ": without " + control.Hypothesis, run.Out, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_claim_says_where_it_comes_from()
    {
        var run = (await HostRun.Of(new OwnLibrary(OwnLibrary.Sound), "claims", "mine.sound")).Succeeds();

        Assert.Equal("|n| ≤ 9 for a digit n", run.Field("statement"));
        Assert.Equal("a school book: first page", run.Field("source"));
        Assert.Equal("read in the paper", run.Field("reading"));
        Assert.Equal("bounded", run.Field("evidence"));
        Assert.Equal("H1: n is a digit.", run.Field("assumes"));
        Assert.Equal("at-most-nine: bounded, 50 draws", run.Field("checks"));
        Assert.EndsWith("without H1, 1 chosen example", run.Field("breaks"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_id_suggests_the_nearest() =>
        Assert.Single((await HostRun.Of("claims", "hauser.smooth.invers")).Fails(ExitCode.Usage, "hauser.smooth.inverse").ErrorLines);
}
