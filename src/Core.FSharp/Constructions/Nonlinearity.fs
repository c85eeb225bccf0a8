namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// The entrywise g of x′ = w(t)x + b(t) + g(x) and of η(u) = u + dt·g(u).
[<RequireQualifiedAccess; NoComparison>]
type Nonlinearity<'T> =
    /// −γx³ or κ·max(−x, 0)
    | Damping of Damping<'T>
    /// c·σ(x)
    | Scaled of factor: 'T * activation: Activation<'T>
    /// (σ(x) − x)/dt, for which η is σ itself.
    | Excess of activation: Activation<'T> * step: 'T

/// Values and slopes of a nonlinearity, and the ranges that bounds need.
[<RequireQualifiedAccess>]
module Nonlinearity =
    open Arithmetic

    /// g(x)
    let value (g: Nonlinearity<'T>) (x: 'T) : 'T :> IField<'T> =
        match g with
        | Nonlinearity.Damping damping -> NearIdentity.damp damping x
        | Nonlinearity.Scaled(c, σ) -> c * Activation.value σ x
        | Nonlinearity.Excess(σ, dt) -> (Activation.value σ x - x) / dt

    /// g′(x), at a kink from the left.
    let slope (g: Nonlinearity<'T>) (x: 'T) : 'T :> IField<'T> =
        match g with
        | Nonlinearity.Damping damping -> NearIdentity.dampSlope damping x
        | Nonlinearity.Scaled(c, σ) -> c * Activation.derivative σ x
        | Nonlinearity.Excess(σ, dt) -> (Activation.derivative σ x - 'T.One) / dt

    /// The same nonlinearity over other numbers.
    let map (number: 'T -> 'U) (g: Nonlinearity<'T>) : Nonlinearity<'U> when 'U :> ITranscendental<'U> =
        match g with
        | Nonlinearity.Damping(Damping.Cubic γ) -> Nonlinearity.Damping(Damping.Cubic(number γ))
        | Nonlinearity.Damping(Damping.Leaky κ) -> Nonlinearity.Damping(Damping.Leaky(number κ))
        | Nonlinearity.Scaled(c, σ) -> Nonlinearity.Scaled(number c, Activation.map number σ)
        | Nonlinearity.Excess(σ, dt) -> Nonlinearity.Excess(Activation.map number σ, number dt)

    /// A float as an interval of one member.
    let internal exactly (x: Binary64) : Interval = Interval.ofFloat x.Value

    // σ′ over an interval, without losing the dependence of the two factors on x.
    let private activationSlopes (σ: Activation<Interval>) (x: Interval) : Interval =
        let one: Interval = Ring.ratio 1 1

        match σ with
        | Activation.Transcendental f ->
            match f.Name with
            | TranscendentalName.Tanh -> one - Interval.square (Transcendental.tanh x)
            | TranscendentalName.Logistic ->
                // p(1 − p) = ¼ − (p − ½)²
                Ring.ratio 1 4 - Interval.square (Transcendental.logistic x - Ring.ratio 1 2)
            | TranscendentalName.Softplus -> Transcendental.logistic x
            | TranscendentalName.Sine -> Transcendental.cos x
        | Activation.Cubic -> one + Interval.square x
        | algebraic -> Activation.derivative algebraic x

    /// The range of g′ over an interval.
    let slopes (g: Nonlinearity<Binary64>) (x: Interval) : Interval =
        match map exactly g with
        | Nonlinearity.Damping(Damping.Cubic γ) -> -(Ring.ratio 3 1 * γ * Interval.square x)
        | Nonlinearity.Damping leaky -> NearIdentity.dampSlope leaky x
        | Nonlinearity.Scaled(c, σ) -> c * activationSlopes σ x
        | Nonlinearity.Excess(σ, dt) -> (activationSlopes σ x - Ring.ratio 1 1) / dt

    // [−R, R]
    let private around (radius: Interval) : Interval = Interval.hull (-radius) radius

    /// Lip_g(R) = sup_{|s| ≤ R} |g′(s)|, rounded upwards.
    let lipschitz (g: Nonlinearity<Binary64>) (radius: Interval) : Interval =
        let bound = Interval.magnitude (slopes g (around radius))
        if System.Double.IsFinite bound then Interval.ofFloat bound else Interval.entire

    /// Whether g(0) = 0 and g does not increase on |s| ≤ R.
    let isDissipative (g: Nonlinearity<Binary64>) (radius: Interval) : bool =
        (value g (Binary64 0.0)).Value = 0.0 && (slopes g (around radius)).Upper <= 0.0

    /// The smallest Lipschitz constant of g on the whole line, or a little more; None where there is none.
    let globalLipschitz (g: Nonlinearity<Binary64>) : Interval option =
        let bound = lipschitz g Interval.entire
        if Interval.isBounded bound then Some bound else None

    /// sup_{|s| ≤ R} |g(s)| of a monotone g with g(0) = 0: the larger of |g(−R)| and |g(R)|.
    let monotoneSupremum (g: Nonlinearity<Binary64>) (radius: Interval) : Interval =
        let g = map exactly g
        Interval.max (Interval.abs (value g radius)) (Interval.abs (value g -radius))

    /// g(x) in floats.
    let ofFloat (g: Nonlinearity<Binary64>) (x: float) : float = (value g (Binary64 x)).Value
