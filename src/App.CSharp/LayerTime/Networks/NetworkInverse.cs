using LayerTime.Core.Constructions;
using LayerTime.Core.Numbers;
using Microsoft.FSharp.Core;

namespace LayerTime;

public sealed partial class Network
{
    /// <summary>
    /// The inverse of a feed-forward network of leaky-ReLU layers of one width: the inverse matrices in reverse order, the slopes 1/α. Exact
    /// for a network of fractions; for one of floats every weight of the exact inverse is rounded to the nearest float.
    /// </summary>
    /// <returns>The network f⁻¹.</returns>
    /// <exception cref="InvalidNetworkException">A matrix is singular or not square, a slope is not positive, or the network is not of this kind; every reason is listed.</exception>
    public Network Inverse()
    {
        if (Fractions is not null)
        {
            return OfCore(VanillaNetModule.toNetwork(Built.OrThrow(LeakyNets.invert(Built.OrThrow(VanillaNetModule.ofNetwork(Fractions))))));
        }

        var fraction = FuncConvert.FromFunc((Binary64 number) => RationalModule.ofFloat(number.Value));
        var rounded = FuncConvert.FromFunc((Rational number) => new Binary64(RationalModule.toFloat(number)));
        var exact = VanillaNetModule.map(fraction, Built.OrThrow(VanillaNetModule.ofNetwork(Floats!)));
        return OfCore(VanillaNetModule.toNetwork(VanillaNetModule.map(rounded, Built.OrThrow(LeakyNets.invert(exact)))));
    }
}
