/// Two affine maps in every layer, or one: the same functions.
///
/// Statement: h₀ = x, h_l = W̃_l·σ_l(W_l·h_{l−1} + b_l) + b̃_l, Φ = h_L (two matrices a layer) and z_l = σ_l(A_l·z_{l−1} + c_l),
/// Φ = A_{L+1}·z_L + c_{L+1} (merged) with A_l = W_l·W̃_{l−1}, c_l = W_l·b̃_{l−1} + b_l are the same function, for every activation.
/// Proof: associativity.
/// Reconstructed. Checked by evaluating both forms as they are written.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.KuehnKuntz.Mlp.MergedNormalForm

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.KuehnKuntz

/// A two-matrix form as the layers W₁, W̃₁, W₂, W̃₂, …, and points.
type private Case = { Layers: DrawnLayer[]; Points: Rational[][] }

let private form (number: Rational -> 'T) (layers: DrawnLayer[]) : Result<TwoMatrixForm<'T>, Defect list> =
    let matrix layer = Matrix.map number (Matrix.ofRows layer.Rows)

    let layer (pair: DrawnLayer[]) = {
        Inner = {
            Weights = matrix pair[0]
            Bias = Array.map number pair[0].Bias
            Activations = Array.create pair[0].Bias.Length pair[0].Activation
        }
        Outer = matrix pair[1]
        OuterBias = Array.map number pair[1].Bias
    }

    layers |> Array.chunkBySize 2 |> Array.map layer |> TwoMatrixForm.create

let private isSame (case: Case) : Outcome =
    match form id case.Layers with
    | Error defects -> Outcome.refuted "the two-matrix form" "a function" (defects |> List.map string |> String.concat "; ")
    | Ok form ->
        let merged = TwoMatrixForm.merge form
        let apply = Perceptron.apply ActivationKind.exactly merged

        case.Points
        |> Seq.map (fun x -> Check.vectors "Φ(x) in merged form" (TwoMatrixForm.apply ActivationKind.exactly form x) (apply x))
        |> Outcome.all

/// Over floats, merging included: the enclosures of both forms meet, and the floats differ by no more than both widths.
let private isSameInFloats (case: Case) : Outcome =
    let enclosed = form Interval.ofRational case.Layers |> Defect.orFail
    let rounded = form (Rational.toFloat >> Binary64) case.Layers |> Defect.orFail

    let check (x: Rational[]) =
        let box = Array.map Interval.ofRational x
        let a = (TwoMatrixForm.apply ActivationKind.over enclosed box)[0]
        let b = (Perceptron.apply ActivationKind.over (TwoMatrixForm.merge enclosed) box)[0]
        let point = x |> Array.map (Rational.toFloat >> Binary64)
        let p = (TwoMatrixForm.apply ActivationKind.over rounded point)[0]
        let q = (Perceptron.apply ActivationKind.over (TwoMatrixForm.merge rounded) point)[0]

        Outcome.check [
            fun () -> Outcome.isTrue "the enclosures of both forms" "have a common point" (not (Interval.disjoint a b))
            fun () ->
                Outcome.atMost "the difference of both forms in floats" (Interval.width a + Interval.width b) (abs (p.Value - q.Value))
        ]

    case.Points |> Seq.map check |> Outcome.all

let private leaky = ActivationKind.LeakyRelu(Rational.create 1 4)

let private show (case: Case) : (string * string) list =
    let layers = Draws.show { Layers = case.Layers }
    layers @ [ "x", case.Points |> Array.map Draws.showVector |> String.concat ", " ]

/// L of 1..4, widths of 1..6, entries k/8 of [−2, 2]; in deep networks of cubes the digits triple with every layer.
let private generator (activations: ActivationKind[]) : Generator<Case> =
    let entry = Draws.dyadic 8 2

    let layer stream activation (rows, columns) = {
        Rows = Draws.matrix entry stream rows columns
        Bias = Draws.vector entry stream rows
        Activation = activation
    }

    let draw (_: int) (stream: RandomStream) =
        let activation = activations[stream.NextInt(0, activations.Length - 1)]
        let depth = stream.NextInt(1, (if activation = ActivationKind.Cubic then 3 else 4))
        let widths = Array.init (2 * depth + 1) (fun i -> if i = 2 * depth then 1 else stream.NextInt(1, 6))
        let kind l = if l % 2 = 0 then activation else ActivationKind.Identity

        {
            Layers = Array.init (2 * depth) (fun l -> layer stream (kind l) (widths[l + 1], widths[l]))
            Points = Array.init 5 (fun _ -> Draws.vector entry stream widths[0])
        }

    let zero (layer: DrawnLayer) =
        Shrink.elements (Shrink.elements Draws.shrinkFraction) layer.Rows |> Seq.map (fun rows -> { layer with Rows = rows })

    let zeroBias (layer: DrawnLayer) = Shrink.elements Draws.shrinkFraction layer.Bias |> Seq.map (fun bias -> { layer with Bias = bias })

    let shrink (case: Case) =
        seq {
            // One layer of two matrices less in front, the next one reading as many numbers as it needs.
            if case.Layers.Length > 2 then
                let layers = Array.skip 2 case.Layers
                let width = layers[0].Rows[0].Length
                { Layers = layers; Points = case.Points |> Array.map (fun x -> Array.init width (fun i -> x[i % x.Length])) }

            if case.Points.Length > 1 then
                for point in case.Points do
                    { case with Points = [| point |] }

            for layers in Shrink.elements (fun layer -> Seq.append (zero layer) (zeroBias layer)) case.Layers do
                { case with Layers = layers }
        }

    Generator.fromStream draw shrink show

/// L = 2, all matrices 1, b̃₁ = 1, the other biases 0, x = 0: a₂ = 1 and Φ = 4/3.
let private carried: Case =
    let one = [| [| Rational.One |] |]
    let layer bias activation = { Rows = one; Bias = [| Rational.ofInt bias |]; Activation = activation }

    {
        Layers = [|
            layer 0 ActivationKind.Cubic
            layer 1 ActivationKind.Identity
            layer 0 ActivationKind.Cubic
            layer 0 ActivationKind.Identity
        |]
        Points = [| [| Rational.Zero |] |]
    }

let private isReference (case: Case) : Outcome =
    let merged = form id case.Layers |> Defect.orFail |> TwoMatrixForm.merge
    Check.equal "Φ(0)" (Rational.create 4 3) (Check.value merged case.Points[0])

/// The merged form with c_l = b_l, the b̃_{l−1} forgotten, against the two-matrix form.
let private isSameWithoutCarrying (case: Case) : Outcome =
    let forget l (layer: DrawnLayer) =
        if l % 2 = 1 && l < case.Layers.Length - 1 then
            { layer with Bias = Array.map (fun _ -> Rational.Zero) layer.Bias }
        else
            layer

    let value layers = TwoMatrixForm.apply ActivationKind.exactly (form id layers |> Defect.orFail) case.Points[0]
    Check.vectors "Φ(x) in merged form" (value case.Layers) (value (Array.mapi forget case.Layers))

/// W̃₁ has one row, W₂ two columns.
let private mismatched: Case = {
    carried with
        Layers = carried.Layers |> Array.updateAt 2 { carried.Layers[2] with Rows = [| [| Rational.One; Rational.One |] |] }
}

let claim: Claim =
    Paper.define
        "kuehn-kuntz.mlp.merged-normal-form"
        Paper.reconstructed
        "Layers h_l = W̃_l·σ_l(W_l·h_{l−1} + b_l) + b̃_l and merged layers z_l = σ_l(A_l·z_{l−1} + c_l) with A_l = W_l·W̃_{l−1}, c_l = W_l·b̃_{l−1} + b_l define the same function, for every activation."
    |> Claim.hypothesis "H1" "W_l has as many columns as W̃_{l−1} has rows, and every bias as many entries as its matrix has rows"
    |> Claim.hypothesis "H2" "the biases b̃_{l−1} are carried into c_l"
    |> Claim.exact "equality" (Instances.random (generator [| ActivationKind.Cubic; leaky |]) 40) isSame
    |> Claim.exact "reference" (Instances.chosen show [ carried ]) isReference
    |> Claim.bounded "in-floats" (Instances.random (generator [| ActivationKind.Cubic; leaky; Networks.tanh |]) 60) isSameInFloats
    |> Claim.neededBy "H1" (Instances.chosen show [ mismatched ]) isSame
    |> Claim.neededBy "H2" (Instances.chosen show [ carried ]) isSameWithoutCarrying
