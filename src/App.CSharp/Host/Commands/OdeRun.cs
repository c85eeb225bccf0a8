using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using LayerTime.Host.Files;
using LayerTime.Host.Progress;
using LayerTime.Host.Rendering;

namespace LayerTime.Host.Commands;

/// <summary>A neural ODE on an input: the part of the command run that is about them.</summary>
internal sealed class OdeRun
{
    /// <summary>The solution is shown at so many times and the start, where nothing else is asked.</summary>
    private const int UsualPoints = 10;

    private readonly HostConsole console;
    private readonly OdeOptions solving = new();
    private readonly Option<IReadOnlyList<Fraction>?> times = OdeOptions.Times("--times", "Show the solution at these times, such as \"0,1/2,1\".");
    private readonly Option<int?> points = Options.Count("--points", "Show it at so many equal distances and at the start. Default: 10, or every step with --steps.", most: 1_000_000);
    private readonly Option<bool> everyStep = new("--every-step") { Description = "Show it after every step." };
    private readonly Option<bool> csv = new("--csv") { Description = "The trajectory as lines t,x1,x2,…" };
    private readonly Option<string?> figure = Options.File("--figure", "Draw the components over depth-time as SVG.");
    private readonly Option<string?> phase = Options.File("--phase", "Draw the path in the plane, for two components, as SVG.");
    private readonly Option<bool> errorBound = new("--error-bound") { Description = "Bound the distance to the exact solution, beforehand and afterwards, and estimate it." };

