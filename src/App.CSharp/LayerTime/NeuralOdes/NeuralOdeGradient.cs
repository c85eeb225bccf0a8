using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using LayerTime.Core.Algebra;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;
using LayerTime.Core.Semantics;
using Microsoft.FSharp.Core;

namespace LayerTime;

/// <summary>The momentum along a solution: how a loss at the end depends on the state at every step.</summary>
public sealed record MomentumPath
{
    /// <summary>The times of the start and of all steps, in the order of the run; with checkpoints those of the start, of the jumps of the weights and of the end.</summary>
    public required IReadOnlyList<double> Times { get; init; }

    /// <summary>x at these times.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> States { get; init; }

    /// <summary>a = dLoss/dx at these times.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Momenta { get; init; }
}

/// <summary>The gradient of a loss of a neural ODE in everything it depends on: exact for the steps that were taken, with these steps held fixed.</summary>
public sealed record NeuralOdeGradient
{
    /// <summary>The solution on the way there.</summary>
    public required NeuralOdeSolution Solution { get; init; }

    /// <summary>dLoss/dInput</summary>
    public required IReadOnlyList<double> Input { get; init; }

    /// <summary>The gradients of the field, as Pieces[piece][coefficient][layer].</summary>
    public required IReadOnlyList<IReadOnlyList<IReadOnlyList<LayerGradient<double>>>> Pieces { get; init; }

    /// <summary>The gradients of the lift, inner layer by inner layer; empty where there is none.</summary>
    public required IReadOnlyList<LayerGradient<double>> Lift { get; init; }

    /// <summary>The gradients of the readout, inner layer by inner layer; empty where there is none.</summary>
    public required IReadOnlyList<LayerGradient<double>> Readout { get; init; }

    /// <summary>dLoss/dx along the solution.</summary>
    public required MomentumPath Momentum { get; init; }

    /// <summary>How many steps were taken anew on the way back because their states were not kept: 0 for <see cref="Checkpointing.StoreAll"/>.</summary>
    public required long RepeatedSteps { get; init; }
}

public sealed partial class NeuralOde
{
    /// <summary>The exact gradient of a loss of the output of the method, backward through its steps: the value of the loss is not needed, its slope is.</summary>
    /// <param name="input">As in <see cref="Solve"/>.</param>
    /// <param name="lossGradientAtOutput">dLoss/dOutput, one number for each output; dLoss/dx where the solution is wanted to another time than T.</param>
    /// <param name="options">As in <see cref="Solve"/>.</param>
    /// <param name="progress">Told ten times a second how far the way there has come.</param>
    /// <param name="cancellationToken">Ends the way there without a result.</param>
    /// <returns>The gradient in the input and in every weight, with the momentum along the way.</returns>
    /// <exception cref="UnsolvableException">What is asked for makes no sense, or the solution ends early.</exception>
    /// <exception cref="ArgumentException">A wrong length or a number that is not finite.</exception>
    /// <exception cref="OperationCanceledException">The way there was cancelled.</exception>
    public NeuralOdeGradient Gradient(
        ReadOnlySpan<double> input,
        ReadOnlySpan<double> lossGradientAtOutput,
        SolveOptions? options = null,
        IProgress<SolveProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new();
        options = options with { Recording = options.Checkpointing.KeepsAll ? SolutionRecording.Steps : SolutionRecording.End };
        Door.Finite(input, nameof(input));
        Door.Finite(lossGradientAtOutput, nameof(lossGradientAtOutput));
        var readout = To(options) == Horizon ? Rounded.Readout?.Value : null;
        Door.Length(lossGradientAtOutput.Length, readout?.OutputWidth ?? Dimension, nameof(lossGradientAtOutput));
        Keep(options);
        var (numbers, covector) = (input.ToArray(), Binary64Module.ofFloats(lossGradientAtOutput.ToArray()));
        var start = Start(numbers, options);
        Tuple<Matrix<Binary64>, Binary64[]>[] atReadout = [];
        var found = NeuralGradientModule.solve(
            options.Checkpointing.Core, Settings(options, Watch(options, progress, cancellationToken)), options.Method.Core, Rounded, options.From.Rational, To(options).Rational, start, FuncConvert.FromFunc((double[] state) =>
            {
                if (readout is null)
                {
                    return Binary64Module.toFloats(covector);
                }

                (var momentum, atReadout) = LayerMapModule.pullback(readout, Binary64Module.ofFloats(state), covector);
                return Binary64Module.toFloats(momentum);
            }));
        var gradient = found.IsOk ? found.ResultValue : throw new UnsolvableException(Built.Defects(found.ErrorValue));
        var solution = new NeuralOdeSolution(this, options, start, gradient.Flow);
        Complete(solution, cancellationToken);
        var lift = options.From.Sign == 0 ? Rounded.Lift?.Value : null;
        var (atInput, atLift) = lift is null
            ? (gradient.Momenta[0], [])
            : Pull(LayerMapModule.pullback(lift, Binary64Module.ofFloats(numbers), Binary64Module.ofFloats(gradient.Momenta[0])));
        return new()
        {
            Solution = solution,
            Input = atInput,
            Pieces = [.. Rounded.Pieces.ToArray().Zip(gradient.Parameters, Unflatten)],
            Lift = atLift,
            Readout = Backward.Gradients(atReadout, number => number.Value),
            Momentum = new()
            {
                Times = gradient.Times,
                States = [.. solution.Times.Select((_, i) => solution.StateAt(i).ToArray())],
                Momenta = gradient.Momenta,
            },
            RepeatedSteps = gradient.Repeated,
        };

        static (double[], IReadOnlyList<LayerGradient<double>>) Pull(Tuple<Binary64[], Tuple<Matrix<Binary64>, Binary64[]>[]> pulled) =>
            (Binary64Module.toFloats(pulled.Item1), Backward.Gradients(pulled.Item2, number => number.Value));
    }

