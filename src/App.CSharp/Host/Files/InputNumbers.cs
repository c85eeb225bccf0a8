using System;
using System.Collections.Generic;
using System.Linq;

namespace LayerTime.Host.Files;

/// <summary>The texts of an input as the numbers that a network takes, or everything that is wrong with them.</summary>
internal static class InputNumbers
{
    internal static Fraction[] Fractions(IReadOnlyList<IReadOnlyList<string>> states, Network network)
    {
        Shape(states, network);
        var problems = new List<string>();
        Fraction[] numbers = [.. states.SelectMany((state, s) => state.Select((text, i) => Number(text, Place(states.Count, s, i), problems)))];
        return problems.Count == 0 ? numbers : throw HostException.BadInput(string.Join('\n', problems));
    }

    /// <summary>Each number as the nearest float.</summary>
    internal static double[] Floats(IReadOnlyList<IReadOnlyList<string>> states, Network network)
    {
        double[] numbers = [.. Fractions(states, network).Select(number => number.ToDouble())];
        var beyond = Array.FindIndex(numbers, number => !double.IsFinite(number));
        return beyond < 0 ? numbers : throw HostException.BadInput($"Number {beyond + 1} of the input is beyond the range of floats; use --exact.");
    }

    // Several states are a history, each as wide as the network; a lift takes them one after the other.
    private static void Shape(IReadOnlyList<IReadOnlyList<string>> states, Network network)
    {
        if (states.Count == 1 || network.Lift is not null)
        {
            return;
        }

        var problems = states.Select((state, s) => (state.Count, s)).Where(state => state.Count != network.Width)
            .Select(state => $"x({-state.s}) of the input has {state.Count} numbers; {network.Width} are expected, the width of the network.").ToList();
        if (problems.Count > 0)
        {
            throw HostException.BadInput(string.Join('\n', problems));
        }
    }

    private static Fraction Number(string text, string place, List<string> problems)
    {
        try
        {
            return Fraction.Parse(text);
        }
        catch (FormatException exception)
        {
            problems.Add($"{place} of the input: {exception.Message}");
            return default;
        }
    }

    private static string Place(int count, int state, int index) => count == 1 ? $"Number {index + 1}" : $"Number {index + 1} of x({-state})";
}
