module LayerTime.Core.Tests.Constructions.VolumeChangeTests

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser
open LayerTime.Core.Constructions

let private agrees (equation: DifferenceEquation<Rational>) history =
    let trajectory = Simulation.run equation history

    for l in 0 .. equation.Depth - 1 do
        let delay = trajectory.Delay l
        Assert.Equal(Elimination.determinant (Adjoint.stepJacobian equation l delay), VolumeChange.determinant equation l delay)

[<Fact>]
let ``the small determinant is the large one, layer by layer`` () =
    for seed in 1UL .. 15UL do
        let stream = RandomStream seed
        let drawn = Draws.draw { Draws.dense with Activations = Draws.piecewiseLinear } stream
        agrees drawn.Dense drawn.History

        for r in [ 1; drawn.Order ] do
            let master = Architecture.Master(r, drawn.Step, drawn.LayerMaps) |> Architecture.equation |> Defect.orFail
            agrees master drawn.History

[<Fact>]
let ``a residual layer has det(I + h Df)`` () =
    let map = TestMaps.map Activation.Square 2 0 0
    let residual = Architecture.Residual(Rational.One, [| map |]) |> Architecture.equation |> Defect.orFail
    Assert.Equal(Rational.create -1071 128, VolumeChange.determinant residual 0 (Array.take 1 TestMaps.history3))

[<Fact>]
let ``a state of another shape and a layer that changes the width are refused`` () =
    let plain =
        Architecture.FeedForward [| LayerMap.linear (Matrix.init 3 2 (fun _ _ -> Rational.One)) |]
        |> Architecture.equation
        |> Defect.orFail

    Assert.Throws<ArgumentException>(fun () -> VolumeChange.determinant plain 0 (Array.take 1 TestMaps.history3) |> ignore)
    |> ignore

    Assert.Throws<ArgumentException>(fun () -> VolumeChange.determinant plain 0 TestMaps.history3 |> ignore) |> ignore
