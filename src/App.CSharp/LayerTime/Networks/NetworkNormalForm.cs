using LayerTime.Core.Constructions;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;
using Microsoft.FSharp.Core;

namespace LayerTime;

public sealed partial class Network
{
    /// <summary>The class of a feed-forward network of one output: by its widths, and by the exact ranks of its matrices, from which it follows what critical points it has.</summary>
    /// <returns>The class and its explanation.</returns>
    /// <exception cref="InvalidNetworkException">The network is not feed-forward or has several outputs.</exception>
    public NetworkClass Classify() => new(Built.OrThrow(ArchitectureClassModule.classify(Merged())));

    /// <summary>A feed-forward network without superfluous neurons and with full-rank matrices: the same function, found without any rounding.</summary>
    /// <returns>The normal form.</returns>
    /// <exception cref="InvalidNetworkException">The network is not feed-forward.</exception>
    public NormalForm NormalForm() => new(NormalFormModule.normalise(Merged()), InputWidth, Numbers);

    private Perceptron<Rational> Merged()
    {
        var fraction = FuncConvert.FromFunc((Binary64 number) => RationalModule.ofFloat(number.Value));
        var itself = FuncConvert.FromFunc((Rational number) => number);
        return Floats is not null
            ? Built.OrThrow(PerceptronModule.ofNetwork(fraction, fraction, Floats))
            : Built.OrThrow(PerceptronModule.ofNetwork(itself, itself, Fractions!));
    }
}
