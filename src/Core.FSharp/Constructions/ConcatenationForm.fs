namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// Why a layer cannot be written in another form.
[<RequireQualifiedAccess; NoComparison>]
type FormDefect =
    /// It is no sum over its blocks, and this proves it.
    | NotAdditive of MixedDifference
    /// It is a sum but no smooth layer, and this proves it.
    | NotSmooth of SlopeDefect
    /// The layers do not tell enough to decide it: several layers of kinks, or kinks and squares.
    | Undecided

/// One layer between its forms: a function φ([z_1; …; z_k]) of the concatenated states, a sum Σ_j f_j(z_j), a smooth force.
/// (Hauser et al. 2018: additive dense networks replace concatenation by addition; the exact condition is reconstructed.)
[<RequireQualifiedAccess>]
module ConcatenationForm =
    /// The same map with other weights in its first layer.
    let private withFirstWeights (change: Matrix<'T> -> Matrix<'T>) (map: LayerMap<'T>) : LayerMap<'T> =
        let layers = map.Layers.ToArray()
        let first = layers[0]
        let changed = Layer.create (change first.Weights) (first.Bias.ToArray()) (first.Activations.ToArray())
        changed |> Result.bind (fun layer -> LayerMap.create (Array.updateAt 0 layer layers)) |> Defect.orFail

    /// φ(z_1, …, z_k) = Σ_j f_j(z_j) as one map of the concatenated states; all f_j on R^d, at least one.
    let denseToConcatenation (maps: LayerMap<'T>[]) : Result<LayerMap<'T>, Defect list> when 'T :> IRing<'T> =
        let k = maps.Length

        let onBlock j (map: LayerMap<'T>) =
            let place (w: Matrix<'T>) =
                Matrix.init w.Rows (k * w.Columns) (fun r c -> if c / w.Columns = j then w[r, c % w.Columns] else 'T.Zero)

            'T.One, withFirstWeights place map

        LayerSum.combination (Array.mapi onBlock maps)

    /// The maps f_j(z) = φ(0, …, z, …, 0) − (1 − 1/k)φ(0), j = 1..k, whose sum is φ if φ is a sum over its blocks at all.
    let private split (k: int) (φ: LayerMap<Rational>) : LayerMap<Rational>[] =
        let d = φ.InputWidth / k
        let share = Vector.scale (Rational.create (1 - k) k) (LayerMap.apply φ (Vector.zero φ.InputWidth))

        Array.init k (fun j ->
            let onBlock = withFirstWeights (fun w -> Matrix.init w.Rows d (fun r c -> w[r, j * d + c])) φ
            if k = 1 then onBlock else LayerSum.shift share onBlock |> Defect.orFail)

    /// What the layers of a map of k concatenated states tell about it. The input is k times as wide as the output.
    let classify (k: int) (φ: LayerMap<Rational>) : LayerClass option =
        if k < 1 || φ.InputWidth <> k * φ.OutputWidth then
            invalidArg (nameof k) $"found a map from {φ.InputWidth} to {φ.OutputWidth} numbers, expected {k} states of the output's width"

        LayerKnowledge.ofMap φ |> Option.map (fun knowledge -> Classification.classify knowledge (Classification.ofMap k φ))

    /// f_1 … f_k with φ([z_1; …; z_k]) = Σ_j f_j(z_j) for a concatenation layer that is a sum, or why there are none.
    let concatenationToDense (k: int) (φ: LayerMap<Rational>) : Result<LayerMap<Rational>[], FormDefect> =
        match classify k φ with
        | Some(LayerClass.Additive _) -> Ok(split k φ)
        | Some(LayerClass.Mixed witness) -> Error(FormDefect.NotAdditive witness)
        | Some(LayerClass.PossiblyAdditive _)
        | None -> Error FormDefect.Undecided

    /// The layer map f with ∇ᵏx⁺ = hᵏ f(x) for an additive dense layer x⁺ = Σ_j f_j(z_j) that is smooth of order k, h ≠ 0; or why there
    /// is none. f = h⁻ᵏ (f_1 − k·id + Σ_{j≥2} f_j(0)).
    let denseToSmooth (step: Rational) (maps: LayerMap<Rational>[]) : Result<LayerMap<Rational>, FormDefect> =
        let k = maps.Length
        let d = maps[0].InputWidth

        match denseToConcatenation maps |> Defect.orFail |> classify k with
        | Some(LayerClass.Additive parts) ->
            match parts.Smooth with
            | SmoothAnswer.NotSmooth defect -> Error(FormDefect.NotSmooth defect)
            | SmoothAnswer.Smooth _ ->
                let constants = Array.tail maps |> Array.map (fun map -> LayerMap.apply map (Vector.zero d))
                let scale = Rational.One / Rational.power step k
                let offset = Vector.scale scale (Array.fold Vector.add (Vector.zero d) constants)

                LayerSum.combination [| scale, maps[0]; -scale * Rational.ofInt k, LayerSum.identity d |]
                |> Result.bind (LayerSum.shift offset)
                |> Defect.orFail
                |> Ok
        | Some(LayerClass.Mixed witness) -> Error(FormDefect.NotAdditive witness)
        | Some(LayerClass.PossiblyAdditive _)
        | None -> Error FormDefect.Undecided
