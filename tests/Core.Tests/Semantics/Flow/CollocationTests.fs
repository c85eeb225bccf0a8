module LayerTime.Core.Tests.Semantics.CollocationTests

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Semantics

let private oscillator: IVectorField<Binary64> = VectorField.ofFunction 2 (fun _ x -> [| x[1]; Binary64(-x[0].Value) |])

let private methods = [ Tableau.over Tableaus.implicitMidpoint, 1; Tableaus.gauss4 (Binary64(sqrt 3.0)), 2 ]

let private run settings tableau finish : FlowResult =
    let stepper = Stepper.implicit (fun (a: Binary64) -> abs a.Value) tableau oscillator

    match Flow.solve settings stepper 0.0 finish [| 1.0; 0.0 |] with
    | Ok result -> result
    | Error defects -> failwith $"{defects}"

[<Fact>]
let ``the collocation polynomial of s stages misses by O(h^(s+1)) inside the step and ends in the next state`` () =
    for tableau, stages in methods do
        let largest n =
            let settings = FlowSettings.defaults |> FlowSettings.withSteps n |> FlowSettings.withRecording Recording.Dense
            let trace = (run settings tableau 2.0).Trace

            Seq.max (
                seq {
                    for k in 0 .. n - 1 do
                        let t0, t1 = trace.Time k, trace.Time(k + 1)
                        let x = trace.State(k).ToArray()
                        let next = trace.State(k + 1).ToArray()
                        let nearEnd = trace.At(t1 - 1e-9 * (t1 - t0))
                        // Continuous: the slope is below 2, and the states are of size 1.
                        Assert.True(abs (nearEnd[0] - next[0]) < 1e-8, tableau.Name)

                        for m in 1..7 do
                            let t = t0 + float m / 8.0 * (t1 - t0)
                            abs ((trace.At t)[0] - (x[0] * cos (t - t0) + x[1] * sin (t - t0)))
                }
            )

        let slope = Math.Log2(largest 64 / largest 128)
        // The next term shifts it by a multiple of h = 1/64.
        Assert.True(abs (slope - float (stages + 1)) < 0.1, $"{tableau.Name}: slope {slope}")

[<Fact>]
let ``events are located on the collocation polynomial`` () =
    let crossing: EventRequest = {
        Function = {
            new IEventFunction with
                member _.Value(_, x) = x[0]
        }
        Crossing = Crossing.Falling
        IsTerminal = true
    }

    for tableau, stages in methods do
        let n = 200
        let result = run (FlowSettings.defaults |> FlowSettings.withSteps n |> FlowSettings.withEvent crossing) tableau 2.0

        match result.Stop with
        | StopReason.Event(0, time) ->
            // The steps and the polynomial each miss by at most h^(s+1) for motions with derivatives of size 1.
            let bound = 2.0 * Math.Pow(2.0 / float n, float (stages + 1))
            Assert.True(abs (time - Math.PI / 2.0) < bound, $"{tableau.Name}: {time}")
        | other -> Assert.Fail $"{other}"
