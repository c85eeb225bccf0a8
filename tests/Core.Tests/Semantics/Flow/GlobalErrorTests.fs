module LayerTime.Core.Tests.Semantics.GlobalErrorTests

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Semantics
open LayerTime.Core.Tests.Semantics

let private bell = {
    new IVectorFields with
        member _.Over() = Problems.bell ()
}

let private rise = {
    new IVectorFields with
        member _.Over() = Problems.rise ()
}

let private circle = {
    new IVectorFields with
        member _.Over() = Problems.circle ()
}

let private square = {
    new IVectorFields with
        member _.Over() = Problems.square ()
}

/// x′ = −x
let private decay = {
    new IVectorFields with
        member _.Over() = VectorField.ofFunction 1 (fun _ x -> [| Arithmetic.(~-) x[0] |])
}

let private proved (bound: Result<ErrorBound, _>) : float * float =
    match bound with
    | Ok(ErrorBound.Proved(error, μ)) -> error, μ
    | Ok other -> failwith other.Sentence
    | Error defects -> failwith $"{defects}"

let private trace tableau (fields: IVectorFields) count start finish (state: float[]) =
    let settings = FlowSettings.defaults |> FlowSettings.withSteps count |> FlowSettings.withRecording Recording.Steps

    Flow.solve settings (Stepper.explicit tableau (fields.Over())) start finish state
    |> Result.defaultWith (fun d -> failwith $"{d}")

/// The distance of a computed state to the truth.
let private distance (fields: IVectorFields) start finish (state: float[]) (found: float[]) =
    let truth = Truth.solve 24 (fields.Over()) start finish (Array.map Precise.OfFloat state)
    Array.map2 (fun t x -> Precise.Size(Arithmetic.(-) t (Precise.OfFloat x))) truth found |> Array.max

[<Fact>]
let ``Grönwall's bound is the solution of its equation, also without growth`` () =
    Assert.Equal(3.0, GlobalError.accumulate 0.0 3.0)
    let near expected (x: float) = Assert.True(x >= expected && x <= expected * (1.0 + 1e-13), $"{x}, {expected}")
    // e − 1 and 1 − 1/e, rounded down.
    near 1.718281828459045 (GlobalError.accumulate 1.0 1.0)
    near 0.6321205588285576 (GlobalError.accumulate -1.0 1.0)
    // 2e + 3(e − 1)
    near 10.591409142295225 (GlobalError.grönwall 1.0 3.0 2.0 1.0)

[<Fact>]
let ``the logarithmic norm of a matrix is the largest row, its diagonal with sign`` () =
    let matrix = Matrix.ofRows [| [| -2.0; 1.0 |]; [| 3.0; -5.0 |] |] |> Matrix.map Interval.ofFloat
    Assert.Equal(-1.0, GlobalError.logNormInf matrix)
    Assert.Equal(5.0, GlobalError.logNormInf (Matrix.map Arithmetic.(~-) matrix) - 3.0)

[<Fact>]
let ``the bound from the recorded steps holds the true error and is not far from it`` () =
    for name, fields, state in [ "bell", bell, [| 1.0 |]; "rise", rise, [| 0.0 |]; "circle", circle, [| 1.0; 0.0 |] ] do
        for tableau in
            [
                Tableaus.euler
                Tableaus.heun
                Tableaus.rungeKutta4
                Tableaus.dormandPrince54
                Tableaus.tsitouras54
                Tableaus.verner65
            ] do
            for start, finish in [ 0.0, 1.0; 0.0, -1.0 ] do
                let result = trace tableau fields 16 start finish state
                let bound, _ = GlobalError.aPosteriori fields tableau.Order 0.0 result.Trace |> Ok |> proved
                let error = distance fields start finish state result.State
                Assert.True(error <= bound, $"{name}, {tableau.Name}: error {error}, bound {bound}")
                // Norms instead of signs, and boxes instead of points, cost at most two digits here.
                Assert.True(bound <= 100.0 * error + 1e-14, $"{name}, {tableau.Name}: error {error}, bound {bound}")

[<Fact>]
let ``the error of a start is carried on to any state, forwards and backwards, and not much beyond its growth`` () =
    for name, fields, state in [ "bell", bell, [| 1.0 |]; "rise", rise, [| 0.0 |]; "circle", circle, [| 1.0; 0.0 |] ] do
        for finish in [ 0.25; -0.25 ] do
            let start = state |> Array.map (fun x -> x + 1e-8)
            let reached = (trace Tableaus.rungeKutta4 fields 1 0.0 finish start).State
            let error = distance fields 0.0 finish state reached

            match GlobalError.carry fields 1.0001e-8 (0.0, start) (finish, reached) with
            | Some bound ->
                Assert.True(error <= bound, $"{name}: error {error}, bound {bound}")
                // The error of the start grows by less than e^(2/4) and may have helped.
                Assert.True(bound <= error + 3.4e-8, $"{name}: error {error}, bound {bound}")
            | None -> Assert.Fail $"{name} is enclosed for a quarter of a unit of time"

    Assert.True((GlobalError.carry square 0.1 (0.0, [| 1.0 |]) (2.0, [| 1.0 |])).IsNone, "x² from 1 leaves every bound")

