namespace LayerTime.Core.Examination

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Rigour

/// What claims ask of a network, each computed once and only if it is asked for; numbers are proved bounds.
[<Sealed>]
type NetworkFacts(network: Network<Interval>, scalar: Network<Interval> option, norms: NetworkNorms, box: Box, place: float[]) =
    // Elimination in intervals costs some n³ for each of 60 halvings.
    let largestRank = 160
    let largestTangent = 4_000_000L

    let equation = network.Equation
    let exactly: Interval -> Rational = Interval.midpoint >> Rational.ofFloat
    let layersOf (maps: LayerMap<Interval>[]) = maps |> Array.collect (fun map -> map.Layers.ToArray())
    let dynamics = Architecture.maps network.Architecture |> Array.concat |> layersOf

    let kindsOf (layers: Layer<Interval>[]) =
        layers
        |> Array.collect (fun layer -> layer.Activations.ToArray())
        |> Array.map (ActivationKind.ofActivation exactly)
        |> Array.distinct

    let smallest (matrix: Matrix<Interval>) : float option =
        if Math.Min(matrix.Rows, matrix.Columns) <= largestRank then Some(IntervalMatrix.smallestSingularValue matrix) else None

    let merged =
        lazy
            (scalar
             |> Option.bind (fun network ->
                 match Perceptron.ofNetwork id exactly network with
                 | Ok perceptron -> Some perceptron
                 | Error _ -> None))

    let singular =
        lazy
            (merged.Value
             |> Option.map (fun p ->
                 Array.append (p.Hidden.ToArray() |> Array.map (fun layer -> smallest layer.Weights)) [| smallest p.Output |]))

    let layerSingular = lazy (dynamics |> Array.map (fun layer -> smallest layer.Weights))

    let tangents =
        lazy
            (let input = Array.map Interval.ofFloat place
             let cost = Seq.sumBy (fun (facts: LayerFacts) -> int64 facts.Rows * int64 facts.Columns) norms.All

             match scalar with
             | Some scalar when cost <= largestTangent ->
                 let lifted = scalar |> Network.map AnalyticDual.constant (Activation.map AnalyticDual.constant)
                 let one = Interval.ofFloat 1.0
                 // Every input moves, each by an amount of its own, so that no direction is special.
                 let direction = input |> Array.mapi (fun i _ -> Interval.ofFloat (1.0 / float (i + 1)))

                 let moved =
                     Array.map2 (fun x v -> AnalyticDual<Interval>(Dual(x, v))) input direction |> Sensitivity.output lifted |> Array.head

                 let gradient = (Sensitivity.at scalar input [| one |]).Gradient
                 Some(moved.Inner.Derivative, Vector.dot gradient direction)
             | _ -> None)

    let local = lazy (scalar |> Option.map (fun network -> LocalBound.over network box))

    /// The architecture's name.
    member _.Name: string = Architecture.name network.Architecture
    /// The network.
    member _.Network: Network<Interval> = network
    /// The chosen scalar function, if any.
    member _.Scalar: Network<Interval> option = scalar
    /// r
    member _.Order: int = equation.Order
    /// p
    member _.Memory: int = equation.Memory
    /// K
    member _.Blocks: int = equation.Blocks
    /// L
    member _.Depth: int = equation.Depth
    /// d = width of x(0).
    member _.Width: int = equation.Width 0
    /// The widths of x(0) … x(L).
    member _.Widths: int[] = Array.init (equation.Depth + 1) equation.Width
    /// h
    member _.Step: Interval = equation.Step
    /// The layers of the maps, in order.
    member _.Layers: Layer<Interval>[] = dynamics
    /// The maps, as Maps[layer][map].
    member _.Maps: LayerMap<Interval>[][] = Architecture.maps network.Architecture
    /// The activations of the maps.
    member _.Kinds: ActivationKind[] = kindsOf dynamics

    /// The activations of the whole network.
    member _.AllKinds: ActivationKind[] =
        kindsOf (Array.concat [ layersOf (Option.toArray network.Lift); dynamics; layersOf (Option.toArray network.Readout) ])

    /// Whether some bias of the maps is not 0.
    member _.HasBias: bool =
        dynamics |> Array.exists (fun layer -> layer.Bias.ToArray() |> Array.exists (fun b -> Interval.magnitude b > 0.0))

    /// An upper bound of hʳ·max Lip(f_l) in a norm.
    member _.ForceLipschitz(norm: BoundNorm) : float =
        let scale = Seq.replicate equation.Order (Interval.magnitude equation.Step) |> Seq.fold Directed.multiplyUp 1.0

        norms.Maps
        |> Array.collect (Array.map (LayerFacts.lipschitz norm))
        |> Array.fold (fun largest lipschitz -> Math.Max(largest, Directed.multiplyUp scale lipschitz)) 0.0

    /// The largest bound of ‖W − I‖∞ over the layers, or ∞ where some matrix is not square.
    member _.DistanceFromIdentity: float =
        dynamics
        |> Array.fold
            (fun largest layer ->
                let w = layer.Weights

                if w.Rows <> w.Columns then
                    infinity
                else
                    Math.Max(largest, NormBounds.infinity (Matrix.subtract w (Matrix.identity w.Rows))))
            0.0

    /// The merged form of the scalar function of a feed-forward network.
    member _.Merged: Perceptron<Interval> option = merged.Value
    /// Lower bounds of the smallest singular values of the merged matrices; None for one that is too large.
    member _.Singular: float option[] option = singular.Value
    /// Lower bounds of the smallest singular values of the layers of the maps; None for one that is too large.
    member _.LayerSingular: float option[] = layerSingular.Value
    /// The largest matrix whose smallest singular value is bounded: of so many rows or columns.
    member _.LargestRank: int = largestRank
    /// Slopes over the box and the singular values: a lower bound of |∇Φ|₂.
    member _.Margin: float = merged.Value |> Option.map (fun p -> (Margin.over p box).Bound) |> Option.defaultValue 0.0
    /// Value and gradient of the scalar function over the box.
    member _.Local: LocalBound option = local.Value
    /// The derivative of the scalar function in one direction at the first place, forward and backward.
    member _.Tangents: (Interval * Interval) option = tangents.Value
    /// Where the network is looked at first.
    member _.Place: float[] = place
    /// Where critical points are looked for.
    member _.Box: Box = box
