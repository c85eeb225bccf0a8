namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// One layer σ(A·z + c) of a normal form as it is written down.
[<RequireQualifiedAccess; NoComparison; NoEquality>]
type WrittenLayer = {
    /// A
    Weights: Matrix<Rational>
    /// c
    Bias: NeuronConstant[]
    /// σ, one for each row.
    Activations: ActivationKind[]
}

/// A normal form as the parts of a feed-forward network.
[<NoComparison; NoEquality>]
type WrittenNetwork = {
    /// R as a linear layer, or None where R = I.
    Lift: WrittenLayer option
    /// The maps, each of one layer, or of the linear R_l and C_l behind it where A_l is rank-deficient; the output last.
    Maps: WrittenLayer[][]
}

/// Normal forms as feed-forward networks.
[<RequireQualifiedAccess>]
module NormalFormNetwork =
    let private affine (weights: Matrix<Rational>) (bias: NeuronConstant[]) : WrittenLayer = {
        WrittenLayer.Weights = weights
        Bias = bias
        Activations = Array.create weights.Rows ActivationKind.Identity
    }

    let private linear (weights: Matrix<Rational>) : WrittenLayer = affine weights (Array.create weights.Rows NeuronConstant.zero)

    /// The parts of the network. Of A_l = C_l·R_l both factors are written only where A_l is neither of full row nor of full column rank:
    /// elsewhere one of them could be undone, and nothing would be gained. `inputs` is n, which a constant has forgotten.
    let write (inputs: int) (form: NormalForm) : WrittenNetwork =
        match form with
        | NormalForm.Constant value -> { Lift = None; Maps = [| [| affine (Matrix.zero value.Length inputs) value |] |] }
        | NormalForm.Reduced form ->
            let activated weights (hidden: NormalLayer) : WrittenLayer = {
                WrittenLayer.Weights = weights
                Bias = hidden.Bias
                Activations = hidden.Activations
            }

            let map l (hidden: NormalLayer) =
                if l = 0 then [| activated hidden.Left hidden |]
                elif hidden.Right.Rows = min hidden.Weights.Rows hidden.Weights.Columns then [| activated hidden.Weights hidden |]
                else [| linear hidden.Right; activated hidden.Left hidden |]

            let isIdentity = form.InputMap = Matrix.identity form.InputMap.Columns

            {
                Lift = if isIdentity then None else Some(linear form.InputMap)
                Maps = Array.append (Array.mapi map form.Hidden) [| [| affine form.Output form.OutputBias |] |]
            }

    /// One activation where all rows have the same.
    let activations (layer: WrittenLayer) : ActivationKind[] =
        if layer.Activations |> Array.forall ((=) layer.Activations[0]) then [| layer.Activations[0] |] else layer.Activations

    /// The network, its numbers and activations as a number system has them.
    let create
        (number: NeuronConstant -> 'T)
        (activation: ActivationKind -> Activation<'T>)
        (written: WrittenNetwork)
        : Network<'T> when 'T :> IRing<'T> =
        let layer (layer: WrittenLayer) =
            Layer.create
                (Matrix.map (NeuronConstant.ofRational >> number) layer.Weights)
                (Array.map number layer.Bias)
                (Array.map activation (activations layer))
            |> Defect.orFail

        let map layers = layers |> Array.map layer |> LayerMap.create |> Defect.orFail
        let lift = written.Lift |> Option.map (Array.singleton >> map)
        Network.create lift (Architecture.FeedForward(Array.map map written.Maps)) None |> Defect.orFail

    /// Whether every bias is a fraction.
    let isExact (written: WrittenNetwork) : bool =
        written.Maps |> Seq.collect (Seq.collect _.Bias) |> Seq.forall (NeuronConstant.tryRational >> Option.isSome)
