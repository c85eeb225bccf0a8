using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Facade.Tests.Claims;

public sealed class VerifierTests
{
    private static readonly Claim[] Own = [OwnClaims.Rest, OwnClaims.Refuted, OwnClaims.Mixed];

    [Fact]
    public async Task Any_number_of_cores_gives_the_same_report()
    {
        string? first = null;
        foreach (var cores in new[] { 1, 2, 7 })
        {
            var own = await Verifier.VerifyAsync(Own, new() { MaxDegreeOfParallelism = cores, Seed = 5 });
            var catalogue = await Verifier.VerifyAsync("hauser.*", new() { MaxDegreeOfParallelism = cores, Trials = 7 });
            Assert.Equal(cores, own.Timing.MaxDegreeOfParallelism);
            var both = WithoutTiming(own) + WithoutTiming(catalogue);
            Assert.Equal(first ??= both, both);
        }
    }

    [Fact]
    public async Task The_seed_and_the_trials_decide()
    {
        string Witness(VerificationReport report) => report.Claims[0].Counterexample!.ReplayToken;
        var claim = OwnClaims.Refuted;

        Assert.NotEqual(
            Witness(await Verifier.VerifyAsync(claim, new() { Seed = 1 })), Witness(await Verifier.VerifyAsync(claim, new() { Seed = 2 })));
        Assert.Equal(12, (await Verifier.VerifyAsync(OwnClaims.Rest, new() { Trials = 12 })).Trials);
        Assert.Equal(10, (await Verifier.VerifyAsync(OwnClaims.Rest, new() { Effort = Effort.Quick })).Trials);
        Assert.Equal(1000, (await Verifier.VerifyAsync(OwnClaims.Rest, new() { Effort = Effort.Thorough })).Trials);
    }

    [Fact]
    public async Task Cancellation_gives_the_valid_partial_report()
    {
        using var cancellation = new CancellationTokenSource();
        var count = 0;
        var slow = Claim.Define("mine.slow", "Patience.").Exact("wait", Cases.Random(source => source.NextUInt64(), 100_000), _ =>
        {
            if (Interlocked.Increment(ref count) == 20_000)
            {
                cancellation.Cancel();
            }

            return Outcome.Holds;
        });
        var report = await Verifier.VerifyAsync([OwnClaims.Rest, slow], new() { MaxDegreeOfParallelism = 2 }, null, cancellation.Token);
        var partial = report.Claims[1];

        Assert.True(report.Interrupted);
        Assert.Equal(130, report.ExitCode);
        Assert.Equal(Verdict.Undecided, partial.Verdict);
        Assert.StartsWith("wait: interrupted after", partial.Reason, StringComparison.Ordinal);
        Assert.InRange(partial.Trials, 1, 99_999);
        using var json = JsonDocument.Parse(report.ToJson());
        Assert.True(json.RootElement.GetProperty("interrupted").GetBoolean());
    }

    [Fact]
    public async Task Cancellation_before_the_start_gives_an_empty_report()
    {
        var report = await Verifier.VerifyAsync(Own, cancellationToken: new(canceled: true));

        Assert.True(report.Interrupted);
        Assert.All(report.Claims, claim => Assert.Equal(Verdict.Undecided, claim.Verdict));
        Assert.All(report.Claims.SelectMany(claim => claim.Necessity), control => Assert.Equal(NecessityVerdict.Interrupted, control.Verdict));
    }

    [Fact]
    public async Task A_run_that_ends_before_the_cancellation_is_complete()
    {
        using var cancellation = new CancellationTokenSource();
        var report = await Verifier.VerifyAsync(OwnClaims.Rest, cancellationToken: cancellation.Token);
        await cancellation.CancelAsync();

        Assert.False(report.Interrupted);
    }

    [Fact]
    public async Task Progress_grows_to_the_end()
    {
        var seen = new Recorder();
        var report = await Verifier.VerifyAsync(Own, null, seen);
        VerificationProgress[] all = [.. seen.All];

        Assert.Equal((3, 0, 0), (all[0].ClaimsTotal, all[0].ClaimsCompleted, all[0].CasesCompleted));
        Assert.Equal((3, 3), (all[^1].ClaimsTotal, all[^1].ClaimsCompleted));
        Assert.True(all[^1].CasesCompleted >= report.Trials);
        Assert.Contains(all[^1].CurrentClaim, report.Claims.Select(claim => claim.Id));
        Assert.Equal(all.Select(progress => progress.Elapsed).Order(), all.Select(progress => progress.Elapsed));
        Assert.Equal(report.Claims.Select(claim => claim.Id), report.Timing.Claims.Select(timing => timing.Id));
        Assert.NotNull(report.Timing.Slowest);
        Assert.True(report.Timing.Elapsed > TimeSpan.Zero);
    }

