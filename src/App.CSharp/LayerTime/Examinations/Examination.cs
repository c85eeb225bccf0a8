using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace LayerTime;

/// <summary>
/// What is known of one network: its equation, its cost, its class, its critical points, its weights as a function of depth, its gradients,
/// its Lipschitz bounds and its linear regions. Nothing is said that was not computed; what was left out is a finding of its own.
/// </summary>
public sealed class Examination
{
    internal Examination(Network network, ExaminationOptions options, IReadOnlyList<Finding> findings, IReadOnlyList<ClaimApplicability> claims, CensusResult? census, bool interrupted)
    {
        Network = network;
        Options = options;
        Findings = findings;
        Claims = claims;
        Census = census;
        Interrupted = interrupted;
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>What was asked for.</summary>
    public ExaminationOptions Options { get; }

    /// <summary>What is known, topic by topic.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>What every claim of the catalogue says of the network, in the order of the catalogue; empty if the examination was cancelled before.</summary>
    public IReadOnlyList<ClaimApplicability> Claims { get; }

    /// <summary>The critical points in the box; null where no census was taken.</summary>
    public CensusResult? Census { get; }

    /// <summary>Whether the examination was cancelled; the findings are those made until then.</summary>
    public bool Interrupted { get; }

    /// <summary>Examines a network, off the caller's thread.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">What to look at and how far; null for the defaults.</param>
    /// <param name="progress">Told whenever a topic begins.</param>
    /// <param name="cancellationToken">Ends the examination early: the task completes with what was found so far, it does not throw.</param>
    /// <returns>The findings: a function of the network and the options, on any machine and any number of cores.</returns>
    /// <exception cref="ArgumentException">A point, the box or a chosen output does not fit the network.</exception>
    public static Task<Examination> RunAsync(
        Network network, ExaminationOptions? options = null, IProgress<ExaminationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var examined = new Examined(Door.NotNull(network), options ?? new());
        return Task.Run(() => Examiner.Run(examined, progress, cancellationToken), CancellationToken.None);
    }

    /// <summary>The examination as one JSON document: the same bytes on any machine and any number of cores.</summary>
    /// <returns>The document, with a line feed at its end.</returns>
    public string ToJson() => ExaminationWriter.ToJson(this);

    /// <summary>Writes the examination as a page with pictures, index.html in a folder of its own, whole or not at all. It opens from disk and needs no other file.</summary>
    /// <param name="folder">The folder; it must not exist, be empty, or hold an older report and nothing else.</param>
    /// <param name="title">The title of the page, such as the name of the file.</param>
    /// <exception cref="NetworkFileException">The folder cannot be written; nothing is left behind.</exception>
    public void SaveReport(string folder, string title = "network") => ReportFolder.Write(Door.NotNull(folder), ExaminationReport.Page(this, Door.NotNull(title)));

    /// <summary>The examination in one line.</summary>
    /// <returns>"14 findings, 2 left out".</returns>
    public override string ToString()
    {
        var skipped = 0;
        foreach (var finding in Findings)
        {
            skipped += finding.Kind == FindingKind.Skipped ? 1 : 0;
        }

        return $"{Findings.Count - skipped} findings, {skipped} left out" + (Interrupted ? ", interrupted" : "");
    }
}
