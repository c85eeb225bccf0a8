using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using LayerTime.Core.Algebra;
using LayerTime.Core.Constructions;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime;

/// <summary>A normal form as text. In a network of floats a number that is none is written as a fraction, which readers round.</summary>
internal static class NormalFormWriter
{
    internal static string Write(WrittenNetwork network, NumberKind numbers)
    {
        var exact = numbers == NumberKind.Exact;
        var text = new StringBuilder();
        NetworkWriter.Head(text, exact ? "exact" : "float", "feed-forward");
        if (network.Lift is { } lift)
        {
            text.Append(CultureInfo.InvariantCulture, $"  \"lift\": {Layer(lift.Value, exact)},\n");
        }

        return text
            .Append("  \"layers\": [\n    ")
            .AppendJoin(",\n    ", network.Maps.Select(map => NetworkWriter.Map(map.Select(layer => Layer(layer, exact)))))
            .Append("\n  ]\n}\n")
            .ToString();
    }

    private static string Layer(WrittenLayer layer, bool exact) => NetworkWriter.Layer(
        MatrixModule.toRows(layer.Weights).Select(row => row.Select(number => Number(number, exact))),
        layer.Bias.Select(number => Number(number, exact)),
        NormalFormNetwork.activations(layer).Select(activation => Activation(activation, exact)));

    private static string Activation(ActivationKind kind, bool exact) => kind is ActivationKind.LeakyRelu leaky
        ? NetworkWriter.LeakyRelu(Number(leaky.slope, exact))
        : $"\"{ActivationKindModule.name(kind)}\"";

    private static string Number(NeuronConstant number, bool exact) =>
        NeuronConstantModule.tryRational(number) is { } fraction ? Number(fraction.Value, exact) : NetworkWriter.Number(NormalForm.Nearest(number));

    private static string Number(Rational number, bool exact)
    {
        var nearest = RationalModule.toFloat(number);
        return !exact && double.IsFinite(nearest) && RationalModule.ofFloat(nearest).Equals(number) ? NetworkWriter.Number(nearest) : NetworkWriter.Quoted(number);
    }
}
