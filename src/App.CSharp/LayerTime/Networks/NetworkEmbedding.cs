using System;
using System.Linq;
using LayerTime.Core.Constructions;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime;

public sealed partial class Network
{
    /// <summary>
    /// The augmented neural ODE of one more dimension than inputs whose input–output map is this network, exactly: h(0) = (x, 0),
    /// h′ = (0, …, 0, Ψ(h₁, …, h_n)/T), output h_{n+1}(T). The field is as smooth as the network, and every Runge–Kutta method runs it without error.
    /// </summary>
    /// <param name="horizon">T; null for 1. Of floats whose share 1/T is not a float, the neural ODE has fractions, so that it stays exact.</param>
    /// <returns>The neural ODE.</returns>
    /// <exception cref="ConversionException">The network is not feed-forward, has several outputs, or activations that fractions do not have where they are needed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The horizon is not positive.</exception>
    public NeuralOde Embed(Fraction? horizon = null)
    {
        var time = horizon ?? Fraction.One;
        if (time.Sign <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(horizon), time, "A positive horizon is expected.");
        }

        if (Architecture != Architecture.FeedForward)
        {
            throw new ConversionException($"The network is {ArchitectureName}; a feed-forward one is expected, a map from inputs to an output.");
        }

        var share = Fraction.One / time;
        if (Floats is not null && Fraction.FromDouble(share.ToDouble()) == share)
        {
            return NeuralOde.OfCore(OrThrow(Embedding.ofMap(time.Rational, Whole(Floats))));
        }

        try
        {
            return NeuralOde.OfCore(OrThrow(Embedding.ofMap(time.Rational, Whole(ToExact().Fractions!))));
        }
        catch (InvalidNetworkException inexact)
        {
            throw new ConversionException($"1/T = {share} is not a float, and the network has no form of fractions: {inexact.Message} Choose a T such as 1, 2 or 1/2.");
        }
    }

    private static LayerMap<T> Whole<T>(Network<T> network)
        where T : IRing<T>
    {
        var maps = ArchitectureModule.maps(network.Architecture).Select(maps => maps[0]);
        var all = (network.Lift is { } lift ? [lift.Value] : Enumerable.Empty<LayerMap<T>>()).Concat(maps);
        if (network.Readout is { } readout)
        {
            all = all.Append(readout.Value);
        }

        return Built.OrThrow(LayerMapModule.create<T>([.. all.SelectMany(map => map.Layers.ToArray())]));
    }

    private static NeuralOde<T> OrThrow<T>(Microsoft.FSharp.Core.FSharpResult<NeuralOde<T>, Microsoft.FSharp.Collections.FSharpList<Defect>> result) =>
        result.IsOk ? result.ResultValue : throw new ConversionException(NetworkDefect.Describe("There is no such neural ODE", Built.Defects(result.ErrorValue)));
}
