using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace LayerTime.Facade.Tests.NeuralOdes;

/// <summary>Solutions of neural ODEs, against closed forms, against networks, and where they have to stop.</summary>
public sealed class SolveTests
{
    // x′ = x − x³ has x(t) = eᵗx₀/√(1 + x₀²(e²ᵗ − 1)); the field as −(σ∘σ)-free layers: x³ = 3(cubic(x) − x).
    private static NeuralOde Logistic(int horizon) => NeuralOde.Of(
        horizon,
        LayerMap.Of(
            Layer.Dense(new double[,] { { 1 }, { 1 } }, [0, 0], Activation.Identity, Activation.Cubic),
            Layer.Dense(new double[,] { { 4, -3 } }, [0])));

    private static double LogisticAt(double t, double x0) => Math.Exp(t) * x0 / Math.Sqrt(1 + (x0 * x0 * (Math.Exp(2 * t) - 1)));

    // x′ = sin x has tan(x/2) = eᵗ·tan(x₀/2).
    private static NeuralOde Pendulum(int horizon) => NeuralOde.Of(horizon, Layer.Dense(new double[,] { { 1 } }, [0], Activation.Sine));

    private static double PendulumAt(double t, double x0) => 2 * Math.Atan(Math.Exp(t) * Math.Tan(x0 / 2));

    private static NeuralOde Rotation(int horizon) => NeuralOde.Of(horizon, Layer.Dense(new double[,] { { 0, 1 }, { -1, 0 } }, [0, 0]));

    // x′ = t² + [t > 1/2]·x on 0 … 1.
    private static NeuralOde Timed()
    {
        static Layer Map(double weight, double bias) => Layer.Dense(new[,] { { weight } }, [bias]);
        return NeuralOde.Of(new FieldPiece(new(1, 2), Map(0, 0), Map(0, 0), Map(0, 1)), new FieldPiece(1, Map(1, 0), Map(0, 0), Map(0, 1)));
    }

    // x(1/2) = x₀ + 1/24, then x = (x(½) + 13/4)·e^(t−½) − t² − 2t − 2.
    private static double TimedAtOne(double x0) => ((x0 + (1.0 / 24) + 3.25) * Math.Exp(0.5)) - 5;

    public static TheoryData<string> Adaptive => [.. OdeMethod.Names.Select(name => name.Replace("-N", "-12", StringComparison.Ordinal)).Where(name => OdeMethod.Parse(name).IsAdaptive)];

    public static TheoryData<string> All => [.. OdeMethod.Names.Select(name => name.Replace("-N", "-7", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Adaptive))]
    public void Adaptive_methods_meet_a_closed_form(string name)
    {
        // Errors of steps within the tolerance shrink on the way to x = 1 and grow at most like e^t before: 100 steps of them stay far below 1e-5.
        var options = new SolveOptions { Method = OdeMethod.Parse(name), RelativeTolerance = 1e-9, AbsoluteTolerance = 1e-9 };
        var solution = Logistic(3).Solve([0.1], options);

        Assert.True(solution.IsComplete);
        Assert.Equal(3, solution.Time);
        Assert.InRange(solution.Output![0], LogisticAt(3, 0.1) - 1e-5, LogisticAt(3, 0.1) + 1e-5);
        Assert.InRange(solution.At(1.7)[0], LogisticAt(1.7, 0.1) - 1e-5, LogisticAt(1.7, 0.1) + 1e-5);
    }

