using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using LayerTime.Facade.Tests.Censuses;
using LayerTime.Facade.Tests.Files.Foreign;
using Xunit;

namespace LayerTime.Facade.Tests.Examinations;

public sealed class ExaminationTests
{
    public static TheoryData<Architecture, int> Drawn { get; } = Draw();

    private static readonly string[] Papers = ["hauser", "kuehn-kuntz", "ruseckas", "duan"];

    [Fact]
    public async Task Every_claim_is_answered_once_in_the_order_of_the_catalogue()
    {
        var examination = await Examination.RunAsync(Landscapes.A241);

        Assert.Equal(ClaimCatalogue.All.Select(claim => claim.Id), examination.Claims.Select(claim => claim.Id));
        Assert.All(examination.Claims, claim => Assert.NotEqual("", claim.Text));
        Assert.All(examination.Claims.Where(claim => claim.Relevance == ClaimRelevance.DoesNotApply), claim => Assert.NotEqual("", claim.Hypothesis));
        Assert.DoesNotContain(examination.Claims, claim => claim.Text.Contains("No row", StringComparison.Ordinal) && Papers.Contains(claim.Id.Split('.')[0]));
    }

    [Fact]
    public async Task The_critical_points_are_those_of_the_census()
    {
        var examination = await Examination.RunAsync(Landscapes.A241, new() { Box = Landscapes.Square });

        Assert.Equal(4, examination.Census!.Points.Count);
        Assert.Contains("1 minimum, 2 saddles, 1 maximum", Finding(examination, "critical points", "census").Text, StringComparison.Ordinal);
        Assert.Equal(ClaimRelevance.Undecided, Claim(examination, "kuehn-kuntz.mlp.morse-generic").Relevance);
        Assert.Equal(ClaimRelevance.DoesNotApply, Claim(examination, "kuehn-kuntz.mlp.no-critical-point").Relevance);
        Assert.Contains("2 is followed by 4", Claim(examination, "kuehn-kuntz.mlp.no-critical-point").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_network_of_falling_widths_has_no_critical_point_and_says_why()
    {
        // |∇Φ| ≥ s_min·min tanh′·|w|: the singular values of [[1, 2], [2, −1]] are √5, and |w| = √2.
        var network = Network.FeedForward(
            Layer.Dense(new double[,] { { 1, 2 }, { 2, -1 } }, [0, 0], Activation.Tanh), Layer.Dense(new double[,] { { 1, 1 } }, [0]));
        var examination = await Examination.RunAsync(network, new() { Box = Box.Cube(2, 0.25) });

        var claim = Claim(examination, "kuehn-kuntz.mlp.no-critical-point");
        Assert.Equal(ClaimRelevance.Holds, claim.Relevance);
        var bounds = Regex.Match(claim.Text, "s_min ≥ ([0-9.]+), ([0-9.]+);").Groups;
        Assert.InRange(double.Parse(bounds[1].Value, CultureInfo.InvariantCulture), 0.99 * Math.Sqrt(5), Math.Sqrt(5));
        Assert.InRange(double.Parse(bounds[2].Value, CultureInfo.InvariantCulture), 0.99 * Math.Sqrt(2), Math.Sqrt(2));
    }

    [Fact]
    public async Task A_momentum_network_is_reversible_and_a_network_without_biases_conserves_its_pairing()
    {
        var layer = Layer.Dense(new double[,] { { 0.5, -1 }, { 1, 0.25 } }, [0.1, 0], Activation.Tanh);
        var smooth = await Examination.RunAsync(Network.Smooth(2, 0.5, layer, layer, layer), new() { Output = 1 });
        Assert.Equal(ClaimRelevance.Holds, Claim(smooth, "hauser.smooth.inverse").Relevance);
        Assert.Equal(ClaimRelevance.Holds, Claim(smooth, "hauser.grad.adjoint").Relevance);
        Assert.Contains("all 3 layers have the same weights", Finding(smooth, "architecture", "weights").Text, StringComparison.Ordinal);

        var leaky = Layer.Dense(new double[,] { { 0.5, -1 }, { 1, 0.25 } }, [0, 0], Activation.LeakyRelu(0.5));
        var plain = await Examination.RunAsync(Network.FeedForward(leaky, leaky), new() { Output = 0, Points = [[1, 2]] });
        Assert.Equal(ClaimRelevance.Holds, Claim(plain, "ruseckas.conservation.homogeneous-network").Relevance);
        Assert.Equal(ClaimRelevance.Holds, Claim(plain, "ruseckas.discrete.ffn-pairing").Relevance);
        Assert.Equal(ClaimRelevance.Holds, Claim(plain, "duan.reverse.network-is-flow").Relevance);
        Assert.Equal(ClaimRelevance.DoesNotApply, Claim(plain, "hauser.smooth.inverse").Relevance);
    }

    [Theory]
    [MemberData(nameof(Drawn))]
    public async Task No_two_points_of_the_box_are_further_apart_than_the_bounds_say(Architecture architecture, int seed)
    {
        var network = new TameNetworks(seed).Next(architecture);
        var examination = await Examination.RunAsync(network, new() { Output = 0, MaxBoxes = 0 });
        var (everywhere, inBox) = (Number(examination, "lipschitz", "everywhere", "infinity"), Number(examination, "lipschitz", "box", "infinity"));
        var random = new Random(seed);
        var inputs = network.Lift?.InputWidth ?? network.StateDimension;
        for (var trial = 0; trial < 200; trial++)
        {
            double[] x = [.. Enumerable.Range(0, inputs).Select(_ => (2 * random.NextDouble()) - 1)];
            double[] y = [.. x.Select(c => Math.Clamp(c + (0.1 * (random.NextDouble() - 0.5)), -1, 1))];
            var distance = x.Zip(y, (a, b) => Math.Abs(a - b)).Max();
            var moved = Math.Abs(network.Run(x).Output[0] - network.Run(y).Output[0]);

            // The outputs are rounded: some hundred operations of values below 10³.
            Assert.True(moved <= (Math.Min(everywhere, inBox) * distance) + 1e-10, $"{network}: {moved} against {Math.Min(everywhere, inBox)} · {distance}");
        }
    }

    [Theory]
    [MemberData(nameof(Drawn))]
    public async Task Momenta_are_those_of_the_gradient(Architecture architecture, int seed)
    {
        var draw = new TameNetworks(seed);
        var network = draw.Next(architecture);
        var point = draw.Input(network);
        var examination = await Examination.RunAsync(network, new() { Output = 0, Points = [point], MaxBoxes = 0 });
        var momenta = Finding(examination, "momentum", "point 1").Numbers;
        var gradient = network.Gradient(point, [1, .. new double[network.OutputWidth - 1]]);

        Assert.Equal(network.Depth + 1, momenta.Count);
        Assert.All(momenta.Select((momentum, layer) => (momentum.Value, layer)), pair =>
            Assert.Equal(Math.Sqrt(gradient.Momentum(pair.layer).Sum(a => a * a)), pair.Value, tolerance: 1e-12 * (1 + pair.Value)));
    }

    [Fact]
    public async Task The_largest_output_stays_the_largest_within_the_radius()
    {
        var network = Network.FeedForward(
            Layer.Dense(new double[,] { { 1, -1 }, { 0.5, 2 }, { -1, 1 } }, [0, 0.1, 0.2], Activation.Relu),
            Layer.Dense(new double[,] { { 1, 0, 1 }, { 0, 1, -1 }, { 0.5, 0.5, 0 } }, [0, 0, 0]));
        double[] point = [1, 0.25];
        var examination = await Examination.RunAsync(network, new() { Points = [point] });
        var radius = Number(examination, "lipschitz", "point 1", "radius");
        var largest = Largest(network.Run(point).Output);

        Assert.True(radius > 0);
        var random = new Random(1);
        for (var trial = 0; trial < 500; trial++)
        {
            double[] near = [.. point.Select(c => c + (radius * 0.999 * ((2 * random.NextDouble()) - 1)))];
            Assert.Equal(largest, Largest(network.Run(near).Output));
        }

        static int Largest(IReadOnlyList<double> output) => Enumerable.Range(0, output.Count).MaxBy(i => output[i]);
    }

    [Fact]
    public async Task The_regions_on_a_line_are_counted()
    {
        // relu(x) + relu(−x − 1/2) + relu(x − 1/4) on [−1, 1]: kinks at −1/2, 0 and 1/4.
        var network = Network.FeedForward(
            Layer.Dense(new double[,] { { 1 }, { -1 }, { 1 } }, [0, -0.5, -0.25], Activation.Relu), Layer.Dense(new double[,] { { 1, 1, 1 } }, [0]));
        var examination = await Examination.RunAsync(network);

        Assert.Equal(4, Number(examination, "linear regions", "line", "regions"));
        Assert.Equal(3, Number(examination, "linear regions", "line", "kinks"));
        Assert.True(Number(examination, "linear regions", "line", "hidden") < 1e-12);
    }

    [Fact]
    public async Task The_result_does_not_depend_on_the_number_of_cores_and_is_json()
    {
        var one = await Examination.RunAsync(Landscapes.A241, new() { MaxDegreeOfParallelism = 1 });
        var two = await Examination.RunAsync(Landscapes.A241, new() { MaxDegreeOfParallelism = 2 });

        Assert.Equal(one.ToJson(), two.ToJson());
        var document = JsonNode.Parse(one.ToJson())!;
        Assert.Equal(one.Findings.Count, document["findings"]!.AsArray().Count);
        Assert.Equal(ClaimCatalogue.All.Count, document["claims"]!.AsArray().Count);
    }

    [Fact]
    public async Task Cancelled_it_tells_what_was_found()
    {
        var examination = await Examination.RunAsync(Landscapes.A241, cancellationToken: new CancellationToken(canceled: true));

        Assert.True(examination.Interrupted);
        Assert.Empty(examination.Claims);
    }

    [Fact]
    public async Task What_does_not_fit_is_refused()
    {
        Task Run(ExaminationOptions options) => Examination.RunAsync(Landscapes.A241, options);

        await Assert.ThrowsAsync<ArgumentException>(() => Run(new() { Points = [[1, 2, 3]] }));
        await Assert.ThrowsAsync<ArgumentException>(() => Run(new() { Box = Box.Cube(3, 1) }));
        await Assert.ThrowsAsync<ArgumentException>(() => Run(new() { Output = 1 }));
        await Assert.ThrowsAsync<ArgumentException>(() => Run(new() { Subtracted = 0 }));
    }

    private static TheoryData<Architecture, int> Draw()
    {
        var drawn = new TheoryData<Architecture, int>();
        foreach (var architecture in Enum.GetValues<Architecture>())
        {
            for (var seed = 0; seed < 3; seed++)
            {
                drawn.Add(architecture, seed);
            }
        }

        return drawn;
    }

    private static Finding Finding(Examination examination, string topic, string name) =>
        Assert.Single(examination.Findings, finding => finding.Topic == topic && finding.Name == name);

    private static double Number(Examination examination, string topic, string name, string number) =>
        Assert.Single(Finding(examination, topic, name).Numbers, pair => pair.Name == number).Value;

    private static ClaimApplicability Claim(Examination examination, string id) => Assert.Single(examination.Claims, claim => claim.Id == id);
}
