module LayerTime.Core.Tests.Constructions.LayerSumTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions

let private rational (rows: int list list) = rows |> List.map (List.map Rational.ofInt >> List.toArray) |> List.toArray |> Matrix.ofRows

let private vector (x: int list) = x |> List.map Rational.ofInt |> List.toArray

let private points = List.allPairs [ -3; 0; 1; 2 ] [ -2; 0; 1; 5 ] |> List.map (fun (a, b) -> vector [ a; b ])

/// Two inner layers, R² → R³ → R².
let private deep: LayerMap<Rational> =
    let first =
        Layer.create (rational [ [ 1; -2 ]; [ 3; 1 ]; [ 0; 1 ] ]) (vector [ 1; 0; -1 ]) [| Activation.Relu |] |> Defect.orFail

    let second =
        Layer.create (rational [ [ 1; 1; -1 ]; [ 2; 0; 1 ] ]) (vector [ 0; 3 ]) [| Activation.Square; Activation.Relu |]
        |> Defect.orFail

    LayerMap.create [| first; second |] |> Defect.orFail

let private shallow = LayerMap.dense (rational [ [ 1; 1 ]; [ -1; 2 ] ]) (vector [ 1; 1 ]) Activation.Relu |> Defect.orFail

[<Fact>]
let ``a combination has the value of the combination of the values`` () =
    let c = Rational.create -2 3
    let sum = LayerSum.combination [| c, deep; Rational.One, shallow; Rational.ofInt 5, LayerSum.identity 2 |] |> Defect.orFail

    for x in points do
        let expected =
            Vector.add (Vector.addScaled (LayerMap.apply shallow x) c (LayerMap.apply deep x)) (Vector.scale (Rational.ofInt 5) x)

        Assert.Equal<Rational[]>(expected, LayerMap.apply sum x)

[<Fact>]
let ``a shift adds its vector`` () =
    let shifted = LayerSum.shift (vector [ 7; -1 ]) deep |> Defect.orFail

    for x in points do
        Assert.Equal<Rational[]>(Vector.add (LayerMap.apply deep x) (vector [ 7; -1 ]), LayerMap.apply shifted x)

[<Fact>]
let ``maps of different shapes have no sum, and every one that differs is named`` () =
    match LayerSum.combination [| Rational.One, shallow; Rational.One, LayerSum.identity 3; Rational.One, LayerSum.identity 1 |] with
    | Ok _ -> Assert.Fail "expected defects"
    | Error defects -> Assert.Equal<string list>([ "map 1"; "map 2" ], defects |> List.map _.Where)

[<Fact>]
let ``no map has no sum`` () = Assert.True(Result.isError (LayerSum.combination ([||]: (Rational * LayerMap<Rational>)[])))

[<Fact>]
let ``a smooth network needs an order of at least one to be dense`` () =
    Assert.True(Result.isError (DenseForm.smoothToDense 0 Rational.One [| shallow |]))
    Assert.True(Result.isOk (DenseForm.masterToDense 0 Rational.One [| [| shallow |] |]))

[<Fact>]
let ``compositions are listed by their first part`` () =
    Assert.Equal<int list list>([ [ 1; 1; 1 ]; [ 1; 2 ]; [ 2; 1 ] ], LinearPaths.compositions 2 3)

[<Fact>]
let ``the observer form gives back the network, also where it is shorter than its order`` () =
    for depth in 1..5 do
        let maps = Array.init depth (fun l -> Array.init 3 (fun n -> LayerSum.multiple 2 (Rational.create (l + 1) (n + 1))))
        let form = ObserverForm.denseToObserver maps |> Defect.orFail
        Assert.Equal<LayerMap<Rational>[]>(Array.concat maps, Array.concat (ObserverForm.observerToDense form))
        Assert.Equal((depth, 3), (form.Depth, form.Order))
