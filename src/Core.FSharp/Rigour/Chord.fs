namespace LayerTime.Core.Rigour

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// An affine function through which a function f passes on an interval: f(t) ∈ α + β·(t − t₀) + [−δ, δ] for lo ≤ t ≤ hi.
[<Struct; NoEquality; NoComparison>]
type internal Chord = {
    /// α, at t₀
    Value: float
    /// β
    Slope: float
    /// δ
    Error: float
}

/// Affine enclosures of σ and σ′ on an interval of pre-activations, in float arithmetic with every rounding error in δ.
/// The chord of f misses it by f″(ξ)(t − lo)(t − hi)/2, which lies between −w²/8·max f″ and −w²/8·min f″, w = hi − lo.
[<RequireQualifiedAccess>]
module internal Chord =
    /// Sixteen units roundoff, 2⁻⁴⁹: the line below rounds |f(lo)| + |f(hi)| + the remainder less than ten times.
    [<Literal>]
    let Rounding = 1.7763568394002505e-15

    /// From f at both ends (wrong by at most `fError`), a range of f and one of f″ on the interval.
    let inline fit
        (lo: float)
        (hi: float)
        (centre: float)
        (fLo: float)
        (fHi: float)
        (fError: float)
        (fMin: float)
        (fMax: float)
        (secondMin: float)
        (secondMax: float)
        : Chord =
        let w = hi - lo
        let eighth = 0.125 * w * w
        let above = -eighth * Math.Min(secondMin, 0.0)
        let below = -eighth * Math.Max(secondMax, 0.0)
        let rise = fHi - fLo
        let size = Math.Abs fLo + Math.Abs fHi + above - below
        let bent = 0.5 * (above - below) + 3.0 * fError + Rounding * size
        let flat = 0.5 * (fMax - fMin) + fError + Rounding * (Math.Abs fMin + Math.Abs fMax)

        // A chord over a very short interval is all rounding; neither is it worth having where the range is narrower than its error.
        if w > 1e-12 && bent < flat then
            let slope = rise / w
            { Value = fLo + slope * (centre - lo) + 0.5 * (above + below); Slope = slope; Error = bent }
        else
            { Value = 0.5 * (fMin + fMax); Slope = 0.0; Error = flat }

    /// 1 − t² and its relatives are polynomials of a number below 1 in size: wrong by less than this.
    [<Literal>]
    let private PolynomialError = 4e-15

    /// tanh at both ends gives all that the chords of tanh and tanh′ need.
    [<Struct; NoEquality; NoComparison>]
    type TanhEnds = { Lo: float; Hi: float; Low: float; High: float }

    let inline tanhEnds (lo: float) (hi: float) : TanhEnds = { Lo = lo; Hi = hi; Low = Elementary.tanh lo; High = Elementary.tanh hi }

    /// tanh, with tanh″ = −2t(1 − t²), t = tanh: extreme ±4/(3√3) at t = ∓1/√3.
    let tanh (ends: TanhEnds) (centre: float) : Chord =
        let a, b = ends.Low, ends.High
        let atA, atB = -2.0 * a * (1.0 - a * a), -2.0 * b * (1.0 - b * b)
        let inside place = a <= place + 1e-15 && b >= place - 1e-15
        let largest = if inside -0.57735026918962576 then 0.7698003589195011 else Math.Max(atA, atB)
        let smallest = if inside 0.57735026918962576 then -0.7698003589195011 else Math.Min(atA, atB)
        fit ends.Lo ends.Hi centre a b 2e-16 a b (smallest - PolynomialError) (largest + PolynomialError)

    /// tanh′ = 1 − t², with tanh‴ = −2(1 − t²)(1 − 3t²): from −2 at t = 0 up to 2/3 at t² = 2/3, then down to 0.
    let tanhSlope (ends: TanhEnds) (centre: float) : Chord =
        let a, b = ends.Low * ends.Low, ends.High * ends.High
        let across = ends.Low <= 0.0 && ends.High >= 0.0
        let least = if across then 0.0 else Math.Min(a, b)
        let most = Math.Max(a, b)
        let third square = -2.0 * (1.0 - square) * (1.0 - 3.0 * square)
        let atLeast, atMost = third least, third most
        let top = 2.0 / 3.0
        let largest = if least <= top + 1e-15 && most >= top - 1e-15 then top else Math.Max(atLeast, atMost)
        let smallest = Math.Min(atLeast, atMost)

        fit
            ends.Lo
            ends.Hi
            centre
            (1.0 - a)
            (1.0 - b)
            1e-15
            (1.0 - most - 1e-15)
            (1.0 - least + 1e-15)
            (smallest - PolynomialError)
            (largest + PolynomialError)

    /// σ⁽ᵏ⁾ for k = order 0 or 1 of any smooth activation, from its ranges.
    let ofActivation (order: int) (kind: ActivationKind) (lo: float) (hi: float) (centre: float) : Chord =
        let range = Interval.ofBounds lo hi
        let atLo = ActivationRange.derivative order kind (Interval.ofFloat lo)
        let atHi = ActivationRange.derivative order kind (Interval.ofFloat hi)
        let all = ActivationRange.derivative order kind range
        let second = ActivationRange.derivative (order + 2) kind range
        let fError = Math.Max(Interval.radius atLo, Interval.radius atHi)

        fit lo hi centre (Interval.midpoint atLo) (Interval.midpoint atHi) fError all.Lower all.Upper second.Lower second.Upper
