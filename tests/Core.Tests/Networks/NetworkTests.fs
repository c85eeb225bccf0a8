module LayerTime.Core.Tests.Networks.NetworkTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

let private zeros rows columns : Matrix<Rational> = Matrix.zero rows columns

let private map (inputWidth: int) (outputWidth: int) : LayerMap<Rational> =
    LayerMap.dense (zeros outputWidth inputWidth) (Vector.zero outputWidth) Activation.Relu |> Defect.orFail

let private defects (result: Result<'T, Defect list>) : string list =
    match result with
    | Ok _ -> []
    | Error defects -> defects |> List.map string

let private architecture = Architecture.equation >> defects

[<Fact>]
let ``a layer names every part that does not fit`` () =
    let bad = Layer.create (zeros 2 3) (Vector.zero 1) [| Activation.Relu; Activation.Relu; Activation.Relu |]

    Assert.Equal<string list>(
        [
            "bias: found 1 numbers, expected 2, one for each row of the weights"
            "activation: found 3 activations, expected one for all, or 2, one for each row of the weights"
        ],
        defects bad
    )

    Assert.Single(defects (Layer.create (zeros 0 3) [||] [| Activation.Relu |])) |> ignore

[<Fact>]
let ``inner layers must fit each other`` () =
    let layer rows columns = Layer.affine (zeros rows columns) (Vector.zero rows) |> Defect.orFail
    let found = defects (LayerMap.create [| layer 2 3; layer 4 3; layer 1 5 |])
    Assert.Equal(2, found.Length)
    Assert.Equal("inner layer 1: found 4×3 weights, expected 2 columns, the width of inner layer 0", found[0])
    Assert.Equal<string list>([ ": found no layer, expected at least one" ], defects (LayerMap.create ([||]: Layer<Rational>[])))

[<Fact>]
let ``widths may change from layer to layer in a plain network only`` () =
    Assert.Empty(architecture (Architecture.FeedForward [| map 2 3; map 3 1 |]))
    let found = architecture (Architecture.Residual(Rational.One, [| map 2 2; map 2 3; map 3 3 |]))
    // The second map is too tall; the third too wide and too tall: all three are named.
    Assert.Equal(3, found.Length)
    Assert.Contains("layer 1", found[0])
    Assert.Contains("layer 2", found[1])
    Assert.Contains("expected 2 rows, the width of the state", found[2])

[<Fact>]
let ``a plain network names the layer whose input does not fit the one before`` () =
    let found = architecture (Architecture.FeedForward [| map 2 3; map 2 1 |])

    Assert.Equal<string list>([ "layer 1: found a map from 2 to 1 numbers, expected 3 columns, the width of layer 0" ], found)

[<Fact>]
let ``no architecture is built of order zero, depth zero or no maps`` () =
    Assert.Contains("order 0", architecture (Architecture.Smooth(0, Rational.One, [| map 1 1 |])) |> String.concat " ")
    Assert.Contains("depth 0", architecture (Architecture.Smooth(1, Rational.One, [||])) |> String.concat " ")
    Assert.Contains("depth 0", architecture (Architecture.FeedForward([||]: LayerMap<Rational>[])) |> String.concat " ")
    Assert.Contains("no map", architecture (Architecture.AdditiveDense([| [||] |]: LayerMap<Rational>[][])) |> String.concat " ")
    Assert.Contains("window of 0", architecture (Architecture.ConcatenationDense(0, [| map 1 1 |])) |> String.concat " ")
    Assert.Contains("order -1", architecture (Architecture.Master(-1, Rational.One, [| [| map 1 1 |] |])) |> String.concat " ")

[<Fact>]
let ``every layer of a dense network has as many maps as the first`` () =
    let found = architecture (Architecture.AdditiveDense [| [| map 1 1; map 1 1 |]; [| map 1 1 |] |])
    Assert.Equal<string list>([ "layer 1: found 1 maps, expected 2, as in layer 0" ], found)

[<Fact>]
let ``maps of a dense layer are named by their age`` () =
    let found = architecture (Architecture.AdditiveDense [| [| map 2 2; map 3 2 |] |])
    Assert.Equal<string list>([ "layer 0, map 2: found a map from 3 to 2 numbers, expected 2 columns, the width of the state" ], found)

[<Fact>]
let ``a concatenation layer reads the whole window`` () =
    Assert.Empty(architecture (Architecture.ConcatenationDense(3, [| map 6 2; map 6 2 |])))
    let found = architecture (Architecture.ConcatenationDense(3, [| map 4 2 |]))
    Assert.Contains("6 columns, 3 states of width 2", List.exactlyOne found)

[<Fact>]
let ``lift and readout fit the history and the final state`` () =
    let body = Architecture.Smooth(3, Rational.One, [| map 2 2 |])
    Assert.Empty(defects (Network.create (Some(map 1 6)) body (Some(map 6 4))))
    let found = defects (Network.create (Some(map 1 5)) body (Some(map 2 4)))
    Assert.Equal(2, found.Length)
    Assert.Contains("6, the scalars of the history (3 states of width 2)", found[0])
    Assert.Contains("readout: found 2 columns, expected 6", found[1])

[<Fact>]
let ``order, memory and state dimension follow from the architecture`` () =
    let check architecture order memory dimension =
        let equation = Architecture.equation architecture |> Defect.orFail
        Assert.Equal((order, memory, dimension), (equation.Order, equation.Memory, equation.StateDimension))

    check (Architecture.FeedForward [| map 2 3; map 3 1 |]) 0 1 2
    check (Architecture.Residual(Rational.One, [| map 2 2 |])) 1 1 2
    check (Architecture.Smooth(4, Rational.One, [| map 2 2 |])) 4 1 8
    check (Architecture.AdditiveDense [| [| map 2 2; map 2 2; map 2 2 |] |]) 0 3 6
    check (Architecture.ConcatenationDense(3, [| map 6 2 |])) 0 3 6
    check (Architecture.Master(2, Rational.One, [| [| map 2 2; map 2 2; map 2 2 |] |])) 2 3 6
    check (Architecture.Master(3, Rational.One, [| [| map 2 2 |] |])) 3 1 6
