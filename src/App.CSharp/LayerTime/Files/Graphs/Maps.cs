using System;
using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Algebra;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime;

/// <summary>One summand of a map: scale · (layer ∘ … ∘ layer); no layer for the identity.</summary>
internal readonly record struct Summand(double Scale, IReadOnlyList<Layer<Binary64>> Layers);

/// <summary>Layers and maps that a file does not hold as such.</summary>
internal sealed class Maps(Allowance allowance, string where)
{
    /// <summary>Pays for weights that are about to be made.</summary>
    internal void Reserve(long rows, long columns) => allowance.Take(rows, columns, where);

    /// <summary>σ(W·x + b) of any entries, which have been paid for.</summary>
    internal static Layer<Binary64> Layer(int rows, int columns, Action<Entries> fill, double[]? bias = null, params Activation<Binary64>[] activations)
    {
        var entries = new Entries(new Binary64[rows * columns], columns);
        fill(entries);
        var weights = MatrixModule.tryOfEntries(rows, columns, entries.Numbers)!.Value;
        return Built.OrThrow(LayerModule.create(weights, Binary64Module.ofFloats(bias ?? new double[rows]), activations.Length == 0 ? [Activation<Binary64>.Identity] : Array.TrueForAll(activations, activation => activation.Equals(activations[0])) ? [activations[0]] : activations));
    }

    internal Layer<Binary64> Identity(int width, double scale = 1)
    {
        Reserve(width, width);
        return Layer(width, width, entries => entries.Diagonal(0, 0, width, scale));
    }

    private Layer<Binary64> Zero(int width)
    {
        Reserve(width, width);
        return Layer(width, width, _ => { });
    }

    /// <summary>Σ scale · (layer ∘ … ∘ layer), from and to vectors of one width.</summary>
    internal LayerMap<Binary64> Sum(IReadOnlyList<Summand> summands, int width) => summands switch
    {
        [] => LayerMapModule.ofLayer(Zero(width)),
        [var single] => Built.OrThrow(LayerMapModule.create([.. Scaled(single, width)])),
        _ => Built.OrThrow(LayerMapModule.create([.. Parallel(summands, width)])),
    };

    private IEnumerable<Layer<Binary64>> Scaled(Summand summand, int width)
    {
        var (scale, layers) = summand;
        if (layers.Count == 0)
        {
            return [Identity(width, scale)];
        }

        return scale == 1 ? layers
            : IsAffine(layers[^1]) ? [.. layers.SkipLast(1), Stacked([(scale, layers[^1])], false, true)]
            : [.. layers, Identity(width, scale)];
    }

    // Side by side: the first layers read the same vector, the last ones are added up.
    private IEnumerable<Layer<Binary64>> Parallel(IReadOnlyList<Summand> summands, int width)
    {
        var longest = Math.Max(1, summands.Max(summand => summand.Layers.Count));
        if (summands.Any(summand => summand.Layers.Count == longest && !IsAffine(summand.Layers[^1])))
        {
            longest++;
        }

        Layer<Binary64>? identity = null;
        var paths = summands.Select(summand => (summand.Scale, Layers: (Layer<Binary64>[])
            [.. summand.Layers, .. Enumerable.Repeat(0, longest - summand.Layers.Count).Select(_ => identity ??= Identity(width))])).ToArray();
        return Enumerable.Range(0, longest).Select(i => Stacked([.. paths.Select(path => (i == longest - 1 ? path.Scale : 1, path.Layers[i]))], i == 0, i == longest - 1));
    }

    /// <summary>Layers beside each other: on one argument or on arguments one after another, into one sum or into values one after another.</summary>
    private Layer<Binary64> Stacked(IReadOnlyList<(double Scale, Layer<Binary64> Layer)> layers, bool isOneArgument, bool isSum)
    {
        var (allRows, allColumns) = (layers.Sum(layer => (long)layer.Layer.OutputWidth), layers.Sum(layer => (long)layer.Layer.InputWidth));
        Reserve(isSum ? layers[0].Layer.OutputWidth : allRows, isOneArgument ? layers[0].Layer.InputWidth : allColumns);
        var rows = isSum ? layers[0].Layer.OutputWidth : (int)allRows;
        var columns = isOneArgument ? layers[0].Layer.InputWidth : (int)allColumns;
        var bias = new double[rows];
        var result = Layer(
            rows,
            columns,
            entries =>
            {
                var (row, column) = (0, 0);
                foreach (var (scale, layer) in layers)
                {
                    entries.Add(row, column, layer.Weights, scale);
                    for (var i = 0; i < layer.OutputWidth; i++)
                    {
                        bias[row + i] += scale * layer.Bias[i].Value;
                    }

                    (row, column) = (isSum ? 0 : row + layer.OutputWidth, isOneArgument ? 0 : column + layer.InputWidth);
                }
            },
            null,
            isSum ? [] : [.. layers.SelectMany(layer => Enumerable.Range(0, layer.Layer.OutputWidth).Select(layer.Layer.Activation))]);
        return Built.OrThrow(LayerModule.create(result.Weights, Binary64Module.ofFloats(bias), result.Activations.ToArray()));
    }

    internal static bool IsAffine(Layer<Binary64> layer)
    {
        foreach (var activation in layer.Activations)
        {
            if (!activation.IsIdentity)
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>The entries of a matrix while they are set; zero at first.</summary>
internal readonly record struct Entries(Binary64[] Numbers, int Columns)
{
    internal void Set(int row, int column, double number) => Numbers[(row * Columns) + column] = new(number);

    internal void Add(int row, int column, double number) => Set(row, column, Numbers[(row * Columns) + column].Value + number);

    internal void Diagonal(int row, int column, int length, double number)
    {
        for (var i = 0; i < length; i++)
        {
            Add(row + i, column + i, number);
        }
    }

    internal void Add(int row, int column, Matrix<Binary64> block, double scale)
    {
        for (var i = 0; i < block.Rows; i++)
        {
            var source = block.Row(i);
            for (var j = 0; j < source.Length; j++)
            {
                Add(row + i, column + j, scale * source[j].Value);
            }
        }
    }
}
