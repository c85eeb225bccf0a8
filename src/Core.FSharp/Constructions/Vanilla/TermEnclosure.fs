namespace LayerTime.Core.Constructions

open System
open LayerTime.Core.Numbers

/// φ₁ and its kin over intervals.
[<RequireQualifiedAccess>]
module FlowFunction =
    open Arithmetic

    /// Below this the quotients are enclosed by the mean value theorem, which costs them half of their argument in width.
    let private small = 1e-8

    /// φ₁(z) = (eᶻ − 1)/z, φ₁(0) = 1; near 0 as e^ξ with ξ between 0 and z.
    let phi1 (z: Interval) : Interval =
        if Interval.mignitude z > small then
            Transcendental.expm1 z / z
        else
            Transcendental.exp (Interval.hull (Interval.ofFloat 0.0) z)

    /// log(1 + x)/x, 1 at 0; near 0 as 1/(1 + ξ) with ξ between 0 and x.
    let logQuotient (x: Interval) : Interval =
        if Interval.mignitude x > small then
            Transcendental.log1p x / x
        else
            let one = Interval.ofFloat 1.0
            one / (one + Interval.hull (Interval.ofFloat 0.0) x)

    /// 1 − tanh² s = 4·λ(2s)·λ(−2s) with the logistic function λ: without cancellation, at the ends nearest to and farthest from 0.
    let sech2 (s: Interval) : Interval =
        let at (x: float) =
            let x = Ring.ratio 2 1 * Interval.ofFloat x
            Ring.ratio 4 1 * Transcendental.logistic x * Transcendental.logistic (-x)

        Interval.ofBounds (at (Interval.magnitude s)).Lower (Math.Min(1.0, (at (Interval.mignitude s)).Upper))

/// A linear function m·(s − p) beside which ψ stays within an interval.
[<Struct; NoEquality; NoComparison>]
type Linearisation = {
    /// m
    Slope: float
    /// v ∋ ψ(s) − m·(s − p)
    Rest: Interval
}

/// <summary>The profile ψ of the flow x ↦ x + a·ψ(w·x + b) of a term for a time, and its derivatives, enclosed.</summary>
/// <remarks>The time may be an interval of one sign.</remarks>
[<Sealed>]
type TermEnclosure(kind: Profile, κ: Interval, τ: Interval) =
    let number (x: float) : Interval = Interval.ofFloat x
    let product (a: Interval, b: Interval) : Interval = Arithmetic.(*) a b
    let sum (a: Interval, b: Interval) : Interval = Arithmetic.(+) a b
    let quotient (a: Interval, b: Interval) : Interval = Arithmetic.(/) a b
    let minus (a: Interval) : Interval = Arithmetic.(~-) a
    let one, two, half = number 1.0, number 2.0, number 0.5
    let z = product (κ, τ)
    // E₁ = (e^z − 1)/κ, E₂ = (e^{2z} − 1)/κ
    let e1 = product (τ, FlowFunction.phi1 z)
    let e2 = product (two, product (τ, FlowFunction.phi1 (product (two, z))))
    let grown, twice = Transcendental.exp z, Transcendental.exp (product (two, z))
    let κe2 = product (κ, e2)

    // ψ at s ≥ 0: κψ = log(1 + κΘ), Θ = ½E₁·o + ¼E₂·o²/(√D + ½(1 + e)), e = e^{−2s}, o = 1 − e, D = e^{2z}o²/4 + e: the stable form of TermFlow,
    // without its division by κ.
    let atPositive (s: float) : Interval =
        let power = number (-2.0 * s)
        let e, o = Transcendental.exp power, minus (Transcendental.expm1 power)
        let square = Interval.square (product (half, o))
        let root = Transcendental.sqrt (sum (product (twice, square), e))
        let Θ = sum (product (half, product (e1, o)), quotient (product (e2, square), sum (root, product (half, sum (one, e)))))
        product (Θ, FlowFunction.logQuotient (product (κ, Θ)))

    let tanhAt (s: float) : Interval = if s >= 0.0 then atPositive s else minus (atPositive -s)

    // D = 1 + κE₂·tanh² s and H′ = e^z/√D
    let denominator (s: Interval) : Interval = sum (one, product (κe2, Interval.square (Transcendental.tanh s)))

    let tanhSlope (s: Interval) : Interval =
        let d = denominator s
        quotient (product (e2, FlowFunction.sech2 s), product (d, sum (quotient (grown, Transcendental.sqrt d), one)))

    /// g
    member _.Kind = kind

    /// ψ at a number.
    member _.At(s: float) : Interval =
        match kind with
        | Profile.Tanh -> tanhAt s
        | Profile.Relu -> product (e1, number (Math.Max(0.0, s)))
        | Profile.Identity -> product (e1, number s)

    /// ψ over an interval; it is monotone.
    member this.Value(s: Interval) : Interval =
        if Interval.isPoint s then this.At s.Lower else Interval.hull (this.At s.Lower) (this.At s.Upper)

    /// ψ′ over an interval: E₂(1 − tanh²s)/(D(H′ + 1)) for tanh, E₁ and 0 for ReLU, the hull of both across its kink.
    member _.Slope(s: Interval) : Interval =
        match kind with
        | Profile.Tanh -> tanhSlope s
        | Profile.Relu when s.Lower >= 0.0 -> e1
        | Profile.Relu when s.Upper <= 0.0 -> number 0.0
        | Profile.Relu -> Interval.hull (number 0.0) e1
        | Profile.Identity -> e1

    /// ψ″ over an interval for tanh: −E₂·H′·tanh s·(1 − tanh² s)/D; 0 for the others.
    member _.Curvature(s: Interval) : Interval =
        match kind with
        | Profile.Tanh ->
            let d = denominator s
            let numerator = product (product (e2, grown), product (Transcendental.tanh s, FlowFunction.sech2 s))
            minus (quotient (numerator, product (d, Transcendental.sqrt d)))
        | _ -> number 0.0

    /// ψ over an interval beside a linear function about a point p of it: for tanh by Taylor's theorem, for ReLU exactly.
    member this.Linearise(s: Interval, p: float) : Linearisation =
        let beside = Arithmetic.(-) s (number p)

        match kind with
        | Profile.Tanh ->
            let about slope (beyond: Interval) =
                let m = Interval.midpoint slope
                let linear = product (Arithmetic.(-) slope (number m), beside)
                { Slope = m; Rest = sum (tanhAt p, sum (linear, beyond)) }

            let quadratic = about (tanhSlope (number p)) (product (half, product (this.Curvature s, Interval.square beside)))

            // Far from p the mean value theorem says more: then an error grows in proportion, not with its square.
            if Interval.magnitude beside < 0.25 then
                quadratic
            else
                let linear = about (tanhSlope s) (number 0.0)
                if Interval.width linear.Rest < Interval.width quadratic.Rest then linear else quadratic
        | Profile.Relu when s.Lower < 0.0 && s.Upper > 0.0 ->
            // The chord over the kink; the ends of both pieces bound what is beside it.
            let m = Interval.midpoint e1 * (s.Upper / (s.Upper - s.Lower))
            let at x = Arithmetic.(-) (this.At x) (product (number m, Arithmetic.(-) (number x) (number p)))
            { Slope = m; Rest = Interval.hull (at 0.0) (Interval.hull (at s.Lower) (at s.Upper)) }
        | _ ->
            let slope = this.Slope s
            let m = Interval.midpoint slope
            { Slope = m; Rest = sum (this.At p, product (Arithmetic.(-) slope (number m), beside)) }
