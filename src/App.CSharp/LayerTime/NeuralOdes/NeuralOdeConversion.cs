using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;
using Microsoft.FSharp.Core;

namespace LayerTime;

public sealed partial class NeuralOde
{
    /// <summary>The same neural ODE with every float as the fraction it is; the neural ODE itself if it is exact.</summary>
    /// <returns>An exact neural ODE.</returns>
    /// <exception cref="InvalidNetworkException">An activation, such as tanh, has no exact values; every such place is listed.</exception>
    public NeuralOde ToExact()
    {
        if (Floats is null)
        {
            return this;
        }

        IReadOnlyList<NetworkDefect> defects = [.. Places().SelectMany(place => Network.Inexact(place.Where, place.Map))];
        if (defects.Count > 0)
        {
            throw new InvalidNetworkException(defects);
        }

        var activation = (Activation<Binary64> function) => Activation.OfCore(function).ToExact("activation");
        return OfCore(NeuralOdeModule.map(
            FuncConvert.FromFunc((Binary64 number) => RationalModule.ofFloat(number.Value)), FuncConvert.FromFunc(activation), Floats));
    }

    /// <summary>The same neural ODE with every fraction rounded to the nearest float; the neural ODE itself if it has floats.</summary>
    /// <returns>A neural ODE of floats.</returns>
    /// <exception cref="InvalidNetworkException">A fraction is larger than every float.</exception>
    public NeuralOde ToFloat()
    {
        if (Fractions is null)
        {
            return this;
        }

        var number = FuncConvert.FromFunc((Rational fraction) => new Binary64(Network.Nearest(fraction)));
        var activation = (Activation<Rational> function) => ActivationModule.map(number, function);
        return OfCore(NeuralOdeModule.map(number, FuncConvert.FromFunc(activation), Fractions));
    }

    private IEnumerable<(string Where, LayerMap? Map)> Places() =>
        Pieces.SelectMany((piece, i) => piece.Coefficients.Select((map, k) => ($"field, piece {i}, coefficient {k}", (LayerMap?)map)))
            .Prepend(("lift", Lift)).Append(("readout", Readout));
}
