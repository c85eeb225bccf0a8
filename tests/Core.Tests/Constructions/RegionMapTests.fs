module LayerTime.Core.Tests.Constructions.RegionMapTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions

let private node activation (w: int) =
    LayerMap.dense (Matrix.ofRows [| [| Rational.ofInt w |] |]) [| Rational.Zero |] activation |> Defect.orFail

let private equation architecture = Architecture.equation architecture |> Defect.orFail

let private line = [| [| Rational.Zero |] |], [| [| Rational.One |] |]

[<Fact>]
let ``x + relu(−2x) is |x| with one fold`` () =
    let network = equation (Architecture.Residual(Rational.One, [| node Activation.Relu -2 |]))
    let pieces = RegionMap.alongLine network (fst line) (snd line) |> Defect.orFail
    Assert.Equal<Rational option list>([ None; Some Rational.Zero ], pieces |> Array.map _.Lower |> List.ofArray)
    Assert.Equal<int list>([ -1; 1 ], pieces |> Array.map (fun piece -> piece.Value[0].Slope[0].Sign) |> List.ofArray)
    Assert.Equal(1, RegionMap.folds 0 pieces)

[<Fact>]
let ``an affine network is one piece`` () =
    let network = equation (Architecture.Smooth(2, Rational.One, Array.create 3 (node Activation.Identity 2)))
    let start, direction = Array.append (fst line) (fst line), Array.append (snd line) (snd line)
    Assert.Single(RegionMap.alongLine network start direction |> Defect.orFail) |> ignore

[<Fact>]
let ``squares have no pieces`` () =
    let network = equation (Architecture.Residual(Rational.One, [| node Activation.Relu 1; node Activation.Square 1 |]))

    match RegionMap.alongLine network (fst line) (snd line) with
    | Error [ defect ] -> Assert.Equal(("layer 1", "square"), (defect.Where, defect.Found))
    | found -> failwith (string found)

[<Fact>]
let ``a first-order network gets no separation certificate`` () =
    let network = equation (Architecture.Residual(Rational.One, [| node Activation.Relu -2 |]))

    match Separation.certify network [| fst line |] [| snd line |] with
    | Error [ defect ] -> Assert.Equal("network", defect.Where)
    | found -> failwith (string found)

[<Fact>]
let ``a separation certificate halves the distance at unit step and small weights`` () =
    let network = equation (Architecture.Smooth(2, Rational.One, Array.create 2 (node Activation.Relu 0)))
    let rest x = [| [| Rational.ofInt x |]; [| Rational.ofInt x |] |]
    let certificate = Separation.certify network [| rest 0; rest 9 |] [| rest 4 |] |> Defect.orFail
    Assert.Equal((0, 0), certificate.Closest)
    Assert.Equal<Rational list>([ Rational.ofInt 4; Rational.ofInt 2; Rational.One ], List.ofArray certificate.Guaranteed)
