module LayerTime.Core.Tests.Constructions.ReversibleTests

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions

let private r (p: int) (q: int) = Rational.create p q

let private map l =
    let weights = Matrix.init 2 2 (fun i j -> r (i - 2 * j + l) 3)
    LayerMap.dense weights [| r 1 2; r -1 (l + 1) |] Activation.Square |> Defect.orFail

let private maps = Array.init 3 map

let private final k =
    let network = Architecture.Smooth(k, r 1 2, maps) |> Architecture.equation |> Defect.orFail
    let history = Array.init k (fun j -> [| r (j + 1) 4; r 1 (j + 2) |])
    history, (Simulation.run network history).Delay 3

[<Fact>]
let ``the gradient in the history is the derivative of the loss along it`` () =
    // Loss = x₁(L); the derivative along every coordinate of the history by dual numbers.
    for k in 2..4 do
        let history, last = final k
        let activation = Activation.mapWith Dual.constant (fun _ -> failwith "no transcendental here") id
        let dual = maps |> Array.map (LayerMap.map Dual.constant activation)
        let network = Architecture.Smooth(k, Dual.constant (r 1 2), dual) |> Architecture.equation |> Defect.orFail

        let slope j i =
            let lifted =
                history
                |> Array.mapi (fun j' x -> x |> Array.mapi (fun i' a -> if j = j' && i = i' then Dual.variable a else Dual.constant a))

            (Simulation.run network lifted).State(3).ToArray() |> Array.head |> _.Derivative

        match Reversible.gradient (r 1 2) maps last [| Rational.One; Rational.Zero |] with
        | Error defects -> failwith (string defects)
        | Ok gradient ->
            Assert.Equal<Rational[][]>(history, gradient.History)
            Assert.Equal<Rational[][]>(Array.init k (fun j -> Array.init 2 (slope j)), gradient.Momentum)
            Assert.Equal(3, gradient.Parameters.Length)

[<Fact>]
let ``a network of first order is refused, and so are maps of another width`` () =
    let loss = [| Rational.One; Rational.Zero |]
    Assert.True(Reversible.gradient Rational.One maps [| [| Rational.One; Rational.One |] |] loss |> Result.isError)
    let _, last = final 2
    Assert.True(Reversible.gradient Rational.One maps last [| Rational.One |] |> Result.isError)

[<Fact>]
let ``integers come back bit by bit, even after an overflow`` () =
    let force (newest: int64[]) = newest |> Array.map (fun q -> (q * 6364136223846793005L) ^^^ (q >>> 7))
    let random = Random 3

    for k in 2..5 do
        let start = Array.init k (fun _ -> Array.init 3 (fun _ -> random.NextInt64()))
        let final = Seq.fold (fun q _ -> FixedPoint.step force q) start (seq { 1..200 })
        Assert.Equal<int64[][]>(start, Seq.fold (fun q _ -> FixedPoint.unstep force q) final (seq { 1..200 }))

[<Fact>]
let ``the integer force is the rounded float force`` () =
    let force = FixedPoint.force 20 0.25 (Array.map (fun x -> x * x))
    // (3/2)²/4 = 9/16
    Assert.Equal<int64[]>([| 9L <<< 16; 0L |], force [| 3L <<< 19; 1L |])

[<Fact>]
let ``fixed point rounds ties to even and back`` () =
    Assert.Equal<int64 list>([ 0L; 2L; 2L; -2L ], [ 0.5; 1.5; 2.5; -1.5 ] |> List.map (FixedPoint.ofFloat 0))
    Assert.Equal(0.75, FixedPoint.toFloat 2 3L)

[<Fact>]
let ``a step of order one has no inverse to offer`` () =
    Assert.Throws<ArgumentException>(fun () -> FixedPoint.unstep id [| [| 1L |] |] |> ignore) |> ignore
