using System;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Facade.Tests.Claims;

public sealed class OwnClaimTests
{
    [Fact]
    public async Task A_claim_of_ten_lines_holds_and_needs_its_hypothesis()
    {
        var report = await Verifier.VerifyAsync(OwnClaims.Rest);
        var claim = Assert.Single(report.Claims);

        Assert.Equal((Verdict.Holds, 100, 0), (claim.Verdict, claim.Trials, claim.Undecided));
        Assert.Equal(Evidence.Exact, claim.Evidence);
        var control = Assert.Single(claim.Necessity);
        Assert.True(control.Needed);
        Assert.Equal("H1", control.Hypothesis);
        Assert.Equal("(15)", control.Counterexample!.Witness.Found);
        Assert.Equal("(1)", control.Counterexample.Witness.Expected);
        Assert.Equal("instance = 1", Assert.Single(control.Counterexample.Witness.Instance).ToString());
        Assert.Equal(0, report.ExitCode);
        Assert.True(report.AllHold);
    }

    [Fact]
    public async Task A_refuted_claim_shows_its_smallest_witness_and_replays_it()
    {
        var report = await Verifier.VerifyAsync(OwnClaims.Refuted);
        var claim = Assert.Single(report.Claims);

        Assert.Equal((Verdict.Refuted, 1), (claim.Verdict, report.ExitCode));
        Assert.Equal("instance = 16", claim.Counterexample!.Witness.Instance.Single().ToString());
        Assert.True(claim.Counterexample.Steps > 0);

        var replayed = Verifier.Replay(claim.Counterexample.ReplayToken, [OwnClaims.Refuted]);
        Assert.Equal(claim.Counterexample.Witness.ToString(), replayed.Simplified!.ToString());
        Assert.Equal("refuted", replayed.Outcome.Match(_ => "holds", _ => "refuted", _ => "undecided"));
        Assert.Equal(("mine.refuted", "divisors", false), (replayed.ClaimId, replayed.Part, replayed.IsControl));
        Assert.NotEmpty(replayed.Instance);
    }

    [Fact]
    public async Task Bounds_undecided_cases_and_searches_are_reported()
    {
        var report = await Verifier.VerifyAsync([OwnClaims.Mixed]);
        var claim = report.Claims[0];
        var part = Assert.Single(claim.Parts);

        Assert.Equal((Verdict.Holds, Evidence.Bounded, "a textbook"), (claim.Verdict, claim.Evidence, claim.Paper));
        Assert.Equal(200, part.Decided);
        Assert.True(part.Undecided > 0);
        Assert.Equal("too near to zero", part.Reasons[0].Reason);
        Assert.InRange(claim.Tightness!.Max, 0.9, 1);
        Assert.Equal("mine.mixed", report.Loosest!.Id);
        Assert.Equal([NecessityVerdict.Needed, NecessityVerdict.NotShownNecessary], claim.Necessity.Select(control => control.Verdict));
        Assert.Equal(2, report.ExitCode);
    }

    [Fact]
    public void A_claim_says_what_it_is()
    {
        var info = OwnClaims.Mixed.Info;

        Assert.Equal(("mine.mixed", "a textbook", "first inequality", Reading.Read), (info.Id, info.Paper, info.PaperStatement, info.Reading));
        Assert.Equal(["H1", "H2"], info.Hypotheses.Select(hypothesis => hypothesis.Id));
        Assert.Equal((Evidence.Bounded, CaseKind.Random, 200), (info.Parts[0].Evidence, info.Parts[0].Cases, info.Parts[0].Declared));
        Assert.Equal([CaseKind.Random, CaseKind.Exhaustive], info.Controls.Select(control => control.Cases));
        Assert.False(info.IsOpen);
        Assert.Equal("mine.mixed: |sin t| ≤ |t|", OwnClaims.Mixed.ToString());
    }

