module LayerTime.Core.Tests.Semantics.CheckpointTests

open System
open System.Numerics
open Xunit
open FsCheck
open FsCheck.FSharp
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Tests

let private network: LayerMap<Binary64> =
    let wave i j l = Binary64(Elementary.sin (0.37 * float i + 0.91 * float j + 1.7 * float l + 1.13 * float (i * j)))

    let layer rows columns l activation =
        Layer.create (Matrix.init rows columns (fun i j -> wave i j l)) (Array.init rows (fun i -> wave i 9 l)) [| activation |]
        |> Defect.orFail

    LayerMap.create [| layer 6 3 1 Activation.tanh; layer 3 6 2 Activation.Identity |] |> Defect.orFail

/// Weights that depend on time, so that a step that starts at a rounded time would be seen.
let private field () =
    DifferentiableField.ofPiece {
        Until = Rational.One
        Coefficients = [| network; LayerMap.map id (fun _ -> Activation.Identity) network |]
    }

let private start = Binary64.ofFloats [| 0.3; -0.2; 0.5 |]

let private gradient tableau checkpointing (count: int) =
    let steps = StepSequence.uniform (Binary64 0.0) (Binary64(1.0 / float count)) count
    DiscreteAdjoint.gradient checkpointing (StepAdjoint.explicit tableau (field ())) steps start id |> Defect.orFail

/// t(N, s) by its definition: the best first stretch m costs m, then the stretch above with one state less, then the one below.
let private fewest: int -> int -> int64 =
    let known = Collections.Generic.Dictionary<struct (int * int), int64>()

    let rec t steps states =
        if steps <= 1 then
            0L
        elif states = 1 then
            int64 steps * int64 (steps - 1) / 2L
        else
            match known.TryGetValue(struct (steps, states)) with
            | true, value -> value
            | _ ->
                let value = seq { 1 .. steps - 1 } |> Seq.map (fun m -> int64 m + t (steps - m) (states - 1) + t m states) |> Seq.min
                known[struct (steps, states)] <- value
                value

    t

[<Fact>]
let ``the gradient is the same bit for bit with every layout of checkpoints`` () =
    for tableau in [ Tableaus.euler; Tableaus.rungeKutta4; Tableaus.dormandPrince54 ] do
        for count in [ 1; 2; 7; 16; 23 ] do
            let all = gradient tableau Checkpointing.StoreAll count

            for checkpointing in Checkpointing.SquareRoot :: List.map Checkpointing.Binomial [ 1; 2; 3; 5; 40 ] do
                let other = gradient tableau checkpointing count
                Assert.Equal<Binary64[]>(all.Final, other.Final)
                Assert.Equal<Binary64[]>(all.State, other.State)
                Assert.Equal<Binary64[]>(all.Parameters, other.Parameters)

[<Fact>]
let ``binomial checkpoints repeat the fewest steps that any layout can, and square-root ones all but the last stretch`` () =
    for count in [ 1; 2; 5; 9; 17; 30 ] do
        for states in 1..6 do
            Assert.Equal(fewest count states, (gradient Tableaus.euler (Checkpointing.Binomial states) count).Repeated)

        let stretch = int (ceil (sqrt (float count)))
        let last = if count % stretch = 0 then stretch else count % stretch
        Assert.Equal(int64 (count - last), (gradient Tableaus.euler Checkpointing.SquareRoot count).Repeated)
        Assert.Equal(0L, (gradient Tableaus.euler Checkpointing.StoreAll count).Repeated)

[<Fact>]
let ``the number of repeated steps is rN − C(s + r, s + 1) with the smallest r for which N ≤ C(s + r, s)`` () =
    let binomial (n: int) (k: int) =
        Seq.fold (fun (c: BigInteger) i -> c * BigInteger(n - i) / BigInteger(i + 1)) BigInteger.One (seq { 0 .. k - 1 })

    for steps in [ 2; 10; 100; 1000; 12345 ] do
        for states in [ 1; 2; 3; 8; 20; 100 ] do
            let r = Seq.initInfinite id |> Seq.find (fun r -> BigInteger steps <= binomial (states + r) states)
            let expected = BigInteger r * BigInteger steps - binomial (states + r) (states + 1)
            Assert.Equal(expected, BigInteger(Checkpointing.repeated steps states))

    // C(10 + 4, 10) = 1001 steps with ten states: each is repeated at most four times, 4·1001 − C(14, 11) = 4004 − 364 in all.
    Assert.Equal(3640L, Checkpointing.repeated 1001 10)

[<Fact>]
let ``no state at all, and steps of the wrong shape, are refused`` () =
    let adjoint = StepAdjoint.explicit Tableaus.euler (field ())

    let refused checkpointing steps state =
        match DiscreteAdjoint.gradient checkpointing adjoint steps state id with
        | Ok _ -> ""
        | Error defects -> defects |> List.map string |> String.concat "; "

    let steps = StepSequence.uniform (Binary64 0.0) (Binary64 0.5) 2
    Assert.Equal("checkpoints: found 0 states, expected at least one, the start", refused (Checkpointing.Binomial 0) steps start)
    Assert.Equal("state: found 2 components, expected 3", refused Checkpointing.StoreAll steps start[..1])

    Assert.Equal(
        "steps: found 1 lengths, expected 2, one for each time",
        refused Checkpointing.StoreAll { steps with Lengths = [| Binary64 1.0 |] } start
    )

