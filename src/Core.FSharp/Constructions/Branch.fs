namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// One summand Output·f(Input·y) of a map of a whole state y.
[<NoComparison>]
type Branch<'T> = {
    /// What f reads of y.
    Input: Matrix<'T>
    /// f
    Map: LayerMap<'T>
    /// Where the value of f goes.
    Output: Matrix<'T>
}

/// Maps side by side in one inner feed-forward network.
[<RequireQualifiedAccess>]
module Branch =
    let private identity (width: int) : Layer<'T> when 'T :> IRing<'T> =
        Layer.affine (Matrix.identity width) (Vector.zero width) |> Defect.orFail

    /// The layers of one strand, with identities behind the last until there are `depth`.
    let private pad (depth: int) (layers: Layer<'T>[]) : Layer<'T>[] =
        let waiting = identity (Array.last layers).OutputWidth
        Array.append layers (Array.create (depth - layers.Length) waiting)

    /// Layers above each other, each coordinate with its own activation.
    let private stack (weights: Matrix<'T>) (layers: Layer<'T>[]) : Layer<'T> =
        let bias = layers |> Array.collect (fun layer -> layer.Bias.ToArray())
        let activations = layers |> Array.collect (fun layer -> Array.init layer.OutputWidth layer.Activation)
        Layer.create weights bias activations |> Defect.orFail

    let private blockDiagonal (layers: Layer<'T>[]) : Matrix<'T> when 'T :> IRing<'T> =
        let block i (row: Layer<'T>) j (column: Layer<'T>) = if i = j then row.Weights else Matrix.zero row.OutputWidth column.InputWidth

        Matrix.ofBlocks (layers |> Array.mapi (fun i row -> layers |> Array.mapi (block i row)))

    /// y ↦ A·y + Σᵢ Outputᵢ·fᵢ(Inputᵢ·y) as one inner feed-forward network: y itself, and every fᵢ that is shorter than the
    /// longest, travels through the layers on coordinates with the identity as activation.
    let sum (linear: Matrix<'T>) (branches: Branch<'T>[]) : LayerMap<'T> when 'T :> IRing<'T> =
        if branches.Length = 0 then
            LayerMap.linear linear
        else
            let layers (branch: Branch<'T>) = branch.Map.Layers.ToArray()
            let depth = branches |> Array.map (fun branch -> branch.Map.Layers.Length) |> Array.max
            let whole = identity linear.Columns
            let strands = Array.append (Array.map layers branches) [| [| whole |] |] |> Array.map (pad depth)
            let inputs = Array.append (branches |> Array.map _.Input) [| whole.Weights |]
            let outputs = Array.append (branches |> Array.map _.Output) [| linear |]
            let heads = strands |> Array.map Array.head

            let first =
                let weights = Array.map2 (fun (head: Layer<'T>) input -> [| Matrix.multiply head.Weights input |]) heads inputs
                stack (Matrix.ofBlocks weights) heads

            let inner i =
                let layers = strands |> Array.map (Array.item i)
                stack (blockDiagonal layers) layers

            let last = Layer.affine (Matrix.ofBlocks [| outputs |]) (Vector.zero linear.Rows) |> Defect.orFail

            [| first; yield! Array.init (depth - 1) (fun i -> inner (i + 1)); last |] |> LayerMap.create |> Defect.orFail
