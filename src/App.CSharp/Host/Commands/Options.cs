using System;
using System.CommandLine;
using System.Globalization;
using System.Linq;

namespace LayerTime.Host.Commands;

/// <summary>Options that several commands share or that need their own words.</summary>
internal static class Options
{
    internal static Option<int?> Count(string name, string description, int most = int.MaxValue) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1 && count <= most)
            {
                return count;
            }

            result.AddError($"{name}: found '{text}', expected an integer in 1..{most}.");
            return null;
        },
    };

    /// <summary>An integer that is not negative, of any size.</summary>
    internal static Option<long?> Budget(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                return count;
            }

            result.AddError($"{name}: found '{text}', expected an integer in 0..{long.MaxValue}.");
            return null;
        },
    };

    /// <summary>A positive number: a decimal or a fraction, as the nearest float.</summary>
    internal static Option<double?> Positive(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            if (Fraction.TryParse(text, out var fraction) && fraction.ToDouble() is > 0 and < double.PositiveInfinity and var number)
            {
                return number;
            }

            result.AddError($"{name}: found '{text}', expected a positive number such as 0.001 or 1/1024.");
            return null;
        },
    };

    internal static Option<Box?> Box(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "BOX",
        CustomParser = result =>
        {
            try
            {
                return LayerTime.Box.Parse(result.Tokens.Single().Value);
            }
            catch (FormatException exception)
            {
                result.AddError($"{name}: {exception.Message}");
                return null;
            }
        },
    };

    internal static Option<string?> File(string name, string description) => new(name) { Description = description, HelpName = "FILE" };

    internal static Option<ulong> Seed() => new("--seed")
    {
        Description = "The seed of all draws, 0 … 2⁶⁴−1. The same seed gives the same result on any machine.",
        HelpName = "S",
        DefaultValueFactory = _ => new VerificationOptions().Seed,
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed))
            {
                return seed;
            }

            result.AddError($"--seed: found '{text}', expected an integer in 0..{ulong.MaxValue}.");
            return 0;
        },
    };

    internal static Option<string> Word(string name, string description, string? usual, params string[] words)
    {
        var option = new Option<string>(name) { Description = description, HelpName = string.Join('|', words) };
        if (usual is null)
        {
            option.Required = true;
        }
        else
        {
            option.DefaultValueFactory = _ => usual;
        }

        option.Validators.Add(result =>
        {
            if (result.Tokens.SingleOrDefault()?.Value is { } word && !words.Contains(word))
            {
                result.AddError($"{name}: found '{word}', expected {string.Join(", ", words.SkipLast(1))} or {words.Last()}.");
            }
        });
        return option;
    }

    internal static Option<bool> Json(string description) => new("--json") { Description = description };

    internal static Option<string?> Out() => new("--out") { Description = "The file to write, whole or not at all; default: standard output.", HelpName = "FILE" };

    internal static Option<string?> Report(string description) => new("--report") { Description = description, HelpName = "DIR" };

    internal static Argument<string> Pattern(string name, string description)
    {
        var pattern = new Argument<string>(name) { Description = description, DefaultValueFactory = _ => "*" };
        pattern.Validators.Add(result =>
        {
            // No id starts like this; it is an option that does not exist.
            if (result.Tokens is [{ Value: var word }, ..] && word.StartsWith('-'))
            {
                result.AddError($"There is no option {word}.");
            }
        });
        return pattern;
    }

    internal static Argument<string> NetworkFile() => new("NET") { Description = "A network: .onnx, .safetensors and .nnet by their extension, any other file in the format layertime/1." };
}
