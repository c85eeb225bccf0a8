namespace LayerTime.Core.Rigour

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Numbers.Arithmetic

/// Ranges of activations and of their first three derivatives over intervals, as tight as their monotone pieces give them: the
/// bounds at the ends of the interval, and at the extrema that lie inside.
[<RequireQualifiedAccess>]
module ActivationRange =
    let private ratio (p: int) (q: int) : Interval = Ring.ratio p q
    // Made once: a fraction costs more than the formulas it enters.
    let private zero = ratio 0 1
    let private one = ratio 1 1
    let private two = ratio 2 1
    let private minusTwo = ratio -2 1
    let private three = ratio 3 1
    let private four = ratio 4 1
    let private eight = ratio 8 1
    let private sixteen = ratio 16 1

    /// tanh′ x = 4e⁻²ˣ/(1 + e⁻²ˣ)² at a float x ≥ 0: accurate relatively, however far out.
    let private tanhSlopeAt (x: float) : Interval =
        if x = infinity then
            zero
        else
            let e = Transcendental.exp (minusTwo * Interval.ofFloat x)
            four * e / Interval.square (one + e)

    /// tanh″ x = −2 tanh x·tanh′ x
    let private tanhCurvatureAt (x: float) : Interval =
        if System.Double.IsInfinity x then
            zero
        else
            minusTwo * Transcendental.tanh (Interval.ofFloat x) * tanhSlopeAt (System.Math.Abs x)

    /// tanh‴ x = −2 tanh′ x·(1 − 3 tanh² x), even.
    let private tanhThirdAt (x: float) : Interval =
        if x = infinity then
            zero
        else
            minusTwo * tanhSlopeAt x * (one - three * Interval.square (Transcendental.tanh (Interval.ofFloat x)))

    // tanh″ is extreme where tanh² = 1/3, tanh‴ where tanh² = 2/3: at artanh(1/√3) and artanh(√(2/3)), each between two floats.
    let private curvatureExtremum = Interval.ofBounds 0.6584789484624083 0.6584789484624084
    let private thirdExtremum = Interval.ofBounds 1.1462158347805886 1.1462158347805892
    let private largestCurvature = four / (three * Transcendental.sqrt three)
    let private largestThird = ratio 2 3

    /// The hull of values at points of an interval.
    let private overEnds (at: float -> Interval) (a: Interval) : Interval = Interval.hull (at a.Lower) (at a.Upper)

    /// The hull of a value with an extremum, where the extremum may lie in the interval.
    let private including (place: Interval) (extremum: Interval) (a: Interval) (range: Interval) : Interval =
        if Interval.disjoint place a then range else Interval.hull range extremum

    let private tanhSlope (a: Interval) : Interval = overEnds tanhSlopeAt (Interval.abs a)

    let private tanhCurvature (a: Interval) : Interval =
        overEnds tanhCurvatureAt a
        |> including curvatureExtremum -largestCurvature a
        |> including -curvatureExtremum largestCurvature a

    let private tanhThird (a: Interval) : Interval =
        let size = Interval.abs a
        overEnds tanhThirdAt size |> including thirdExtremum largestThird size

    /// σ⁽ᵏ⁾ of the logistic function (1 + tanh(t/2))/2, k ≥ 1: tanh⁽ᵏ⁾(t/2)/2ᵏ⁺¹.
    let private logisticDerivative (order: int) (a: Interval) : Interval =
        let half = a / two

        match order with
        | 1 -> tanhSlope half / four
        | 2 -> tanhCurvature half / eight
        | _ -> tanhThird half / sixteen

    /// Whether the activation has three continuous derivatives, so that the ranges below exist.
    let isSmooth (kind: ActivationKind) : bool =
        match kind with
        | ActivationKind.Relu
        | ActivationKind.LeakyRelu _ -> false
        | ActivationKind.Identity
        | ActivationKind.Square
        | ActivationKind.Cubic
        | ActivationKind.Transcendental _ -> true

    /// An enclosure of { σ⁽ᵏ⁾(t) : t ∈ a } for k = order from 0 to 3 and a smooth activation.
    let derivative (order: int) (kind: ActivationKind) (a: Interval) : Interval =
        if Interval.isEmpty a then
            a
        else
            match kind, order with
            | ActivationKind.Identity, 0 -> a
            | ActivationKind.Identity, 1 -> one
            | ActivationKind.Identity, _ -> zero
            | ActivationKind.Square, 0 -> Interval.square a
            | ActivationKind.Square, 1 -> two * a
            | ActivationKind.Square, 2 -> two
            | ActivationKind.Square, _ -> zero
            // Increasing: the ends decide.
            | ActivationKind.Cubic, 0 when not (Interval.isBounded a) -> Interval.entire
            | ActivationKind.Cubic, 0 -> overEnds (fun x -> Activation.value Activation.Cubic (Interval.ofFloat x)) a
            | ActivationKind.Cubic, 1 -> one + Interval.square a
            | ActivationKind.Cubic, 2 -> two * a
            | ActivationKind.Cubic, _ -> two
            | ActivationKind.Transcendental TranscendentalName.Tanh, 0 -> Transcendental.tanh a
            | ActivationKind.Transcendental TranscendentalName.Tanh, 1 -> tanhSlope a
            | ActivationKind.Transcendental TranscendentalName.Tanh, 2 -> tanhCurvature a
            | ActivationKind.Transcendental TranscendentalName.Tanh, _ -> tanhThird a
            | ActivationKind.Transcendental TranscendentalName.Logistic, 0 -> Transcendental.logistic a
            | ActivationKind.Transcendental TranscendentalName.Logistic, k -> logisticDerivative k a
            | ActivationKind.Transcendental TranscendentalName.Softplus, 0 -> Transcendental.softplus a
            | ActivationKind.Transcendental TranscendentalName.Softplus, 1 -> Transcendental.logistic a
            | ActivationKind.Transcendental TranscendentalName.Softplus, 2 -> logisticDerivative 1 a
            | ActivationKind.Transcendental TranscendentalName.Softplus, _ -> logisticDerivative 2 a
            | ActivationKind.Transcendental TranscendentalName.Sine, 0 -> Transcendental.sin a
            | ActivationKind.Transcendental TranscendentalName.Sine, 1 -> Transcendental.cos a
            | ActivationKind.Transcendental TranscendentalName.Sine, 2 -> -Transcendental.sin a
            | ActivationKind.Transcendental TranscendentalName.Sine, _ -> -Transcendental.cos a
            | (ActivationKind.Relu | ActivationKind.LeakyRelu _), _ ->
                invalidArg (nameof kind) $"found {kind}, expected an activation with three continuous derivatives"
