using LayerTime.Core.Constructions;
using LayerTime.Core.Numbers;
using Microsoft.FSharp.Core;

namespace LayerTime;

public sealed partial class Network
{
    /// <summary>
    /// The neural ODE whose flow a leaky-ReLU network of one width is: shears, scalings, translations and the flows of log(p)·max(0, x) −
    /// log(q)·max(0, −x), one unit of time each. Exact but for the rounding of logarithms and weights to floats.
    /// </summary>
    /// <returns>The neural ODE, its field constant on each of finitely many pieces of time.</returns>
    /// <exception cref="InvalidNetworkException">The network is no flow: a matrix is singular or not square, a slope is not positive, or it reverses the orientation.</exception>
    public NeuralOde ToFlow()
    {
        var fraction = FuncConvert.FromFunc((Binary64 number) => RationalModule.ofFloat(number.Value));
        var net = Fractions is not null
            ? Built.OrThrow(VanillaNetModule.ofNetwork(Fractions))
            : VanillaNetModule.map(fraction, Built.OrThrow(VanillaNetModule.ofNetwork(Floats!)));
        return NeuralOde.OfCore(Built.OrThrow(NetworkOde.create(net)));
    }
}
