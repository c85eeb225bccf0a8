using System.Collections.Generic;
using System.Linq;

namespace LayerTime;

/// <summary>
/// The critical points of a network or a neural ODE in a box, as far as they are proved: in the domain there is none outside the points and the undecided
/// regions. A function of the network, the box and the options, on any number of cores.
/// </summary>
public sealed class CensusResult
{
    internal CensusResult(
        NetworkDocument network, CensusPaving paving, Box domain, IReadOnlyList<CriticalPoint> points, IReadOnlyList<UndecidedRegion> undecided, IReadOnlyList<Box> smallBoxes)
    {
        Network = network;
        Paving = paving;
        Domain = domain;
        Points = points;
        Undecided = undecided;
        SmallBoxes = smallBoxes;
    }

    /// <summary>The box that the result is about: the one asked for, or a larger one if faces were moved.</summary>
    public Box Domain { get; }

    /// <summary>The critical points, in the order of their coordinates.</summary>
    public IReadOnlyList<CriticalPoint> Points { get; }

    /// <summary>What is not decided, in the order of coordinates; empty if the census is complete.</summary>
    public IReadOnlyList<UndecidedRegion> Undecided { get; }

    /// <summary>Whether every critical point in the domain is listed, inside it, non-degenerate and with its index.</summary>
    public bool IsComplete => Undecided.Count == 0;

    /// <summary>Whether the census was cancelled; what is reported is valid and partial.</summary>
    public required bool Interrupted { get; init; }

    /// <summary>Σ (−1)^index over the points.</summary>
    public int SignedCount => Points.Sum(point => point.Index % 2 == 0 ? 1 : -1);

    /// <summary>The degree of the gradient on the domain, from its boundary alone: Σ (−1)^index over all critical points. Null if it is not known.</summary>
    public required int? Degree { get; init; }

    /// <summary>Why the degree is not known; null if it is.</summary>
    public required string? DegreeReason { get; init; }

    /// <summary>How many boxes were looked at.</summary>
    public required long Boxes { get; init; }

    /// <summary>What it takes to go on with this census.</summary>
    public CensusPaving Paving { get; }

    /// <summary>How many points have this index.</summary>
    /// <param name="index">0 … n.</param>
    /// <returns>Their number.</returns>
    public int Count(int index) => Points.Count(point => point.Index == index);

    /// <summary>The result as one JSON document: the same bytes on any machine and any number of cores.</summary>
    /// <returns>The document, with a line feed at its end.</returns>
    public string ToJson() => CensusWriter.ToJson(this);

    /// <summary>The result as a picture: the graph or the level sets, the points by their index, and what is undecided. For one or two inputs.</summary>
    /// <returns>An SVG document, the same bytes on any machine.</returns>
    /// <exception cref="System.InvalidOperationException">The network has more than two inputs.</exception>
    public string ToSvg() => CensusFigure.Draw(this);

    /// <summary>The result in one line.</summary>
    /// <returns>"4 critical points, complete, signed count 0, degree 0, 1234 boxes".</returns>
    public override string ToString() =>
        $"{Points.Count} critical point{(Points.Count == 1 ? "" : "s")}, {(IsComplete ? "complete" : $"{Undecided.Count} undecided")}, "
        + $"signed count {SignedCount}, degree {(Degree is { } degree ? degree : "unknown")}, {Boxes} boxes" + (Interrupted ? ", interrupted" : "");

    internal NetworkDocument Network { get; }

    /// <summary>The boxes below the tolerance, of which regions are hulls.</summary>
    internal IReadOnlyList<Box> SmallBoxes { get; }
}
