using System.Collections.Generic;
using System.Linq;
using LayerTime.Core.Constructions;

namespace LayerTime;

/// <summary>The three classes of widths n, m₁, …, m_L, 1 of a feed-forward network (Kühn and Kuntz); every sequence is in exactly one.</summary>
public enum WidthClass
{
    /// <summary>The widths never increase.</summary>
    NonAugmented,

    /// <summary>The widths increase, up to a peak, and never increase again after they decreased.</summary>
    Augmented,

    /// <summary>The widths increase after they decreased.</summary>
    Bottleneck,
}

/// <summary>What is known about the critical points of a network, the points where its gradient vanishes.</summary>
public enum CriticalPoints
{
    /// <summary>The function is constant: every point is critical and degenerate.</summary>
    Everywhere,

    /// <summary>There is none.</summary>
    None,

    /// <summary>There is no local extremum; with kinks there need not be a gradient everywhere.</summary>
    NoExtremum,

    /// <summary>Every critical point is degenerate: they come in flats.</summary>
    Degenerate,

    /// <summary>For almost all weights of these widths none is degenerate.</summary>
    NonDegenerateForAlmostAllWeights,

    /// <summary>Weights with degenerate critical points form a set with inner points.</summary>
    DegenerateForOpenSet,

    /// <summary>Where the gradient behind a rank-deficient matrix vanishes, they are degenerate.</summary>
    DegenerateBehindDeficientMatrix,

    /// <summary>No theorem here decides it.</summary>
    Undecided,
}

/// <summary>The class of a network by its widths, and by what its weights make of them: exact ranks after superfluous neurons are removed.</summary>
public sealed record NetworkClass
{
    internal NetworkClass(NetworkClassification core)
    {
        Widths = core.Widths;
        ByWidths = Of(core.Syntactic);
        Ranks = core.Ranks;
        EffectiveWidths = core.EffectiveNodes;
        Effective = core.Effective is { } effective ? Of(effective.Value) : null;
        CriticalPoints = Of(core.Law);
        Explanation = [.. ArchitectureClassModule.explain(core)];
    }

    /// <summary>n, m₁, …, m_L, 1 as written, with linear layers merged.</summary>
    public IReadOnlyList<int> Widths { get; }

    /// <summary>The class of <see cref="Widths"/>.</summary>
    public WidthClass ByWidths { get; }

    /// <summary>The ranks of the matrices of the normal form; empty for a constant.</summary>
    public IReadOnlyList<int> Ranks { get; }

    /// <summary>n, r₁, m₁, r₂, m₂, …, 1: the widths of the normal form with the rank of each matrix before it; empty for a constant.</summary>
    public IReadOnlyList<int> EffectiveWidths { get; }

    /// <summary>The class of <see cref="EffectiveWidths"/>; null for a constant.</summary>
    public WidthClass? Effective { get; }

    /// <summary>What follows for critical points.</summary>
    public CriticalPoints CriticalPoints { get; }

    /// <summary>All of this in sentences, with the reason where no theorem applies.</summary>
    public IReadOnlyList<string> Explanation { get; }

    /// <summary>The class in sentences.</summary>
    /// <returns>The <see cref="Explanation"/> in one paragraph.</returns>
    public override string ToString() => string.Join(' ', Explanation);

    private static WidthClass Of(ArchitectureClass architecture) =>
        architecture.IsNonAugmented ? WidthClass.NonAugmented
        : architecture.IsAugmented ? WidthClass.Augmented
        : WidthClass.Bottleneck;

    private static CriticalPoints Of(CriticalPointLaw law) =>
        law.IsConstant ? CriticalPoints.Everywhere
        : law.IsNoCriticalPoint ? CriticalPoints.None
        : law.IsNoExtremum ? CriticalPoints.NoExtremum
        : law.IsDegenerate ? CriticalPoints.Degenerate
        : law.IsMorseForAlmostAllWeights ? CriticalPoints.NonDegenerateForAlmostAllWeights
        : law.IsDegenerateForOpenSet ? CriticalPoints.DegenerateForOpenSet
        : law.IsDegenerateBehind ? CriticalPoints.DegenerateBehindDeficientMatrix
        : CriticalPoints.Undecided;
}
