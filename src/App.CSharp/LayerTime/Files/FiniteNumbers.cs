using System;
using System.Numerics;
using System.Runtime.InteropServices;

namespace LayerTime;

/// <summary>Whether numbers are finite, at the speed of reading them: every bit of the exponent is set in an infinity and in a NaN, and in no other.</summary>
internal static class FiniteNumbers
{
    internal static bool All(ReadOnlySpan<double> numbers) => All<ulong>(MemoryMarshal.Cast<double, ulong>(numbers), 0x7FF0_0000_0000_0000);

    /// <summary>Whether none of the numbers, given by their bits, has every bit of its exponent set.</summary>
    internal static bool All<TBits>(ReadOnlySpan<TBits> numbers, TBits exponent)
        where TBits : struct, IBinaryInteger<TBits>
    {
        var mask = Vector.Create(exponent);
        var blocks = MemoryMarshal.Cast<TBits, Vector<TBits>>(numbers);
        foreach (var block in blocks)
        {
            if (Vector.EqualsAny(block & mask, mask))
            {
                return false;
            }
        }

        foreach (var number in numbers[(blocks.Length * Vector<TBits>.Count)..])
        {
            if ((number & exponent) == exponent)
            {
                return false;
            }
        }

        return true;
    }
}
