using System;
using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime;

/// <summary>
/// Which difference equation a recurrence is: ∇ʳx(l+1) = hʳ·Σ f_n(x(l+1−n)) where the bare coefficients of every layer are the
/// binomial ones of one order r, and a sum of maps of the last states where they are not.
/// </summary>
internal static class RecognisedEquation
{
    /// <summary>What stands for the states before x(0), where the recurrence has none of its own.</summary>
    private enum Past
    {
        Given,
        Rest,
        Zero,
    }

    internal static Network<Binary64>? Network(this Recurrence recurrence, Maps maps)
    {
        var updates = recurrence.Updates;
        var order = updates.Select((update, l) => update.Bare.Count == 0 ? 0 : l + 1 - update.Bare.Keys.First()).Max();
        var weights = Binomials.Weights(Math.Min(order, NetworkFormat.MaximumOrder));
        var past = new[] { Past.Rest, Past.Zero }.Select(past => recurrence.History is null ? past : Past.Given)
            .Cast<Past?>().FirstOrDefault(past => order <= NetworkFormat.MaximumOrder && updates.Select((update, l) => IsDifference(update, l, weights, past!.Value)).All(isFit => isFit));

        // Coefficients that are not binomial belong to the maps.
        var isDifference = past is not null;
        order = isDifference ? order : 0;
        var summands = updates.Select((update, l) => Summands(update, l, isDifference)).ToList();
        var memory = Math.Max(1, summands.SelectMany(layer => layer.Select(summand => summand.Age)).Append(0).Max());
        var blocks = Math.Max(Math.Max(order, memory), Math.Max(recurrence.Finals, recurrence.History ?? 1));
        // Maps of the last state alone are a plain network, whose layers are read one by one.
        if ((order == 0 && blocks == 1) || (recurrence.History is { } history && history != blocks))
        {
            return null;
        }

        memory = blocks > order ? blocks : memory;
        var scales = summands.SelectMany(layer => layer.Select(summand => summand.Summand.Scale)).Distinct().Take(2).ToList();
        var common = order > 0 && scales is [> 0] ? scales[0] : 1;
        var step = order < 2 || common == 1 ? common : recurrence.Roots.TryGetValue(common, out var root) && Math.Pow(root, order) == common ? root : Root(common, order);
        var layers = summands.Select(layer => Enumerable.Range(1, memory)
            .Select(age => maps.Sum([.. layer.Where(summand => summand.Age == age).Select(summand => summand.Summand with { Scale = summand.Summand.Scale / common })], recurrence.Width))
            .ToArray()).ToArray();
        var kind = (order, memory) switch
        {
            (0, _) => LayerTime.Architecture.AdditiveDense,
            (1, 1) => LayerTime.Architecture.Residual,
            (_, 1) => LayerTime.Architecture.Smooth,
            _ => LayerTime.Architecture.Master,
        };
        var lift = Lift(recurrence, blocks, past ?? Past.Zero, maps);
        var readout = Readout(recurrence, blocks, maps);
        return Built.OrThrow(NetworkModule.create(Built.Optional(lift), new Design(kind, order).Assemble(new Binary64(step), layers), Built.Optional(readout)));
    }

    // Whether the bare part of x(l+1) is Σ_{n=1..r} (−1)ⁿ⁺¹·C(r,n)·x(l+1−n).
    private static bool IsDifference(Update update, int l, double[] weights, Past past)
    {
        var expected = new Update();
        for (var n = 1; n <= weights.Length; n++)
        {
            var state = l + 1 - n;
            if (state >= 0 || past != Past.Zero)
            {
                expected.Add(state < 0 && past == Past.Rest ? 0 : state, weights[n - 1]);
            }
        }

        return expected.Bare.SequenceEqual(update.Bare);
    }

    private static List<(int Age, Summand Summand)> Summands(Update update, int l, bool isDifference) =>
    [
        .. update.Branches.Select(branch => (l + 1 - branch.State, new Summand(branch.Scale, [.. branch.Layers.Select(cell => cell.Layer)]))),
        .. isDifference ? [] : update.Bare.Select(bare => (l + 1 - bare.Key, new Summand(bare.Value, []))),
    ];

    // The h with hʳ nearest to a number: the float root or one of its neighbours.
    private static double Root(double power, int order)
    {
        var root = Math.Pow(power, 1.0 / order);
        double[] candidates = [root, Math.BitIncrement(root), Math.BitDecrement(root)];
        return candidates.MinBy(candidate => Math.Abs(Math.Pow(candidate, order) - power));
    }

    // The first state becomes the whole history: repeated, or followed by zeros.
    private static LayerMap<Binary64>? Lift(Recurrence recurrence, int blocks, Past past, Maps maps)
    {
        List<Layer<Binary64>> layers = [.. recurrence.Lift.Select(cell => cell.Layer)];
        if (blocks > 1 && past != Past.Given)
        {
            var (width, copies) = (recurrence.Width, past == Past.Rest ? blocks : 1);
            var last = layers.Count > 0 ? layers[^1] : null;
            var columns = last?.InputWidth ?? width;
            maps.Reserve((long)blocks * width, columns);
            var repeated = Maps.Layer(
                blocks * width,
                columns,
                entries =>
                {
                    for (var block = 0; block < copies; block++)
                    {
                        if (last is null)
                        {
                            entries.Diagonal(block * width, 0, width, 1);
                        }
                        else
                        {
                            entries.Add(block * width, 0, last.Weights, 1);
                        }
                    }
                },
                [.. Enumerable.Range(0, blocks * width).Select(i => last is null || i >= copies * width ? 0 : last.Bias[i % width].Value)],
                [.. Enumerable.Range(0, blocks * width).Select(i => last is null || i >= copies * width ? Activation<Binary64>.Identity : last.Activation(i % width))]);
            layers = [.. layers.SkipLast(1), repeated];
        }

        return layers.Count == 0 ? null : Built.OrThrow(LayerMapModule.create([.. layers]));
    }

    // The first layer reads zero times the states that the graph does not read.
    private static LayerMap<Binary64>? Readout(Recurrence recurrence, int blocks, Maps maps)
    {
        List<Layer<Binary64>> layers = [.. recurrence.Readout.Select(cell => cell.Layer)];
        var (read, all) = (recurrence.Finals * recurrence.Width, blocks * recurrence.Width);
        if (layers.Count == 0)
        {
            return recurrence.Finals == 1 ? null : Built.OrThrow(LayerMapModule.create([Padded(maps.Identity(read))]));
        }

        return Built.OrThrow(LayerMapModule.create([Padded(layers[0]), .. layers.Skip(1)]));

        Layer<Binary64> Padded(Layer<Binary64> layer)
        {
            if (read == all)
            {
                return layer;
            }

            maps.Reserve(layer.OutputWidth, all);
            return Maps.Layer(layer.OutputWidth, all, entries => entries.Add(0, 0, layer.Weights, 1), Binary64Module.toFloats(layer.Bias.ToArray()), layer.Activations.ToArray());
        }
    }
}
