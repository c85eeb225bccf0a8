namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// Additive dense forms x(l+1) = Σ_n g_n^(l)(x(l+1−n)) of other networks, without any error: the same states from the same
/// history. (Hauser et al. 2018: dense networks contain the smooth ones; formulas reconstructed.)
[<RequireQualifiedAccess>]
module DenseForm =
    /// ∇ʳx(l+1) = hʳ Σ_{n=1..p} f_n^(l)(x(l+1−n)) as the dense network of order K = max(r, p) with
    /// g_n = (−1)^(n+1) C(r,n)·id [n ≤ r] + hʳ f_n [n ≤ p]; maps[l][n−1] = f_n^(l). A map of both kinds is one layer map,
    /// because the identity passes through its inner layers in coordinates of its own.
    let masterToDense (order: int) (step: 'T) (maps: LayerMap<'T>[][]) : Result<Architecture<'T>, Defect list> when 'T :> IRing<'T> =
        let dense (equation: DifferenceEquation<'T>) =
            let weights = Binomial.pastWeights order |> Array.map Ring.ofInteger
            let scale = Ring.power step order

            let map (layer: LayerMap<'T>[]) i =
                let past = if i < order then [| weights[i], LayerSum.identity (equation.Width 0) |] else [||]
                let force = if i < layer.Length then [| scale, layer[i] |] else [||]

                match past, force with
                | [| weight, _ |], [||] -> LayerSum.multiple (equation.Width 0) weight
                | [||], _ when order = 0 -> layer[i]
                | _ -> LayerSum.combination (Array.append past force) |> Defect.orFail

            Architecture.AdditiveDense(maps |> Array.map (fun layer -> Array.init equation.Blocks (map layer)))

        Architecture.Master(order, step, maps) |> Architecture.equation |> Result.map dense

    /// ∇ᵏx(l+1) = hᵏ f^(l)(x(l)), k ≥ 1, as the dense network of order k with f_1 = hᵏ f + k·id and
    /// f_j = (−1)^(j+1) C(k,j)·id for j ≥ 2.
    let smoothToDense (order: int) (step: 'T) (maps: LayerMap<'T>[]) : Result<Architecture<'T>, Defect list> when 'T :> IRing<'T> =
        Architecture.Smooth(order, step, maps)
        |> Architecture.equation
        |> Result.bind (fun _ -> masterToDense order step (Array.map Array.singleton maps))
