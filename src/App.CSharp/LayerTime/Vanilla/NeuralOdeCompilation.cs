using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using LayerTime.Core.Constructions;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using CoreOptions = LayerTime.Core.Constructions.VanillaOptions;

namespace LayerTime;

public sealed partial class NeuralOde
{
    /// <summary>
    /// A leaky-ReLU network of the width of the flow that maps x(0) to x(T) for every x(0) in a box, up to an error that is certified: the
    /// exact flows of single terms a·g(w·x + b), put together by a splitting, those of tanh terms by piecewise linear tables.
    /// </summary>
    /// <param name="box">The starting points: one interval for each component, none of them a single point.</param>
    /// <param name="tolerance">The largest error in the Euclidean norm, positive.</param>
    /// <param name="horizon">T; null for the horizon of the neural ODE. A field of one piece may go on beyond its horizon.</param>
    /// <param name="options">Splitting, budget and cells; null for the defaults.</param>
    /// <param name="progress">Told how far the compilation has come, at most ten times a second.</param>
    /// <param name="cancellationToken">Ends the compilation.</param>
    /// <returns>The network and its certificate.</returns>
    /// <exception cref="UnsuitableFlowException">A hypothesis fails: the field is no sum of tanh and (leaky) ReLU terms with weights constant on pieces of time, a term has the direction 0, the box is degenerate.</exception>
    /// <exception cref="NotCertifiableException">The error is too small for the budget or for floats.</exception>
    /// <exception cref="OperationCanceledException">The compilation was cancelled.</exception>
    public CompiledNetwork ToVanilla(
        Box box,
        double tolerance,
        Fraction? horizon = null,
        VanillaOptions? options = null,
        IProgress<VanillaProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        Door.NotNull(box);
        var clock = Stopwatch.StartNew();
        var next = TimeSpan.Zero;
        foreach (var step in VanillaCompiler.steps(RidgeField(horizon), box.OfDoor, tolerance, ToCore(options)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            switch (step)
            {
                case VanillaStep.Working working when progress is not null && clock.Elapsed >= next:
                    next = clock.Elapsed + TimeSpan.FromMilliseconds(100);
                    progress.Report(new() { Stage = working.stage, Cells = working.finished, CellsTotal = working.total, Elapsed = clock.Elapsed });
                    break;
                case VanillaStep.Compiled compiled:
                    return new(compiled.Item, box);
                case VanillaStep.Refused { Item: VanillaRefusal.Hypotheses hypotheses }:
                    throw new UnsuitableFlowException(Built.Defects(hypotheses.Item));
                case VanillaStep.Refused { Item: VanillaRefusal.Budget budget }:
                    throw NotCertifiableException.OfBudget(tolerance, budget.reachable, budget.depth);
                case VanillaStep.Refused { Item: VanillaRefusal.Precision precision }:
                    throw NotCertifiableException.OfPrecision(tolerance, precision.rounding);
            }
        }

        throw new InvalidOperationException("The compilation ended without a result.");
    }

    /// <summary><see cref="ToVanilla"/>, off the caller's thread.</summary>
    /// <param name="box">The starting points: one interval for each component, none of them a single point.</param>
    /// <param name="tolerance">The largest error in the Euclidean norm, positive.</param>
    /// <param name="horizon">T; null for the horizon of the neural ODE.</param>
    /// <param name="options">Splitting, budget and cells; null for the defaults.</param>
    /// <param name="progress">Told how far the compilation has come, at most ten times a second.</param>
    /// <param name="cancellationToken">Ends the compilation.</param>
    /// <returns>The network and its certificate.</returns>
    public Task<CompiledNetwork> ToVanillaAsync(
        Box box,
        double tolerance,
        Fraction? horizon = null,
        VanillaOptions? options = null,
        IProgress<VanillaProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Task.Run(() => ToVanilla(box, tolerance, horizon, options, progress, cancellationToken), CancellationToken.None);

    /// <summary>What each splitting would need for each of some errors; nothing is built. The least depth comes first.</summary>
    /// <param name="box">The starting points: one interval for each component, none of them a single point.</param>
    /// <param name="tolerances">The errors, positive.</param>
    /// <param name="horizon">T; null for the horizon of the neural ODE.</param>
    /// <param name="options">Splitting and budget; null for the defaults.</param>
    /// <returns>The predictions for each error.</returns>
    /// <exception cref="UnsuitableFlowException">A hypothesis fails.</exception>
    public IReadOnlyList<IReadOnlyList<VanillaPrediction>> PlanVanilla(
        Box box, IReadOnlyList<double> tolerances, Fraction? horizon = null, VanillaOptions? options = null)
    {
        var predictions = OrRefuse(VanillaCompiler.predictions(RidgeField(horizon), Door.NotNull(box).OfDoor, [.. Door.NotNull(tolerances)], ToCore(options)));
        return [.. predictions.Select(row => (IReadOnlyList<VanillaPrediction>)[.. row.Select(VanillaPrediction.OfCore)])];
    }

    private static CoreOptions ToCore(VanillaOptions? options)
    {
        options ??= new();
        var splitting = options.Splitting is { } given ? FSharpOption<Splitting>.Some(Splittings.ToCore(given)) : null;
        var cells = options.CellsPerSide is { } count ? FSharpOption<int>.Some(Door.AtLeast(count, 1)) : null;
        return new(splitting, options.MaxDepth, cells);
    }

    private static T OrRefuse<T>(FSharpResult<T, FSharpList<Defect>> result) =>
        result.IsOk ? result.ResultValue : throw new UnsuitableFlowException(Built.Defects(result.ErrorValue));

    /// <summary>The field as a sum of terms over the exact numbers that it is written in.</summary>
    private RidgeField<Rational> RidgeField(Fraction? horizon)
    {
        var itself = FuncConvert.FromFunc((Rational number) => number);
        var fraction = FuncConvert.FromFunc((Binary64 number) => RationalModule.ofFloat(number.Value));
        var field = Floats is not null
            ? RidgeFieldModule.map(fraction, OrRefuse(RidgeFieldModule.ofNeuralOde(fraction, Floats)))
            : OrRefuse(RidgeFieldModule.ofNeuralOde(itself, Fractions!));
        return horizon is { } time ? OrRefuse(RidgeFieldModule.until(time.Rational, field)) : field;
    }
}
