using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using LayerTime.Host.Files;
using LayerTime.Host.Progress;
using LayerTime.Host.Rendering;

namespace LayerTime.Host.Commands;

/// <summary>All solutions of a neural ODE from a box of inputs, with a proof: the part of the command run that is about them.</summary>
internal sealed class EnclosureRun(HostConsole console, OdeRun solving)
{
    private readonly Option<Box?> enclose = Options.Box("--enclose", "Enclose the solutions from all inputs of a box, with a proof, such as \"[0.9,1.1]x[0,1/10]\".");
    private readonly Option<int?> derivatives = Derivative();
    private readonly Option<int?> order = Options.Count("--order", "The order of the series. Default: chosen by the width of the box.", most: 60);
    private readonly Option<Box?> staysIn = Options.Box("--stays-in", "Say whether no input of the box leaves this set, with a proof or an input that does.");
    private readonly Option<string> scope = Options.Word("--scope", "What has to stay: the state at all times, at the end, or the output.", "always", "always", "end", "output");
    private readonly Option<int?> maxBoxes = Options.Count("--max-boxes", "Into how many boxes the inputs may be cut for --stays-in. Default: 1000.");

    internal IEnumerable<Option> All => [enclose, derivatives, order, staysIn, scope, maxBoxes];

    internal bool IsAsked(ParseResult parsed) => parsed.GetValue(enclose) is not null;

    /// <summary>Whether the command line asks for an enclosure, rightly or wrongly.</summary>
    internal bool IsNamed(System.CommandLine.Parsing.CommandResult result) => result.GetResult(enclose) is not null;

    /// <summary>Options that make sense with --enclose only.</summary>
    internal void Refuse(ParseResult parsed)
    {
        if (All.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } option)
        {
            throw HostException.Usage($"{option.Name} is about enclosures; give the box of inputs with --enclose.");
        }
    }

    internal async Task<int> RunAsync(NeuralOde ode, bool json, string? output, ParseResult parsed)
    {
        foreach (var option in solving.NotForEnclosures.Where(option => parsed.GetResult(option) is { Implicit: false }))
        {
            throw HostException.Usage($"{option.Name} is about a single solution; an enclosure is of all solutions from a box.");
        }

        var (box, set) = (parsed.GetValue(enclose)!, parsed.GetValue(staysIn));
        if (set is null && new Option[] { scope, maxBoxes }.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } alone)
        {
            throw HostException.Usage($"{alone.Name} is about a set that no input leaves; give it with --stays-in.");
        }

        var (components, plane) = solving.Pictures(parsed);
        OutputFile.Check(output, components, plane);
        if (plane is not null && ode.Dimension != 2)
        {
            throw HostException.BadInput($"A phase portrait is drawn for two components; the neural ODE has {ode.Dimension}.");
        }

        var interruption = console.Interruption();
        var options = Wish(parsed);
        var enclosure = await LiveProgress.WatchAsync<SolveProgress, NeuralOdeEnclosure>(
            progress => ode.EncloseAsync(box, options, progress, interruption), Milestones.Of, console, lines: !json);
        var reach = set is null ? null : new Reach(set, parsed.GetValue(scope)!, await Task.Run(() => ode.StaysIn(box, set, Scope(parsed), parsed.GetValue(maxBoxes) ?? 1000, interruption)));
        if (components is not null)
        {
            OutputFile.Write(components, enclosure.ToSvg(), console);
        }

        if (plane is not null)
        {
            OutputFile.Write(plane, enclosure.ToPhasePortrait(), console);
        }

        var record = new EnclosureRecord(enclosure, reach);
        OutputFile.Write(output, json ? record.Json() : Table(record, output is null ? console.Paint : Paint.Plain), console);
        if (!enclosure.IsComplete && (json || output is not null))
        {
            console.Error.WriteLine(enclosure.StopMessage);
        }

        return (int)(interruption.IsCancellationRequested ? ExitCode.Interrupted
            : reach?.Answer.Stays == false ? ExitCode.Refuted
            : enclosure.IsComplete && reach?.Answer.Stays != null == (reach is not null) ? ExitCode.Success
            : ExitCode.Undecided);
    }

    private EncloseOptions Wish(ParseResult parsed)
    {
        var usual = new EncloseOptions();
        return usual with
        {
            Derivatives = (EnclosedDerivatives)(parsed.GetValue(derivatives) ?? 0),
            Order = parsed.GetValue(order),
            MaxSteps = solving.MaxSteps(parsed) ?? usual.MaxSteps,
            Times = solving.WantedTimes(parsed),
        };
    }

    private ReachScope Scope(ParseResult parsed) => parsed.GetValue(scope) switch
    {
        "always" => ReachScope.Always,
        "end" => ReachScope.AtEnd,
        _ => ReachScope.Output,
    };

    private static Option<int?> Derivative() => new("--derivatives")
    {
        Description = "Enclose the first, or the first and second derivatives in the inputs as well: 0, 1 or 2. Default: 0.",
        HelpName = "K",
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            if (text is "0" or "1" or "2")
            {
                return text[0] - '0';
            }

            result.AddError($"--derivatives: found '{text}', expected 0, 1 or 2.");
            return null;
        },
    };

    private static string Table(EnclosureRecord record, Paint paint)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        record.Write(writer, paint);
        return writer.ToString();
    }
}
