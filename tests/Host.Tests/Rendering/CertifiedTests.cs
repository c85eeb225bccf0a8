using System;
using System.Linq;
using LayerTime.Host.Rendering;
using Xunit;

namespace LayerTime.Host.Tests.Rendering;

public sealed class CertifiedTests
{
    [Theory]
    [InlineData(0, 0, "0")]
    [InlineData(-1.5, -1.5, "-1.5")]
    [InlineData(0.12345678, 0.12345679, "0.12345678")]
    [InlineData(0.999, 1.001, "1.00")]
    [InlineData(-0.5, 0.5, "0")]
    [InlineData(-2.00000005, -1.99999995, "-2.0000000")]
    // The nearest floats are a little more than 10⁻⁷ away from 2.
    [InlineData(-2.0000001, -1.9999999, "-2.000000")]
    [InlineData(123456789.25, 123456789.75, "123456790")]
    [InlineData(1.0e-20, 1.001e-20, "1.00e-20")]
    [InlineData(5e12, 5.001e12, "5.001e12")]
    [InlineData(1e-6, 9e-6, "0.00001")]
    [InlineData(1e-7, 3e-6, "0.00000")]
    [InlineData(-3e12, -1e12, "-2e12")]
    [InlineData(1e12, 7e12, "[1000000000000, 7000000000000]")]
    [InlineData(-1e-17, 1e-17, "0.0000000000000000")]
    [InlineData(-3, 7, "[-3, 7]")]
    [InlineData(double.NegativeInfinity, 1, "[-Infinity, 1]")]
    public void As_many_digits_as_are_certain(double lower, double upper, string expected) => Assert.Equal(expected, Certified.Text(new(lower, upper)));

    [Fact]
    public void Every_member_is_within_one_unit_of_the_last_digit()
    {
        var random = new Random(1);
        foreach (var i in Enumerable.Range(0, 2000))
        {
            var (middle, radius) = ((random.NextDouble() - 0.5) * Math.ScaleB(1, random.Next(-16, 29)), Math.ScaleB(random.NextDouble(), -random.Next(0, 50)));
            var side = new Interval(middle - radius, middle + radius);
            var text = Certified.Text(side);
            if (text.StartsWith('['))
            {
                // Not even the units are certain.
                Assert.True(side.Width > 1);
                continue;
            }

            var (mantissa, exponent) = text.Split('e') is [var m, var e] ? (m, int.Parse(e, System.Globalization.CultureInfo.InvariantCulture)) : (text, 0);
            var decimals = mantissa.Contains('.', StringComparison.Ordinal) ? mantissa.Length - mantissa.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
            var (shown, unit) = (Fraction.Parse(text), Fraction.Parse($"1e{exponent - decimals}"));
            Assert.True(Fraction.FromDouble(side.Upper) - shown <= unit && shown - Fraction.FromDouble(side.Lower) <= unit, $"{side}: {text}");
        }
    }
}
