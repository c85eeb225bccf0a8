using System.CommandLine;
using System.Linq;
using System.Threading;
using LayerTime.Host.Files;
using LayerTime.Host.Rendering;

namespace LayerTime.Host.Commands;

/// <summary>A neural ODE as layers.</summary>
internal static class OdeToFfnCommand
{
    internal static Command Create(HostConsole console)
    {
        var file = new Argument<string>("ODE") { Description = "A neural ODE in the format layertime/1." };
        var input = ConversionInput("The input from which the bound holds: numbers such as \"1,-1/2\", or a file that ends in .csv or .json.");
        var layers = Options.Count("--layers", "So many layers.");
        var tolerance = Options.Positive("--tolerance", "E", "As few layers as the bound allows for a distance of at most E.");
        var output = Options.Out();
        var command = new Command(
            "ode-to-ffn",
            "Write the feed-forward network of a neural ODE x' = w(t)x + b(t) + c·σ(x): W = I + dt·w, B = dt·b, η(u) = u + dt·c·σ(u). The bound known beforehand and the distance measured are said on standard output, or on standard error if the network is written there.")
        {
            file, input, layers, tolerance, output,
        };
        HelpWithExamples.Add(
            command,
            new("layertime convert ode-to-ffn ode.json --input \"1,0\" --layers 100 --out net.json", "A hundred layers, and how far they are from the solution."),
            new("layertime convert ode-to-ffn ode.json --input \"1,0\" --tolerance 1e-2 --out net.json", "As few as it takes for two digits."));
        command.SetAction(parsed =>
        {
            var (count, within) = (parsed.GetValue(layers), parsed.GetValue(tolerance));
            if (count is null == within is null)
            {
                throw HostException.Usage("One of --layers and --tolerance is expected: how many layers, or how near.");
            }

            var ode = NeuralOde.Load(parsed.GetValue(file)!);
            var start = InputNumbers.Floats(InputText.Read(parsed.GetValue(input)!), ode, from: default);
            OutputFile.Check(parsed.GetValue(output));
            var found = count is { } given ? ode.ToLayers(start, given) : ode.ToLayersWithin(start, within!.Value);
            OutputFile.Write(parsed.GetValue(output), found.Network, console);
            ConversionText.Write(found, parsed.GetValue(output) is null ? console.Error : console.Out);
            return (int)ExitCode.Success;
        });
        return command;
    }

    internal static Option<string> ConversionInput(string description) => new("--input") { Description = description, HelpName = "NUMBERS|FILE", Required = true };
}
