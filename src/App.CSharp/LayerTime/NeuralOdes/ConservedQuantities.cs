using System;
using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Constructions;
using LayerTime.Core.Numbers;
using Microsoft.FSharp.Core;

namespace LayerTime;

/// <summary>What is followed along a solution besides H: the tangent of the pairing, and the generator of the charge.</summary>
public sealed record ConservedOptions
{
    /// <summary>δx(0); null for (1, …, 1).</summary>
    public double[]? Tangent { get; init; }

    /// <summary>M of the generator v(x) = Mx + c; null for no charge, or for 0 where there is a shift.</summary>
    public double[,]? Generator { get; init; }

    /// <summary>c of the generator v(x) = Mx + c; null for 0.</summary>
    public double[]? Shift { get; init; }

    /// <summary>At how many equal steps the quantities are told, at least 3 and at least 3 on each piece; twice as many are computed.</summary>
    public int Steps { get; init; } = 100;
}

/// <summary>One quantity along a solution, and whether it is constant as far as the computation can tell.</summary>
public sealed record ConservedQuantity
{
    /// <summary>The quantity at each time.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>What its law says has flowed in since the start: zero for a conserved quantity.</summary>
    public required IReadOnlyList<double> Inflow { get; init; }

    /// <summary>max |value − first value|</summary>
    public required double Drift { get; init; }

    /// <summary>max |value − first value − inflow|: zero on an exact solution.</summary>
    public required double Residual { get; init; }

    /// <summary>What discretisation and rounding may make of the residual.</summary>
    public required double Bound { get; init; }

    /// <summary>Whether the drift is within the bound.</summary>
    public bool IsConserved => Drift <= Bound;

    /// <summary>Whether the residual is within the bound: the quantity obeys its law.</summary>
    public bool ObeysLaw => Residual <= Bound;

    internal static ConservedQuantity OfCore(ConservedSeries series) => new()
    {
        Values = series.Values,
        Inflow = series.Inflow,
        Drift = series.Drift,
        Residual = series.Residual,
        Bound = series.Bound,
    };
}

/// <summary>What H changes by where the weights jump: a·(f⁺ − f⁻), as x and a do not.</summary>
/// <param name="Time">When.</param>
/// <param name="Change">By how much.</param>
public sealed record HamiltonianJump(double Time, double Change);

/// <summary>The quantities on one piece of a neural ODE, between two jumps of the weights.</summary>
public sealed record ConservedPiece
{
    /// <summary>Where the piece starts.</summary>
    public required double From { get; init; }

    /// <summary>Where it ends.</summary>
    public required double Until { get; init; }

    /// <summary>H = a·f(t, x) on it.</summary>
    public required ConservedQuantity Hamiltonian { get; init; }

    /// <summary>a·δx on it.</summary>
    public required ConservedQuantity Pairing { get; init; }

    /// <summary>a·v(x) on it. Null without a generator.</summary>
    public required ConservedQuantity? Charge { get; init; }
}

/// <summary>The mechanics of a neural ODE along one solution, with the momentum a(t) = dLoss/dx(t).</summary>
public sealed record ConservedQuantities
{
    /// <summary>The times, from 0 to T; one at which the weights jump stands there twice, for what is before and after it.</summary>
    public required IReadOnlyList<double> Times { get; init; }

    /// <summary>x at each time.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> States { get; init; }

    /// <summary>a at each time.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Momenta { get; init; }

    /// <summary>H = a·f(t, x): constant if the field does not change with time. Where the weights jump its law has it jump too.</summary>
    public required ConservedQuantity Hamiltonian { get; init; }

    /// <summary>a·δx: constant, for the discretisation too.</summary>
    public required ConservedQuantity Pairing { get; init; }

    /// <summary>a·v(x): constant if v generates a symmetry of the field. Null without a generator.</summary>
    public required ConservedQuantity? Charge { get; init; }

    /// <summary>What H jumps by where the weights do; empty if there is one piece.</summary>
    public required IReadOnlyList<HamiltonianJump> Jumps { get; init; }

