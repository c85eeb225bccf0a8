namespace LayerTime.Core.Examination

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// Which norm a bound is in.
[<RequireQualifiedAccess>]
type BoundNorm =
    /// The largest component.
    | Infinity
    /// The Euclidean norm.
    | Two

/// One layer σ(W·x + b) as far as bounds go.
type LayerFacts = {
    /// Where the layer stands, in words.
    Place: string
    /// The number of rows of W.
    Rows: int
    /// The number of columns of W.
    Columns: int
    /// The activations that occur.
    Activations: ActivationKind[]
    /// An upper bound of ‖W‖∞.
    NormInfinity: float
    /// An upper bound of ‖W‖₂.
    NormTwo: float
}

/// Facts of layers, each with a proof.
[<RequireQualifiedAccess>]
module LayerFacts =
    /// The facts of one layer.
    let ofLayer (place: string) (layer: Layer<Interval>) : LayerFacts = {
        Place = place
        Rows = layer.OutputWidth
        Columns = layer.InputWidth
        // Slopes of leaky units are points or the tightest enclosures of fractions; their middle names them.
        Activations =
            layer.Activations.ToArray()
            |> Array.map (ActivationKind.ofActivation (Interval.midpoint >> Rational.ofFloat))
            |> Array.distinct
        NormInfinity = NormBounds.infinity layer.Weights
        NormTwo = NormBounds.two layer.Weights
    }

    /// The facts of the layers of a map, in order.
    let ofMap (place: string) (map: LayerMap<Interval>) : LayerFacts[] =
        let layers = map.Layers.ToArray()
        let name i = if layers.Length = 1 then place else $"{place}, inner layer {i}"
        layers |> Array.mapi (fun i layer -> ofLayer (name i) layer)

    /// An upper bound of |σ′| over all activations of the layer; ∞ where there is none.
    let slope (facts: LayerFacts) : float =
        facts.Activations
        |> Array.map (fun kind ->
            match (Activation.facts (Interval.midpoint >> Rational.ofFloat) (ActivationKind.over<Interval> kind)).Lipschitz with
            | Some constant -> (Interval.ofRational constant).Upper
            | None -> infinity)
        |> Array.max

    /// An upper bound of the Lipschitz constant of the layers one after the other.
    let lipschitz (norm: BoundNorm) (layers: LayerFacts[]) : float =
        let one facts =
            let weights =
                match norm with
                | BoundNorm.Infinity -> facts.NormInfinity
                | BoundNorm.Two -> facts.NormTwo

            if weights = 0.0 then 0.0 else Directed.multiplyUp weights (slope facts)

        layers |> Array.map one |> Array.reduce Directed.multiplyUp

/// The norms of all layers of a network, lift and readout included.
type NetworkNorms = {
    /// The layers of the lift; empty where there is none.
    Lift: LayerFacts[]
    /// The layers of the maps, as Maps[layer][map][inner layer].
    Maps: LayerFacts[][][]
    /// The layers of the readout; empty where there is none.
    Readout: LayerFacts[]
} with

    /// All layers in order.
    member norms.All: LayerFacts[] = Array.concat [ norms.Lift; Array.concat (Array.concat norms.Maps); norms.Readout ]

/// How far the output can move when the input moves, all over the space: from the norms of the layers.
[<RequireQualifiedAccess>]
module GlobalLipschitz =
    /// The norms of a network.
    let norms (network: Network<Interval>) : NetworkNorms =
        let ends place = Option.map (LayerFacts.ofMap place) >> Option.defaultValue [||]

        let maps l (maps: LayerMap<Interval>[]) =
            let name i = if maps.Length = 1 then $"layer {l}" else $"layer {l}, map {i + 1}"
            maps |> Array.mapi (fun i map -> LayerFacts.ofMap (name i) map)

        {
            Lift = ends "lift" network.Lift
            Maps = Architecture.maps network.Architecture |> Array.mapi maps
            Readout = ends "readout" network.Readout
        }

    /// The size of several blocks at once, from bounds of the blocks.
    let private together (norm: BoundNorm) (blocks: float seq) : float =
        match norm with
        | BoundNorm.Infinity -> Seq.fold max 0.0 blocks
        | BoundNorm.Two -> blocks |> Seq.fold (fun sum a -> Directed.addUp sum (Directed.multiplyUp a a)) 0.0 |> Directed.sqrtUp

    /// Bounds of |dx(l)/dinput|, l = −K+1 … L, by a(l+1) = Σ_j C(r,j)·a(l+1−j) + hʳ·Σ_n Lip(f_n)·a(l+1−n).
    let states (norm: BoundNorm) (network: Network<Interval>) (norms: NetworkNorms) : float[] =
        let equation = network.Equation
        let blocks = equation.Blocks
        let start = if norms.Lift.Length > 0 then LayerFacts.lipschitz norm norms.Lift else 1.0
        let past = Binomial.pastWeights equation.Order |> Array.map (fun weight -> float (bigint.Abs weight))
        let scale = Seq.replicate equation.Order (Interval.magnitude equation.Step) |> Seq.fold Directed.multiplyUp 1.0
        let bounds = Array.create (blocks + equation.Depth) start
        let times a b = if a = 0.0 || b = 0.0 then 0.0 else Directed.multiplyUp a b

        for l in 0 .. equation.Depth - 1 do
            // age 1 is x(l)
            let at age = bounds[l + blocks - age]

            let driven =
                match equation.RightHandSides[l] with
                | RightHandSide.Additive terms ->
                    terms
                    |> Array.mapi (fun i term -> times (LayerFacts.lipschitz norm (norms.Maps[l][i])) (at term.Age))
                    |> Array.fold Directed.addUp 0.0
                | RightHandSide.Concatenated(window, _) ->
                    times (LayerFacts.lipschitz norm (norms.Maps[l][0])) (together norm (Seq.init window (fun i -> at (i + 1))))

            bounds[l + blocks] <-
                past
                |> Array.indexed
                |> Array.fold (fun sum (i, weight) -> Directed.addUp sum (times weight (at (i + 1)))) (times scale driven)

        bounds

    /// A Lipschitz constant of the network in a norm; ∞ where an activation has none.
    let ofNetwork (norm: BoundNorm) (network: Network<Interval>) (norms: NetworkNorms) : float =
        let states = states norm network norms
        let blocks = network.Equation.Blocks

        if norms.Readout.Length > 0 then
            let final = together norm (Array.skip (states.Length - blocks) states)
            if final = 0.0 then 0.0 else Directed.multiplyUp (LayerFacts.lipschitz norm norms.Readout) final
        else
            Array.last states
