module LayerTime.Core.Tests.Constructions.LinearRecursionTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Constructions

let private matrix (rows: int list list) = rows |> List.map (List.map Rational.ofInt >> List.toArray) |> List.toArray |> Matrix.ofRows

let private sequence (states: int list) = states |> List.map (fun x -> [| Rational.ofInt x |]) |> List.toArray

[<Fact>]
let ``the companion matrix of a recursion gives the recursion back`` () =
    // x(l+1) = 3x(l) − 2x(l−1), the state being (x(l−1), x(l)).
    match LinearRecursion.ofStateSpace 2 (matrix [ [ 1; 0 ] ]) (matrix [ [ 0; 1 ]; [ -2; 3 ] ]) with
    | Ok recursion ->
        Assert.Equal<Matrix<Rational>[]>([| matrix [ [ 3 ] ]; matrix [ [ -2 ] ] |], recursion.Maps)
        Assert.Equal(Matrix.identity 2, recursion.Conjugacy)
    | Error problem -> failwith (string problem)

[<Fact>]
let ``a state that no output shows is named`` () =
    match LinearRecursion.ofStateSpace 2 (matrix [ [ 1; 1 ] ]) (matrix [ [ 2; 0 ]; [ 0; 2 ] ]) with
    | Error(NoLinearRecursion.Unobservable(rank, dimension, invisible)) ->
        Assert.Equal((1, 2), (rank, dimension))
        Assert.Equal<Rational[] list>([ [| Rational.ofInt -1; Rational.One |] ], invisible)
    | found -> failwith (string found)

[<Fact>]
let ``matrices that do not fit are all reported`` () =
    match LinearRecursion.ofStateSpace 2 (matrix [ [ 1 ] ]) (matrix [ [ 2 ] ]) with
    | Error(NoLinearRecursion.Shapes defects) -> Assert.Equal<string list>([ "M"; "C" ], defects |> List.map _.Where)
    | found -> failwith (string found)

[<Fact>]
let ``only the binomial weights make a recursion smooth`` () =
    Assert.Equal(Some(matrix [ [ 5 ] ]), LinearRecursion.smoothForce [| matrix [ [ 8 ] ]; matrix [ [ -3 ] ]; matrix [ [ 1 ] ] |])
    Assert.Equal(None, LinearRecursion.smoothForce [| matrix [ [ 8 ] ]; matrix [ [ -3 ] ]; matrix [ [ 2 ] ] |])

[<Fact>]
let ``Fibonacci's numbers have order two`` () =
    match OrderIdentification.identify 2 [| sequence [ 0; 1; 1; 2; 3; 5; 8 ] |] with
    | Ok found ->
        Assert.Equal(2, found.Order)
        Assert.Equal<Matrix<Rational>[]>([| matrix [ [ 1 ] ]; matrix [ [ 1 ] ] |], found.Maps)
        Assert.True found.Unique
        Assert.Equal<int list>([ 1 ], found.Excluded |> List.map _.Order)
    | Error _ -> failwith "found no order, expected 2"

[<Fact>]
let ``a longer history than the order does not raise the order`` () =
    // x(l+1) = 2x(l) behind three free states.
    match OrderIdentification.identify 3 [| sequence [ 7; -1; 1; 2; 4; 8 ] |] with
    | Ok found -> Assert.Equal(1, found.Order)
    | Error _ -> failwith "found no order, expected 1"

[<Fact>]
let ``a jump that no recursion explains leaves only proofs`` () =
    match OrderIdentification.identify 1 [| sequence [ 0; 0; 0; 1 ] |] with
    | Error excluded -> Assert.Equal<int list>([ 1; 2; 3 ], excluded |> List.map _.Order)
    | Ok found -> failwith $"found order {found.Order}, expected none"
