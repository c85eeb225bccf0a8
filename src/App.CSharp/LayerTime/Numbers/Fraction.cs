using System;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using LayerTime.Core.Numbers;

namespace LayerTime;

/// <summary>An exact fraction p/q of unbounded integers, always in lowest terms with q &gt; 0. The default value is 0.</summary>
public readonly partial struct Fraction : IEquatable<Fraction>, IComparable<Fraction>, IComparable
{
    /// <summary>The most digits that are read above or below the bar: 10,000.</summary>
    public const int MaximumDigits = 10_000;

    private readonly Rational value;

    internal Fraction(Rational value) => this.value = value;

    /// <summary>The fraction numerator/denominator in lowest terms.</summary>
    /// <param name="numerator">p</param>
    /// <param name="denominator">q, not zero.</param>
    /// <exception cref="DivideByZeroException">The denominator is zero.</exception>
    public Fraction(BigInteger numerator, BigInteger denominator) => value = Rational.OfRatio(numerator, denominator);

    /// <summary>0</summary>
    public static Fraction Zero => default;

    /// <summary>1</summary>
    public static Fraction One => new(Rational.One);

    /// <summary>p in p/q, with the sign of the fraction.</summary>
    public BigInteger Numerator => value.Numerator;

    /// <summary>q in p/q, at least 1.</summary>
    public BigInteger Denominator => value.Denominator;

    /// <summary>−1, 0 or 1.</summary>
    public int Sign => value.Sign;

    internal Rational Rational => value;

    /// <summary>The float as the fraction it is: 0.1 is 3602879701896397/36028797018963968.</summary>
    /// <param name="number">A finite float.</param>
    /// <returns>The fraction of the same value.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The float is NaN or infinite.</exception>
    public static Fraction FromDouble(double number) => new(RationalModule.ofFloat(Door.Finite(number)));

    /// <summary>The nearest float, ties to even; infinite beyond the largest.</summary>
    /// <returns>A float.</returns>
    public double ToDouble() => RationalModule.toFloat(value);

    /// <summary>Reads "-3/7", "12", "0.125" or "-1.5e-3" exactly.</summary>
    /// <param name="text">At most <see cref="MaximumDigits"/> digits above and below the bar.</param>
    /// <returns>The fraction.</returns>
    /// <exception cref="FormatException">The text is no such number; the message says what was found and what was expected.</exception>
    public static Fraction Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var result = RationalModule.parse(text);
        return result.IsOk ? new(result.ResultValue) : throw new FormatException(Sentence.From(result.ErrorValue));
    }

    /// <summary>Reads what <see cref="Parse"/> reads, without an exception.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fraction">The fraction, or 0.</param>
    /// <returns>Whether the text is a number.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out Fraction fraction)
    {
        fraction = default;
        if (text is null)
        {
            return false;
        }

        var result = RationalModule.parse(text);
        if (result.IsOk)
        {
            fraction = new(result.ResultValue);
        }

        return result.IsOk;
    }

    /// <summary>The absolute value.</summary>
    /// <param name="number">a</param>
    /// <returns>|a|</returns>
    public static Fraction Abs(Fraction number) => new(Rational.Abs(number.value));

    /// <summary>The larger of two.</summary>
    /// <param name="left">a</param>
    /// <param name="right">b</param>
    /// <returns>max(a, b)</returns>
    public static Fraction Max(Fraction left, Fraction right) => new(RationalModule.max(left.value, right.value));

    /// <summary>The smaller of two.</summary>
    /// <param name="left">a</param>
    /// <param name="right">b</param>
    /// <returns>min(a, b)</returns>
    public static Fraction Min(Fraction left, Fraction right) => new(RationalModule.min(left.value, right.value));

    /// <summary>"-3/7", or "5" for an integer.</summary>
    /// <returns>The text that <see cref="Parse"/> reads back.</returns>
    public override string ToString() => value.ToString();

    /// <summary>Equality of numbers.</summary>
    /// <param name="other">The other fraction.</param>
    /// <returns>Whether both are the same number.</returns>
    public bool Equals(Fraction other) => value.Equals(other.value);

    /// <summary>Equality of numbers.</summary>
    /// <param name="obj">Anything.</param>
    /// <returns>Whether it is a fraction of the same value.</returns>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Fraction other && Equals(other);

    /// <summary>A hash code: equal fractions have equal ones.</summary>
    /// <returns>The hash code.</returns>
    public override int GetHashCode() => value.GetHashCode();

    /// <summary>The order of numbers.</summary>
    /// <param name="other">The other fraction.</param>
    /// <returns>Negative, zero or positive as this is less than, equal to or greater than the other.</returns>
    public int CompareTo(Fraction other) => Rational.Compare(value, other.value);

    /// <summary>The order of numbers; null comes first.</summary>
    /// <param name="obj">A fraction or null.</param>
    /// <returns>Negative, zero or positive as this is less than, equal to or greater than the other.</returns>
    /// <exception cref="ArgumentException">The other is not a fraction.</exception>
    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        Fraction other => CompareTo(other),
        _ => throw new ArgumentException($"A fraction can be compared with a fraction only, not with {obj.GetType()}.", nameof(obj)),
    };
}
