namespace LayerTime.Core.Constructions

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Semantics

/// A rigorous distance between given states and a differential equation, whatever made the states.
[<RequireQualifiedAccess>]
module NearIdentityCertificate =
    open Arithmetic

    let private exactly (x: float) : Interval = Interval.ofFloat x
    let private point (x: float[]) : Interval[] = Array.map exactly x
    let private norm (x: Interval[]) : Interval = Array.fold (fun largest a -> Interval.max largest (Interval.abs a)) (exactly 0.0) x

    /// <summary>E ≥ |x_N − x(T)| for states x_0 = x(0), …, x_N at t_l = lT/N, with sup μ(w) ≤ μ and g non-increasing.</summary>
    /// <remarks>
    /// On each layer v = (x_{l+1} − x_l)/dt, m = (x_l + x_{l+1})/2, R = max(|x_l|, |x_{l+1}|),
    /// D = |v − F(t_l + dt/2, m)| + ½dt(L_w + Lip_g(R))|v| + ½dt(ẆR + ḃ), and E ← e^{μdt}E + D(e^{μdt} − 1)/μ: the linear interpolant y
    /// has |y′ − F(t, y)| ≤ D, and the one-sided Lipschitz constant of F is at most μ. Rounded upwards.
    /// </remarks>
    let withRate (μ: float) (field: NearIdentityField) (states: float[][]) : float =
        let layers = Array.pairwise states
        let s, g = field.Suprema, Nonlinearity.map Nonlinearity.exactly field.Nonlinearity
        let h = exactly field.Horizon / Ring.ratio layers.Length 1
        let grow = Transcendental.exp (exactly μ * h)
        let weight = exactly (GlobalError.accumulate μ h.Upper)
        let half: Interval = Ring.ratio 1 2

        let defect l (x: Interval[]) (y: Interval[]) =
            let struct (w, b) = field.Over(h * (Ring.ratio l 1 + half))
            let v = Array.map2 (fun a b -> (b - a) / h) x y
            let m = Array.map2 (fun a b -> half * (a + b)) x y
            let radius = Interval.max (norm x) (norm y)
            let f = Array.map3 (fun row b x -> Vector.dot row m + b + Nonlinearity.value g x) w b m
            let slopes = exactly s.WeightNorm + Nonlinearity.lipschitz field.Nonlinearity radius
            let drift = slopes * norm v + exactly s.WeightRate * radius + exactly s.BiasRate
            norm (Vector.subtract v f) + half * h * drift

        let total =
            layers
            |> Array.indexed
            |> Array.fold (fun e (l, (x, y)) -> grow * e + weight * defect l (point x) (point y)) (exactly 0.0)

        total.Upper

    /// The one-sided Lipschitz constant sup μ(w) + max(0, sup g′) of a field, rounded upwards; +∞ where g′ is unbounded.
    let rate (field: NearIdentityField) : float =
        let steepest = Math.Max(0.0, (Nonlinearity.slopes field.Nonlinearity Interval.entire).Upper)
        if Double.IsFinite steepest then (exactly field.Suprema.LogarithmicNorm + exactly steepest).Upper else steepest

    /// E ≥ |x_N − x(T)| for states x_0 = x(0), …, x_N at t_l = lT/N; None where the slope of g is unbounded above.
    let compute (field: NearIdentityField) (states: float[][]) : float option =
        let μ = rate field
        if Double.IsFinite μ then Some(withRate μ field states) else None
