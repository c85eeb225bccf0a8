module LayerTime.Core.Tests.Semantics.ContinuousAdjointTests

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Tests
open LayerTime.Core.Tests.Numbers

/// The right-hand sides, over any numbers.
module private Formulas =
    open Arithmetic

    /// x′ = θ₀y − x³, y′ = −θ₁x + t·y²
    let driven (t: 'T) (x: 'T[]) (θ: 'T[]) : 'T[] when 'T :> IField<'T> = [|
        θ[0] * x[1] - x[0] * x[0] * x[0]
        t * x[1] * x[1] - θ[1] * x[0]
    |]

    /// x′ = 1, y′ = θx², z′ = xy/2: polynomials of degree 1, 3 and 5 in time.
    let chain (_: 'T) (x: 'T[]) (θ: 'T[]) : 'T[] when 'T :> IField<'T> = [| 'T.One; θ[0] * x[0] * x[0]; Ring.ratio 1 2 * x[0] * x[1] |]

    let difference (x: Precise) (y: Precise) : Precise = x - y

open Formulas

let private precise (x: float) = Precise.OfFloat x
let private θ = [| precise 1.0; precise 0.75 |]
let private start = [| precise 0.5; precise 0.25 |]
let private field () = DifferentiableField.ofDuals 2 θ driven
/// ∇L for L = x·y
let private covector (x: Precise[]) = [| x[1]; x[0] |]
let private distance (x: Precise[]) (y: Precise[]) = Array.map2 (fun a b -> Precise.Size(difference a b)) x y |> Array.max

let private discrete tableau (n: int) =
    let steps = StepSequence.uniform (precise 0.0) (Ring.ratio 1 n) n

    let gradient =
        DiscreteAdjoint.gradient Checkpointing.StoreAll (StepAdjoint.explicit tableau (field ())) steps start covector
        |> Defect.orFail

    gradient, Array.append gradient.State gradient.Parameters

/// The discretised continuous adjoint from the end of the discrete flow: n steps back.
let private together tableau (n: int) =
    let gradient, _ = discrete tableau n
    let z = Array.concat [ gradient.Final; covector gradient.Final; [| precise 0.0; precise 0.0 |] ]
    let stepper = Stepper.explicit tableau (ContinuousAdjoint.together (field ()))
    let back = Stepper.trajectory (precise 1.0) (Ring.ratio -1 n) n z stepper |> Array.last
    back[2..]

/// The same along states joined by pieces of lines or cubics.
let private along tableau path (n: int) =
    let h: Precise = Ring.ratio 1 n
    let time k : Precise = Ring.ratio k n
    let states = Stepper.trajectory (precise 0.0) h n start (Stepper.explicit tableau (field ()))

    let step (z: Precise[]) k =
        let pieces = path (time k) states[k] (time (k + 1)) states[k + 1]
        let stepper = Stepper.explicit tableau (ContinuousAdjoint.along (field ()) pieces)
        Stepper.trajectory (time (k + 1)) (Ring.ratio -1 n) 1 z stepper |> Array.last

    let z = Array.append (covector (Array.last states)) [| precise 0.0; precise 0.0 |]
    Array.fold step z [| n - 1 .. -1 .. 0 |]

let private assertOrder (name: string) (order: int) (error: int -> float) =
    let before, last = Math.Log2(error 16 / error 32), Math.Log2(error 32 / error 64)
    // The slope tends to the order with a shift that halves with h, so that the extrapolated one is nearer; no floor at 30 digits.
    let limit = 2.0 * last - before
    Assert.True(abs (limit - float order) < 0.2 && abs (last - float order) < 0.35, $"{name}: slopes {before}, {last}, not {order}")

let private truth = lazy (snd (discrete Tableaus.dormandPrince853 64))

[<Fact>]
let ``the gradient of a method converges to that of the flow with the order of the method`` () =
    for tableau in [ Tableaus.euler; Tableaus.heun; Tableaus.rungeKutta4; Tableaus.dormandPrince54; Tableaus.verner65 ] do
        assertOrder tableau.Name tableau.Order (fun n -> distance (snd (discrete tableau n)) truth.Value)

[<Fact>]
let ``the discretised continuous adjoint differs from the exact gradient with the order of the method, Heun's with one more`` () =
    // Both are methods for (x, p), one run backwards, and their errors per step are C h^(p+1) and −C′(−h)^(p+1). For Heun's method the exact
    // adjoint has the same sums Σbc², Σbac as the method itself, with its coefficients b_j − b_j a_ji/b_i for p, so that C = C′ and they cancel.
    for tableau, order in [ Tableaus.euler, 1; Tableaus.heun, 3; Tableaus.rungeKutta4, 4 ] do
        assertOrder tableau.Name order (fun n -> distance (snd (discrete tableau n)) (together tableau n))

[<Fact>]
let ``along lines the difference has order 2, along cubics with slopes order 4`` () =
    let error path n = distance (snd (discrete Tableaus.rungeKutta4 n)) (along Tableaus.rungeKutta4 path n)
    assertOrder "lines" 2 (error ContinuousAdjoint.linear)
    assertOrder "cubics" 4 (error (ContinuousAdjoint.hermite (field ())))

[<Fact>]
let ``the momentum along a recorded solution is that of the exact adjoint up to the tolerance`` () =
    let θ = [| Binary64 1.0; Binary64 0.75 |]
    let field () = DifferentiableField.ofDuals 2 θ driven
    let settings = FlowSettings.defaults |> FlowSettings.withTolerances 1e-9 1e-11
    let covector (x: float[]) = [| x[1]; x[0] |]

    let _, gradient =
        FlowAdjoint(StepAdjoint.adaptive Tableaus.dormandPrince54 (field ())).Solve(settings, 0.0, 1.0, [| 0.5; 0.25 |], covector)
        |> Defect.orFail

    let dense = settings |> FlowSettings.withRecording Recording.Dense
    let flow = Flow.solve dense (Stepper.explicit Tableaus.dormandPrince54 (field ())) 0.0 1.0 [| 0.5; 0.25 |] |> Defect.orFail
    let back = ContinuousAdjoint.along (field ()) (ContinuousAdjoint.recorded flow.Trace)
    let z = Array.append (covector flow.State) [| 0.0; 0.0 |]
    let momentum = Flow.solve settings (Stepper.explicit Tableaus.dormandPrince54 back) 1.0 0.0 z |> Defect.orFail
    let exact = Binary64.toFloats (Array.append gradient.State gradient.Parameters)
    let distance = Array.map2 (fun a b -> abs (a - b)) momentum.State exact |> Array.max
    // Both runs err by at most 1e-9 per step in fewer than 100 steps; the dense output is of order 4 as the estimate is. Errors grow by
    // at most e^‖Df‖ < e³ in each of the two directions.
    Assert.True(flow.Accepted < 100 && distance < 100.0 * 1e-9 * 20.0 * 2.0, $"{distance}")

/// Two steps of Heun's method.
let private twoSteps (field: IVectorField<'T>) (h: 'T) (z: 'T[]) : 'T[] when 'T :> IField<'T> =
    Stepper.trajectory 'T.Zero h 2 z (Stepper.explicit Tableaus.heun field) |> Array.last

[<Fact>]
let ``steps of the first variational equation are the dual steps, those of the second the second derivatives, exactly`` () =
    let θ: Rational[] = [| Rational.One; Rational.create 3 4 |]

    let x, u, v =
        [| Rational.create 1 2; Rational.create 1 4 |], [| Rational.One; Rational.create -1 3 |], [| Rational.create 2 3; Rational.One |]

    let h = Rational.create 1 4
    let constants x = Array.map Dual.constant x
    let dual: IVectorField<Dual<Rational>> = VectorField.ofFunction 2 (fun t x -> driven t x (constants θ))
    let twice: IVectorField<Dual<Dual<Rational>>> = VectorField.ofFunction 2 (fun t x -> driven t x (constants (constants θ)))
    let first: Rational[] = twoSteps (Variational.first dual) h (Array.append x u)
    let tangent: Dual<Rational>[] = twoSteps dual (Dual.constant h) (Array.map2 (fun x u -> Dual(x, u)) x u)

    Assert.Equal<Rational[]>(
        Array.append (tangent |> Array.map (fun (x: Dual<Rational>) -> x.Value)) (tangent |> Array.map (fun x -> x.Derivative)),
        first
    )

    let second u v = twoSteps (Variational.second twice) h (Array.concat [ x; u; v; [| Rational.Zero; Rational.Zero |] ])
    // D²(flow)(u, v) is symmetric, and half of D²(u, u) is the second coefficient of the series of x + εu.
    let w u v = (second u v)[6..]
    Assert.Equal<Rational[]>(w u v, w v u)
    let series: IVectorField<Taylor<Rational>> = VectorField.ofFunction 2 (fun t x -> driven t x (Array.map Taylor.constant θ))

    let bent: Taylor<Rational>[] =
        twoSteps series (Taylor.constant h) (Array.map2 (fun x u -> Taylor.ofCoefficients [| x; u; Rational.Zero |]) x u)

    Assert.Equal<Rational[]>(w u u, bent |> Array.map (fun s -> Rational.ofInt 2 * s[2]))
    Assert.Equal<Rational[]>(first, (second u v)[..3])

[<Fact>]
let ``the Hamiltonian is the same all along where the method is exact and the field does not depend on time`` () =
    // Verner's method of order 6 follows polynomials of degree 6 exactly.
    let field = DifferentiableField.ofDuals 3 [| Rational.create 3 2 |] chain
    let start = [| Rational.create 1 3; Rational.create -1 2; Rational.One |]
    let steps = StepSequence.uniform Rational.Zero (Rational.create 1 2) 3
    let states = Stepper.trajectory Rational.Zero (Rational.create 1 2) 3 start (Stepper.explicit Tableaus.verner65 field)
    let covector = [| Rational.One; Rational.ofInt -2; Rational.ofInt 3 |]

    let momenta, _ =
        DiscreteAdjoint.momenta (StepAdjoint.explicit Tableaus.verner65 field) steps start (fun _ -> covector) |> Defect.orFail

    let values = Array.map2 (fun x p -> ContinuousAdjoint.hamiltonian field Rational.Zero x p) states momenta
    Assert.All(values, (fun value -> Assert.Equal(values[0], value)))
    Assert.NotEqual(Rational.Zero, values[0])
