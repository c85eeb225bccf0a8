namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// x ↦ W·x + b
[<NoComparison>]
type AffineMap<'T> = {
    /// W
    Weights: Matrix<'T>
    /// b
    Bias: 'T[]
}

/// Affine maps: evaluation and composition.
[<RequireQualifiedAccess>]
module AffineMap =
    /// x ↦ x
    let identity (dimension: int) : AffineMap<'T> when 'T :> IRing<'T> = {
        Weights = Matrix.identity dimension
        Bias = Vector.zero dimension
    }

    /// W·x + b, each coordinate summed from its bias on, as a layer of a network does.
    let apply (map: AffineMap<'T>) (x: 'T[]) : 'T[] when 'T :> IRing<'T> =
        Array.init map.Weights.Rows (fun i -> 'T.AddProducts(map.Bias[i], map.Weights.Row i, System.ReadOnlySpan x))

    /// x ↦ outer(inner(x))
    let compose (outer: AffineMap<'T>) (inner: AffineMap<'T>) : AffineMap<'T> when 'T :> IRing<'T> = {
        Weights = Matrix.multiply outer.Weights inner.Weights
        Bias = apply outer inner.Bias
    }

    /// The same map over other numbers.
    let map (number: 'T -> 'U) (map: AffineMap<'T>) : AffineMap<'U> = {
        Weights = Matrix.map number map.Weights
        Bias = Array.map number map.Bias
    }

/// What a construction strings together.
[<RequireQualifiedAccess; NoComparison>]
type Stage<'T> =
    /// x ↦ W·x + b
    | Affine of AffineMap<'T>
    /// x_i ↦ max(0, x_i) + α_i·min(0, x_i); α_i = 1 leaves a coordinate alone.
    | Leaky of slopes: 'T[]

/// A plain leaky-ReLU network A_L ∘ σ_L ∘ … ∘ σ_1 ∘ A_0, σ_l with a slope of its own for each coordinate.
[<NoComparison>]
type VanillaNet<'T> = private {
    Maps: AffineMap<'T>[]
    SlopeList: 'T[][]
} with

    /// A_0, …, A_L
    member net.Affine: AffineMap<'T>[] = Array.copy net.Maps
    /// The slopes on the negative side of σ_1, …, σ_L.
    member net.Slopes: 'T[][] = Array.copy net.SlopeList
    /// L, the number of layers with an activation.
    member net.Depth = net.SlopeList.Length
    /// The number of inputs.
    member net.Inputs = net.Maps[0].Weights.Columns
    /// The number of outputs.
    member net.Outputs = net.Maps[net.Maps.Length - 1].Weights.Rows

