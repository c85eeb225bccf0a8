using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Facade.Tests.Censuses;

public sealed class CensusTests
{
    public static TheoryData<string> Names { get; } = ["A241", "B2321"];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_critical_points_are_those_of_the_reference_table(string name)
    {
        var (network, expected) = name == "A241" ? (Landscapes.A241, Landscapes.OfA241) : (Landscapes.B2321, Landscapes.OfB2321);
        var result = network.CriticalPoints(Landscapes.Square);

        Assert.True(result.IsComplete);
        Assert.False(result.Interrupted);
        Assert.Equal((0, 0), (result.SignedCount, result.Degree));
        Assert.Null(result.DegreeReason);
        Assert.Equal(Landscapes.Square, result.Domain);
        Assert.Equal(expected.Length, result.Points.Count);
        Assert.All(result.Points.Zip(expected), pair =>
        {
            var (point, (place, value, index)) = pair;

            // The weights are floats and the table is of decimals: they differ by less than one part in 10¹⁵, the points by less than 10⁻¹².
            Assert.All(Landscapes.Middle(point.Point).Zip(place), x => Assert.True(Math.Abs(x.First - x.Second) < 1e-12));
            Assert.All(point.Point, side => Assert.True(side.Width < 1e-12));
            Assert.True(Math.Abs(point.Value.Midpoint - value) < 1e-12);
            Assert.Equal(index, point.Index);
            Assert.Equal((CriticalPointKind)index, point.Kind);
            Assert.All(point.Home.Zip(point.Point), side => Assert.True(side.First.Lower <= side.Second.Lower && side.Second.Upper <= side.First.Upper));
        });
    }

    [Fact]
    public void One_input_knows_minima_and_maxima_only()
    {
        var result = Landscapes.C131.CriticalPoints(Box.Parse("[-4,4]"));

        Assert.Equal([1, 0, 1, 0], result.Points.Select(point => point.Index));
        Assert.Equal([CriticalPointKind.Maximum, CriticalPointKind.Minimum, CriticalPointKind.Maximum, CriticalPointKind.Minimum], result.Points.Select(point => point.Kind));
        Assert.Equal((2, 2), (result.Count(0), result.Count(1)));
    }

    [Fact]
    public void Exact_networks_are_taken_exactly()
    {
        var result = Landscapes.Parabola.CriticalPoints(Box.Parse("[-3,2]"));

        Assert.True(result.IsComplete);
        Assert.True(Assert.Single(result.Points).Point.Contains([-1.0]));
        Assert.True(result.Points[0].Value.Contains(0));
        Assert.Equal((1, 1), (result.SignedCount, result.Degree));
    }

    [Fact]
    public void Other_architectures_have_critical_points_too()
    {
        // x + (x + 1)² by a residual layer: the minimum is at −3/2, and its value −5/4.
        var network = Network.Residual(new Fraction(1, 1), Layer.Dense(new Fraction[,] { { 1 } }, [1], Activation.Square));
        var point = Assert.Single(network.CriticalPoints(Box.Cube(1, 4)).Points);

        Assert.Equal(CriticalPointKind.Minimum, point.Kind);
        Assert.True(point.Point.Contains([-1.5]));
        Assert.True(point.Value.Contains(-1.25));
    }

    [Fact]
    public void What_is_degenerate_stays_undecided()
    {
        var result = Landscapes.Degenerate.CriticalPoints(Box.Cube(1, 1));
        var region = Assert.Single(result.Undecided);

        Assert.False(result.IsComplete);
        Assert.Empty(result.Points);
        Assert.Equal(UndecidedReason.ToleranceReached, region.Reason);
        Assert.True(region.DegeneracySuspected);
        Assert.True(region.Box.Contains([0.0]));
    }

    [Fact]
    public void A_point_on_a_face_is_undecided_until_the_face_may_move()
    {
        var box = Box.Parse("[-1,2]");
        var stays = Landscapes.Parabola.CriticalPoints(box);
        var moves = Landscapes.Parabola.CriticalPoints(box, new() { MoveFaces = true });

        Assert.Equal(UndecidedReason.OnBoundary, Assert.Single(stays.Undecided).Reason);
        Assert.True(moves.IsComplete);
        Assert.Single(moves.Points);
        Assert.True(moves.Domain[0].Lower < -1);
        Assert.Equal(2, moves.Domain[0].Upper);
        Assert.Equal(box, moves.Paving.Box);
    }

