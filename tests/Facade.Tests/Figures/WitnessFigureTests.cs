using System;
using System.IO;
using System.Threading.Tasks;
using LayerTime.Facade.Tests.Files;
using Xunit;

namespace LayerTime.Facade.Tests.Figures;

/// <summary>The pictures of refuted cases in the page of a run: green what is allowed, red what was found.</summary>
public sealed class WitnessFigureTests
{
    [Theory]
    [InlineData("at most 0.5", "2", 1, 1)]
    [InlineData("at least 1/2", "-3/4", 1, 1)]
    [InlineData("an order in [0.9, 1.1]", "the last two pairwise orders are 0.33 and 0.32", 2, 2)]
    [InlineData("0 up to 1E-06", "1.5", 2, 1)]
    [InlineData("3", "4", 1, 1)]
    [InlineData("none", "[0.25, 0.26] of index 1, [1, 1.5] of index 0", 0, 2)]
    public async Task Numbers_stand_beside_what_they_should_be(string expected, string found, int ends, int dots)
    {
        var page = await Page(expected, found);

        Assert.Equal(dots, Count(page, "<circle"));
        Assert.Equal(ends, Count(page, "stroke=\"#116329\" stroke-width=\"2\"/>"));
        Assert.Contains("layertime replay ", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Vectors_of_the_plane_are_points_and_longer_ones_are_courses()
    {
        Assert.Equal(2, Count(await Page("(1, 2)", "(3, 1/2)"), "<circle"));
        Assert.Contains(">should be<", await Page("(1, 2, 3), (4)", "(3), (1, 2, 1)"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("differ", "it is not so")]
    [InlineData("at most a lot", "2")]
    [InlineData("at most 1", "NaN")]
    [InlineData("(1, 2)", "(1, 2, 3)")]
    [InlineData("none", "a line x₁ = const")]
    public async Task What_is_said_in_words_is_not_drawn(string expected, string found) =>
        Assert.DoesNotContain("<svg", await Page(expected, found), StringComparison.Ordinal);

    private static async Task<string> Page(string expected, string found)
    {
        var claim = Claim.Define("mine.one", "q is less than 1")
            .Needs("H1", "it is")
            .Exact("part", Cases.Fixed(1), _ => Outcome.Holds)
            .FailsWithout("H1", Cases.Fixed(1), _ => Outcome.Refuted("q < 1", expected, found));
        using var folder = new TemporaryFolder();
        var report = await Verifier.VerifyAsync([claim]);
        report.SaveReport(folder.File("page"));
        return await File.ReadAllTextAsync(Path.Combine(folder.File("page"), "index.html"));
    }

    private static int Count(string page, string part) => page.Split(part).Length - 1;
}
