using System.CommandLine;
using System.Linq;
using System.Threading.Tasks;
using LayerTime.Host.Files;
using LayerTime.Host.Progress;
using LayerTime.Host.Rendering;

namespace LayerTime.Host.Commands;

/// <summary>The flow of a neural ODE as a leaky-ReLU network, with a certificate.</summary>
internal static class VanillaCommand
{
    /// <summary>The plan is shown for the error asked for and so many smaller ones, each a quarter of the one before.</summary>
    private const int SmallerErrors = 3;

    internal static Command Create(HostConsole console)
    {
        var file = new Argument<string>("FIELD") { Description = "A neural ODE in the format layertime/1: a sum of tanh, ReLU or leaky-ReLU terms, constant on pieces of time." };
        var horizon = OdeOptions.Time("--horizon", "T, how long the flow lasts. Default: the horizon of the neural ODE.");
        var box = Options.Box("--box", "The starting points, such as \"[-1,1]^2\": one interval for each component.");
        box.Required = true;
        var epsilon = Options.Positive("--epsilon", "E", "The largest distance between flow and network, for every starting point.");
        epsilon.Required = true;
        var splitting = Options.Word("--splitting", "How the flow is put together from those of single terms. Default: what needs the least depth.", "any", "any", "lie", "strang", "yoshida");
        var maxDepth = Options.Budget("--max-depth", "The most layers with an activation. Default: 2000000.");
        var cells = Options.Count("--cells", "Into how many cells each side of the box is cut for the certificate. Default: by the dimension.");
        var plan = new Option<bool>("--plan") { Description = "Show what each splitting would need for this and for smaller errors, and build nothing." };
        var json = Options.Json("What was found, and the network unless --out is given, as one JSON document on standard output.");
        var output = Options.Out();
        var figure = Options.File("--figure", "Draw a grid over the box, carried by flow and network (two components), or with --plan depth against error, as SVG.");
        var command = new Command(
            "vanilla",
            "Write a leaky-ReLU network, as wide as the flow has components, that follows the flow of a neural ODE over a box, with a certified bound of the error. With --out, what was found is said on standard output.")
        {
            file, horizon, box, epsilon, splitting, maxDepth, cells, plan, json, output, figure,
        };
        HelpWithExamples.Add(
            command,
            new("layertime convert vanilla ode.json --horizon 1 --box \"[-1,1]^2\" --epsilon 1e-3 --out net.json", "The network in a file; its error, its depth and why on the screen."),
            new("layertime convert vanilla ode.json --box \"[-1,1]^2\" --epsilon 1e-2 --plan --figure depth.svg", "Depth against error for each splitting, also as a picture."));
        command.SetAction((parsed, _) =>
        {
            var options = new VanillaOptions
            {
                Splitting = parsed.GetValue(splitting) switch
                {
                    "lie" => OdeSplitting.LieTrotter,
                    "strang" => OdeSplitting.Strang,
                    "yoshida" => OdeSplitting.Yoshida,
                    _ => null,
                },
                CellsPerSide = parsed.GetValue(cells),
            };
            options = parsed.GetValue(maxDepth) is { } most ? options with { MaxDepth = most } : options;
            var ode = NeuralOde.Load(parsed.GetValue(file)!);
            var wish = new Wish(ode, parsed.GetValue(box)!, parsed.GetValue(epsilon)!.Value, parsed.GetValue(horizon), options);
            return parsed.GetValue(plan)
                ? PlanAsync(console, wish, parsed.GetValue(json), parsed.GetValue(output), parsed.GetValue(figure))
                : BuildAsync(console, wish, parsed.GetValue(json), parsed.GetValue(output), parsed.GetValue(figure));
        });
        return command;
    }

    private static async Task<int> PlanAsync(HostConsole console, Wish wish, bool json, string? output, string? figure)
    {
        OutputFile.Check(output, figure);
        double[] errors = [.. Enumerable.Range(0, SmallerErrors + 1).Select(k => wish.Epsilon / double.Exp2(2 * k))];
        var rows = await Task.Run(() => wish.Ode.PlanVanilla(wish.Box, errors, wish.Horizon, wish.Options), console.Interruption());
        if (figure is not null)
        {
            OutputFile.Write(figure, VanillaPrediction.ToSvg(errors, rows), console);
        }

        OutputFile.Write(output, json ? VanillaJson.Plan(errors, rows) : VanillaText.Plan(errors, rows, output is null ? console.Paint : Paint.Plain), console);
        return (int)ExitCode.Success;
    }

    private static async Task<int> BuildAsync(HostConsole console, Wish wish, bool json, string? output, string? figure)
    {
        OutputFile.Check(output, figure);
        if (figure is not null && wish.Box.Dimension != 2)
        {
            throw HostException.BadInput($"The box has {wish.Box.Dimension} sides; a grid is drawn for two.");
        }

        var interruption = console.Interruption();
        var found = await LiveProgress.WatchAsync<VanillaProgress, CompiledNetwork>(
            progress => wish.Ode.ToVanillaAsync(wish.Box, wish.Epsilon, wish.Horizon, wish.Options, progress, interruption), Milestones.Of, console, lines: !json);
        if (output is not null)
        {
            OutputFile.Write(output, found.Network, console);
        }

        if (figure is not null)
        {
            OutputFile.Write(figure, found.ToSvg(), console);
        }

        if (json)
        {
            console.Out.Write(VanillaJson.Of(found, wish.Epsilon, output is null ? found.Network.ToJson() : null));
        }
        else
        {
            VanillaText.Write(found, output is null ? console.Error : console.Out);
            if (output is null)
            {
                console.Out.Write(found.Network.ToJson());
            }
        }

        return (int)ExitCode.Success;
    }

    /// <summary>What was asked for.</summary>
    private sealed record Wish(NeuralOde Ode, Box Box, double Epsilon, Fraction? Horizon, VanillaOptions Options);
}
