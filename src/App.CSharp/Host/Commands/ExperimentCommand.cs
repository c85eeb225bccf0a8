using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using LayerTime.Host.Files;
using LayerTime.Host.Progress;
using LayerTime.Host.Rendering;

namespace LayerTime.Host.Commands;

/// <summary>The training experiments of the papers.</summary>
internal static class ExperimentCommand
{
    internal static Command Create(HostConsole console)
    {
        var name = new Argument<string?>("NAME") { Description = $"{string.Join(", ", Experiment.Names)}; without a name, what each of them shows.", Arity = ArgumentArity.ZeroOrOne };
        name.Validators.Add(result =>
        {
            if (result.Tokens.SingleOrDefault()?.Value is { } word && !Experiment.Names.Contains(word))
            {
                result.AddError($"There is no experiment {word}; there are {string.Join(", ", Experiment.Names)}.");
            }
        });
        var seeds = Options.Count("--seeds", "How often each training is repeated. Default: 5.", 1000);
        var seed = Options.Seed("The first of the seeds, 0 … 2⁶⁴−1. The same seeds give the same result on any machine.", new ExperimentOptions().FirstSeed);
        var cores = Options.Count("--cores", "On how many cores; the result does not depend on it. Default: all.");
        var json = Options.Json("Table and checks as one JSON document.");
        var output = Options.Out();
        var figure = Options.File("--figure", "Draw the picture of the experiment as SVG. Default: NAME.svg, \"none\" for no picture; with --json only if asked for.");
        var command = new Command("experiment", "Train the networks of a paper's experiment, and check what theory says about them.") { name, seeds, seed, cores, json, output, figure };
        HelpWithExamples.Add(
            command,
            new("layertime experiment", "What the experiments show."),
            new("layertime experiment nested-intervals", "One node of order one fails where one of order two does not: a table, checks, nested-intervals.svg."),
            new("layertime experiment state-dimension --seeds 10 --json --out dimension.json", "More repetitions, as JSON."));
        command.SetAction((parsed, _) =>
        {
            if (parsed.GetValue(name) is not { } experiment)
            {
                OutputFile.Write(parsed.GetValue(output), Titles(), console);
                return Task.FromResult((int)ExitCode.Success);
            }

            var usual = new ExperimentOptions();
            var options = usual with
            {
                Seeds = parsed.GetValue(seeds),
                FirstSeed = parsed.GetValue(seed),
                MaxDegreeOfParallelism = parsed.GetValue(cores) ?? usual.MaxDegreeOfParallelism,
            };
            var drawn = parsed.GetValue(figure) ?? (parsed.GetValue(json) ? "none" : $"{experiment}.svg");
            return RunAsync(console, experiment, options, parsed.GetValue(json), parsed.GetValue(output), drawn == "none" ? null : drawn);
        });
        return command;
    }

    private static async Task<int> RunAsync(HostConsole console, string name, ExperimentOptions options, bool json, string? output, string? figure)
    {
        OutputFile.Check(output, figure);
        var started = DateTime.UtcNow;
        var interruption = console.Interruption();
        var result = await LiveProgress.WatchAsync<ExperimentProgress, ExperimentResult>(
            progress => Experiment.RunAsync(name, options, progress, interruption), progress => Milestones.Of(progress, DateTime.UtcNow - started), console, lines: !json);
        if (figure is not null)
        {
            OutputFile.Write(figure, result.ToSvg(), console);
        }

        OutputFile.Write(output, json ? result.ToJson() : Text(result, figure), console);
        return (int)(result.AllHold ? ExitCode.Success : result.Findings.Any(finding => finding is { Theorem: not null, Holds: false }) ? ExitCode.Refuted : ExitCode.Undecided);
    }

    private static string Titles()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        foreach (var name in Experiment.Names)
        {
            Page.WriteField(writer, name, Experiment.Title(name), labelWidth: 20);
        }

        return writer.ToString();
    }

    private static string Text(ExperimentResult result, string? figure)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        foreach (var line in Page.Wrap(result.Title, Page.Width))
        {
            writer.WriteLine(line);
        }

        writer.WriteLine();
        var table = new TextTable(2, [new("network"), new("layer parameters", ToTheRight: true), .. result.Rows[0].Measures.SelectMany(Columns)]);
        foreach (var row in result.Rows)
        {
            table.Add([new(row.Network), new(Shown.Count(row.LayerParameters)), .. row.Measures.SelectMany(Cells)]);
        }

        table.Write(writer, Paint.Plain);
        writer.WriteLine();
        foreach (var finding in result.Findings)
        {
            Page.WriteField(writer, finding.Holds ? "holds" : "fails", $"{finding.Statement} ({Kind(finding.Theorem)}: {finding.Found})");
        }

        if (figure is not null)
        {
            Page.WriteField(writer, "figure", figure);
        }

        return writer.ToString();
    }

    private static string Kind(Evidence? theorem) => theorem is { } evidence ? $"theorem, {evidence.ToString().ToLowerInvariant()}" : "measured";

    private static IEnumerable<Column> Columns(ExperimentMeasure measure)
    {
        string[] names = measure.Summary == MeasureSummary.Spread ? [measure.Name, "least", "most"] : [measure.Name];
        return names.Select(name => new Column(name, ToTheRight: true));
    }

    private static IEnumerable<Cell> Cells(ExperimentMeasure measure)
    {
        double[] numbers = measure.Summary switch
        {
            MeasureSummary.Least => [measure.Values.Min()],
            MeasureSummary.Greatest => [measure.Values.Max()],
            _ => [measure.Values.Average(), measure.Values.Min(), measure.Values.Max()],
        };
        return numbers.Select(number => new Cell(number.ToString(number != 0 && Math.Abs(number) < 1e-3 ? "0.0e-0" : "F3", CultureInfo.InvariantCulture)));
    }
}
