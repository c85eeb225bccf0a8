using System;
using System.Globalization;
using System.Linq;
using System.Xml.Linq;
using LayerTime.Facade.Tests.Censuses;
using Xunit;

namespace LayerTime.Facade.Tests.Figures;

public sealed class CensusFigureTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Every_critical_point_is_marked_at_its_place()
    {
        var root = Draw(Landscapes.A241, Landscapes.Square);
        double[][] marks = [.. Marks(root)];

        // The box is a square of 520 pixels whose upper left corner is (80, 24).
        Assert.All(Landscapes.OfA241, expected => Assert.Contains(marks, mark =>
            Math.Abs(mark[0] - (80 + (520 * (expected.Point[0] + 2.5) / 5))) <= 0.01 && Math.Abs(mark[1] - (24 + (520 * (2.5 - expected.Point[1]) / 5))) <= 0.01));
        Assert.Equal(["#c8322b", "#e8960c", "#e8960c", "#1f6fb4"], Texts(root).Where(text => text.Attribute("font-weight")?.Value == "bold" && text.Attribute("fill") is not null)
            .Select(text => text.Attribute("fill")!.Value));
    }

    [Fact]
    public void The_graph_of_one_input_runs_through_its_critical_points()
    {
        var root = Draw(Landscapes.C131, Box.Cube(1, 4));
        var graph = Assert.Single(root.Elements(Svg + "path"), path => path.Attribute("stroke")?.Value == "#333").Attribute("d")!.Value;
        double[][] points = [.. graph[1..].Split('L').Select(Pair)];

        Assert.Equal(601, points.Length);
        Assert.Equal(4, Marks(root).Count(mark => mark[0] < 600));

        // Between two samples the graph rises or falls by no more than its slope, below 2 everywhere, lets it.
        Assert.All(Marks(root).Where(mark => mark[0] < 600), mark => Assert.Contains(points, point => Math.Abs(point[0] - mark[0]) <= 0.44 && Math.Abs(point[1] - mark[1]) <= 1));
    }

    [Fact]
    public void What_is_undecided_is_hatched_and_visible()
    {
        var complete = Draw(Landscapes.A241, Landscapes.Square);
        var open = Draw(Landscapes.A241, Landscapes.Square, new() { MaxBoxes = 10 });
        var degenerate = Draw(Landscapes.Degenerate, Box.Cube(1, 1));

        Assert.Empty(Hatched(complete));
        Assert.NotEmpty(Hatched(open));
        Assert.Contains("not complete", Texts(open).Select(text => text.Value));
        var width = double.Parse(Assert.Single(Hatched(degenerate)).Attribute("d")!.Value.Split('h')[1].Split('v')[0], CultureInfo.InvariantCulture);
        Assert.True(width >= 5);
    }

    [Fact]
    public void Level_sets_of_a_bowl_are_closed_curves_around_its_minimum()
    {
        // x² + y²: the level c is the circle of radius √c.
        var bowl = Network.FeedForward(
            Layer.Dense(new Fraction[,] { { 1, 0 }, { 0, 1 } }, [0, 0], Activation.Square),
            Layer.Dense(new Fraction[,] { { 1, 1 } }, [0]));
        var root = Draw(bowl, Box.Cube(2, 1));
        var levels = root.Elements(Svg + "path").Where(path => path.Attribute("clip-path") is not null && path.Attribute("stroke-width")?.Value == "1.2").ToList();
        var closed = levels.Where(path => path.Attribute("d")!.Value.EndsWith('Z') && path.Attribute("d")!.Value.Count(c => c == 'M') == 1).ToList();

        Assert.True(closed.Count >= 8);
        foreach (var circle in closed)
        {
            double[] radii = [.. circle.Attribute("d")!.Value[1..^1].Split('L').Select(Pair).Select(point => Math.Sqrt(Math.Pow(point[0] - 340, 2) + Math.Pow(point[1] - 284, 2)))];

            // A cell has 3.25 pixels; linear interpolation of x² misses by at most (1/80)²/4 in value, and 1/√c times as much in radius.
            Assert.True(radii.Max() - radii.Min() < 0.2, $"{radii.Min()} … {radii.Max()}");
        }
    }

    [Fact]
    public void The_document_is_well_formed_and_says_what_it_shows()
    {
        var root = Draw(Landscapes.A241, Landscapes.Square);

        Assert.Contains("4 critical points, complete", root.Element(Svg + "title")!.Value, StringComparison.Ordinal);
        Assert.Contains("1 × minimum, index 0", Texts(root).Select(text => text.Value));
        Assert.Contains("2 × saddle, index 1", Texts(root).Select(text => text.Value));
        Assert.Contains("level set of a saddle", Texts(root).Select(text => text.Value));
        Assert.DoesNotContain(root.DescendantsAndSelf().Attributes(), attribute => attribute.Value.Contains("NaN", StringComparison.Ordinal) || attribute.Value.Contains('∞', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[0,0]")]
    [InlineData("[-1e308,1e308]")]
    [InlineData("[1e-300,2e-300]")]
    [InlineData("[1,1.0000000000000002]")]
    public void Boxes_of_any_size_are_drawn(string box)
    {
        foreach (var activation in new[] { Activation.Softplus, Activation.Square })
        {
            var root = Draw(Landscapes.Neuron(activation), Box.Parse(box), new() { MaxBoxes = 100 });
            Assert.DoesNotContain(root.DescendantsAndSelf().Attributes(), attribute => attribute.Value.Contains("NaN", StringComparison.Ordinal) || attribute.Value.Contains('∞', StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Three_inputs_are_not_drawn()
    {
        var network = Network.FeedForward(Layer.Dense(new double[,] { { 1, 1, 1 } }, [0], Activation.Tanh));

        Assert.Contains("3 inputs", Assert.Throws<InvalidOperationException>(() => network.CriticalPoints(Box.Cube(3, 1)).ToSvg()).Message, StringComparison.Ordinal);
    }

    private static XElement Draw(Network network, Box box, CensusOptions? options = null) => XElement.Parse(network.CriticalPoints(box, options).ToSvg());

    private static System.Collections.Generic.IEnumerable<XElement> Texts(XElement root) => root.Elements(Svg + "text");

    private static System.Collections.Generic.IEnumerable<XElement> Hatched(XElement root) =>
        root.Elements(Svg + "path").Where(path => path.Attribute("fill")?.Value == "url(#hatch)");

    private static System.Collections.Generic.IEnumerable<double[]> Marks(XElement root) =>
        root.Elements(Svg + "path").Select(path => path.Attribute("transform")?.Value).OfType<string>().Select(text => Pair(text["translate(".Length..^1]));

    private static double[] Pair(string text) => [.. text.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
}
