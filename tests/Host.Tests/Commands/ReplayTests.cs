using System;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Host.Tests.Commands;

public sealed class ReplayTests
{
    private static readonly ClaimInfo Claim = ClaimCatalogue.Find("hauser.smooth.inverse")!;

    [Fact]
    public async Task A_case_that_holds()
    {
        var run = (await HostRun.Of("replay", Token(Claim.Parts[0].Name, 3))).Succeeds().FitsThePage();

        Assert.Equal("holds: hauser.smooth.inverse", run.Lines[0]);
        Assert.Equal(Claim.Parts[0].Name, run.Field("part"));
        Assert.Contains(" = ", run.Field("instance"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_control_has_to_be_refuted()
    {
        var run = (await HostRun.Of("replay", Token(Claim.Controls[0].Name, 0))).Succeeds();

        Assert.StartsWith("refuted: ", run.Lines[0], StringComparison.Ordinal);
        Assert.Contains("as it should", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    public async Task A_control_that_is_not_refuted(int control, int code)
    {
        var library = new OwnLibrary(OwnLibrary.Idle);
        var report = await Verifier.VerifyAsync(OwnLibrary.Idle);
        var name = report.Claims[0].Necessity[control].Control;
        var run = await HostRun.Of(library, "replay", $"lt1:mine.idle:{name}:1:0:{report.Catalogue}");

        Assert.Equal(code, run.Code);
        Assert.Contains("has to be refuted and is not", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_case_that_is_undecided_says_why()
    {
        var report = await Verifier.VerifyAsync(OwnLibrary.Undecided);
        var run = await HostRun.Of(new OwnLibrary(OwnLibrary.Undecided), "replay", $"lt1:mine.undecided:guess:1:0:{report.Catalogue}");

        Assert.Equal(2, run.Code);
        Assert.Equal("the coin stood on its edge", run.Field("reason"));
    }

    [Fact]
    public async Task The_example_of_the_help_works()
    {
        var line = (await HostRun.Of("replay", "--help")).Succeeds().Lines.Single(line => line.Contains("lt1:", StringComparison.Ordinal));

        (await HostRun.Of(line.Trim().Split(' ')[1..])).Succeeds();
    }

    [Theory]
    [InlineData("lt1:hauser.smooth.inverse:equality:1:0:0123456789abcdef", "belongs to the catalogue 0123456789abcdef")]
    [InlineData("lt2:hauser.smooth.inverse:equality:1:0:0123456789abcdef", "version 'lt2'")]
    [InlineData("lt1:hauser.smooth.inverse:equality:1", "cut off")]
    [InlineData("lt1:hauser.smooth.inverse:equality:x:0:0123456789abcdef", "'x'")]
    [InlineData("what", "lt1:")]
    [InlineData("", "lt1:")]
    public async Task Tokens_of_elsewhere(string token, string says) =>
        Assert.Single((await HostRun.Of("replay", token)).Fails(ExitCode.BadInput, says).ErrorLines);

    [Fact]
    public async Task Tokens_that_lead_nowhere()
    {
        (await HostRun.Of("replay", Token("nothing", 0))).Fails(ExitCode.BadInput, "no part or control 'nothing'");
        (await HostRun.Of("replay", Token(Claim.Controls[0].Name, 99999))).Fails(ExitCode.BadInput, "99999");
        (await HostRun.Of("replay")).Fails(ExitCode.Usage, "replay");
    }

    private static string Token(string part, int index) => $"lt1:{Claim.Id}:{part}:1:{index}:{ClaimCatalogue.Digest}";
}
