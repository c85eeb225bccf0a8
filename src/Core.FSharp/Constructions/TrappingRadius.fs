namespace LayerTime.Core.Constructions

open System
open LayerTime.Core.Numbers

/// The box |x| ≤ R that x′ = w(t)x + b(t) − γx³ does not leave: γR³ ≥ ωR + β with ω = sup‖w‖, β = sup|b|, γ > 0.
[<RequireQualifiedAccess>]
module TrappingRadius =
    /// Whether γR³ ≥ ωR + β, proved in interval arithmetic.
    let isTrapping (γ: float) (ω: float) (β: float) (radius: float) : bool =
        let r = Interval.ofFloat radius
        let inflow = Arithmetic.(+) (Arithmetic.(*) (Interval.ofFloat ω) r) (Interval.ofFloat β)
        (Arithmetic.(-) (Arithmetic.(*) (Interval.ofFloat γ) (Interval.power r 3)) inflow).Lower >= 0.0

    /// The smallest R, up to some rounding errors above it.
    let smallest (γ: float) (ω: float) (β: float) : float =
        // Newton's method from above, where γr³ − ωr − β is convex and increases: it comes down to the largest root.
        let next r = r - (γ * r * r * r - ω * r - β) / (3.0 * γ * r * r - ω)

        let rec descend r =
            let lower = next r
            if lower < r then descend lower else r

        // R ≤ √(ω/γ) + ∛(β/γ), since R³ ≥ R·(ω/γ) + β/γ there.
        let rec raise' (excess: float) (r: float) = if isTrapping γ ω β r then r else raise' (2.0 * excess) (r + excess * r)

        let top = 1.1 * (sqrt (ω / γ) + Math.Cbrt(β / γ))
        if top = 0.0 then 0.0 else raise' (Math.ScaleB(1.0, -52)) (descend top)
