using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using LayerTime.Core.Numbers;
using LayerTime.Core.Semantics;

namespace LayerTime;

/// <summary>The solution of a neural ODE as far as it goes, with the reason why it goes no further.</summary>
public sealed class NeuralOdeSolution
{
    private readonly NeuralFlowResult core;
    private readonly double[] start;
    private readonly Tuple<double, double[]>[] steps;

    internal NeuralOdeSolution(NeuralOde ode, SolveOptions options, double[] start, NeuralFlowResult core)
    {
        (Ode, Options, this.start, this.core) = (ode, options, start, core);
        steps = NeuralFlow.steps(core);
        Times = [.. steps.Select(step => step.Item1)];
    }

    /// <summary>The neural ODE that was solved.</summary>
    public NeuralOde Ode { get; }

    /// <summary>What was asked for.</summary>
    public SolveOptions Options { get; }

    /// <summary>Why it ends where it does.</summary>
    public SolveStop Stop => SolveStops.Of(core.Stop);

    /// <summary>The same in a sentence that says what to do next.</summary>
    public string StopMessage => core.Stop.Sentence;

    /// <summary>Whether the wanted time is reached.</summary>
    public bool IsComplete => Stop == SolveStop.Completed;

    /// <summary>The time reached.</summary>
    public double Time => core.Time;

    /// <summary>x at the time reached. A copy.</summary>
    public double[] State => (double[])core.State.Clone();

    /// <summary>The readout of x(T), or x(T) where there is none; null where T is not reached. A copy.</summary>
    public double[]? Output => !IsComplete || Ode.To(Options) != Ode.Horizon ? null
        : Ode.Rounded.Readout is { } readout ? Binary64Module.toFloats(LayerMapModule.apply(readout.Value, Binary64Module.ofFloats(core.State)))
        : State;

    /// <summary>The number of steps that count.</summary>
    public int Steps => core.Accepted;

    /// <summary>The number of steps that were repeated with a shorter length.</summary>
    public int RejectedSteps => core.Rejected;

    /// <summary>How often the field was evaluated.</summary>
    public int Evaluations => core.Evaluations;

    /// <summary>The times that were recorded, in the order of the run: of the start and of every step, or of the start and the end.</summary>
    public IReadOnlyList<double> Times { get; }

    /// <summary>Whether the solution is known between the steps.</summary>
    public bool IsDense => Options.Recording == SolutionRecording.Dense;

    /// <summary>x at a recorded time, a view without a copy.</summary>
    /// <param name="index">0 … Times.Count − 1.</param>
    /// <returns>d numbers.</returns>
    public ReadOnlySpan<double> StateAt(int index)
    {
        Door.Within(index, 0, steps.Length - 1);
        return steps[index].Item2;
    }

    /// <summary>x at a time between the start and the time reached.</summary>
    /// <param name="time">The time: any for a dense solution, else a recorded one.</param>
    /// <returns>d numbers.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The solution is not known at this time.</exception>
    public double[] At(double time) => NeuralFlow.tryAt(time, core) is { } state
        ? state.Value
        : throw new ArgumentOutOfRangeException(nameof(time), time, IsDense
            ? $"A time between {steps[0].Item1:R} and {Time:R} is expected."
            : $"A recorded time between {steps[0].Item1:R} and {Time:R} is expected: the solution is not known between the steps.");

    /// <summary>Times and states that follow the solution closely enough for a picture.</summary>
    internal IReadOnlyList<(double Time, double[] State)> Samples(int count)
    {
        if (!IsDense)
        {
            return [.. steps.Select(step => (step.Item1, step.Item2))];
        }

        var (first, last) = (steps[0].Item1, Time);
        var times = Times.Concat(Enumerable.Range(1, count - 1).Select(i => first + ((last - first) * i / count))).Distinct();
        return [.. (first <= last ? times.Order() : times.OrderDescending()).Select(time => (time, At(time)))];
    }

    /// <summary>The samples whose extent a picture shows: all of them, unless the state leaves every bound at the end and would flatten all else.</summary>
    internal IEnumerable<double[]> Shown(IReadOnlyList<(double Time, double[] State)> samples)
    {
        var (first, last) = (samples[0].Time, samples[^1].Time);
        return samples.Where(sample => Stop != SolveStop.BlowUp || Math.Abs(sample.Time - first) <= 0.95 * Math.Abs(last - first)).Select(sample => sample.State);
    }

    /// <summary>What is known of the distance to the exact solution.</summary>
    /// <param name="cancellationToken">Stops the computation, which takes much longer than the solution itself.</param>
    /// <returns>Bounds where they can be proved, with the reason where they cannot, and an estimate.</returns>
    /// <exception cref="OperationCanceledException">The computation was cancelled.</exception>
    public SolutionErrors Errors(CancellationToken cancellationToken = default) => SolutionErrors.Of(this, core, start, cancellationToken);

    /// <summary>The components of x over depth-time as a picture in SVG: the same solution gives the same bytes.</summary>
    /// <param name="errors">What <see cref="Errors"/> said of this solution, to draw its error bars; null for none.</param>
    /// <returns>The picture.</returns>
    public string ToSvg(SolutionErrors? errors = null) => DepthTimeFigure.Draw(this, errors?.Bars ?? []);

    /// <summary>The path of x in the plane as a picture in SVG, over the directions of the field where it does not change with time.</summary>
    /// <returns>The picture.</returns>
    /// <exception cref="InvalidOperationException">x does not have two components.</exception>
    public string ToPhasePortrait() => PhaseFigure.Draw(this);

    /// <summary>The solution in one line.</summary>
    /// <returns>"t = 1 in 12 steps: The end of the horizon is reached."</returns>
    public override string ToString() => FormattableString.Invariant($"t = {Time:R} in {Steps} steps: {StopMessage}");
}
