namespace LayerTime.Core.Engine

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// The weighted losses of some samples that stand in lanes.
type ITileLoss =
    /// For the outputs of the samples `first`, …, `first + count − 1`, output after output with `stride` numbers each: values[s] ← w_s Φ_s(z_s) and, in the
    /// same places as the outputs, slopes ← w_s ∇Φ_s(z_s). What stands in the places after `count` is not read.
    abstract Evaluate: first: int * count: int * stride: int * outputs: float[] * values: float[] * slopes: float[] -> unit

/// The loss of one sample: of its number and its output, with its gradient in the output written beside it.
type OutputLoss = delegate of sample: int * output: ReadOnlySpan<float> * gradient: Span<float> -> float

/// Losses of single samples as those of tiles, for samples with so many outputs. For one thread at a time.
[<Sealed>]
type SampleLosses(outputs: int, loss: OutputLoss) =
    let output, gradient = Array.zeroCreate<float> outputs, Array.zeroCreate<float> outputs

    interface ITileLoss with
        member _.Evaluate(first, count, stride, results, values, slopes) =
            for s in 0 .. count - 1 do
                for i in 0 .. outputs - 1 do
                    output[i] <- results[i * stride + s]

                values[s] <- loss.Invoke(first + s, ReadOnlySpan output, Span gradient)

                for i in 0 .. outputs - 1 do
                    slopes[i * stride + s] <- gradient[i]

