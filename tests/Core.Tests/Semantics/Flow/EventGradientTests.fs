module LayerTime.Core.Tests.Semantics.EventGradientTests

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics

/// g(t, x) = n·x + rate·t − level
let private plane (normal: float[]) (rate: float) (level: float) : EventRequest = {
    Function = {
        new IDifferentiableEvent with
            member _.Value(t, x) =
                let mutable sum = rate * t - level

                for i in 0 .. normal.Length - 1 do
                    sum <- sum + normal[i] * x[i]

                sum

            member _.Gradient(_, _, toState) =
                (ReadOnlySpan normal).CopyTo toState
                rate
    }
    Crossing = Crossing.Either
    IsTerminal = true
}

let private methods =
    FlowMethod.names
    |> List.map (fun name -> name.Replace("-N", "-6"))
    |> List.map (fun name -> name, (FlowMethod.tryFind name).Value)
    |> List.filter (fun (_, method) ->
        match method with
        | FlowMethod.Splitting _ -> false
        | _ -> true)

/// x′ = w₂ tanh(w₁x + b) + … with weights that depend on time, and parameters that can be moved.
let private pieceOf (θ: float[]) : FieldPiece<Binary64> =
    let w (i: int) = Binary64 θ[i]
    let tanh = Activation.transcendental<Binary64> TranscendentalName.Tanh

    let first =
        LayerMap.create [|
            Layer.create (Matrix.ofRows [| [| w 0; w 1 |]; [| w 2; w 3 |] |]) [| w 4; w 5 |] [| tanh |] |> Defect.orFail
            Layer.create (Matrix.ofRows [| [| w 6; w 7 |]; [| w 8; w 9 |] |]) [| w 10; w 11 |] [| Activation.Identity |]
            |> Defect.orFail
        |]
        |> Defect.orFail

    let second =
        LayerMap.create [|
            Layer.create (Matrix.ofRows [| [| w 12; w 13 |]; [| w 14; w 15 |] |]) [| w 16; w 17 |] [| Activation.Identity |]
            |> Defect.orFail
            Layer.create (Matrix.ofRows [| [| w 18; w 19 |]; [| w 20; w 21 |] |]) [| w 22; w 23 |] [| Activation.Identity |]
            |> Defect.orFail
        |]
        |> Defect.orFail

    { Until = Rational.One; Coefficients = [| first; second |] }

let private parameters: float[] =
    Array.init 24 (fun i -> Elementary.sin (1.3 * float i + 0.4) * (if i < 12 then 1.0 else 0.3))

[<Fact>]
let ``the gradient at an event is that of what was computed, its time included, for every method`` () =
    let normal, rate, level = [| 1.0; 0.5 |], 0.25, 0.75
    let start = [| 0.2; -0.3 |]
    let settings = FlowSettings.withSteps 7 FlowSettings.defaults |> FlowSettings.withEvent (plane normal rate level)

    // L = T² + x₁ + x₀x₁ at the event.
    let loss (flow: FlowResult) = flow.Time * flow.Time + flow.State[1] + flow.State[0] * flow.State[1]
    let covector (time: float) (x: float[]) = struct (2.0 * time, [| x[1]; 1.0 + x[0] |])

    for name, method in methods do
        let solve (θ: float[]) (x: float[]) =
            let stepper = FlowMethod.stepper method (pieceOf θ) |> Defect.orFail
            let flow = Flow.solve settings stepper 0.0 4.0 x |> Defect.orFail

            match flow.Stop with
            | StopReason.Event(0, _) -> flow
            | other -> failwith $"{name}: {other}"

        let adjoint = FlowAdjoint(FlowMethod.adjoint method (pieceOf parameters) |> Defect.orFail)
        let flow, gradient = adjoint.SolveTimed(settings, 0.0, 4.0, start, covector) |> Defect.orFail
        // In the middle of a step, so that all of the continuation counts.
        let share = (flow.Time / (4.0 / 7.0)) % 1.0
        Assert.True(flow.Accepted > 1 && share > 0.05 && share < 0.95, $"{name}: {share}")

        // Central differences with ε = 1e-5 miss by ε²/6 times a third derivative, and by roundings of 1e-15 over ε: 1e-8 covers both.
        let compare place found moved =
            let difference = (loss (moved 1e-5) - loss (moved -1e-5)) / 2e-5
            Assert.True(abs (difference - found) < 1e-8 * Math.Max(1.0, abs found), $"{name}, {place}: {difference}, {found}")

        for i in 0..1 do
            compare $"x{i}" gradient.State[i].Value (fun ε -> solve parameters (Array.updateAt i (start[i] + ε) start))

        // The order of the parameters: coefficient by coefficient, layer by layer, weights row by row before biases.
        for i in 0..23 do
            compare $"θ{i}" gradient.Parameters[i].Value (fun ε -> solve (Array.updateAt i (parameters[i] + ε) parameters) start)

