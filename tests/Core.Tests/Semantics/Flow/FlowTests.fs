module LayerTime.Core.Tests.Semantics.FlowTests

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Tests.Semantics

let private field (dimension: int) (f: float -> float[] -> float[]) : IVectorField<Binary64> =
    VectorField.ofFunction dimension (fun t x -> Binary64.ofFloats (f t.Value (Binary64.toFloats x)))

/// A harmonic oscillator that allocates nothing.
let private oscillator: IVectorField<Binary64> = {
    new IVectorField<Binary64> with
        member _.Dimension = 2

        member _.Evaluate(_, x, slope) =
            slope[0] <- x[1]
            slope[1] <- Binary64(-x[0].Value)
}

let private pairs = [
    Tableaus.heun
    Tableaus.bogackiShampine32
    Tableaus.dormandPrince54
    Tableaus.tsitouras54
    Tableaus.verner65
    Tableaus.fehlberg87
    Tableaus.dormandPrince853
]

let private solve settings stepper start finish state : FlowResult =
    match Flow.solve settings stepper start finish state with
    | Ok result -> result
    | Error defects -> failwith $"{defects}"

let private tolerance (x: float) = FlowSettings.defaults |> FlowSettings.withTolerances x x

let private event crossing isTerminal (g: float -> float[] -> float) : EventRequest = {
    Function = {
        new IEventFunction with
            member _.Value(t, x) = g t (x.ToArray())
    }
    Crossing = crossing
    IsTerminal = isTerminal
}

[<Fact>]
let ``every pair meets the tolerance up to a small factor and takes fewer steps for a looser one`` () =
    for tableau in pairs do
        let run tol = solve (tolerance tol) (Stepper.explicit tableau oscillator) 0.0 10.0 [| 1.0; 0.0 |]
        let error (r: FlowResult) = max (abs (r.State[0] - cos 10.0)) (abs (r.State[1] + sin 10.0))

        for tol in [ 1e-4; 1e-6 ] do
            let result = run tol
            Assert.Equal(StopReason.Completed, result.Stop)
            Assert.Equal(10.0, result.Time)
            // Ten time units, each with an error per step of the tolerance in a motion that keeps errors.
            Assert.True(error result < 100.0 * tol, $"{tableau.Name} at {tol}: error {error result}")

        Assert.True((run 1e-4).Accepted < (run 1e-7).Accepted, tableau.Name)
        Assert.True(error (run 1e-7) < error (run 1e-4), tableau.Name)

[<Fact>]
let ``the Taylor method of order 20 solves to the last bits in a few steps`` () =
    let series: IVectorField<Taylor<Binary64>> = VectorField.ofFunction 2 (fun _ x -> [| x[1]; Arithmetic.(~-) x[0] |])
    let result = solve (tolerance 1e-14) (Stepper.taylor 20 series) 0.0 10.0 [| 1.0; 0.0 |]
    Assert.Equal(StopReason.Completed, result.Stop)
    Assert.True(abs (result.State[0] - cos 10.0) < 1e-13)
    Assert.True(result.Accepted < 15)

[<Fact>]
let ``a reversed horizon runs backwards in time and comes back to the start`` () =
    for tableau in [ Tableaus.dormandPrince54; Tableaus.dormandPrince853 ] do
        let run start finish state = solve (tolerance 1e-10) (Stepper.explicit tableau (Problems.circle ())) start finish state
        let there = run 0.0 2.0 [| 1.0; 0.0 |]
        Assert.True(abs (there.State[0] - cos 2.0) < 1e-8)
        let back = run 2.0 0.0 there.State
        Assert.Equal(StopReason.Completed, back.Stop)
        Assert.Equal(0.0, back.Time)
        Assert.True(abs (back.State[0] - 1.0) < 1e-7 && abs back.State[1] < 1e-7)
        // The same as the reversed field forwards.
        let mirrored =
            solve (tolerance 1e-10) (Stepper.explicit tableau (VectorField.reversed (Problems.circle ()))) -2.0 0.0 there.State

        Assert.True(Array.forall2 (fun (a: float) b -> abs (a - b) < 1e-12) back.State mirrored.State)

