module LayerTime.Core.Tests.Semantics.Flow.NeuralFlowTests

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics

let private r = Rational.create

let private line (a: Rational) (b: Rational) : LayerMap<Rational> =
    LayerMap.dense (Matrix.ofRows [| [| a |] |]) [| b |] Activation.Identity |> Defect.orFail

let private ode (pieces: (Rational * LayerMap<Rational> list) list) : NeuralOde<Rational> =
    NeuralOde.create None [| for until, maps in pieces -> { Until = until; Coefficients = List.toArray maps } |] None
    |> Defect.orFail

let private floats (ode: NeuralOde<Rational>) : NeuralOde<Binary64> =
    let number (x: Rational) = Binary64(Rational.toFloat x)
    NeuralOde.map number (Activation.map number) ode

// x′ = 1 + t up to 1/3, then x′ = 6x up to 1.
let private jump = ode [ r 1 3, [ line (r 0 1) (r 1 1); line (r 0 1) (r 1 1) ]; r 1 1, [ line (r 6 1) (r 0 1) ] ]

[<Fact>]
let ``sections end where the weights change`` () =
    let section piece a b = { Piece = piece; Start = a; Finish = b }
    let zero, third, half, one = r 0 1, r 1 3, r 1 2, r 1 1
    Assert.Equal<FlowSection[]>([| section 0 zero third; section 1 third one |], NeuralFlow.sections jump zero one)
    Assert.Equal<FlowSection[]>([| section 1 half third; section 0 third (r 1 6) |], NeuralFlow.sections jump half (r 1 6))

[<Fact>]
let ``a section gets as many steps as keep each below its share, and no more`` () =
    for n in 1..30 do
        for sections in [ NeuralFlow.sections jump (r 0 1) (r 1 1); NeuralFlow.sections jump (r 1 1) (r 1 5) ] do
            let whole = Array.sumBy (fun s -> Rational.toFloat (Rational.abs (s.Finish - s.Start))) sections
            let exact = sections |> Array.fold (fun sum s -> sum + Rational.abs (s.Finish - s.Start)) Rational.Zero
            Assert.True(whole > 0.0)

            for section in sections do
                let length, steps = Rational.abs (section.Finish - section.Start), NeuralFlow.stepsOf n exact section
                let longest = exact / Rational.ofInt n
                Assert.True(length / Rational.ofInt steps <= longest)
                Assert.True((steps = 1) || length / Rational.ofInt (steps - 1) > longest)

[<Fact>]
let ``Eulers method over fractions is the product of its steps`` () =
    // Three steps of 1/3 with x′ = 1 + t, then twice x + 6x/3.
    let states = NeuralFlow.trajectory ignore Tableaus.euler 3 jump [| r 1 2 |]
    Assert.Equal<(Rational * Rational[])[]>([| r 0 1, [| r 1 2 |]; r 1 3, [| r 5 6 |]; r 2 3, [| r 5 2 |]; r 1 1, [| r 15 2 |] |], states)

[<Fact>]
let ``a method of order 2 is exact on the polynomial piece, in fractions and in floats`` () =
    // x(1/3) = x(0) + 1/3 + 1/18
    let _, state = NeuralFlow.trajectory ignore Tableaus.heun 3 jump [| r 0 1 |] |> Array.item 1
    Assert.Equal(r 7 18, state[0])

    let run method =
        let settings = { FlowSettings.defaults with Recording = Recording.Steps } |> FlowSettings.withSteps 3

        match NeuralFlow.solve settings (FlowMethod.tryFind method).Value (floats jump) (r 0 1) (r 1 3) [] [| 0.0 |] with
        | Ok result -> result.State[0]
        | Error defects -> failwith $"{defects}"

    // Some operations, each with half a unit of the last place of 7/18.
    for method in [ "heun"; "rk4"; "dormand-prince"; "gauss"; "taylor-2" ] do
        Assert.InRange(run method, 7.0 / 18.0 - 1e-15, 7.0 / 18.0 + 1e-15)

[<Fact>]
let ``every name finds its method and the order that it says`` () =
    for name in FlowMethod.names |> List.filter (fun name -> not (name.EndsWith 'N')) do
        match FlowMethod.tryFind name with
        | Some method -> Assert.True(FlowMethod.order method >= 1, name)
        | None -> Assert.Fail name

    Assert.Equal(Some(FlowMethod.Taylor 7), FlowMethod.tryFind "taylor-7")

    for wrong in [ ""; "Euler"; "taylor-"; "taylor-0"; "taylor-101"; "taylor-+3"; "taylor-x" ] do
        Assert.Equal(None, FlowMethod.tryFind wrong)

