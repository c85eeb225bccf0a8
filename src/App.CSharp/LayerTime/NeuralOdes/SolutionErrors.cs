using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using LayerTime.Core.Networks;
using LayerTime.Core.Semantics;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace LayerTime;

/// <summary>What is known of the distance between a computed and the exact solution, in the largest component.</summary>
public sealed record SolutionErrors
{
    /// <summary>
    /// Beforehand: from the box in which the states lie, the number of steps and their length alone, by the logarithmic norm of the
    /// field (Grönwall's lemma), for the method in exact arithmetic.
    /// </summary>
    public required ErrorBound Before { get; init; }

    /// <summary>Afterwards: step by step along the solution, local errors, rounding and growth, proved in interval arithmetic.</summary>
    public required ErrorBound After { get; init; }

    /// <summary>
    /// Error bars: the exact solution from the same start lies within this of the state at each recorded time, in every component, proved; as many of
    /// them, from the start, as could be proved. <see cref="After"/> is the last one of a solution whose bars are complete.
    /// </summary>
    public required IReadOnlyList<double> Bars { get; init; }

    /// <summary>An estimate without proof: the distance to a solution with tolerances ten times smaller or twice the steps; NaN where there is none.</summary>
    public required double Estimate { get; init; }

    private Func<double, double?> Between { get; init; } = _ => null;

    /// <summary>The error bar at any time of the solution: the exact one lies within this of what <see cref="NeuralOdeSolution.At"/> says, in every component, proved.</summary>
    /// <param name="time">A time at which the solution is known.</param>
    /// <returns>The bound; null beyond the last of the <see cref="Bars"/> and where there is none.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The solution is not known at this time.</exception>
    public double? BarAt(double time) => Between(time);

    internal static SolutionErrors Of(NeuralOdeSolution solution, NeuralFlowResult core, double[] start, CancellationToken cancellationToken)
    {
        var (ode, options) = (solution.Ode, solution.Options);
        var asked = FuncConvert.FromAction(cancellationToken.ThrowIfCancellationRequested);
        var forwards = ode.To(options) > options.From;
        FSharpResult<Tuple<FSharpList<double>, Core.Semantics.ErrorBound>, FSharpList<Core.Networks.Defect>>? bars =
            options.Recording == SolutionRecording.End ? null : NeuralError.bars(asked, options.Method.Core, ode.Rounded, core);
        double[] known = bars is { IsOk: true } proved ? [.. proved.ResultValue.Item1] : [];
        return new()
        {
            Between = time => NeuralError.barAt(ode.Rounded, core, known, time, solution.At(time)) is { } bar ? bar.Value : null,
            Before = options.Steps is null ? new("A bound beforehand needs a number of fixed steps.")
                : !forwards || !solution.IsComplete ? new("A bound beforehand needs a solution that runs forwards to its end.")
                : options.Recording == SolutionRecording.End ? NotRecorded
                : ErrorBound.Of(NeuralError.aPriori(asked, options.Method.Core, ode.Rounded, core)),
            After = bars is { } steps ? ErrorBound.Of(ResultModule.Map(FuncConvert.FromFunc((Tuple<FSharpList<double>, Core.Semantics.ErrorBound> pair) => pair.Item2), steps)) : NotRecorded,
            Bars = known,
            Estimate = NeuralError.estimate(ode.Settings(options, new SolveWatch(0, 1, null, cancellationToken)), options.Method.Core, ode.Rounded, start, core),
        };
    }

    private static ErrorBound NotRecorded => new("A bound needs the states of all steps.");
}

/// <summary>A proved bound of an error, or why there is none.</summary>
public sealed record ErrorBound
{
    internal ErrorBound(string reason) => Reason = reason;

    private ErrorBound(double bound, double logNorm) => (Value, LogNorm, Reason) = (bound, logNorm, "");

    /// <summary>The bound; null where there is none.</summary>
    public double? Value { get; }

    /// <summary>The largest logarithmic norm μ∞ met: errors grow at most like e^(μt). Null where there is no bound.</summary>
    public double? LogNorm { get; }

    /// <summary>Why there is no bound, as a sentence; empty where there is one.</summary>
    public string Reason { get; }

    internal static ErrorBound Of(FSharpResult<Core.Semantics.ErrorBound, FSharpList<Defect>> result) =>
        !result.IsOk ? new(string.Join(' ', result.ErrorValue.Select(defect => $"{Sentence.From(defect.Where)[..^1]}: found {defect.Found}, expected {defect.Expected}.")))
        : result.ResultValue is Core.Semantics.ErrorBound.Proved proved ? new(proved.error, proved.logNorm)
        : new(result.ResultValue.Sentence);
}