    /// <summary>Adds its options to the command.</summary>
    internal OdeRun(HostConsole console, Command command)
    {
        this.console = console;
        solving.AddTo(command);
        foreach (var option in Own)
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (new Option[] { times, points, everyStep }.Count(option => result.GetResult(option) is { Implicit: false }) > 1)
            {
                result.AddError("--times, --points and --every-step exclude each other.");
            }
        });
    }

    private IEnumerable<Option> Own => [times, points, everyStep, csv, figure, phase, errorBound];

    /// <summary>What only a single solution can be asked.</summary>
    internal IEnumerable<Option> NotForEnclosures => solving.All.Where(option => option != solving.MaxSteps).Concat([points, everyStep, csv, errorBound]);

    internal (string? Components, string? Plane) Pictures(ParseResult parsed) => (parsed.GetValue(figure), parsed.GetValue(phase));

    internal IReadOnlyList<Fraction> WantedTimes(ParseResult parsed) => parsed.GetValue(times) ?? [];

    internal int? MaxSteps(ParseResult parsed) => parsed.GetValue(solving.MaxSteps);

    /// <summary>Refuses what only a neural ODE can be asked.</summary>
    internal void Refuse(ParseResult parsed, string file, IEnumerable<Option> others)
    {
        if (solving.All.Concat(Own).Concat(others).FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } option)
        {
            throw HostException.Usage($"{option.Name} is about neural ODEs; {file} is a network of layers.");
        }
    }

    internal async Task<int> RunAsync(NeuralOde ode, string input, bool exact, bool json, string? output, ParseResult parsed)
    {
        var format = (json, Csv: parsed.GetValue(csv)) switch
        {
            (true, true) => throw HostException.Usage("--json and --csv exclude each other."),
            (true, _) => Format.Json,
            (_, true) => Format.Csv,
            _ => Format.Table,
        };
        if (exact)
        {
            return await RunExactAsync(ode, input, format, output, parsed);
        }

        var (components, plane) = (parsed.GetValue(figure), parsed.GetValue(phase));
        OutputFile.Check(output, components, plane);
        if (plane is not null && ode.Dimension != 2)
        {
            throw HostException.BadInput($"A phase portrait is drawn for two components; the neural ODE has {ode.Dimension}.");
        }

        var options = Wish(ode, parsed, pictures: components is not null || plane is not null);
        var state = InputNumbers.Floats(InputText.Read(input), ode, options.From);
        var interruption = console.Interruption();
        var solution = await LiveProgress.WatchAsync<SolveProgress, NeuralOdeSolution>(
            progress => ode.SolveAsync(state, options, progress, interruption), Milestones.Of, console, lines: format == Format.Table);
        var errors = parsed.GetValue(errorBound) ? await ErrorsAsync(solution, interruption) : null;
        if (components is not null)
        {
            OutputFile.Write(components, solution.ToSvg(errors), console);
        }

        if (plane is not null)
        {
            OutputFile.Write(plane, solution.ToPhasePortrait(), console);
        }

        var record = new OdeRecord(solution, Rows(solution, parsed), errors);
        OutputFile.Write(
            output,
            format switch
            {
                Format.Json => record.Json(),
                Format.Csv => record.Csv(),
                _ => Table(record.Write, output is null ? console.Paint : Paint.Plain),
            },
            console);
        if (!solution.IsComplete && (format != Format.Table || output is not null))
        {
            console.Error.WriteLine(solution.StopMessage);
        }

        return (int)(interruption.IsCancellationRequested ? ExitCode.Interrupted : solution.IsComplete ? ExitCode.Success : ExitCode.Undecided);
    }

    private async Task<int> RunExactAsync(NeuralOde ode, string input, Format format, string? output, ParseResult parsed)
    {
        if (solving.All.Except(solving.Counted).Concat(Own.Except([csv])).FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } option)
        {
            throw HostException.Usage($"{option.Name} needs floats; --exact knows the steps of an explicit method over the whole horizon: --steps and --method.");
        }

        var (method, steps) = solving.ReadCounted(parsed);
        var interruption = console.Interruption();
        try
        {
            var state = InputNumbers.Fractions(InputText.Read(input), ode);
            var path = await Task.Run(() => ode.SolveExact(state, steps, method, interruption), CancellationToken.None);
            var record = new ExactOdeRecord(path, method);
            OutputFile.Write(
                output,
                format switch
                {
                    Format.Json => record.Json(),
                    Format.Csv => record.Csv(),
                    _ => Table(record.Write, output is null ? console.Paint : Paint.Plain),
                },
                console);
            return (int)ExitCode.Success;
        }
        catch (OperationCanceledException)
        {
            console.Error.WriteLine("Interrupted: no result. Fractions grow with every step; fewer steps take less time.");
            return (int)ExitCode.Interrupted;
        }
    }

    private SolveOptions Wish(NeuralOde ode, ParseResult parsed, bool pictures)
    {
        var options = solving.Read(parsed);
        var wanted = parsed.GetValue(times) ?? (parsed.GetValue(points) is { } count ? Points(ode, options, count) : []);
        var isDense = pictures || !ShowsSteps(options, parsed);
        return options with { Times = wanted, Recording = isDense ? SolutionRecording.Dense : SolutionRecording.Steps };
    }

    private bool ShowsSteps(SolveOptions options, ParseResult parsed) =>
        parsed.GetValue(everyStep) || (options.Steps is not null && parsed.GetValue(times) is null && parsed.GetValue(points) is null);

    private static IReadOnlyList<Fraction> Points(NeuralOde ode, SolveOptions options, int count)
    {
        var length = (options.To ?? ode.Horizon) - options.From;
        return [.. Enumerable.Range(0, count + 1).Select(i => options.From + (length * new Fraction(i, count)))];
    }

    // What was asked for as far as the solution goes, and where it ends.
    private IReadOnlyList<(double Time, double[] State)> Rows(NeuralOdeSolution solution, ParseResult parsed)
    {
        if (ShowsSteps(solution.Options, parsed))
        {
            return [.. solution.Times.Select((time, i) => (time, solution.StateAt(i).ToArray()))];
        }

        var wanted = solution.Options.Times.Count > 0 ? solution.Options.Times : Points(solution.Ode, solution.Options, UsualPoints);
        var (low, high) = (Math.Min(solution.Times[0], solution.Time), Math.Max(solution.Times[0], solution.Time));
        var known = wanted.Select(time => time.ToDouble()).Where(time => low <= time && time <= high).ToList();
        return [.. (solution.IsComplete ? known : known.Append(solution.Time).Distinct()).Select(time => (time, solution.At(time)))];
    }

    private async Task<SolutionErrors?> ErrorsAsync(NeuralOdeSolution solution, CancellationToken interruption)
    {
        try
        {
            return await Task.Run(() => solution.Errors(interruption), CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            console.Error.WriteLine("Interrupted: no error bound.");
            return null;
        }
    }

    private static string Table(Action<TextWriter, Paint> write, Paint paint)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        write(writer, paint);
        return writer.ToString();
    }

    private enum Format
    {
        Table,
        Json,
        Csv,
    }
}
