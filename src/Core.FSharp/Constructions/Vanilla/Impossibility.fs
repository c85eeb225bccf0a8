namespace LayerTime.Core.Constructions

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// How far a function on the line stays from every network of width 1, whatever its depth: such networks are monotone.
type MonotoneGap = {
    /// The largest f(x) − f(y) with x ≤ y, and where (indices of the knots).
    Drop: Rational * (int * int)
    /// The largest f(y) − f(x) with x ≤ y, and where.
    Rise: Rational * (int * int)
    /// The best monotone values at the knots, at the distance Gap.
    Envelope: Rational[]
} with

    /// ½·min(drop, rise), the infimum of sup|f − g| over all monotone g.
    member report.Gap: Rational = Rational.min (fst report.Drop) (fst report.Rise) * Rational.create 1 2

/// Impossibility reports: error floors that no leaky-ReLU network of a width can pass, however deep.
[<RequireQualifiedAccess>]
module MonotoneGap =
    /// The largest f(x_i) − f(x_j), i ≤ j, in one pass.
    let private drop (values: Rational[]) : Rational * (int * int) =
        let step (highest, best, (i, j)) k =
            let highest = if Rational.Compare(values[k], values[highest]) > 0 then k else highest
            let fall = values[highest] - values[k]
            if fall > best then highest, fall, (highest, k) else highest, best, (i, j)

        let _, best, place = Seq.fold step (0, Rational.Zero, (0, 0)) (seq { 0 .. values.Length - 1 })
        best, place

    /// ½(max_{y ≤ x} f + min_{y ≥ x} f): increasing, and within half of the largest drop of f.
    let private increasing (values: Rational[]) : Rational[] =
        let before = values |> Array.scan Rational.max values[0] |> Array.tail
        let after = Array.scanBack Rational.min values (Array.last values) |> Array.truncate values.Length
        Array.map2 (fun a b -> (a + b) * Rational.create 1 2) before after

    /// The report for the piecewise linear function through these values at increasing knots, at least one.
    let create (values: Rational[]) : MonotoneGap =
        let mirrored = Array.map (~-) values
        let falls, rises = drop values, drop mirrored

        {
            Drop = falls
            Rise = rises
            Envelope = if fst falls <= fst rises then increasing values else increasing mirrored |> Array.map (~-)
        }

/// A continuous map F of the plane on a circle, and how often its image winds around a point.
type DegreeGap = {
    /// The winding number of F(C) about the point.
    Winding: int
    /// A lower bound of dist(z, F(C)): if the winding number is none of −1, 0, 1, the error of every leaky-ReLU network of width 2 on the
    /// circle is at least this; with a prescribed orientation o also if it is −o.
    Distance: float
}

/// How far a map of the plane stays from every leaky-ReLU network of width 2, whatever its depth: their Jordan curves wind once at most.
[<RequireQualifiedAccess>]
module DegreeGap =
    /// Whether the winding number keeps networks of an orientation (1, −1, or 0 for any) away.
    let obstructs (orientation: int) (winding: int) : bool = abs winding > 1 || (winding <> 0 && winding = -orientation)

    /// The winding number of a closed polygon about 0, by the crossings of the positive first axis; exact on the given floats, as long as
    /// no edge meets 0.
    let winding (polygon: (float * float)[]) : int =
        // The orientation of 0, p, q: p₀q₁ − p₁q₀, exactly.
        let cross (a: float, b: float) (c: float, d: float) =
            (Rational.ofFloat a * Rational.ofFloat d - Rational.ofFloat b * Rational.ofFloat c).Sign

        let edge (p: float * float, q: float * float) =
            match snd p >= 0.0, snd q >= 0.0 with
            | false, true when cross p q > 0 -> 1
            | true, false when cross p q < 0 -> -1
            | _ -> 0

        Array.append polygon [| polygon[0] |] |> Array.pairwise |> Array.sumBy edge

    /// The report for F with a Lipschitz constant ℓ on the circle of centre c and radius ρ, from enclosures of F at m points of the circle; or
    /// why it cannot be certified: ℓπρ/m is to stay below the distance of the samples from z. The samples are F at c + ρ(cos t, sin t) for
    /// t = 2πk/m, k = 0 … m − 1.
    let create (ℓ: float) (radius: float) (z: float * float) (samples: Interval[][]) : Result<DegreeGap, Defect list> =
        let m = samples.Length

        let minus (x: Interval) (centre: float) : Interval = Arithmetic.(-) x (Interval.ofFloat centre)
        let relative (sample: Interval[]) = minus sample[0] (fst z), minus sample[1] (snd z)

        // Half an arc and half a chord stay within ℓπρ/m of their sample.
        let reach = Directed.divideUp (Directed.multiplyUp (Directed.multiplyUp ℓ radius) (Math.BitIncrement Math.PI)) (float m)

        let distance (x: Interval, y: Interval) =
            let a, b = Interval.mignitude x, Interval.mignitude y
            Directed.sqrtDown (Directed.addDown (Directed.multiplyDown a a) (Directed.multiplyDown b b))

        let points = Array.map relative samples
        let nearest = points |> Array.map distance |> Array.min
        // Any members of the enclosures do: the samples may move by their radii without reaching z.
        let spread = points |> Array.map (fun (x, y) -> Directed.addUp (Interval.width x) (Interval.width y)) |> Array.max
        let margin = Directed.subtractDown nearest (Directed.addUp reach spread)

        if margin > 0.0 then
            let polygon = points |> Array.map (fun (x, y) -> Interval.midpoint x, Interval.midpoint y)
            Ok { Winding = winding polygon; Distance = margin }
        else
            Error [
                Defect.create
                    "circle"
                    $"ℓπρ/m = {reach} beside a distance of {nearest} of the {m} samples from the point"
                    "more samples, or a point farther from the image"
            ]
