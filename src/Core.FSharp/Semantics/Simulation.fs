namespace LayerTime.Core.Semantics

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// What a network means: the difference equation ∇ʳx(l+1) = hʳ·G_l(x(l), x(l−1), …), solved layer by layer.
[<RequireQualifiedAccess>]
module Simulation =
    /// The constants and scratch memory of a run, made once.
    [<Sealed>]
    type private Workspace<'T when 'T :> IRing<'T>>(equation: DifferenceEquation<'T>) =
        let largest = equation.LargestWidth

        /// (−1)^(j+1) C(r, j), j = 1..r
        member val PastWeights: 'T[] = Binomial.pastWeights equation.Order |> Array.map Ring.ofInteger
        /// hʳ
        member val Scale: 'T = Ring.power equation.Step equation.Order
        member val Scratch: 'T[] = Vector.zero largest
        member val Other: 'T[] = Vector.zero largest
        member val Value: 'T[] = Vector.zero largest

    /// next ← G_l(x(l), x(l−1), …)
    let private force (side: RightHandSide<'T>) (work: Workspace<'T>) (trajectory: Trajectory<'T>) (l: int) (next: Span<'T>) : unit =
        match side with
        | RightHandSide.Additive terms ->
            let first = terms[0]
            LayerMap.applyInto first.Map work.Scratch work.Other (trajectory.State(l + 1 - first.Age)) next

            for n in 1 .. terms.Length - 1 do
                let term = terms[n]
                LayerMap.applyInto term.Map work.Scratch work.Other (trajectory.State(l + 1 - term.Age)) (Span work.Value)

                for i in 0 .. next.Length - 1 do
                    next[i] <- 'T.Sum(next[i], work.Value[i])
        | RightHandSide.Concatenated(window, φ) ->
            let mutable start = 0

            for j in 0 .. window - 1 do
                let state = trajectory.State(l - j)
                state.CopyTo(Span(work.Value, start, state.Length))
                start <- start + state.Length

            LayerMap.applyInto φ work.Scratch work.Other (ReadOnlySpan(work.Value, 0, start)) next

    /// x(l+1) = Σ_{j=1..r} (−1)^(j+1) C(r,j) x(l+1−j) + hʳ G_l(x(l), x(l−1), …)
    let private step (equation: DifferenceEquation<'T>) (work: Workspace<'T>) (trajectory: Trajectory<'T>) (l: int) : unit =
        let next = trajectory.Target(l + 1)
        force equation.RightHandSides[l] work trajectory l next
        let weights = work.PastWeights

        if weights.Length > 0 then
            let scale = work.Scale
            // With r ≥ 1 all states have one width d, so x(l+1−j) lies j·d before x(l+1).
            let past = trajectory.Before(l + 1, weights.Length)
            let d = next.Length
            let newest = past.Slice(past.Length - d, d)

            for i in 0 .. newest.Length - 1 do
                let mutable sum = 'T.Product(weights[0], newest[i])

                for j in 1 .. weights.Length - 1 do
                    sum <- 'T.Sum(sum, 'T.Product(weights[j], past[past.Length - (j + 1) * d + i]))

                next[i] <- 'T.Sum(sum, 'T.Product(scale, next[i]))

    /// The trajectory from a history [x(0); x(−1); …; x(−K+1)] (newest first, K blocks of the width of x(0)).
    /// Allocates its result and its scratch memory, and nothing per layer.
    let run (equation: DifferenceEquation<'T>) (history: 'T[][]) : Trajectory<'T> when 'T :> IRing<'T> =
        let blocks = equation.Blocks

        if history.Length <> blocks || Array.exists (fun (x: 'T[]) -> x.Length <> equation.Width 0) history then
            let shape = history |> Array.map (fun x -> string x.Length) |> String.concat ", "
            invalidArg (nameof history) $"found a history of widths [{shape}], expected {blocks} states of width {equation.Width 0}"

        let offsets = Array.zeroCreate (equation.Depth + blocks + 1)

        for s in 0 .. equation.Depth + blocks - 1 do
            offsets[s + 1] <- offsets[s] + equation.Width(max 0 (s - blocks + 1))

        let trajectory = Trajectory(blocks, offsets, Array.zeroCreate offsets[equation.Depth + blocks])

        for j in 0 .. blocks - 1 do
            ReadOnlySpan(history[j]).CopyTo(trajectory.Target -j)

        let work = Workspace equation

        for l in 0 .. equation.Depth - 1 do
            step equation work trajectory l

        trajectory

    /// G_l at a delay state [x(l); x(l−1); …] of K blocks, newest first.
    let rightHandSide (side: RightHandSide<'T>) (delay: 'T[][]) : 'T[] when 'T :> IRing<'T> =
        match side with
        | RightHandSide.Additive terms -> terms |> Array.map (fun term -> LayerMap.apply term.Map delay[term.Age - 1]) |> Vector.sum
        | RightHandSide.Concatenated(window, φ) -> LayerMap.apply φ (Array.concat (Array.take window delay))

    /// ∇ᵐx, the m-th backward difference of the newest state, from m+1 states, newest first, by the definition
    /// ∇ᵐx(l) = ∇ᵐ⁻¹x(l) − ∇ᵐ⁻¹x(l−1).
    let rec backwardDifference (order: int) (states: 'T[][]) : 'T[] when 'T :> IRing<'T> =
        if order = 0 then
            states[0]
        else
            Vector.subtract (backwardDifference (order - 1) states) (backwardDifference (order - 1) (Array.tail states))

    /// The history of a network for an input: through its lift, or the input itself cut into K blocks, newest first.
    let history (network: Network<'T>) (input: 'T[]) : 'T[][] when 'T :> IRing<'T> =
        let flat =
            match network.Lift with
            | Some lift -> LayerMap.apply lift input
            | None -> input

        Array.chunkBySize (network.Equation.Width 0) flat

    /// The output of a network after a trajectory: its readout of the delay state at depth L, or x(L).
    let output (network: Network<'T>) (trajectory: Trajectory<'T>) : 'T[] when 'T :> IRing<'T> =
        match network.Readout with
        | Some readout -> LayerMap.apply readout (Array.concat (trajectory.Delay trajectory.Depth))
        | None -> trajectory[trajectory.Depth]
