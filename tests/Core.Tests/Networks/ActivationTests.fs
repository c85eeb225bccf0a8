module LayerTime.Core.Tests.Networks.ActivationTests

open System
open FsCheck
open FsCheck.FSharp
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Tests

/// An activation with exact values.
[<NoComparison>]
type ExactActivation = ExactActivation of Activation<Rational>

type ActivationGenerators =
    static member Rational() = NumberGenerators.Rational()

    static member ExactActivation() : Arbitrary<ExactActivation> =
        let slope = Gen.map2 Rational.create (Gen.choose (-6, 6)) (Gen.choose (1, 4))

        Gen.oneof [
            Gen.elements [ Activation.Identity; Activation.Relu; Activation.Square; Activation.Cubic ]
            Gen.map Activation.LeakyRelu slope
        ]
        |> Gen.map ExactActivation
        |> Arb.fromGen

let private facts (σ: Activation<Rational>) = Activation.facts id σ
let private names = [ TranscendentalName.Tanh; TranscendentalName.Logistic; TranscendentalName.Softplus; TranscendentalName.Sine ]
let private transcendental name : Activation<Binary64> = Activation.transcendental name
let private factsOf name = Activation.facts (fun (x: Binary64) -> Rational.ofFloat x.Value) (transcendental name)
let private at σ (t: float) = (Activation.value σ (Binary64 t)).Value
let private slopeAt σ (t: float) = (Activation.derivative σ (Binary64 t)).Value

[<Property(Arbitrary = [| typeof<ActivationGenerators> |], MaxTest = 500)>]
let ``the Lipschitz constant bounds every difference quotient`` (ExactActivation σ) (s: Rational) (t: Rational) =
    match (facts σ).Lipschitz with
    | Some constant -> Rational.abs (Activation.value σ s - Activation.value σ t) <= constant * Rational.abs (s - t)
    | None -> true

[<Property(Arbitrary = [| typeof<ActivationGenerators> |], MaxTest = 200)>]
let ``the Lipschitz constant is attained, or no constant serves`` (ExactActivation σ) =
    let quotient a b = Rational.abs ((Activation.value σ b - Activation.value σ a) / (b - a))
    let zero, one = Rational.Zero, Rational.One

    match (facts σ).Lipschitz with
    | Some constant -> quotient zero one = constant || quotient -one zero = constant
    | None -> [ 1..10 ] |> List.forall (fun n -> quotient (Rational.ofInt n) (Rational.ofInt (n + 1)) > Rational.ofInt n)

[<Property(Arbitrary = [| typeof<ActivationGenerators> |], MaxTest = 500)>]
let ``monotonicity is what it says`` (ExactActivation σ) (s: Rational) (t: Rational) =
    let low, high = Activation.value σ (Rational.min s t), Activation.value σ (Rational.max s t)

    match (facts σ).Monotonicity with
    | Monotonicity.StrictlyIncreasing -> s = t || low < high
    | Monotonicity.NonDecreasing -> low <= high
    | Monotonicity.None ->
        // Three points suffice to see that it goes up and down.
        let at n = Activation.value σ (Rational.ofInt n)
        at -1 > at 0 && at 0 < at 1

[<Property(Arbitrary = [| typeof<ActivationGenerators> |])>]
let ``non-decreasing means that it is flat somewhere`` (ExactActivation σ) =
    (facts σ).Monotonicity <> Monotonicity.NonDecreasing
    || Activation.value σ (Rational.ofInt -2) = Activation.value σ (Rational.ofInt -1)

[<Property(Arbitrary = [| typeof<ActivationGenerators> |], MaxTest = 500)>]
let ``the derivative is that of dual numbers, kinks included`` (ExactActivation σ) (t: Rational) =
    let lifted = Activation.mapWith Dual.constant (fun _ -> failwith "exact activations only") id σ
    Dual.derivative (Activation.value lifted) t = Activation.derivative σ t

[<Property(Arbitrary = [| typeof<ActivationGenerators> |], MaxTest = 500)>]
let ``the second derivative is that of dual numbers, 0 at kinks`` (ExactActivation σ) (t: Rational) =
    let lifted = Activation.mapWith Dual.constant (fun _ -> failwith "exact activations only") id σ
    Dual.derivative (Activation.derivative lifted) t = Activation.secondDerivative σ t