[<Fact>]
let ``a flow takes the same steps each time, and recording or watching it changes no bit of the end`` () =
    for tableau in pairs do
        let run settings = solve settings (Stepper.explicit tableau (Problems.circle ())) 0.0 2.0 [| 1.0; 0.0 |]
        let plain = run (tolerance 1e-6)
        let again = run (tolerance 1e-6)
        let dense = run (tolerance 1e-6 |> FlowSettings.withRecording Recording.Dense)
        let watched = run (tolerance 1e-6 |> FlowSettings.withEvent (event Crossing.Either false (fun _ x -> x[0])))

        for other in [ again; dense; watched ] do
            Assert.Equal<float[]>(plain.State, other.State)
            Assert.Equal(plain.Accepted, other.Accepted)

        Assert.Equal(plain.Accepted + 1, dense.Trace.Count)
        Assert.Equal(1, watched.Events.Length)
        Assert.True(abs (watched.Events.Head.Time - sqrt Math.PI) < 1e-3)

[<Fact>]
let ``the solution between the steps has the error of its order, and passes through the steps`` () =
    for tableau in pairs do
        // Steps of one length: the largest error inside the steps falls with the order of the extension, of the cubic at most 4.
        let order =
            match tableau.Continuous with
            | Some c -> c.Order + 1
            | None -> min 4 (tableau.Order + 1)

        let largest n =
            let settings = FlowSettings.defaults |> FlowSettings.withSteps n |> FlowSettings.withRecording Recording.Dense
            let trace = (solve settings (Stepper.explicit tableau oscillator) 0.0 2.0 [| 1.0; 0.0 |]).Trace

            for k in 0..n do
                Assert.Equal<float[]>(trace.State(k).ToArray(), trace.At(trace.Time k))

            // From the state at the start of a step: the error of the extension alone, without that of the steps before.
            Seq.max (
                seq {
                    for k in 0 .. n - 1 do
                        let t0, t1 = trace.Time k, trace.Time(k + 1)
                        let x = trace.State(k).ToArray()

                        for m in 1..7 do
                            let t = t0 + float m / 8.0 * (t1 - t0)
                            abs ((trace.At t)[0] - (x[0] * cos (t - t0) + x[1] * sin (t - t0)))
                }
            )

        let n = if order > 6 then 4 else 16
        let slope = Math.Log2(largest n / largest (2 * n))
        Assert.True(abs (slope - float order) < 0.4, $"{tableau.Name}: slope {slope}, expected {order}")

[<Fact>]
let ``events are found on the dense output, in order, in the direction asked for, and a terminal one ends the flow`` () =
    // cos t = 0 at π/2, 3π/2, 5π/2; sin t rises through 0 at 2π.
    let request crossing terminal component' = event crossing terminal (fun _ x -> x[component'])

    let run requests finish =
        let settings = List.fold (fun s r -> FlowSettings.withEvent r s) (tolerance 1e-11) requests
        solve settings (Stepper.explicit Tableaus.dormandPrince853 oscillator) 0.0 finish [| 1.0; 0.0 |]

    let near (a: float) b = Assert.True(abs (a - b) < 1e-9, $"{a}, {b}")
    let all = run [ request Crossing.Either false 0 ] 9.0
    Assert.Equal(StopReason.Completed, all.Stop)
    List.iter2 (fun (hit: EventHit) k -> near hit.Time (Math.PI * (float k + 0.5))) all.Events [ 0; 1; 2 ]
    Assert.All(all.Events, (fun hit -> near hit.State[0] 0.0))
    let falling = run [ request Crossing.Falling false 0 ] 9.0
    Assert.Equal(2, falling.Events.Length)

    let ended = run [ request Crossing.Rising false 0; request Crossing.Rising true 1 ] 9.0
    // The velocity −sin t rises through 0 at π; the position rises through 0 at 3π/2 only.
    match ended.Stop with
    | StopReason.Event(1, time) -> near time Math.PI
    | other -> Assert.Fail $"{other}"

    near ended.State[0] -1.0
    Assert.Equal(1, ended.Events.Length)
    Assert.Equal(ended.Time, ended.Trace.Time(ended.Trace.Count - 1))

    // Backwards in time the same motion, with the direction of the run.
    let settings =
        tolerance 1e-11
        |> FlowSettings.withEvent (request Crossing.Falling true 0)
        |> FlowSettings.withRecording Recording.Dense

    let back = solve settings (Stepper.explicit Tableaus.dormandPrince54 oscillator) 0.0 -9.0 [| 1.0; 0.0 |]
    near back.Time (-Math.PI / 2.0)
    near (Array.head (back.Trace.At -1.0)) (cos 1.0)
    near (Array.head (back.Trace.At back.Time)) 0.0

    // Inside the step that the event has cut short, too.
    for m in 0..8 do
        let t = back.Time + float m / 8.0 * (back.Trace.Time(back.Trace.Count - 2) - back.Time)
        near (Array.head (back.Trace.At t)) (cos t)

