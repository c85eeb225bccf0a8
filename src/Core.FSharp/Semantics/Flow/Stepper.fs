namespace LayerTime.Core.Semantics

open System

/// How a step ended.
[<RequireQualifiedAccess; Struct>]
type StepOutcome =
    /// The next state is there.
    | Done
    /// The equations of an implicit step did not contract: the step is too long for them.
    | NoContraction

/// <summary>A method made ready for one vector field: what the loop over the steps needs, in any number system.</summary>
/// <remarks>It owns its scratch memory; a step allocates nothing over numbers that do not.</remarks>
[<AbstractClass>]
type Stepper<'T>(dimension: int, order: int) =
    /// The number of components of the state.
    member _.Dimension: int = dimension
    /// The order of the method.
    member _.Order: int = order
    /// How often the field has been evaluated.
    member val Evaluations = 0 with get, set
    /// next ← the state a step later.
    abstract Step: time: 'T * step: 'T * state: 'T[] * next: 'T[] -> StepOutcome
    /// The orders of the estimates of the error, the leading one first; none for a method of fixed steps.
    abstract Estimates: int[]
    /// error ← an estimate of the error of the step just taken.
    abstract Error: estimate: int * step: 'T * error: 'T[] -> unit
    /// The powers p of the terms c·hᵖ of the error that are known where a step of length h starts, after Start; none where only the step
    /// itself tells.
    abstract KnownPowers: int[]
    /// c for such a power.
    abstract KnownTerm: power: int -> ReadOnlySpan<'T>
    /// The degree of the polynomial in θ that continues the step.
    abstract Degree: int
    /// x(t + θh) ≈ x + c₁θ + c₂θ² + …: degree by degree, the coefficients for all components.
    abstract Extend: time: 'T * step: 'T * state: 'T[] * next: 'T[] * coefficients: Span<'T> -> unit
    /// Tells the method that the step just taken counts, so that the next one starts where it ended.
    abstract Accept: unit -> unit
    /// Evaluates the slope where the next step starts and keeps it for that step, where the method has it.
    abstract Start: time: 'T * state: 'T[] -> unit
    /// Tells the method that the next step starts anywhere.
    abstract Restart: unit -> unit
    /// The slope f(t, x) at the start of the step just taken, where the method has it.
    abstract Slope: ReadOnlySpan<'T>
    default _.Estimates = [||]
    default _.Error(_, _, _) = invalidOp "the method has no estimate of its error"
    default _.KnownPowers = [||]
    default _.KnownTerm _ = ReadOnlySpan<'T>.Empty
    default _.Accept() = ()
    default _.Start(_, _) = ()
    default _.Restart() = ()
    default _.Slope = ReadOnlySpan<'T>.Empty
