namespace LayerTime.Core.Semantics

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// The gradient of a loss in every state and every parameter of a trajectory.
[<NoComparison>]
type Gradient<'T> = {
    /// Momentum s = dLoss/dx(s), s = −K+1 … L at index s + K − 1: the adjoint λ.
    Momentum: 'T[][]
    /// The gradients of the layers: parameters[l][term][inner layer] = (dLoss/dW, dLoss/db).
    Parameters: (Matrix<'T> * 'T[])[][][]
}

/// Derivatives of trajectories: the Jacobian of a step and the exact gradient of a loss, backward through the layers.
[<RequireQualifiedAccess>]
module Adjoint =
    /// DG_l by blocks: dG/dx(l), dG/dx(l−1), …, K matrices of d × d, at a delay state.
    let sideJacobian (side: RightHandSide<'T>) (delay: 'T[][]) : Matrix<'T>[] when 'T :> IRing<'T> =
        let width = delay[0].Length

        let output =
            match side with
            | RightHandSide.Additive terms -> terms[0].Map.OutputWidth
            | RightHandSide.Concatenated(_, φ) -> φ.OutputWidth

        let zero = Array.init delay.Length (fun _ -> Matrix.zero output width)

        match side with
        | RightHandSide.Additive terms ->
            for term in terms do
                let j = term.Age - 1
                zero[j] <- Matrix.add zero[j] (LayerMap.jacobian term.Map delay[j])
        | RightHandSide.Concatenated(window, φ) ->
            let whole = LayerMap.jacobian φ (Array.concat (Array.take window delay))

            for j in 0 .. window - 1 do
                zero[j] <- Matrix.init output width (fun r c -> whole[r, j * width + c])

        zero

    /// DΦ_l, the Jacobian of one step in delay coordinates [x(l); …; x(l−K+1)], Kd × Kd: the block companion matrix with first
    /// block row (−1)^(j+1) C(r,j)·I + hʳ·dG/dx(l+1−j).
    let stepJacobian (equation: DifferenceEquation<'T>) (l: int) (delay: 'T[][]) : Matrix<'T> when 'T :> IRing<'T> =
        let k, d = delay.Length, delay[0].Length
        let scale = Ring.power equation.Step equation.Order
        let past = Binomial.pastWeights equation.Order
        let side = sideJacobian equation.RightHandSides[l] delay

        let newest j =
            let driven = Matrix.scale scale side[j]

            if j < past.Length then Matrix.add (Matrix.scale (Ring.ofInteger past[j]) (Matrix.identity d)) driven else driven

        let shift i j = if j = i - 1 then Matrix.identity d else Matrix.zero d d

        Matrix.ofBlocks (Array.init k (fun i -> Array.init k (fun j -> if i = 0 then newest j else shift i j)))

    /// Backward through the layers, from dLoss/dx(L), dLoss/dx(L−1), … as a readout of the final delay state gives them (newest first,
    /// at most K of them) and λ(s) = 0 for s &gt; L: what the loss says of x(s) directly is added to the sums of `gradient`.
    let gradientFrom (equation: DifferenceEquation<'T>) (trajectory: Trajectory<'T>) (final: 'T[][]) : Gradient<'T> when 'T :> IRing<'T> =
        let blocks, depth = trajectory.Blocks, trajectory.Depth
        let past = Binomial.pastWeights equation.Order |> Array.map Ring.ofInteger
        let scale = Ring.power equation.Step equation.Order
        let λ = Array.init (blocks + depth) (fun s -> Vector.zero (trajectory.State(s - blocks + 1).Length))
        final |> Array.iteri (fun j direct -> λ[blocks + depth - 1 - j] <- direct)
        let parameters = Array.create depth [||]

        for l in depth - 1 .. -1 .. 0 do
            let next = λ[l + blocks]

            let receive age (contribution: 'T[]) =
                let s = l - age + blocks
                λ[s] <- Vector.add λ[s] contribution

            past |> Array.iteri (fun i weight -> receive (i + 1) (Vector.scale weight next))
            let driving = Vector.scale scale next

            parameters[l] <-
                match equation.RightHandSides[l] with
                | RightHandSide.Additive terms ->
                    terms
                    |> Array.map (fun term ->
                        let covector, gradients = LayerMap.pullback term.Map trajectory[l + 1 - term.Age] driving
                        receive term.Age covector
                        gradients)
                | RightHandSide.Concatenated(window, φ) ->
                    let argument = Array.concat (Array.init window (fun j -> trajectory[l - j]))
                    let covector, gradients = LayerMap.pullback φ argument driving
                    Array.chunkBySize (equation.Width l) covector |> Array.iteri (fun j part -> receive (j + 1) part)
                    [| gradients |]

        { Momentum = λ; Parameters = parameters }

    /// Backward through the layers, from λ(L) = dLoss/dx(L) and λ(s) = 0 for s &gt; L:
    /// λ(s) = Σ_j (−1)^(j+1) C(r,j) λ(s+j) + hʳ Σ_n Df_n^(s+n−1)(x(s))ᵀ λ(s+n), and the gradient in the parameters of layer l is
    /// hʳ (∂G_l/∂θ)ᵀ λ(l+1). Exact: the gradient of what was computed. Both sums run over the layers that exist.
    let gradient (equation: DifferenceEquation<'T>) (trajectory: Trajectory<'T>) (final: 'T[]) : Gradient<'T> when 'T :> IRing<'T> =
        gradientFrom equation trajectory [| final |]
