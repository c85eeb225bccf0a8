namespace LayerTime.Core.Semantics

/// The solution of x′ = f(t, x) as a power series of time. An instance owns scratch memory, so one run at a time uses it.
type ISolutionSeries<'T> =
    /// The number of components of x.
    abstract Dimension: int
    /// N, the last power of time.
    abstract Order: int
    /// Given x₀, series ← x₀, x₁, …, x_N of x(t + h) = x₀ + x₁h + …, degree by degree for all components.
    abstract Expand: time: 'T * series: 'T[] -> unit