    /// <summary>The same quantities piece by piece.</summary>
    public required IReadOnlyList<ConservedPiece> Pieces { get; init; }
}

public sealed partial class NeuralOde
{
    /// <summary>H, the pairing with a tangent, and the Noether charge of a generator along the solution from an input.</summary>
    /// <param name="input">As in <see cref="Solve"/>.</param>
    /// <param name="lossGradient">From the output to the gradient of the loss there.</param>
    /// <param name="options">Tangent, generator and steps; null for the usual ones and no charge.</param>
    /// <returns>The quantities with their laws and what the computation can tell apart.</returns>
    /// <exception cref="UnsolvableException">The solution does not reach T, or shapes do not fit.</exception>
    /// <exception cref="ArgumentException">The input or the gradient has the wrong length or a number that is not finite.</exception>
    public ConservedQuantities Conserved(ReadOnlySpan<double> input, Func<double[], double[]> lossGradient, ConservedOptions? options = null)
    {
        Door.NotNull(lossGradient);
        Door.Finite(input, nameof(input));
        options ??= new();
        var start = Start(input.ToArray(), new());
        var report = NeuralMechanics.monitor(
            Generator(options), FuncConvert.FromFunc<double[], double[]>(state => Momentum(state, lossGradient)), start, options.Tangent ?? [.. Enumerable.Repeat(1.0, Dimension)], options.Steps, Rounded);
        if (!report.IsOk)
        {
            throw new UnsolvableException(Built.Defects(report.ErrorValue));
        }

        var found = report.ResultValue;
        return new()
        {
            Times = found.Times,
            States = found.States,
            Momenta = found.Momenta,
            Hamiltonian = ConservedQuantity.OfCore(found.Hamiltonian),
            Pairing = ConservedQuantity.OfCore(found.Pairing),
            Charge = found.Charge is { } charge ? ConservedQuantity.OfCore(charge.Value) : null,
            Jumps = [.. found.Jumps.Select(jump => new HamiltonianJump(jump.Time, jump.Change))],
            Pieces = [.. found.Stretches.Select(piece => new ConservedPiece
            {
                From = piece.From,
                Until = piece.Until,
                Hamiltonian = ConservedQuantity.OfCore(piece.Hamiltonian),
                Pairing = ConservedQuantity.OfCore(piece.Pairing),
                Charge = piece.Charge is { } charge ? ConservedQuantity.OfCore(charge.Value) : null,
            })],
        };
    }

    private FSharpOption<Tuple<double[][], double[]>>? Generator(ConservedOptions options)
    {
        if (options.Generator is null && options.Shift is null)
        {
            return null;
        }

        var generator = options.Generator ?? new double[Dimension, Dimension];
        var shift = options.Shift ?? new double[Dimension];
        Door.Length(generator.GetLength(0), Dimension, nameof(options));
        Door.Length(generator.GetLength(1), Dimension, nameof(options));
        Door.Length(shift.Length, Dimension, nameof(options));
        Door.Finite([.. generator.Cast<double>(), .. shift], nameof(options));
        return Built.Optional(Tuple.Create(
            Enumerable.Range(0, Dimension).Select(i => Enumerable.Range(0, Dimension).Select(j => generator[i, j]).ToArray()).ToArray(), shift));
    }

    /// <summary>a(T) from x(T): through the readout.</summary>
    private double[] Momentum(double[] state, Func<double[], double[]> lossGradient)
    {
        var x = Binary64Module.ofFloats(state);
        var readout = Rounded.Readout?.Value;
        var gradient = Door.NotNull(lossGradient(readout is null ? [.. state] : Binary64Module.toFloats(LayerMapModule.apply(readout, x))));
        Door.Length(gradient.Length, OutputWidth, nameof(lossGradient));
        return readout is null ? gradient : Binary64Module.toFloats(LayerMapModule.pullback(readout, x, Binary64Module.ofFloats(gradient)).Item1);
    }
}
