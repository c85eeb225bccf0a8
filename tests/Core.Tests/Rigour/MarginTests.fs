module LayerTime.Core.Tests.Rigour.MarginTests

open FsCheck
open FsCheck.FSharp
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Rigour
open LayerTime.Core.Tests
open LayerTime.Core.Tests.Rigour

/// 3-2-2-1 tanh, non-augmented.
let private narrowing =
    Networks.perceptron Networks.tanh [ "1 -0.5 0.25; 0.5 1 -1", "0.1 -0.2"; "1 0.5; -0.5 1.5", "0.3 0" ] "1 -2"

let private norm (g: Interval[]) : Interval =
    g |> Array.map Interval.square |> Array.reduce (fun a b -> Arithmetic.(+) a b) |> Transcendental.sqrt

/// A lower bound that is sharp to eleven digits.
let private isJustBelow (reference: float) (bound: float) =
    Assert.InRange(bound, reference - 1e-11 * abs reference, reference + 1e-11 * abs reference)

[<Fact>]
let ``the margin of the worked network is the reference value at a point and on a box`` () =
    let atPoint = Margin.over narrowing (Box.ofPoint [| 0.3; -0.7; 0.5 |])
    isJustBelow 1.1180339887498948 atPoint.Singular[0]
    isJustBelow 1.096291201783626 atPoint.Singular[1]
    isJustBelow 2.2360679774997896 atPoint.Singular[2]
    isJustBelow 0.11059290753312251 atPoint.Bound

    let onBox = Margin.over narrowing (Box.cube 3 1.0)
    isJustBelow 0.017904226754412386 onBox.Slopes[0]
    isJustBelow 0.07595740886324641 onBox.Slopes[1]
    isJustBelow 0.0037272768171619193 onBox.Bound

[<Fact>]
let ``a matrix with more rows than columns, an activation with a kink and a zero output give no margin`` () =
    let wide = Networks.perceptron Networks.tanh [ "1; 1", "1 -1" ] "1 -1"
    Assert.Equal(0.0, (Margin.over wide (Box.cube 1 0.5)).Bound)
    let kinked = Networks.perceptron ActivationKind.Relu [ "1", "0" ] "1"
    Assert.Equal(0.0, (Margin.over kinked (Box.cube 1 0.5)).Bound)
    let constant = Networks.perceptron Networks.tanh [ "1", "0" ] "0"
    Assert.Equal(0.0, (Margin.over constant (Box.cube 1 0.5)).Bound)

[<Fact>]
let ``a saturated activation keeps a positive margin where a float tanh is 1`` () =
    let network = Networks.perceptron Networks.tanh [ "1", "0" ] "1"
    Assert.True((Margin.over network (Box.ofPoint [| 300.0 |])).Bound > 0.0)

let private weights = Gen.choose (-32, 32) |> Gen.map (fun k -> Interval.ofFloat (float k / 16.0))

let private narrowingNetworks =
    let draw =
        gen {
            let! n = Gen.choose (1, 4)
            let! m = Gen.choose (1, n)
            let! first = Gen.arrayOfLength (m * n) weights
            let! bias = Gen.arrayOfLength m weights
            let! output = Gen.arrayOfLength m weights
            let! x = Gen.arrayOfLength n (Gen.choose (-32, 32) |> Gen.map (fun k -> float k / 16.0))

            let hidden = {
                Weights = Matrix.init m n (fun i j -> first[i * n + j])
                Bias = bias
                Activations = Array.create m Networks.tanh
            }

            return Perceptron.create [| hidden |] (Matrix.ofRows [| output |]) [| Interval.ofFloat 0.0 |] |> Defect.orFail, x
        }

    Arb.fromGen draw

[<Property>]
let ``the gradient is never shorter than the margin, and the margin over a box is below that of its points`` () =
    Prop.forAll narrowingNetworks (fun (network, x) ->
        let gradient = norm (PerceptronCalculus.gradient network (Box.ofPoint x))
        let atPoint = (Margin.over network (Box.ofPoint x)).Bound
        let around = x |> Array.map (fun c -> Interval.ofBounds (c - 0.25) (c + 0.25))
        atPoint <= gradient.Upper && (Margin.over network around).Bound <= atPoint)
