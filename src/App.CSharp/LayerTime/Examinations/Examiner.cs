using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using LayerTime.Core.Examination;

namespace LayerTime;

/// <summary>The topics, one after the other.</summary>
internal static class Examiner
{
    private static readonly (string Name, Func<Examined, CancellationToken, IEnumerable<Finding>> Find)[] Topics =
    [
        ("architecture", (examined, _) => ArchitectureFindings.Of(examined)),
        ("class", (examined, _) => ClassFindings.Of(examined)),
        ("critical points", CriticalPointFindings.Of),
        ("depth as time", DepthFindings.Of),
        ("momentum", (examined, _) => MomentumFindings.Of(examined)),
        ("lipschitz", LipschitzFindings.Of),
        ("linear regions", (examined, _) => RegionFindings.Of(examined)),
    ];

    internal static Examination Run(Examined examined, IProgress<ExaminationProgress>? progress, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var (findings, claims) = (new List<Finding>(), new List<ClaimApplicability>());
        try
        {
            for (var i = 0; i < Topics.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report(new() { Topic = Topics[i].Name, Share = (double)i / (Topics.Length + 1), Elapsed = watch.Elapsed });
                foreach (var finding in Topics[i].Find(examined, cancellationToken))
                {
                    findings.Add(finding);
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }

            progress?.Report(new() { Topic = "claims", Share = (double)Topics.Length / (Topics.Length + 1), Elapsed = watch.Elapsed });
            Judge(examined, claims, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new(examined.Network, examined.Options, findings, claims, examined.Census, interrupted: true);
        }

        return new(examined.Network, examined.Options, findings, claims, examined.Census, interrupted: false);
    }

    private static void Judge(Examined examined, List<ClaimApplicability> claims, CancellationToken cancellationToken)
    {
        var scalar = examined.Scalar is { } chosen ? Microsoft.FSharp.Core.FSharpOption<Core.Networks.Network<CoreInterval>>.Some(chosen) : null;
        var facts = new NetworkFacts(examined.Enclosed, scalar, examined.Norms, examined.Box.OfDoor, examined.Places[0]);
        foreach (var claim in ClaimApplicability.All(facts))
        {
            cancellationToken.ThrowIfCancellationRequested();
            claims.Add(claim);
        }
    }
}
