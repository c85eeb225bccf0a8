using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;
using LayerTime.Core.Rigour;
using LayerTime.Core.Semantics;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using CoreReachScope = LayerTime.Core.Rigour.ReachScope;

namespace LayerTime;

public sealed partial class NeuralOde
{
    private NeuralOde<CoreInterval>? intervals;

    /// <summary>The same over intervals; weights are taken as the exact numbers they are.</summary>
    internal NeuralOde<CoreInterval> Intervals => intervals ??= Floats is not null
        ? Enclosed(Floats, number => RationalModule.ofFloat(number.Value))
        : Enclosed(Fractions!, number => number);

    /// <summary>
    /// Encloses all solutions from a box of inputs, with a proof: interval Taylor series with bounded remainder, solutions shown to exist by the
    /// theorem of Picard and Lindelöf, sets carried in mean-value form. Weights are taken as the exact numbers they are.
    /// </summary>
    /// <param name="inputs">One interval for each input of the lift, or for each component of x where there is none.</param>
    /// <param name="options">Times, derivatives, order and budget; null for the end alone.</param>
    /// <param name="progress">Told ten times a second how far the enclosure has come.</param>
    /// <param name="cancellationToken">Ends the enclosure where it is; what there is of it is returned.</param>
    /// <returns>The enclosure as far as it goes, with the reason if that is not the horizon.</returns>
    /// <exception cref="UnsolvableException">What is asked for makes no sense or cannot be done: derivatives across a kink, too many dimensions, … Every reason is listed.</exception>
    public NeuralOdeEnclosure Enclose(
        Box inputs, EncloseOptions? options = null, IProgress<SolveProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        var settings = Settings(options, new SolveWatch(0, Horizon.ToDouble(), progress, cancellationToken));
        var result = ValidatedFlow.enclose(settings, Intervals, [.. options.Times.Select(time => time.Rational)], Door.NotNull(inputs).OfDoor);
        if (!result.IsOk)
        {
            throw NotEnclosed(result.ErrorValue);
        }

        var enclosure = result.ResultValue;
        return new(this, inputs, options, enclosure, enclosure.Stop.IsCompleted ? ValidatedFlow.output(Intervals, enclosure.Last) : null);
    }

    /// <summary>Encloses all solutions on another thread, as <see cref="Enclose"/> does.</summary>
    /// <param name="inputs">As in <see cref="Enclose"/>.</param>
    /// <param name="options">As in <see cref="Enclose"/>.</param>
    /// <param name="progress">As in <see cref="Enclose"/>.</param>
    /// <param name="cancellationToken">As in <see cref="Enclose"/>.</param>
    /// <returns>The enclosure as far as it goes.</returns>
    public Task<NeuralOdeEnclosure> EncloseAsync(
        Box inputs, EncloseOptions? options = null, IProgress<SolveProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => Enclose(inputs, options, progress, cancellationToken), CancellationToken.None);

    /// <summary>Whether no input of a box leaves a set, by enclosing the flow of ever smaller boxes of inputs.</summary>
    /// <param name="inputs">One interval for each input.</param>
    /// <param name="set">The set: one interval for each component of x, or of the output.</param>
    /// <param name="scope">What has to stay in the set.</param>
    /// <param name="maxBoxes">How many boxes of inputs may be looked at, at least 1.</param>
    /// <param name="cancellationToken">Ends the search undecided.</param>
    /// <returns>Proved, disproved by an input, or undecided with the reason.</returns>
    /// <exception cref="UnsolvableException">What is asked for makes no sense: a set of another dimension, … Every reason is listed.</exception>
    public ReachAnswer StaysIn(
        Box inputs, Box set, ReachScope scope = ReachScope.Always, int maxBoxes = 1000, CancellationToken cancellationToken = default)
    {
        var settings = Settings(new EncloseOptions(), new SolveWatch(0, Horizon.ToDouble(), null, cancellationToken));
        var of = scope switch
        {
            ReachScope.Always => CoreReachScope.Always,
            ReachScope.AtEnd => CoreReachScope.AtEnd,
            _ => CoreReachScope.Output,
        };
        var result = ReachSet.decide(settings, Door.AtLeast(maxBoxes, 1), Intervals, of, Door.NotNull(inputs).OfDoor, Door.NotNull(set).OfDoor);
        return result.IsOk ? new(result.ResultValue) : throw NotEnclosed(result.ErrorValue);
    }

    private static EnclosureOptions Settings(EncloseOptions options, IFlowWatch watch)
    {
        var derivatives = options.Derivatives switch
        {
            EnclosedDerivatives.None => FlowOrder.C0,
            EnclosedDerivatives.First => FlowOrder.C1,
            _ => FlowOrder.C2,
        };
        var order = options.Order is { } given ? FSharpOption<int>.Some(given) : null;
        return new(derivatives, order, ValidatedFlow.defaults.Share, Door.AtLeast(options.MaxSteps, 1), Built.Optional(watch));
    }

    private static NeuralOde<CoreInterval> Enclosed<T>(NeuralOde<T> ode, Func<T, Rational> fraction)
        where T : IRing<T>
    {
        var exactly = FuncConvert.FromFunc(fraction);
        var enclosure = FuncConvert.FromFunc((T number) => IntervalModule.ofRational(fraction(number)));
        var activation = FuncConvert.FromFunc((Activation<T> function) => ActivationKindModule.over<CoreInterval>(ActivationKindModule.ofActivation(exactly, function)));
        return NeuralOdeModule.map(enclosure, activation, ode);
    }

    private static UnsolvableException NotEnclosed(FSharpList<Defect> defects) => new(Built.Defects(defects), "The neural ODE cannot be enclosed like this");
}