    /// <summary>The momentum a(t) = dLoss/dx(t) along the solution, at every step: exact for the steps that were taken.</summary>
    /// <param name="input">As in <see cref="Solve"/>.</param>
    /// <param name="lossGradientAtOutput">As in <see cref="Gradient"/>.</param>
    /// <param name="options">As in <see cref="Solve"/>.</param>
    /// <param name="progress">As in <see cref="Gradient"/>.</param>
    /// <param name="cancellationToken">Ends the way there without a result.</param>
    /// <returns>Times, states and momenta.</returns>
    /// <exception cref="UnsolvableException">What is asked for makes no sense, or the solution ends early.</exception>
    /// <exception cref="ArgumentException">A wrong length or a number that is not finite.</exception>
    /// <exception cref="OperationCanceledException">The way there was cancelled.</exception>
    public MomentumPath Momentum(
        ReadOnlySpan<double> input,
        ReadOnlySpan<double> lossGradientAtOutput,
        SolveOptions? options = null,
        IProgress<SolveProgress>? progress = null,
        CancellationToken cancellationToken = default) => Gradient(input, lossGradientAtOutput, options, progress, cancellationToken).Momentum;

    private static void Complete(NeuralOdeSolution solution, CancellationToken cancellationToken)
    {
        if (solution.Stop == SolveStop.Interrupted)
        {
            throw new OperationCanceledException(cancellationToken);
        }

        if (!solution.IsComplete)
        {
            throw new UnsolvableException([new() { Where = "solution", Found = FormattableString.Invariant($"an end at t = {solution.Time:R} ({solution.StopMessage.TrimEnd('.')})"), Expected = "the wanted time, where the loss is" }]);
        }
    }

    /// <summary>Numbers coefficient by coefficient, layer by layer, weights row by row before biases, as the matrices they belong to.</summary>
    private static IReadOnlyList<IReadOnlyList<LayerGradient<double>>> Unflatten(FieldPiece<Binary64> piece, double[] numbers)
    {
        var at = 0;
        return [.. piece.Coefficients.Select(map => (IReadOnlyList<LayerGradient<double>>)[.. map.Layers.ToArray().Select(layer =>
        {
            var weights = new double[layer.OutputWidth, layer.InputWidth];
            for (var e = 0; e < weights.Length; e++)
            {
                weights[e / layer.InputWidth, e % layer.InputWidth] = numbers[at++];
            }

            double[] bias = [.. numbers[at..(at + layer.OutputWidth)]];
            at += layer.OutputWidth;
            return new LayerGradient<double> { Weights = weights, Bias = bias };
        })])];
    }
}