    [Fact]
    public void A_budget_that_is_spent_leaves_open_boxes_and_never_a_wrong_none()
    {
        foreach (var budget in new[] { 0L, 1, 2, 7, 20 })
        {
            var result = Landscapes.A241.CriticalPoints(Landscapes.Square, new() { MaxBoxes = budget });

            Assert.False(result.IsComplete);
            Assert.InRange(result.Boxes, 0, budget);
            Assert.Contains(result.Undecided, region => region.Reason == UndecidedReason.NotExamined);
            Assert.All(Landscapes.OfA241, expected => Assert.True(
                result.Points.Any(point => point.Home.Contains(expected.Point)) || result.Undecided.Any(region => region.Box.Contains(expected.Point))));
        }
    }

    [Fact]
    public void A_budget_of_nothing_decides_nothing()
    {
        var result = Landscapes.A241.CriticalPoints(Landscapes.Square, new() { MaxBoxes = 0 });

        Assert.Equal(Landscapes.Square, Assert.Single(result.Undecided).Box);
        Assert.Empty(result.Points);
        Assert.Equal(0, result.Boxes);
    }

    [Fact]
    public void A_spent_budget_moves_no_face_and_keeps_what_was_found()
    {
        // The parabola's minimum lies on the face −1; with this budget it is found and the search is over or not.
        foreach (var budget in new[] { 0L, 1, 2, 3 })
        {
            var result = Landscapes.Parabola.CriticalPoints(Box.Parse("[-1,2]"), new() { MaxBoxes = budget, MoveFaces = true });

            Assert.False(result.IsComplete && result.Points.Count != 1);
            Assert.True(result.Undecided.Any(region => region.Box.Contains([-1.0])) || result.Points.Any(point => point.Point.Contains([-1.0])));
        }
    }

    [Theory]
    [InlineData("[-1e308,1e308]")]
    [InlineData("[-1.7976931348623157e308,1.7976931348623157e308]")]
    [InlineData("[-1e5,1e5]")]
    [InlineData("[0,1e300]")]
    public void A_box_so_large_that_exp_overflows_gives_no_wrong_none(string text)
    {
        var box = Box.Parse(text);
        foreach (var activation in new[] { Activation.Softplus, Activation.Logistic, Activation.Tanh })
        {
            var bump = Network.FeedForward(
                Layer.Dense(new double[,] { { 1 }, { 1 } }, [-1, 1], activation),
                Layer.Dense(new double[,] { { 1, -1 } }, [0]));
            var result = bump.CriticalPoints(box, new() { MaxBoxes = 2000 });
            var none = activation == Activation.Softplus;

            // σ(x − 1) − σ(x + 1) is even with one minimum at 0 for logistic and tanh, and falls everywhere for softplus.
            Assert.True(none || box[0].Lower == 0 || result.Points.Any(point => point.Home.Contains([0.0])) || result.Undecided.Any(region => region.Box.Contains([0.0])));
            Assert.True(!none || result.Points.Count == 0);
        }
    }

    [Fact]
    public void Weights_that_overflow_leave_everything_undecided()
    {
        var network = Network.FeedForward(
            Layer.Dense(new double[,] { { 1e200 } }, [0], Activation.Square),
            Layer.Dense(new double[,] { { 1e200 } }, [0], Activation.Tanh));
        var result = network.CriticalPoints(Box.Cube(1, 1), new() { MaxBoxes = 500 });

        Assert.False(result.IsComplete && result.Points.Count == 0);
        Assert.True(result.Undecided.Any(region => region.Box.Contains([0.0])) || result.Points.Any(point => point.Point.Contains([0.0])));
    }

    [Fact]
    public void Any_number_of_cores_gives_the_same_bytes()
    {
        string? first = null;
        foreach (var cores in new[] { 1, 2, 7 })
        {
            var complete = Landscapes.B2321.CriticalPoints(Landscapes.Square, new() { MaxDegreeOfParallelism = cores });
            var partial = Landscapes.B2321.CriticalPoints(Landscapes.Square, new() { MaxDegreeOfParallelism = cores, MaxBoxes = 700 });
            var bytes = Landscapes.Everything(complete) + Landscapes.Everything(partial);
            Assert.Equal(first ??= bytes, bytes);
        }
    }

    [Fact]
    public async Task Cancellation_returns_the_paving_so_far()
    {
        using var cancellation = new CancellationTokenSource();
        var progress = new Recorder(report =>
        {
            if (report.Boxes > 0)
            {
                cancellation.Cancel();
            }
        });

        // Degenerate lines: never complete, and many rounds of work.
        var result = await Bottleneck.CriticalPointsAsync(Box.Cube(2, 1), new() { Tolerance = 1e-4 }, progress, cancellation.Token);

        Assert.True(result.Interrupted);
        Assert.False(result.IsComplete);
        Assert.True(result.Boxes > 0);
        Assert.Equal(result.Boxes, result.Paving.Boxes);
        Assert.Contains(result.Undecided, region => region.Reason == UndecidedReason.NotExamined);
        Assert.True((bool)JsonNode.Parse(result.ToJson())!["interrupted"]!);
    }