[<Fact>]
let ``events of one step are told in the order of their times, each change of sign once`` () =
    // One step from 3/4 to 3/2, in which cos falls through cos 1.2 and cos 0.9, −sin through −sin 1, and (t − 0.8)(t − 1.1) falls and rises.
    let requests = [
        false, (fun _ (x: float[]) -> x[0] - cos 1.2)
        false, (fun _ (x: float[]) -> x[0] - cos 0.9)
        true, (fun _ (x: float[]) -> x[1] + sin 1.0)
        false, (fun t _ -> (t - 0.8) * (t - 1.1))
    ]

    let run isTerminal =
        let settings = FlowSettings.withSteps 2 FlowSettings.defaults

        let settings =
            List.fold
                (fun settings (ends, g) -> FlowSettings.withEvent (event Crossing.Either (ends && isTerminal) g) settings)
                settings
                requests

        solve settings (Stepper.explicit Tableaus.dormandPrince853 oscillator) 0.0 1.5 [| 1.0; 0.0 |]

    let told (flow: FlowResult) = flow.Events |> List.map (fun hit -> hit.Event, Math.Round(hit.Time, 6))
    Assert.Equal<(int * float) list>([ 3, 0.8; 1, 0.9; 2, 1.0; 3, 1.1; 0, 1.2 ], told (run false))
    Assert.Equal<(int * float) list>([ 3, 0.8; 1, 0.9; 2, 1.0 ], told (run true))

[<Fact>]
let ``the first step and the largest one are those asked for`` () =
    let settings = { tolerance 1e-4 with FirstStep = Some 0.01; LargestStep = 0.125; Recording = Recording.Steps }

    for finish in [ 3.0; -3.0 ] do
        let trace = (solve settings (Stepper.explicit Tableaus.dormandPrince54 oscillator) 0.0 finish [| 1.0; 0.0 |]).Trace
        Assert.Equal(0.01, abs (trace.Time 1))
        let lengths = [ for n in 1 .. trace.Count - 1 -> abs (trace.Time n - trace.Time(n - 1)) ]
        Assert.All(lengths, (fun h -> Assert.True(h <= 0.125 + 1e-15)))
        // The tolerance allows for longer steps, so that nearly all are the largest one.
        Assert.True(trace.Count <= 28, $"{trace.Count}")

[<Fact>]
let ``a solution that blows up is stopped where it does, with the time it points to`` () =
    for tableau in pairs do
        // x′ = x², x(0) = 1: 1/(1 − t)
        let result = solve (tolerance 1e-6) (Stepper.explicit tableau (Problems.square ())) 0.0 2.0 [| 1.0 |]

        match result.Stop with
        | StopReason.BlowUp(magnitude, time) ->
            Assert.True(magnitude > 1e8 && time = result.Time && abs (time - 1.0) < 1e-4, $"{tableau.Name}: {result.Stop}")
        | other -> Assert.Fail $"{tableau.Name}: {other}"

        Assert.True(Double.IsFinite result.State[0] && result.State[0] > 1e8)

