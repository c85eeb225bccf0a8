/// The worked networks of Kühn and Kuntz's theory, with the decimals taken as exact fractions.
module LayerTime.Core.Tests.Rigour.Networks

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Rigour

/// Decimals as the fractions they are.
let numbers (row: string) : Interval[] =
    row.Split ' '
    |> Array.map (fun text ->
        match Rational.parse text with
        | Ok value -> Interval.ofRational value
        | Error problem -> failwith problem)

let private matrix (rows: string) : Matrix<Interval> = rows.Split "; " |> Array.map numbers |> Matrix.ofRows

/// Hidden layers (A_l, c_l) of one activation and the output row, as "1 2; 3 4".
let perceptron (kind: ActivationKind) (hidden: (string * string) list) (output: string) : Perceptron<Interval> =
    let layer (weights, bias) =
        let weights = matrix weights
        { Weights = weights; Bias = numbers bias; Activations = Array.create weights.Rows kind }

    Perceptron.create (hidden |> List.map layer |> List.toArray) (matrix output) (numbers "0") |> Defect.orFail

let tanh = ActivationKind.Transcendental TranscendentalName.Tanh

let a241 = perceptron tanh [ "-0.2 1.7; -2 0.4; 0.1 0.7; -1.6 0.1", "-0.6 1.4 -0.5 -0.3" ] "-1.9 1.2 1.3 -0.8"

let b2321 =
    perceptron tanh [ "-1.2 -1.2; 2 1.9; -1.5 1.9", "0.1 -0.9 -0.1"; "0.5 1 0.3; -0.1 0.8 1.7", "0.1 0.2" ] "-1.7 1.4"

let c131 = perceptron tanh [ "1.8; -1.1; 0.1", "-1.4 1.3 -0.3" ] "1.3 1.5 0.4"

/// tanh 2x − 2 tanh x: a degenerate critical point at 0.
let doubleTanh = perceptron tanh [ "2; 1", "0 0" ] "1 -2"

/// Two saddles and a maximum.
let saddles = perceptron tanh [ "1.4 -1.5; -0.5 1.5; -0.9 -0.6; -0.5 -1.8", "-1.4 1 1.5 -0.7" ] "1.8 -0.2 1.1 -0.9"

/// 2-1-2-1: lines of degenerate critical points.
let bottleneck = perceptron tanh [ "1 0.5", "0.1"; "3; 1", "0 0" ] "1 -2"

/// 2-3-2-3-1
let deep =
    perceptron
        tanh
        [
            "1.3 -0.7; 0.4 1.5; -1.1 0.6", "0.2 -0.4 0.5"
            "1.5 -1 0.7; -0.6 1.2 1.4", "0.1 -0.3"
            "1.6 0.4; -1 1.3; 0.5 -1.7", "0.3 -0.2 0.6"
        ]
        "1.2 -0.9 1.4"

let map (p: Perceptron<Interval>) : IScalarMap = ScalarMap.ofPerceptron p |> Defect.orFail

/// The same through the generic semantics over jets.
let generic (p: Perceptron<Interval>) : IScalarMap = Perceptron.toNetwork ActivationKind.over p |> ScalarMap.ofNetwork |> Defect.orFail
