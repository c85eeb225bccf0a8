using System;
using System.Numerics;

namespace LayerTime;

#pragma warning disable CA2225 // Arithmetic reads better with operators alone; conversions have FromDouble and ToDouble.
public readonly partial struct Fraction
{
    /// <summary>An integer is a fraction.</summary>
    /// <param name="number">n</param>
    public static implicit operator Fraction(int number) => new(number, BigInteger.One);

    /// <summary>An integer is a fraction.</summary>
    /// <param name="number">n</param>
    public static implicit operator Fraction(long number) => new(number, BigInteger.One);

    /// <summary>An integer is a fraction.</summary>
    /// <param name="number">n</param>
    public static implicit operator Fraction(BigInteger number) => new(number, BigInteger.One);

    /// <summary>The float as the fraction it is; see <see cref="FromDouble"/>.</summary>
    /// <param name="number">A finite float.</param>
    public static explicit operator Fraction(double number) => FromDouble(number);

    /// <summary>The nearest float; see <see cref="ToDouble"/>.</summary>
    /// <param name="number">A fraction.</param>
    public static explicit operator double(Fraction number) => number.ToDouble();

    /// <summary>a + b</summary>
    /// <param name="left">a</param>
    /// <param name="right">b</param>
    public static Fraction operator +(Fraction left, Fraction right) => new(left.value + right.value);

    /// <summary>a − b</summary>
    /// <param name="left">a</param>
    /// <param name="right">b</param>
    public static Fraction operator -(Fraction left, Fraction right) => new(left.value - right.value);

    /// <summary>a · b</summary>
    /// <param name="left">a</param>
    /// <param name="right">b</param>
    public static Fraction operator *(Fraction left, Fraction right) => new(left.value * right.value);

    /// <summary>a / b</summary>
    /// <param name="left">a</param>
    /// <param name="right">b, not zero.</param>
    /// <exception cref="DivideByZeroException">b is zero.</exception>
    public static Fraction operator /(Fraction left, Fraction right) => new(left.value / right.value);

    /// <summary>−a</summary>
    /// <param name="number">a</param>
    public static Fraction operator -(Fraction number) => new(-number.value);

    /// <summary>Equality of numbers.</summary>
    /// <param name="left">a</param>
    /// <param name="right">b</param>
    public static bool operator ==(Fraction left, Fraction right) => left.Equals(right);

    /// <summary>Inequality of numbers.</summary>
    /// <param name="left">a</param>
    /// <param name="right">b</param>
    public static bool operator !=(Fraction left, Fraction right) => !left.Equals(right);

    /// <summary>a &lt; b</summary>
    /// <param name="left">a</param>
    /// <param name="right">b</param>
    public static bool operator <(Fraction left, Fraction right) => left.CompareTo(right) < 0;

    /// <summary>a ≤ b</summary>
    /// <param name="left">a</param>
    /// <param name="right">b</param>
    public static bool operator <=(Fraction left, Fraction right) => left.CompareTo(right) <= 0;

    /// <summary>a &gt; b</summary>
    /// <param name="left">a</param>
    /// <param name="right">b</param>
    public static bool operator >(Fraction left, Fraction right) => left.CompareTo(right) > 0;

    /// <summary>a ≥ b</summary>
    /// <param name="left">a</param>
    /// <param name="right">b</param>
    public static bool operator >=(Fraction left, Fraction right) => left.CompareTo(right) >= 0;
}
