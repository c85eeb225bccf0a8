using System;
using System.CommandLine;
using System.Linq;
using LayerTime.Host.Files;
using LayerTime.Host.Rendering;

namespace LayerTime.Host.Commands;

/// <summary>Layers as a neural ODE.</summary>
internal static class FfnToOdeCommand
{
    internal static Command Create(HostConsole console)
    {
        var file = Options.NetworkFile();
        var input = OdeToFfnCommand.ConversionInput("The input from which the bound holds: numbers such as \"1,-1/2\", or a file that ends in .csv or .json.");
        var horizon = OdeOptions.Time("--horizon", "The depth-time of all layers together. Default: 1.");
        var output = Options.Out();
        var command = new Command(
            "ffn-to-ode",
            "Write the neural ODE that a feed-forward network near the identity follows, its weights linear in time between the layers. The bound known beforehand and the distance measured are said on standard output, or on standard error if the neural ODE is written there.")
        {
            file, input, horizon, output,
        };
        HelpWithExamples.Add(
            command,
            new("layertime convert ffn-to-ode net.json --input \"1,0\" --out ode.json", "With depth-time 1 for all layers together."),
            new("layertime convert ffn-to-ode net.json --input \"1,0\" --horizon 5/2", "On standard output, with another depth-time."));
        command.SetAction(parsed =>
        {
            var network = Network.Load(parsed.GetValue(file)!).ToFloat();
            var start = InputNumbers.Floats(InputText.Read(parsed.GetValue(input)!), network);
            OutputFile.Check(parsed.GetValue(output));
            var time = parsed.GetValue(horizon) ?? Fraction.One;
            if (time.Sign <= 0)
            {
                throw HostException.Usage($"--horizon: found {time}, expected a positive time.");
            }

            NeuralOdeOfLayers found;
            try
            {
                found = network.ToNeuralOde(time, start);
            }
            catch (ArgumentException exception)
            {
                throw HostException.BadInput(exception.Message);
            }

            OutputFile.Write(parsed.GetValue(output), found.Ode, console);
            ConversionText.Write(found, parsed.GetValue(output) is null ? console.Error : console.Out);
            return (int)ExitCode.Success;
        });
        return command;
    }
}
