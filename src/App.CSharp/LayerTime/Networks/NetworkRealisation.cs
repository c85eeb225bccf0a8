using System;
using LayerTime.Core.Constructions;

namespace LayerTime;

/// <summary>The state in which a network of any order is written as one of first order: K blocks of the width d, x(l) first.</summary>
public enum RealisationForm
{
    /// <summary>z_j = x(l+1−j): the last K states, newest first.</summary>
    Delay,

    /// <summary>q_n = ∇ⁿ⁻¹x(l): the state and its backward differences.</summary>
    Difference,

    /// <summary>p_n = h^−(n−1)·∇ⁿ⁻¹x(l): the state and its difference quotients.</summary>
    ScaledDifference,

    /// <summary>The sums that later layers are waiting for; for layers that add maps of one state each.</summary>
    Observer,

    /// <summary>The backward differences as a residual network q⁺ = q + F(q); for states of one width.</summary>
    Residual,
}

public sealed partial class Network
{
    /// <summary>The same network as one of first order with states of K·d scalars: for the same input exactly the same output and, at every layer, the same state.</summary>
    /// <param name="form">In which coordinates.</param>
    /// <returns>A network whose lift leads from the input, or from a full history [x(0); x(−1); …] where there was no lift, to the start; the network itself if it is of first order already.</returns>
    /// <exception cref="InvalidNetworkException">The network has no such form; every obstacle is listed.</exception>
    public Network Realise(RealisationForm form)
    {
        var core = Form(form);
        return Floats is not null
            ? OfCore(Built.OrThrow(Core.Constructions.Realisation.realise(core, Floats)))
            : OfCore(Built.OrThrow(Core.Constructions.Realisation.realise(core, Fractions!)));
    }

    private static StateForm Form(RealisationForm form) => form switch
    {
        RealisationForm.Delay => StateForm.Delay,
        RealisationForm.Difference => StateForm.Difference,
        RealisationForm.ScaledDifference => StateForm.ScaledDifference,
        RealisationForm.Observer => StateForm.Observer,
        RealisationForm.Residual => StateForm.Residual,
        _ => throw new ArgumentOutOfRangeException(nameof(form), form, "A form of first order is expected."),
    };
}
