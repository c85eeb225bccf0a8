module LayerTime.Core.Tests.Semantics.HermiteCubicTests

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Algebra
open LayerTime.Core.Semantics

let private r = Rational.create

/// q′ = p, p′ = −q as a neural ODE, which every method solves.
let private oscillator: FieldPiece<Binary64> =
    let number (x: Rational) = Binary64(Rational.toFloat x)
    let rotation = Matrix.ofRows [| [| r 0 1; r 1 1 |]; [| r -1 1; r 0 1 |] |]
    let φ = LayerMap.dense rotation [| r 0 1; r 0 1 |] Activation.Identity |> Defect.orFail
    { Until = r 9 1; Coefficients = [| LayerMap.map number (Activation.map number) φ |] }

let private methods =
    FlowMethod.names
    |> List.map (fun name -> name.Replace("-N", "-6"))
    |> List.map (fun name -> name, (FlowMethod.tryFind name).Value)

let private run settings method finish : FlowResult =
    let stepper = FlowMethod.stepper method oscillator |> Defect.orFail
    Flow.solve settings stepper 0.0 finish [| 1.0; 0.0 |] |> Defect.orFail

let private fixedSteps n = FlowSettings.defaults |> FlowSettings.withSteps n

[<Fact>]
let ``between the steps every method has the order it says, and the solution there ends in the next state`` () =
    for name, method in methods do
        let order = FlowMethod.denseOrder method
        let n = if order > 5 then 4 else 64

        let largest n =
            let trace = (run (fixedSteps n |> FlowSettings.withRecording Recording.Dense) method 2.0).Trace

            Seq.max (
                seq {
                    for k in 0 .. n - 1 do
                        let t0, t1 = trace.Time k, trace.Time(k + 1)
                        let x = trace.State(k).ToArray()
                        let next = trace.State(k + 1).ToArray()
                        let nearEnd = trace.At(t1 - 1e-9 * (t1 - t0))
                        // Continuous: the slope is below 2, and the states are of size 1.
                        Assert.True(abs (nearEnd[0] - next[0]) < 1e-8, name)

                        for m in 1..7 do
                            let t = t0 + float m / 8.0 * (t1 - t0)
                            abs ((trace.At t)[0] - (x[0] * cos (t - t0) + x[1] * sin (t - t0)))
                }
            )

        let slope = Math.Log2(largest n / largest (2 * n))
        // The next term shifts it by a multiple of h.
        Assert.True(abs (slope - float (order + 1)) < (if n > 4 then 0.1 else 0.4), $"{name}: slope {slope}, expected {order + 1}")

[<Fact>]
let ``between the steps the solution is as good as at the steps up to order 4`` () =
    // Global error of the dense output against that of the steps, on the same run.
    for name in [ "rk4"; "gauss"; "störmer-verlet"; "implicit-midpoint"; "heun"; "symplectic-euler" ] do
        let method = (FlowMethod.tryFind name).Value

        let largest n =
            let trace = (run (fixedSteps n |> FlowSettings.withRecording Recording.Dense) method 2.0).Trace
            Seq.max (seq { for m in 1 .. 8 * n -> let t = 2.0 * float m / float (8 * n) in abs ((trace.At t)[0] - cos t) })

        let slope = Math.Log2(largest 64 / largest 128)
        let order = FlowMethod.order method
        Assert.True(abs (slope - float order) < 0.15, $"{name}: slope {slope}, expected {order}")

[<Fact>]
let ``events are located between the steps of every method`` () =
    let crossing: EventRequest = {
        Function = {
            new IEventFunction with
                member _.Value(_, x) = x[0]
        }
        Crossing = Crossing.Falling
        IsTerminal = true
    }

    for name, method in methods do
        let n = 200
        let result = run (fixedSteps n |> FlowSettings.withEvent crossing) method 2.0

        match result.Stop with
        | StopReason.Event(0, time) ->
            // Steps and continuation each miss by at most a few h^(order) in a motion with derivatives of size 1, over two units of time.
            let order = min (FlowMethod.order method) (FlowMethod.denseOrder method + 1)
            let bound = 4.0 * Math.Pow(2.0 / float n, float order) + 1e-13
            Assert.True(abs (time - Math.PI / 2.0) < bound, $"{name}: {time}")
        | other -> Assert.Fail $"{other}"

[<Fact>]
let ``recording changes no bit of fixed steps of a field that depends on time`` () =
    for tableau in [ Tableaus.euler; Tableaus.heun; Tableaus.midpoint; Tableaus.rungeKutta4; Tableaus.verner65 ] do
        let run recording =
            Flow.solve (fixedSteps 13 |> FlowSettings.withRecording recording) (Stepper.explicit tableau (Problems.circle ())) 0.1 2.0 [|
                1.0
                0.0
            |]
            |> Defect.orFail

        Assert.Equal<float[]>((run Recording.Final).State, (run Recording.Dense).State)
