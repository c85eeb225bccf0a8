using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;

namespace LayerTime.Host.Commands;

/// <summary>What was asked of the limit command.</summary>
internal sealed record LimitWish
{
    internal required string? Data { get; init; }

    internal required string? Label { get; init; }

    internal required int? Points { get; init; }

    internal required bool Raw { get; init; }

    internal required DeepLimitOptions Options { get; init; }

    internal required IReadOnlyList<string> Networks { get; init; }

    internal required bool Json { get; init; }

    internal required string? Out { get; init; }

    /// <summary>The files of the weights and of the regions; empty where none are wanted.</summary>
    internal required IReadOnlyList<string> Figures { get; init; }

    internal required string? Save { get; init; }

    internal required string? Resume { get; init; }
}

/// <summary>The options of the limit command.</summary>
internal sealed class LimitOptions
{
    private static readonly DeepLimitOptions Usual = new();

    private readonly Option<string?> data = Text("--data", "NAME|FILE", "moons, spirals or annuli, or a table: a line for each point, a column with its class.");
    private readonly Option<string?> label = Text("--label", "COLUMN", "The column with the classes, by name or number from 1. Default: the last one.");
    private readonly Option<int?> points = Options.Count("--points", "How many points of each class a built-in set has. Default: 32.", 1_000_000);
    private readonly Option<bool> raw = new("--raw") { Description = "Take the features of a table as they are; otherwise each is shifted and scaled to mean 0 and deviation 1." };
    private readonly Option<int?> width = Options.Count("--width", "The width of the networks. Default: the number of features.", 1024);
    private readonly Option<string> activation = Options.Word("--activation", "The activation of every layer.", Usual.Activation.Name, "tanh", "logistic", "softplus", "relu", "sin", "cubic", "identity");
    private readonly Option<double?> alpha = Number("--alpha", "α", "How strongly all weights are penalised. Default: 0.001. 0 only together with --without-theorem.");
    private readonly Option<double?> tau = Number("--tau", "τ", "How strongly the weights of the first layer are penalised beside changes from layer to layer. Default: 1.");
    private readonly Option<bool> withoutTheorem = new("--without-theorem") { Description = "Train although α = 0 or τ = 0, where no theorem says that weights converge." };
    private readonly Option<(int First, int Last)?> depths = Depths();
    private readonly Option<double?> tolerance = Options.Positive("--tolerance", "ε", "Train every depth until its gradient has at most this norm. Default: 1e-8.");
    private readonly Option<int?> iterations = Options.Count("--iterations", "The most iterations at each depth. Default: 2000.");
    private readonly Option<int?> starts = Options.Count("--starts", "From how many random weights the first depth is tried. Default: 8.", 100_000);
    private readonly Option<ulong?> seed = new("--seed") { Description = "The seed of the random weights. Default: 1.", HelpName = "S" };
    private readonly Option<int?> cores = Options.Count("--cores", "On how many cores; the result does not depend on it. Default: all.");
    private readonly Option<string[]> networks = new("--network") { Description = "Diagnose the weights of this trained network instead; several of growing depth tell more.", HelpName = "NET", AllowMultipleArgumentsPerToken = true };
    private readonly Option<bool> json = Options.Json("Everything as one JSON document instead of the table; figures only if asked for.");
    private readonly Option<string?> output = Options.Out();
    private readonly Option<string?> figures = Text("--figures", "PREFIX", "Draw PREFIX-weights.svg and, for two features, PREFIX-regions.svg; \"none\" for no figures. Default: limit.");
    private readonly Option<string?> save = Options.File("--save", "Where to keep what it takes to go on if the run is interrupted.");
    private readonly Option<string?> resume = Options.File("--resume", "Go on from a file that --save wrote, with the same data and options.");

    internal void AddTo(Command command)
    {
        Option[] all = [data, label, points, raw, width, activation, alpha, tau, withoutTheorem, depths, tolerance, iterations, starts, seed, cores, networks, json, output, figures, save, resume];
        foreach (var option in all)
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetResult(data) is null == result.GetResult(networks) is null)
            {
                result.AddError("Either --data, such as --data moons, or --network and a file is expected.");
            }
        });
    }

    internal LimitWish Read(ParseResult parsed)
    {
        var reach = parsed.GetValue(depths) ?? (Usual.FirstDepth, Usual.LastDepth);
        return new()
        {
            Data = parsed.GetValue(data),
            Label = parsed.GetValue(label),
            Points = parsed.GetValue(points),
            Raw = parsed.GetValue(raw),
            Options = Usual with
            {
                Width = parsed.GetValue(width),
                Activation = Function(parsed.GetValue(activation)!),
                Alpha = parsed.GetValue(alpha) ?? Usual.Alpha,
                Tau = parsed.GetValue(tau) ?? Usual.Tau,
                WithoutTheorem = parsed.GetValue(withoutTheorem),
                FirstDepth = reach.First,
                LastDepth = reach.Last,
                Tolerance = parsed.GetValue(tolerance) ?? Usual.Tolerance,
                Iterations = parsed.GetValue(iterations) ?? Usual.Iterations,
                Starts = parsed.GetValue(starts) ?? Usual.Starts,
                Seed = parsed.GetValue(seed) ?? Usual.Seed,
                MaxDegreeOfParallelism = parsed.GetValue(cores) ?? Usual.MaxDegreeOfParallelism,
            },
            Networks = parsed.GetValue(networks) ?? [],
            Json = parsed.GetValue(json),
            Out = parsed.GetValue(output),
            Figures = FilesOf(parsed),
            Save = parsed.GetValue(save),
            Resume = parsed.GetValue(resume),
        };
    }

    private string[] FilesOf(ParseResult parsed)
    {
        var isDiagnosis = parsed.GetValue(networks) is { Length: > 0 };
        var prefix = parsed.GetValue(figures) ?? (parsed.GetValue(json) ? "none" : "limit");
        return prefix == "none" || isDiagnosis ? [] : [$"{prefix}-weights.svg", $"{prefix}-regions.svg"];
    }

    private static Activation Function(string name) => name switch
    {
        "tanh" => Activation.Tanh,
        "logistic" => Activation.Logistic,
        "softplus" => Activation.Softplus,
        "relu" => Activation.Relu,
        "sin" => Activation.Sine,
        "cubic" => Activation.Cubic,
        _ => Activation.Identity,
    };

    private static Option<string?> Text(string name, string helpName, string description) => new(name) { Description = description, HelpName = helpName };

    private static Option<double?> Number(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            if (Fraction.TryParse(text, out var fraction) && fraction.ToDouble() is >= 0 and < double.PositiveInfinity and var number)
            {
                return number;
            }

            result.AddError($"{name}: found '{text}', expected a number that is not negative, such as 0.001.");
            return null;
        },
    };

    private static Option<(int First, int Last)?> Depths() => new("--depths")
    {
        Description = "The first and the last depth, the last being the first one doubled some times. Default: 4..256.",
        HelpName = "N..M",
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            string[] ends = text.Split("..");
            if (ends is [var first, var last] && Depth(first) is { } n && Depth(last) is { } m)
            {
                return (n, m);
            }

            result.AddError($"--depths: found '{text}', expected two numbers of layers such as 4..256.");
            return null;
        },
    };

    private static int? Depth(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var depth) && depth >= 1 ? depth : null;
}
