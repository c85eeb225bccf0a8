using System;
using System.Linq;

namespace LayerTime.Facade.Tests.Files.Foreign;

/// <summary>Networks of floats of every architecture with weights of moderate size, so that their values can be compared; a function of a seed.</summary>
internal sealed class TameNetworks(int seed)
{
    private static readonly Activation[] Functions =
        [Activation.Identity, Activation.Relu, Activation.Square, Activation.Cubic, Activation.Tanh, Activation.Logistic, Activation.Softplus, Activation.Sine, Activation.LeakyRelu(0.25), Activation.LeakyRelu(0.1)];

    private readonly Random random = new(seed);

    internal static readonly Architecture[] Architectures = Enum.GetValues<Architecture>();

    internal Network Next(Architecture architecture)
    {
        var (width, depth, order, memory) = (random.Next(1, 5), random.Next(1, 6), random.Next(1, 5), random.Next(1, 4));
        var step = random.Next(3) switch { 0 => 1, 1 => 0.5, _ => 0.1 };
        var network = architecture switch
        {
            Architecture.FeedForward => FeedForward(depth),
            Architecture.Residual => Network.Residual(step, Many(depth, () => Map(width, width))),
            Architecture.Smooth => Network.Smooth(order, step, Many(depth, () => Map(width, width))),
            Architecture.AdditiveDense => Network.AdditiveDense(Many(depth, () => Many(memory, () => Map(width, width)))),
            Architecture.ConcatenationDense => Network.ConcatenationDense(memory, Many(depth, () => Map(memory * width, width))),
            _ => Network.Master(order - 1, step, Many(depth, () => Many(memory, () => Map(width, width)))),
        };
        network = random.Next(2) == 0 ? network : network.WithLift(Map(random.Next(1, 4), network.StateDimension));
        return random.Next(2) == 0 ? network : network.WithReadout(Map(network.Blocks * network.WidthAt(network.Depth), random.Next(1, 4)));
    }

    internal double[] Input(Network network) => Many(network.Lift?.InputWidth ?? network.StateDimension, Number);

    internal LayerMap Map(int input, int output)
    {
        int[] widths = [input, .. Many(random.Next(3), () => random.Next(1, 5)), output];
        return LayerMap.Of([.. Enumerable.Range(0, widths.Length - 1).Select(i => Layer(widths[i], widths[i + 1]))]);
    }

    internal Layer Layer(int input, int output)
    {
        var table = new double[output, input];
        for (var e = 0; e < input * output; e++)
        {
            table[e / input, e % input] = Number();
        }

        return LayerTime.Layer.Dense(table, Many(output, Number), Many(random.Next(3) == 0 ? output : 1, () => Functions[random.Next(Functions.Length)]));
    }

    private Network FeedForward(int depth)
    {
        var widths = Many(depth + 1, () => random.Next(1, 5));
        return Network.FeedForward([.. Enumerable.Range(0, depth).Select(l => Map(widths[l], widths[l + 1]))]);
    }

    private double Number() => (random.NextDouble() - 0.5) * 1.2;

    private static T[] Many<T>(int count, Func<T> next) => [.. Enumerable.Range(0, count).Select(_ => next())];
}
