using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using LayerTime.Core.Algebra;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime;

/// <summary>The cells of a graph, made node by node: layers absorb the scales, constants and activations around them.</summary>
internal sealed class GraphBuilder(int inputWidth, Allowance allowance)
{
    // Beyond it a sum becomes a cell of its own, so that scaling it again and again stays linear in the size of the file.
    private const int LongestSum = 2048;

    private int cells;

    internal InputCell Input { get; } = new(inputWidth);

    /// <summary>A finished value: what several nodes read becomes one cell.</summary>
    internal Signal Finish(Signal signal, int uses, string where)
    {
        signal.Uses = uses;
        if (uses != 1)
        {
            signal = Parts.ByItself(signal, this, where);
        }

        if (uses > 1 || signal.Terms.Count > LongestSum)
        {
            var shared = new Signal(CellOf(signal, where), signal.Shape) { Uses = uses };
            shared.Terms[0].Cell.IsShared |= uses > 1;
            return shared;
        }

        return signal;
    }

    /// <summary>The signal as one cell.</summary>
    internal Cell CellOf(Signal signal, string where)
    {
        _ = signal.Collected();
        if (signal.Offset is not null)
        {
            // x + c is a layer of its own, unless the layer before takes up the constant.
            return Absorb(signal, where) is var (source, weights, bias)
                ? Add(source, weights, bias, [Activation<Binary64>.Identity], where)
                : Add(CellOf(new(signal.Terms, null, signal.Shape), where), Identity(signal.Width, 1, where), signal.Offset, [Activation<Binary64>.Identity], where);
        }

        return signal.Single is { Scale: 1 } whole ? whole.Cell : new JoinCell(++cells, signal.Width, [.. signal.Terms], where);
    }

    /// <summary>W·x + b</summary>
    internal Signal Affine(Signal x, Matrix<Binary64> weights, double[] bias, Shape shape, string where)
    {
        _ = x.Collected();
        if (x.Offset is not null && Absorb(x, where) is var (before, first, constant))
        {
            x = new(Add(before, first, constant, [Activation<Binary64>.Identity], where), x.Shape);
        }

        if (x.Offset is { } offset)
        {
            bias = [.. bias.Select((number, i) => number + Dot(weights.Row(i), offset))];
        }

        var source = x.Single is { } single ? single.Cell : CellOf(new(x.Terms, null, x.Shape), where);
        return new(Add(source, x.Single is { } whole ? Scaled(weights, whole.Scale, where) : weights, bias, [Activation<Binary64>.Identity], where), shape);
    }

    /// <summary>σ(x), one activation for all coordinates or one for each.</summary>
    internal Signal Activate(Signal x, Activation<Binary64>[] activations, string where)
    {
        _ = x.Collected();
        if (Absorb(x, where) is var (source, weights, bias))
        {
            return new(Add(source, weights, bias, activations, where), x.Shape);
        }

        var scale = x.Single?.Scale ?? 1;
        var cell = x.Single?.Cell ?? CellOf(new(x.Terms, null, x.Shape), where);
        return new(Add(cell, Identity(x.Width, scale, where), x.Offset ?? new double[x.Width], activations, where), x.Shape);
    }

    /// <summary>diag(d)·x</summary>
    internal Signal Diagonal(Signal x, double[] diagonal, string where)
    {
        _ = x.Collected();
        if (Absorb(x, where) is var (source, weights, bias))
        {
            allowance.Take(weights.Rows, weights.Columns, where);
            var rows = MatrixModule.write<(Matrix<Binary64>, double[]), Binary64>(weights.Rows, weights.Columns, (weights, diagonal), static (entries, state) =>
            {
                for (var e = 0; e < entries.Length; e++)
                {
                    entries[e] = new(state.Item1.Entries[e].Value * state.Item2[e / state.Item1.Columns]);
                }
            });
            return new(Add(source, Finite(rows, where), [.. bias.Zip(diagonal, (b, d) => b * d)], [Activation<Binary64>.Identity], where), x.Shape);
        }

        allowance.Take(x.Width, x.Width, where);
        return Affine(x, Diagonal(diagonal), new double[x.Width], x.Shape, where);
    }

    /// <summary>The coordinates of x from one on.</summary>
    internal Signal Slice(Signal x, int from, Shape shape, string where)
    {
        var cell = CellOf(x, where);
        cell.IsShared = true;
        return new([new(1, cell, from, 0, shape.Width)], null, shape);
    }

    internal Matrix<Binary64> Identity(int width, double scale, string where)
    {
        allowance.Take(width, width, where);
        return Diagonal(Enumerable.Repeat(scale, width).ToArray());
    }

    private static Matrix<Binary64> Diagonal(double[] diagonal) => MatrixModule.write<double[], Binary64>(diagonal.Length, diagonal.Length, diagonal, static (entries, state) =>
    {
        entries.Clear();
        for (var i = 0; i < state.Length; i++)
        {
            entries[i * (state.Length + 1)] = new(state[i]);
        }
    });

    // The affine layer that nothing else reads, with the scale and the constant that came after it.
    private (Cell Source, Matrix<Binary64> Weights, double[] Bias)? Absorb(Signal x, string where)
    {
        if (x.Single is not { Cell: LayerCell { IsShared: false } cell } term || cell.Layer.Activations is not [{ IsIdentity: true }])
        {
            return null;
        }

        var bias = Binary64Module.toFloats(cell.Layer.Bias.ToArray());
        return (cell.Source, Scaled(cell.Layer.Weights, term.Scale, where), [.. bias.Select((b, i) => (b * term.Scale) + (x.Offset?[i] ?? 0))]);
    }

    private Matrix<Binary64> Scaled(Matrix<Binary64> weights, double scale, string where)
    {
        if (scale == 1)
        {
            return weights;
        }

        allowance.Take(weights.Rows, weights.Columns, where);
        return Finite(MatrixModule.scale(new Binary64(scale), weights), where);
    }

    private static double Dot(ReadOnlySpan<Binary64> row, double[] x)
    {
        var sum = 0.0;
        for (var j = 0; j < x.Length; j++)
        {
            sum += row[j].Value * x[j];
        }

        return sum;
    }

    private LayerCell Add(Cell source, Matrix<Binary64> weights, double[] bias, Activation<Binary64>[] activations, string where)
    {
        allowance.Take(1, bias.Length, where);
        Finite(bias, where);
        var layer = LayerModule.create(weights, Binary64Module.ofFloats(bias), activations);
        return layer.IsOk && weights.Columns == source.Width
            ? new(++cells, source, layer.ResultValue, where)
            : throw new Refusal(where, $"{weights.Rows}×{weights.Columns} weights, {bias.Length} biases and {source.Width} numbers", "shapes that fit");
    }

    private static Matrix<Binary64> Finite(Matrix<Binary64> weights, string where)
    {
        Finite(MemoryMarshal.Cast<Binary64, double>(weights.Entries), where);
        return weights;
    }

    private static void Finite(ReadOnlySpan<double> numbers, string where)
    {
        if (!FiniteNumbers.All(numbers))
        {
            throw new Refusal(where, "a weight that is not finite", "finite weights");
        }
    }
}
