using System.CommandLine;
using LayerTime.Host.Files;
using LayerTime.Host.Rendering;

namespace LayerTime.Host.Commands;

/// <summary>A function as an augmented neural ODE.</summary>
internal static class EmbedCommand
{
    internal static Command Create(HostConsole console)
    {
        var file = Options.NetworkFile();
        var horizon = OdeOptions.Time("--horizon", "The depth-time of the neural ODE. Default: 1.");
        var output = Options.Out();
        var command = new Command(
            "embed",
            "Write the neural ODE of one more dimension than inputs whose output is a feed-forward network of one output, exactly. What it is, is said on standard output, or on standard error if the neural ODE is written there.")
        {
            file, horizon, output,
        };
        HelpWithExamples.Add(
            command,
            new("layertime convert embed net.json --out ode.json", "h′ = (0, …, 0, Ψ(h₁, …, h_n)) from (x, 0), the last component read out after depth-time 1."),
            new("layertime convert embed net.json --horizon 1/2", "On standard output, with another depth-time."));
        command.SetAction(parsed =>
        {
            var network = Network.Load(parsed.GetValue(file)!);
            OutputFile.Check(parsed.GetValue(output));
            var time = parsed.GetValue(horizon) ?? Fraction.One;
            if (time.Sign <= 0)
            {
                throw HostException.Usage($"--horizon: found {time}, expected a positive time.");
            }

            var ode = network.Embed(time);
            OutputFile.Write(parsed.GetValue(output), ode, console);
            ConversionText.WriteEmbedding(ode, parsed.GetValue(output) is null ? console.Error : console.Out);
            return (int)ExitCode.Success;
        });
        return command;
    }
}
