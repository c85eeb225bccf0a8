using System;
using System.Collections.Generic;
using System.Linq;
using LayerTime.Host.Rendering;

namespace LayerTime.Host.Files;

/// <summary>The texts of an input as the numbers that a network takes, or everything that is wrong with them.</summary>
internal static class InputNumbers
{
    internal static Fraction[] Fractions(IReadOnlyList<IReadOnlyList<string>> states, Network network)
    {
        Shape(states, network);
        return Parse(states);
    }

    /// <summary>Each number as the nearest float.</summary>
    internal static double[] Floats(IReadOnlyList<IReadOnlyList<string>> states, Network network) => Nearest(Fractions(states, network), "use --exact");

    /// <summary>One state, or the argument of a lift, as the nearest floats.</summary>
    internal static double[] Floats(IReadOnlyList<IReadOnlyList<string>> states, NeuralOde ode, Fraction from) =>
        Nearest(One(states, ode, from), "such a number means nothing to a method on floats");

    /// <summary>x(0), or the argument of a lift.</summary>
    internal static Fraction[] Fractions(IReadOnlyList<IReadOnlyList<string>> states, NeuralOde ode) => One(states, ode, from: default);

    private static Fraction[] One(IReadOnlyList<IReadOnlyList<string>> states, NeuralOde ode, Fraction from)
    {
        if (states.Count > 1)
        {
            throw HostException.BadInput($"The input has {states.Count} states; a neural ODE starts from one.");
        }

        var (expected, what) = from.Sign == 0 && ode.Lift is not null ? (ode.InputWidth, "inputs of its lift") : (ode.Dimension, "components of x");
        if (states[0].Count != expected)
        {
            throw HostException.BadInput($"Found {Page.Plural(states[0].Count, "number")} in the input, expected {expected}, the {what}.");
        }

        return Parse(states);
    }

    private static double[] Nearest(Fraction[] fractions, string remedy)
    {
        double[] numbers = [.. fractions.Select(number => number.ToDouble())];
        var beyond = Array.FindIndex(numbers, number => !double.IsFinite(number));
        return beyond < 0 ? numbers : throw HostException.BadInput($"Number {beyond + 1} of the input is beyond the range of floats; {remedy}.");
    }

    private static Fraction[] Parse(IReadOnlyList<IReadOnlyList<string>> states)
    {
        var problems = new List<string>();
        Fraction[] numbers = [.. states.SelectMany((state, s) => state.Select((text, i) => Number(text, Place(states.Count, s, i), problems)))];
        return problems.Count == 0 ? numbers : throw HostException.BadInput(string.Join('\n', problems));
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
