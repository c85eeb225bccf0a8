namespace LayerTime.Core.Constructions

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// The exact flow of a single term, φ^τ(x) = x + a·ψ(s), s = w·x + b, in floats: the profile ψ by stable formulas.
[<RequireQualifiedAccess>]
module TermFlow =
    /// φ₁(z) = (eᶻ − 1)/z, φ₁(0) = 1
    let phi1 (z: float) : float = if z = 0.0 then 1.0 else Elementary.expm1 z / z

    /// ψ(s) of the flow of a·tanh: (asinh(e^{κτ}·sinh s) − s)/κ, and τ·tanh s for κ = 0. Without cancellation and without thresholds in s; for
    /// |κτ| ≤ 350. At most 16 ulp of |τ| wrong.
    let tanhProfile (κ: float) (τ: float) (s: float) : float =
        let z = κ * τ

        if z = 0.0 then
            τ * Elementary.tanh s
        else
            let S = abs s
            let e = Elementary.exp (-2.0 * S)
            let o = -Elementary.expm1(-2.0 * S)
            let root = sqrt (Elementary.exp (2.0 * z) * o * o / 4.0 + e)

            let ψ =
                if abs z <= 1.0 then
                    // Both parts have the sign of z.
                    let Δ = 0.5 * Elementary.expm1 z * o + 0.25 * Elementary.expm1 (2.0 * z) * o * o / (root + 0.5 * (1.0 + e))
                    Elementary.log1p Δ / κ
                else
                    Elementary.log (0.5 * Elementary.exp z * o + root) / κ

            if s < 0.0 then -ψ else ψ

    /// ψ(s) of the flow of a term for time τ of any sign.
    let profile (kind: Profile) (κ: float) (τ: float) (s: float) : float =
        match kind with
        | Profile.Tanh -> tanhProfile κ τ s
        | Profile.Relu -> τ * phi1 (κ * τ) * max 0.0 s
        | Profile.Identity -> τ * phi1 (κ * τ) * s

    /// φ^τ(x)
    let apply (term: RidgeTerm<Binary64>) (τ: float) (x: Binary64[]) : Binary64[] =
        let s, κ = RidgeTerm.preactivation term x, RidgeTerm.rate term
        Vector.addScaled x (Binary64(profile term.Profile κ.Value τ s.Value)) term.Direction

    /// ψ′(s) of the tanh flow, without cancellation: κψ′ = H′ − 1 = (H′² − 1)/(H′ + 1), H′ = q/√(1 + (q² − 1)·tanh² s), q = e^{κτ}.
    let tanhProfileSlope (κ: float) (τ: float) (s: float) : float =
        let z = κ * τ
        let t = Elementary.tanh s

        if z = 0.0 then
            τ * (1.0 - t * t)
        else
            let grown = Elementary.expm1 (2.0 * z)
            let slope = Elementary.exp z / sqrt (1.0 + grown * t * t)
            let square = grown * (1.0 - t * t) / (1.0 + grown * t * t)
            square / (slope + 1.0) / κ

    /// C_ψ = max|ψ″| = 2|e^{2κτ} − 1|/(3√3·|κ|), 4|τ|/(3√3) for κ = 0.
    let tanhProfileCurvature (κ: float) (τ: float) : float =
        let root = 3.0 * sqrt 3.0
        if κ * τ = 0.0 then 4.0 * abs τ / root else 2.0 * abs (Elementary.expm1 (2.0 * κ * τ)) / (root * abs κ)

    /// log det Dφ^τ at the scalar coordinate s: log(q·cosh s/√(1 + q²sinh² s)) for tanh, κτ for s &gt; 0 of ReLU.
    let logDeterminant (kind: Profile) (κ: float) (τ: float) (s: float) : float =
        match kind with
        | Profile.Tanh -> Elementary.log1p (κ * tanhProfileSlope κ τ s)
        | Profile.Relu -> if s > 0.0 then κ * τ else 0.0
        | Profile.Identity -> κ * τ

    /// The flow of a ReLU term for time τ as a residual step: c = τφ₁(κτ)·a.
    let residualStep (term: RidgeTerm<Binary64>) (τ: float) : ResidualStep<Binary64> = {
        Shift = Vector.scale (Binary64(τ * phi1 ((RidgeTerm.rate term).Value * τ))) term.Direction
        Weights = term.Weights
        Bias = term.Bias
    }
