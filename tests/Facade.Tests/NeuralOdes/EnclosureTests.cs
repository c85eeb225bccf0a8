using System;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using System.Xml.Linq;
using Xunit;

namespace LayerTime.Facade.Tests.NeuralOdes;

/// <summary>Enclosures of all solutions from a box, against closed forms, solutions and what has to stop them.</summary>
public sealed class EnclosureTests
{
    // x′ = −x: x(t) = e⁻ᵗx₀.
    private static NeuralOde Decay { get; } = NeuralOde.Of(1, Layer.Dense(new double[,] { { -1 } }, [0]));

    // h′ = h²: h(t) = h₀/(1 − t·h₀).
    private static NeuralOde Square(Fraction horizon) => NeuralOde.Of(horizon, Layer.Dense(new double[,] { { 1 } }, [0], Activation.Square));

    // A turn by tanh units, read out as x₁ − x₂.
    private static NeuralOde Turn { get; } = NeuralOde.Of(2, Layer.Dense(new double[,] { { 0, 1 }, { -1, 0 } }, [0, 0], Activation.Tanh))
        .WithReadout(Layer.Dense(new double[,] { { 1, -1 } }, [0]));

    private static Box Near { get; } = new(new(0.9, 1.1), new(-0.1, 0.1));

    [Fact]
    public void The_enclosure_of_decay_holds_its_closed_form_at_every_time_asked_for()
    {
        // e⁻¹ and e^(−1/3) to nineteen digits.
        var enclosure = Decay.Enclose(new(new Interval(1, 2)), new() { Times = [new(1, 3)], Derivatives = EnclosedDerivatives.Second });

        Assert.True(enclosure.IsComplete);
        Assert.Equal([new Fraction(1, 3), 1], enclosure.Reached.Select(reached => reached.Time));
        var (third, end) = (enclosure.Reached[0].States, enclosure.States);
        Contains(Fraction.Parse("0.7165313105737892504"), third.Values[0].Lower, 2, third.Values[0]);
        Contains(Fraction.Parse("0.3678794411714423216"), end.Values[0].Lower, 2, end.Values[0]);
        Assert.InRange(end.First(0, 0).Midpoint, 0.36787944117144, 0.36787944117145);
        Assert.Equal(0, end.Second(0, 0, 0).Midpoint, 1e-13);
        Assert.True(enclosure.At(new(2, 3)).Single() is var side && side.Contains(Math.Exp(-2.0 / 3)) && side.Contains(2 * Math.Exp(-2.0 / 3)));
        Assert.Equal("t", Assert.Throws<ArgumentOutOfRangeException>(() => enclosure.At(2)).ParamName![..1]);
    }

    // Both ends of the image, from 1 and from 2, lie inside with nothing to spare, and little is added.
    private static void Contains(Fraction factor, double lower, int upper, Interval side)
    {
        Assert.True(Fraction.FromDouble(side.Lower) <= factor && factor * upper <= Fraction.FromDouble(side.Upper));
        Assert.InRange(side.Width, factor.ToDouble(), factor.ToDouble() * 1.001);
        Assert.Equal(lower, side.Lower);
    }

    [Fact]
    public void Both_derivatives_of_a_square_field_hold_their_closed_forms()
    {
        // From 1/2 over 1/2: 2/3 with 1/(1 − Th)² = 16/9 and 2T/(1 − Th)³ = 64/27.
        var output = Square(new(1, 2)).Enclose(new(new Interval(0.5, 0.5)), new() { Derivatives = EnclosedDerivatives.Second }).Output!;

        foreach (var (exact, side) in new[] { (new Fraction(2, 3), output.Values[0]), (new(16, 9), output.First(0, 0)), (new(64, 27), output.Second(0, 0, 0)) })
        {
            Assert.True(Fraction.FromDouble(side.Lower) <= exact && exact <= Fraction.FromDouble(side.Upper), $"{exact} in {side}");
            Assert.True(side.Width < 1e-12);
        }
    }

