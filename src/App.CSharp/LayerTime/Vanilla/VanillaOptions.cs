namespace LayerTime;

/// <summary>How a step of a field with several terms is put together from the flows of single terms.</summary>
public enum OdeSplitting
{
    /// <summary>One term after the other, order 1.</summary>
    LieTrotter,

    /// <summary>There and back by half steps, order 2.</summary>
    Strang,

    /// <summary>Three Strang steps, the middle one backward in time, order 4 on smooth fields.</summary>
    Yoshida,
}

/// <summary>What the compilation of a flow into a leaky-ReLU network may use.</summary>
public sealed record VanillaOptions
{
    /// <summary>The splitting; null for the one that is predicted to need the least depth.</summary>
    public OdeSplitting? Splitting { get; init; }

    /// <summary>The most layers with an activation, at least 1.</summary>
    public long MaxDepth { get; init; } = 2_000_000;

    /// <summary>Into how many cells each side of the box is cut for the certificate; null for a number that suits the dimension.</summary>
    public int? CellsPerSide { get; init; }
}
