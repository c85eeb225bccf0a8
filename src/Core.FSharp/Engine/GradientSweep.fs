namespace LayerTime.Core.Engine

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// The loss of one sample: of its number and its output, with its gradient in the output written beside it.
type OutputLoss = delegate of sample: int * output: ReadOnlySpan<float> * gradient: Span<float> -> float

/// <summary>What a gradient sweep works in: parameters, the states and slopes of one tile of samples, and the sums. For one thread at a time.</summary>
/// <remarks>Forward as BatchSweep does; backward by the recurrence of Adjoint, λ(s) = Σ_j (−1)^(j+1) C(r,j) λ(s+j) + hʳ Σ_n Df_n^(s+n−1)(x(s))ᵀ λ(s+n).</remarks>
[<Sealed>]
type GradientTape internal (packed: PackedNetwork) =
    let blocks = packed.Blocks
    let tile () = Array.zeroCreate<float>(packed.Widest * Tile.Samples)
    let own (rows: int) = Array.zeroCreate<float>(rows * Tile.Samples)
    let states = Array.init (packed.Depth + blocks) (fun s -> own (packed.Width(s + 1 - blocks)))
    let slopes = packed.Layers |> Array.map (fun layer -> own layer.Rows)
    // The value of each layer, which is the argument of the one after it.
    let values = packed.Layers |> Array.map (fun layer -> own layer.Rows)
    // Wᵀ, row by row, and [dW db], in rows of whole vectors.
    let transposed = packed.Layers |> Array.map (fun layer -> Array.zeroCreate<float>(layer.Rows * layer.Columns))
    let sums = packed.Layers |> Array.map (fun layer -> Array.zeroCreate<float>(layer.Rows * Tile.rowLength layer.Columns))
    let momenta = Array.init (blocks + 1) (fun _ -> tile ())
    let input, stacked = tile (), tile ()
    let rows = Array.zeroCreate<float>(Tile.Samples * Tile.rowLength packed.Widest)
    let output, gradient = Array.zeroCreate<float> packed.Outputs, Array.zeroCreate<float> packed.Outputs
    let mutable weights = packed.Parameters
    let mutable covector, other = tile (), tile ()
    let state l = packed.State(states, l)
    let momentum l = packed.State(momenta, l)

    let transposeWeights () =
        for layer in packed.Layers do
            let target = transposed[layer.Number]

            for i in 0 .. layer.Rows - 1 do
                for j in 0 .. layer.Columns - 1 do
                    target[j * layer.Rows + i] <- weights[layer.First + i * layer.Columns + j]

    do transposeWeights ()

    // map(argument), with all that its pullback needs.
    let apply (map: PackedLayer[]) (argument: float[]) : float[] =
        let mutable x = argument

        for layer in map do
            let y, slope = values[layer.Number], slopes[layer.Number]
            Tile.fill weights layer.Bias layer.Rows y
            Tile.addProduct weights layer.First layer.Rows layer.Columns x y

            for run in layer.Activations do
                Tile.activateBoth run y slope

            x <- y

        x

    // covector ← Dmap(argument)ᵀ covector, and the gradients of map's layers into the sums.
    let pullback (map: PackedLayer[]) (argument: float[]) (samples: int) =
        for m in map.Length - 1 .. -1 .. 0 do
            let layer = map[m]
            let x = if m = 0 then argument else values[map[m - 1].Number]

            for run in layer.Activations do
                Tile.multiply run slopes[layer.Number] covector

            Tile.transpose x layer.Columns samples rows
            Tile.addOuter covector layer.Rows rows layer.Columns samples sums[layer.Number]
            Array.Clear(other, 0, layer.Columns * Tile.Samples)
            Tile.addProduct transposed[layer.Number] 0 layer.Columns layer.Rows covector other
            let swapped = covector
            covector <- other
            other <- swapped

    let forward () : float[] =
        let start =
            match packed.Lift with
            | Some map -> apply map input
            | None -> input

        let d = packed.Width 0

        for j in 0 .. blocks - 1 do
            Tile.copy start (j * d) (state -j) 0 d

        for l in 0 .. packed.Depth - 1 do
            let next, width = state (l + 1), packed.Width(l + 1)
            Array.Clear next

            for j in 1 .. packed.Past.Length do
                Tile.addScaled packed.Past[j - 1] (state (l + 1 - j)) next width

            for term in packed.Sides[l] do
                Tile.addScaled packed.Scale (apply term.Layers (packed.Argument(term, states, l, stacked))) next width

        match packed.Readout with
        | Some map ->
            packed.Stack(states, packed.Depth, blocks, stacked)
            apply map stacked
        | None -> state packed.Depth

    // λ(l) += its rows of the covector, which begin at `row`; the rows after them.
    let scatter l row =
        let width = packed.Width l
        let target = momentum l

        for k in 0 .. width * Tile.Samples - 1 do
            target[k] <- target[k] + covector[row * Tile.Samples + k]

        row + width

    // From dLoss/doutput in the covector.
    let backward (samples: int) =
        for λ in momenta do
            Array.Clear λ

        match packed.Readout with
        | Some map ->
            packed.Stack(states, packed.Depth, blocks, stacked)
            pullback map stacked samples
            let mutable row = 0

            for j in 0 .. blocks - 1 do
                row <- scatter (packed.Depth - j) row
        | None -> scatter packed.Depth 0 |> ignore

        for l in packed.Depth - 1 .. -1 .. 0 do
            let λ, width = momentum (l + 1), packed.Width(l + 1)

            for term in packed.Sides[l] do
                Array.Clear(covector, 0, width * Tile.Samples)
                Tile.addScaled packed.Scale λ covector width
                pullback term.Layers (packed.Argument(term, states, l, stacked)) samples
                let mutable row = 0

                for j in 0 .. term.Window - 1 do
                    row <- scatter (l + 1 - term.Age - j) row

            for j in 1 .. packed.Past.Length do
                Tile.addScaled packed.Past[j - 1] λ (momentum (l + 1 - j)) width

            // Its place in the ring becomes that of λ(l − K).
            Array.Clear λ

        match packed.Lift with
        | Some map ->
            let mutable row = 0

            for j in 0 .. blocks - 1 do
                Tile.copy (momentum -j) 0 covector row (packed.Width -j)
                row <- row + packed.Width -j

            pullback map input samples
        | None -> ()

    /// Other parameters, in the order that GradientSweep.Parameters has; the vector is read until the next call and must not change.
    member _.Load(parameters: float[]) : unit =
        if parameters.Length <> packed.Parameters.Length then
            invalidArg (nameof parameters) $"found {parameters.Length} parameters, expected {packed.Parameters.Length}"

        weights <- parameters
        transposeWeights ()

    /// The sum of the losses of samples `first`, …, `first + count − 1` of the inputs, which stand one after the other; its gradient in the
    /// parameters is added to `total`. Allocates nothing.
    member _.Accumulate(inputs: float[], loss: OutputLoss, first: int, count: int, total: float[]) : float =
        let n, m = packed.Inputs, packed.Outputs
        let mutable sum = 0.0

        for s in sums do
            Array.Clear s

        for start in first .. Tile.Samples .. first + count - 1 do
            let samples = Math.Min(Tile.Samples, first + count - start)

            // Lanes without a sample repeat the last one and have no loss.
            for i in 0 .. n - 1 do
                for s in 0 .. Tile.Samples - 1 do
                    input[i * Tile.Samples + s] <- inputs[(start + Math.Min(s, samples - 1)) * n + i]

            let result = forward ()
            Array.Clear(covector, 0, m * Tile.Samples)

            for s in 0 .. samples - 1 do
                for i in 0 .. m - 1 do
                    output[i] <- result[i * Tile.Samples + s]

                sum <- sum + loss.Invoke(start + s, ReadOnlySpan output, Span gradient)

                for i in 0 .. m - 1 do
                    covector[i * Tile.Samples + s] <- gradient[i]

            backward samples

        for layer in packed.Layers do
            let length = Tile.rowLength layer.Columns
            let own = sums[layer.Number]

            for i in 0 .. layer.Rows - 1 do
                for j in 0 .. layer.Columns - 1 do
                    let place = layer.First + i * layer.Columns + j
                    total[place] <- total[place] + own[i * length + j]

                total[layer.Bias + i] <- total[layer.Bias + i] + own[i * length + layer.Columns]

        sum

/// <summary>The gradient of a loss of a network's outputs in all its weights and biases, over many samples: sixteen in lanes.</summary>
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

    /// Memory for one thread, with the network's own parameters.
    member _.CreateTape() : GradientTape = GradientTape packed

    /// The blocks (first, count) into which samples are cut: at most sixteen, of whole tiles.
    member _.Blocks(samples: int) : struct (int * int)[] =
        let tiles = (samples + Tile.Samples - 1) / Tile.Samples
        let perBlock = (tiles + 15) / 16 * Tile.Samples

        [| for first in 0 .. max 1 perBlock .. samples - 1 -> struct (first, min perBlock (samples - first)) |]
