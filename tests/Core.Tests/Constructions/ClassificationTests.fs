module LayerTime.Core.Tests.Constructions.ClassificationTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions

let private n = Rational.ofInt
let private scalar p = [| n p |]

/// A layer of scalars as a black box.
let private box k (f: Rational[] -> Rational) : BlackBox = { Blocks = k; Width = 1; Value = fun z -> [| f (Array.map Array.head z) |] }

let private parts answer =
    match answer with
    | LayerClass.Additive parts -> parts
    | _ -> failwith "expected a decided sum"

let private abs' (t: Rational) = Rational.abs t

[<Fact>]
let ``a product of two blocks is no sum, and the witness is true`` () =
    let layer = box 3 (fun z -> z[0] + z[1] * z[2])

    match Classification.classify (LayerKnowledge.Polynomial 2) layer with
    | LayerClass.Mixed w ->
        Assert.Equal((2, 3), w.BlockPair)
        Assert.Equal<Rational[]>(w.Value, Classification.mixedDifference layer w.Corner w.BlockPair w.Moves)
        Assert.NotEqual<Rational[]>(scalar 0, w.Value)
    | _ -> Assert.Fail "expected a mixed layer"

[<Fact>]
let ``a product that vanishes on the unit square is no sum`` () =
    match Classification.classify (LayerKnowledge.Polynomial 3) (box 2 (fun z -> z[0] * (z[0] - n 1) * z[1])) with
    | LayerClass.Mixed _ -> ()
    | _ -> Assert.Fail "expected a mixed layer"

[<Fact>]
let ``the parts of a sum add up to the layer`` () =
    let f (z: Rational[]) = n 3 + z[0] * z[0] - n 2 * z[1] + z[2] * z[2] * z[2] - z[2]
    let parts = Classification.classify (LayerKnowledge.Polynomial 3) (box 4 f) |> parts
    Assert.Equal(3, parts.EffectiveOrder)

    for z in [ [ 1; 2; 3; 4 ]; [ -1; 0; 5; 2 ]; [ 0; 0; 0; 0 ] ] do
        let sum = List.mapi (fun j a -> Array.head (parts.Maps[j](scalar a))) z |> List.reduce (+)
        Assert.Equal(f (z |> List.map n |> List.toArray), sum)

[<Fact>]
let ``a smooth layer is recognised and its force found`` () =
    // ∇³x⁺ = x² + 1, with the constant hidden in f_3.
    let layer = box 3 (fun z -> z[0] * z[0] + n 3 * z[0] - n 3 * z[1] + z[2] + n 1)
    let parts = Classification.classify (LayerKnowledge.Polynomial 2) layer |> parts
    Assert.Equal(3, parts.EffectiveOrder)

    match parts.Smooth with
    | SmoothAnswer.Smooth force -> Assert.Equal<Rational[]>(scalar 26, force (scalar 5))
    | SmoothAnswer.NotSmooth _ -> Assert.Fail "expected a smooth layer"

[<Fact>]
let ``a cubic past is not taken for a smooth one although it agrees at three points`` () =
    // The product vanishes at 0, 1 and 2.
    let layer = box 2 (fun z -> z[0] - z[1] + z[1] * (z[1] - n 1) * (z[1] - n 2))

    match (Classification.classify (LayerKnowledge.Polynomial 3) layer |> parts).Smooth with
    | SmoothAnswer.NotSmooth w -> Assert.Equal(2, w.Block)
    | SmoothAnswer.Smooth _ -> Assert.Fail "expected a layer that is not smooth"

let private plane (normal: int list) (offset: int) = { Normal = normal |> List.map n |> List.toArray; Offset = n offset }

