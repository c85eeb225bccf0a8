using System;
using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Claims;
using Microsoft.FSharp.Core;
using CoreOutcome = LayerTime.Core.Claims.Outcome;

namespace LayerTime;

/// <summary>The answer to one case of a claim: it holds, it is refuted, or neither could be shown.</summary>
public sealed class Outcome
{
    private Outcome(CoreOutcome core) => Core = core;

    /// <summary>The conclusion is true.</summary>
    public static Outcome Holds { get; } = new(OutcomeModule.holds);

    internal CoreOutcome Core { get; }

    /// <summary>The conclusion is false: the quantity should be <paramref name="expected"/> and is <paramref name="found"/>.</summary>
    /// <param name="quantity">What was compared.</param>
    /// <param name="expected">What the claim says of it.</param>
    /// <param name="found">What it is.</param>
    /// <returns>A refutation.</returns>
    public static Outcome Refuted(string quantity, string expected, string found) =>
        new(OutcomeModule.refuted(Door.NotNull(quantity), Door.NotNull(expected), Door.NotNull(found)));

    /// <summary>Neither could be shown.</summary>
    /// <param name="reason">Why, in a sentence.</param>
    /// <returns>An outcome that decides nothing.</returns>
    public static Outcome Undecided(string reason) => new(OutcomeModule.undecided(Door.NotNull(reason)));

    /// <summary>Holds if both are equal (sequences: element by element); a NaN equals nothing.</summary>
    /// <typeparam name="T">What is compared.</typeparam>
    /// <param name="quantity">What was compared.</param>
    /// <param name="expected">What the claim says of it.</param>
    /// <param name="found">What it is.</param>
    /// <returns>Holds or refuted.</returns>
    public static Outcome Equal<T>(string quantity, T expected, T found) =>
        Equality.Same(expected, found) ? Holds : Refuted(quantity, Shown.Text(expected), Shown.Text(found));

    /// <summary>Holds if the condition is true.</summary>
    /// <param name="quantity">What is spoken of.</param>
    /// <param name="statement">What is said of it.</param>
    /// <param name="condition">Whether it is so.</param>
    /// <returns>Holds or refuted.</returns>
    public static Outcome IsTrue(string quantity, string statement, bool condition) =>
        new(OutcomeModule.isTrue(Door.NotNull(quantity), Door.NotNull(statement), condition));

    /// <summary>Holds if value ≤ bound, with tightness value/bound; a NaN value is refuted, a bound that is not finite decides nothing.</summary>
    /// <param name="quantity">What was compared.</param>
    /// <param name="bound">The bound.</param>
    /// <param name="value">The value.</param>
    /// <returns>Holds, refuted or undecided.</returns>
    public static Outcome AtMost(string quantity, double bound, double value) => new(OutcomeModule.atMost(Door.NotNull(quantity), bound, value));

    /// <summary>Holds if value ≥ bound, with tightness bound/value; a NaN value is refuted, a bound that is not finite decides nothing.</summary>
    /// <param name="quantity">What was compared.</param>
    /// <param name="bound">The bound.</param>
    /// <param name="value">The value.</param>
    /// <returns>Holds, refuted or undecided.</returns>
    public static Outcome AtLeast(string quantity, double bound, double value) => new(OutcomeModule.atLeast(Door.NotNull(quantity), bound, value));

    /// <summary>The conjunction: the first refutation, else the first undecided one, else holds with the largest tightness.</summary>
    /// <param name="outcomes">The outcomes; none behind the first refutation is looked at.</param>
    /// <returns>One outcome.</returns>
    public static Outcome All(params IEnumerable<Outcome> outcomes) => new(OutcomeModule.all(Door.NotNull(outcomes).Select(outcome => outcome.Core)));

    /// <summary>The one of three answers that fits; there is no fourth case.</summary>
    /// <typeparam name="TResult">What the answers are.</typeparam>
    /// <param name="holds">For an outcome that holds, given its tightness (1 is sharp) or null.</param>
    /// <param name="refuted">For a refutation, given its witness.</param>
    /// <param name="undecided">For an undecided outcome, given its reason.</param>
    /// <returns>What the chosen function returns.</returns>
    public TResult Match<TResult>(Func<double?, TResult> holds, Func<Witness, TResult> refuted, Func<string, TResult> undecided)
    {
        Door.NotNull(holds);
        Door.NotNull(refuted);
        Door.NotNull(undecided);
        return Core switch
        {
            CoreOutcome.Holds held => holds(held.tightness.IsSome ? held.tightness.Value : null),
            CoreOutcome.Refuted refutation => refuted(Witness.OfCore(refutation.witness)),
            CoreOutcome.Undecided open => undecided(open.reason),
            _ => throw new InvalidOperationException("An outcome that the façade does not know."),
        };
    }

    /// <summary>The outcome in one line.</summary>
    /// <returns>"holds", "refuted: …" or "undecided: …".</returns>
    public override string ToString() => Match(
        tightness => tightness is { } value ? FormattableString.Invariant($"holds, tightness {value:R}") : "holds",
        witness => $"refuted: {witness}",
        reason => $"undecided: {reason}");

    internal static Outcome OfCore(CoreOutcome outcome) => new(outcome);
}
