using System.Collections.Generic;

namespace LayerTime;

/// <summary>What a finding is worth.</summary>
public enum FindingKind
{
    /// <summary>Exact: read off the network, or computed without rounding.</summary>
    Exact,

    /// <summary>Proved by enclosures, rounding included.</summary>
    Certified,

    /// <summary>Computed on floats, without proof.</summary>
    Measured,

    /// <summary>Not computed; the sentence says why and what it would take.</summary>
    Skipped,
}

/// <summary>A number of a finding.</summary>
/// <param name="Name">What it is, in one word such as "bound".</param>
/// <param name="Value">The number; an infinite one stands for "none".</param>
public sealed record NamedNumber(string Name, double Value);

/// <summary>One thing that is known of a network.</summary>
public sealed record Finding
{
    /// <summary>The topic, such as "lipschitz".</summary>
    public required string Topic { get; init; }

    /// <summary>What it is about, unique within the topic.</summary>
    public required string Name { get; init; }

    /// <summary>What is known, in sentences.</summary>
    public required string Text { get; init; }

    /// <summary>What it is worth.</summary>
    public required FindingKind Kind { get; init; }

    /// <summary>The numbers behind the sentences, unrounded.</summary>
    public IReadOnlyList<NamedNumber> Numbers { get; init; } = [];
}