/// <summary>What a gradient sweep works in: parameters and the states and slopes of one tile of samples. For one thread at a time.</summary>
/// <remarks>Forward as BatchSweep does; backward by the recurrence of Adjoint, λ(s) = Σ_j (−1)^(j+1) C(r,j) λ(s+j) + hʳ Σ_n Df_n^(s+n−1)(x(s))ᵀ λ(s+n).</remarks>
[<Sealed>]
type GradientTape internal (packed: PackedNetwork, samples: int) =
    let blocks = packed.Blocks
    let capacity = Tile.lanes packed.Capacity (Math.Max(samples, 1))
    let own (rows: int) = Array.zeroCreate<float>(rows * Tile.stride capacity)
    let tile () = own packed.Widest
    let states = Array.init (packed.Depth + blocks) (fun s -> own (packed.Width(s + 1 - blocks)))
    let slopes = packed.Layers |> Array.map (fun layer -> own layer.Rows)

    // The value of each layer that is the argument of the one after it; the others share one place.
    let value = tile ()

    let values =
        let inner =
            Seq.concat [ Option.toArray packed.Lift; packed.Sides |> Array.collect (Array.map _.Layers); Option.toArray packed.Readout ]
            |> Seq.collect (fun map -> map |> Seq.take (map.Length - 1) |> Seq.map _.Number)
            |> Set.ofSeq

        packed.Layers |> Array.map (fun layer -> if inner.Contains layer.Number then own layer.Rows else value)

    // In x(l+1) = x(l) + h·f(x(l)), λ(l) = λ(l+1) + h·Df(x(l))ᵀ λ(l+1) takes the place of λ(l+1).
    let inPlace =
        packed.Past = [| 1.0 |]
        && packed.Sides |> Array.forall (fun terms -> terms.Length = 1 && terms[0].Age = 1 && terms[0].Window = 1)

    let momenta = Array.init (if inPlace then 1 else blocks + 1) (fun _ -> tile ())
    let input, stacked, δ, covector, window = tile (), tile (), tile (), tile (), tile ()
    let scratch, losses = Array.zeroCreate<float> TileProducts.Scratch, Array.zeroCreate<float> capacity
    let mutable weights = packed.Parameters
    let state l = packed.State(states, l)
    let momentum l = packed.State(momenta, l)

    // map(argument), with all that its pullback needs.
    let apply (lanes: int) (map: PackedLayer[]) (argument: float[]) : float[] =
        let mutable x = argument

        for layer in map do
            let y = values[layer.Number]
            TileProducts.affine lanes weights layer.First layer.Rows layer.Columns x y

            for run in layer.Activations do
                Tile.activateBoth lanes run y slopes[layer.Number]

            x <- y

        x

    // target ← target + Dmap(argument)ᵀ (a·source), where the target is wanted, and the gradients of map's layers into the total: in place of what stands
    // there, or added to it.
    let pullback
        (lanes: int)
        (map: PackedLayer[])
        (argument: float[])
        (a: float)
        (source: float[])
        (isFirst: bool)
        (total: float[])
        (target: float[] voption)
        =
        let mutable factor, current = a, source

        for m in map.Length - 1 .. -1 .. 0 do
            let layer = map[m]
            let x = if m = 0 then argument else values[map[m - 1].Number]

            for run in layer.Activations do
                Tile.pull lanes run factor slopes[layer.Number] current δ

            TileProducts.outer lanes δ layer.Rows x layer.Columns isFirst total layer.First scratch

            if m > 0 then
                Array.Clear(covector, 0, layer.Columns * Tile.stride lanes)
                TileProducts.addTransposed lanes weights layer.First layer.Rows layer.Columns δ covector
                factor <- 1.0
                current <- covector
            else
                match target with
                | ValueSome target -> TileProducts.addTransposed lanes weights layer.First layer.Rows layer.Columns δ target
                | ValueNone -> ()

    let forward (lanes: int) : float[] =
        let start =
            match packed.Lift with
            | Some map -> apply lanes map input
            | None -> input

        let d = packed.Width 0

        for j in 0 .. blocks - 1 do
            Tile.copy lanes start (j * d) (state -j) 0 d

        for l in 0 .. packed.Depth - 1 do
            packed.Advance(
                lanes,
                states,
                l,
                packed.Sides[l],
                (fun term -> apply lanes term.Layers (packed.Argument(lanes, term, states, l, stacked)))
            )

        match packed.Readout with
        | Some map ->
            packed.Stack(lanes, states, packed.Depth, blocks, stacked)
            apply lanes map stacked
        | None -> state packed.Depth

    // λ(l), λ(l − 1), …, `count` of them, += the rows of the window.
    let scatter (lanes: int) l count =
        let mutable row = 0

        for j in 0 .. count - 1 do
            let λ, first = momentum (l - j), row * Tile.stride lanes

            for k in 0 .. packed.Width(l - j) * Tile.stride lanes - 1 do
                λ[k] <- λ[k] + window[first + k]

            row <- row + packed.Width(l - j)

    // From the gradient of the losses in the outputs, which is the covector; `visit stride l` is called when λ(l + 1) is whole.
    let backward (lanes: int) (isFirst: bool) (total: float[]) (visit: int -> int -> unit) =
        for λ in momenta do
            Array.Clear λ

        match packed.Readout with
        | Some map ->
            Array.Clear window
            packed.Stack(lanes, states, packed.Depth, blocks, stacked)
            pullback lanes map stacked 1.0 covector isFirst total (ValueSome window)
            scatter lanes packed.Depth blocks
        | None -> Tile.addScaled 1.0 covector (momentum packed.Depth) (packed.Width packed.Depth * Tile.stride lanes)

        for l in packed.Depth - 1 .. -1 .. 0 do
            let λ = momentum (l + 1)
            visit (Tile.stride lanes) l

            for term in packed.Sides[l] do
                let newest = l + 1 - term.Age
                let argument = packed.Argument(lanes, term, states, l, stacked)

                if packed.Lift.IsNone && newest <= 0 then
                    pullback lanes term.Layers argument packed.Scale λ isFirst total ValueNone
                elif term.Window = 1 then
                    pullback lanes term.Layers argument packed.Scale λ isFirst total (ValueSome(momentum newest))
                else
                    Array.Clear window
                    pullback lanes term.Layers argument packed.Scale λ isFirst total (ValueSome window)
                    scatter lanes newest term.Window

            if not inPlace then
                for j in 1 .. packed.Past.Length do
                    Tile.addScaled packed.Past[j - 1] λ (momentum (l + 1 - j)) (packed.Width(l + 1) * Tile.stride lanes)

                // Its place in the ring becomes that of λ(l − K).
                Array.Clear λ

        match packed.Lift with
        | Some map ->
            let mutable row = 0

            for j in 0 .. blocks - 1 do
                Tile.copy lanes (momentum -j) 0 window row (packed.Width -j)
                row <- row + packed.Width -j

            pullback lanes map input 1.0 window isFirst total ValueNone
        | None -> ()

    /// Other parameters, in the order that GradientSweep.Parameters has; the vector is read until the next call.
    member _.Load(parameters: float[]) : unit =
        if parameters.Length <> packed.Parameters.Length then
            invalidArg (nameof parameters) $"found {parameters.Length} parameters, expected {packed.Parameters.Length}"

        weights <- parameters

    /// x(l) of the last tile, row after row.
    member internal _.State(l: int) : float[] = state l

    /// λ(l), as State has x(l), while it is visited.
    member internal _.Momentum(l: int) : float[] = momentum l

    /// As Evaluate; in the backward sweep of each tile `visit stride l` is called when λ(l + 1) is known.
    member internal _.EvaluateVisiting
        (inputs: float[], loss: ITileLoss, first: int, count: int, gradient: float[], visit: int -> int -> unit)
        : float =
        let mutable sum = 0.0

        if count = 0 then
            Array.Clear gradient

        for start in first..capacity .. first + count - 1 do
            let samples = Math.Min(capacity, first + count - start)
            let lanes = Tile.lanes packed.Capacity samples
            let stride = Tile.stride lanes
            Tile.gather lanes inputs packed.Inputs start samples input
            loss.Evaluate(start, samples, stride, forward lanes, losses, covector)

            // Places without a sample have no loss.
            for i in 0 .. packed.Outputs - 1 do
                Array.Clear(covector, i * stride + samples, stride - samples)

            for s in 0 .. samples - 1 do
                sum <- sum + losses[s]

            backward lanes (start = first) gradient visit

        sum

    /// The sum of the losses of samples `first`, …, `first + count − 1` of the inputs, which stand one after the other, and its gradient
    /// in the parameters. Allocates nothing.
    member this.Evaluate(inputs: float[], loss: ITileLoss, first: int, count: int, gradient: float[]) : float =
        this.EvaluateVisiting(inputs, loss, first, count, gradient, (fun _ _ -> ()))

