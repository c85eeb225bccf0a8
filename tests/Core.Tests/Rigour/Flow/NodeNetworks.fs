/// The worked neural ODEs of Kühn and Kuntz's theory: affine lift, tanh(A·h + c), linear readout.
module LayerTime.Core.Tests.Rigour.Flow.NodeNetworks

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Tests.Rigour

let private matrix (rows: string) : Matrix<Interval> = rows.Split "; " |> Array.map Networks.numbers |> Matrix.ofRows

/// W and b of the lift, A and c of the field, w of the readout, and T.
let create (lift: string * string) (field: string * string) (readout: string) (horizon: int) : NeuralOde<Interval> =
    let affine (w, b) = Layer.affine (matrix w) (Networks.numbers b) |> Defect.orFail |> LayerMap.ofLayer
    let a, c = field
    let inner = LayerMap.dense (matrix a) (Networks.numbers c) Activation.tanh |> Defect.orFail

    NeuralOde.create (Some(affine lift)) [| { Until = Rational.ofInt horizon; Coefficients = [| inner |] } |] (Some(affine (readout, "0")))
    |> Defect.orFail

let n12 = create ("-1.5; -1", "-0.9 -0.9") ("0.4 -0.7; 0.4 1", "-0.3 -0.1") "-1.7 1.6" 1

let n22 = create ("1 0.5; -0.5 1.5", "0.1 0") ("0.5 -1; 0.8 0.3", "0.2 -0.1") "1 -2" 1

let n23 =
    create ("1.1 0; -1.5 1.6; 2 0.9", "0 0.2 1") ("-0.8 -1.2 -1.3; -0.3 -2 2; -2 -0.7 0.3", "0 0.6 0.4") "-0.8 -0.5 0.4" 1

/// N12 behind a lift that forgets the second input: lines of critical points.
let forgetful = create ("-1.5 0; -1 0", "-0.9 -0.9") ("0.4 -0.7; 0.4 1", "-0.3 -0.1") "-1.7 1.6" 1

/// A turn in the plane by tanh units, for 0 ≤ t ≤ 2.
let turn: NeuralOde<Interval> =
    LayerMap.dense (matrix "0 1; -1 0") (Networks.numbers "0 0") Activation.tanh
    |> Result.bind (NeuralOde.autonomous (Rational.ofInt 2))
    |> Defect.orFail
