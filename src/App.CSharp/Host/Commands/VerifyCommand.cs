using System.CommandLine;
using System.Threading.Tasks;
using LayerTime.Host.Files;
using LayerTime.Host.Progress;
using LayerTime.Host.Rendering;

namespace LayerTime.Host.Commands;

/// <summary>The main job: check claims and break their hypotheses.</summary>
internal static class VerifyCommand
{
    internal static Command Create(HostConsole console, IClaimLibrary claims)
    {
        var pattern = Options.Pattern("PATTERN", "An id in which * stands for any text and ? for one character.");
        var trials = Options.Count("--trials", "Trials for every part that draws its cases, instead of the effort's.");
        var effort = Options.Word("--effort", "How many trials, in counted work: a tenth, all or ten times of what is declared.", "default", "quick", "default", "thorough");
        var seed = Options.Seed();
        var json = Options.Json("One JSON document on standard output and nothing else.");
        var folder = Options.Report("A folder for a page with every claim, its witnesses and its tokens; it opens from disk.");
        var cores = Options.Count("--cores", "On how many cores; the result does not depend on it. Default: all.");
        var command = new Command("verify", "Check every claim, and show each hypothesis necessary by a counterexample.") { pattern, trials, effort, seed, json, folder, cores };
        HelpWithExamples.Add(
            command,
            new("layertime verify", "Every claim at the default effort: the main job."),
            new("layertime verify \"hauser.smooth.*\" --effort thorough", "Ten times the work on some of them."),
            new("layertime verify hauser.smooth.inverse --trials 1000 --seed 7 --json", "One claim, as JSON."),
            new("layertime verify --report page", "The whole catalogue as page/index.html, too."));
        command.SetAction((parsed, _) =>
        {
            var options = new VerificationOptions
            {
                Seed = parsed.GetValue(seed),
                Trials = parsed.GetValue(trials),
                Effort = Effort(parsed.GetValue(effort)),
            };
            options = parsed.GetValue(cores) is { } number ? options with { MaxDegreeOfParallelism = number } : options;
            return RunAsync(console, claims, parsed.GetValue(pattern)!, options, parsed.GetValue(json), parsed.GetValue(folder));
        });
        return command;
    }

    private static async Task<int> RunAsync(HostConsole console, IClaimLibrary claims, string pattern, VerificationOptions options, bool json, string? folder)
    {
        OutputFile.CheckReport(folder);
        var interruption = console.Interruption();
        var report = await LiveProgress.WatchAsync<VerificationProgress, VerificationReport>(
            progress => claims.VerifyAsync(pattern, options, progress, interruption), Milestones.Of, console, lines: !json);
        if (folder is not null)
        {
            report.SaveReport(folder);
        }

        if (json)
        {
            console.Out.Write(report.ToJson());
        }
        else
        {
            ResultTable.Write(report, console.Out, console.Paint);
            Details.Write(report, console.Out, console.Paint);
            Summary.Write(report, console.Out, console.Paint);
        }

        if (report.Interrupted)
        {
            console.Error.WriteLine("Interrupted: the result is partial.");
        }

        return report.ExitCode;
    }

    private static Effort Effort(string? word) => word switch
    {
        "quick" => LayerTime.Effort.Quick,
        "thorough" => LayerTime.Effort.Thorough,
        _ => LayerTime.Effort.Default,
    };
}
