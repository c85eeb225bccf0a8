using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using System.Text;
using LayerTime.Core.Algebra;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime.Nnet;

/// <summary>
/// A network of ReLU units from a text in the format .nnet, or why it is none. Means and ranges become part of the first and the last
/// layer; the bounds within which the file's maker looks at the inputs are no part of the function.
/// </summary>
internal sealed class NnetReader
{
    private readonly string text;
    private int position;
    private int line;

    private NnetReader(string text) => this.text = text;

    internal static bool TryRead(byte[] bytes, [NotNullWhen(true)] out Network? network, out IReadOnlyList<NetworkDefect> defects)
    {
        (network, defects) = (null, []);
        try
        {
            network = new NnetReader(Encoding.UTF8.GetString(bytes)).Read();
            return true;
        }
        catch (Refusal refusal)
        {
            defects = [refusal.Defect];
            return false;
        }
    }

    private Network Read()
    {
        var head = Numbers("the number of layers, inputs and outputs, and the largest width", 4);
        var depth = Count(head[0]);
        var widths = Numbers($"{depth + 1L} widths", depth + 1L).Select(Count).ToArray();
        if (Count(head[1]) != widths[0] || Count(head[2]) != widths[^1])
        {
            throw Wrong($"widths from {widths[0]} to {widths[^1]}", $"from {head[1]} to {head[2]}, by the first line");
        }

        _ = Line("a flag that is not used");
        _ = Numbers("the least inputs", widths[0]);
        _ = Numbers("the largest inputs", widths[0]);
        var means = Numbers("the means of inputs and output", widths[0] + 1L);
        var ranges = Numbers("the ranges of inputs and output", widths[0] + 1L);
        if (ranges.Contains(0))
        {
            throw Wrong("a range of 0", "ranges that are not zero");
        }

        var layers = new LayerMap<Binary64>[depth];
        for (var l = 0; l < depth; l++)
        {
            List<double[]> weights = [];
            List<double> bias = [];
            for (var i = 0; i < widths[l + 1]; i++)
            {
                weights.Add(Numbers($"row {i} of the weights of layer {l}", widths[l]));
            }

            for (var i = 0; i < widths[l + 1]; i++)
            {
                bias.Add(Numbers($"bias {i} of layer {l}", 1)[0]);
            }

            if (l == 0)
            {
                NormaliseInput(weights, bias, means, ranges);
            }

            if (l == depth - 1)
            {
                NormaliseOutput(weights, bias, means[^1], ranges[^1]);
            }

            if (!weights.TrueForAll(row => FiniteNumbers.All(row)) || !bias.TrueForAll(double.IsFinite))
            {
                throw Wrong("weights that are not finite with the means and ranges", "finite weights");
            }

            var activation = l == depth - 1 ? Activation<Binary64>.Identity : Activation<Binary64>.Relu;
            layers[l] = Built.OrThrow(LayerMapModule.dense(MatrixModule.ofRows(weights.Select(Binary64Module.ofFloats).ToArray()), Binary64Module.ofFloats([.. bias]), activation));
        }

        while (position < text.Length)
        {
            if (Line("the end of the file").Trim() is { Length: > 0 } rest)
            {
                throw Wrong($"\"{Described.Cut(rest)}\" after the last layer", "the end of the file");
            }
        }

        return Network.OfCore(Built.OrThrow(NetworkModule.ofArchitecture(Architecture<Binary64>.NewFeedForward(layers))));
    }

    // W·((x − μ)/ρ) + b = (W/ρ)·x + (b − W·(μ/ρ))
    private static void NormaliseInput(List<double[]> weights, List<double> bias, double[] means, double[] ranges)
    {
        for (var i = 0; i < weights.Count; i++)
        {
            for (var j = 0; j < weights[i].Length; j++)
            {
                if (means[j] != 0 || ranges[j] != 1)
                {
                    weights[i][j] /= ranges[j];
                    bias[i] -= weights[i][j] * means[j];
                }
            }
        }
    }

    // ρ·(W·z + b) + μ
    private static void NormaliseOutput(List<double[]> weights, List<double> bias, double mean, double range)
    {
        for (var i = 0; i < weights.Count && (mean != 0 || range != 1); i++)
        {
            weights[i] = Array.ConvertAll(weights[i], number => number * range);
            bias[i] = (bias[i] * range) + mean;
        }
    }

    private int Count(double number) =>
        number is >= 1 and <= 1_000_000_000 && number == Math.Floor(number) ? (int)number : throw Wrong($"{number.ToString(CultureInfo.InvariantCulture)}", "a positive integer");

    // The next line that is no comment.
    private ReadOnlySpan<char> LineOf(string expected)
    {
        while (position < text.Length)
        {
            var end = text.IndexOf('\n', position);
            var found = text.AsSpan(position, (end < 0 ? text.Length : end) - position);
            (position, line) = (end < 0 ? text.Length : end + 1, line + 1);
            if (!found.TrimStart().StartsWith("//"))
            {
                return found.Trim();
            }
        }

        line++;
        throw Wrong("the end of the file", expected);
    }

    private string Line(string expected) => LineOf(expected).ToString();

    // Numbers between commas; the last may be followed by one.
    private double[] Numbers(string expected, long count)
    {
        var found = LineOf(expected).TrimEnd(',');
        var numbers = new List<double>();
        foreach (var range in found.Split(','))
        {
            if (!double.TryParse(found[range], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
            {
                throw Wrong($"\"{Described.Cut(found[range].ToString())}\"", $"a finite number: {expected}");
            }

            numbers.Add(number);
        }

        return numbers.Count == count ? [.. numbers] : throw Wrong($"{numbers.Count} numbers", $"{count}: {expected}");
    }

    private Refusal Wrong(string found, string expected) => new($"line {line}", found, expected);
}
