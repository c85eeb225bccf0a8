namespace LayerTime.Core.Examination

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// The weights of a network as a function of depth, as far as one network shows it: measured, without proof.
type DepthProfile = {
    /// ‖W_l‖F·hʳ, all weights of layer l together.
    Sizes: float[]
    /// √(mean of ‖W_(l+m) − W_l‖²) for the lags m = 1, 2, 4, … up to a quarter of the depth; empty where shapes change with depth.
    Increments: (int * float)[]
    /// α in mean size = L^(−α), or None for a single layer.
    SizeExponent: float option
    /// The slope of log increment over log lag: near 1 for weights smooth in depth, 1/2 for a random walk, 0 for independent layers. None
    /// for fewer than 16 layers.
    Regularity: float option
} with

    /// √2 for independent layers, about 1/L for smooth ones: the increment of lag 1 relative to the size, or None.
    member profile.Roughness: float option =
        match Array.tryHead profile.Increments with
        | Some(_, first) when Array.exists (fun size -> size > 0.0) profile.Sizes ->
            Some(first / Math.Sqrt(Array.averageBy (fun size -> size * size) profile.Sizes))
        | _ -> None

/// Depth as time: how large the weights are and how much they change from layer to layer.
[<RequireQualifiedAccess>]
module DepthProfile =
    let private log (x: float) : float = Elementary.log x

    let private slope (points: (float * float)[]) : float =
        let meanX, meanY = Array.averageBy fst points, Array.averageBy snd points
        let covariance = points |> Array.sumBy (fun (x, y) -> (x - meanX) * (y - meanY))
        covariance / Array.sumBy (fun (x, _) -> (x - meanX) * (x - meanX)) points

    /// The weights of every layer in one row, biases left out, times hʳ.
    let private weights (network: Network<Binary64>) : float[][] =
        let equation = network.Equation
        let scale = Seq.replicate equation.Order equation.Step.Value |> Seq.fold (*) 1.0

        Architecture.maps network.Architecture
        |> Array.map (fun maps ->
            maps
            |> Array.collect (fun map -> map.Layers.ToArray())
            |> Array.collect (fun layer -> layer.Weights.Entries.ToArray() |> Array.map (fun w -> scale * w.Value)))

    let private norm (w: float[]) : float = Math.Sqrt(Array.sumBy (fun a -> a * a) w)

    /// The profile of a network.
    let ofNetwork (network: Network<Binary64>) : DepthProfile =
        let layers = weights network
        let depth = layers.Length
        let sizes = Array.map norm layers
        let mean = Array.average sizes
        let sameShape = layers |> Array.forall (fun layer -> layer.Length = layers[0].Length)

        let increment lag =
            let squares =
                Array.init (depth - lag) (fun l -> Array.fold2 (fun sum a b -> sum + (a - b) * (a - b)) 0.0 layers[l + lag] layers[l])

            lag, Math.Sqrt(Array.average squares)

        let increments =
            if sameShape && depth > 1 then
                Seq.unfold (fun lag -> if lag = 1 || 4 * lag <= depth then Some(lag, 2 * lag) else None) 1
                |> Seq.map increment
                |> Seq.toArray
            else
                [||]

        {
            Sizes = sizes
            Increments = increments
            SizeExponent = if depth > 1 && mean > 0.0 then Some(-log mean / log (float depth)) else None
            Regularity =
                if depth >= 16 && increments.Length >= 3 && Array.forall (fun (_, size) -> size > 0.0) increments then
                    Some(increments |> Array.map (fun (lag, size) -> log (float lag), log size) |> slope)
                else
                    None
        }