    [Fact]
    public void Solutions_of_inner_points_run_inside_the_tube()
    {
        // Errors of a solution with a tolerance of 1e-10 stay below 1e-8 over two units of a field of slope at most 1; the points are 0.01 away from the faces.
        var enclosure = Turn.Enclose(Near);
        var options = new SolveOptions { Method = OdeMethod.DormandPrince8, RelativeTolerance = 1e-10, AbsoluteTolerance = 1e-10 };
        foreach (var (x, y) in from x in new[] { 0.91, 1, 1.09 } from y in new[] { -0.09, 0, 0.09 } select (x, y))
        {
            var solution = Turn.Solve([x, y], options);
            foreach (var t in Enumerable.Range(0, 41).Select(k => new Fraction(k, 20)))
            {
                Assert.True(enclosure.At(t).Contains(solution.At(t.ToDouble())), $"({x}, {y}) at {t}");
            }

            Assert.True(enclosure.Output!.Values.Contains(solution.Output));
        }
    }

    [Fact]
    public void A_tube_has_no_gap_and_ends_where_the_enclosure_does()
    {
        var tube = Turn.Enclose(Near).Tube;

        Assert.Equal((Fraction.Zero, (Fraction)2), (tube[0].From, tube[^1].Until));
        Assert.All(tube.Zip(tube.Skip(1)), pair => Assert.Equal(pair.First.Until, pair.Second.From));
    }

    [Fact]
    public void A_blow_up_on_part_of_the_box_is_told_with_the_time_reached()
    {
        // From 2 the solution ends at t = 1/2, from 1/2 it lives on.
        var enclosure = Square(1).Enclose(new(new Interval(0.5, 2)));

        Assert.Contains(enclosure.Stop, new[] { EncloseStop.BlowUp, EncloseStop.StepTooSmall });
        Assert.True(enclosure.Time > 0 && enclosure.Time < new Fraction(1, 2));
        Assert.Null(enclosure.Output);
        Assert.Contains("box of inputs", enclosure.StopMessage, StringComparison.Ordinal);

        // All that lives is still inside: 2/(1 − 2t) at the time reached.
        var time = enclosure.Time.ToDouble();
        Assert.True(enclosure.States.Values[0].Upper >= 2 / (1 - (2 * time)) && enclosure.States.Values[0].Lower <= 0.5 / (1 - (0.5 * time)));
    }

