using System;
using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;
using Microsoft.FSharp.Core;

namespace LayerTime;

public sealed partial class Network
{
    /// <summary>The same network with every float as the fraction it is; the network itself if it is exact.</summary>
    /// <returns>An exact network.</returns>
    /// <exception cref="InvalidNetworkException">An activation, such as tanh, has no exact values; every such layer is listed.</exception>
    public Network ToExact()
    {
        if (Floats is null)
        {
            return this;
        }

        IReadOnlyList<NetworkDefect> defects = [.. Inexact()];
        if (defects.Count > 0)
        {
            throw new InvalidNetworkException(defects);
        }

        var activation = (Activation<Binary64> function) => Activation.OfCore(function).ToExact("activation");
        return OfCore(NetworkModule.map(
            FuncConvert.FromFunc((Binary64 number) => RationalModule.ofFloat(number.Value)), FuncConvert.FromFunc(activation), Floats));
    }

    /// <summary>The same network with every fraction rounded to the nearest float; the network itself if it has floats.</summary>
    /// <returns>A network of floats.</returns>
    /// <exception cref="InvalidNetworkException">A fraction is larger than every float.</exception>
    public Network ToFloat()
    {
        if (Fractions is null)
        {
            return this;
        }

        var number = FuncConvert.FromFunc((Rational fraction) => new Binary64(Nearest(fraction)));
        var activation = (Activation<Rational> function) => ActivationModule.map(number, function);
        return OfCore(NetworkModule.map(number, FuncConvert.FromFunc(activation), Fractions));
    }

    internal static double Nearest(Rational fraction) =>
        RationalModule.toFloat(fraction) is var nearest && double.IsFinite(nearest)
            ? nearest
            : throw new InvalidNetworkException([new()
            {
                Where = "a number of the network",
                Found = $"{fraction.Sign} times about 2^{fraction.Numerator.GetBitLength() - fraction.Denominator.GetBitLength()}",
                Expected = "an absolute value below 2^1024, the range of floats",
            }]);

    private IEnumerable<NetworkDefect> Inexact()
    {
        IEnumerable<(string Where, LayerMap Map)> maps = Enumerable.Range(0, Depth)
            .SelectMany(layer => MapsAt(layer).Select((map, n) => (MapsAt(layer).Count == 1 ? $"layer {layer}" : $"layer {layer}, map {n + 1}", map)));
        return new[] { ("lift", Lift) }.Concat(maps.Select(pair => (pair.Where, (LayerMap?)pair.Map))).Append(("readout", Readout))
            .SelectMany(place => Inexact(place.Item1, place.Item2));
    }

    internal static IEnumerable<NetworkDefect> Inexact(string where, LayerMap? map) =>
        from activation in map?.Layers.SelectMany(layer => layer.Activations).Where(activation => !activation.IsExact).Distinct() ?? []
        select new NetworkDefect
        {
            Where = $"{where}, activation",
            Found = $"{activation}, a transcendental function, which has no exact values on fractions",
            Expected = "identity, relu, leaky-relu, square or cubic",
        };
}
