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
        // Single layers need no memory for what lies inside a map.
        let inside = if equation.Layers.Length > 0 then 0 else equation.LargestWidth

        /// (−1)^(j+1) C(r, j), j = 1..r; 1 for r = 1, without the cost of big integers, which a short run would feel.
        member val PastWeights: 'T[] =
            if equation.Order = 1 then [| 'T.One |] else Binomial.pastWeights equation.Order |> Array.map Ring.ofInteger

        /// hʳ
        member val Scale: 'T = Ring.power equation.Step equation.Order
        member val Scratch: 'T[] = Vector.zero inside
        member val Other: 'T[] = Vector.zero inside
        member val Value: 'T[] = Vector.zero inside
        member val Sums: 'T[] = Vector.zero equation.LargestWidth

    /// Σ_{j=1..r} (−1)^(j+1) C(r,j) x_i(l+1−j): with r ≥ 1 all states have one width d, so that x_i(l+1−j) stands j·d before x_i(l+1).
    let inline private past (weights: 'T[]) (states: 'T[]) (d: int) (at: int) : 'T :> IRing<'T> =
        let mutable sum = 'T.Product(weights[0], states[at - d])

        for j in 2 .. weights.Length do
            sum <- 'T.Sum(sum, 'T.Product(weights[j - 1], states[at - j * d]))

        sum

    /// x(l+1) = Σ_{j=1..r} (−1)^(j+1) C(r,j) x(l+1−j) + hʳ G_l(x(l), x(l−1), …), one layer σ(W·x + b) of the sum G_l at a time;
    /// x(l+1) begins at `target`, and all layers but the last leave there what there is of the sum.
    let inline private add (work: Workspace<'T>) (states: 'T[]) (target: int) first last (layer: Layer<'T>) (x: ReadOnlySpan<'T>) =
        let weights = work.PastWeights
        let scale = work.Scale
        let d = layer.OutputWidth

        Layer.iterate layer x work.Sums (fun i value ->
            let at = target + i
            let force = if first then value else 'T.Sum(states[at], value)

            states[at] <- if last && weights.Length > 0 then 'T.Sum(past weights states d at, 'T.Product(scale, force)) else force)

    /// One step with a right-hand side of any kind.
    let private step (side: RightHandSide<'T>) (work: Workspace<'T>) (trajectory: Trajectory<'T>) (l: int) : unit =
        match side with
        | RightHandSide.Additive terms ->
            let last = terms.Length - 1

            for n in 0..last do
                let map = terms[n].Map
                let x = LayerMap.lastArgument map work.Scratch work.Other (trajectory.State(l + 1 - terms[n].Age))
                add work trajectory.Items (trajectory.Start(l + 1)) (n = 0) (n = last) map.Last x
        | RightHandSide.Concatenated(window, φ) ->
            let mutable start = 0

            for j in 0 .. window - 1 do
                let state = trajectory.State(l - j)
                state.CopyTo(Span(work.Value, start, state.Length))
                start <- start + state.Length

            let x = LayerMap.lastArgument φ work.Scratch work.Other (ReadOnlySpan(work.Value, 0, start))
            add work trajectory.Items (trajectory.Start(l + 1)) true true φ.Last x

    /// All steps of an equation whose right-hand sides are single layers of the newest state, which ends where the next begins.
    let private layers (layers: Layer<'T>[]) (work: Workspace<'T>) (trajectory: Trajectory<'T>) : unit =
        let states = trajectory.Items
        let mutable target = trajectory.Start 1

        for layer in layers do
            let n = layer.InputWidth
            add work states target true true layer (ReadOnlySpan(states, target - n, n))
            target <- target + layer.OutputWidth

    /// The trajectory from a history [x(0); x(−1); …; x(−K+1)] (newest first, K blocks of the width of x(0)).
    /// Allocates its result and its scratch memory, and nothing per layer.
    let run (equation: DifferenceEquation<'T>) (history: 'T[][]) : Trajectory<'T> when 'T :> IRing<'T> =
        let blocks = equation.Blocks

        if history.Length <> blocks || Array.exists (fun (x: 'T[]) -> x.Length <> equation.Width 0) history then
            let shape = history |> Array.map (fun x -> string x.Length) |> String.concat ", "
            invalidArg (nameof history) $"found a history of widths [{shape}], expected {blocks} states of width {equation.Width 0}"

        let trajectory = Trajectory(blocks, equation.Starts, Array.zeroCreate (Array.last equation.Starts))

        for j in 0 .. blocks - 1 do
            history[j].CopyTo(trajectory.Items, trajectory.Start -j)

        let work = Workspace equation

        if equation.Layers.Length > 0 then
            layers equation.Layers work trajectory
        else
            for l in 0 .. equation.Depth - 1 do
                step equation.RightHandSides[l] work trajectory l

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