[<Fact>]
let ``the time of a fall has the derivatives of its formula`` () =
    // q′ = p, p′ = −1 from (h, v) reaches 0 at T = v + √(v² + 2h) with the speed −√(v² + 2h).
    let number (x: float) = Binary64 x

    let fall =
        LayerMap.dense
            (Matrix.ofRows [| [| number 0.0; number 1.0 |]; [| number 0.0; number 0.0 |] |])
            [| number 0.0; number -1.0 |]
            Activation.Identity
        |> Defect.orFail

    let piece: FieldPiece<Binary64> = { Until = Rational.One; Coefficients = [| fall |] }
    let h, v = 2.0, 0.5
    let root = sqrt (v * v + 2.0 * h)

    for name, method in methods do
        // Methods of order 2 and more follow a parabola exactly.
        if FlowMethod.order method > 1 then
            let settings = FlowSettings.withSteps 6 FlowSettings.defaults |> FlowSettings.withEvent (plane [| 1.0; 0.0 |] 0.0 0.0)
            let adjoint = FlowAdjoint(FlowMethod.adjoint method piece |> Defect.orFail)

            let time, ofTime =
                adjoint.SolveTimed(settings, 0.0, 5.0, [| h; v |], fun _ _ -> struct (1.0, [| 0.0; 0.0 |])) |> Defect.orFail

            let _, ofSpeed = adjoint.Solve(settings, 0.0, 5.0, [| h; v |], fun _ -> [| 0.0; 1.0 |]) |> Defect.orFail
            let near (expected: float) (found: float) = Assert.True(abs (expected - found) < 1e-13, $"{name}: {found}, not {expected}")
            near (v + root) time.Time
            near (1.0 / root) ofTime.State[0].Value
            near (1.0 + v / root) ofTime.State[1].Value
            near (-1.0 / root) ofSpeed.State[0].Value
            near (-v / root) ofSpeed.State[1].Value
            // The position at the event is always 0.
            let _, ofPlace = adjoint.Solve(settings, 0.0, 5.0, [| h; v |], fun _ -> [| 1.0; 0.0 |]) |> Defect.orFail
            near 0.0 ofPlace.State[0].Value
            near 0.0 ofPlace.State[1].Value

[<Fact>]
let ``an event without derivatives, one that is only touched and one between the steps of a splitting are refused with the reason`` () =
    let refusal method request =
        let settings = FlowSettings.withSteps 7 FlowSettings.defaults |> FlowSettings.withEvent request
        let rotation = [| [| 0.0; 1.0 |]; [| -1.0; 0.0 |] |] |> Array.map Binary64.ofFloats |> Matrix.ofRows
        let φ = LayerMap.dense rotation (Binary64.ofFloats [| 0.0; 0.0 |]) Activation.Identity |> Defect.orFail
        let piece: FieldPiece<Binary64> = { Until = Rational.One; Coefficients = [| φ |] }
        let adjoint = FlowAdjoint(FlowMethod.adjoint (FlowMethod.tryFind method).Value piece |> Defect.orFail)

        match adjoint.Solve(settings, 0.0, 4.0, [| 0.0; 1.0 |], id) with
        | Error [ defect ] -> $"{defect}"
        | other -> failwith $"%A{other}"

    let plain: EventRequest = {
        plane [| 1.0; 0.0 |] 0.0 0.5 with
            Function = {
                new IEventFunction with
                    member _.Value(_, x) = x[0] - 0.5
            }
    }

    Assert.StartsWith("event 0: found a function without derivatives", refusal "rk4" plain)
    Assert.StartsWith("event 0: found the end of a flow by a splitting", refusal "störmer-verlet" (plane [| 1.0; 0.0 |] 0.0 0.5))

    // g = t³ is touched with slope 0 at the start of time: x does not enter.
    let touched: EventRequest = {
        plane [| 0.0; 0.0 |] 0.0 0.0 with
            Function = {
                new IDifferentiableEvent with
                    member _.Value(t, _) = t - 1.0

                    member _.Gradient(_, _, toState) =
                        toState.Clear()
                        0.0
            }
    }

    Assert.Contains("touches its surface at time 1", refusal "rk4" touched)