[<Fact>]
let ``a splitting of a deep map sees what reads what`` () =
    // q′ = p, p′ = −σ(q) through two layers, with nothing else read: x = (q, p), inner (σ(q), p).
    let deep (leak: Rational) : NeuralOde<Binary64> =
        let inner = Matrix.ofRows [| [| r 1 1; leak |]; [| r 0 1; r 1 1 |] |]
        let outer = Matrix.ofRows [| [| r 0 1; r 1 1 |]; [| r -1 1; r 0 1 |] |]

        let φ =
            [|
                Layer.create inner [| r 0 1; r 0 1 |] [| Activation.Cubic; Activation.Identity |]
                Layer.affine outer [| r 0 1; r 0 1 |]
            |]
            |> Array.map Defect.orFail
            |> LayerMap.create
            |> Defect.orFail

        NeuralOde.autonomous (r 1 1) φ |> Defect.orFail |> floats

    let method = (FlowMethod.tryFind "störmer-verlet").Value
    let settings = FlowSettings.withSteps 4 FlowSettings.defaults
    let solve ode = NeuralFlow.solve settings method ode (r 0 1) (r 1 1) [] [| 1.0; 0.0 |]
    Assert.True((solve (deep (r 0 1))).IsOk)

    match solve (deep (r 1 9)) with
    | Error [ defect ] -> Assert.Equal("field, component 1", defect.Where)
    | other -> Assert.Fail $"%A{other}"

[<Fact>]
let ``a watch ends a flow at a step and keeps what there is`` () =
    let mutable asked = 0

    let watch = {
        new IFlowWatch with
            member _.GoesOn _ =
                asked <- asked + 1
                asked <= 5
    }

    let settings = { FlowSettings.withSteps 100 FlowSettings.defaults with Watch = Some watch; Recording = Recording.Steps }

    match NeuralFlow.solve settings (FlowMethod.tryFind "rk4").Value (floats jump) (r 0 1) (r 1 1) [] [| 1.0 |] with
    | Ok result ->
        Assert.Equal(StopReason.Interrupted result.Time, result.Stop)
        Assert.Equal(5, result.Accepted)
        Assert.Equal(6, asked)
        Assert.Equal(6, (NeuralFlow.steps result).Length)
        Assert.Contains("interrupted at time", result.Stop.Sentence)
    | Error defects -> Assert.Fail $"{defects}"

[<Fact>]
let ``the pieces share one limit of steps`` () =
    // Nine steps of 1/9: three up to the jump at 1/3, six beyond.
    for limit, time in [ 3, 1.0 / 3.0; 5, 5.0 / 9.0 ] do
        let settings = { FlowSettings.withSteps 9 FlowSettings.defaults with StepLimit = limit }

        let result =
            NeuralFlow.solve settings (FlowMethod.tryFind "rk4").Value (floats jump) (r 0 1) (r 1 1) [] [| 1.0 |] |> Defect.orFail

        Assert.Equal(StopReason.StepLimit(limit, result.Time), result.Stop)
        Assert.Equal(limit, result.Accepted)
        Assert.Equal(time, result.Time, 14)

[<Fact>]
let ``bounds grow over a jump as the second piece makes them grow`` () =
    // The error of Euler's method at 1/3 is (x″/2)·h·T = 1/2 · 1/1200 · 1/3 exactly; then six-fold growth for 2/3.
    let method = (FlowMethod.tryFind "euler").Value
    let settings = { FlowSettings.withSteps 1200 FlowSettings.defaults with Recording = Recording.Steps }

    match NeuralFlow.solve settings method (floats jump) (r 0 1) (r 1 1) [] [| 1.0 |] with
    | Error defects -> Assert.Fail $"{defects}"
    | Ok result ->
        let middle = 1.0 + 1.0 / 3.0 + 1.0 / 18.0
        let exact = middle * Math.Exp 4.0
        let error = Math.Abs(result.State[0] - exact)

        for bound in [ NeuralError.aPosteriori ignore method (floats jump) result; NeuralError.aPriori ignore method (floats jump) result ] do
            match bound with
            | Ok(ErrorBound.Proved(bound, μ)) ->
                Assert.True(error <= bound, $"{error} {bound}")
                Assert.InRange(μ, 6.0, 6.0 + 1e-9)
                // What is brought along alone is e⁴/7200.
                Assert.True(bound >= Math.Exp 4.0 / 7200.0, $"{bound}")
            | other -> Assert.Fail $"%A{other}"