    [Fact]
    public void What_cannot_be_enclosed_is_refused_with_every_reason()
    {
        var relu = NeuralOde.Of(1, Layer.Dense(new double[,] { { 1, 0 }, { 0, 1 } }, [0, 0], Activation.Relu));

        Assert.True(relu.Enclose(Near).IsComplete);
        var smooth = Assert.Throws<UnsolvableException>(() => relu.Enclose(Near, new() { Derivatives = EnclosedDerivatives.Second, Order = 99, Times = [2] }));
        Assert.Equal(3, smooth.Defects.Count);
        Assert.Contains("the activation relu", smooth.Message, StringComparison.Ordinal);
        Assert.Contains("C²", smooth.Message, StringComparison.Ordinal);
        Assert.Contains("order", smooth.Message, StringComparison.Ordinal);
        Assert.Contains("times", smooth.Message, StringComparison.Ordinal);

        Assert.Contains("2 sides", Assert.Throws<UnsolvableException>(() => Turn.Enclose(Box.Cube(3, 1))).Message, StringComparison.Ordinal);
        var large = NeuralOde.Of(1, Layer.Dense(new double[33, 33], new double[33], Activation.Tanh));
        Assert.Contains("at most 32", Assert.Throws<UnsolvableException>(() => large.Enclose(Box.Cube(33, 0), new() { Derivatives = EnclosedDerivatives.Second })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Turn.Enclose(Near, new() { MaxSteps = 0 }));
        Assert.Throws<InvalidNetworkException>(() => Square(0));
    }

    [Fact]
    public void Steps_are_limited_and_cancellation_keeps_what_there_is()
    {
        var few = Turn.Enclose(Near, new() { MaxSteps = 2 });
        var none = Turn.Enclose(Near, cancellationToken: new CancellationToken(canceled: true));

        Assert.Equal((EncloseStop.StepLimit, 2), (few.Stop, few.Steps));
        Assert.True(few.Time > 0 && few.Tube.Count is 1 or 2);
        Assert.Equal((EncloseStop.Interrupted, Fraction.Zero, 0), (none.Stop, none.Time, none.Tube.Count));
        Assert.Equal(Near, none.States.Values);
        Assert.NotEmpty(none.ToSvg());
    }

    [Fact]
    public async Task Another_thread_gives_the_same()
    {
        var here = Turn.Enclose(Near, new() { Derivatives = EnclosedDerivatives.First });

        Assert.Equal(here.ToJson(), (await Turn.EncloseAsync(Near, new() { Derivatives = EnclosedDerivatives.First })).ToJson());
    }

    [Fact]
    public void The_document_says_what_the_enclosure_says()
    {
        var enclosure = Turn.Enclose(Near, new() { Times = [new(1, 2)], Derivatives = EnclosedDerivatives.Second });
        var json = JsonNode.Parse(enclosure.ToJson())!;

        Assert.Equal(["1/2", "2"], json["states"]!.AsArray().Select(state => (string)state!["t"]!));
        Assert.Equal(enclosure.States.Values[1].Upper, (double)json["states"]![1]!["x"]![1]![1]!);
        Assert.Equal(enclosure.Output!.First(0, 1).Lower, (double)json["output"]!["first"]![0]![1]![0]!);
        Assert.Equal(enclosure.Output.Second(0, 1, 0).Lower, (double)json["output"]!["second"]![0]![0]![1]![0]!);
        Assert.Equal(enclosure.Tube.Count, json["tube"]!.AsArray().Count);
        Assert.Equal(("completed", "2"), ((string?)json["stop"], (string?)json["time"]));
    }

    [Fact]
    public void Pictures_show_the_tube_with_solutions_inside_and_are_the_same_every_time()
    {
        var enclosure = Turn.Enclose(Near);
        foreach (var draw in new Func<NeuralOdeEnclosure, string>[] { e => e.ToSvg(), e => e.ToPhasePortrait() })
        {
            var svg = draw(enclosure);
            Assert.Equal(svg, draw(Turn.Enclose(Near)));
            var root = XElement.Parse(svg);
            Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
            Assert.True(root.Elements().Count(element => element.Name.LocalName == "rect") > enclosure.Tube.Count);
        }

        Assert.Throws<InvalidOperationException>(() => Decay.Enclose(new(new Interval(0, 1))).ToPhasePortrait());
    }

    [Fact]
    public void A_set_is_kept_left_or_neither()
    {
        // x₁ turns down from 1.1: its largest value is that at the start.
        var kept = Turn.StaysIn(Near, Box.Cube(2, 1.3));
        Assert.True(kept.Stays);
        Assert.Equal((null, null), (kept.Input, kept.Open));

        var left = Turn.StaysIn(Near, new(new(-2, 2), new(-0.8, 2)));
        Assert.False(left.Stays);
        Assert.True(Near.Contains(left.Input!));
        var solution = Turn.Solve(left.Input!, new() { Method = OdeMethod.DormandPrince8, RelativeTolerance = 1e-10 });
        Assert.Contains(Enumerable.Range(0, 201).Select(k => solution.At(k / 100.0)[1]), y => y < -0.8);

        var tight = Turn.StaysIn(Near, Box.Cube(2, 1.3), maxBoxes: 1);
        Assert.True(tight.Stays is true or null);
        var open = Turn.StaysIn(Near, Near, ReachScope.AtEnd, maxBoxes: 1);
        Assert.False(open.Stays is true);
    }

    [Fact]
    public void The_end_and_the_output_may_stay_where_the_way_does_not()
    {
        var round = new Box(new Interval(0.3, 0.8));
        var box = new Box(new Interval(1, 2));

        Assert.False(Decay.StaysIn(box, round).Stays);
        Assert.True(Decay.StaysIn(box, round, ReachScope.AtEnd).Stays);
        Assert.True(Decay.StaysIn(box, round, ReachScope.Output).Stays);
    }

    [Fact]
    public void A_set_that_needs_small_boxes_is_decided_by_cutting()
    {
        // The image of [1/2, 3/2] over 1/2 is [2/3, 6]: an enclosure of the whole is wider.
        foreach (var scope in new[] { ReachScope.AtEnd, ReachScope.Always })
        {
            var answer = Square(new(1, 2)).StaysIn(new(new Interval(0.5, 1.5)), new(new Interval(0.4, 6.05)), scope);
            Assert.True(answer.Stays, answer.ToString());
        }
    }

    [Fact]
    public void A_flow_that_ends_early_decides_nothing_about_its_end()
    {
        var answer = Square(1).StaysIn(new(new Interval(0.5, 2)), Box.Cube(1, 1e6), ReachScope.AtEnd, maxBoxes: 40);

        Assert.Null(answer.Stays);
        Assert.NotNull(answer.Open);
        Assert.StartsWith("undecided", answer.Outcome.ToString(), StringComparison.Ordinal);
        Assert.Contains("horizon", answer.ToString(), StringComparison.Ordinal);
        Assert.Null(Turn.StaysIn(Near, Box.Cube(2, 9), cancellationToken: new CancellationToken(canceled: true)).Stays);
        Assert.Contains("set", Assert.Throws<UnsolvableException>(() => Turn.StaysIn(Near, Box.Cube(1, 1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Error_bars_hold_the_exact_solution_at_every_step()
    {
        var solution = Decay.Solve([1.0], new() { RelativeTolerance = 1e-6 });
        var errors = solution.Errors();

        Assert.Equal(solution.Times.Count, errors.Bars.Count);
        Assert.Equal(0, errors.Bars[0]);
        Assert.Equal(errors.After.Value, errors.Bars[^1]);

        // e⁻ᵗ on floats is right to an ulp, 2e-16.
        Assert.All(solution.Times.Select((t, k) => (t, k)), step => Assert.InRange(Math.Abs(solution.StateAt(step.k)[0] - Math.Exp(-step.t)), 0, errors.Bars[step.k] + 2e-16));

        // Between the steps as well.
        foreach (var t in Enumerable.Range(0, 51).Select(k => solution.Time * k / 50).Concat(solution.Times))
        {
            Assert.InRange(Math.Abs(solution.At(t)[0] - Math.Exp(-t)), 0, errors.BarAt(t)!.Value + 2e-16);
            Assert.InRange(errors.BarAt(t)!.Value, 0, 1e-5);
        }

        Assert.Equal(errors.Bars, solution.Times.Select(t => errors.BarAt(t)!.Value));
        Assert.Throws<ArgumentOutOfRangeException>(() => errors.BarAt(2 * solution.Time));
        Assert.Contains("class=\"bars\"", solution.ToSvg(errors), StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"bars\"", solution.ToSvg(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_claim_about_a_reach_set_in_ten_lines()
    {
        var report = await Verifier.VerifyAsync(Claims.OwnClaims.Kept(Turn, Near));
        var claim = Assert.Single(report.Claims);

        Assert.Equal((Verdict.Holds, Evidence.Certified), (claim.Verdict, claim.Evidence));
        Assert.True(Assert.Single(claim.Necessity).Needed);
    }
}