    [Fact]
    public void Fractions_are_those_of_the_steps_and_floats_their_rounding()
    {
        // Two steps of x + h·(x₂, −x₁) with h = 1/2.
        Assert.Equal(["1", "0", "1", "-1/2", "3/4", "-1"], Rotation(1).SolveExact([1, 0], 2, OdeMethod.Euler).States.SelectMany(state => state).Select(number => number.ToString()));

        var exact = Timed().SolveExact([new(1, 2)], 6, OdeMethod.RungeKutta4);
        var floats = Timed().Solve([0.5], new() { Method = OdeMethod.RungeKutta4, Steps = 6, Recording = SolutionRecording.Steps });
        Assert.Equal(floats.Times, exact.Times.Select(time => time.ToDouble()), (a, b) => Math.Abs(a - b) <= 1e-15);

        // Six steps of fewer than 60 roundings of numbers below 4, which grow by less than e.
        Assert.InRange(floats.Output![0] - exact.Output[0].ToDouble(), -1e-12, 1e-12);
        Assert.Contains("method: found gauss", Assert.Throws<UnsolvableException>(() => Rotation(1).SolveExact([1, 0], 2, OdeMethod.Parse("gauss"))).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidNetworkException>(() => Pendulum(1).SolveExact([1], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Rotation(1).SolveExact([1, 0], 0));
        Assert.Throws<ArgumentException>(() => Rotation(1).SolveExact([1], 2));
        Assert.Throws<OperationCanceledException>(() => Rotation(1).SolveExact([1, 0], 2, cancellationToken: new(canceled: true)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_method_turns_a_circle_with_its_order(string name)
    {
        var method = OdeMethod.Parse(name);
        double Error(int steps)
        {
            var state = Rotation(1).Solve([1, 0], new() { Method = method, Steps = steps }).State;
            return Math.Max(Math.Abs(state[0] - Math.Cos(1)), Math.Abs(state[1] + Math.Sin(1)));
        }

        // Few steps for high orders: their errors reach the rounding floor soon. The slope of e = c·hᵖ(1 + O(h)).
        var steps = method.Order >= 6 ? 2 : 8;
        var slope = Math.Log2(Error(steps) / Error(2 * steps));
        Assert.True(slope >= method.Order - 0.5, $"{name}: {slope}");
    }

    [Fact]
    public void Eulers_method_is_the_residual_network_bit_for_bit()
    {
        var field = Layer.Dense(new[,] { { 0.3, -1.2 }, { 0.9, 0.1 } }, [0.2, -0.4], Activation.Tanh);
        var network = Network.Residual(0.25, field, field, field, field).Run([0.7, -0.3]);
        var solution = NeuralOde.Of(1, field).Solve([0.7, -0.3], new() { Method = OdeMethod.Euler, Steps = 4 });

        Assert.Equal([0, 0.25, 0.5, 0.75, 1], solution.Times);
        Assert.All(Enumerable.Range(0, 5), layer => Assert.Equal(network[layer], solution.StateAt(layer).ToArray()));
    }

    [Fact]
    public void Piecewise_constant_weights_are_the_layers_of_a_residual_network()
    {
        Layer[] fields = [.. Enumerable.Range(1, 4).Select(i => Layer.Dense(new[,] { { 0.3 * i } }, [0.1], Activation.Sine))];
        var network = Network.Residual(0.5, [.. fields.Select(LayerMap.FromLayer)]).Run([0.7]);
        var solution = NeuralOde.PiecewiseConstant(2, [.. fields.Select(LayerMap.FromLayer)]).Solve([0.7], new() { Method = OdeMethod.Euler, Steps = 4 });

        Assert.Equal(network[4], solution.State);
    }

    [Theory]
    [InlineData(null, 1e-7)]
    [InlineData(40, 1e-7)]
    public void Weights_in_time_and_their_jumps(int? steps, double tolerance)
    {
        var solution = Timed().Solve([0.5], new() { Steps = steps, RelativeTolerance = 1e-9, AbsoluteTolerance = 1e-9 });

        Assert.InRange(solution.Output![0], TimedAtOne(0.5) - tolerance, TimedAtOne(0.5) + tolerance);
        Assert.Contains(0.5, solution.Times);
        Assert.Equal(solution.Times.Distinct().Order(), solution.Times);
    }

    [Theory]
    [InlineData("dormand-prince", 12)]
    [InlineData("rk4", 12)]
    [InlineData("heun", 40)]
    [InlineData("euler", 200)]
    public void Bounds_hold_for_what_they_bound(string method, int steps)
    {
        foreach (var (ode, start, exact) in new (NeuralOde, double, double)[] { (Pendulum(1), 0.4, PendulumAt(1, 0.4)), (Timed(), 0.5, TimedAtOne(0.5)) })
        {
            var solution = ode.Solve([start], new() { Method = OdeMethod.Parse(method), Steps = steps });
            var errors = solution.Errors();

            // The closed form itself is a float: some units of its last place.
            var found = Math.Abs(solution.State[0] - exact) - (16 * double.BitIncrement(Math.Abs(exact)) * 1.2e-16);
            Assert.True(found <= errors.After.Value, $"{method}: {found} after {errors.After.Value} {errors.After.Reason}");
            Assert.True(found <= errors.Before.Value, $"{method}: {found} before {errors.Before.Value} {errors.Before.Reason}");
            Assert.True(errors.Estimate > 0 && errors.Before.Reason.Length == 0 && errors.After.LogNorm is not null);
        }
    }

    [Fact]
    public void Afterwards_every_method_has_a_bound_that_holds_and_is_not_far_off()
    {
        foreach (var name in OdeMethod.Names.Select(name => name.Replace("-N", "-6", StringComparison.Ordinal)))
        {
            var solution = Rotation(1).Solve([1, 0], new() { Method = OdeMethod.Parse(name), Steps = 20 });
            var found = Math.Max(Math.Abs(solution.State[0] - Math.Cos(1)), Math.Abs(solution.State[1] + Math.Sin(1)));

            // Norms instead of signs: errors of a rotation are taken to grow like e^t, from both components.
            Assert.InRange(solution.Errors().After.Value ?? double.NaN, found - 2e-16, (10 * found) + 1e-13);
        }
    }

    [Fact]
    public void A_bound_that_cannot_be_proved_says_why()
    {
        static SolutionErrors Errors(NeuralOde ode, SolveOptions options) => ode.Solve([0.5], options).Errors();
        var kinked = NeuralOde.Of(1, Layer.Dense(new double[,] { { 1 } }, [0], Activation.Relu));

        Assert.Contains("relu, which has a kink", Errors(kinked, new()).After.Reason, StringComparison.Ordinal);
        Assert.Contains("fixed steps", Errors(Pendulum(1), new()).Before.Reason, StringComparison.Ordinal);
        Assert.NotNull(Errors(Pendulum(1), new()).After.Value);
        Assert.Contains("exact coefficients", Errors(Pendulum(1), new() { Method = OdeMethod.Tsitouras, Steps = 9 }).Before.Reason, StringComparison.Ordinal);
        Assert.Contains("explicit Runge–Kutta", Errors(Pendulum(1), new() { Method = OdeMethod.Taylor(9), Steps = 9 }).Before.Reason, StringComparison.Ordinal);
        Assert.Contains("states of all steps", Errors(Pendulum(1), new() { Recording = SolutionRecording.End }).After.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Backwards_undoes_forwards()
    {
        var options = new SolveOptions { RelativeTolerance = 1e-10, AbsoluteTolerance = 1e-10 };
        var there = Timed().Solve([0.5], options);
        var back = Timed().Solve(there.State, options with { From = 1, To = 0 });

        Assert.True(back.IsComplete);
        Assert.Null(back.Output);
        Assert.Equal(0, back.Time);
        Assert.InRange(back.State[0], 0.5 - 1e-8, 0.5 + 1e-8);
        Assert.Equal(back.Times.Distinct().OrderDescending(), back.Times);
    }

    [Fact]
    public void Lift_and_readout_stand_at_the_ends()
    {
        var ode = Rotation(1).WithLift(Layer.Dense(new double[,] { { 2 }, { 0 } }, [0, 0])).WithReadout(Layer.Dense(new double[,] { { 0, -1 } }, [10]));
        var solution = ode.Solve([3], new() { RelativeTolerance = 1e-10, AbsoluteTolerance = 1e-10 });

        Assert.Equal([6, 0], solution.StateAt(0).ToArray());
        Assert.InRange(solution.Output![0], 10 + (6 * Math.Sin(1)) - 1e-8, 10 + (6 * Math.Sin(1)) + 1e-8);
        Assert.Null(ode.Solve([3], new() { To = new(1, 2) }).Output);
        Assert.Equal("input", Assert.Throws<ArgumentException>(() => ode.Solve([3, 0])).ParamName);
        Assert.Equal([3, 0], ode.Solve([3, 0], new() { From = new(1, 2) }).StateAt(0).ToArray());
    }

    [Fact]
    public void Exact_weights_are_solved_on_floats() =>
        Assert.Equal(
            Rotation(1).Solve([1, 0]).State,
            NeuralOde.Of(1, Layer.Dense(new Fraction[,] { { 0, 1 }, { -1, 0 } }, [0, 0])).Solve([1, 0]).State);

    [Fact]
    public void A_splitting_keeps_the_area_and_wants_its_form()
    {
        // det of the linear step: from two columns.
        double[] Column(double[] x) => Rotation(3).Solve(x, new() { Method = OdeMethod.StörmerVerlet, Steps = 7 }).State;
        var (a, b) = (Column([1, 0]), Column([0, 1]));
        Assert.InRange((a[0] * b[1]) - (a[1] * b[0]), 1 - 1e-13, 1 + 1e-13);

        var odd = Assert.Throws<UnsolvableException>(() => Logistic(1).Solve([1], new() { Method = OdeMethod.StörmerVerlet, Steps = 3 }));
        Assert.Contains("an even number of them", odd.Message, StringComparison.Ordinal);
        var mixed = NeuralOde.Of(1, Layer.Dense(new double[,] { { 0.5, 1 }, { -1, 0 } }, [0, 0]));
        var exception = Assert.Throws<UnsolvableException>(() => mixed.Solve([1, 0], new() { Method = OdeMethod.StörmerVerlet, Steps = 3 }));
        Assert.Contains("field, component 0: found a dependence on component 0", exception.Message, StringComparison.Ordinal);
        var timed = NeuralOde.Of(new FieldPiece(1, Layer.Dense(new double[,] { { 0, 1 }, { -1, 0 } }, [0, 0]), Layer.Dense(new double[,] { { 0, 0 }, { 0, 0 } }, [1, 0])));
        exception = Assert.Throws<UnsolvableException>(() => timed.Solve([1, 0], new() { Method = OdeMethod.StörmerVerlet, Steps = 3 }));
        Assert.Contains("a dependence on the time", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_method_knows_the_solution_between_its_steps_with_the_order_it_says()
    {
        foreach (var name in OdeMethod.Names.Select(name => name.Replace("-N", "-6", StringComparison.Ordinal)))
        {
            var method = OdeMethod.Parse(name);

            // The end of each half step against the exact motion from the start of the step: O(h^(order + 1)).
            double Largest(int steps)
            {
                var solution = Rotation(1).Solve([1, 0], new() { Method = method, Steps = steps });
                return Enumerable.Range(0, steps).Max(n =>
                {
                    var (x, θ) = (solution.StateAt(n).ToArray(), 0.5 / steps);
                    return Math.Abs(solution.At((n + 0.5) / steps)[0] - ((x[0] * Math.Cos(θ)) + (x[1] * Math.Sin(θ))));
                });
            }

            var steps = method.DenseOrder > 5 ? 4 : 40;
            Assert.InRange(Math.Log2(Largest(steps) / Largest(2 * steps)), method.DenseOrder + 0.6, method.DenseOrder + 1.6);
        }
    }

    [Fact]
    public void A_solution_of_steps_alone_is_known_at_its_steps()
    {
        var solution = Rotation(1).Solve([1, 0], new() { Method = OdeMethod.ImplicitMidpoint, Steps = 4, Recording = SolutionRecording.Steps });

        Assert.Equal(solution.StateAt(2).ToArray(), solution.At(0.5));
        Assert.Contains("between the steps", Assert.Throws<ArgumentOutOfRangeException>(() => solution.At(0.3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Blow_up_names_magnitude_and_time_and_keeps_what_there_is()
    {
        // x′ = x² from 1 leaves every bound at t = 1.
        var solution = NeuralOde.Of(2, Layer.Dense(new double[,] { { 1 } }, [0], Activation.Square)).Solve([1]);

        Assert.Equal(SolveStop.BlowUp, solution.Stop);
        Assert.Null(solution.Output);
        Assert.InRange(solution.Time, 0.999, 1.001);
        Assert.Contains("horizon that ends before", solution.StopMessage, StringComparison.Ordinal);
        Assert.InRange(solution.At(0.5)[0], 2 - 1e-4, 2 + 1e-4);
        Assert.Contains("between 0 and", Assert.Throws<ArgumentOutOfRangeException>(() => solution.At(1.5)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_reasons_to_stop()
    {
        Assert.Equal(SolveStop.StepLimit, Rotation(9).Solve([1, 0], new() { MaxSteps = 5 }).Stop);
        Assert.Equal(5, Rotation(9).Solve([1, 0], new() { MaxSteps = 5 }).Steps);

        // A limit that is spent where a piece ends still counts for the whole.
        var limited = Timed().Solve([0.5], new() { Steps = 4, MaxSteps = 2 });
        Assert.Equal((SolveStop.StepLimit, 0.5, 2), (limited.Stop, limited.Time, limited.Steps));
        Assert.Contains("All 2 steps", limited.StopMessage, StringComparison.Ordinal);

        var stiff = NeuralOde.Of(1, Layer.Dense(new double[,] { { -1000 } }, [0])).Solve([1], new() { Method = OdeMethod.ImplicitMidpoint, Steps = 2 });
        Assert.Equal((SolveStop.NoContraction, 0.0), (stiff.Stop, stiff.Time));

        var huge = NeuralOde.Of(1, Layer.Dense(new double[,] { { 1e200 } }, [0])).Solve([1e200]);
        Assert.Equal((SolveStop.Overflow, 0.0), (huge.Stop, huge.Time));
        Assert.Contains("reaches the magnitude 1E+200 at time 0", huge.StopMessage, StringComparison.Ordinal);
    }

    public static TheoryData<SolveOptions, string> Senseless => new()
    {
        { new() { RelativeTolerance = 0 }, "relative tolerance: found 0" },
        { new() { RelativeTolerance = 1e-16 }, "relative tolerance: found 1E-16, expected at least 1.77" },
        { new() { RelativeTolerance = double.NaN }, "relative tolerance: found NaN" },
        { new() { AbsoluteTolerance = 0 }, "absolute tolerance: found 0" },
        { new() { Steps = 0 }, "step control: found 0 steps" },
        { new() { MaxSteps = 0 }, "step limit: found 0" },
        { new() { Steps = int.MaxValue }, "the states of which do not fit into 2 GiB, expected at most" },
        { new() { To = 0 }, "horizon: found length zero at t = 0" },
        { new() { From = 1 }, "horizon: found length zero at t = 1" },
        { new() { From = -1 }, "start: found t = -1, expected a time of 0 … 1" },
        { new() { To = 2 }, "end: found t = 2, expected a time of 0 … 1" },
        { new() { Times = [3] }, "output time: found t = 3" },
        { new() { Method = OdeMethod.Euler }, "adaptive steps for a method without error estimate" },
    };

    [Theory]
    [MemberData(nameof(Senseless))]
    public void What_makes_no_sense_is_refused_with_its_name(SolveOptions options, string says) =>
        Assert.Contains(says, Assert.Throws<UnsolvableException>(() => Rotation(1).Solve([1, 0], options)).Message, StringComparison.Ordinal);

    [Fact]
    public void Inputs_are_finite() =>
        Assert.Equal("input", Assert.Throws<ArgumentException>(() => Rotation(1).Solve([1, double.NaN])).ParamName);

    [Fact]
    public async Task A_cancelled_solution_is_partial()
    {
        using var source = new CancellationTokenSource();
        var reports = new List<SolveProgress>();
        var progress = new Here(report =>
        {
            reports.Add(report);
            source.Cancel();
        });
        var options = new SolveOptions { Method = OdeMethod.Euler, Steps = int.MaxValue, Recording = SolutionRecording.End };
        var solution = await Rotation(1).SolveAsync([1, 0], options, progress, source.Token);

        Assert.Equal(SolveStop.Interrupted, solution.Stop);
        Assert.InRange(solution.Time, 0, 0.99);
        Assert.Contains("interrupted at time", solution.StopMessage, StringComparison.Ordinal);
        var report = Assert.Single(reports);
        Assert.InRange(report.Share, 0, solution.Time);
        Assert.True(report.Steps > 0 && report.Elapsed > TimeSpan.Zero);
        Assert.Throws<OperationCanceledException>(() => Pendulum(1).Solve([0.5]).Errors(source.Token));
    }

    [Fact]
    public void Methods_by_name()
    {
        Assert.Equal(OdeMethod.Taylor(20), OdeMethod.Parse("taylor-20"));
        Assert.Equal(20, OdeMethod.Parse("taylor-20").Order);
        Assert.Contains("dormand-prince", Assert.Throws<FormatException>(() => OdeMethod.Parse("ode45")).Message, StringComparison.Ordinal);
        Assert.False(OdeMethod.TryParse("taylor-0", out _));
        Assert.False(OdeMethod.TryParse("taylor-101", out _));
        Assert.False(OdeMethod.TryParse(null, out _));
        Assert.Equal("order", Assert.Throws<ArgumentOutOfRangeException>(() => OdeMethod.Taylor(0)).ParamName);
    }

    private sealed class Here(Action<SolveProgress> action) : IProgress<SolveProgress>
    {
        public void Report(SolveProgress value) => action(value);
    }
}