[<Fact>]
let ``a field that is not finite stops the flow before it, with the component and the time`` () =
    // √(1 − t) is real up to 1 only.
    let root = field 2 (fun t _ -> [| 1.0; sqrt (1.0 - t) |])
    let result = solve (tolerance 1e-8) (Stepper.explicit Tableaus.dormandPrince54 root) 0.0 2.0 [| 0.0; 0.0 |]

    match result.Stop with
    | StopReason.NotFinite(1, time) -> Assert.True(time > 0.999 && time <= 1.0, $"{time}")
    | other -> Assert.Fail $"{other}"

    // Integral of the root: 2/3 at 1, and the best so far is there.
    Assert.True(abs (result.State[1] - 2.0 / 3.0) < 1e-3)

    // At the start already, for adaptive and for fixed steps.
    let bad = field 1 (fun _ _ -> [| nan |])

    for settings in [ tolerance 1e-8; FlowSettings.withSteps 10 FlowSettings.defaults ] do
        let result = solve settings (Stepper.explicit Tableaus.dormandPrince54 bad) 1.0 2.0 [| 5.0 |]
        Assert.Equal(StopReason.NotFinite(0, 1.0), result.Stop)
        Assert.Equal<float[]>([| 5.0 |], result.State)

[<Fact>]
let ``a jump that no step can cross and a limit of steps are told, with the best result so far`` () =
    let limited = { tolerance 1e-10 with StepLimit = 7 }
    let result = solve limited (Stepper.explicit Tableaus.dormandPrince54 oscillator) 0.0 100.0 [| 1.0; 0.0 |]
    Assert.Equal(StopReason.StepLimit(7, result.Time), result.Stop)
    Assert.Equal(7, result.Accepted + result.Rejected)
    Assert.True(result.Time > 0.0 && abs (result.State[0] - cos result.Time) < 1e-8)

    // x = √(1 − t), x′ = −1/(2x): the solution ends at 1 with a state that does not grow.
    let ending = field 1 (fun _ x -> [| -0.5 / x[0] |])
    let result = solve (tolerance 1e-8) (Stepper.explicit Tableaus.dormandPrince54 ending) 0.0 2.0 [| 1.0 |]

    match result.Stop with
    | StopReason.StepTooSmall(_, time)
    | StopReason.NotFinite(_, time) -> Assert.True(abs (time - 1.0) < 1e-6, $"{time}")
    | other -> Assert.Fail $"{other}"

[<Fact>]
let ``an implicit step that does not contract ends a flow of fixed steps`` () =
    let stiff = field 1 (fun _ x -> [| -50.0 * x[0] |])
    let stepper = Stepper.implicit (fun (a: Binary64) -> abs a.Value) (Tableau.over Tableaus.implicitMidpoint) stiff
    let result = solve (FlowSettings.withSteps 4 FlowSettings.defaults) stepper 0.0 4.0 [| 1.0 |]
    Assert.Equal(StopReason.NoContraction(1.0, 0.0), result.Stop)
    let fine = solve (FlowSettings.withSteps 400 FlowSettings.defaults) stepper 0.0 4.0 [| 1.0 |]
    Assert.Equal(StopReason.Completed, fine.Stop)

[<Fact>]
let ``every reason to stop is a sentence with its quantities and a remedy`` () =
    let reasons = [
        StopReason.Event(3, 1.5), [ "3"; "1.5" ]
        StopReason.StepLimit(77, 1.5), [ "77"; "1.5" ]
        StopReason.StepTooSmall(1e-17, 1.5), [ "1E-17"; "1.5" ]
        StopReason.NotFinite(2, 1.5), [ "x3"; "1.5" ]
        StopReason.BlowUp(1e18, 1.5), [ "1E+18"; "1.5" ]
        StopReason.NoContraction(0.25, 1.5), [ "0.25"; "1.5" ]
    ]

    for reason, quantities in reasons do
        Assert.All(quantities, (fun quantity -> Assert.Contains(quantity, reason.Sentence)))
        // What happened, and what to do.
        Assert.True(reason.Sentence.TrimEnd('.').Contains ". ", reason.Sentence)

