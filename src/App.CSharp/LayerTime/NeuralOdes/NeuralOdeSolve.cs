using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;
using LayerTime.Core.Semantics;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace LayerTime;

public sealed partial class NeuralOde
{
    /// <summary>Solves the neural ODE on floats; exact weights are rounded to the nearest. What is there when it stops early is returned with the reason.</summary>
    /// <param name="input">The argument of the lift, or d numbers, x(0), where there is none; from another time than 0 always d numbers, the state there.</param>
    /// <param name="options">Method, tolerances or steps, times; null for the usual ones.</param>
    /// <param name="progress">Told ten times a second how far the solution has come.</param>
    /// <param name="cancellationToken">Ends the solution where it is; what there is of it is returned.</param>
    /// <returns>The solution as far as it goes.</returns>
    /// <exception cref="UnsolvableException">What is asked for makes no sense: a tolerance of 0, a horizon of length zero, … Every reason is listed.</exception>
    /// <exception cref="ArgumentException">The input has the wrong length or a number that is not finite.</exception>
    public NeuralOdeSolution Solve(
        ReadOnlySpan<double> input, SolveOptions? options = null, IProgress<SolveProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        Door.Finite(input, nameof(input));
        var start = Start(input.ToArray(), options);
        Keep(options);
        var settings = Settings(options, Watch(options, progress, cancellationToken));
        var result = NeuralFlow.solve(
            settings, options.Method.Core, Rounded, options.From.Rational, To(options).Rational, ListModule.OfSeq(options.Times.Select(time => time.Rational)), start);
        return result.IsOk
            ? new(this, options, start, result.ResultValue)
            : throw new UnsolvableException(Built.Defects(result.ErrorValue));
    }

    /// <summary>Solves the neural ODE on another thread, as <see cref="Solve"/> does.</summary>
    /// <param name="input">As in <see cref="Solve"/>.</param>
    /// <param name="options">As in <see cref="Solve"/>.</param>
    /// <param name="progress">As in <see cref="Solve"/>.</param>
    /// <param name="cancellationToken">Ends the solution where it is; what there is of it is returned.</param>
    /// <returns>The solution as far as it goes.</returns>
    public Task<NeuralOdeSolution> SolveAsync(
        double[] input, SolveOptions? options = null, IProgress<SolveProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Door.NotNull(input);
        return Task.Run(() => Solve(input, options, progress, cancellationToken), CancellationToken.None);
    }

    private SolveWatch Watch(SolveOptions options, IProgress<SolveProgress>? progress, CancellationToken cancellationToken) =>
        new(options.From.ToDouble(), To(options).ToDouble(), progress, cancellationToken);

    private void Keep(SolveOptions options)
    {
        if (options.Steps > Keepable(options))
        {
            throw new UnsolvableException([new()
            {
                Where = "steps",
                Found = FormattableString.Invariant($"{options.Steps}, the states of which do not fit into 2 GiB"),
                Expected = FormattableString.Invariant($"at most {Keepable(options)}, or a recording of the end only"),
            }]);
        }
    }

    /// <summary>How many steps can be kept in 2²⁸ numbers.</summary>
    private int Keepable(SolveOptions options) => options.Recording == SolutionRecording.End
        ? int.MaxValue
        : (1 << 28) / (1 + (Dimension * (options.Recording == SolutionRecording.Dense ? 1 + Math.Max(3, options.Method.Order) : 1)));

    internal FlowSettings Settings(SolveOptions options, IFlowWatch? watch)
    {
        var control = options.Steps is { } steps
            ? StepControl.NewFixed(steps)
            : StepControl.NewAdaptive(options.RelativeTolerance, options.AbsoluteTolerance);
        var recording = options.Recording switch
        {
            SolutionRecording.End => Recording.Final,
            SolutionRecording.Dense => Recording.Dense,
            _ => Recording.Steps,
        };

        // Pieces and wanted times may ask for some steps more than were counted.
        var most = Math.Min(options.MaxSteps ?? (options.Steps is null ? 1_000_000 : int.MaxValue), Keepable(options));
        return new(control, null, double.PositiveInfinity, most, recording, FSharpList<EventRequest>.Empty, Built.Optional(watch));
    }

    internal Fraction To(SolveOptions options) => options.To ?? Horizon;

    internal double[] Start(double[] input, SolveOptions options)
    {
        var isLifted = options.From.Sign == 0 && Rounded.Lift is not null;
        Door.Length(input.Length, isLifted ? InputWidth : Dimension, nameof(input));
        return isLifted ? Binary64Module.toFloats(LayerMapModule.apply(Rounded.Lift!.Value, Binary64Module.ofFloats(input))) : input;
    }
}
