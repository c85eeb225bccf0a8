using System;
using LayerTime.Core.Claims;
using Microsoft.FSharp.Core;
using CoreClaim = LayerTime.Core.Claims.Claim;
using CoreOutcome = LayerTime.Core.Claims.Outcome;

namespace LayerTime;

/// <summary>
/// A claim of one's own: what it says, under which hypotheses, how it is checked and how it is broken. Never changed: every method gives a new claim.
/// </summary>
public sealed class Claim
{
    private Claim(CoreClaim core) => Core = core;

    /// <summary>What the claim says and how it is checked.</summary>
    public ClaimInfo Info => ClaimReader.Info(Core);

    internal CoreClaim Core { get; }

    /// <summary>A claim; parts have to follow.</summary>
    /// <param name="id">Letters, digits, dots, hyphens and underscores.</param>
    /// <param name="statement">What is claimed, in plain text.</param>
    /// <returns>A claim without parts.</returns>
    public static Claim Define(string id, string statement) => new(ClaimModule.define(Door.NotNull(id), Door.NotNull(statement)));

    /// <summary>Where the claim comes from.</summary>
    /// <param name="paper">The paper in a few words.</param>
    /// <param name="statement">The number or name of the statement in it.</param>
    /// <param name="reading">How the statement came to you.</param>
    /// <returns>A new claim.</returns>
    public Claim From(string paper, string statement, Reading reading = Reading.Read) =>
        new(ClaimModule.source(Door.NotNull(paper), Door.NotNull(statement), ClaimReader.Reading(reading), Core));

    /// <summary>Assumes one thing more.</summary>
    /// <param name="hypothesis">A short id, such as H1.</param>
    /// <param name="statement">What is assumed.</param>
    /// <returns>A new claim.</returns>
    public Claim Needs(string hypothesis, string statement) =>
        new(ClaimModule.hypothesis(Door.NotNull(hypothesis), Door.NotNull(statement), Core));

    /// <summary>A part decided by equality.</summary>
    /// <typeparam name="T">What one instance is.</typeparam>
    /// <param name="part">A name, unique within the claim.</param>
    /// <param name="cases">What it is tried on.</param>
    /// <param name="conclude">The conclusion, a function of the instance alone that any core may call at any time.</param>
    /// <returns>A new claim.</returns>
    public Claim Exact<T>(string part, Cases<T> cases, Func<T, Outcome> conclude) =>
        new(ClaimModule.exact(Door.NotNull(part), Door.NotNull(cases).Core, Conclusion(conclude), Core));

    /// <summary>A part decided by enclosures.</summary>
    /// <typeparam name="T">What one instance is.</typeparam>
    /// <param name="part">A name, unique within the claim.</param>
    /// <param name="cases">What it is tried on.</param>
    /// <param name="conclude">The conclusion, a function of the instance alone that any core may call at any time.</param>
    /// <returns>A new claim.</returns>
    public Claim Certified<T>(string part, Cases<T> cases, Func<T, Outcome> conclude) =>
        new(ClaimModule.certified(Door.NotNull(part), Door.NotNull(cases).Core, Conclusion(conclude), Core));

    /// <summary>A part decided by a bound that allows for rounding.</summary>
    /// <typeparam name="T">What one instance is.</typeparam>
    /// <param name="part">A name, unique within the claim.</param>
    /// <param name="cases">What it is tried on.</param>
    /// <param name="conclude">The conclusion, a function of the instance alone that any core may call at any time.</param>
    /// <returns>A new claim.</returns>
    public Claim Bounded<T>(string part, Cases<T> cases, Func<T, Outcome> conclude) =>
        new(ClaimModule.bounded(Door.NotNull(part), Door.NotNull(cases).Core, Conclusion(conclude), Core));

    /// <summary>A part decided by an order of convergence.</summary>
    /// <typeparam name="T">What one problem is.</typeparam>
    /// <param name="part">A name, unique within the claim.</param>
    /// <param name="cases">What it is tried on.</param>
    /// <param name="conclude">The conclusion, a function of the instance alone that any core may call at any time.</param>
    /// <returns>A new claim.</returns>
    public Claim Asymptotic<T>(string part, Cases<T> cases, Func<T, Outcome> conclude) =>
        new(ClaimModule.asymptotic(Door.NotNull(part), Door.NotNull(cases).Core, Conclusion(conclude), Core));

    /// <summary>Allows the part added last this many draws for each trial (2 unless told), for conclusions that are often undecided.</summary>
    /// <param name="factor">At least 1.</param>
    /// <returns>A new claim.</returns>
    public Claim DrawingAtMost(int factor) => new(ClaimModule.drawsPerTrial(Door.AtLeast(factor, 1), Core));

    /// <summary>A control: on these cases, which break this hypothesis only, the conclusion has to be refuted: on every fixed one, on one of the others.</summary>
    /// <typeparam name="T">What one instance is.</typeparam>
    /// <param name="hypothesis">The id of the hypothesis.</param>
    /// <param name="cases">What breaks it.</param>
    /// <param name="conclude">The conclusion of the claim.</param>
    /// <returns>A new claim.</returns>
    public Claim FailsWithout<T>(string hypothesis, Cases<T> cases, Func<T, Outcome> conclude) =>
        new(ClaimModule.neededBy(Door.NotNull(hypothesis), Door.NotNull(cases).Core, Conclusion(conclude), Core));

    /// <summary>The id and the statement.</summary>
    /// <returns>"mine.sum: …".</returns>
    public override string ToString() => Info.ToString();

    private static FSharpFunc<T, CoreOutcome> Conclusion<T>(Func<T, Outcome> conclude)
    {
        Door.NotNull(conclude);
        return FuncConvert.FromFunc<T, CoreOutcome>(instance =>
            (conclude(instance) ?? throw new InvalidOperationException("The conclusion returned null instead of an outcome.")).Core);
    }
}
