namespace LayerTime.Core.Engine

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// One layer as the sweep reads it: plain floats, and the activations in runs of rows that share one.
[<NoComparison; NoEquality>]
type private PackedLayer = { Weights: float[]; Bias: float[]; Columns: int; Activations: struct (ActivationKind * int * int)[] }

/// A map f_n of one step with the age of the states it reads; a window of several states is read as one argument.
[<NoComparison; NoEquality>]
type private PackedTerm = { Age: int; Window: int; Layers: PackedLayer[] }

/// The argument of a layer and its value, which become each other's memory.
[<Sealed>]
type private Scratch(rows: int) =
    member val Value: float[] = Array.zeroCreate (rows * Tile.Samples) with get, set
    member val Other: float[] = Array.zeroCreate (rows * Tile.Samples) with get, set

    /// value ← map(argument), which may be the value itself.
    member scratch.Apply(map: PackedLayer[], argument: float[]) : unit =
        let mutable x = argument

        for layer in map do
            Tile.affine layer.Weights layer.Bias layer.Columns x scratch.Other

            for struct (kind, row, rows) in layer.Activations do
                Tile.activate kind scratch.Other row rows

            x <- scratch.Other
            scratch.Other <- scratch.Value
            scratch.Value <- x

/// <summary>
/// A network of floats made ready for many samples at once: the difference equation ∇ʳx(l+1) = hʳ·G_l of Simulation, sixteen samples in lanes.
/// </summary>
/// <remarks>
/// Products and sums are fused and tanh, logistic and softplus are those of LaneFunctions, so a result differs from the semantics by rounding only.
/// A sample's result does not depend on the other samples, so neither on how samples are divided over cores.
/// </remarks>
[<Sealed>]
type BatchSweep(network: Network<Binary64>) =
    let equation = network.Equation
    let kindOf = ActivationKind.ofActivation (fun (slope: Binary64) -> Rational.ofFloat slope.Value)
    let floats (numbers: ReadOnlySpan<Binary64>) : float[] = numbers.ToArray() |> Array.map _.Value

    let packLayer (layer: Layer<Binary64>) : PackedLayer =
        let kinds = Array.init layer.OutputWidth (fun i -> kindOf (layer.Activation i))
        let starts = [| 0 .. kinds.Length - 1 |] |> Array.filter (fun i -> i = 0 || kinds[i] <> kinds[i - 1])

        let run n first =
            let next = if n + 1 < starts.Length then starts[n + 1] else kinds.Length
            struct (kinds[first], first, next - first)

        {
            Weights = floats layer.Weights.Entries
            Bias = floats layer.Bias
            Columns = layer.InputWidth
            Activations = Array.mapi run starts
        }

    let packMap (map: LayerMap<Binary64>) : PackedLayer[] = map.Layers.ToArray() |> Array.map packLayer

    let packSide (side: RightHandSide<Binary64>) : PackedTerm[] =
        match side with
        | RightHandSide.Additive terms -> terms |> Array.map (fun term -> { Age = term.Age; Window = 1; Layers = packMap term.Map })
        | RightHandSide.Concatenated(window, map) -> [| { Age = 1; Window = window; Layers = packMap map } |]

    let sides = equation.RightHandSides |> Array.map packSide
    let lift = network.Lift |> Option.map packMap
    let readout = network.Readout |> Option.map packMap
    // (−1)^(j+1) C(r, j), j = 1..r
    let past = Binomial.pastWeights equation.Order |> Array.map float
    let scale = Math.Pow(equation.Step.Value, float equation.Order)
    let blocks = equation.Blocks
    let widest = Seq.max (seq { for l in 1 - blocks .. equation.Depth -> equation.Width l })

    let widestInside =
        let ofMap (map: PackedLayer[]) = map |> Seq.map (fun layer -> max layer.Columns layer.Bias.Length) |> Seq.max
        let terms = sides |> Seq.collect (Seq.map (fun term -> ofMap term.Layers))
        Seq.max (Seq.concat [ terms; Seq.choose (Option.map ofMap) [ lift; readout ]; Seq.singleton (blocks * widest) ])

    /// The number of inputs of one sample.
    member _.Inputs: int =
        match network.Lift with
        | Some map -> map.InputWidth
        | None -> blocks * equation.Width 0

    /// The number of outputs of one sample.
    member _.Outputs: int =
        match network.Readout with
        | Some map -> map.OutputWidth
        | None -> equation.Width equation.Depth

    /// The outputs of samples `first`, …, `first + count − 1`, one after the other in `outputs` as the inputs are in `inputs`. Allocates scratch
    /// memory for one tile and nothing per layer.
    member this.Run(inputs: float[], outputs: float[], first: int, count: int) : unit =
        let n, m = this.Inputs, this.Outputs
        // The ring of the last K states and the next one, and what lies inside a map.
        let ring = Array.init (blocks + 1) (fun _ -> Array.zeroCreate (widest * Tile.Samples))
        let scratch = Scratch widestInside

        let copy (source: float[]) sourceRow (target: float[]) targetRow rows =
            Array.Copy(source, sourceRow * Tile.Samples, target, targetRow * Tile.Samples, rows * Tile.Samples)

        let state l = ring[((l % (blocks + 1)) + blocks + 1) % (blocks + 1)]

        for start in first .. Tile.Samples .. first + count - 1 do
            let samples = min Tile.Samples (first + count - start)

            // Transposed into lanes; lanes without a sample hold zeros.
            let value = scratch.Value
            Array.Clear value

            for i in 0 .. n - 1 do
                for s in 0 .. samples - 1 do
                    value[i * Tile.Samples + s] <- inputs[(start + s) * n + i]

            lift |> Option.iter (fun map -> scratch.Apply(map, scratch.Value))

            let d = equation.Width 0

            for j in 0 .. blocks - 1 do
                copy scratch.Value (j * d) (state -j) 0 d

            for l in 0 .. equation.Depth - 1 do
                let next = state (l + 1)
                let width = equation.Width(l + 1)
                Array.Clear(next, 0, width * Tile.Samples)

                for j in 1 .. past.Length do
                    Tile.addScaled past[j - 1] (state (l + 1 - j)) next width

                for term in sides[l] do
                    if term.Window = 1 then
                        scratch.Apply(term.Layers, state (l + 1 - term.Age))
                    else
                        let mutable row = 0

                        for age in 1 .. term.Window do
                            let rows = equation.Width(l + 1 - age)
                            copy (state (l + 1 - age)) 0 scratch.Value row rows
                            row <- row + rows

                        scratch.Apply(term.Layers, scratch.Value)

                    Tile.addScaled scale scratch.Value next width

            match readout with
            | Some map ->
                let mutable row = 0

                for j in 0 .. blocks - 1 do
                    let rows = equation.Width(equation.Depth - j)
                    copy (state (equation.Depth - j)) 0 scratch.Value row rows
                    row <- row + rows

                scratch.Apply(map, scratch.Value)
            | None -> copy (state equation.Depth) 0 scratch.Value 0 m

            for i in 0 .. m - 1 do
                for s in 0 .. samples - 1 do
                    outputs[(start + s) * m + i] <- scratch.Value[i * Tile.Samples + s]
