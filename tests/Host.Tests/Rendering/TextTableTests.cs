using System.IO;
using LayerTime.Host.Rendering;
using Xunit;

namespace LayerTime.Host.Tests.Rendering;

public sealed class TextTableTests
{
    [Fact]
    public void Words_to_the_left_numbers_to_the_right_nothing_behind()
    {
        var table = new TextTable(gapOfNumbers: 1, new("name"), new("kind"), new("n", ToTheRight: true), new("m", ToTheRight: true));
        table.Add(new("a"), new("long word"), new("12"), new(""));
        table.Add(new("abcdef"), new(""), new("1"), new("345"));

        Assert.Equal("name    kind        n   m\na       long word  12\nabcdef              1 345\n", Text(table, Paint.Plain));
    }

    [Fact]
    public void A_first_cell_too_long_for_the_page_gets_its_own_line()
    {
        var table = new TextTable(gapOfNumbers: 1, new("name"), new("n", ToTheRight: true));
        table.Add(new(new string('x', 120)), new("1"));

        Assert.Equal(["name" + new string(' ', 95) + "n", new string('x', 120), new string(' ', 99) + "1", ""], Text(table, Paint.Plain).Split('\n'));
    }

    [Fact]
    public void Colours_change_no_width()
    {
        var table = new TextTable(gapOfNumbers: 1, new("a"), new("b"));
        table.Add(new("x", Colour.Bad), new("y"));

        Assert.Equal("\e[1ma\e[0m  \e[1mb\e[0m\n\e[31mx\e[0m  y\n", Text(table, new(true)));
        Assert.Equal("a  b\nx  y\n", Text(table, Paint.Plain));
    }

    private static string Text(TextTable table, Paint paint)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        table.Write(writer, paint);
        return writer.ToString();
    }
}
