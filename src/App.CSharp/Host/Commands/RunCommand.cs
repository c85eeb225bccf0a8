using System;
using System.CommandLine;
using System.IO;
using System.Linq;
using LayerTime.Host.Files;
using LayerTime.Host.Rendering;

namespace LayerTime.Host.Commands;

/// <summary>A network on an input.</summary>
internal static class RunCommand
{
    internal static Command Create(HostConsole console)
    {
        var file = Options.NetworkFile();
        var input = new Option<string>("--input")
        {
            Description = "Numbers such as \"1,-1/2\", or a file that ends in .csv or .json. "
                + "Several states, x(0); x(−1); …, are a full history: semicolons, lines or nested arrays separate them.",
            HelpName = "NUMBERS|FILE",
        };
        var start = Options.Word("--start", "What came before a single state: itself, or zero.", "rest", "rest", "zero-padding");
        var exact = new Option<bool>("--exact") { Description = "Run on fractions; floats are taken as the fractions they are." };
        var floats = new Option<bool>("--float") { Description = "Run on floats; fractions are rounded to the nearest." };
        var json = Options.Json("The trajectory as one JSON document.");
        var output = Options.Out();
        var command = new Command("run", "Run a network, or solve a neural ODE, and print the trajectory; exact networks print fractions.") { file, input, start, exact, floats, json, output };
        var solving = new OdeRun(console, command);
        var enclosing = new EnclosureRun(console, solving);
        foreach (var option in enclosing.All)
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(exact) && result.GetValue(floats))
            {
                result.AddError("--exact and --float exclude each other.");
            }

            if (result.GetResult(input) is null == !enclosing.IsNamed(result))
            {
                result.AddError(enclosing.IsNamed(result) ? "--input and --enclose exclude each other." : "Option '--input' is required; for a neural ODE a box of inputs with --enclose will do.");
            }
        });
        HelpWithExamples.Add(
            command,
            new("layertime run net.json --input \"1,-1/2\"", "From rest at x(0) = (1, −1/2)."),
            new("layertime run net.json --input \"1,-1/2;0,1\" --exact", "From the history x(0) = (1, −1/2), x(−1) = (0, 1), without rounding."),
            new("layertime run net.json --input points.csv --json --out run.json", "Input and output in files."),
            new("layertime run ode.json --input \"1,0\" --rtol 1e-8 --error-bound", "A neural ODE at eleven times, and how far at most it is from the exact solution."),
            new("layertime run ode.json --input \"1,0\" --times \"0,1/3,1\" --figure x.svg --phase plane.svg", "At chosen times, with its components over depth-time and its path in the plane."),
            new("layertime run ode.json --input \"1,1/2\" --exact --method rk4 --steps 4", "What the method computes, in fractions."),
            new("layertime run ode.json --enclose \"[0.9,1.1]x[-0.1,0.1]\" --stays-in \"[-2,2]^2\" --figure tube.svg", "All solutions from a box, with a proof, and whether none leaves a set."),
            new("layertime run ode.json --input \"1,0\" --method störmer-verlet --steps 1000 --csv", "A symplectic method with fixed steps, every step as a line."));
        command.SetAction(async (parsed, _) =>
        {
            var document = NetworkDocument.Load(parsed.GetValue(file)!);
            if (document.NeuralOde is { } ode)
            {
                foreach (var option in new Option[] { start, floats }.Where(option => parsed.GetResult(option) is { Implicit: false }))
                {
                    throw HostException.Usage($"{option.Name} is about networks of layers; {parsed.GetValue(file)} is a neural ODE.");
                }

                if (enclosing.IsAsked(parsed))
                {
                    return parsed.GetValue(exact)
                        ? throw HostException.Usage("--exact is about networks of layers; an enclosure is proved on intervals.")
                        : await enclosing.RunAsync(ode, parsed.GetValue(json), parsed.GetValue(output), parsed);
                }

                enclosing.Refuse(parsed);
                return await solving.RunAsync(ode, parsed.GetValue(input)!, parsed.GetValue(exact), parsed.GetValue(json), parsed.GetValue(output), parsed);
            }

            solving.Refuse(parsed, parsed.GetValue(file)!, enclosing.All);
            var network = document.Network!;
            network = parsed.GetValue(exact) ? network.ToExact() : parsed.GetValue(floats) ? network.ToFloat() : network;
            var convention = parsed.GetValue(start) == "zero-padding" ? StartConvention.ZeroPadding : StartConvention.Rest;
            var run = Run(network, parsed.GetValue(input)!, convention, console);
            OutputFile.Write(parsed.GetValue(output), parsed.GetValue(json) ? TrajectoryJson.Of(run) : Table(run, parsed.GetValue(output) is null ? console.Paint : Paint.Plain), console);
            return (int)ExitCode.Success;
        });
        return command;
    }

    private static RunRecord Run(Network network, string input, StartConvention start, HostConsole console)
    {
        var states = InputText.Read(input);
        try
        {
            if (network.Numbers == NumberKind.Exact)
            {
                return RunRecord.Of(network.RunExact(InputNumbers.Fractions(states, network), start));
            }

            var trajectory = network.Run(InputNumbers.Floats(states, network), start);
            for (var layer = trajectory.FirstLayer; layer <= trajectory.Depth; layer++)
            {
                if (!Array.TrueForAll(trajectory[layer], double.IsFinite))
                {
                    console.Error.WriteLine($"x({layer}) is beyond the range of floats, and what follows from it means nothing; --exact has no such range.");
                    break;
                }
            }

            return RunRecord.Of(trajectory);
        }
        catch (ArgumentException exception)
        {
            throw HostException.BadInput(exception.Message);
        }
    }

    private static string Table(RunRecord run, Paint paint)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        TrajectoryTable.Write(run, writer, paint);
        return writer.ToString();
    }
}
