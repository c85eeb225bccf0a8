using System;
using System.Linq;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;
using LayerTime.Core.Semantics;

namespace LayerTime;

/// <summary>From an input to the history of a network.</summary>
internal static class History
{
    internal static T[][] Of<T>(Network<T> network, T[] input, StartConvention start)
        where T : IRing<T>
    {
        if (!Enum.IsDefined(start))
        {
            throw new ArgumentOutOfRangeException(nameof(start), start, "A start convention is expected.");
        }

        var (width, blocks) = (network.Equation.Width(0), network.Equation.Blocks);
        if (network.Lift is not null)
        {
            Door.Length(input.Length, network.Lift.Value.InputWidth, nameof(input));
            return Simulation.history(network, input);
        }

        if (input.Length == blocks * width)
        {
            return Simulation.history(network, input);
        }

        if (input.Length != width)
        {
            var expected = blocks == 1 ? $"{width} are expected" : $"{width} (the state x(0)) or {blocks * width} (a history of {blocks} states) are expected";
            throw new ArgumentException($"The input has {input.Length} numbers; {expected}.", nameof(input));
        }

        var earlier = start == StartConvention.Rest ? input : Core.Algebra.Vector.zero<T>(width);
        return [input, .. Enumerable.Repeat(earlier, blocks - 1)];
    }

    /// <summary>What a gradient in the history is in the input; the transpose of <see cref="Of"/>.</summary>
    internal static T[] Pull<T>(Network<T> network, T[] input, StartConvention start, T[][] history)
        where T : IRing<T>
    {
        if (network.Lift is not null)
        {
            return LayerMapModule.pullback(network.Lift.Value, input, Exactly.Flat(history)).Item1;
        }

        return input.Length == network.Equation.StateDimension ? Exactly.Flat(history)
            : start == StartConvention.Rest ? Core.Algebra.Vector.sum(history)
            : history[0];
    }
}
