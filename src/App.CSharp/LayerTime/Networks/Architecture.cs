namespace LayerTime;

/// <summary>The architectures; each is a difference equation ∇ʳx(l+1) = hʳ·G(x(l), x(l−1), …).</summary>
public enum Architecture
{
    /// <summary>x(l+1) = f_l(x(l)); widths may change from layer to layer.</summary>
    FeedForward,

    /// <summary>x(l+1) = x(l) + h·f_l(x(l))</summary>
    Residual,

    /// <summary>∇ᵏx(l+1) = hᵏ·f_l(x(l))</summary>
    Smooth,

    /// <summary>x(l+1) = Σ_n f_n^(l)(x(l+1−n)), n = 1..k</summary>
    AdditiveDense,

    /// <summary>x(l+1) = φ_l([x(l); …; x(l+1−k)])</summary>
    ConcatenationDense,

    /// <summary>∇ʳx(l+1) = hʳ·Σ_n f_n^(l)(x(l+1−n)), n = 1..p</summary>
    Master,
}
