using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Text;
using LayerTime.Core.Algebra;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime;

/// <summary>A network as text: one layer or piece a line, the same bytes for the same network.</summary>
internal static class NetworkWriter
{
    internal static string Write(Network network) =>
        network.Floats is { } floats
            ? Write(floats, network.Design, "float", number => Number(number.Value), layer => Layer(layer, number => Number(number.Value)))
            : Write(network.Fractions!, network.Design, "exact", Quoted, layer => Layer(layer, Quoted));

    /// <summary>A network whose numbers and layers are written in a way of their own.</summary>
    internal static string Write<T>(Network<T> network, Design design, string numbers, System.Func<T, string> number, System.Func<Layer<T>, string> layer)
        where T : IRing<T>
    {
        var text = new StringBuilder();
        Head(text, numbers, ArchitectureModule.name(network.Architecture));
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
            text.Append(CultureInfo.InvariantCulture, $"  \"lift\": {Map(lift.Value, layer)},\n");
        }

        var layers = ArchitectureModule.maps(network.Architecture)
            .Select(maps => design.HasManyMaps ? $"{{ \"maps\": {List(maps.Select(map => Map(map, layer)))} }}" : Map(maps[0], layer));
        text.Append("  \"layers\": [\n    ").AppendJoin(",\n    ", layers).Append("\n  ]");
        if (network.Readout is { } readout)
        {
            text.Append(CultureInfo.InvariantCulture, $",\n  \"readout\": {Map(readout.Value, layer)}");
        }

        return text.Append("\n}\n").ToString();
    }

    internal static string Write(NeuralOde ode) =>
        ode.Floats is { } floats
            ? Write(floats, "float", number => Number(number.Value))
            : Write(ode.Fractions!, "exact", Quoted);

    private static string Write<T>(NeuralOde<T> ode, string numbers, System.Func<T, string> number)
        where T : IRing<T>
    {
        var text = new StringBuilder();
        Head(text, numbers, NeuralOdeReader.Architecture);
        string OfLayer(Layer<T> layer) => Layer(layer, number);
        if (ode.Lift is { } lift)
        {
            text.Append(CultureInfo.InvariantCulture, $"  \"lift\": {Map(lift.Value, OfLayer)},\n");
        }

        var pieces = ode.Pieces.ToArray().Select(piece =>
            $"{{ \"until\": {Quoted(piece.Until)}, \"coefficients\": {List(piece.Coefficients.Select(map => Map(map, OfLayer)))} }}");
        text.Append("  \"field\": [\n    ").AppendJoin(",\n    ", pieces).Append("\n  ]");
        if (ode.Readout is { } readout)
        {
            text.Append(CultureInfo.InvariantCulture, $",\n  \"readout\": {Map(readout.Value, OfLayer)}");
        }

        return text.Append("\n}\n").ToString();
    }

    /// <summary>The brace and the three fields that every document starts with.</summary>
    internal static void Head(StringBuilder text, string numbers, string architecture) => text
        .Append("{\n")
        .Append(CultureInfo.InvariantCulture, $"  \"format\": \"{NetworkFormat.Name}\",\n")
        .Append(CultureInfo.InvariantCulture, $"  \"numbers\": \"{numbers}\",\n")
        .Append(CultureInfo.InvariantCulture, $"  \"architecture\": \"{architecture}\",\n");

    private static string Map<T>(LayerMap<T> map, System.Func<Layer<T>, string> layer) => Map(map.Layers.ToArray().Select(layer));

    private static string Layer<T>(Layer<T> layer, System.Func<T, string> number) => Layer(
        MatrixModule.toRows(layer.Weights).Select(row => row.Select(number)),
        layer.Bias.ToArray().Select(number),
        Activations(layer, number));

    /// <summary>The activations of a layer, one or one for each row.</summary>
    internal static IEnumerable<string> Activations<T>(Layer<T> layer, System.Func<T, string> number) =>
        layer.Activations.ToArray().Select(activation => Activation(activation, number));

    /// <summary>A map of layers that are texts already.</summary>
    internal static string Map(IEnumerable<string> layers) => layers.ToArray() is [var single] ? single : $"{{ \"inner\": {List(layers)} }}";

    /// <summary>A layer of numbers and activations that are texts already.</summary>
    internal static string Layer(IEnumerable<IEnumerable<string>> weights, IEnumerable<string> bias, IEnumerable<string> activations) =>
        Layer(List(weights.Select(List)), List(bias), activations);

    /// <summary>A layer whose weights and biases are texts as a whole.</summary>
    internal static string Layer(string weights, string bias, IEnumerable<string> activations) =>
        $"{{ \"weights\": {weights}, \"bias\": {bias}, \"activation\": {(activations.ToArray() is [var single] ? single : List(activations))} }}";

    private static string Activation<T>(Activation<T> activation, System.Func<T, string> number) =>
        activation is Activation<T>.LeakyRelu leaky ? LeakyRelu(number(leaky.slope)) : $"\"{ActivationModule.name(activation)}\"";

    internal static string LeakyRelu(string slope) => $"{{ \"name\": \"leaky-relu\", \"slope\": {slope} }}";

    /// <summary>The shortest decimal that is read back as the same float.</summary>
    internal static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string List(IEnumerable<string> items) => $"[{string.Join(", ", items)}]";

    /// <summary>A fraction as a string.</summary>
    internal static string Quoted(Rational fraction)
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
