using System.IO;
using System.Linq;

namespace LayerTime.Host.Rendering;

/// <summary>What is known of a conversion between layers and neural ODEs, for people: the bound beside what was measured.</summary>
internal static class ConversionText
{
    internal static void Write(LayersOfNeuralOde found, TextWriter writer)
    {
        Field(writer, "layers", Shown.Count(found.Network.Depth));
        Distance(writer, found.Bound, found.Certificate, found.Measured, found.Rounding);
        Field(writer, "rests on", string.Join('\n', found.Basis.Take(3)) + (found.Basis.Count > 3 ? $"\nand so on for {Page.Plural(found.Basis.Count, "piece")}" : ""));
        if (found.IsRounded)
        {
            Field(writer, "rounded", "some numbers of the equation, to the nearest floats, before the bound was computed");
        }
    }

    internal static void Write(NeuralOdeOfLayers found, TextWriter writer)
    {
        Field(writer, "pieces", Shown.Count(found.Ode.Pieces.Count));
        Distance(writer, found.Bound, found.Certificate, found.Measured, found.Rounding);
        Field(writer, "layers", $"max |W − I| = {Shown.Rounded(found.Distance)}; the weights change by {Shown.Rounded(found.WeightVariation)} in all, the biases by {Shown.Rounded(found.BiasVariation)}");
    }

    internal static void WriteEmbedding(NeuralOde ode, TextWriter writer)
    {
        Field(writer, "inputs", $"{ode.InputWidth}, kept as they are by the first {Page.Plural(ode.InputWidth, "component")}");
        Field(writer, "dimension", $"{ode.Dimension} over depth-time {ode.Horizon}; the last component grows linearly to the output");
        Field(writer, "numbers", ode.Numbers == NumberKind.Exact ? "exact" : "float");
        Field(writer, "error", "0: the output is that of the network, by any Runge–Kutta method in exact arithmetic");
    }

    private static void Distance(TextWriter writer, double bound, double? certificate, double measured, double rounding)
    {
        Field(writer, "a priori", $"at most {Shown.Upward(bound)} between the layers and the solution, in every component");
        Field(writer, "a posteriori", certificate is { } value ? $"at most {Shown.Upward(value)}, from the states of the layers" : "no bound: the slope of g is not bounded above");
        Field(writer, "measured", double.IsNaN(measured) ? "nothing: the solution ends before the horizon" : $"{Shown.Rounded(measured)}, on floats, where rounding may add {Shown.Upward(rounding)}");
    }

    private static void Field(TextWriter writer, string label, string text) => Page.WriteField(writer, label, text, labelWidth: 14);
}
