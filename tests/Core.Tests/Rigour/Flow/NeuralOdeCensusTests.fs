module LayerTime.Core.Tests.Rigour.Flow.NeuralOdeCensusTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Rigour
open LayerTime.Core.Tests.Rigour.Flow

let private map net = NeuralOdeMap.create net |> Defect.orFail
let private near (x: float) (side: Interval) = abs (side.Lower - x) < 1e-12 && abs (side.Upper - x) < 1e-12

[<Fact>]
let ``the census of N12 is the reference: two critical points, degree 0, and its certificate is confirmed`` () =
    let map = map NodeNetworks.n12
    let census = Census.take map Census.defaults (Box.cube 1 3.0)
    Assert.True census.IsComplete
    Assert.Equal(Degree.Known 0, census.Degree)
    Assert.True(census.Search.Boxes < 200L)

    match census.Points with
    | [ a; b ] ->
        Assert.Equal((1, 0), (a.Index, b.Index))
        Assert.True(near -1.5212672483434083 a.Point[0] && near 0.88772980727068571 a.Value)
        Assert.True(near -0.163096700169654 b.Point[0] && near -1.9614975084785882 b.Value)
    | points -> Assert.Fail $"{points.Length} points"

    match Certificate.create map 2000L census.Domain census.Points with
    | Ok certificate ->
        match Certificate.check map certificate with
        | Ok() -> ()
        | Error objection -> Assert.Fail objection.Reason
    | Error objection -> Assert.Fail objection.Reason

[<Fact>]
let ``gradient and Hessian of N23 contain the reference and the points quoted are critical`` () =
    let map = map NodeNetworks.n23
    let struct (gradient, hessian) = map.Gradient.ValueAndJacobian(Box.ofPoint [| 0.25; -0.5 |])
    Assert.True(near 1.1591536252945131822 (map.Value(Box.ofPoint [| 0.25; -0.5 |])))
    Assert.True(near 1.0685286472472914667 gradient[0] && near 0.3230428174741726834 gradient[1])
    let references = [ 0, 0, -0.80755952737490472368; 0, 1, -1.5415673339995529347; 1, 1, -2.8626396419297710711 ]

    for i, j, value in references do
        // Three roundings more than a gradient has.
        Assert.True(abs (Interval.midpoint hessian[i, j] - value) < 1e-11 && Interval.width hessian[i, j] < 1e-11)

    let points = [
        [| -0.92824052299152991; -0.6639511965173668 |], 1
        [| -0.71637269240185321; 0.55412779029201591 |], 2
        [| -0.39551640616294948; -1.3247379605763993 |], 0
        [| -0.19278306223366401; -0.017954277496645977 |], 1
    ]

    for point, index in points do
        match ZeroSearch.tryIsolate map.Gradient (point |> Array.map (fun x -> Interval.ofBounds (x - 1e-5) (x + 1e-5))) with
        | Some zero ->
            Assert.True(Array.forall2 near point zero.Zero)
            let struct (_, hessian) = map.Gradient.ValueAndJacobian zero.Zero
            Assert.Equal(Some index, Inertia.negative hessian)
        | None -> Assert.Fail "no critical point proved"

[<Fact>]
let ``a lift that loses a direction is never called Morse`` () =
    let options = { Census.defaults with Search = { ZeroSearch.defaults with MaxBoxes = 300L } }
    let census = Census.take (map NodeNetworks.forgetful) options (Box.cube 2 1.0)
    Assert.False census.IsComplete
    Assert.Empty census.Points

[<Fact>]
let ``N22 of no more states than inputs has no critical point in a box`` () =
    let census = Census.take (map NodeNetworks.n22) Census.defaults (Box.cube 2 0.5)
    Assert.True census.IsComplete
    Assert.Empty census.Points

[<Fact>]
let ``two outputs and kinks are refused by name`` () =
    let relu = LayerTime.Core.Algebra.Matrix.identity 2

    let net =
        LayerMap.dense relu [| Interval.ofFloat 0.0; Interval.ofFloat 0.0 |] Activation.Relu
        |> Defect.orFail
        |> NeuralOde.autonomous Rational.One
        |> Defect.orFail

    match NeuralOdeMap.create net with
    | Ok _ -> Assert.Fail "expected a refusal"
    | Error defects ->
        let text = defects |> List.map string |> String.concat "; "
        Assert.Contains("2 outputs", text)
        Assert.Contains("relu", text)
