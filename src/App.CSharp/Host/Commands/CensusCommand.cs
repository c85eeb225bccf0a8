using System;
using System.CommandLine;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using LayerTime.Host.Files;
using LayerTime.Host.Progress;
using LayerTime.Host.Rendering;

namespace LayerTime.Host.Commands;

/// <summary>All critical points of a network in a box.</summary>
internal static class CensusCommand
{
    internal static Command Create(HostConsole console)
    {
        var file = Options.NetworkFile();
        var box = Options.Box("--box", "Where to look, such as \"[-3,3]^2\" or \"[-3,3]x[0,1]\": one interval for each input.");
        var tolerance = Options.Positive("--tolerance", "T", "Boxes narrower than this are not cut again. Default: 1/1024; points found are much narrower.");
        var maxBoxes = Options.Budget("--max-boxes", "The largest number of boxes to look at. Default: 200000.");
        var moveFaces = new Option<bool>("--move-faces") { Description = "Move a face outward that has a critical point on it or too near to tell." };
        var json = Options.Json("One JSON document instead of the table.");
        var output = Options.Out();
        var figure = Options.File("--figure", "Draw the graph (one input) or the level sets (two inputs) as SVG.");
        var save = Options.File("--save", "Keep what it takes to go on later, whether finished, out of budget or interrupted.");
        var resume = Options.File("--resume", "Go on from a file that --save wrote, with the same network.");
        var certificate = Options.File("--certificate", "Write a proof of a complete census that layertime check confirms step by step.");
        var cores = Options.Count("--cores", "On how many cores; the result does not depend on it. Default: all.");
        var command = new Command("census", "List all critical points of a scalar network or neural ODE in a box, each with a proof.")
        {
            file, box, tolerance, maxBoxes, moveFaces, json, output, figure, save, resume, certificate, cores,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(box) is null && result.GetResult(resume) is null)
            {
                result.AddError("Where to look is missing: --box, or --resume and a file.");
            }
        });
        HelpWithExamples.Add(
            command,
            new("layertime census net.json --box \"[-3,3]^2\"", "A table of minima, saddles and maxima."),
            new("layertime census net.json --box \"[-3,3]x[0,1]\" --figure net.svg --json --out net.census.json", "Level sets as a picture, and the result as JSON."),
            new("layertime census net.json --box \"[-3,3]^2\" --max-boxes 10000 --save net.paving", "A small budget first, kept for later."),
            new("layertime census net.json --resume net.paving --max-boxes 1000000", "The rest: the same result as with this budget from the start."));
        command.SetAction((parsed, _) => RunAsync(
            console,
            new(
                NetworkDocument.Load(parsed.GetValue(file)!),
                parsed.GetValue(box),
                parsed.GetValue(resume) is { } path ? CensusPaving.Load(path) : null,
                parsed.GetValue(tolerance),
                parsed.GetValue(maxBoxes),
                parsed.GetValue(moveFaces),
                parsed.GetValue(cores)),
            new(parsed.GetValue(json), parsed.GetValue(output), parsed.GetValue(figure), parsed.GetValue(save), parsed.GetValue(certificate))));
        return command;
    }

    private static async Task<int> RunAsync(HostConsole console, Wish wish, Results results)
    {
        wish.Check(results);
        var interruption = console.Interruption();
        var result = await LiveProgress.WatchAsync<CensusProgress, CensusResult>(
            progress => (wish.Document, wish.Paving) switch
            {
                ({ NeuralOde: { } ode }, { } paving) => ode.CriticalPointsAsync(paving, wish.Options, progress, interruption),
                ({ NeuralOde: { } ode }, null) => ode.CriticalPointsAsync(wish.Box!, wish.Options, progress, interruption),
                ({ Network: var network }, { } paving) => network!.CriticalPointsAsync(paving, wish.Options, progress, interruption),
                ({ Network: var network }, null) => network!.CriticalPointsAsync(wish.Box!, wish.Options, progress, interruption),
            },
            Milestones.Of,
            console,
            lines: !results.Json);

        // What can be taken up again first: it is what took the time.
        if (results.Save is { } save)
        {
            OutputFile.Write(save, result.Paving.ToJson(), console);
        }

        if (results.Figure is { } figure)
        {
            OutputFile.Write(figure, result.ToSvg(), console);
        }

        var certified = results.Certificate is null || TryCertify(result, results.Certificate, console, interruption);
        OutputFile.Write(results.Out, results.Json ? result.ToJson() : Table(result, results.Out is null ? console.Paint : Paint.Plain), console);
        if (result.Interrupted)
        {
            console.Error.WriteLine("Interrupted: the result is partial.");
        }

        return (int)(result.Interrupted || (!certified && interruption.IsCancellationRequested) ? ExitCode.Interrupted : result.IsComplete && certified ? ExitCode.Success : ExitCode.Undecided);
    }

    /// <summary>Writes the certificate; says why there is none and writes nothing where the proof fails.</summary>
    private static bool TryCertify(CensusResult result, string path, HostConsole console, CancellationToken interruption)
    {
        try
        {
            OutputFile.Write(path, CensusCertificate.Create(result, cancellationToken: interruption).ToJson(), console);
            return true;
        }
        catch (OperationCanceledException)
        {
            console.Error.WriteLine("Interrupted: no certificate.");
            return false;
        }
        catch (CensusCertificateException failure)
        {
            console.Error.WriteLine(failure.Message);
            return false;
        }
    }

    private static string Table(CensusResult result, Paint paint)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        CensusTable.Write(result, writer, paint);
        return writer.ToString();
    }

    /// <summary>Where what comes out goes.</summary>
    private sealed record Results(bool Json, string? Out, string? Figure, string? Save, string? Certificate);

    /// <summary>What was asked for.</summary>
    private sealed record Wish(NetworkDocument Document, Box? Box, CensusPaving? Paving, double? Tolerance, long? MaxBoxes, bool MoveFaces, int? Cores)
    {
        internal CensusOptions Options
        {
            get
            {
                var usual = new CensusOptions();
                return usual with
                {
                    Tolerance = Tolerance ?? Paving?.Tolerance ?? usual.Tolerance,
                    MaxBoxes = MaxBoxes ?? usual.MaxBoxes,
                    MoveFaces = MoveFaces || Paving is { MoveFaces: true },
                    MaxDegreeOfParallelism = Cores ?? usual.MaxDegreeOfParallelism,
                };
            }
        }

        // What can be told before the work is told before the work.
        internal void Check(Results results)
        {
            OutputFile.Check(results.Out, results.Figure, results.Save, results.Certificate);
            var inputs = Document switch
            {
                { NeuralOde: { } ode } => ode.InputWidth,
                { Network: { Lift: null } network } => network.StateDimension,
                { Network: var network } => network!.InputWidth,
            };
            var asked = (Box ?? Paving?.Box)!;
            if (asked.Dimension != inputs)
            {
                throw HostException.BadInput($"The box has dimension {asked.Dimension}; {inputs} is expected, the number of inputs of the network.");
            }

            if (Box is not null && Paving is not null && !Box.Equals(Paving.Box))
            {
                throw HostException.BadInput($"The saved census is of the box {Paving.Box}, not of {Box}; leave out --box to go on with it.");
            }

            if (results.Figure is not null && inputs > 2)
            {
                throw HostException.BadInput($"The network has {inputs} inputs; a figure is drawn for one or two.");
            }
        }
    }
}