/// Leaky-ReLU networks: construction, evaluation, composition.
[<RequireQualifiedAccess>]
module VanillaNet =
    /// A_L ∘ σ_L ∘ … ∘ σ_1 ∘ A_0 from A_0 … A_L and σ_1 … σ_L, or what does not fit.
    let create (affine: AffineMap<'T>[]) (slopes: 'T[][]) : Result<VanillaNet<'T>, Defect list> =
        let defects = [
            if affine.Length <> slopes.Length + 1 then
                Defect.create "" $"{affine.Length} affine maps and {slopes.Length} activations" "one affine map more than activations"

            for l, map in Array.indexed affine do
                let rows = map.Weights.Rows

                if map.Bias.Length <> rows then
                    Defect.create $"affine map {l}" $"{map.Bias.Length} biases" $"{rows}, one for each row of the weights"

                if l < slopes.Length && slopes[l].Length <> rows then
                    Defect.create $"activation {l}" $"{slopes[l].Length} slopes" $"{rows}, one for each coordinate"

                if l > 0 && map.Weights.Columns <> affine[l - 1].Weights.Rows then
                    Defect.create $"affine map {l}" $"{map.Weights.Columns} columns" $"{affine[l - 1].Weights.Rows}, the width before it"
        ]

        if defects.IsEmpty then Ok { Maps = Array.copy affine; SlopeList = Array.copy slopes } else Error defects

    /// The network of a sequence of stages on d coordinates, first to last, neighbouring affine maps merged.
    let ofStages (dimension: int) (stages: Stage<'T> seq) : VanillaNet<'T> when 'T :> IRing<'T> =
        let maps, slopes = ResizeArray<AffineMap<'T>>(), ResizeArray<'T[]>()
        let mutable pending: AffineMap<'T> voption = ValueNone

        let flush () =
            maps.Add(ValueOption.defaultWith (fun () -> AffineMap.identity dimension) pending)
            pending <- ValueNone

        for stage in stages do
            match stage, pending with
            | Stage.Affine map, ValueNone -> pending <- ValueSome map
            | Stage.Affine map, ValueSome before -> pending <- ValueSome(AffineMap.compose map before)
            | Stage.Leaky α, _ ->
                flush ()
                slopes.Add α

        flush ()
        create (maps.ToArray()) (slopes.ToArray()) |> Defect.orFail

    /// The stages of a network, first to last.
    let stages (net: VanillaNet<'T>) : Stage<'T> seq =
        seq {
            Stage.Affine net.Maps[0]

            for l in 0 .. net.SlopeList.Length - 1 do
                Stage.Leaky net.SlopeList[l]
                Stage.Affine net.Maps[l + 1]
        }

    /// outer ∘ inner, two networks of one width.
    let compose (outer: VanillaNet<'T>) (inner: VanillaNet<'T>) : VanillaNet<'T> when 'T :> IRing<'T> =
        ofStages inner.Inputs (Seq.append (stages inner) (stages outer))

    /// σ(z) of one layer.
    let activate (slopes: 'T[]) (z: 'T[]) : 'T[] when 'T :> IRing<'T> =
        Array.map2 (fun α z -> Activation.value (Activation.LeakyRelu α) z) slopes z

    /// The pre-activations of all layers at x, and f(x) last.
    let trace (net: VanillaNet<'T>) (x: 'T[]) : 'T[][] when 'T :> IRing<'T> =
        let next z (slopes, map) = AffineMap.apply map (activate slopes z)
        Array.scan next (AffineMap.apply net.Maps[0] x) (Array.zip net.SlopeList (Array.tail net.Maps))

    /// f(x)
    let apply (net: VanillaNet<'T>) (x: 'T[]) : 'T[] when 'T :> IRing<'T> =
        let mutable z = AffineMap.apply net.Maps[0] x

        for l in 0 .. net.SlopeList.Length - 1 do
            z <- AffineMap.apply net.Maps[l + 1] (activate net.SlopeList[l] z)

        z

    /// The same network over other numbers.
    let map (number: 'T -> 'U) (net: VanillaNet<'T>) : VanillaNet<'U> = {
        Maps = Array.map (AffineMap.map number) net.Maps
        SlopeList = Array.map (Array.map number) net.SlopeList
    }

    /// The network as a feed-forward network of one layer per activation and a last affine one.
    let toNetwork (net: VanillaNet<'T>) : Network<'T> when 'T :> IRing<'T> =
        let layer l (map: AffineMap<'T>) =
            let activations = if l < net.Depth then Array.map Activation.LeakyRelu net.SlopeList[l] else [| Activation.Identity |]
            Layer.create map.Weights map.Bias activations |> Defect.orFail |> LayerMap.ofLayer

        Array.mapi layer net.Maps |> Architecture.FeedForward |> Network.ofArchitecture |> Defect.orFail

    /// A feed-forward network of leaky-ReLU and affine layers, without lift and readout, as such a network.
    let ofNetwork (network: Network<'T>) : Result<VanillaNet<'T>, Defect list> when 'T :> IRing<'T> =
        let ends =
            Defect.unless network.Lift.IsNone "lift" "a lift" "none"
            @ Defect.unless network.Readout.IsNone "readout" "a readout" "none"

        let stages l (layer: Layer<'T>) =
            let affine = Stage.Affine { Weights = layer.Weights; Bias = layer.Bias.ToArray() }

            let slope i =
                match layer.Activation i with
                | Activation.Identity -> Ok 'T.One
                | Activation.LeakyRelu α -> Ok α
                | other -> Error [ Defect.create $"layer {l}" $"the activation {Activation.name other}" "leaky-relu or identity" ]

            let isLinear =
                layer.Activations.ToArray()
                |> Array.forall (function
                    | Activation.Identity -> true
                    | _ -> false)

            Array.init layer.OutputWidth slope
            |> Defect.all
            |> Result.map (fun slopes -> if isLinear then [| affine |] else [| affine; Stage.Leaky slopes |])

        match network.Architecture with
        | Architecture.FeedForward maps ->
            let layers = maps |> Array.collect (fun map -> map.Layers.ToArray())

            match ends, Array.mapi stages layers |> Defect.all with
            | [], Ok stages -> Ok(ofStages (Array.last layers).OutputWidth (Array.concat stages))
            | defects, Ok _ -> Error defects
            | defects, Error more -> Error(defects @ more)
        | other -> Error(Defect.create "architecture" (Architecture.name other) "feed-forward" :: ends)
