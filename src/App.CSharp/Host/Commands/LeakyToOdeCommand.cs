using System.CommandLine;
using LayerTime.Host.Files;

namespace LayerTime.Host.Commands;

/// <summary>A leaky-ReLU network as the flow that it is.</summary>
internal static class LeakyToOdeCommand
{
    internal static Command Create(HostConsole console)
    {
        var file = Options.NetworkFile();
        var output = Options.Out();
        var command = new Command(
            "leaky-to-ode",
            "Write the neural ODE whose flow a feed-forward network of leaky-ReLU layers of one width is. A network that reverses the orientation is none.")
        {
            file, output,
        };
        HelpWithExamples.Add(
            command,
            new("layertime convert leaky-to-ode net.json --out ode.json", "One piece of time for each shear, scaling, translation and activation."),
            new("layertime convert leaky-to-ode net.json", "The same on standard output."));
        command.SetAction(parsed =>
        {
            OutputFile.Check(parsed.GetValue(output));
            OutputFile.Write(parsed.GetValue(output), Network.Load(parsed.GetValue(file)!).ToFlow(), console);
            return (int)ExitCode.Success;
        });
        return command;
    }
}
