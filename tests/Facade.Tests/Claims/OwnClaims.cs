using System;
using System.Linq;
using FsCheck.Fluent;

namespace LayerTime.Facade.Tests.Claims;

/// <summary>Claims as a user writes them.</summary>
internal static class OwnClaims
{
    /// <summary>The ten lines of the README.</summary>
    internal static Claim Rest { get; } =
        Claim.Define("mine.rest", "A smooth network of order k with zero maps stays where it rests: x(l) = v for every l.")
            .Needs("H1", "The history is at rest: x(0) = x(−1) = … = v.")
            .Exact("stays", Cases.Random(source => source.NextFraction(), trials: 100),
                v => Outcome.Equal("x(4)", [v], Still(order: 3).RunExact([v]).Output))
            .FailsWithout("H1", Cases.Fixed<Fraction>(1, new Fraction(-1, 2)),
                v => Outcome.Equal("x(4)", [v], Still(order: 3).RunExact([v], StartConvention.ZeroPadding).Output));

    /// <summary>Refuted from 17 on; shrinks to the least counterexample.</summary>
    internal static Claim Refuted { get; } =
        Claim.Define("mine.refuted", "n² + n + 17 has no divisor of its own below 17.")
            .Exact(
                "divisors",
                Cases.Random(source => source.NextInteger(0, 400), 300, n => n > 0 ? [n / 2, n - 1] : []),
                n => Outcome.IsTrue($"{n}² + {n} + 17", "is prime", Enumerable.Range(2, 15).All(d => ((n * n) + n + 17) % d != 0 || d == (n * n) + n + 17)
                    && n < 16));

    /// <summary>A bound with a tightness, cases that are undecided, a control by search and one that finds nothing.</summary>
    internal static Claim Mixed { get; } =
        Claim.Define("mine.mixed", "|sin t| ≤ |t|")
            .From("a textbook", "first inequality")
            .Needs("H1", "t is in radians.")
            .Needs("H2", "t is a number.")
            .Bounded("bound", Cases.Random(Gen.Choose(-1000, 1000).Select(n => n / 100.0), 200), t =>
                Math.Abs(t) < 0.5 ? Outcome.Undecided("too near to zero") : Outcome.AtMost("|sin t|", Math.Abs(t), Math.Abs(Math.Sin(t))))
            .DrawingAtMost(3)
            .FailsWithout("H1", Cases.Random(source => source.NextInteger(1, 90), 50), degrees => Outcome.AtMost("|sin t|", degrees * Math.PI / 360, Math.Sin(degrees * Math.PI / 180)))
            .FailsWithout("H2", Cases.All([1.0, 2.0]), t => Outcome.AtMost("|sin t|", t, Math.Sin(t)));

    /// <summary>No input of a box leaves the square of half side 1.3, and without the bound on the inputs some do.</summary>
    internal static Claim Kept(NeuralOde ode, Box inputs) =>
        Claim.Define("mine.kept", $"No solution from {inputs} leaves [−1.3, 1.3]².")
            .Needs("H1", $"The input lies in {inputs}.")
            .Certified("tube", Cases.Fixed(ode), flow => flow.StaysIn(inputs, Box.Cube(2, 1.3)).Outcome)
            .FailsWithout("H1", Cases.Fixed(ode), flow => flow.StaysIn(Box.Cube(2, 1.2), Box.Cube(2, 1.3)).Outcome);

    internal static Network Still(int order) =>
        Network.Smooth(order, 1, [.. Enumerable.Repeat<LayerMap>(Layer.Dense(new Fraction[,] { { 0 } }, [0]), 4)]);
}
