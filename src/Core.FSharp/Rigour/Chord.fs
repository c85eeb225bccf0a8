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

    /// Polynomials in t = tanh a with values below 3 in size, chords with slopes below 1 over ways below 40, and artanh: together wrong by
    /// less than this.
    [<Literal>]
    let TanhError = 2e-14

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

    /// An affine function from its chord (slope through both ends) and the range of d = f − chord on the interval, or the flat one where
    /// the range of f is narrower.
    let inline private ofDeviation
        (lo: float)
        (centre: float)
        (fLo: float)
        (slope: float)
        (fMin: float)
        (fMax: float)
        (dMin: float)
        (dMax: float)
        =
        let bent = 0.5 * (dMax - dMin)
        let flat = 0.5 * (fMax - fMin)

        if bent < flat then
            { Value = fLo + slope * (centre - lo) + 0.5 * (dMin + dMax); Slope = slope; Error = bent + TanhError }
        else
            { Value = 0.5 * (fMin + fMax); Slope = 0.0; Error = flat + TanhError }

    /// tanh at both ends: all that the chords of tanh and tanh′ need.
    [<Struct; NoEquality; NoComparison>]
    type TanhEnds = { Lo: float; Hi: float; Low: float; High: float }

    let tanhEnds (lo: float) (hi: float) : TanhEnds = { Lo = lo; Hi = hi; Low = Elementary.tanh lo; High = Elementary.tanh hi }

    /// Below this width the remainder f″w²/8 is as good as the exact range of the deviation, and cheaper.
    [<Literal>]
    let private Narrow = 0.0625

    /// The deviation d at the point a where tanh a = t, lowered (side −1) or raised (side 1) so that on the side of the tangent where f is
    /// convex (concave) it bounds d: the residual slope of the tangent, times the way to the far end, goes the same way.
    let private tangent (ends: TanhEnds) (fLo: float) (slope: float) (f: float) (residual: float) (t: float) (side: float) : float =
        let a = 0.5 * Elementary.log ((1.0 + t) / (1.0 - t))
        let far = Math.Max(Math.Abs(ends.Hi - a), Math.Abs(a - ends.Lo))
        f - fLo - slope * (a - ends.Lo) + side * (Math.Abs residual * far)

    /// The largest t at which tangents are taken: artanh of it is 17.6.
    [<Literal>]
    let private LastTangent = 0.999999999999999

    /// tanh: its chord deviates most where 1 − t² is the slope, at t = √(1 − slope) above and at −√(1 − slope) below.
    let tanh (ends: TanhEnds) (centre: float) : Chord =
        let a, b = ends.Low, ends.High
        let w = ends.Hi - ends.Lo

        if w < Narrow then
            // tanh″ = −2t(1 − t²) is a monotone function of t on either side of ±1/√3, where it is ∓4/(3√3).
            let second t = -2.0 * t * (1.0 - t * t)
            let inside place = a <= place + 1e-15 && b >= place - 1e-15
            let largest = if inside -0.57735026918962576 then 0.7698003589195011 else Math.Max(second a, second b)
            let smallest = if inside 0.57735026918962576 then -0.7698003589195011 else Math.Min(second a, second b)
            fit ends.Lo ends.Hi centre a b 2e-16 a b (smallest - TanhError) (largest + TanhError)
        else
            let slope = (b - a) / w
            let t = Math.Min(Elementary.sqrt (Math.Max(0.0, 1.0 - slope)), LastTangent)
            let residual = 1.0 - t * t - slope
            let above = if a < t && t < b then tangent ends a slope t residual t 1.0 else 0.0
            let below = if a < -t && -t < b then tangent ends a slope -t residual -t -1.0 else 0.0
            ofDeviation ends.Lo centre a slope a b (Math.Min(below, 0.0)) (Math.Max(above, 0.0))

    /// The range of d = tanh′ − chord. d′ = 2(t³ − t) − slope vanishes at most once for t ≥ 1/√3 and once for t ≤ −1/√3, where tanh′ is convex
    /// (minima), and once between (a maximum).
    let private slopeDeviation (ends: TanhEnds) (fLo: float) (slope: float) : struct (float * float) =
        let inflection = 0.57735026918962576
        let half = 0.5 * slope

        // d′/2 of the chord mirrored (t → −t) where sign = −1.
        let inline derivative sign t = (t * t - 1.0) * t - sign * half

        let inline newton sign start =
            let mutable t = start

            for _ in 1..4 do
                t <- t - derivative sign t / (3.0 * t * t - 1.0)

            t

        let at sign t side = tangent ends fLo slope (1.0 - t * t) (2.0 * derivative sign t) (sign * t) side

        /// The minimum on the convex side t ≥ 1/√3 of the mirrored interval; 0, the value at the ends, if there is none inside.
        let minimum sign low high =
            let low, high = Math.Max(low, inflection), Math.Min(high, LastTangent)

            if low < high && derivative sign high > -1e-14 && derivative sign low < 1e-14 then
                at sign (Math.Clamp(newton sign high, low, high)) -1.0
            else
                0.0

        let maximum () =
            let low, high = Math.Max(ends.Low, -inflection), Math.Min(ends.High, inflection)

            if low < high && derivative 1.0 low > -1e-14 && derivative 1.0 high < 1e-14 then
                // From −slope/2 the cube root iteration runs towards the inflection, never beyond.
                at 1.0 (Math.Clamp(newton 1.0 (Math.Clamp(-half, -0.55, 0.55)), low, high)) 1.0
            else
                0.0

        let least = Math.Min(minimum 1.0 ends.Low ends.High, minimum -1.0 -ends.High -ends.Low)
        struct (Math.Min(0.0, least), Math.Max(0.0, maximum ()))

    /// tanh′ = 1 − t².
    let tanhSlope (ends: TanhEnds) (centre: float) : Chord =
        let a, b = ends.Low * ends.Low, ends.High * ends.High
        let across = ends.Low <= 0.0 && ends.High >= 0.0
        let least = if across then 0.0 else Math.Min(a, b)
        let most = Math.Max(a, b)
        let w = ends.Hi - ends.Lo

        if w < Narrow then
            // tanh‴ = −2(1 − t²)(1 − 3t²): from −2 at t = 0 up to 2/3 at t² = 2/3, then down to 0.
            let third square = -2.0 * (1.0 - square) * (1.0 - 3.0 * square)
            let atLeast, atMost = third least, third most
            let top = 2.0 / 3.0
            let largest = if least <= top + 1e-15 && most >= top - 1e-15 then top else Math.Max(atLeast, atMost)
            let smallest = Math.Min(atLeast, atMost) - TanhError
            fit ends.Lo ends.Hi centre (1.0 - a) (1.0 - b) 1e-15 (1.0 - most - 1e-15) (1.0 - least + 1e-15) smallest (largest + TanhError)
        else
            let slope = (a - b) / w
            let struct (dMin, dMax) = slopeDeviation ends (1.0 - a) slope
            ofDeviation ends.Lo centre (1.0 - a) slope (1.0 - most) (1.0 - least) dMin dMax

    /// The logistic function is (1 + tanh(t/2))/2, and its derivative tanh′(t/2)/4.
    let private logistic (order: int) (lo: float) (hi: float) (centre: float) : Chord =
        let ends = tanhEnds (0.5 * lo) (0.5 * hi)

        if order = 0 then
            let chord = tanh ends (0.5 * centre)
            { Value = 0.5 + 0.5 * chord.Value; Slope = 0.25 * chord.Slope; Error = 0.5 * chord.Error + Rounding }
        else
            let chord = tanhSlope ends (0.5 * centre)
            { Value = 0.25 * chord.Value; Slope = 0.125 * chord.Slope; Error = 0.25 * chord.Error }

    /// σ⁽ᵏ⁾ from its ranges on the interval and those of its second derivative.
    let private ofRanges (order: int) (kind: ActivationKind) (lo: float) (hi: float) (centre: float) : Chord =
        let range = Interval.ofBounds lo hi
        let atLo = ActivationRange.derivative order kind (Interval.ofFloat lo)
        let atHi = ActivationRange.derivative order kind (Interval.ofFloat hi)
        let all = ActivationRange.derivative order kind range
        let second = ActivationRange.derivative (order + 2) kind range
        let fError = Math.Max(Interval.radius atLo, Interval.radius atHi)

        fit lo hi centre (Interval.midpoint atLo) (Interval.midpoint atHi) fError all.Lower all.Upper second.Lower second.Upper

    /// The chord of σ⁽ᵏ⁾, k = order 0 or 1, of a smooth activation on finite [lo, hi], for t₀ = centre inside.
    let ofActivation (order: int) (kind: ActivationKind) (lo: float) (hi: float) (centre: float) : Chord =
        match kind with
        | ActivationKind.Transcendental TranscendentalName.Tanh ->
            let ends = tanhEnds lo hi
            if order = 0 then tanh ends centre else tanhSlope ends centre
        | ActivationKind.Transcendental TranscendentalName.Logistic -> logistic order lo hi centre
        | ActivationKind.Transcendental TranscendentalName.Softplus when order = 1 -> logistic 0 lo hi centre
        | _ -> ofRanges order kind lo hi centre
