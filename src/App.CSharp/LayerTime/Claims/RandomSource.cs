using System;
using LayerTime.Core.Claims;

namespace LayerTime;

/// <summary>Numbers for one case: a function of the seed, the claim, the part and the index of the case, the same on every machine.</summary>
public sealed class RandomSource
{
    private readonly RandomStream stream;

    internal RandomSource(int size, RandomStream stream)
    {
        Size = size;
        this.stream = stream;
    }

    /// <summary>How large the instance may be, 1 … 100; every size comes up once in any hundred cases in a row.</summary>
    public int Size { get; }

    /// <summary>An integer, all of them equally likely.</summary>
    /// <param name="least">The least one.</param>
    /// <param name="most">The largest one, included.</param>
    /// <returns>An integer of least … most.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such integer.</exception>
    public int NextInteger(int least, int most) => stream.NextInt(least, Door.AtLeast(most, least));

    /// <summary>A float of [least, most].</summary>
    /// <param name="least">The lower end, finite.</param>
    /// <param name="most">The upper end, finite and not below the lower one.</param>
    /// <returns>A float.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The interval is empty or of infinite length.</exception>
    public double NextDouble(double least, double most) => stream.NextFloat(least, most);

    /// <summary>True or false, equally likely.</summary>
    /// <returns>Either.</returns>
    public bool NextBoolean() => stream.NextBool();

    /// <summary>A fraction a/c with |a| ≤ largest and 1 ≤ c ≤ largestDenominator.</summary>
    /// <param name="largest">The largest numerator, at least 0.</param>
    /// <param name="largestDenominator">The largest denominator, at least 1.</param>
    /// <returns>A fraction.</returns>
    public Fraction NextFraction(int largest = 8, int largestDenominator = 4) =>
        new(stream.NextInt(-Door.AtLeast(largest, 0), largest), stream.NextInt(1, Door.AtLeast(largestDenominator, 1)));

    /// <summary>64 bits, all equally likely.</summary>
    /// <returns>A word.</returns>
    public ulong NextUInt64() => stream.NextUInt64();
}