[<Fact>]
let ``where all errors have one sign the bound is sharp`` () =
    let result = trace Tableaus.euler decay 100 0.0 1.0 [| 1.0 |]
    let bound, μ = GlobalError.aPosteriori decay 1 0.0 result.Trace |> Ok |> proved
    let error = distance decay 0.0 1.0 [| 1.0 |] result.State
    Assert.Equal(-1.0, μ)
    Assert.True(error <= bound && bound <= 1.02 * error, $"{error}, {bound}")
    // An error of the start that decays with the solution.
    let shifted, _ = GlobalError.aPosteriori decay 1 0.1 result.Trace |> Ok |> proved
    Assert.True(abs (shifted - bound - 0.1 * exp -1.0) < 1e-9, $"{shifted}, {bound}")

[<Fact>]
let ``the bound before the first step holds for all steps and falls with the order`` () =
    for tableau in [ Tableaus.euler; Tableaus.heun; Tableaus.rungeKutta4; Tableaus.dormandPrince54 ] do
        let states = [| Interval.ofBounds 0.45 1.0 |]
        let bound n = GlobalError.aPriori bell tableau 0.0 1.0 n states |> proved |> fst
        let errors n = distance bell 0.0 1.0 [| 1.0 |] (trace tableau bell n 0.0 1.0 [| 1.0 |]).State

        for n in [ 64; 128 ] do
            Assert.True(errors n <= bound n, $"{tableau.Name}: {errors n}, {bound n}")

        let slope = Math.Log2(bound 128 / bound 256)
        Assert.True(abs (slope - float tableau.Order) < 0.3, $"{tableau.Name}: slope {slope}")

[<Fact>]
let ``a step too long to be enclosed is told, and rounded coefficients are refused beforehand`` () =
    // x′ = x² from 1 leaves every bound before t = 2.
    match GlobalError.aPriori square Tableaus.rungeKutta4 0.0 2.0 1 [| Interval.ofFloat 1.0 |] with
    | Ok(ErrorBound.NoEnclosure 0) -> ()
    | other -> Assert.Fail $"{other}"

    match GlobalError.aPriori bell Tableaus.tsitouras54 0.0 1.0 4 [| Interval.ofBounds 0.45 1.0 |] with
    | Error [ defect ] -> Assert.Equal("method", defect.Where)
    | other -> Assert.Fail $"{other}"

[<Fact>]
let ``afterwards every method has a bound that holds the true error and is not far from it`` () =
    // q′ = p, p′ = t − q³, with which a splitting can do; its field over all number systems, and its flow by every kind of method.
    let driven = {
        new IVectorFields with
            member _.Over<'T when 'T :> ITranscendental<'T>>() : IVectorField<'T> =
                let velocity, force = Problems.separable 1
                VectorField.ofFunction 2 (fun (t: 'T) x -> [| velocity x[1]; force t x[0] |])
    }

    let size (x: Binary64) = abs x.Value

    let steppers: (Stepper<Binary64> * int) list = [
        Stepper.implicit size (Tableau.over Tableaus.implicitMidpoint) (driven.Over()), 40
        Stepper.implicit size (Tableaus.gauss4 (Binary64(Elementary.sqrt 3.0))) (driven.Over()), 20
        Stepper.splitting Splitting.störmerVerlet [|
            VectorField.kick (VectorField.ofFunction 1 (fun t q -> [| snd (Problems.separable 1) t q[0] |]))
            VectorField.drift (VectorField.ofFunction 1 (fun _ p -> [| p[0] |]))
        |],
        40
        Stepper.taylor 7 (Stepper.ofAnalytic (driven.Over())), 10
        Stepper.explicit Tableaus.dormandPrince853 (driven.Over()), 10
    ]

    for stepper, count in steppers do
        let settings = FlowSettings.defaults |> FlowSettings.withSteps count |> FlowSettings.withRecording Recording.Steps
        let result = Flow.solve settings stepper 0.0 1.0 [| 0.5; 0.25 |] |> Result.defaultWith (fun d -> failwith $"{d}")
        let bound, _ = GlobalError.aPosteriori driven stepper.Order 0.0 result.Trace |> Ok |> proved
        let error = distance driven 0.0 1.0 [| 0.5; 0.25 |] result.State
        Assert.True(error <= bound, $"order {stepper.Order}: error {error}, bound {bound}")
        Assert.True(bound <= 100.0 * error + 1e-14, $"order {stepper.Order}: error {error}, bound {bound}")

[<Fact>]
let ``the estimate by tighter tolerances has the size of the error`` () =
    for name, fields, state in [ "bell", bell, [| 1.0 |]; "circle", circle, [| 1.0; 0.0 |] ] do
        for tableau in [ Tableaus.dormandPrince54; Tableaus.dormandPrince853; Tableaus.verner65 ] do
            let stepper = Stepper.explicit tableau (fields.Over())
            let settings = FlowSettings.defaults |> FlowSettings.withTolerances 1e-6 1e-6

            match GlobalError.estimate settings stepper 0.0 2.0 state with
            | Ok(result, estimate) ->
                let error = distance fields 0.0 2.0 state result.State
                Assert.True(estimate > 0.3 * error && estimate < 3.0 * error, $"{name}, {tableau.Name}: {estimate}, {error}")
            | Error defects -> Assert.Fail $"{defects}"