[<Fact>]
let ``the gradient of an adaptive flow is that of its steps, bit for bit, and its end is that of the flow`` () =
    for tableau in [ Tableaus.bogackiShampine32; Tableaus.dormandPrince54; Tableaus.verner65; Tableaus.dormandPrince853 ] do
        for finish in [ 2.0; -2.0 ] do
            let settings = FlowSettings.defaults |> FlowSettings.withTolerances 1e-7 1e-9
            let flow = FlowAdjoint(StepAdjoint.adaptive tableau (field ()))
            let plain = Flow.solve settings (Stepper.explicit tableau (field ())) 0.0 finish (Binary64.toFloats start) |> Defect.orFail
            // Twice, as the second time its memory is in use.
            flow.Solve(settings, 0.0, 0.1, [| 1.0; 1.0; 1.0 |], id) |> Defect.orFail |> ignore
            let result, gradient = flow.Solve(settings, 0.0, finish, Binary64.toFloats start, id) |> Defect.orFail
            Assert.Equal<float[]>(plain.State, result.State)
            Assert.Equal(plain.Evaluations, result.Evaluations)
            Assert.True(result.Accepted > 3)

            for checkpointing in [ Checkpointing.StoreAll; Checkpointing.Binomial 3 ] do
                let again =
                    DiscreteAdjoint.gradient checkpointing (StepAdjoint.explicit tableau (field ())) flow.Steps start id |> Defect.orFail

                Assert.Equal<Binary64[]>(gradient.Final, again.Final)
                Assert.Equal<Binary64[]>(gradient.State, again.State)
                Assert.Equal<Binary64[]>(gradient.Parameters, again.Parameters)

[<Fact>]
let ``the way there and back allocates nothing per step`` () =
    let adjoint = StepAdjoint.explicit Tableaus.dormandPrince54 (field ())
    let x, next, momentum = Array.copy start, Array.copy start, Array.copy start
    let memory, parameters = Array.create adjoint.Memory (Binary64 0.0), Array.create adjoint.Parameters (Binary64 0.0)

    let rounds n =
        for _ in 1..n do
            adjoint.Stepper.Restart()
            adjoint.Step(Binary64 0.0, Binary64 0.01, x, next, Span memory) |> ignore
            adjoint.Pull(Binary64 0.01, ReadOnlySpan memory, momentum, Span parameters)

    rounds 50
    let before = GC.GetAllocatedBytesForCurrentThread()
    rounds 1000
    Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1000L)

[<Fact>]
let ``the gradient of a neural ODE is the same bit for bit with checkpoints, for every method and across a jump`` () =
    // q′ = c·p, p′ = −c·tanh q + t, with which every method can do.
    let map (c: float) (drive: float) (activation: Activation<Binary64>) : LayerMap<Binary64> =
        LayerMap.create [|
            Layer.create (Matrix.init 2 2 (fun i j -> Binary64(if i = j then c else 0.0))) (Array.create 2 (Binary64 0.0)) [|
                activation
                Activation.Identity
            |]
            |> Defect.orFail
            Layer.create
                (Matrix.ofRows [| Binary64.ofFloats [| 0.0; c |]; Binary64.ofFloats [| -c; 0.0 |] |])
                (Binary64.ofFloats [| 0.0; drive |])
                [| Activation.Identity |]
            |> Defect.orFail
        |]
        |> Defect.orFail

    let ode =
        NeuralOde.create
            None
            [|
                { Until = Rational.create 1 2; Coefficients = [| map 1.0 0.0 Activation.tanh; map 0.0 1.0 Activation.Identity |] }
                { Until = Rational.One; Coefficients = [| map 0.75 0.5 Activation.tanh |] }
            |]
            None
        |> Defect.orFail

    for name in FlowMethod.names |> List.map (fun name -> name.Replace("-N", "-5")) do
        let method = (FlowMethod.tryFind name).Value

        let gradient checkpointing =
            let settings = FlowSettings.defaults |> FlowSettings.withSteps 24 |> FlowSettings.withRecording Recording.Final

            NeuralGradient.solve
                checkpointing
                settings
                method
                ode
                Rational.Zero
                Rational.One
                [| 0.5; -0.25 |]
                (Array.map (fun x -> 2.0 * x))
            |> Defect.orFail

        let all = gradient Checkpointing.StoreAll
        Assert.Equal(0L, all.Repeated)
        Assert.Equal(25, all.Times.Length)

        for checkpointing in [ Checkpointing.SquareRoot; Checkpointing.Binomial 1; Checkpointing.Binomial 3 ] do
            let some = gradient checkpointing
            Assert.Equal<float[][]>(all.Parameters, some.Parameters)
            Assert.Equal<float[]>([| 0.0; 0.5; 1.0 |], some.Times)
            Assert.Equal<float[][]>([| all.Momenta[0]; all.Momenta[12]; all.Momenta[24] |], some.Momenta)
            Assert.True(some.Repeated > 0L, name)
