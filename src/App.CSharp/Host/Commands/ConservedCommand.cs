using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using LayerTime.Host.Files;
using LayerTime.Host.Rendering;

namespace LayerTime.Host.Commands;

/// <summary>H, the pairing and a Noether charge along a solution.</summary>
internal static class ConservedCommand
{
    internal static Command Create(HostConsole console)
    {
        var file = new Argument<string>("ODE") { Description = "A neural ODE in the format layertime/1." };
        var input = OdeToFfnCommand.ConversionInput("Numbers such as \"1,-1/2\", or a file that ends in .csv or .json.");
        var target = Numbers("--target", "C", "The loss ½|output − C|², whose momentum is followed. Default: 0, half the square of the output.");
        var tangent = Numbers("--tangent", "V", "δx(0) of the pairing a·δx. Default: 1,…,1.");
        var generator = Numbers("--generator", "M", "The charge a·v(x) of v(x) = Mx + c: the rows of M, such as \"0,1;-1,0\".");
        var shift = Numbers("--shift", "c", "c of the generator. Default: 0.");
        var steps = Options.Count("--steps", "At how many equal steps the quantities are told, at least 3. Default: 100.");
        var json = Options.Json("Everything at every step as one JSON document.");
        var csv = new Option<bool>("--csv") { Description = "Everything at every step as lines t,x1,…,a1,…,H,pairing,charge." };
        var output = Options.Out();
        var command = new Command("conserved", "Follow H = a·f, the pairing a·δx and a Noether charge along a solution, and tell which are conserved.")
        {
            file, input, target, tangent, generator, shift, steps, json, csv, output,
        };
        HelpWithExamples.Add(
            command,
            new("layertime conserved ode.json --input \"1,0\" --generator \"0,1;-1,0\"", "Whether the rotation of the plane is a symmetry of the field."),
            new("layertime conserved ode.json --input \"1,0\" --target \"0,1\" --csv --out laws.csv", "All numbers of a loss with a target in a file."));
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(json) && parsed.GetValue(csv))
            {
                throw HostException.Usage("--json and --csv exclude each other.");
            }

            var ode = NeuralOde.Load(parsed.GetValue(file)!);
            var start = InputNumbers.Floats(InputText.Read(parsed.GetValue(input)!), ode, from: default);
            var aim = parsed.GetValue(target) is { } text ? Vector("--target", text, ode.OutputWidth) : new double[ode.OutputWidth];
            var laws = ode.Conserved(start, state => [.. state.Zip(aim, (x, c) => x - c)], new()
            {
                Tangent = parsed.GetValue(tangent) is { } v ? Vector("--tangent", v, ode.Dimension) : null,
                Generator = parsed.GetValue(generator) is { } rows ? Matrix(rows, ode.Dimension) : null,
                Shift = parsed.GetValue(shift) is { } c ? Vector("--shift", c, ode.Dimension) : null,
                Steps = parsed.GetValue(steps) ?? new ConservedOptions().Steps,
            });
            OutputFile.Write(parsed.GetValue(output), parsed.GetValue(json) ? ConservedText.Json(laws) : parsed.GetValue(csv) ? ConservedText.Csv(laws) : Table(laws), console);
            return (int)ExitCode.Success;
        });
        return command;
    }

    private static Option<string?> Numbers(string name, string helpName, string description) => new(name) { Description = description, HelpName = helpName };

    private static double[] Vector(string name, string text, int width)
    {
        var numbers = text.Split(',').Select(number => Number(name, number)).ToArray();
        return numbers.Length == width ? numbers : throw HostException.BadInput($"{name}: found {Page.Plural(numbers.Length, "number")}, expected {width}.");
    }

    private static double[,] Matrix(string text, int width)
    {
        List<double[]> rows = [.. text.Split(';').Select(row => Vector("--generator, a row", row, width))];
        if (rows.Count != width)
        {
            throw HostException.BadInput($"--generator: found {Page.Plural(rows.Count, "row")}, expected {width}.");
        }

        var matrix = new double[width, width];
        for (var e = 0; e < width * width; e++)
        {
            matrix[e / width, e % width] = rows[e / width][e % width];
        }

        return matrix;
    }

    private static double Number(string name, string text) =>
        Fraction.TryParse(text.Trim(), out var number) && double.IsFinite(number.ToDouble())
            ? number.ToDouble()
            : throw HostException.Usage($"{name}: found '{text.Trim()}', expected a number such as 0.5 or -1/2.");

    private static string Table(ConservedQuantities laws)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        ConservedText.Write(laws, writer);
        return writer.ToString();
    }
}
