using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using LayerTime.Host.Files;
using LayerTime.Host.Progress;
using LayerTime.Host.Rendering;

namespace LayerTime.Host.Commands;

/// <summary>Networks of growing depth and their limit; or what the weights of a trained network say about it.</summary>
internal static class LimitCommand
{
    private const string Prefix = "builtin:";

    internal static Command Create(HostConsole console)
    {
        var wish = new LimitOptions();
        var command = new Command("limit", "Train residual networks of growing depth on data and say how far they are from their limit; or diagnose the weights of trained ones.");
        wish.AddTo(command);
        HelpWithExamples.Add(
            command,
            new("layertime limit --data moons", "Depths 4 to 256, a table, one sentence, and limit-weights.svg and limit-regions.svg."),
            new("layertime limit --data flowers.csv --label species --width 6 --depths 8..1024", "A table of your own, wider networks, deeper ones."),
            new("layertime limit --data spirals --alpha 0.0001 --depths 16..512 --json --out spirals.json", "Everything as JSON."),
            new("layertime limit --data moons --depths 4..4096 --save moons.limit", "Interrupted, it can go on with --resume moons.limit and the same options."),
            new("layertime limit --network resnet.onnx", "Whether a trained network has a limit in depth, from its weights."));
        command.SetAction((parsed, _) => RunAsync(console, wish.Read(parsed)));
        return command;
    }

    private static async Task<int> RunAsync(HostConsole console, LimitWish wish)
    {
        OutputFile.Check([wish.Out, wish.Save, .. wish.Figures]);
        return wish.Networks.Count > 0 ? Diagnose(console, wish) : await StudyAsync(console, wish);
    }

    private static async Task<int> StudyAsync(HostConsole console, LimitWish wish)
    {
        var data = Data(wish);
        var checkpoint = wish.Resume is { } path ? DeepLimitCheckpoint.Load(path) : null;
        var interruption = console.Interruption();
        var result = await LiveProgress.WatchAsync<DeepLimitProgress, DeepLimitResult>(
            progress => checkpoint is null
                ? DeepLimit.StudyAsync(data, wish.Options, progress, interruption)
                : DeepLimit.ResumeAsync(checkpoint, data, wish.Options, progress, interruption),
            Milestones.Of,
            console,
            lines: !wish.Json);

        // What can be taken up again first: it is what took the time.
        if (wish.Save is { } save && result.Checkpoint is { } reached)
        {
            OutputFile.Write(save, reached.ToJson(), console);
        }

        var figures = result.Levels.Count > 0 ? Draw(result, wish, console) : [];
        OutputFile.Write(wish.Out, wish.Json ? result.ToJson() : LimitText.Of(result, figures), console);
        if (result.Interrupted)
        {
            console.Error.WriteLine(wish.Save is { } saved && result.Checkpoint is not null ? $"Interrupted: the result is partial; go on with --resume {saved}." : "Interrupted: the result is partial.");
        }

        return (int)(result.Interrupted ? ExitCode.Interrupted : result.IsComplete ? ExitCode.Success : ExitCode.Undecided);
    }

    private static int Diagnose(HostConsole console, LimitWish wish)
    {
        List<Network> networks = [.. wish.Networks.Select(Network.Load)];
        var text = networks.Count == 1
            ? DiagnosisText.Of(DeepLimit.Diagnose(networks[0]), wish.Json)
            : DiagnosisText.Of(DeepLimit.Diagnose(networks), wish.Json);
        OutputFile.Write(wish.Out, text, console);
        return (int)ExitCode.Success;
    }

    private static LabelledData Data(LimitWish wish)
    {
        var name = wish.Data!.StartsWith(Prefix, StringComparison.Ordinal) ? wish.Data[Prefix.Length..] : wish.Data;
        if (LabelledData.BuiltIn.Contains(name))
        {
            return LabelledData.Generate(name, wish.Points ?? 32);
        }

        if (name != wish.Data || (!File.Exists(name) && !Path.HasExtension(name)))
        {
            throw HostException.BadInput($"There is no data set {name}: {string.Join(", ", LabelledData.BuiltIn)} are built in, anything else is a file such as data.csv.");
        }

        var data = LabelledData.Load(name, wish.Label);
        return wish.Raw ? data : data.Standardised();
    }

    private static List<string> Draw(DeepLimitResult result, LimitWish wish, HostConsole console)
    {
        var drawn = new List<string>();
        if (wish.Figures is [var weights, var regions])
        {
            OutputFile.Write(weights, result.WeightsToSvg(), console);
            drawn.Add(weights);
            if (result.Data.Features.Count == 2)
            {
                OutputFile.Write(regions, result.RegionsToSvg(), console);
                drawn.Add(regions);
            }
        }

        return drawn;
    }
}