[<Fact>]
let ``the cubic activation is t + t³/3, smooth and strictly increasing, and no constant bounds its slope`` () =
    let cubic: Activation<Rational> = Activation.Cubic
    let at n = Activation.value cubic (Rational.ofInt n)
    Assert.Equal("cubic", Activation.name cubic)

    Assert.Equal<Rational list>(
        [ Rational.create -14 3; Rational.Zero; Rational.create 4 3; Rational.ofInt 12 ],
        [ at -2; at 0; at 1; at 3 ]
    )

    Assert.Equal(Rational.ofInt 10, Activation.derivative cubic (Rational.ofInt -3))
    Assert.Equal(Rational.ofInt -6, Activation.secondDerivative cubic (Rational.ofInt -3))

    Assert.Equal(
        { Exact = true; Smoothness = Smoothness.Analytic; Lipschitz = None; Monotonicity = Monotonicity.StrictlyIncreasing },
        facts cubic
    )

[<Property(Arbitrary = [| typeof<ActivationGenerators> |])>]
let ``an activation is called piecewise linear iff its slope jumps at zero`` (ExactActivation σ) =
    let jumps = Activation.derivative σ (Rational.ofInt -1) <> Activation.derivative σ Rational.One
    let isAffineOnSides = Activation.derivative σ Rational.One = Activation.derivative σ (Rational.ofInt 2)
    ((facts σ).Smoothness = Smoothness.PiecewiseLinear) = (jumps && isAffineOnSides)

[<Fact>]
let ``the slope on the left counts at the kink`` () =
    let slope = Rational.create 1 4
    Assert.Equal(Rational.Zero, Activation.derivative Activation.Relu Rational.Zero)
    Assert.Equal(slope, Activation.derivative (Activation.LeakyRelu slope) Rational.Zero)

[<Property>]
let ``transcendental activations respect their facts within rounding`` (NormalFloat s) (NormalFloat t) =
    names
    |> List.forall (fun name ->
        let σ, facts = transcendental name, factsOf name
        let low, high = at σ (min s t), at σ (max s t)
        let rounding = 4.0 * Math.ScaleB(1.0, -53) * (1.0 + abs low + abs high)
        let lipschitz = facts.Lipschitz |> Option.map Rational.toFloat |> Option.defaultValue infinity

        abs (high - low) <= lipschitz * abs (s - t) * (1.0 + 1e-15) + rounding
        && (facts.Monotonicity <> Monotonicity.StrictlyIncreasing || low <= high)
        && not facts.Exact)

[<Fact>]
let ``the Lipschitz constants of the transcendental activations are their largest slopes`` () =
    for name in names do
        let constant = (factsOf name).Lipschitz |> Option.map Rational.toFloat |> Option.defaultValue infinity
        // softplus reaches its constant at +∞ only; the others at 0.
        let largest =
            if name = TranscendentalName.Softplus then slopeAt (transcendental name) 50.0 else slopeAt (transcendental name) 0.0

        Assert.Equal(constant, largest, 1e-15)

    let sine = transcendental TranscendentalName.Sine
    Assert.True(at sine 0.0 < at sine 1.5 && at sine 1.5 > at sine 3.0, "sin is not monotone")

[<Property>]
let ``derivatives of transcendental activations match central differences to second order`` (NormalFloat t) =
    let h = Math.ScaleB(1.0, -17)

    abs t > 30.0
    || names
       |> List.forall (fun name ->
           let σ = transcendental name
           let difference = (at σ (t + h) - at σ (t - h)) / (2.0 * h)
           // |σ‴| ≤ 2 for all four gives h²/3; t ± h and the values round by at most an ulp each.
           let truncation = h * h / 3.0
           let rounding = (abs t + abs (at σ t) + 1.0) * Math.ScaleB(1.0, -52) * 4.0 / h
           abs (difference - slopeAt σ t) <= truncation + rounding)

[<Property>]
let ``second derivatives of transcendental activations match central differences of the first`` (NormalFloat t) =
    let h = Math.ScaleB(1.0, -17)

    abs t > 30.0
    || names
       |> List.forall (fun name ->
           let σ = transcendental name
           let difference = (slopeAt σ (t + h) - slopeAt σ (t - h)) / (2.0 * h)
           // |σ⁗| ≤ 5 for all four (4.09 for tanh) gives h²·5/6; slopes are at most 1, and t ± h rounds by at most an ulp.
           let truncation = h * h
           let rounding = (abs t + 2.0) * Math.ScaleB(1.0, -52) * 4.0 / h
           abs (difference - (Activation.secondDerivative σ (Binary64 t)).Value) <= truncation + rounding)