[<Fact>]
let ``bad input is refused with all that is wrong`` () =
    let stepper = Stepper.explicit Tableaus.dormandPrince54 oscillator

    let places settings stepper start finish state =
        match Flow.solve settings stepper start finish state with
        | Ok _ -> []
        | Error defects -> defects |> List.map _.Where

    let good = FlowSettings.defaults
    let x = [| 1.0; 0.0 |]
    Assert.Equal<string list>([ "horizon" ], places good stepper 1.0 1.0 x)
    Assert.Equal<string list>([ "horizon" ], places good stepper 0.0 infinity x)
    Assert.Equal<string list>([ "state" ], places good stepper 0.0 1.0 [| 1.0 |])
    Assert.Equal<string list>([ "state, component 1" ], places good stepper 0.0 1.0 [| 1.0; nan |])
    Assert.Equal<string list>([ "relative tolerance" ], places (FlowSettings.withTolerances 0.0 1e-6 good) stepper 0.0 1.0 x)
    Assert.Equal<string list>([ "relative tolerance" ], places (FlowSettings.withTolerances 1e-17 1e-6 good) stepper 0.0 1.0 x)
    Assert.Equal<string list>([ "absolute tolerance" ], places (FlowSettings.withTolerances 1e-6 0.0 good) stepper 0.0 1.0 x)
    Assert.Equal<string list>([ "step control" ], places good (Stepper.explicit Tableaus.euler oscillator) 0.0 1.0 x)
    Assert.Equal<string list>([ "step control" ], places (FlowSettings.withSteps 0 good) stepper 0.0 1.0 x)
    Assert.Equal<string list>([ "first step" ], places { good with FirstStep = Some -1.0 } stepper 0.0 1.0 x)
    Assert.Equal<string list>([ "largest step"; "step limit" ], places { good with LargestStep = 0.0; StepLimit = 0 } stepper 0.0 1.0 x)
    // Everything at once.
    Assert.Equal(3, (places (FlowSettings.withTolerances nan nan good) stepper 2.0 2.0 x).Length)

[<Fact>]
let ``fixed steps end at the end exactly and are those of the generic loop`` () =
    let count = 10

    let result =
        solve (FlowSettings.withSteps count FlowSettings.defaults) (Stepper.explicit Tableaus.rungeKutta4 oscillator) 0.0 1.0 [| 1.0; 0.0 |]

    Assert.Equal(1.0, result.Time)
    Assert.Equal(count, result.Accepted)
    let stepper = Stepper.explicit Tableaus.rungeKutta4 oscillator
    let states = Stepper.trajectory (Binary64 0.0) (Binary64 0.1) count (Binary64.ofFloats [| 1.0; 0.0 |]) stepper
    Assert.True(Array.forall2 (fun (a: float) (b: Binary64) -> abs (a - b.Value) < 1e-15) result.State states[count])

[<Fact>]
let ``more steps allocate nothing more`` () =
    for tableau in [ Tableaus.dormandPrince54; Tableaus.dormandPrince853 ] do
        let stepper = Stepper.explicit tableau oscillator

        let once finish =
            let before = GC.GetAllocatedBytesForCurrentThread()
            let result = solve (tolerance 1e-8) stepper 0.0 finish [| 1.0; 0.0 |]
            GC.GetAllocatedBytesForCurrentThread() - before, result.Accepted

        // A collection in between adds what is left of the thread's share of memory; what the steps allocate, they do every time.
        let allocated finish = Seq.init 5 (fun _ -> once finish) |> Seq.min

        allocated 10.0 |> ignore
        let short, few = allocated 10.0
        let long, many = allocated 1000.0
        Assert.True(many > 50 * few)
        // Less than one object.
        Assert.True(abs (long - short) < 24L, $"{tableau.Name}: {short} bytes for {few} steps, {long} for {many}")
