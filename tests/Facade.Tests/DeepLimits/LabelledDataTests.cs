using System;
using Xunit;

namespace LayerTime.Facade.Tests.DeepLimits;

public sealed class LabelledDataTests
{
    [Fact]
    public void A_table_is_read_with_and_without_names()
    {
        var named = LabelledData.Parse("a;kind;b\n1;yes;-2.5\n2;no;1e3\n", "kind");
        Assert.Equal(["a", "b"], named.Features);
        Assert.Equal(["no", "yes"], named.Classes);
        Assert.Equal([1, 0], named.Labels);
        Assert.Equal([1, -2.5], named.Points[0]);
        var plain = LabelledData.Parse("1,2,10\n3,4,9\n");
        Assert.Equal(["x1", "x2"], plain.Features);
        // Classes that are numbers are ordered as numbers.
        Assert.Equal(["9", "10"], plain.Classes);
        Assert.Equal(["1", "3"], LabelledData.Parse("7,1,2\n8,3,4\n", "2").Classes);
    }

    [Fact]
    public void Standardised_features_have_mean_zero_and_deviation_one()
    {
        var data = LabelledData.Parse("1,10,a\n3,30,b\n").Standardised();
        Assert.Equal([-1, -1], data.Points[0]);
        Assert.Equal([1, 1], data.Points[1]);
    }

    [Theory]
    [InlineData("x,y,c\n1,,a\n2,3,b\n", "line 2, column y: found an empty cell, expected a finite number")]
    [InlineData("x,y,c\n1,two,a\n2,3,b\n", "line 2, column y: found \"two\", expected a finite number")]
    [InlineData("x,y,c\n1,NaN,a\n2,3,b\n", "line 2, column y: found NaN, expected a finite number")]
    [InlineData("x,y,c\n1,Infinity,a\n2,3,b\n", "line 2, column y: found Infinity, expected a finite number")]
    [InlineData("x,y,c\n1,5,a\n2,5,b\n", "column y: found the same number in every line")]
    [InlineData("x,y,c\n1,5,a\n2,6,a\n", "column c: found a single class, \"a\", expected at least two classes")]
    [InlineData("x,y,c\n1,5\n2,6,a\n", "line 2: found 2 cells, expected 3")]
    [InlineData("x,y,c\n1,5,\n2,6,a\n", "line 2, column c: found an empty cell, expected a class")]
    [InlineData("x,y,c\n", "found no line with a point")]
    [InlineData("", "found no line, expected a line for each point")]
    [InlineData("c\na\nb\n", "found one column, expected at least one feature")]
    public void What_cannot_be_learned_from_is_refused_with_its_place(string table, string says)
    {
        var refused = Assert.Throws<LabelledDataException>(() => LabelledData.Parse(table));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_that_is_not_there_is_named_beside_those_that_are()
    {
        var refused = Assert.Throws<LabelledDataException>(() => LabelledData.Parse("x,y,c\n1,2,a\n2,3,b\n", "class"));
        Assert.Contains("found no column class, expected the name of a column (x, y, c)", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => LabelledData.Generate("cheese"));
    }
}
