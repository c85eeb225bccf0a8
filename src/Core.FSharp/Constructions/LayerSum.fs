namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// Sums of layer maps as one layer map: the summands run side by side, each coordinate with its own activation, and an
/// affine layer adds them up.
[<RequireQualifiedAccess>]
module LayerSum =
    /// x ↦ c·x on R^d
    let multiple (d: int) (c: 'T) : LayerMap<'T> when 'T :> IRing<'T> = LayerMap.linear (Matrix.scale c (Matrix.identity d))

    /// x ↦ x on R^d
    let identity<'T when 'T :> IRing<'T>> (d: int) : LayerMap<'T> = multiple d 'T.One

    /// x ↦ f(x) + v
    let shift (v: 'T[]) (f: LayerMap<'T>) : Result<LayerMap<'T>, Defect list> when 'T :> IRing<'T> =
        Layer.affine (Matrix.identity f.OutputWidth) v
        |> Result.bind (fun layer -> LayerMap.create (Array.append (f.Layers.ToArray()) [| layer |]))

    /// The layers of f, continued by identities to a depth.
    let private padded (depth: int) (f: LayerMap<'T>) : Layer<'T>[] when 'T :> IRing<'T> =
        let layers = f.Layers.ToArray()
        let rest = (identity f.OutputWidth).Layers[0]
        Array.append layers (Array.create (depth - layers.Length) rest)

    /// The layers of one depth as one layer: the first ones read the same argument, later ones each what is theirs.
    let private beside (sharedArgument: bool) (layers: Layer<'T>[]) : Layer<'T> when 'T :> IRing<'T> =
        let block i j = if i = j then layers[i].Weights else Matrix.zero layers[i].OutputWidth layers[j].InputWidth

        let weights =
            if sharedArgument then
                layers |> Array.map (fun layer -> [| layer.Weights |])
            else
                Array.init layers.Length (fun i -> Array.init layers.Length (block i))

        let bias = layers |> Array.collect (fun layer -> layer.Bias.ToArray())
        let activations = layers |> Array.collect (fun layer -> Array.init layer.OutputWidth layer.Activation)
        Layer.create (Matrix.ofBlocks weights) bias activations |> Defect.orFail

    /// x ↦ Σ_i c_i f_i(x), for example hᵏ·f(x) + k·x. Wants at least one map, and all of the same input and output widths.
    let combination (terms: ('T * LayerMap<'T>)[]) : Result<LayerMap<'T>, Defect list> when 'T :> IRing<'T> =
        let defects =
            Defect.unless (terms.Length > 0) "" "no map" "at least one"
            @ [
                for i in 1 .. terms.Length - 1 do
                    let (_, first), (_, other) = terms[0], terms[i]
                    let shape (f: LayerMap<'T>) = $"a map from {f.InputWidth} to {f.OutputWidth} numbers"
                    yield! Defect.unless (shape other = shape first) $"map {i}" (shape other) (shape first)
            ]

        if defects.IsEmpty then
            let maps = Array.map snd terms
            let depth = maps |> Array.fold (fun deepest f -> max deepest f.Layers.Length) 0
            let layers = maps |> Array.map (padded depth)
            let inner = Array.init depth (fun i -> layers |> Array.map (Array.item i) |> beside (i = 0))
            let d = maps[0].OutputWidth
            let addition = Matrix.ofBlocks [| terms |> Array.map (fun (c, _) -> Matrix.scale c (Matrix.identity d)) |]
            LayerMap.create (Array.append inner ((LayerMap.linear addition).Layers.ToArray()))
        else
            Error defects
