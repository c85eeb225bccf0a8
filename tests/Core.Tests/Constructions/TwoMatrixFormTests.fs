module LayerTime.Core.Tests.Constructions.TwoMatrixFormTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims.KuehnKuntz

let private layer inner bias outer outerBias = {
    Inner = {
        Weights = Networks.matrix inner
        Bias = Networks.vector bias
        Activations = Array.create (List.length inner) ActivationKind.Cubic
    }
    Outer = Networks.matrix outer
    OuterBias = Networks.vector outerBias
}

let private first = layer [ "1 2" ] "0" [ "1"; "2"; "-1" ] "1 0 1/2"
let private second = layer [ "1 -1 1"; "0 1 0" ] "1/3 0" [ "1 1" ] "2"

[<Fact>]
let ``the node sequence alternates activated and linear widths`` () =
    let form = TwoMatrixForm.create [| first; second |] |> Defect.orFail
    Assert.Equal<int[]>([| 2; 1; 3; 2; 1 |], form.Nodes)
    Assert.Equal<int[]>([| 2; 1; 2; 1 |], (TwoMatrixForm.merge form).Widths)

[<Fact>]
let ``the form is evaluated as it is written`` () =
    // a₁ = 3, σ = 12; h₁ = (13, 24, −23/2); a₂ = (1/3 + 13 − 24 − 23/2, 24); Φ = σ(−133/6) + σ(24) + 2.
    let form = TwoMatrixForm.create [| first; second |] |> Defect.orFail
    let σ a = a + a * a * a / Rational.ofInt 3
    let expected = σ (Rational.create -133 6) + σ (Rational.ofInt 24) + Rational.ofInt 2
    let x = Networks.vector "1 1"
    Assert.Equal<Rational[]>([| expected |], TwoMatrixForm.apply ActivationKind.exactly form x)
    Assert.Equal<Rational[]>([| expected |], Perceptron.apply ActivationKind.exactly (TwoMatrixForm.merge form) x)

[<Fact>]
let ``shapes that do not fit are told`` () =
    let none: TwoMatrixLayer<Rational>[] = [||]

    match
        TwoMatrixForm.create [| first; { second with OuterBias = [||] } |],
        TwoMatrixForm.create [| second; second |],
        TwoMatrixForm.create none
    with
    | Error [ bias ], Error [ columns ], Error [ none ] ->
        Assert.Equal(("output", "0 biases"), (bias.Where, bias.Found))
        Assert.Equal(("hidden layer 2", "3 columns"), (columns.Where, columns.Found))
        Assert.Equal("no layer", none.Found)
    | found -> Assert.Fail $"{found}"
