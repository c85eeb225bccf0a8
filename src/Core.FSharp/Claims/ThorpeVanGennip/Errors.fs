namespace LayerTime.Core.Claims.ThorpeVanGennip

open LayerTime.Core.Numbers
open LayerTime.Core.Constructions
open LayerTime.Core.Claims

/// What rounding can do to a measured error.
[<RequireQualifiedAccess>]
module internal Errors =
    /// γ_m: m roundings one after another change a number by at most this share of it.
    let γ (m: int) : float = Rational.toFloat (Roundoff.gamma m)

    /// |a − b|
    let distance (a: Interval) (b: Interval) : Interval = Interval.abs (Arithmetic.(-) a b)

    /// The numbers within a distance of another.
    let around (center: float) (radius: float) : Interval = Arithmetic.(+) (Interval.ofFloat center) (Interval.ofBounds -radius radius)

    /// The rung of an enclosed error; without enclosure nothing is known.
    let rung (n: int) (error: Interval option) : Rung =
        match error with
        | Some error -> { Resolution = float n; Error = Interval.midpoint error; Floor = Interval.radius error }
        | None -> { Resolution = float n; Error = nan; Floor = infinity }