    [Fact]
    public async Task Claims_are_answered_while_others_are_still_running()
    {
        var seen = new Recorder();
        Claim Slow(int i) => Claim.Define($"mine.slow-{i}", "Patience.").Exact("wait", Cases.Random(source => source.NextUInt64(), 40), _ =>
        {
            Thread.Sleep(2);
            return Outcome.Holds;
        });
        await Verifier.VerifyAsync(Enumerable.Range(0, 8).Select(Slow), new() { MaxDegreeOfParallelism = 2 }, seen);

        Assert.Contains(seen.All, progress => progress.ClaimsCompleted is > 0 and < 8);
        Assert.Equal(seen.All.Select(progress => progress.ClaimsCompleted).Order(), seen.All.Select(progress => progress.ClaimsCompleted));
    }

    [Fact]
    public async Task Progress_that_throws_ends_the_run_with_its_exception()
    {
        await Assert.ThrowsAsync<NotSupportedException>(() => Verifier.VerifyAsync(Own, new() { MaxDegreeOfParallelism = 7 }, new Thrower(1)));
        await Assert.ThrowsAsync<NotSupportedException>(() => Verifier.VerifyAsync(Own, null, new Thrower(0)));
    }

    [Fact]
    public async Task More_cores_than_work_do_no_harm()
    {
        var report = await Verifier.VerifyAsync(OwnClaims.Rest, new() { MaxDegreeOfParallelism = int.MaxValue });

        Assert.True(report.AllHold);
    }

    [Fact]
    public async Task The_document_has_the_fields_of_the_design_in_their_order()
    {
        var report = await Verifier.VerifyAsync(Own);
        var json = JsonNode.Parse(report.ToJson())!.AsObject();
        string[] Names(JsonNode? node) => [.. node!.AsObject().Select(pair => pair.Key)];
        var (rest, refuted, mixed) = (json["claims"]![0]!, json["claims"]![1]!, json["claims"]![2]!);

        Assert.Equal(["version", "catalogue", "seed", "claims", "open", "timing"], Names(json));
        Assert.Equal(["id", "paper", "evidence", "verdict", "trials", "undecided", "tightness", "necessity", "replay"], Names(rest));
        Assert.Equal(["hypothesis", "needed", "trialsToRefute", "witness"], Names(rest["necessity"]![0]));
        Assert.Equal(["id", "paper", "evidence", "verdict", "trials", "undecided", "tightness", "necessity", "witness", "replay"], Names(refuted));
        Assert.Equal(["quantity", "expected", "found", "instance"], Names(refuted["witness"]));
        Assert.Equal(["median", "max"], Names(mixed["tightness"]));
        Assert.Equal("refuted", (string?)refuted["verdict"]);
        Assert.StartsWith("lt1:mine.refuted:divisors:1:", (string?)refuted["replay"], StringComparison.Ordinal);
        Assert.Null(rest["replay"]);
        Assert.False((bool)mixed["necessity"]![1]!["needed"]!);
        Assert.EndsWith("\n", report.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_culture_writes_the_same_document()
    {
        var culture = Thread.CurrentThread.CurrentCulture;
        var report = await Verifier.VerifyAsync(Own);
        var expected = report.ToJson();
        try
        {
            var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (other.NumberFormat.NumberDecimalSeparator, other.NumberFormat.NegativeSign) = (",", "~");
            Thread.CurrentThread.CurrentCulture = other;
            Assert.Equal(expected, report.ToJson());
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Options_are_checked()
    {
        Assert.Equal("Trials", Assert.Throws<ArgumentOutOfRangeException>(() => new VerificationOptions { Trials = 0 }).ParamName);
        Assert.Equal("MaxDegreeOfParallelism", Assert.Throws<ArgumentOutOfRangeException>(() => new VerificationOptions { MaxDegreeOfParallelism = 0 }).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => new VerificationOptions { Effort = (Effort)9 });
    }

    private static string WithoutTiming(VerificationReport report)
    {
        var json = JsonNode.Parse(report.ToJson())!.AsObject();
        Assert.True(json.Remove("timing"));
        return json.ToJsonString();
    }

    private sealed class Thrower(int after) : IProgress<VerificationProgress>
    {
        private int count;

        public void Report(VerificationProgress value)
        {
            if (count++ >= after)
            {
                throw new NotSupportedException();
            }
        }
    }

    private sealed class Recorder : IProgress<VerificationProgress>
    {
        internal ConcurrentQueue<VerificationProgress> All { get; } = new();

        public void Report(VerificationProgress value) => All.Enqueue(value);
    }
}
