using System;
using System.IO;
using System.Linq;
using LayerTime.Facade.Tests.Files;
using Xunit;

namespace LayerTime.Facade.Tests.Censuses;

public sealed class PavingTests
{
    private static string Example { get; } = Landscapes.A241.CriticalPoints(Landscapes.Square, new() { MaxBoxes = 20 }).Paving.ToJson();

    [Fact]
    public void A_resumed_census_is_the_census_that_was_taken_in_one_go()
    {
        var whole = Landscapes.Everything(Landscapes.B2321.CriticalPoints(Landscapes.Square));
        foreach (var budget in new long[] { 0, 1, 255, 256, 257, 700, 1500, 1924, 1925, 100_000 })
        {
            var part = Landscapes.B2321.CriticalPoints(Landscapes.Square, new() { MaxBoxes = budget });
            var resumed = Landscapes.B2321.CriticalPoints(CensusPaving.Parse(part.Paving.ToJson()));

            Assert.True(whole == Landscapes.Everything(resumed), $"resumed after {budget} boxes");
        }
    }

    [Fact]
    public void A_census_in_many_small_steps_is_the_census_that_was_taken_in_one_go()
    {
        var paving = Landscapes.B2321.CriticalPoints(Landscapes.Square, new() { MaxBoxes = 0 }).Paving;
        for (var budget = 300L; budget < 2400; budget += 300)
        {
            paving = CensusPaving.Parse(Landscapes.B2321.CriticalPoints(paving, new() { MaxBoxes = budget }).Paving.ToJson());
        }

        Assert.Equal(Landscapes.Everything(Landscapes.B2321.CriticalPoints(Landscapes.Square)), Landscapes.Everything(Landscapes.B2321.CriticalPoints(paving)));
    }

    [Fact]
    public void Moved_faces_are_found_again()
    {
        // The face is moved through the point that a first census found.
        var inside = Landscapes.B2321.CriticalPoints(Landscapes.Square).Points[1].Point[0].Midpoint;
        var box = new Box(new Interval(inside, 2.5), new Interval(-2.5, 2.5));
        var options = new CensusOptions { MoveFaces = true };
        var whole = Landscapes.B2321.CriticalPoints(box, options);

        Assert.True(whole.IsComplete);
        Assert.True(whole.Domain[0].Lower < inside);
        foreach (var budget in new[] { 300L, whole.Boxes / 2, whole.Boxes - 1, whole.Boxes })
        {
            var part = Landscapes.B2321.CriticalPoints(box, options with { MaxBoxes = budget });
            var resumed = Landscapes.B2321.CriticalPoints(CensusPaving.Parse(part.Paving.ToJson()));

            Assert.True(Landscapes.Everything(whole) == Landscapes.Everything(resumed), $"resumed after {budget} boxes");
        }
    }

    [Fact]
    public void A_paving_is_written_and_read_without_a_change()
    {
        using var folder = new TemporaryFolder();
        var paving = Landscapes.A241.CriticalPoints(Landscapes.Square, new() { MaxBoxes = 20 }).Paving;
        paving.Save(folder.File("a241.paving"));
        var read = CensusPaving.Load(folder.File("a241.paving"));

        Assert.Equal(paving.ToJson(), File.ReadAllText(folder.File("a241.paving")));
        Assert.Equal(paving.ToJson(), read.ToJson());
        Assert.Equal((paving.Box, paving.Boxes, paving.OpenBoxes, paving.NetworkDigest), (read.Box, read.Boxes, read.OpenBoxes, read.NetworkDigest));
        Assert.Equal(["a241.paving"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void A_paving_of_another_network_is_refused()
    {
        var exception = Assert.Throws<CensusPavingException>(() => Landscapes.B2321.CriticalPoints(CensusPaving.Parse(Example)));

        Assert.Contains("another network", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_paving_of_other_options_is_refused()
    {
        var paving = CensusPaving.Parse(Example);

        Assert.Contains("tolerance", Assert.Throws<CensusPavingException>(() => Landscapes.A241.CriticalPoints(paving, new() { Tolerance = 0.5 })).Message, StringComparison.Ordinal);
        Assert.Contains("faces", Assert.Throws<CensusPavingException>(() => Landscapes.A241.CriticalPoints(paving, new() { MoveFaces = true })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_number_is_noticed()
    {
        var changed = Example.Replace("-2.5", "-2.25", StringComparison.Ordinal);

        Assert.NotEqual(Example, changed);
        Assert.Contains("damaged", Assert.Throws<CensusPavingException>(() => CensusPaving.Parse(changed)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_box_that_was_left_out_is_noticed()
    {
        var lines = Example.Split('\n').ToList();
        var open = lines.FindIndex(line => line.Contains("\"open\"", StringComparison.Ordinal));
        lines.RemoveAt(open + 1);

        Assert.Throws<CensusPavingException>(() => CensusPaving.Parse(string.Join('\n', lines)));
    }

    [Theory]
    [InlineData("", "an empty document")]
    [InlineData("[1]", "an array")]
    [InlineData("{", "cut off")]
    [InlineData("""{ "format": "layertime/1" }""", "layertime-census/1")]
    [InlineData("""{ "format": "layertime-census/1" }""", "$.searches")]
    [InlineData("""{ "searches": [{ "domain": [[0, 1]], "boxes": -1, "found": [], "small": [], "open": [] }] }""", "$.searches[0].boxes")]
    [InlineData("""{ "searches": [{ "domain": [[0, 1]], "boxes": 1, "found": [], "small": [], "open": [[[1, 0]]] }] }""", "$.searches[0].open[0][0]")]
    [InlineData("""{ "searches": [{ "domain": [[0, 1]], "boxes": 1, "found": [], "small": [[[0, 1], [0, 1]]], "open": [] }] }""", "found 2 intervals, expected 1")]
    [InlineData("""{ "searches": [{ "domain": [[0, 1]], "boxes": 1, "found": [3], "small": [], "open": [] }] }""", "$.searches[0].found[0]")]
    [InlineData("""{ "searches": [] }""", "$.format")]
    [InlineData("""{ "tolerance": -1, "moveFaces": 1, "network": "abc" }""", "64 hexadecimal digits")]
    public void What_is_no_paving_is_told(string text, string says) =>
        Assert.Contains(says, Assert.Throws<CensusPavingException>(() => CensusPaving.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Files_that_cannot_be_read_or_written_are_told()
    {
        using var folder = new TemporaryFolder();

        Assert.Throws<NetworkFileException>(() => CensusPaving.Load(folder.File("none")));
        Assert.Throws<NetworkFileException>(() => CensusPaving.Parse(Example).Save(folder.File("none/here")));
    }
}
