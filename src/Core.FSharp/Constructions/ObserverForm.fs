namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// <summary>
/// An additive dense network in observer form: q_n(l+1) = g_n^(l)(q₁(l)) + q_{n+1}(l) with q_{k+1} = 0 and x(l) = q₁(l). All k maps
/// of a step read the newest state.
/// </summary>
/// <remarks>(Hauser et al. 2018, state space of order-k additive dense networks; formulas reconstructed.)</remarks>
[<NoComparison>]
type ObserverForm<'T> = private {
    StepMaps: LayerMap<'T> option[][]
    StartMaps: LayerMap<'T>[][]
} with

    /// k, the number of blocks of a state.
    member form.Order = form.StepMaps[0].Length
    /// L, the number of steps.
    member form.Depth = form.StepMaps.Length
    /// steps[l][n−1] = g_n^(l), None where the network ends before the map would be used (the zero map).
    member form.Steps = form.StepMaps
    /// start[n−2][m−n] = the map by which x(n−1−m) enters q_n(0), n = 2..k, m = n..k; none where the network ends before.
    member form.Start = form.StartMaps

/// Between additive dense networks and their observer forms.
[<RequireQualifiedAccess>]
module ObserverForm =
    /// The observer form of x(l+1) = Σ_{n=1..k} f_n^(l)(x(l+1−n)): g_n^(l) = f_n^(l+n−1), the map of the step in which its value
    /// is used, and q_n(0) = Σ_{m=n..k} f_m^(n−2)(x(n−1−m)). maps[l][n−1] = f_n^(l).
    let denseToObserver (maps: LayerMap<'T>[][]) : Result<ObserverForm<'T>, Defect list> when 'T :> IRing<'T> =
        Architecture.AdditiveDense maps
        |> Architecture.equation
        |> Result.map (fun equation ->
            let k, depth = equation.Blocks, equation.Depth

            let step l i = if l + i < depth then Some(maps[l + i][i]) else None

            {
                StepMaps = Array.init depth (fun l -> Array.init k (step l))
                StartMaps = Array.init (min (k - 1) depth) (fun l -> Array.skip (l + 1) maps[l])
            })

    /// The additive dense network of an observer form, the inverse of denseToObserver: f_n^(l) = g_n^(l−n+1) for l ≥ n−1; the
    /// maps of the first layers that read the history stand in the start.
    let observerToDense (form: ObserverForm<'T>) : LayerMap<'T>[][] =
        let map l i =
            if l < i then
                form.StartMaps[l][i - l - 1]
            else
                match form.StepMaps[l - i][i] with
                | Some map -> map
                | None -> invalidOp $"the observer form lacks map {i + 1} of layer {l}"

        Array.init form.Depth (fun l -> Array.init form.Order (map l))

    /// q(0) from a history [x(0); x(−1); …; x(−k+1)].
    let start (form: ObserverForm<'T>) (history: 'T[][]) : 'T[][] when 'T :> IRing<'T> =
        let block i =
            if i = 0 then
                history[0]
            elif i > form.StartMaps.Length then
                Vector.zero history[0].Length
            else
                Array.map2 LayerMap.apply form.StartMaps[i - 1] (Array.tail history |> Array.take (history.Length - i)) |> Vector.sum

        Array.init form.Order block

    /// q(l+1) from q(l).
    let step (form: ObserverForm<'T>) (l: int) (q: 'T[][]) : 'T[][] when 'T :> IRing<'T> =
        let older = Array.append (Array.tail q) [| Vector.zero q[0].Length |]

        Array.map2
            (fun map next ->
                match map with
                | Some g -> Vector.add (LayerMap.apply g q[0]) next
                | None -> next)
            form.StepMaps[l]
            older

    /// q(0), q(1), …, q(L) from a history; x(l) is the first block of q(l).
    let run (form: ObserverForm<'T>) (history: 'T[][]) : 'T[][][] when 'T :> IRing<'T> =
        Array.scan (fun q l -> step form l q) (start form history) [| 0 .. form.Depth - 1 |]
