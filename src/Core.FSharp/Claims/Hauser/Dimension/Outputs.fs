namespace LayerTime.Core.Claims.Hauser.Dimension

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// What is seen of a network: its outputs, and draws deep enough to have k of them.
[<RequireQualifiedAccess>]
module internal Outputs =
    /// Networks with L ≥ k − 1, so that the outputs x(0), …, x(k−1) exist.
    let generator (shape: Draws.Shape) : Generator<Drawn> =
        let fit (drawn: Drawn) =
            let k = min drawn.Order (drawn.Depth + 1)

            {
                drawn with
                    Order = k
                    History = Array.truncate k drawn.History
                    Maps = drawn.Maps |> Array.map (Array.truncate (shape.MapsPerLayer k))
            }

        let isDeep (drawn: Drawn) = drawn.Depth >= drawn.Order - 1
        Generator.fromStream (fun _ stream -> fit (Draws.draw shape stream)) (Draws.shrink shape >> Seq.filter isDeep) Draws.show

    /// x(0), …, x(m−1) of an equation from a history.
    let first (m: int) (equation: DifferenceEquation<Rational>) (history: Rational[][]) : Rational[][] =
        let trajectory = Simulation.run equation history
        Array.init m (fun l -> trajectory[l])

    /// f_n^(l) of a drawn additive dense network as `map n l`, None beyond the last layer.
    let denseMaps (drawn: Drawn) : int -> int -> (Rational[] -> Rational[]) option =
        let maps = drawn.LayerMaps
        fun n l -> if l < maps.Length then Some(LayerMap.apply (maps[l][n - 1])) else None

    /// The observer states q(0), …, q(L) of a drawn additive dense network from any q(0).
    let observerStates (drawn: Drawn) (start: Rational[][]) : Rational[][][] =
        let map = denseMaps drawn
        Array.scan (fun q l -> DenseState.observer map l q) start [| 0 .. drawn.Depth - 1 |]
