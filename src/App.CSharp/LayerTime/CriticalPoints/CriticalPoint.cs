namespace LayerTime;

/// <summary>A critical point with its proof: a zero of the gradient at which the Hessian is regular.</summary>
public sealed record CriticalPoint
{
    /// <summary>A narrow enclosure of the point.</summary>
    public required Box Point { get; init; }

    /// <summary>An enclosure of the value of the network there.</summary>
    public required Interval Value { get; init; }

    /// <summary>The Morse index: the number of negative eigenvalues of the Hessian.</summary>
    public required int Index { get; init; }

    /// <summary>The box in which the point is the only critical one.</summary>
    public required Box Home { get; init; }

    /// <summary>What the index makes of the point.</summary>
    public CriticalPointKind Kind =>
        Index == 0 ? CriticalPointKind.Minimum : Index == Point.Dimension ? CriticalPointKind.Maximum : CriticalPointKind.Saddle;
}

/// <summary>What a non-degenerate critical point is.</summary>
public enum CriticalPointKind
{
    /// <summary>Index 0: a strict local minimum.</summary>
    Minimum,

    /// <summary>An index between: a saddle.</summary>
    Saddle,

    /// <summary>Index n: a strict local maximum.</summary>
    Maximum,
}
