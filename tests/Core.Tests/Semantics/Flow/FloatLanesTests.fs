module LayerTime.Core.Tests.Semantics.FloatLanesTests

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

[<Property>]
let ``a network of floats in lanes has every bit of the semantics, at any width and activation`` () =
    let widths = Gen.listOfLength 4 (Gen.frequency [ 4, Gen.choose (1, 20); 1, Gen.choose (60, 150) ])

    Prop.forAll (Arb.fromGen (Gen.zip widths (Gen.choose (0, 1000000)))) (fun (widths, seed) ->
        let activations: Activation<Binary64>[] = [|
            Activation.transcendental TranscendentalName.Tanh
            Activation.Identity
            Activation.Relu
            Activation.transcendental TranscendentalName.Softplus
        |]

        let layer (m: int) (columns: int, rows: int) =
            let entries = numbers (seed + m) 2.0 (rows * columns)
            let weights = Matrix.init rows columns (fun i j -> entries[i * columns + j])
            Layer.create weights (numbers (seed - m) 1.0 rows) [| activations[(seed + m) % 4] |] |> Defect.orFail

        let map = widths |> List.pairwise |> List.mapi layer |> List.toArray |> LayerMap.create |> Defect.orFail
        let state = numbers (seed + 17) 3.0 map.InputWidth
        let slope = Array.zeroCreate map.OutputWidth
        (VectorField.ofLayerMap map).Evaluate(Binary64 0.0, ReadOnlySpan state, Span slope)
        bits slope = bits (LayerMap.apply map state))

[<Fact>]
let ``tanh in lanes has every bit of the scalar one, at the seams of its formulas and where there is no number too`` () =
    let near (x: float) = [ Math.BitDecrement x; x; Math.BitIncrement x ]

    let seams = [
        for x in [ 0.0; 0.125; 1.0; 19.0; 20.0; 1e-300; Double.Epsilon; 1e300; infinity ] do
            for y in near x do
                y
                -y

        nan
    ]

    let random = Random 20
    let spread = List.init 100000 (fun _ -> (2.0 * random.NextDouble() - 1.0) * Math.Pow(2.0, float (random.Next(-30, 6))))
    let xs = List.toArray (seams @ spread)
    let padded = Array.append xs (Array.zeroCreate (8 - xs.Length % 8))
    let values = Array.copy padded
    FloatLanes.tanhInPlace (Span values)

    for x, value in Array.zip padded values do
        let scalar = Elementary.tanh x

        Assert.True(
            BitConverter.DoubleToInt64Bits scalar = BitConverter.DoubleToInt64Bits value
            || Double.IsNaN scalar && Double.IsNaN value,
            $"tanh {x}: {value}, not {scalar}"
        )

[<Property>]
let ``stages in lanes have every bit of the semantics, at any dimension`` () =
    Prop.forAll (Arb.fromGen (Gen.zip (Gen.choose (1, 40)) (Gen.choose (0, 1000000)))) (fun (d, seed) ->
        let tableau = Tableaus.dormandPrince853
        let x, k = numbers seed 1.0 d, numbers (seed + 1) 5.0 (tableau.Stages.Length * d)
        let h = Binary64 0.1

        tableau.Stages
        |> Array.skip 1
        |> Array.forall (fun row ->
            let weights: SparseWeights<Binary64> = SparseWeights.create row
            let advanced, expected = Array.zeroCreate d, Array.zeroCreate d
            SparseWeights.advance weights h x k (Span advanced)
            SparseWeights.ofSemantics weights h (ReadOnlySpan x) k (Span expected)
            let combined, sum = Array.zeroCreate d, Array.zeroCreate d
            SparseWeights.combine weights h k (Span combined)
            SparseWeights.ofSemantics weights h ReadOnlySpan<Binary64>.Empty k (Span sum)
            bits advanced = bits expected && bits combined = bits sum))

[<Property>]
let ``the scaled size in lanes is the largest quotient, and no number where one is none`` () =
    Prop.forAll (Arb.fromGen (Gen.zip (Gen.choose (1, 40)) (Gen.choose (0, 1000000)))) (fun (d, seed) ->
        let x, y, z = numbers seed 1.0 d, numbers (seed + 1) 1.0 d, numbers (seed + 2) 1.0 d
        let quotient i = abs x[i].Value / (1e-7 + 1e-6 * max (abs y[i].Value) (abs z[i].Value))
        let expected = Seq.max (Seq.init d quotient)
        let found = StepSize.scaled 1e-6 1e-7 x y z
        x[seed % d] <- Binary64 nan
        found = expected && Double.IsNaN(StepSize.scaled 1e-6 1e-7 x y z))

[<Fact>]
let ``a neural ODE allocates nothing per step, by stages and by series`` () =
    for d, isSeries in List.allPairs [ 3; 8; 64 ] [ false; true ] do
        let entries = numbers d 0.3 (d * d)

        let map =
            LayerMap.dense
                (Matrix.init d d (fun i j -> entries[i * d + j]))
                (numbers 1 0.1 d)
                (Activation.transcendental TranscendentalName.Tanh)
            |> Defect.orFail

        let stepper =
            if isSeries then
                Stepper.ofSeries (SolutionSeries.ofPiece 14 { Until = Rational.ofInt 50; Coefficients = [| map |] })
            else
                Stepper.explicit Tableaus.dormandPrince853 (VectorField.ofLayerMap map)

        let settings = FlowSettings.defaults |> FlowSettings.withTolerances 1e-8 1e-8

        let allocated finish =
            let before = GC.GetAllocatedBytesForCurrentThread()

            match Flow.solve settings stepper 0.0 finish (Array.create d 0.5) with
            | Ok result -> GC.GetAllocatedBytesForCurrentThread() - before, result.Accepted
            | Error defects -> failwith $"{defects}"

        // The least of some runs: the compiler allocates too while it replaces early code by faster code.
        let least finish = List.init 20 (fun _ -> allocated finish) |> List.minBy fst
        let short, few = least 1.0
        let long, many = least 50.0
        Assert.True(many > 5 * few)
        // Less than one object.
        Assert.True(abs (long - short) < 24L, $"d = {d}: {short} bytes for {few} steps, {long} for {many}")
