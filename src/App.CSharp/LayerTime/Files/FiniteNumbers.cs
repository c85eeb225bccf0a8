using System;
using System.Numerics;
using System.Runtime.InteropServices;

namespace LayerTime;

/// <summary>Whether numbers are finite, at the speed of reading them: x − x is 0 for a finite x and NaN for any other.</summary>
internal static class FiniteNumbers
{
    internal static bool All(ReadOnlySpan<double> numbers)
    {
        var sum = Vector<double>.Zero;
        var blocks = MemoryMarshal.Cast<double, Vector<double>>(numbers);
        foreach (var block in blocks)
        {
            sum += block - block;
        }

        var rest = Vector.Sum(sum);
        foreach (var number in numbers[(blocks.Length * Vector<double>.Count)..])
        {
            rest += number - number;
        }

        return rest == 0;
    }
}
