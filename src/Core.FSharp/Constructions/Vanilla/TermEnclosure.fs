namespace LayerTime.Core.Constructions

open System
open LayerTime.Core.Numbers

/// The branching members of a ring as functions.
module private Piece =
    let positive (x: 'T) : 'T :> IRing<'T> = 'T.PositivePart x
    let step (x: 'T) : 'T :> IRing<'T> = 'T.Heaviside x

/// The profile ψ of the flow x ↦ x + a·ψ(w·x + b) of a term and its derivatives, enclosed.
[<RequireQualifiedAccess>]
module TermEnclosure =
    open Arithmetic

    let private one = Interval.ofFloat 1.0
    let private two = Interval.ofFloat 2.0
    let private exp (x: Interval) : Interval = Transcendental.exp x

    /// φ₁(z) = (eᶻ − 1)/z, φ₁(0) = 1; across 0 by the mean value theorem, φ₁(z) = e^ξ with ξ between 0 and z.
    let phi1 (z: Interval) : Interval =
        if Interval.mignitude z > 1e-8 then
            Transcendental.expm1 z / z
        else
            exp (Interval.hull (Interval.ofFloat 0.0) z)

    /// log(1 + x)/x, 1 at 0; across 0 as 1/(1 + ξ).
    let private logQuotient (x: Interval) : Interval =
        if Interval.mignitude x > 1e-8 then
            Transcendental.log1p x / x
        else
            one / (one + Interval.hull (Interval.ofFloat 0.0) x)

    // ψ at a number s ≥ 0: κψ = log(1 + κΘ), Θ = ½E₁·o + ¼E₂·o²/(√D + ½(1 + e)), where e = e^{−2s}, o = 1 − e, E₁ = (e^z − 1)/κ,
    // E₂ = (e^{2z} − 1)/κ, D = e^{2z}o²/4 + e, z = κτ: the stable form of TermFlow, without its division by κ.
    let private atPositive (κ: Interval) (τ: Interval) (s: Interval) : Interval =
        let z = κ * τ
        let e = exp (-(two * s))
        let o = -(Transcendental.expm1 (-(two * s)))
        let half = one / two
        let e1 = τ * phi1 z
        let e2 = two * τ * phi1 (two * z)
        let root = Transcendental.sqrt (half * half * exp (two * z) * Interval.square o + e)
        let Θ = half * e1 * o + half * half * e2 * Interval.square o / (root + half * (one + e))
        Θ * logQuotient (κ * Θ)

    let private tanhAt (κ: Interval) (τ: Interval) (s: float) : Interval =
        if s >= 0.0 then
            atPositive κ τ (Interval.ofFloat s)
        else
            -(atPositive κ τ (-(Interval.ofFloat s)))

    /// ψ over an interval of s; τ of one sign. For tanh ψ increases with s if τ &gt; 0 and decreases if τ &lt; 0.
    let profile (kind: Profile) (κ: Interval) (τ: Interval) (s: Interval) : Interval =
        match kind with
        | Profile.Tanh ->
            if Interval.isPoint s then
                tanhAt κ τ s.Lower
            else
                Interval.hull (tanhAt κ τ s.Lower) (tanhAt κ τ s.Upper)
        | Profile.Relu -> τ * phi1 (κ * τ) * Piece.positive s
        | Profile.Identity -> τ * phi1 (κ * τ) * s

    /// t = tanh s over an interval, and 1 − t² without cancellation.
    let private tangent (s: Interval) : struct (Interval * Interval) =
        let t = Transcendental.tanh s
        // 1 − tanh² s = 4·λ(2s)·λ(−2s) with the logistic function λ, at the ends nearest to and farthest from 0.
        let at (x: float) =
            let x = Interval.ofFloat x
            two * two * Transcendental.logistic (two * x) * Transcendental.logistic (-(two * x))

        let near, far = at (Interval.mignitude s), at (Interval.magnitude s)
        struct (t, Interval.ofBounds far.Lower near.Upper)

    /// ψ′ over an interval of s: E₂(1 − t²)/(D(H′ + 1)), D = 1 + κE₂t², H′ = e^{κτ}/√D; see TermFlow.tanhProfileSlope.
    let slope (kind: Profile) (κ: Interval) (τ: Interval) (s: Interval) : Interval =
        match kind with
        | Profile.Tanh ->
            let struct (t, c) = tangent s
            let z = κ * τ
            let e2 = two * τ * phi1 (two * z)
            let d = one + κ * e2 * Interval.square t
            e2 * c / (d * (exp z / Transcendental.sqrt d + one))
        | Profile.Relu -> τ * phi1 (κ * τ) * Piece.step s
        | Profile.Identity -> τ * phi1 (κ * τ)

    /// ψ″ over an interval of s, for tanh: H″ = −κE₂·H′·t(1 − t²)/D, so that ψ″ = −E₂·H′·t(1 − t²)/D.
    let curvature (κ: Interval) (τ: Interval) (s: Interval) : Interval =
        let struct (t, c) = tangent s
        let z = κ * τ
        let e2 = two * τ * phi1 (two * z)
        let d = one + κ * e2 * Interval.square t
        -(e2 * t * c * exp z / (d * Transcendental.sqrt d))