/// <summary>The gradient of a loss of a network's outputs in all its weights and biases, over many samples in lanes.</summary>
/// <remarks>
/// The samples are cut into blocks whatever the number of cores is. Each block has its own sums, and these are added in the order of the
/// blocks: the same bits on any number of cores.
/// </remarks>
[<Sealed>]
type GradientSweep(network: Network<Binary64>) =
    let packed = PackedNetwork network

    /// The number of inputs of one sample.
    member _.Inputs: int = packed.Inputs

    /// The number of outputs of one sample.
    member _.Outputs: int = packed.Outputs

    /// A copy of the network's parameters: lift, steps by depth, terms, layers from the inside out, readout; of each layer the weights row by row, then the
    /// bias.
    member _.Parameters: float[] = Array.copy packed.Parameters

    /// Memory for one thread and so many samples, with the network's own parameters. It grows with the network, not with the samples beyond a tile.
    member _.CreateTape(samples: int) : GradientTape = GradientTape(packed, samples)

    /// The blocks (first, count) into which samples are cut: of 256 or more samples, but two at least where there are sixteen samples for each, and at
    /// most sixteen. Each needs sums as long as the parameters.
    member _.Blocks(samples: int) : struct (int * int)[] =
        let number = Math.Clamp(samples / 256, 2, 16)
        let perBlock = (samples + 16 * number - 1) / (16 * number) * 16
        [| for first in 0 .. max 1 perBlock .. samples - 1 -> struct (first, min perBlock (samples - first)) |]