    [Fact]
    public async Task Cancellation_before_the_start_leaves_the_whole_box_open()
    {
        var result = await Landscapes.A241.CriticalPointsAsync(Landscapes.Square, cancellationToken: new(canceled: true));

        Assert.True(result.Interrupted);
        Assert.Equal(Landscapes.Square, Assert.Single(result.Undecided).Box);
    }

    [Fact]
    public void A_cancelled_census_goes_on_to_the_result_of_one_that_never_stopped()
    {
        var whole = Landscapes.B2321.CriticalPoints(Landscapes.Square);
        using var cancellation = new CancellationTokenSource();
        var begun = Landscapes.B2321.CriticalPoints(Landscapes.Square, new() { MaxBoxes = 700 });
        var part = Landscapes.B2321.CriticalPoints(begun.Paving, null, new Recorder(_ => cancellation.Cancel()), cancellation.Token);

        Assert.True(part.Interrupted);
        Assert.InRange(part.Boxes, 1, 700);
        Assert.Equal(Landscapes.Everything(whole), Landscapes.Everything(Landscapes.B2321.CriticalPoints(CensusPaving.Parse(part.Paving.ToJson()))));
    }

    [Fact]
    public void Progress_grows_to_the_end()
    {
        var progress = new Recorder(_ => { });
        var result = Landscapes.B2321.CriticalPoints(Landscapes.Square, null, progress);
        CensusProgress[] all = [.. progress.All];

        Assert.Equal((0, 1, 0), (all[0].Boxes, all[0].OpenBoxes, all[0].Explored));
        Assert.Equal((result.Boxes, 0, 1), (all[^1].Boxes, all[^1].OpenBoxes, all[^1].Explored));
        Assert.Equal(all.Select(report => report.Boxes).Order(), all.Select(report => report.Boxes));
        Assert.Equal(all.Select(report => report.Explored).Order(), all.Select(report => report.Explored));
        Assert.True(all[^1].PointsFound >= result.Points.Count);
    }

    [Fact]
    public void Progress_that_throws_ends_the_census_with_its_exception() =>
        Assert.Throws<NotSupportedException>(() => Landscapes.A241.CriticalPoints(Landscapes.Square, null, new Recorder(_ => throw new NotSupportedException())));

    [Fact]
    public void The_document_tells_everything_in_its_order()
    {
        var json = JsonNode.Parse(Landscapes.A241.CriticalPoints(Landscapes.Square).ToJson())!.AsObject();
        var point = json["points"]![3]!.AsObject();

        Assert.Equal(
            ["version", "network", "box", "domain", "tolerance", "complete", "points", "undecided", "countByIndex", "signedCount", "degree", "boxes"], json.Select(pair => pair.Key));
        Assert.Equal(["point", "value", "index", "kind", "home"], point.Select(pair => pair.Key));
        Assert.Equal("minimum", (string?)point["kind"]);
        Assert.Equal([1, 2, 1], json["countByIndex"]!.AsArray().Select(count => (int)count!));
        Assert.InRange(Landscapes.OfA241[3].Point[0], (double)point["point"]![0]![0]! - 1e-12, (double)point["point"]![0]![1]! + 1e-12);
    }

    [Fact]
    public void Another_culture_writes_the_same_documents()
    {
        var culture = Thread.CurrentThread.CurrentCulture;
        var expected = Landscapes.Everything(Landscapes.A241.CriticalPoints(Landscapes.Square, new() { MaxBoxes = 20 }));
        try
        {
            var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (other.NumberFormat.NumberDecimalSeparator, other.NumberFormat.NegativeSign) = (",", "~");
            Thread.CurrentThread.CurrentCulture = other;
            Assert.Equal(expected, Landscapes.Everything(Landscapes.A241.CriticalPoints(Landscapes.Square, new() { MaxBoxes = 20 })));
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = culture;
        }
    }

    /// <summary>2-1-2-1: parallel lines of degenerate critical points.</summary>
    private static Network Bottleneck { get; } = Network.FeedForward(
        Layer.Dense(new[,] { { 1, 0.5 } }, [0.1], Activation.Tanh),
        Layer.Dense(new double[,] { { 3 }, { 1 } }, [0, 0], Activation.Tanh),
        Layer.Dense(new double[,] { { 1, -2 } }, [0]));

    private sealed class Recorder(Action<CensusProgress> then) : IProgress<CensusProgress>
    {
        internal ConcurrentQueue<CensusProgress> All { get; } = new();

        public void Report(CensusProgress value)
        {
            All.Enqueue(value);
            then(value);
        }
    }
}
