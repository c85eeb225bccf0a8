using System;
using CoreCheckpointing = LayerTime.Core.Semantics.Checkpointing;

namespace LayerTime;

/// <summary>What is kept of the way there for the way back of a gradient, which is the same, bit for bit. Two of the same kind are equal.</summary>
public sealed record Checkpointing
{
    private Checkpointing(CoreCheckpointing core) => Core = core;

    /// <summary>Every step: no step is taken twice, and memory grows with their number.</summary>
    public static Checkpointing StoreAll { get; } = new(CoreCheckpointing.StoreAll);

    /// <summary>The states at about √N of N steps and the steps between two of them: nearly every step is taken once more.</summary>
    public static Checkpointing SquareRoot { get; } = new(CoreCheckpointing.SquareRoot);

    internal bool KeepsAll => Core.IsStoreAll;

    internal CoreCheckpointing Core { get; }

    /// <summary>So many states between two jumps of the weights, with the fewest repeated steps there can be (Griewank and Walther 2000).</summary>
    /// <param name="states">How many states are kept, the start included: at least 1.</param>
    /// <returns>The choice.</returns>
    public static Checkpointing Binomial(int states)
    {
        Door.Within(states, 1, int.MaxValue);
        return new(CoreCheckpointing.NewBinomial(states));
    }

    /// <summary>The choice in words.</summary>
    /// <returns>"Binomial 8".</returns>
    public override string ToString() => Core.ToString();
}
