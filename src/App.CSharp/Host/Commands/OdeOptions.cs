using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;

namespace LayerTime.Host.Commands;

/// <summary>The options that say how a neural ODE is solved.</summary>
internal sealed class OdeOptions
{
    private readonly Option<OdeMethod?> method = Method();
    private readonly Option<double?> relative = Options.Positive("--rtol", "R", "Relative tolerance of a step. Default: 1e-6.");
    private readonly Option<double?> absolute = Options.Positive("--atol", "A", "Absolute tolerance of a step. Default: 1e-9.");
    private readonly Option<int?> steps = Options.Count("--steps", "So many steps of one length, in place of tolerances.");
    private readonly Option<int?> maxSteps = Options.Count("--max-steps", "The most steps, rejected ones included. Default: a million with tolerances.");
    private readonly Option<Fraction?> from = Time("--from", "Where the input is given. From another time than 0 it is the state there, and no lift is applied. Default: 0.");
    private readonly Option<Fraction?> to = Time("--to", "Where to go, backwards too. Default: the horizon.");

    internal Option<int?> MaxSteps => maxSteps;

    internal IReadOnlyList<Option> All => [method, relative, absolute, steps, maxSteps, from, to];

    /// <summary>The options of a run of a number of steps of one length.</summary>
    internal IReadOnlyList<Option> Counted => [method, steps];

    internal void AddTo(Command command)
    {
        foreach (var option in All)
        {
            command.Options.Add(option);
        }
    }

    internal SolveOptions Read(ParseResult parsed)
    {
        var usual = new SolveOptions();
        if (parsed.GetValue(steps) is not null && (parsed.GetValue(relative) ?? parsed.GetValue(absolute)) is not null)
        {
            throw HostException.Usage("--steps and the tolerances --rtol, --atol exclude each other.");
        }

        if (parsed.GetValue(steps) is null && parsed.GetValue(method) is { IsAdaptive: false } fixedOnly)
        {
            throw HostException.Usage($"--method {fixedOnly} has no estimate of its error: give the number of steps with --steps.");
        }

        return usual with
        {
            Method = parsed.GetValue(method) ?? usual.Method,
            RelativeTolerance = parsed.GetValue(relative) ?? usual.RelativeTolerance,
            AbsoluteTolerance = parsed.GetValue(absolute) ?? usual.AbsoluteTolerance,
            Steps = parsed.GetValue(steps),
            MaxSteps = parsed.GetValue(maxSteps),
            From = parsed.GetValue(from) ?? usual.From,
            To = parsed.GetValue(to),
        };
    }

    /// <summary>The method and the number of steps of a run without tolerances.</summary>
    internal (OdeMethod Method, int Steps) ReadCounted(ParseResult parsed) => (
        parsed.GetValue(method) ?? new SolveOptions().Method,
        parsed.GetValue(steps) ?? throw HostException.Usage("--exact takes steps of one length: give their number with --steps."));

    private static Option<OdeMethod?> Method() => new("--method")
    {
        Description = $"How to solve a neural ODE: {string.Join(", ", OdeMethod.Names)}. Default: {OdeMethod.DormandPrince}.",
        HelpName = "METHOD",
        CustomParser = result =>
        {
            var name = result.Tokens.Single().Value;
            if (OdeMethod.TryParse(name, out var found))
            {
                return found;
            }

            result.AddError($"--method: found '{name}', expected one of {string.Join(", ", OdeMethod.Names)}.");
            return null;
        },
    };

    internal static Option<Fraction?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "T",
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            if (Fraction.TryParse(text, out var time))
            {
                return time;
            }

            result.AddError($"{name}: found '{text}', expected a time such as 0.5 or 1/3.");
            return null;
        },
    };

    /// <summary>Times with commas between them.</summary>
    internal static Option<IReadOnlyList<Fraction>?> Times(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIMES",
        CustomParser = result =>
        {
            var texts = result.Tokens.Single().Value.Split(',', StringSplitOptions.TrimEntries);
            List<Fraction> times = [];
            foreach (var text in texts)
            {
                if (Fraction.TryParse(text, out var time))
                {
                    times.Add(time);
                }
                else
                {
                    result.AddError($"{name}: found '{text}', expected times such as \"0,1/2,1\".");
                    return null;
                }
            }

            return times;
        },
    };
}
