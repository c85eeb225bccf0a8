using System.CommandLine;
using LayerTime.Host.Files;

namespace LayerTime.Host.Commands;

/// <summary>The inverse of a leaky-ReLU network.</summary>
internal static class InvertCommand
{
    internal static Command Create(HostConsole console)
    {
        var file = Options.NetworkFile();
        var output = Options.Out();
        var command = new Command(
            "invert",
            "Write the inverse of a feed-forward network of leaky-ReLU layers of one width: the inverse matrices in reverse order, the slopes 1/α. Exact for fractions.")
        {
            file, output,
        };
        HelpWithExamples.Add(
            command,
            new("layertime convert invert net.json --out inverse.json", "The network that takes every output back to its input."),
            new("layertime convert invert net.json", "The same on standard output."));
        command.SetAction(parsed =>
        {
            var inverse = Network.Load(parsed.GetValue(file)!).Inverse();
            OutputFile.Write(parsed.GetValue(output), inverse, console);
            return (int)ExitCode.Success;
        });
        return command;
    }
}
