using System;
using System.Globalization;
using System.Linq;
using Xunit;

namespace LayerTime.Facade.Tests.Networks;

public sealed class FractionTests
{
    [Fact]
    public void Arithmetic_is_exact()
    {
        var third = new Fraction(1, 3);

        Assert.Equal(1, third + third + third);
        Assert.Equal(new Fraction(-2, 3), third - 1);
        Assert.Equal(new Fraction(1, 9), third * third);
        Assert.Equal(3, 1 / third);
        Assert.Equal(new Fraction(-1, 3), -third);
        Assert.Equal(third, Fraction.Abs(-third));
        Assert.Equal((third, -third), (Fraction.Max(third, -third), Fraction.Min(third, -third)));
        Assert.Throws<DivideByZeroException>(() => third / 0);
        Assert.Throws<DivideByZeroException>(() => new Fraction(1, 0));
    }

    [Fact]
    public void Text_goes_out_and_in()
    {
        Assert.Equal("-3/7", new Fraction(6, -14).ToString());
        Assert.Equal(new Fraction(-3, 7), Fraction.Parse("-3/7"));
        Assert.Equal(new Fraction(1, 8), Fraction.Parse("0.125"));
        Assert.Equal(new Fraction(-3, 2000), Fraction.Parse("-1.5e-3"));
        Assert.Contains("expected", Assert.Throws<FormatException>(() => Fraction.Parse("1/0")).Message, StringComparison.Ordinal);
        Assert.False(Fraction.TryParse("abc", out _));
        Assert.False(Fraction.TryParse(null, out _));
        Assert.True(Fraction.TryParse("5", out var five));
        Assert.Equal(5, five);
    }

    [Fact]
    public void Ten_thousand_digits_are_read_and_one_more_is_not()
    {
        var digits = new string('7', Fraction.MaximumDigits);

        Assert.Equal(digits, Fraction.Parse(digits).ToString());
        Assert.Throws<FormatException>(() => Fraction.Parse(digits + "7"));
    }

    [Fact]
    public void The_order_is_that_of_numbers()
    {
        Fraction[] numbers = [new(1, 2), -1, new(1, 3), 0];

        Assert.Equal([-1, 0, new(1, 3), new(1, 2)], numbers.Order());
        Assert.True(new Fraction(1, 3) < new Fraction(1, 2) && new Fraction(1, 2) >= new Fraction(2, 4));
        Assert.Equal(1, Fraction.One.CompareTo(null));
        Assert.Throws<ArgumentException>(() => Fraction.One.CompareTo("1"));
        Assert.Equal(default, Fraction.Zero);
        Assert.Equal(1, default(Fraction).Denominator);
    }

    [Fact]
    public void Floats_are_the_fractions_they_are()
    {
        Assert.Equal("3602879701896397/36028797018963968", Fraction.FromDouble(0.1).ToString());
        Assert.Equal(0.1, ((Fraction)0.1).ToDouble());
        Assert.Equal(1.0 / 3, (double)new Fraction(1, 3));
        Assert.Equal("number", Assert.Throws<ArgumentOutOfRangeException>(() => Fraction.FromDouble(double.NaN)).ParamName);
        Assert.Equal("0.5", Fraction.Parse("1/2").ToDouble().ToString(CultureInfo.InvariantCulture));
    }
}
