using System.CommandLine;
using LayerTime.Host.Files;

namespace LayerTime.Host.Commands;

/// <summary>The same network in another file format.</summary>
internal static class FormatCommand
{
    internal static Command Create(HostConsole console)
    {
        var file = Options.NetworkFile();
        var output = Options.Out();
        var command = new Command(
            "format",
            "Write the network as it is, in the format that the extension of the file tells: .onnx, .safetensors, .nnet, or JSON. Only JSON holds fractions; the others round them to floats.")
        {
            file,
            output,
        };
        HelpWithExamples.Add(
            command,
            new("layertime convert format net.onnx --out net.json", "What LayerTime understands of the model, as text."),
            new("layertime convert format net.json --out net.onnx", "For ONNX Runtime, PyTorch and others."));
        command.SetAction(parsed =>
        {
            OutputFile.Write(parsed.GetValue(output), Network.Load(parsed.GetValue(file)!), console);
            return (int)ExitCode.Success;
        });
        return command;
    }
}
