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

/// <summary>Everything that is known of one network, on one page.</summary>
internal static class ExamineCommand
{
    internal static Command Create(HostConsole console)
    {
        var file = Options.NetworkFile();
        var data = Options.File("--data", "Inputs of the network, one a line, numbers with commas between them; a first line of names is passed over.");
        var box = Options.Box("--box", "Where to look for critical points, such as \"[-3,3]^2\". Default: the box of the data, or [-1,1] in every input.");
        var output = Output("--output", "The output to look at as a scalar function, from 0 on.");
        var difference = new Option<string?>("--difference") { Description = "Two outputs such as 3,5: the difference of the first and the second is looked at.", HelpName = "I,J" };
        var maxBoxes = Options.Budget("--max-boxes", "The largest number of boxes that a census looks at. Default: 20000, fewer for larger networks.");
        var json = Options.Json("One JSON document instead of the page.");
        var target = Options.Out();
        var report = Options.Report("A folder for a page with pictures; it opens from disk.");
        var cores = Options.Count("--cores", "On how many cores; the result does not depend on it. Default: all.");
        var command = new Command("examine", "Tell on one page what a network is and what can be proved of it.")
        {
            file, data, box, output, difference, maxBoxes, json, target, report, cores,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(output) is not null && result.GetResult(difference) is not null)
            {
                result.AddError("--output and --difference exclude each other.");
            }
        });
        HelpWithExamples.Add(
            command,
            new("layertime examine net.onnx", "The page of a network from PyTorch."),
            new("layertime examine net.onnx --data points.csv --difference 3,5", "At given inputs, the difference of two logits."),
            new("layertime examine net.json --box \"[-3,3]^2\" --json", "Everything with all digits, as JSON."),
            new("layertime examine net.onnx --report page", "The page with pictures as page/index.html."));
        command.SetAction((parsed, _) => RunAsync(
            console,
            parsed.GetValue(file)!,
            parsed.GetValue(data),
            Chosen(parsed.GetValue(output), parsed.GetValue(difference)),
            new(parsed.GetValue(box), parsed.GetValue(maxBoxes), parsed.GetValue(cores)),
            new(parsed.GetValue(json), parsed.GetValue(target), parsed.GetValue(report))));
        return command;
    }

    private static async Task<int> RunAsync(
        HostConsole console, string path, string? data, (int? Output, int? Subtracted) choice, Limits limits, Results results)
    {
        OutputFile.Check(results.Out);
        OutputFile.CheckReport(results.Report);
        var network = Network.Load(path);
        var usual = new ExaminationOptions();
        var options = usual with
        {
            Points = data is null ? [] : DataFile.Read(data),
            Box = limits.Box,
            Output = choice.Output,
            Subtracted = choice.Subtracted,
            MaxBoxes = limits.MaxBoxes,
            MaxDegreeOfParallelism = limits.Cores ?? usual.MaxDegreeOfParallelism,
        };
        Fits(network, options, data);
        var interruption = console.Interruption();
        var result = await LiveProgress.WatchAsync<ExaminationProgress, Examination>(
            progress => Examination.RunAsync(network, options, progress, interruption), Milestones.Of, console, lines: !results.Json);
        if (results.Report is { } folder)
        {
            result.SaveReport(folder, Path.GetFileName(path));
        }

        OutputFile.Write(results.Out, results.Json ? result.ToJson() : Text(result, Path.GetFileName(path), results.Out is null ? console.Paint : Paint.Plain), console);
        if (result.Interrupted)
        {
            console.Error.WriteLine("Interrupted: the result is partial.");
        }

        return (int)(result.Interrupted ? ExitCode.Interrupted : ExitCode.Success);
    }

    // What can be told before the work is told before the work.
    private static void Fits(Network network, ExaminationOptions options, string? data)
    {
        var inputs = network.Lift is null ? network.StateDimension : network.InputWidth;
        var wrong = options.Points.Select((point, i) => (point.Count, i)).FirstOrDefault(row => row.Count != inputs && (network.Lift is not null || row.Count != network.Width));
        if (wrong.Count > 0)
        {
            throw HostException.BadInput($"{data}: row {wrong.i + 1} has {Page.Plural(wrong.Count, "number")}; {inputs} are expected, the inputs of the network.");
        }

        if (options.Box is { } box && box.Dimension != inputs)
        {
            throw HostException.BadInput($"The box has dimension {box.Dimension}; {inputs} is expected, the number of inputs of the network.");
        }

        foreach (var output in new[] { options.Output, options.Subtracted }.OfType<int>().Where(output => output >= network.OutputWidth))
        {
            throw HostException.BadInput($"There is no output {output}; 0 … {network.OutputWidth - 1} are expected.");
        }
    }

    private static (int?, int?) Chosen(int? output, string? difference)
    {
        if (difference is null)
        {
            return (output, null);
        }

        int[] outputs = [.. difference.Split(',').Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)];
        return outputs is [>= 0 and var first, >= 0 and var second] && first != second
            ? (first, second)
            : throw HostException.Usage($"--difference: found '{difference}', expected two different outputs such as 3,5.");
    }

    private static Option<int?> Output(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "I",
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }

            result.AddError($"{name}: found '{text}', expected an integer from 0 on.");
            return null;
        },
    };

    private static string Text(Examination examination, string name, Paint paint)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        ExaminationText.Write(examination, name, writer, paint);
        return writer.ToString();
    }

    /// <summary>Where what comes out goes.</summary>
    private sealed record Results(bool Json, string? Out, string? Report);

    private sealed record Limits(Box? Box, long? MaxBoxes, int? Cores);
}
