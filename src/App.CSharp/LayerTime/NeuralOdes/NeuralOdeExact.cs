using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using LayerTime.Core.Networks;
using LayerTime.Core.Semantics;
using Microsoft.FSharp.Core;

namespace LayerTime;

/// <summary>What an explicit method computes of a neural ODE, without rounding: the error that is left is that of the method.</summary>
public sealed record ExactOdeTrajectory
{
    /// <summary>The times of the start and of all steps, from 0 to T.</summary>
    public required IReadOnlyList<Fraction> Times { get; init; }

    /// <summary>x at these times.</summary>
    public required IReadOnlyList<IReadOnlyList<Fraction>> States { get; init; }

    /// <summary>The readout of x(T), or x(T) where there is none.</summary>
    public required IReadOnlyList<Fraction> Output { get; init; }
}

public sealed partial class NeuralOde
{
    /// <summary>Runs an explicit method on fractions; floats are taken as the fractions they are. Fractions grow with every step.</summary>
    /// <param name="input">The argument of the lift, or x(0) where there is none.</param>
    /// <param name="steps">The number of steps of one length over 0 … T; where the weights change it is shared so that no step is longer.</param>
    /// <param name="method">An explicit Runge–Kutta method; null for the usual one.</param>
    /// <param name="cancellationToken">Ends the run between two steps, without a result.</param>
    /// <returns>The states at all steps, and the output.</returns>
    /// <exception cref="UnsolvableException">The method is not explicit.</exception>
    /// <exception cref="InvalidNetworkException">An activation, such as tanh, has no exact values.</exception>
    /// <exception cref="ArgumentException">The input has the wrong length, or there is no step.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public ExactOdeTrajectory SolveExact(ReadOnlySpan<Fraction> input, int steps, OdeMethod? method = null, CancellationToken cancellationToken = default)
    {
        method ??= OdeMethod.DormandPrince;
        Door.Within(steps, 1, int.MaxValue);
        Door.Length(input.Length, InputWidth, nameof(input));
        if (method.Core is not FlowMethod.Explicit @explicit)
        {
            throw new UnsolvableException([new()
            {
                Where = "method",
                Found = $"{method}, whose steps need roots, iterations or exact flows",
                Expected = "an explicit Runge–Kutta method, such as rk4, which stays within fractions",
            }]);
        }

        var ode = ToExact().Fractions!;
        var start = Exactly.Rationals(input);
        var path = NeuralFlow.trajectory(
            FuncConvert.FromAction(cancellationToken.ThrowIfCancellationRequested), @explicit.Item, steps, ode, ode.Lift is { } lift ? LayerMapModule.apply(lift.Value, start) : start);
        return new()
        {
            Times = [.. path.Select(point => new Fraction(point.Item1))],
            States = [.. path.Select(point => Exactly.Fractions(point.Item2))],
            Output = Exactly.Fractions(ode.Readout is { } readout ? LayerMapModule.apply(readout.Value, path[^1].Item2) : path[^1].Item2),
        };
    }
}
