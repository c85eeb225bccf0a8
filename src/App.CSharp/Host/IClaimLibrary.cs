using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace LayerTime.Host;

/// <summary>The claims that the commands speak of.</summary>
internal interface IClaimLibrary
{
    IReadOnlyList<ClaimInfo> Select(string pattern);

    Task<VerificationReport> VerifyAsync(
        string pattern, VerificationOptions options, IProgress<VerificationProgress> progress, CancellationToken cancellationToken);

    ReplayResult Replay(string token);
}

/// <summary>The claims that come with the library.</summary>
internal sealed class LibraryClaims : IClaimLibrary
{
    public IReadOnlyList<ClaimInfo> Select(string pattern) => ClaimCatalogue.Select(pattern);

    public Task<VerificationReport> VerifyAsync(
        string pattern, VerificationOptions options, IProgress<VerificationProgress> progress, CancellationToken cancellationToken) =>
        Verifier.VerifyAsync(pattern, options, progress, cancellationToken);

    public ReplayResult Replay(string token) => Verifier.Replay(token);
}