    [Fact]
    public async Task Claims_that_cannot_be_run_say_everything_that_is_wrong()
    {
        var exception = await Assert.ThrowsAsync<InvalidClaimException>(() => Verifier.VerifyAsync(
            [Claim.Define("not a name", "").FailsWithout("H9", Cases.Fixed(1), _ => Outcome.Holds)]));

        Assert.Equal(3, exception.Problems.Count);
        await Assert.ThrowsAsync<InvalidClaimException>(() => Verifier.VerifyAsync([OwnClaims.Rest, OwnClaims.Rest]));
        await Assert.ThrowsAsync<ArgumentException>(() => Verifier.VerifyAsync([]));
        await Assert.ThrowsAsync<ArgumentNullException>(() => Verifier.VerifyAsync((Claim)null!));
        Assert.Throws<ArgumentException>(() => Cases.Fixed<int>());
        Assert.Equal("trials", Assert.Throws<ArgumentOutOfRangeException>(() => Cases.Random(_ => 1, 0)).ParamName);
        Assert.Equal("conclude", Assert.Throws<ArgumentNullException>(() => OwnClaims.Rest.Exact<int>("p", Cases.Fixed(1), null!)).ParamName);
    }

    [Fact]
    public async Task A_conclusion_that_throws_is_refuted_by_what_it_threw()
    {
        var claim = Claim.Define("mine.fault", "Division works.").Exact("divide", Cases.Fixed(2, 1, 0), n => Outcome.Equal("1/n", 1 / n, 1 / n));
        var report = await Verifier.VerifyAsync(claim);

        Assert.Equal(1, report.ExitCode);
        Assert.Contains("DivideByZeroException", report.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_generator_that_throws_is_a_fault_with_its_address_and_never_a_verdict()
    {
        var claim = Claim.Define("mine.fault", "Draws work.").Exact("draw", Cases.Random<int>(_ => throw new FormatException("no draw"), 5), _ => Outcome.Holds);
        var exception = await Assert.ThrowsAsync<ClaimFaultException>(() => Verifier.VerifyAsync(claim));

        Assert.Equal(("mine.fault", "draw", 0), (exception.ClaimId, exception.Part, exception.Index));
        Assert.IsType<FormatException>(exception.InnerException);
    }

    [Fact]
    public void Outcomes_compare_what_they_are_given()
    {
        string Show(Outcome outcome) => outcome.ToString();

        Assert.Equal("holds", Show(Outcome.Equal("a", new[] { 1, 2 }, [1, 2])));
        Assert.Equal("refuted: a: expected (1, 2), found (1, 3)", Show(Outcome.Equal("a", new[] { 1, 2 }, [1, 3])));
        Assert.Equal("refuted: a: expected NaN, found NaN", Show(Outcome.Equal("a", double.NaN, double.NaN)));
        Assert.Equal("holds", Show(Outcome.Equal("a", 0.0, -0.0)));
        Assert.Equal("refuted: a: expected (1, 2, 3, 4), found (1, 2, 3, 4)", Show(Outcome.Equal<Array>("a", new[,] { { 1, 2 }, { 3, 4 } }, new[] { 1, 2, 3, 4 })));
        Assert.Equal("holds, tightness 0.5", Show(Outcome.AtMost("a", 2, 1)));
        Assert.Equal("refuted: a: expected at most 2, found NaN", Show(Outcome.AtMost("a", 2, double.NaN)));
        Assert.StartsWith("undecided", Show(Outcome.AtLeast("a", double.NegativeInfinity, 1)), StringComparison.Ordinal);
        Assert.Equal("undecided: why", Show(Outcome.All(Outcome.Holds, Outcome.Undecided("why"), Outcome.AtMost("a", 2, 1))));
        Assert.Equal("refuted: q: expected e, found f", Show(Outcome.All(Outcome.Undecided("why"), Outcome.Refuted("q", "e", "f"))));
        Assert.Equal("refuted: q: expected is so, found it is not so", Show(Outcome.IsTrue("q", "is so", false)));
    }
}
