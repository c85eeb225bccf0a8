namespace LayerTime.Core.Networks

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// An activation by name: what is left of it when no number system is chosen yet.
[<RequireQualifiedAccess>]
type ActivationKind =
    /// t
    | Identity
    /// max(0, t)
    | Relu
    /// max(0, t) + α·min(0, t)
    | LeakyRelu of slope: Rational
    /// t²
    | Square
    /// t + t³/3
    | Cubic
    /// tanh and its kin.
    | Transcendental of TranscendentalName

/// Activations by name: to and from the activations of a number system.
[<RequireQualifiedAccess>]
module ActivationKind =
    /// The kind of an activation; `exactly` gives the slope of a leaky ReLU as the fraction it is.
    let ofActivation (exactly: 'T -> Rational) (activation: Activation<'T>) : ActivationKind =
        match activation with
        | Activation.Identity -> ActivationKind.Identity
        | Activation.Relu -> ActivationKind.Relu
        | Activation.LeakyRelu slope -> ActivationKind.LeakyRelu(exactly slope)
        | Activation.Square -> ActivationKind.Square
        | Activation.Cubic -> ActivationKind.Cubic
        | Activation.Transcendental f -> ActivationKind.Transcendental f.Name

    let private build<'T, 'R when 'T :> IRing<'T>>
        (transcendental: TranscendentalName -> 'R)
        (wrap: Activation<'T> -> 'R)
        (kind: ActivationKind)
        : 'R =
        match kind with
        | ActivationKind.Identity -> wrap Activation.Identity
        | ActivationKind.Relu -> wrap Activation.Relu
        | ActivationKind.LeakyRelu slope -> wrap (Activation.LeakyRelu('T.OfRatio(slope.Numerator, slope.Denominator)))
        | ActivationKind.Square -> wrap Activation.Square
        | ActivationKind.Cubic -> wrap Activation.Cubic
        | ActivationKind.Transcendental name -> transcendental name

    /// The activation over numbers that have the elementary functions.
    let over<'T when 'T :> ITranscendental<'T>> (kind: ActivationKind) : Activation<'T> = build Activation.transcendental id kind

    /// The activation over any numbers, or None for tanh and its kin.
    let exact<'T when 'T :> IRing<'T>> (kind: ActivationKind) : Activation<'T> option = build (fun _ -> None) Some kind

    /// The activation over any numbers; tanh and its kin, which have no values there, are a broken contract.
    let exactly<'T when 'T :> IRing<'T>> (kind: ActivationKind) : Activation<'T> =
        build (fun name -> invalidArg (nameof kind) $"{Activation.transcendentalName name} has no exact values") id kind

    /// σ⁽ᵏ⁾(t) for k = order from 0 to 2, by the activation as some numbers have it.
    let derivative (activation: ActivationKind -> Activation<'T>) (order: int) (kind: ActivationKind) (t: 'T) : 'T :> IRing<'T> =
        match order with
        | 0 -> Activation.value (activation kind) t
        | 1 -> Activation.derivative (activation kind) t
        | 2 -> Activation.secondDerivative (activation kind) t
        | k -> invalidArg (nameof order) $"found {k}, expected 0, 1 or 2"

    /// σ⁽ᵏ⁾(t) over any numbers, of an activation that needs only a ring.
    let exactDerivative (order: int) (kind: ActivationKind) (t: 'T) : 'T :> IRing<'T> = derivative exactly order kind t

    /// The name under which files know the activation, with the slope of a leaky ReLU.
    let name (kind: ActivationKind) : string =
        match kind with
        | ActivationKind.LeakyRelu slope -> $"leaky-relu {slope}"
        | kind -> build Activation.transcendentalName (fun (activation: Activation<Rational>) -> Activation.name activation) kind

/// One layer of a perceptron: A·z + c and the activation of each row.
[<NoComparison; NoEquality>]
type Neurons<'T> = {
    /// A, one row per neuron.
    Weights: Matrix<'T>
    /// c
    Bias: 'T[]
    /// σ, one for each row.
    Activations: ActivationKind[]
}

/// <summary>A feed-forward network as matrices and activations by name (Kühn and Kuntz, merged form).</summary>
/// <remarks>z₀ = x, z_l = σ_l(A_l·z_{l−1} + c_l), Φ(x) = A_{L+1}·z_L + c_{L+1}. The weights are data apart from the
/// activations, so the weights may be fractions where an activation has no value on fractions.</remarks>
[<NoComparison; NoEquality>]
type Perceptron<'T> = private {
    HiddenLayers: Neurons<'T>[]
    OutputMatrix: Matrix<'T>
    OutputBias: 'T[]
} with

    /// The hidden layers l = 1 … L, first to last; none for an affine map.
    member p.Hidden: ReadOnlySpan<Neurons<'T>> = ReadOnlySpan p.HiddenLayers
    /// A_{L+1}
    member p.Output: Matrix<'T> = p.OutputMatrix
    /// c_{L+1}
    member p.OutputOffset: ReadOnlySpan<'T> = ReadOnlySpan p.OutputBias
    /// n, the number of inputs.
    member p.Inputs = if p.HiddenLayers.Length = 0 then p.OutputMatrix.Columns else p.HiddenLayers[0].Weights.Columns
    /// The number of outputs.
    member p.Outputs = p.OutputMatrix.Rows

    /// n, m₁, …, m_L, outputs: the merged widths.
    member p.Widths: int[] = [|
        p.Inputs
        for layer in p.HiddenLayers do
            layer.Weights.Rows
        p.Outputs
    |]

/// Perceptrons: construction, from and to networks.
[<RequireQualifiedAccess>]
module Perceptron =
    /// A perceptron from its hidden layers and its affine output; or every defect of its shapes.
    let create (hidden: Neurons<'T>[]) (output: Matrix<'T>) (offset: 'T[]) : Result<Perceptron<'T>, Defect list> =
        let width l = if l < 0 then -1 else hidden[l].Weights.Rows

        let fits place (columns: int) l =
            Defect.unless (l < 0 || columns = width l) place $"{columns} columns" $"{width l}, the width of hidden layer {l}"

        let defects = [
            for l in 0 .. hidden.Length - 1 do
                let layer = hidden[l]
                let place = $"hidden layer {l}"
                yield! fits place layer.Weights.Columns (l - 1)

                yield!
                    Defect.unless
                        (layer.Weights.Rows >= 1 && layer.Weights.Columns >= 1)
                        place
                        "an empty matrix"
                        "at least one row and one column"

                yield! Defect.unless (layer.Bias.Length = width l) place $"{layer.Bias.Length} biases" $"{width l}"
                yield! Defect.unless (layer.Activations.Length = width l) place $"{layer.Activations.Length} activations" $"{width l}"

            yield! fits "output" output.Columns (hidden.Length - 1)
            yield! Defect.unless (output.Rows >= 1 && output.Columns >= 1) "output" "an empty matrix" "at least one row and one column"
            yield! Defect.unless (offset.Length = output.Rows) "output" $"{offset.Length} biases" $"{output.Rows}"
        ]

        if defects.IsEmpty then
            Ok { HiddenLayers = Array.copy hidden; OutputMatrix = output; OutputBias = Array.copy offset }
        else
            Error defects

    /// A·(B·x + c) + d as one affine map.
    let private compose (outer: Matrix<'T>, d: 'T[]) (inner: Matrix<'T>, c: 'T[]) : Matrix<'T> * 'T[] when 'T :> IRing<'T> =
        Matrix.multiply outer inner, Vector.add (Matrix.apply outer c) d

    /// The merged form of layers x ↦ σ(W·x + b), first to last: A_l = W_l·W̃_{l−1}, c_l = W_l·b̃_{l−1} + b_l, where a layer of
    /// identities (W̃, b̃) is absorbed into the one that follows it. No hidden layer of the result is all identity.
    let ofLayers (layers: Neurons<'T>[]) : Result<Perceptron<'T>, Defect list> when 'T :> IRing<'T> =
        let affine (layer: Neurons<'T>) = Array.forall ((=) ActivationKind.Identity) layer.Activations

        let rec merge hidden pending (rest: Neurons<'T> list) =
            match rest with
            | [] ->
                match pending, hidden with
                | Some(weights, bias), _ -> Ok(List.rev hidden, weights, bias)
                | None, (last: Neurons<'T>) :: _ -> Ok(List.rev hidden, Matrix.identity last.Weights.Rows, Vector.zero last.Weights.Rows)
                | None, [] -> Error [ Defect.create "" "no layer" "at least one" ]
            | layer :: rest ->
                let weights, bias =
                    match pending with
                    | Some inner -> compose (layer.Weights, layer.Bias) inner
                    | None -> layer.Weights, layer.Bias

                if affine layer then
                    merge hidden (Some(weights, bias)) rest
                else
                    merge ({ layer with Weights = weights; Bias = bias } :: hidden) None rest

        merge [] None (List.ofArray layers)
        |> Result.bind (fun (hidden, output, offset) -> create (Array.ofList hidden) output offset)

    /// σ_l(A_l·z + c_l) of one layer, with the activations as a number system has them.
    let applyLayer (activation: ActivationKind -> Activation<'T>) (layer: Neurons<'T>) (z: 'T[]) : 'T[] when 'T :> IRing<'T> =
        Vector.add (Matrix.apply layer.Weights z) layer.Bias |> Array.map2 (activation >> Activation.value) layer.Activations

    /// Φ(x), with the activations as a number system has them.
    let apply (activation: ActivationKind -> Activation<'T>) (p: Perceptron<'T>) (x: 'T[]) : 'T[] when 'T :> IRing<'T> =
        let z = p.HiddenLayers |> Array.fold (fun z layer -> applyLayer activation layer z) x
        Vector.add (Matrix.apply p.OutputMatrix z) p.OutputBias

    /// The same perceptron over other numbers.
    let map (number: 'T -> 'U) (p: Perceptron<'T>) : Perceptron<'U> = {
        HiddenLayers =
            p.HiddenLayers
            |> Array.map (fun layer -> {
                Weights = Matrix.map number layer.Weights
                Bias = Array.map number layer.Bias
                Activations = layer.Activations
            })
        OutputMatrix = Matrix.map number p.OutputMatrix
        OutputBias = Array.map number p.OutputBias
    }

    /// The merged form of a feed-forward network, lift and readout included; or why it has none. `number` takes the weights
    /// to the numbers in which the merging is done (fractions keep it exact), `exactly` the slope of a leaky ReLU.
    let ofNetwork
        (number: 'T -> 'U)
        (exactly: 'T -> Rational)
        (network: Network<'T>)
        : Result<Perceptron<'U>, Defect list> when 'U :> IRing<'U> =
        let neurons (layer: Layer<'T>) = {
            Weights = Matrix.map number layer.Weights
            Bias = Array.map number (layer.Bias.ToArray())
            Activations = Array.init layer.OutputWidth (fun i -> ActivationKind.ofActivation exactly (layer.Activation i))
        }

        match network.Architecture with
        | Architecture.FeedForward maps ->
            Array.concat [ Option.toArray network.Lift; maps; Option.toArray network.Readout ]
            |> Array.collect (fun map -> Array.map neurons (map.Layers.ToArray()))
            |> ofLayers
        | other -> Error [ Defect.create "" $"a {Architecture.name other} network" "a feed-forward network" ]

    /// The perceptron as a feed-forward network, with the activations as a number system has them.
    let toNetwork (activation: ActivationKind -> Activation<'T>) (p: Perceptron<'T>) : Network<'T> when 'T :> IRing<'T> =
        let hidden =
            p.HiddenLayers
            |> Array.map (fun layer -> Layer.create layer.Weights layer.Bias (Array.map activation layer.Activations) |> Defect.orFail)

        let output = Layer.affine p.OutputMatrix p.OutputBias |> Defect.orFail

        Array.append hidden [| output |]
        |> Array.map LayerMap.ofLayer
        |> Architecture.FeedForward
        |> Network.ofArchitecture
        |> Defect.orFail
