using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using LayerTime.Core.Claims;

namespace LayerTime;

/// <summary>Runs claims on all cores; the report does not depend on how many there are.</summary>
public static class Verifier
{
    /// <summary>Runs the claims of the library whose ids fit a pattern.</summary>
    /// <param name="pattern">An id in which * stands for any text and ? for one character; "*" is every claim.</param>
    /// <param name="options">Seed, effort and cores; null for the defaults.</param>
    /// <param name="progress">Told how far the run has come, at most some twenty times a second.</param>
    /// <param name="cancellationToken">Ends the run early: the task completes with the valid partial report, it does not throw.</param>
    /// <returns>The report.</returns>
    /// <exception cref="UnknownClaimException">No id fits; the nearest ids are named.</exception>
    /// <exception cref="ClaimFaultException">A generator threw; a conclusion that throws is refuted by what it threw.</exception>
    public static Task<VerificationReport> VerifyAsync(
        string pattern = "*",
        VerificationOptions? options = null,
        IProgress<VerificationProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Schedule.RunAsync(ClaimCatalogue.Choose(pattern), options ?? new(), progress, cancellationToken);

    /// <summary>Runs claims of one's own.</summary>
    /// <param name="claims">At least one; their ids differ.</param>
    /// <param name="options">Seed, effort and cores; null for the defaults.</param>
    /// <param name="progress">Told how far the run has come, at most some twenty times a second.</param>
    /// <param name="cancellationToken">Ends the run early: the task completes with the valid partial report, it does not throw.</param>
    /// <returns>The report.</returns>
    /// <exception cref="InvalidClaimException">A claim cannot be run; every problem is listed.</exception>
    /// <exception cref="ClaimFaultException">A generator threw; a conclusion that throws is refuted by what it threw.</exception>
    public static Task<VerificationReport> VerifyAsync(
        IEnumerable<Claim> claims,
        VerificationOptions? options = null,
        IProgress<VerificationProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Schedule.RunAsync(Own(claims), options ?? new(), progress, cancellationToken);

    /// <summary>Runs one claim of one's own.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="options">Seed, effort and cores; null for the defaults.</param>
    /// <param name="progress">Told how far the run has come, at most some twenty times a second.</param>
    /// <param name="cancellationToken">Ends the run early: the task completes with the valid partial report, it does not throw.</param>
    /// <returns>The report.</returns>
    /// <exception cref="InvalidClaimException">The claim cannot be run; every problem is listed.</exception>
    /// <exception cref="ClaimFaultException">A generator threw; a conclusion that throws is refuted by what it threw.</exception>
    public static Task<VerificationReport> VerifyAsync(
        Claim claim,
        VerificationOptions? options = null,
        IProgress<VerificationProgress>? progress = null,
        CancellationToken cancellationToken = default) => VerifyAsync([Door.NotNull(claim)], options, progress, cancellationToken);

    /// <summary>Runs one case of the library's claims again.</summary>
    /// <param name="token">A token that a report printed.</param>
    /// <returns>What came out.</returns>
    /// <exception cref="ReplayTokenException">The token cannot be read or belongs to another catalogue.</exception>
    /// <exception cref="ClaimFaultException">A generator threw; a conclusion that throws is refuted by what it threw.</exception>
    public static ReplayResult Replay(string token) => Replaying.Run(Papers.catalogue, Door.NotNull(token));

    /// <summary>Runs one case of one's own claims again.</summary>
    /// <param name="token">A token that a report printed.</param>
    /// <param name="claims">The claims of that run, all of them and in the same order.</param>
    /// <returns>What came out.</returns>
    /// <exception cref="ReplayTokenException">The token cannot be read or belongs to another catalogue.</exception>
    /// <exception cref="ClaimFaultException">A generator threw; a conclusion that throws is refuted by what it threw.</exception>
    public static ReplayResult Replay(string token, IEnumerable<Claim> claims) => Replaying.Run(Own(claims), Door.NotNull(token));

    private static Catalogue Own(IEnumerable<Claim> claims)
    {
        IReadOnlyList<Claim> list = [.. Door.NotNull(claims)];
        return list.Count == 0 ? throw new ArgumentException("At least one claim is expected.", nameof(claims))
            : list.Contains(null!) ? throw new ArgumentException("No claim may be null.", nameof(claims))
            : ClaimCatalogue.Of(list);
    }
}
