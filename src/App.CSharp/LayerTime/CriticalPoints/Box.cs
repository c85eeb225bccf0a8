using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;

namespace LayerTime;

/// <summary>A box: one bounded interval for each coordinate.</summary>
public sealed class Box : IReadOnlyList<Interval>, IEquatable<Box>
{
    private readonly Interval[] sides;

    /// <summary>The box of these intervals.</summary>
    /// <param name="sides">One interval for each coordinate, at least one, all bounded.</param>
    /// <exception cref="ArgumentException">There is no interval, or one is unbounded; every such interval is named.</exception>
    public Box(params Interval[] sides)
    {
        this.sides = [.. Door.NotNull(sides)];
        var problems = sides.Select((side, i) => (side, i)).Where(pair => !pair.side.IsBounded)
            .Select(pair => $"Coordinate {pair.i} is {pair.side}; finite ends are expected.").ToList();
        if (sides.Length == 0 || problems.Count > 0)
        {
            throw new ArgumentException(sides.Length == 0 ? "Found no interval; at least one is expected." : string.Join(' ', problems), nameof(sides));
        }
    }

    /// <summary>The number of coordinates.</summary>
    public int Dimension => sides.Length;

    /// <summary>The number of coordinates.</summary>
    int IReadOnlyCollection<Interval>.Count => sides.Length;

    /// <summary>The interval of a coordinate.</summary>
    /// <param name="index">0 … Dimension − 1.</param>
    public Interval this[int index]
    {
        get
        {
            Door.Within(index, 0, sides.Length - 1);
            return sides[index];
        }
    }

    /// <summary>[−radius, radius] in every coordinate.</summary>
    /// <param name="dimension">The number of coordinates, at least 1.</param>
    /// <param name="radius">Half the side, finite and not negative.</param>
    /// <returns>The cube.</returns>
    public static Box Cube(int dimension, double radius) =>
        new([.. Enumerable.Repeat(new Interval(-Door.NotNegative(radius), radius), Door.AtLeast(dimension, 1))]);

    /// <summary>Reads "[-3,3]^2" or "[-3,3]x[0,1/2]": intervals with x between them, ^n for n equal ones. Ends are read as the nearest floats.</summary>
    /// <param name="text">The text; × may stand for x, and ends may be fractions or decimals.</param>
    /// <returns>The box.</returns>
    /// <exception cref="FormatException">The text is no such box; the message says what was found and what was expected.</exception>
    public static Box Parse(string text) => BoxReader.Read(Door.NotNull(text), out var problem) ?? throw new FormatException(problem);

    /// <summary>Reads what <see cref="Parse"/> reads, without an exception.</summary>
    /// <param name="text">The text.</param>
    /// <param name="box">The box, or null.</param>
    /// <returns>Whether the text is a box.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Box? box) =>
        (box = text is null ? null : BoxReader.Read(text, out _)) is not null;

    /// <summary>A float point inside, near the middle.</summary>
    /// <returns>One number for each coordinate.</returns>
    public double[] Midpoint() => [.. sides.Select(side => side.Midpoint)];

    /// <summary>Whether a point lies in the box.</summary>
    /// <param name="point">One number for each coordinate.</param>
    /// <returns>Whether every coordinate lies in its interval.</returns>
    public bool Contains(ReadOnlySpan<double> point)
    {
        Door.Length(point.Length, sides.Length, nameof(point));
        for (var i = 0; i < sides.Length; i++)
        {
            if (!sides[i].Contains(point[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The text that <see cref="Parse"/> reads back.</summary>
    /// <returns>"[-3, 3] x [0, 1]".</returns>
    public override string ToString() => string.Join(" x ", sides);

    /// <summary>Equality of boxes.</summary>
    /// <param name="other">The other box.</param>
    /// <returns>Whether both have the same intervals.</returns>
    public bool Equals([NotNullWhen(true)] Box? other) => other is not null && sides.AsSpan().SequenceEqual(other.sides);

    /// <summary>Equality of boxes.</summary>
    /// <param name="obj">Anything.</param>
    /// <returns>Whether it is a box of the same intervals.</returns>
    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as Box);

    /// <summary>A hash code: equal boxes have equal ones.</summary>
    /// <returns>The hash code.</returns>
    public override int GetHashCode() => sides.Aggregate(sides.Length, (hash, side) => HashCode.Combine(hash, side));

    /// <summary>The intervals, coordinate by coordinate.</summary>
    /// <returns>Each interval in turn.</returns>
    public IEnumerator<Interval> GetEnumerator() => sides.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The middle, the corners where they are few, and points spread evenly between them: the same ones every time.</summary>
    internal IEnumerable<double[]> SamplePoints()
    {
        var isSmall = Dimension <= 4;
        var corners = !isSmall ? [] : Enumerable.Range(0, 1 << Dimension).Select(corner => sides.Select((side, i) => (corner >> i & 1) == 0 ? side.Lower : side.Upper).ToArray());
        var inner = Enumerable.Range(1, 9).Select(k => sides.Select((side, i) =>
        {
            // The sequence of Kronecker with the fractional parts of k·√p, p prime.
            var share = k * Math.Sqrt(Primes[i % Primes.Length]) % 1;
            return Math.Clamp((side.Lower * (1 - share)) + (side.Upper * share), side.Lower, side.Upper);
        }).ToArray());
        return corners.Append(Midpoint()).Concat(inner).DistinctBy(point => string.Join(' ', point));
    }

    private static readonly int[] Primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29];

    internal CoreInterval[] OfDoor => [.. sides.Select(side => side.OfDoor)];

    internal static Box OfCore(CoreInterval[] box) => new([.. box.Select(Interval.OfCore)]);
}
