using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Text;
using LayerTime.Core.Algebra;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime;

/// <summary>A network as text: one layer a line, the same bytes for the same network.</summary>
internal static class NetworkWriter
{
    internal static string Write(Network network) =>
        network.Floats is { } floats
            ? Write(floats, network.Design, "float", number => number.Value.ToString("R", CultureInfo.InvariantCulture))
            : Write(network.Fractions!, network.Design, "exact", Quoted);

    private static string Write<T>(Network<T> network, Design design, string numbers, System.Func<T, string> number)
        where T : IRing<T>
    {
        var text = new StringBuilder();
        text.Append("{\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"format\": \"{NetworkFormat.Name}\",\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"numbers\": \"{numbers}\",\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"architecture\": \"{ArchitectureModule.name(network.Architecture)}\",\n");
        if (design.HasOrder)
        {
            text.Append(CultureInfo.InvariantCulture, $"  \"order\": {design.Order},\n");
        }

        if (design.HasStep)
        {
            text.Append(CultureInfo.InvariantCulture, $"  \"step\": {number(network.Equation.Step)},\n");
        }

        if (design.HasWindow)
        {
            text.Append(CultureInfo.InvariantCulture, $"  \"window\": {design.Window},\n");
        }

        if (network.Lift is { } lift)
        {
            text.Append(CultureInfo.InvariantCulture, $"  \"lift\": {Map(lift.Value, number)},\n");
        }

        var layers = ArchitectureModule.maps(network.Architecture)
            .Select(maps => design.HasManyMaps ? $"{{ \"maps\": {List(maps.Select(map => Map(map, number)))} }}" : Map(maps[0], number));
        text.Append("  \"layers\": [\n    ").AppendJoin(",\n    ", layers).Append("\n  ]");
        if (network.Readout is { } readout)
        {
            text.Append(CultureInfo.InvariantCulture, $",\n  \"readout\": {Map(readout.Value, number)}");
        }

        return text.Append("\n}\n").ToString();
    }

    private static string Map<T>(LayerMap<T> map, System.Func<T, string> number)
    {
        string[] layers = [.. map.Layers.ToArray().Select(layer => Layer(layer, number))];
        return layers.Length == 1 ? layers[0] : $"{{ \"inner\": {List(layers)} }}";
    }

    private static string Layer<T>(Layer<T> layer, System.Func<T, string> number)
    {
        var weights = List(MatrixModule.toRows(layer.Weights).Select(row => List(row.Select(number))));
        string[] activations = [.. layer.Activations.ToArray().Select(activation => Activation(activation, number))];
        var activation = activations.Length == 1 ? activations[0] : List(activations);
        return $"{{ \"weights\": {weights}, \"bias\": {List(layer.Bias.ToArray().Select(number))}, \"activation\": {activation} }}";
    }

    private static string Activation<T>(Activation<T> activation, System.Func<T, string> number) => activation is Activation<T>.LeakyRelu leaky
        ? $"{{ \"name\": \"{ActivationModule.name(activation)}\", \"slope\": {number(leaky.slope)} }}"
        : $"\"{ActivationModule.name(activation)}\"";

    private static string List(IEnumerable<string> items) => $"[{string.Join(", ", items)}]";

    private static string Quoted(Rational fraction)
    {
        // A comparison first: printing a number of a million digits takes its time.
        if (BigInteger.Abs(fraction.Numerator) >= Limit || fraction.Denominator >= Limit)
        {
            throw new NetworkFormatException("The network", [new()
            {
                Where = "weights",
                Found = $"a fraction of more than {Fraction.MaximumDigits} digits",
                Expected = $"at most {Fraction.MaximumDigits} above and below the bar, so that it can be read back",
            }]);
        }

        return $"\"{fraction}\"";
    }

    private static readonly BigInteger Limit = BigInteger.Pow(10, Fraction.MaximumDigits);
}
