module LayerTime.Core.Tests.Constructions.ReversalTests

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser
open LayerTime.Core.Constructions

let private comesBack (equation: DifferenceEquation<Rational>) history =
    let trajectory = Simulation.run equation history

    match Reversal.history equation (trajectory.Delay trajectory.Depth) with
    | Ok found -> Assert.Equal<Rational[][]>(history, found)
    | Error reason -> Assert.Fail(string reason)

[<Fact>]
let ``the history of a smooth network comes back from its final state`` () =
    for seed in 1UL .. 30UL do
        let drawn = Draws.draw { Draws.smooth with LeastOrder = 2 } (RandomStream seed)
        comesBack drawn.Smooth drawn.History

[<Fact>]
let ``maps that read several states are undone too, as long as the oldest is left alone`` () =
    for seed in 1UL .. 30UL do
        let drawn = Draws.draw { Draws.dense with LeastOrder = 2 } (RandomStream seed)
        let read = drawn.Order - 1
        let maps = drawn.LayerMaps |> Array.map (Array.take read)
        let equation = Architecture.Master(drawn.Order, drawn.Step, maps) |> Architecture.equation |> Defect.orFail
        comesBack equation drawn.History

[<Fact>]
let ``a concatenation is undone where its window is below the order`` () =
    let φ = TestMaps.map TestMaps.leaky 4 0 0
    let half = LayerMap.linear (LayerTime.Core.Algebra.Matrix.init 2 4 (fun i j -> Rational.create (i + j) 3))

    let equation =
        LayerMap.create (Array.append (φ.Layers.ToArray()) (half.Layers.ToArray()))
        |> Result.bind (fun map ->
            DifferenceEquation.create 2 3 (Rational.create 1 2) (Array.replicate 3 (RightHandSide.Concatenated(2, map))))
        |> Defect.orFail

    comesBack equation TestMaps.history3

[<Fact>]
let ``a residual network is refused with its order and memory`` () =
    let maps = [| TestMaps.map Activation.Relu 1 0 0 |]
    let residual = Architecture.Residual(Rational.One, maps) |> Architecture.equation |> Defect.orFail

    match Reversal.history residual (TestMaps.rows [ "1" ]) with
    | Error(Irreversible.ReadsOldest(order, memory) as reason) ->
        Assert.Equal((1, 1), (order, memory))
        Assert.Contains("expected an order above 1", string reason)
    | Ok _ -> Assert.Fail "a residual network was run backward"

[<Fact>]
let ``a final state of another shape is refused`` () =
    let maps = [| TestMaps.map Activation.Relu 1 0 0 |]
    let equation = Architecture.Smooth(2, Rational.One, maps) |> Architecture.equation |> Defect.orFail

    Assert.Throws<ArgumentException>(fun () -> Reversal.history equation (TestMaps.rows [ "1" ]) |> ignore) |> ignore
