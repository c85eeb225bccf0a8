using System.CommandLine;
using LayerTime.Host.Files;
using LayerTime.Host.Rendering;

namespace LayerTime.Host.Commands;

/// <summary>The same function with full-rank matrices, and what class of network it is.</summary>
internal static class NormalFormCommand
{
    internal static Command Create(HostConsole console)
    {
        var file = Options.NetworkFile();
        var output = Options.Out();
        var json = Options.Json("The class, the ranks, what was removed and the network, as one JSON document on standard output.");
        var command = new Command(
            "normal-form",
            "Write a feed-forward network with full-rank matrices and without superfluous neurons: the same function, found without rounding. With --out, what was found is said on standard output.")
        {
            file,
            output,
            json,
        };
        HelpWithExamples.Add(
            command,
            new("layertime convert normal-form net.json --out reduced.json", "The network in a file; its class and what was removed on the screen."),
            new("layertime convert normal-form net.json --json", "Class, ranks, removed neurons and network as JSON."));
        command.SetAction(parsed =>
        {
            var network = Network.Load(parsed.GetValue(file)!);
            var form = network.NormalForm();

            // Only a function of one output has critical points, and so a class.
            var found = network.OutputWidth == 1 ? network.Classify() : null;
            var target = parsed.GetValue(output);
            var document = form.ToJson();
            if (target is not null)
            {
                OutputFile.WriteNetwork(target, document, console);
            }

            if (parsed.GetValue(json))
            {
                console.Out.Write(NormalFormJson.Of(form, found, document));
            }
            else if (target is not null)
            {
                NormalFormText.Write(form, found, console.Out);
            }
            else
            {
                console.Out.Write(document);
            }

            return (int)ExitCode.Success;
        });
        return command;
    }
}
