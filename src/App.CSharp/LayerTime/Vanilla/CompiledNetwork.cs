using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using LayerTime.Core.Constructions;
using LayerTime.Core.Engine;

namespace LayerTime;

/// <summary>A leaky-ReLU network that follows the flow of a neural ODE over a box, with a certificate of how closely.</summary>
public sealed class CompiledNetwork
{
    private readonly CompiledFlow core;
    private LeakyKernel? kernel;
    private Network? network;

    internal CompiledNetwork(CompiledFlow core, Box box)
    {
        this.core = core;
        Box = box;
    }

    /// <summary>The network: feed-forward, every layer as wide as the flow has components.</summary>
    public Network Network => network ??= Network.OfCore(VanillaNetModule.toNetwork(core.Network));

    /// <summary>The box of starting points that the certificate covers.</summary>
    public Box Box { get; }

    /// <summary>sup |flow − network| over the box in the Euclidean norm is at most this: rounded outward, the rounding of weights and of a run in floats included.</summary>
    public double ErrorBound => core.Error.Bound;

    /// <summary>The part of the bound that comes from the splitting. The parts may add up to more than the bound.</summary>
    public double SplittingError => core.Error.Splitting;

    /// <summary>The part of the bound that comes from the piecewise linear tables.</summary>
    public double TableError => core.Error.Tables;

    /// <summary>The part of the bound that comes from rounding.</summary>
    public double RoundingError => core.Error.Rounding;

    /// <summary>The number of layers with an activation.</summary>
    public int Depth => core.Network.Depth;

    /// <summary>The splitting.</summary>
    public OdeSplitting Splitting => Splittings.OfCore(core.Plan.Splitting);

    /// <summary>The number of steps, over all pieces of time.</summary>
    public int Steps => core.Plan.Pieces.Sum(piece => piece.Steps);

    /// <summary>The number of cells over which the error was certified.</summary>
    public int Cells => core.Cells;

    /// <summary>What each splitting that was looked at was predicted to need; the one with the least depth, which was chosen, first.</summary>
    public IReadOnlyList<VanillaPrediction> Predictions => [.. core.Predictions.Select(VanillaPrediction.OfCore)];

    /// <summary>Why this plan, in a sentence.</summary>
    public string Reason =>
        Predictions.Count > 1
            ? $"{Splittings.Name(Splitting)} needs the least depth; by a first look {string.Join(" and ", Predictions.Skip(1).Select(Other))}."
            : $"{Splittings.Name(Splitting)}; no other splitting was looked at.";

    /// <summary>
    /// A grid over the box, carried by the flow and by the network, at the end of some steps and so of some layers: SVG, for two components.
    /// Within the layers of one term the network works in coordinates of its own; what is shown are the states between them.
    /// </summary>
    /// <returns>The picture.</returns>
    /// <exception cref="InvalidOperationException">The flow does not have two components.</exception>
    public string ToSvg() => Box.Dimension == 2
        ? CarriedGridFigure.Draw(this, core.Plan)
        : throw new InvalidOperationException($"x has {Box.Dimension} components; a grid is drawn for two.");

    /// <summary>f at many points at once, equal to running the network on each.</summary>
    /// <param name="points">The points one after the other, as many numbers each as the flow has components.</param>
    /// <returns>Their images in the same order.</returns>
    public double[] Run(ReadOnlySpan<double> points)
    {
        if (points.Length % Box.Dimension != 0)
        {
            throw new ArgumentException($"Found {points.Length} numbers; {Box.Dimension} for each point are expected.", nameof(points));
        }

        var images = new double[points.Length];
        (kernel ??= new(core.Network)).Run(points, images);
        return images;
    }

    private static string Other(VanillaPrediction other) =>
        other.Depth == long.MaxValue
            ? $"{Splittings.Name(other.Splitting)} has no bound"
            : string.Create(CultureInfo.InvariantCulture, $"{Splittings.Name(other.Splitting)} needs about {other.Depth:N0} layers");
}
