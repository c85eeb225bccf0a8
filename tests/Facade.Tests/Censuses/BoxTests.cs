using System;
using System.Globalization;
using System.Linq;
using FsCheck.Fluent;
using Xunit;

namespace LayerTime.Facade.Tests.Censuses;

public sealed class BoxTests
{
    [Fact]
    public void What_is_written_is_read_back()
    {
        var ends = ArbMap.Default.GeneratorFor<FsCheck.NormalFloat>().Select(number => number.Item);
        var sides = Gen.Zip(ends, ends).Select(pair => new Interval(Math.Min(pair.Item1, pair.Item2), Math.Max(pair.Item1, pair.Item2)));
        foreach (var side in Gen.Sample(sides, 20, 200))
        {
            var box = new Box(side, new Interval(-1, side.Upper < -1 ? -1 : Math.Abs(side.Upper)));
            Assert.Equal(box, Box.Parse(box.ToString()));
            Assert.Equal(box.GetHashCode(), Box.Parse(box.ToString()).GetHashCode());
        }
    }

    [Theory]
    [InlineData("[-3,3]^2", "[-3, 3] x [-3, 3]")]
    [InlineData(" [-3 , 3] x[0,1/4] ", "[-3, 3] x [0, 0.25]")]
    [InlineData("[0,1]×[2,3]X[4,5]", "[0, 1] x [2, 3] x [4, 5]")]
    [InlineData("[1e-3,1e3]", "[0.001, 1000]")]
    [InlineData("[0,1]^2x[2,2]", "[0, 1] x [0, 1] x [2, 2]")]
    public void Boxes_are_read(string text, string shown) => Assert.Equal(shown, Box.Parse(text).ToString());

    [Theory]
    [InlineData("", "are expected")]
    [InlineData("[1,0]", "is empty")]
    [InlineData("[0,inf]", "unbounded")]
    [InlineData("[-∞,0]", "unbounded")]
    [InlineData("[0,1e400]", "beyond the range of floats")]
    [InlineData("[0,NaN]", "'NaN' is no number")]
    [InlineData("[0;1]", "are expected")]
    [InlineData("[0,1,2]", "are expected")]
    [InlineData("[0,1]^0", "at least 1")]
    [InlineData("[0,1]^", "at least 1")]
    [InlineData("[0,1]^1000000000", "at most 1000 coordinates")]
    [InlineData("[0,1]^99999999999", "at least 1")]
    [InlineData("[0,1][0,1]", "x and the next interval")]
    [InlineData("[0,1]x", "are expected")]
    [InlineData("0,1", "are expected")]
    public void What_is_no_box_is_told(string text, string says)
    {
        Assert.Contains(says, Assert.Throws<FormatException>(() => Box.Parse(text)).Message, StringComparison.Ordinal);
        Assert.False(Box.TryParse(text, out _));
    }

    [Fact]
    public void Boxes_are_bounded_and_have_a_side()
    {
        Assert.Equal("sides", Assert.Throws<ArgumentException>(() => new Box()).ParamName);
        Assert.Equal("sides", Assert.Throws<ArgumentNullException>(() => new Box(null!)).ParamName);
        Assert.Contains("Coordinate 1", Assert.Throws<ArgumentException>(() => new Box(default, new(0, double.PositiveInfinity))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Box.Cube(0, 1));
        Assert.Equal("radius", Assert.Throws<ArgumentOutOfRangeException>(() => Box.Cube(2, double.NaN)).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => Box.Cube(2, -1));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(double.NaN, 0)]
    [InlineData(0, double.NaN)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    public void An_interval_has_a_member(double lower, double upper) => Assert.Throws<ArgumentException>(() => new Interval(lower, upper));

    [Fact]
    public void An_interval_knows_its_members()
    {
        var side = new Interval(-0.0, 2);

        Assert.Equal("[0, 2]", side.ToString());
        Assert.True(side.Contains(0) && side.Contains(2) && !side.Contains(2.5) && !side.Contains(double.NaN));
        Assert.Equal((2.0, 1.0, true), (side.Width, side.Midpoint, side.IsBounded));
        Assert.False(new Interval(double.NegativeInfinity, 0).IsBounded);
        Assert.True(new Box(side, side).Contains([1, 2]));
        Assert.False(new Box(side, side).Contains([1, 3]));
        Assert.Equal("point", Assert.Throws<ArgumentException>(() => new Box(side, side).Contains([1])).ParamName);
    }

    [Fact]
    public void A_box_belongs_to_nobody_else()
    {
        Interval[] sides = [new(0, 1)];
        var box = new Box(sides);
        sides[0] = new(5, 6);

        Assert.Equal("[0, 1]", box.ToString());
        Assert.Equal(0.5, box.Midpoint().Single());
        Assert.Equal("1", box.Dimension.ToString(CultureInfo.InvariantCulture));
    }
}
