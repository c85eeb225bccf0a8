namespace LayerTime.Core.Networks

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// The map f of one step of a network: one layer σ(W·x + b), or an inner feed-forward network of several, first to last.
[<NoComparison>]
type LayerMap<'T> = private {
    LayerList: Layer<'T>[]
} with

    /// The layers, first to last; at least one.
    member map.Layers: ReadOnlySpan<Layer<'T>> = ReadOnlySpan map.LayerList
    /// The width of the argument.
    member map.InputWidth = map.LayerList[0].InputWidth
    /// The width of the value.
    member map.OutputWidth = map.LayerList[map.LayerList.Length - 1].OutputWidth
    /// The last layer: the one that gives the value.
    member internal map.Last = map.LayerList[map.LayerList.Length - 1]
    /// The largest width that occurs inside.
    member map.LargestWidth = map.LayerList |> Array.fold (fun widest layer -> max widest layer.OutputWidth) 0

/// Layer maps: construction, evaluation and derivatives.
[<RequireQualifiedAccess>]
module LayerMap =
    /// layer_m ∘ … ∘ layer_1. Wants at least one layer, each as wide in as the one before is out.
    let create (layers: Layer<'T>[]) : Result<LayerMap<'T>, Defect list> =
        let defects = [
            if layers.Length = 0 then
                Defect.create "" "no layer" "at least one"

            for i in 1 .. layers.Length - 1 do
                let found, expected = layers[i].InputWidth, layers[i - 1].OutputWidth

                if found <> expected then
                    Defect.create
                        $"inner layer {i}"
                        $"{layers[i].OutputWidth}×{found} weights"
                        $"{expected} columns, the width of inner layer {i - 1}"
        ]

        if defects.IsEmpty then Ok { LayerList = Array.copy layers } else Error defects

    /// The map of a single layer.
    let ofLayer (layer: Layer<'T>) : LayerMap<'T> = { LayerList = [| layer |] }

    /// x ↦ σ(W·x + b)
    let dense (weights: Matrix<'T>) (bias: 'T[]) (activation: Activation<'T>) : Result<LayerMap<'T>, Defect list> =
        Layer.create weights bias [| activation |] |> Result.map ofLayer

    /// x ↦ W·x
    let linear (weights: Matrix<'T>) : LayerMap<'T> when 'T :> IRing<'T> =
        Layer.affine weights (Vector.zero weights.Rows) |> Defect.orFail |> ofLayer

    /// The argument of the last layer at x: x itself, or the value of the layers before, in one of two scratch arrays of
    /// the largest width.
    let internal lastArgument
        (map: LayerMap<'T>)
        (scratch: 'T[])
        (other: 'T[])
        (x: ReadOnlySpan<'T>)
        : ReadOnlySpan<'T> when 'T :> IRing<'T> =
        let mutable argument = x
        let mutable target = scratch

        for m in 0 .. map.LayerList.Length - 2 do
            let layer = map.LayerList[m]

            Layer.applyInto layer argument target
            argument <- ReadOnlySpan(target, 0, layer.OutputWidth)
            target <- if obj.ReferenceEquals(target, scratch) then other else scratch

        argument

    /// f(x)
    let apply (map: LayerMap<'T>) (x: 'T[]) : 'T[] when 'T :> IRing<'T> =
        if x.Length <> map.InputWidth then
            invalidArg (nameof x) $"found {x.Length} numbers, expected {map.InputWidth}"

        let value (argument: 'T[]) (layer: Layer<'T>) =
            let values = Array.zeroCreate layer.OutputWidth
            Layer.applyInto layer (ReadOnlySpan argument) values
            values

        Array.fold value x map.LayerList

    /// The arguments of all layers at x: x itself, then the values of each layer but the last.
    let private arguments (map: LayerMap<'T>) (x: 'T[]) : 'T[][] when 'T :> IRing<'T> =
        let inner = Array.take (map.LayerList.Length - 1) map.LayerList
        Array.scan (fun argument layer -> apply (ofLayer layer) argument) x inner

    /// σ′(W·x + b), coordinate by coordinate.
    let private slopes (layer: Layer<'T>) (x: 'T[]) : 'T[] when 'T :> IRing<'T> =
        Layer.preactivations layer x |> Array.mapi (fun i t -> Activation.derivative (layer.Activation i) t)

    /// Df(x) = diag(σ′_m) W_m · … · diag(σ′_1) W_1, output × input.
    let jacobian (map: LayerMap<'T>) (x: 'T[]) : Matrix<'T> when 'T :> IRing<'T> =
        let layerJacobian (layer: Layer<'T>) argument =
            let slopes = slopes layer argument
            Matrix.init layer.OutputWidth layer.InputWidth (fun i j -> 'T.Product(slopes[i], layer.Weights[i, j]))

        Array.map2 layerJacobian map.LayerList (arguments map x)
        |> Array.reduce (fun inner outer -> Matrix.multiply outer inner)

    /// Df(x)ᵀv and, for every layer, the gradients of vᵀf(x) in its weights and biases, first layer first.
    let pullback (map: LayerMap<'T>) (x: 'T[]) (v: 'T[]) : 'T[] * (Matrix<'T> * 'T[])[] when 'T :> IRing<'T> =
        let backward (layer: Layer<'T>, argument: 'T[]) (covector: 'T[], gradients) =
            let δ = Array.map2 (fun s a -> 'T.Product(s, a)) (slopes layer argument) covector
            let weights = Matrix.init layer.OutputWidth layer.InputWidth (fun i j -> 'T.Product(δ[i], argument[j]))
            Matrix.apply (Matrix.transpose layer.Weights) δ, (weights, δ) :: gradients

        let covector, gradients = Array.foldBack backward (Array.zip map.LayerList (arguments map x)) (v, [])

        covector, List.toArray gradients

    /// The same map over other numbers.
    let map (number: 'T -> 'U) (activation: Activation<'T> -> Activation<'U>) (map: LayerMap<'T>) : LayerMap<'U> = {
        LayerList = Array.map (Layer.map number activation) map.LayerList
    }

    /// A Lipschitz constant of f in the ∞-norm, Π ‖W_i‖∞·Lip(σ_i), or None where an activation has none (t²).
    let lipschitz (map: LayerMap<Rational>) : Rational option =
        let ofLayer (layer: Layer<Rational>) =
            layer.Activations.ToArray()
            |> Array.map (fun activation -> (Activation.facts id activation).Lipschitz)
            |> Array.reduce (Option.map2 Rational.max)
            |> Option.map (fun activation -> Matrix.normInf layer.Weights * activation)

        map.LayerList |> Array.map ofLayer |> Array.reduce (Option.map2 (*))

    /// The number of weights and biases.
    let parameterCount (map: LayerMap<'T>) : int64 = Array.sumBy Layer.parameterCount map.LayerList
