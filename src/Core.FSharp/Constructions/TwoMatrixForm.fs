namespace LayerTime.Core.Constructions

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// One layer h ↦ W̃·σ(W·h + b) + b̃.
[<NoComparison; NoEquality>]
type TwoMatrixLayer<'T> = {
    /// W and b with the activation of each row.
    Inner: Neurons<'T>
    /// W̃
    Outer: Matrix<'T>
    /// b̃
    OuterBias: 'T[]
}

/// <summary>A perceptron with two affine maps in every layer: h₀ = x, h_l = W̃_l·σ_l(W_l·h_{l−1} + b_l) + b̃_l, Φ(x) = h_L (Kühn and
/// Kuntz).</summary>
/// <remarks>The widths of the h_l between are free: they are linear layers, which the merged form absorbs.</remarks>
[<NoComparison; NoEquality>]
type TwoMatrixForm<'T> = private {
    LayerList: TwoMatrixLayer<'T>[]
} with

    /// The layers, first to last; at least one.
    member form.Layers: ReadOnlySpan<TwoMatrixLayer<'T>> = ReadOnlySpan form.LayerList

    /// d = (n₀, m₁, n₁, m₂, …, m_L, n_L), the node sequence.
    member form.Nodes: int[] = [|
        form.LayerList[0].Inner.Weights.Columns
        for layer in form.LayerList do
            layer.Inner.Weights.Rows
            layer.Outer.Rows
    |]

/// Two-matrix forms: construction, evaluation, and their merged form.
[<RequireQualifiedAccess>]
module TwoMatrixForm =
    /// W̃·z + b̃ as a layer of identities.
    let private affine (layer: TwoMatrixLayer<'T>) : Neurons<'T> = {
        Weights = layer.Outer
        Bias = layer.OuterBias
        Activations = Array.create layer.Outer.Rows ActivationKind.Identity
    }

    /// W₁, W̃₁, W₂, W̃₂, … as layers, of which every second one is linear.
    let neurons (form: TwoMatrixForm<'T>) : Neurons<'T>[] = form.LayerList |> Array.collect (fun layer -> [| layer.Inner; affine layer |])

    /// The form of these layers, or every defect of its shapes.
    let create (layers: TwoMatrixLayer<'T>[]) : Result<TwoMatrixForm<'T>, Defect list> =
        let form = { LayerList = Array.copy layers }

        match Array.rev (neurons form) |> Array.toList with
        | [] -> Error [ Defect.create "" "no layer" "at least one" ]
        | last :: before ->
            // All shapes are those of a perceptron whose hidden layers are all but the last of them.
            Perceptron.create (List.toArray (List.rev before)) last.Weights last.Bias |> Result.map (fun _ -> form)

    /// Φ(x), layer by layer as the form is written.
    let apply (activation: ActivationKind -> Activation<'T>) (form: TwoMatrixForm<'T>) (x: 'T[]) : 'T[] when 'T :> IRing<'T> =
        let advance h (layer: TwoMatrixLayer<'T>) =
            Vector.add (Matrix.apply layer.Outer (Perceptron.applyLayer activation layer.Inner h)) layer.OuterBias

        Array.fold advance x form.LayerList

    /// The merged form: A_l = W_l·W̃_{l−1}, c_l = W_l·b̃_{l−1} + b_l.
    let merge (form: TwoMatrixForm<'T>) : Perceptron<'T> when 'T :> IRing<'T> = neurons form |> Perceptron.ofLayers |> Defect.orFail
