using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace LayerTime.Host.Tests;

/// <summary>Claims of the tests' own, so that the host has something to refute.</summary>
internal sealed class OwnLibrary(params Claim[] claims) : IClaimLibrary
{
    /// <summary>Wrong from 17 on.</summary>
    internal static Claim Refuted { get; } =
        Claim.Define("mine.refuted", "n < 17")
            .Exact(
                "bounded-above",
                Cases.Random(source => source.NextInteger(0, 400), 300, n => n > 0 ? [n / 2, n - 1] : []),
                n => Outcome.IsTrue("n", "is less than 17", n < 17));

    /// <summary>Decides nothing.</summary>
    internal static Claim Undecided { get; } =
        Claim.Define("mine.undecided", "Nobody knows.")
            .Bounded("guess", Cases.Random(source => source.NextInteger(0, 9), 20), _ => Outcome.Undecided("the coin stood on its edge"));

    /// <summary>A control that is not refuted, by example and by search.</summary>
    internal static Claim Idle { get; } =
        Claim.Define("mine.idle", "n = n")
            .Needs("H1", "n is even.")
            .Needs("H2", "n is positive.")
            .Exact("equal", Cases.All([1, 2, 3]), n => Outcome.Equal("n", n, n))
            .FailsWithout("H1", Cases.Fixed(7), n => Outcome.Equal("n", n, n))
            .FailsWithout("H2", Cases.Random(source => source.NextInteger(-9, -1), 5), n => Outcome.Equal("n", n, n));

    /// <summary>Holds, and its control finds a counterexample.</summary>
    internal static Claim Sound { get; } =
        Claim.Define("mine.sound", "|n| ≤ 9 for a digit n")
            .From("a school book", "first page")
            .Needs("H1", "n is a digit.")
            .Bounded("at-most-nine", Cases.Random(source => source.NextInteger(0, 9), 50), n => Outcome.AtMost("|n|", 9, Math.Abs(n)))
            .FailsWithout("H1", Cases.Fixed(11), n => Outcome.AtMost("|n|", 9, Math.Abs(n)));

    /// <summary>Its draws throw.</summary>
    internal static Claim Faulty { get; } =
        Claim.Define("mine.faulty", "Nothing goes wrong.")
            .Exact("works", Cases.Random<int>(_ => throw new InvalidOperationException("no draw"), 20), _ => Outcome.Holds);

    /// <summary>Takes a while.</summary>
    internal static Claim Slow { get; } =
        Claim.Define("mine.slow", "Patience.").Exact("waits", Cases.Random(source => source.NextInteger(0, 9), 30), _ =>
        {
            Thread.Sleep(40);
            return Outcome.Holds;
        });

    public IReadOnlyList<ClaimInfo> Select(string pattern) => [.. claims.Select(claim => claim.Info).Where(info => pattern == "*" || info.Id == pattern)];

    public Task<VerificationReport> VerifyAsync(
        string pattern, VerificationOptions options, IProgress<VerificationProgress> progress, CancellationToken cancellationToken) =>
        Verifier.VerifyAsync(claims, options, progress, cancellationToken);

    public ReplayResult Replay(string token) => Verifier.Replay(token, claims);
}
