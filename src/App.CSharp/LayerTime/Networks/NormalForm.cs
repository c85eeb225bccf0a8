using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Constructions;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;
using Microsoft.FSharp.Core;

namespace LayerTime;

/// <summary>A neuron that a normal form does without.</summary>
public sealed record RemovedNeuron
{
    /// <summary>The hidden layer, counted from 0 with linear layers merged.</summary>
    public required int Layer { get; init; }

    /// <summary>The neuron in it, counted from 0.</summary>
    public required int Neuron { get; init; }

    /// <summary>Why, as "hidden layer 0, neuron 1 is read by nothing".</summary>
    public required string Reason { get; init; }
}

/// <summary>
/// A feed-forward network brought down to full-rank matrices: Φ(x) = Φ′(R·x) for all x, without superfluous neurons, and found without any rounding.
/// </summary>
public sealed class NormalForm
{
    private readonly WrittenNetwork written;

    internal NormalForm(Core.Constructions.NormalForm form, int inputs, NumberKind numbers)
    {
        written = NormalFormNetwork.write(inputs, form);
        Numbers = numbers;
        IsExact = NormalFormNetwork.isExact(written);
        if (form is Core.Constructions.NormalForm.Reduced { Item: var reduced })
        {
            Widths = reduced.Widths;
            Ranks = reduced.Ranks;
            Removed = [.. reduced.Removals.Select(removal => new RemovedNeuron { Layer = removal.Layer, Neuron = removal.Neuron, Reason = removal.ToString() })];
        }
        else if (form is Core.Constructions.NormalForm.Constant { value: var value })
        {
            Constant = [.. value.Select(number => number.ToString())];
        }
    }

    /// <summary>What the weights of the network are: floats are brought down as the fractions they are.</summary>
    public NumberKind Numbers { get; }

    /// <summary>The output of a network that is constant, in exact terms such as "1/2" or "2·tanh(1/3)"; null where it is not.</summary>
    public IReadOnlyList<string>? Constant { get; }

    /// <summary>n, m₁, …, m_L and the number of outputs; empty for a constant.</summary>
    public IReadOnlyList<int> Widths { get; } = [];

    /// <summary>The rank of each matrix; the first one is the number of inputs of Φ′. Empty for a constant.</summary>
    public IReadOnlyList<int> Ranks { get; } = [];

    /// <summary>The neurons that were removed.</summary>
    public IReadOnlyList<RemovedNeuron> Removed { get; } = [];

    /// <summary>Whether every weight and bias is a fraction. Otherwise some bias holds the constant of a removed neuron, such as tanh(1/2), and is rounded where it is written.</summary>
    public bool IsExact { get; }

    /// <summary>R, one row for each direction of the input that matters.</summary>
    /// <returns>A copy; the unit matrix where every direction does.</returns>
    public Fraction[,] InputMap()
    {
        var inputs = written.Lift is { } lift ? lift.Value.Weights : MatrixModule.identity<Rational>(written.Maps[0][0].Weights.Columns);
        return Exactly.Table(inputs, number => new Fraction(number));
    }

    /// <summary>The normal form as a network, the input map R as its lift: exact if the network is, with every number rounded to the nearest float if not.</summary>
    /// <returns>The network.</returns>
    /// <exception cref="InvalidNetworkException">A weight is larger than every float.</exception>
    public Network ToNetwork() => Numbers == NumberKind.Exact
        ? Network.OfCore(NormalFormNetwork.create(
            FuncConvert.FromFunc((NeuronConstant number) => NeuronConstantModule.tryRational(number)!.Value),
            FuncConvert.FromFunc<ActivationKind, Activation<Rational>>(ActivationKindModule.exactly<Rational>),
            written))
        : Network.OfCore(NormalFormNetwork.create(
            FuncConvert.FromFunc((NeuronConstant number) => new Binary64(Nearest(number))),
            FuncConvert.FromFunc<ActivationKind, Activation<Binary64>>(ActivationKindModule.over<Binary64>),
            written));

    /// <summary>The normal form as a network in the format layertime/1. Fractions are written out, so that nothing is lost but the constants of <see cref="IsExact"/>.</summary>
    /// <returns>The document, with a line feed at its end.</returns>
    /// <exception cref="NetworkFormatException">A fraction has more digits than are read back.</exception>
    public string ToJson() => NormalFormWriter.Write(written, Numbers);

    internal static double Nearest(NeuronConstant number) =>
        NeuronConstantModule.tryRational(number) is { } fraction ? Network.Nearest(fraction.Value) : NeuronConstantModule.over<Binary64>(number).Value;
}
