module LayerTime.Core.Tests.Semantics.BatchFieldTests

open System
open Xunit
open FsCheck.FSharp
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Tests

let private numbers (seed: int) (scale: float) (count: int) : Binary64[] =
    let random = Random seed
    Array.init count (fun _ -> Binary64(scale * (2.0 * random.NextDouble() - 1.0)))

let private bits (xs: Binary64[]) = xs |> Array.map (fun x -> BitConverter.DoubleToInt64Bits x.Value)

/// A field of d components through some layers, and the number of samples.
let private map (seed: int) (widths: int list) : LayerMap<Binary64> =
    let activations: Activation<Binary64>[] = [|
        Activation.transcendental TranscendentalName.Tanh
        Activation.Identity
        Activation.transcendental TranscendentalName.Softplus
        Activation.Relu
    |]

    let layer (m: int) (columns: int, rows: int) =
        let entries = numbers (seed + m) 1.0 (rows * columns)
        let weights = Matrix.init rows columns (fun i j -> entries[i * columns + j])
        Layer.create weights (numbers (seed - m) 1.0 rows) [| activations[(seed + m) % 4] |] |> Defect.orFail

    widths @ [ widths.Head ] |> List.pairwise |> List.mapi layer |> List.toArray |> LayerMap.create |> Defect.orFail

let private cases =
    Arb.fromGen (Gen.zip3 (Gen.listOfLength 2 (Gen.choose (1, 14))) (Gen.choose (1, 21)) (Gen.choose (0, 1000000)))

[<Property>]
let ``slopes and covectors of a batch in lanes have every bit of those of its samples`` () =
    Prop.forAll cases (fun (widths, samples, seed) ->
        let map = map seed widths
        let all = BatchField.ofLayerMap samples map
        let each: IDifferentiableField<Binary64> = SampleBySample(DifferentiableField.ofLayerMap map, samples)
        let x, v = numbers (seed + 1) 2.0 all.Dimension, numbers (seed + 2) 2.0 all.Dimension

        let run (field: IDifferentiableField<Binary64>) =
            let slope, back = Array.zeroCreate field.Dimension, Array.zeroCreate field.Dimension
            field.Evaluate(Binary64 0.0, ReadOnlySpan x, Span slope)
            field.Pullback(Binary64 0.0, ReadOnlySpan x, ReadOnlySpan v, Span back, Span.Empty)
            bits slope, bits back

        // Twice, so that nothing of one use is left for the next.
        all.Parameters = each.Parameters && run all = run each && run all = run each)

[<Property>]
let ``the gradient of a batch in the parameters is the sum of those of its samples, up to rounding`` () =
    Prop.forAll cases (fun (widths, samples, seed) ->
        let map = map seed widths
        let all = BatchField.ofLayerMap samples map
        let one = DifferentiableField.ofLayerMap map
        let x, v = numbers (seed + 1) 2.0 all.Dimension, numbers (seed + 2) 2.0 all.Dimension
        let before = numbers (seed + 3) 1.0 all.Parameters
        let found = Array.copy before
        all.Pullback(Binary64 0.0, ReadOnlySpan x, ReadOnlySpan v, Span(Array.zeroCreate all.Dimension), Span found)

        // Each term of a sample by itself.
        let terms =
            Array.init samples (fun n ->
                let own (all: Binary64[]) = Array.init one.Dimension (fun c -> all[c * samples + n])
                let gradient = Array.zeroCreate one.Parameters
                one.Pullback(Binary64 0.0, ReadOnlySpan(own x), ReadOnlySpan(own v), Span(Array.zeroCreate one.Dimension), Span gradient)
                Binary64.toFloats gradient)

        // Both sums have n + 1 terms: each is wrong by n·ε times the sum of their sizes, and by one rounding of a term.
        let ε = Math.ScaleB(1.0, -53)

        Array.forall
            (fun p ->
                let exact =
                    Seq.sum (
                        seq {
                            before[p].Value
                            yield! Seq.map (fun (t: float[]) -> t[p]) terms
                        }
                    )

                let sizes =
                    Seq.sum (
                        seq {
                            abs before[p].Value
                            yield! Seq.map (fun (t: float[]) -> abs t[p]) terms
                        }
                    )

                abs (found[p].Value - exact) <= 2.01 * float (samples + 2) * ε * sizes)
            [| 0 .. all.Parameters - 1 |])

[<Fact>]
let ``over fractions the gradient through the flow of a batch is the sum of those through the flows of its samples`` () =
    let q (a: int) (b: int) = Rational.create a b
    let weights = Matrix.init 2 2 (fun i j -> q (1 + i - 2 * j) 3)

    let map =
        LayerMap.create [|
            Layer.create weights [| q 1 2; q -1 5 |] [| Activation.Square |] |> Defect.orFail
            Layer.affine weights [| q 0 1; q 1 7 |] |> Defect.orFail
        |]
        |> Defect.orFail

    let states = [| [| q 1 2; q 1 3 |]; [| q -1 4; q 2 3 |]; [| q 0 1; q 1 1 |] |]
    let steps: StepSequence<Rational> = StepSequence.uniform Rational.Zero (q 1 4) 2

    let gradient (field: IDifferentiableField<Rational>) (start: Rational[]) =
        DiscreteAdjoint.gradient Checkpointing.StoreAll (StepAdjoint.explicit Tableaus.heun field) steps start (Array.map (fun x -> x + x))
        |> Defect.orFail

    let all = gradient (BatchField.ofLayerMap 3 map) (Array.init 6 (fun i -> states[i % 3][i / 3]))
    let each = states |> Array.map (gradient (DifferentiableField.ofLayerMap map))
    Assert.Equal<Rational list>(each |> Array.map _.Parameters |> Array.reduce Vector.add |> List.ofArray, List.ofArray all.Parameters)

    Assert.Equal<Rational list>(
        [
            for c in 0..1 do
                for g in each do
                    g.State[c]
        ],
        List.ofArray all.State
    )

    Assert.Equal<Rational list>(
        [
            for c in 0..1 do
                for g in each do
                    g.Final[c]
        ],
        List.ofArray all.Final
    )

[<Fact>]
let ``the way back through a batch allocates nothing`` () =
    let map = map 0 [ 8; 16 ]
    let field = BatchField.ofLayerMap 6 map
    let x, v = numbers 1 1.0 field.Dimension, numbers 2 1.0 field.Dimension
    let back, gradient = Array.zeroCreate field.Dimension, Array.zeroCreate field.Parameters
    let run () = field.Pullback(Binary64 0.0, ReadOnlySpan x, ReadOnlySpan v, Span back, Span gradient)
    run ()

    let allocated () =
        let before = GC.GetAllocatedBytesForCurrentThread()

        for _ in 1..100 do
            run ()

        GC.GetAllocatedBytesForCurrentThread() - before

    // The least of some: the compiler allocates too while it replaces early code by faster code.
    Assert.Equal(0L, Seq.min (Seq.init 20 (fun _ -> allocated ())))
