using System;
using System.Linq;
using LayerTime.Core.Algebra;
using LayerTime.Core.Numbers;

namespace LayerTime;

/// <summary>Arrays of the core as arrays of the door and back.</summary>
internal static class Exactly
{
    internal static Rational[] Rationals(ReadOnlySpan<Fraction> fractions)
    {
        var result = new Rational[fractions.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = fractions[i].Rational;
        }

        return result;
    }

    internal static Fraction[] Fractions(ReadOnlySpan<Rational> rationals)
    {
        var result = new Fraction[rationals.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = new(rationals[i]);
        }

        return result;
    }

    internal static TNumber[,] Table<T, TNumber>(Matrix<T> matrix, Func<T, TNumber> number)
    {
        var table = new TNumber[matrix.Rows, matrix.Columns];
        for (var i = 0; i < matrix.Rows; i++)
        {
            for (var j = 0; j < matrix.Columns; j++)
            {
                table[i, j] = number(matrix[i, j]);
            }
        }

        return table;
    }

    internal static T[] Flat<T>(T[][] blocks) => [.. blocks.SelectMany(block => block)];

    internal static T[][] Blocks<T>(T[] flat, int width) => [.. flat.Chunk(width)];
}
