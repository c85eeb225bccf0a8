using System;
using System.Threading.Tasks;
using LayerTime.Host.Rendering;

namespace LayerTime.Host.Progress;

/// <summary>Progress as lines, for files and pipes.</summary>
internal static class ProgressLines
{
    internal static async Task ShowAsync(HostConsole console, Task run, Latest latest)
    {
        do
        {
            if (latest.Value is { } progress)
            {
                console.Error.WriteLine($"{progress.Elapsed.TotalSeconds:F0} s: {Describe(progress)}");
            }
        }
        while (!await LiveProgress.Ends(run, console.LineInterval));
    }

    private static string Describe(VerificationProgress progress) =>
        $"{progress.ClaimsCompleted} of {Page.Plural(progress.ClaimsTotal, "claim")} answered, {Shown.Count(progress.CasesCompleted)} of {Page.Plural(progress.CasesExpected, "case")}"
        + (progress.CurrentClaim is { } claim ? $", at {claim}" : "");
}
