module LayerTime.Core.Tests.Constructions.MinimalDimensionTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions

let private matrix (rows: int list list) : Matrix<Rational> =
    rows |> List.map (List.map Rational.ofInt >> List.toArray) |> List.toArray |> Matrix.ofRows

let private ofMaps maps = MinimalDimension.ofMaps (List.toArray maps) |> Defect.orFail

[<Fact>]
let ``one map makes an empty triangle, and the state is x(0)`` () =
    let minimal = ofMaps [ matrix [ [ 0; 0 ]; [ 0; 0 ] ] ]
    Assert.Equal(2, minimal.Dimension)
    Assert.Empty minimal.Unobservable

[<Fact>]
let ``the triangle of three maps has A₂ A₃ above A₃ 0`` () =
    let triangle = MinimalDimension.hankelTriangle [| matrix [ [ 1 ] ]; matrix [ [ 2 ] ]; matrix [ [ 3 ] ] |]
    Assert.Equal(matrix [ [ 2; 3 ]; [ 3; 0 ] ], triangle)

[<Fact>]
let ``a forgotten history starts with zero and lies in the kernel of the oldest map`` () =
    let minimal = ofMaps [ matrix [ [ 1; 1 ]; [ 0; 1 ] ]; matrix [ [ 1; 2 ]; [ 2; 4 ] ] ]
    Assert.Equal(3, minimal.Dimension)
    let history = List.exactlyOne minimal.Unobservable
    Assert.Equal<Rational[]>([| Rational.Zero; Rational.Zero |], history[0])
    Assert.Equal<Rational[]>([| Rational.ofInt -2; Rational.One |], history[1])

[<Fact>]
let ``maps of different sizes and no maps at all are refused with the place`` () =
    match MinimalDimension.ofMaps [| matrix [ [ 1 ] ]; matrix [ [ 1; 0 ]; [ 0; 1 ] ] |] with
    | Error [ defect ] -> Assert.Equal("matrix 2: found 2×2, expected 1×1", string defect)
    | other -> Assert.Fail $"{other}"

    Assert.True(Result.isError (MinimalDimension.ofMaps [||]))