[<Fact>]
let ``kinks that cancel do not make a layer mixed`` () =
    // |z₁ + z₂| − |z₁ + z₂| + |z₁ − 1|: the first hyperplane is announced, but nothing happens there.
    let layer = box 2 (fun z -> abs' (z[0] - n 1) + n 2 * z[1])
    let knowledge = LayerKnowledge.Kinks [ plane [ 1; 1 ] 0; plane [ 1; 0 ] -1 ]
    Assert.Equal(2, (Classification.classify knowledge layer |> parts).EffectiveOrder)

[<Fact>]
let ``a weak kink far away and close to another one is found`` () =
    let kink (z: Rational[]) = abs' (z[0] + z[1] - n 1000) / n 1000000
    let layer = box 2 (fun z -> kink z + abs' (n 1000 * (z[0] + z[1]) - n 999999))
    let planes = [ plane [ 1; 1 ] -1000; { Normal = [| n 1; n 1 |]; Offset = Rational.create -999999 1000 } ]

    match Classification.classify (LayerKnowledge.Kinks planes) layer with
    | LayerClass.Mixed _ -> ()
    | _ -> Assert.Fail "expected a mixed layer"

    let one = box 2 kink

    match Classification.classify (LayerKnowledge.Kinks planes) one with
    | LayerClass.Mixed w -> Assert.NotEqual<Rational[]>(scalar 0, w.Value)
    | _ -> Assert.Fail "expected a mixed layer"

[<Fact>]
let ``a kink in the past of one block makes a sum that is not smooth`` () =
    let layer = box 2 (fun z -> n 2 * z[0] - z[1] + Rational.PositivePart(z[1] - n 40))
    let parts = Classification.classify (LayerKnowledge.Kinks [ plane [ 0; 1 ] -40 ]) layer |> parts

    match parts.Smooth with
    | SmoothAnswer.NotSmooth w -> Assert.Equal(2, w.Block)
    | SmoothAnswer.Smooth _ -> Assert.Fail "expected a layer that is not smooth"

[<Fact>]
let ``samples refute and never prove`` () =
    let mixed = box 2 (fun z -> Rational.PositivePart(z[0] + z[1]))

    match Classification.classify (LayerKnowledge.Samples [ [| n 1; n -1 |] ]) mixed with
    | LayerClass.Mixed _ -> ()
    | _ -> Assert.Fail "expected a mixed layer"

    match Classification.classify (LayerKnowledge.Samples [ [| n 1; n 1 |] ]) mixed with
    | LayerClass.PossiblyAdditive _ -> ()
    | _ -> Assert.Fail "expected an open answer"

[<Fact>]
let ``a deep ReLU layer is undecided`` () =
    let layer = Layer.create (Matrix.identity 2) [| n 0; n 0 |] [| Activation.Relu |] |> Defect.orFail
    let last = Layer.create (Matrix.ofRows [| [| n 1; n 1 |] |]) [| n 0 |] [| Activation.Relu |] |> Defect.orFail
    let deep = LayerMap.create [| layer; last |] |> Defect.orFail

    match ConcatenationForm.concatenationToDense 2 deep with
    | Error FormDefect.Undecided -> ()
    | _ -> Assert.Fail "expected an open answer"

[<Fact>]
let ``a dense layer is a concatenation layer that splits again`` () =
    let map p σ = LayerMap.dense (Matrix.ofRows [| [| n p |] |]) [| n 1 |] σ |> Defect.orFail
    let maps = [| map 2 Activation.Relu; map -1 Activation.Identity; map 3 (Activation.LeakyRelu(n -2)) |]
    let joined = ConcatenationForm.denseToConcatenation maps |> Defect.orFail

    match ConcatenationForm.concatenationToDense 3 joined with
    | Error _ -> Assert.Fail "expected a sum"
    | Ok split ->
        for z in [ [| -2; 1; 4 |]; [| 3; 0; -1 |] ] do
            let value (maps: LayerMap<Rational>[]) = Array.map2 (fun f a -> LayerMap.apply f (scalar a)) maps z |> Vector.sum
            Assert.Equal<Rational[]>(value maps, value split)
            Assert.Equal<Rational[]>(value maps, LayerMap.apply joined (Array.map n z))
