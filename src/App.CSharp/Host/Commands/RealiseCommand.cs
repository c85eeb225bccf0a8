using System;
using System.CommandLine;
using LayerTime.Host.Files;

namespace LayerTime.Host.Commands;

/// <summary>The equivalent network of first order.</summary>
internal static class RealiseCommand
{
    internal static Command Create(HostConsole console)
    {
        var file = Options.NetworkFile();
        var form = Options.Word(
            "--form",
            "The state: delay (x(l), x(l−1), …), difference (x, ∇x, ∇²x, …), scaled (∇ⁿx/hⁿ), observer (what later layers wait for), residual (differences, as q + F(q)).",
            null,
            "delay",
            "difference",
            "scaled",
            "observer",
            "residual");
        var output = Options.Out();
        var command = new Command("realise", "Write the network of first order that has the same output, and the same state at every layer.") { file, form, output };
        HelpWithExamples.Add(
            command,
            new("layertime convert realise net.json --form delay --out first-order.json", "The last states, newest first."),
            new("layertime convert realise net.json --form residual", "A residual network on standard output."));
        command.SetAction(parsed =>
        {
            var network = Network.Load(parsed.GetValue(file)!).Realise(Form(parsed.GetValue(form)!));
            OutputFile.Write(parsed.GetValue(output), network, console);
            return (int)ExitCode.Success;
        });
        return command;
    }

    private static RealisationForm Form(string word) => word switch
    {
        "delay" => RealisationForm.Delay,
        "difference" => RealisationForm.Difference,
        "scaled" => RealisationForm.ScaledDifference,
        "observer" => RealisationForm.Observer,
        "residual" => RealisationForm.Residual,
        _ => throw new ArgumentOutOfRangeException(nameof(word), word, "A form is expected."),
    };
}
