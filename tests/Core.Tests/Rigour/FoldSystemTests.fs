module LayerTime.Core.Tests.Rigour.FoldSystemTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Rigour
open LayerTime.Core.Tests.Rigour

/// tanh(p·x + q) − s·tanh x
let private family (p: string) (q: string) : WeightPath =
    let layer = [ $"{p}; 1", $"{q} 0" ]

    WeightPath.create [| Networks.perceptron Networks.tanh layer "1 0"; Networks.perceptron Networks.tanh [ "0; 0", "0 0" ] "0 -1" |]
    |> Defect.orFail

let private near (tolerance: float) (reference: float) (side: Interval) =
    Assert.True(abs (side.Lower - reference) <= tolerance && abs (side.Upper - reference) <= tolerance, $"{side}, expected {reference}")

[<Fact>]
let ``the fold of p = 2, q = 1/2 is the reference value`` () =
    match FoldSystem.tryProve (family "2" "1/2") 0.01 [| -0.3304 |] [| 1.0 |] 2.1698 with
    | None -> Assert.Fail "no fold was proved"
    | Some fold ->
        near 1e-12 -0.33040786982379905 fold.Point[0]
        near 1e-12 1.0 fold.Kernel[0]
        near 1e-11 2.1698004332801372 fold.Parameter
        near 1e-10 -11.694932825691182 fold.Cubic
        near 1e-11 -0.89831094189706061 fold.Transversal
        Assert.Equal(-1, fold.Side)

[<Theory>]
[<InlineData(0.001)>]
[<InlineData(0.002)>]
[<InlineData(0.005)>]
[<InlineData(0.01)>]
[<InlineData(0.02)>]
[<InlineData(0.05)>]
let ``boxes about the fold of radius up to a twentieth are verified`` (radius: float) =
    Assert.True((FoldSystem.tryProve (family "2" "1/2") radius [| -0.33040786982379905 |] [| 1.0 |] 2.1698004332801372).IsSome)

[<Fact>]
let ``a box about the fold of radius a tenth is too large`` () =
    Assert.True((FoldSystem.tryProve (family "2" "1/2") 0.1 [| -0.33040786982379905 |] [| 1.0 |] 2.1698004332801372).IsNone)

[<Fact>]
let ``the Jacobian of the system holds its difference quotients`` () =
    // 2-2-1 with a weight on the path in every place, at a point that is no zero.
    let start = Networks.perceptron Networks.tanh [ "1 -0.5; 0.25 2", "0.5 -0.25" ] "1.5 -0.75"
    let finish = Networks.perceptron Networks.tanh [ "0.5 1; -1 1.5", "0.25 1" ] "-0.5 2"
    let system = WeightPath.between start finish |> Defect.orFail |> FoldSystem.create
    let centre = [| 0.3; -0.2; 0.6; 0.8; 0.4 |]
    let h = 1.0 / 1024.0

    for j in 0..4 do
        let moved sign = centre |> Array.mapi (fun i x -> if i = j then x + sign * h else x) |> Box.ofPoint
        let segment = centre |> Array.mapi (fun i x -> if i = j then Interval.ofBounds (x - h) (x + h) else Interval.ofFloat x)
        let struct (_, jacobian) = system.ValueAndJacobian segment
        let above, below = system.Value(moved 1.0), system.Value(moved -1.0)

        for i in 0..4 do
            // The mean value theorem, with both sides enclosed.
            let difference = Arithmetic.(-) above[i] below[i]
            let slope = Arithmetic.(*) jacobian[i, j] (Interval.ofFloat (2.0 * h))
            Assert.False(Interval.disjoint difference slope, $"row {i}, column {j}: {difference} and {slope}")

[<Fact>]
let ``no fold is proved where the cubic term, the transversal or the simple kernel is missing`` () =
    let proves path x v = FoldSystem.tryProve path 0.01 x v 0.0

    // H2: Φ_x is odd at s = 0, so that Φ_xxx = 0.
    let withoutCubic =
        let layer = [ "1; 1; 2; 2; 1", "-1 1 -1 1 0" ]
        let zero = [ "0; 0; 0; 0; 0", "0 0 0 0 0" ]

        WeightPath.create [|
            Networks.perceptron Networks.tanh layer "1 -1 -0.25 0.25 0"
            Networks.perceptron Networks.tanh zero "0 0 0 0 1"
        |]
        |> Defect.orFail

    Assert.True((proves withoutCubic [| 0.0 |] [| 1.0 |]).IsNone)

    // H3: tanh 2x − (2 − s²)·tanh x moves with s² only.
    let withoutTransversal =
        let zero = [ "0; 0", "0 0" ]

        WeightPath.create [|
            Networks.perceptron Networks.tanh [ "2; 1", "0 0" ] "1 -2"
            Networks.perceptron Networks.tanh zero "0 0"
            Networks.perceptron Networks.tanh zero "0 1"
        |]
        |> Defect.orFail

    Assert.True((proves withoutTransversal [| 0.0 |] [| 1.0 |]).IsNone)

    // Not a control: at s = 2 the member q = 0 of the family folds.
    Assert.True((FoldSystem.tryProve (family "2" "0") 0.01 [| 0.0 |] [| 1.0 |] 2.0).IsSome)

[<Fact>]
let ``a path of different widths has a defect`` () =
    let defects =
        WeightPath.between (Networks.perceptron Networks.tanh [ "1", "0" ] "1") (Networks.perceptron Networks.tanh [ "1; 1", "0 0" ] "1 1")

    Assert.True defects.IsError
