module LayerTime.Core.Tests.DeepLimit.ObjectiveTests

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Claims
open LayerTime.Core.DeepLimit

let private exact: Activation<Rational>[] = [|
    Activation.Identity
    Activation.Relu
    Activation.LeakyRelu(Rational.create 1 4)
    Activation.Square
    Activation.Cubic
|]

let private over (activation: Activation<'T>) (number: 'T -> 'U) : Activation<'U> =
    Activation.mapWith number (fun name -> invalidOp $"found {name}, expected an exact activation") id activation

let private draws count (check: RandomStream -> unit) : unit =
    for seed in 1UL .. uint64 count do
        check (RandomStream seed)

let private pairing (a: ResidualWeights<Rational>) (b: ResidualWeights<Rational>) : Rational =
    let sequences x y = Array.map2 Vector.dot x y |> Array.reduce (+)

    sequences (ResidualWeights.kernelSequence a) (ResidualWeights.kernelSequence b)
    + sequences a.Bias b.Bias
    + sequences (Matrix.toRows a.Readout) (Matrix.toRows b.Readout)
    + Vector.dot a.Offset b.Offset

/// The direction without its part in the frozen blocks.
let private free (regulariser: Regulariser<Rational>) (θ: ResidualWeights<Rational>) : ResidualWeights<Rational> =
    let keep (penalty: 'P option) (value: Rational) = if penalty.IsSome then value else Rational.Zero

    {
        Kernel = Array.map (Matrix.map (keep regulariser.Kernel)) θ.Kernel
        Bias = Array.map (Array.map (keep regulariser.Bias)) θ.Bias
        Readout = Matrix.map (keep regulariser.Readout) θ.Readout
        Offset = Array.map (keep regulariser.Offset) θ.Offset
    }

[<Fact>]
let ``the gradient is the derivative of the objective in every direction, exactly`` () =
    draws 60 (fun stream ->
        let n, d, m = stream.NextInt(1, 3), stream.NextInt(1, 2), stream.NextInt(1, 2)
        let problem = DeepLimitDraws.problem stream exact d m
        let θ = DeepLimitDraws.weights stream n d m
        let direction = DeepLimitDraws.weights stream n d m |> free problem.Regulariser
        let constant = Dual.constant: Rational -> Dual<Rational>

        let moving: ResidualWeights<Dual<Rational>> =
            let dual value slope = Dual(value, slope)

            {
                Kernel = Array.map2 (Matrix.map2 dual) θ.Kernel direction.Kernel
                Bias = Array.map2 (Array.map2 dual) θ.Bias direction.Bias
                Readout = Matrix.map2 dual θ.Readout direction.Readout
                Offset = Array.map2 dual θ.Offset direction.Offset
            }

        let over = TrainingProblem.map constant (over problem.Activation constant) Loss.squared problem
        let derivative = Objective.value over moving
        Assert.Equal(Objective.value problem θ, derivative.Value)
        Assert.Equal(derivative.Derivative, pairing (Objective.gradient problem θ) direction))

[<Fact>]
let ``frozen blocks have gradient zero`` () =
    draws 20 (fun stream ->
        let problem = DeepLimitDraws.problem stream exact 2 1
        let gradient = Objective.gradient problem (DeepLimitDraws.weights stream 2 2 1)
        let free = free problem.Regulariser gradient
        Assert.Equal(pairing free free, pairing gradient gradient))

[<Fact>]
let ``prolongation changes the data term only`` () =
    draws 20 (fun stream ->
        let problem = DeepLimitDraws.problem stream [| Activation.Relu; Activation.Identity |] 2 1
        let θ = DeepLimitDraws.weights stream (stream.NextInt(1, 4)) 2 1
        let prolonged = ResidualWeights.prolong θ

        Assert.Equal(
            Objective.value problem prolonged - Objective.value problem θ,
            Objective.dataTerm problem prolonged - Objective.dataTerm problem θ
        )

        Assert.Equal(Objective.penalty problem.Regulariser θ, Continuum.penalty problem.Regulariser (ResidualWeights.interpolate θ)))

[<Fact>]
let ``the bias-only problem has its minimum where it was computed by hand`` () =
    // x = 0, y = 1, α = 1/2, τ = 2; by (x − y)²/(1 + g_n/α), g_n = 1/τ + (n − 1)(2n − 1)/(6n²).
    let problem = DeepLimitDraws.biasOnly Rational.Zero Rational.One (Rational.create 1 2) (Rational.ofInt 2)

    let cases = [
        [ 1, 2 ], (1, 2)
        [ 4, 9; 2, 3 ], (4, 9)
        [ 16, 39; 22, 39; 26, 39; 28, 39 ], (16, 39)
        [ 64, 163; 78, 163; 90, 163; 100, 163; 108, 163; 114, 163; 118, 163; 120, 163 ], (64, 163)
    ]

    for bias, (p, q) in cases do
        let bias = bias |> List.map (fun (p, q) -> Rational.create p q) |> List.toArray
        let θ = DeepLimitDraws.scalar (Array.create bias.Length Rational.Zero) bias
        let gradient = Objective.gradient problem θ
        Assert.Equal(Rational.create p q, Objective.value problem θ)
        Assert.Equal(Rational.Zero, pairing gradient gradient)

[<Fact>]
let ``the limit of the bias-only problem has value 3/8`` () =
    let problem = DeepLimitDraws.biasOnly Rational.Zero Rational.One (Rational.create 1 2) (Rational.ofInt 2)
    // b(t) = (3/4)(1/2 + t − t²/2)
    let bias = [| (3, 8); (3, 4); (-3, 8) |] |> Array.map (fun (p, q) -> [| Rational.create p q |]) |> WeightFunction.polynomial

    let θ: LimitWeights<Rational> = {
        Kernel = WeightFunction.constant [| [| Rational.Zero |] |]
        Bias = Defect.orFail bias
        Readout = Matrix.identity 1
        Offset = [| Rational.Zero |]
    }

    // X′ = b(t) is a quadrature, which Runge–Kutta 4 does exactly for a cubic.
    Assert.Equal(Rational.create 3 8, Continuum.valueBySteps Tableaus.rungeKutta4 1 problem θ)

let private number p q : Binary64 = Ring.ratio p q

/// d = 2, tanh, K(t) = [[t, 1], [−1, 1−t]], b = (t², −1/2).
let private reference: LimitWeights<Binary64> =
    let row (entries: int list) = entries |> List.map (fun p -> number p 1) |> List.toArray

    {
        Kernel = WeightFunction.polynomial [| row [ 0; 1; -1; 1 ]; row [ 1; 0; 0; -1 ] |] |> Defect.orFail
        Bias = WeightFunction.polynomial [| [| number 0 1; number -1 2 |]; row [ 0; 0 ]; row [ 1; 0 ] |] |> Defect.orFail
        Readout = Matrix.identity 2
        Offset = row [ 0; 0 ]
    }

let private within (bound: float) (expected: float) (actual: Binary64) : unit =
    Assert.True(abs (actual.Value - expected) <= bound, $"found {actual}, expected {expected}")

[<Fact>]
let ``a forward pass and its limit have the values computed elsewhere`` () =
    let x = [| number 1 1; number 1 2 |]

    let final n : Binary64[] =
        let network = ResidualWeights.network Activation.tanh (ResidualWeights.sample n reference)
        Simulation.output network (Simulation.run network.Equation [| x |])

    // References with 16 digits: half a unit of their last place, and roundings of 64 layers.
    for n, x0, x1 in
        [
            4, 1.671981248745453, -0.385788483748124
            16, 1.718003540310544, -0.411949830071497
            64, 1.729532479772922, -0.417958796356166
        ] do
        let found = final n
        within 1e-14 x0 (Array.head found)
        within 1e-14 x1 (Array.last found)

    let regulariser: Regulariser<Binary64> = { Kernel = None; Bias = None; Readout = None; Offset = None }
    let target = [| Binary64 1.73338685166794638; Binary64 -0.419910300780194707 |]

    let problem =
        TrainingProblem.create Activation.tanh Loss.squared regulariser [| { Input = x; Target = target; Weight = number 1 1 } |]
        |> Defect.orFail

    let settings = FlowSettings.defaults |> FlowSettings.withTolerances 1e-13 1e-13

    match Continuum.value settings (FlowMethod.Explicit Tableaus.dormandPrince853) problem reference with
    // The square of an error of some 10⁻¹².
    | Ok value -> Assert.True(value <= 1e-22, $"found {value}")
    | Error defects -> failwith (String.Join("; ", defects))

[<Fact>]
let ``the momenta have the values computed elsewhere`` () =
    let x = [| number 1 1; number 1 2 |]
    let regulariser: Regulariser<Binary64> = { Kernel = None; Bias = None; Readout = None; Offset = None }

    // Φ(z) = |z − y|² with ∇Φ = P(1) = (1, 0), so y = z − (1/2, 0).
    for n, p0, p1 in
        [
            4, 1.08954974328167012, 0.607456029856528702
            16, 1.10811455897813679, 0.531428662660242483
            64, 1.11219718152916397, 0.511269400741591503
        ] do
        let θ = ResidualWeights.sample n reference
        let network = ResidualWeights.network Activation.tanh θ
        let output = Simulation.output network (Simulation.run network.Equation [| x |])
        let target = [| Binary64(output[0].Value - 0.5); output[1] |]

        let problem =
            TrainingProblem.create Activation.tanh Loss.squared regulariser [| { Input = x; Target = target; Weight = number 1 1 } |]
            |> Defect.orFail

        let momenta = (Objective.momenta problem θ)[0]
        within 1e-14 p0 (Array.head momenta[0])
        within 1e-14 p1 (Array.last momenta[0])

[<Fact>]
let ``the depth error estimate of a linear network has the value computed elsewhere`` () =
    let regulariser: Regulariser<Binary64> = { Kernel = None; Bias = None; Readout = None; Offset = None }

    let problem =
        TrainingProblem.create Activation.Identity Loss.squared regulariser [|
            { Input = [| number 1 1 |]; Target = [| number 2 1 |]; Weight = number 1 1 }
        |]
        |> Defect.orFail

    // K_i = i/n, X′ = K X, x = 1, Φ = (X − 2)²; thirteen digits are known.
    for n, η in [ 128, 6.049490414540e-3; 512, 1.509372654216e-3 ] do
        let θ = DeepLimitDraws.scalar (Array.init n (fun i -> number i n)) (Array.create n (number 0 1))
        within 1e-15 η (Objective.depthError problem θ)

[<Fact>]
let ``the losses have their gradients`` () =
    let h = 1e-5

    for loss, target in
        [
            (Loss.logistic: Loss<Binary64>), [| 0.0 |]
            Loss.logistic, [| 1.0 |]
            Loss.crossEntropy, [| 0.0; 1.0; 0.0 |]
            Loss.squared, [| 0.25; -2.0 |]
        ] do
        let y = Binary64.ofFloats target
        let z = Array.init target.Length (fun k -> 0.3 * float k - 0.2)
        let value (z: float[]) = loss.Value(Binary64.ofFloats z, y).Value
        let gradient = loss.Gradient(Binary64.ofFloats z, y)

        for k in 0 .. z.Length - 1 do
            let moved δ = Array.mapi (fun i v -> if i = k then v + δ else v) z
            // A central difference misses by h²·|Φ‴|/6 < 1.7e-11 and 2 roundings/h < 1e-10 (values below 8).
            let central = (value (moved h) - value (moved -h)) / (2.0 * h)
            within 2e-10 central (Array.item k gradient)

[<Fact>]
let ``the logarithmic losses do not overflow and are zero where the answer is sure`` () =
    let at (loss: Loss<Binary64>) z y = loss.Value(Binary64.ofFloats z, Binary64.ofFloats y).Value
    Assert.Equal(1000.0, at Loss.logistic [| 1000.0 |] [| 0.0 |])
    Assert.Equal(0.0, at Loss.logistic [| 1000.0 |] [| 1.0 |])
    Assert.Equal(2000.0, at Loss.crossEntropy [| 1000.0; -1000.0; 0.0 |] [| 0.0; 1.0; 0.0 |])
    Assert.Equal(0.0, at Loss.crossEntropy [| 1000.0; -1000.0; 0.0 |] [| 1.0; 0.0; 0.0 |])

[<Fact>]
let ``problems and weights of the wrong shape are refused with every reason`` () =
    let sample d m = { Input = Array.create d Rational.One; Target = Array.create m Rational.One; Weight = Rational.One }
    let free = Regulariser.uniform Rational.One Rational.One

    match TrainingProblem.create Activation.Identity Loss.squared free [| sample 2 1; sample 1 2 |] with
    | Ok _ -> failwith "samples of two shapes were accepted"
    | Error defects ->
        Assert.Equal<string>(
            [ "sample 1: found 1 inputs, expected 2, as in sample 0"; "sample 1: found 2 targets, expected 1, as in sample 0" ],
            List.map string defects
        )

    let problem = TrainingProblem.create Activation.Identity Loss.squared free [| sample 2 1 |] |> Defect.orFail
    let θ = DeepLimitDraws.weights (RandomStream 1UL) 2 3 1
    Assert.Throws<ArgumentException>(fun () -> Objective.value problem θ |> ignore) |> ignore
