namespace LayerTime.Core.Semantics

open System

/// The right-hand side of x′ = f(t, x). An instance may own scratch memory, so one run at a time uses it.
type IVectorField<'T> =
    /// The number of components of x.
    abstract Dimension: int
    /// slope ← f(t, x); the spans do not overlap.
    abstract Evaluate: time: 'T * state: ReadOnlySpan<'T> * slope: Span<'T> -> unit

/// The exact flow of one part of a splitting x′ = f₁(t, x) + f₂(t, x) + …
type IFlowMap<'T> =
    /// The number of components of x.
    abstract Dimension: int
    /// state ← the solution of x′ = f_i(t, x) after a step from the state at a time.
    abstract Advance: time: 'T * step: 'T * state: Span<'T> -> unit
    /// slope ← slope + f_i(t, x)
    abstract AddSlope: time: 'T * state: ReadOnlySpan<'T> * slope: Span<'T> -> unit
