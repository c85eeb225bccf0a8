using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using LayerTime.Core.Examination;
using LayerTime.Core.Networks;
using LayerTime.Core.Numbers;

namespace LayerTime;

/// <summary>A network in the forms in which it is looked at, and where.</summary>
internal sealed class Examined
{
    internal Examined(Network network, ExaminationOptions options)
    {
        (Network, Options) = (network, options);
        Floats = network.ToFloat();
        Enclosed = ScalarMaps.Enclosed(network);
        Inputs = Sensitivity.inputs(Enclosed);
        Points = [.. options.Points.Select(Point)];
        Box = options.Box ?? (Points.Count > 0 ? Around(Points) : LayerTime.Box.Cube(Inputs, 1));
        if (Box.Dimension != Inputs)
        {
            throw new ArgumentException($"The box has dimension {Box.Dimension}; {Inputs} is expected, the number of inputs of the network.", nameof(options));
        }

        Choice = Chosen();
        Coefficients = Choice is null ? null : Row(Choice.Value.Output, Choice.Value.Subtracted);
    }

    internal Network Network { get; }

    internal ExaminationOptions Options { get; }

    /// <summary>The network on floats.</summary>
    internal Network Floats { get; }

    /// <summary>The network on intervals, its weights as the exact numbers they are.</summary>
    internal Network<CoreInterval> Enclosed { get; }

    internal int Inputs { get; }

    internal int Outputs => Network.OutputWidth;

    internal IReadOnlyList<double[]> Points { get; }

    internal Box Box { get; }

    /// <summary>Whether the box was asked for or is that of the data, and not only the usual one.</summary>
    internal string BoxName => Options.Box is not null ? "the box" : Points.Count > 0 ? "the box of the data" : $"[−1, 1]{(Inputs == 1 ? "" : "ⁿ")}";

    internal (int Output, int? Subtracted)? Choice { get; }

    /// <summary>c in the scalar function cᵀΦ; null where none is chosen.</summary>
    internal double[]? Coefficients { get; }

    /// <summary>What the scalar function is called.</summary>
    internal string ScalarName => Choice is not { } choice ? "Φ"
        : Outputs == 1 ? "Φ"
        : choice.Subtracted is { } other ? string.Create(CultureInfo.InvariantCulture, $"Φ[{choice.Output}] − Φ[{other}]")
        : string.Create(CultureInfo.InvariantCulture, $"Φ[{choice.Output}]");

    /// <summary>The scalar network on intervals; null where none is chosen.</summary>
    internal Network<CoreInterval>? Scalar => field ??= Coefficients is null ? null
        : Outputs == 1 ? Enclosed
        : Sensitivity.project([.. Coefficients.Select(IntervalOf)], Enclosed);

    /// <summary>The scalar network as one of the door; null where none is chosen.</summary>
    internal Network? ScalarNetwork => field ??= Coefficients is null ? null
        : Outputs == 1 ? Network
        : Network.Floats is { } floats ? Network.OfCore(Sensitivity.project(Binary64Module.ofFloats(Coefficients), floats))
        : Network.OfCore(Sensitivity.project([.. Coefficients.Select(RationalModule.ofFloat)], Network.Fractions!));

    internal NetworkNorms Norms => field ??= GlobalLipschitz.norms(Enclosed);

    /// <summary>The critical points, once a census was taken.</summary>
    internal CensusResult? Census { get; set; }

    /// <summary>The points, or the middle of the box where there are none.</summary>
    internal IReadOnlyList<double[]> Places => Points.Count > 0 ? [.. Points.Take(Options.MaxPoints)] : [Box.Midpoint()];

    internal IEnumerable<LayerMap> Maps() =>
        Enumerable.Range(0, Network.Depth).SelectMany(Network.MapsAt).Prepend(Network.Lift).Append(Network.Readout).OfType<LayerMap>();

    internal IReadOnlyList<Activation> Activations => field ??= [.. Maps().SelectMany(map => map.Layers).SelectMany(layer => layer.Activations).Distinct()];

    internal double[] Row(int output, int? subtracted)
    {
        var row = new double[Outputs];
        row[output] = 1;
        if (subtracted is { } other)
        {
            row[other] = -1;
        }

        return row;
    }

    internal static CoreInterval IntervalOf(double number) => IntervalModule.ofFloat(number);

    private static Box Around(IReadOnlyList<double[]> points) =>
        new([.. Enumerable.Range(0, points[0].Length).Select(i => new Interval(points.Min(point => point[i]), points.Max(point => point[i])))]);

    // A state stands for a history of equal ones.
    private double[] Point(IReadOnlyList<double> given, int index)
    {
        double[] point = [.. given];
        Door.Finite(point, nameof(given));
        return point.Length == Inputs ? point
            : Network.Lift is null && point.Length == Network.Width ? [.. Enumerable.Repeat(point, Network.Blocks).SelectMany(state => state)]
            : throw new ArgumentException($"Point {index + 1} has {point.Length} numbers; {Inputs} are expected, the inputs of the network.", nameof(given));
    }

    private (int Output, int? Subtracted)? Chosen()
    {
        foreach (var output in new[] { Options.Output, Options.Subtracted }.OfType<int>())
        {
            if (output < 0 || output >= Outputs)
            {
                throw new ArgumentException($"There is no output {output}; 0 … {Outputs - 1} are expected.");
            }
        }

        return Options.Output == Options.Subtracted && Options.Output is not null
            ? throw new ArgumentException("An output minus itself is 0; two outputs are expected.")
            : Options.Output is { } chosen ? (chosen, Options.Subtracted)
            : Options.Subtracted is not null ? throw new ArgumentException("An output to subtract from is expected.")
            : Outputs == 1 ? (0, null)
            : null;
    }
}
