using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;

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
        var findings = new List<Finding>();
        try
        {
            for (var i = 0; i < Topics.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report(new() { Topic = Topics[i].Name, Share = (double)i / Topics.Length, Elapsed = watch.Elapsed });
                foreach (var finding in Topics[i].Find(examined, cancellationToken))
                {
                    findings.Add(finding);
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new(examined.Network, examined.Options, findings, examined.Census, interrupted: true);
        }

        return new(examined.Network, examined.Options, findings, examined.Census, interrupted: false);
    }
}
