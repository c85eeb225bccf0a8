namespace LayerTime.Core.Engine

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// <summary>
/// A network of floats made ready for many samples at once: the difference equation ∇ʳx(l+1) = hʳ·G_l of Simulation, sixteen samples in lanes.
/// </summary>
/// <remarks>
/// Products and sums are fused and tanh, logistic and softplus are those of LaneFunctions, so a result differs from the semantics by rounding only.
/// A sample's result does not depend on the other samples, so neither on how samples are divided over cores.
/// </remarks>
[<Sealed>]
type BatchSweep(network: Network<Binary64>) =
    let packed = PackedNetwork network
    let weights = packed.Parameters
    let blocks = packed.Blocks

    /// The number of inputs of one sample.
    member _.Inputs: int = packed.Inputs

    /// The number of outputs of one sample.
    member _.Outputs: int = packed.Outputs

    /// The outputs of samples `first`, …, `first + count − 1`, one after the other in `outputs` as the inputs are in `inputs`. Allocates scratch
    /// memory for one tile and nothing per layer.
    member _.Run(inputs: float[], outputs: float[], first: int, count: int) : unit =
        let n, m = packed.Inputs, packed.Outputs
        let tile () = Array.zeroCreate<float>(packed.Widest * Tile.Samples)
        // The last K states and the next one; the argument of a layer and its value, which become each other's memory.
        let ring = Array.init (blocks + 1) (fun _ -> tile ())
        let input, stacked, one, two = tile (), tile (), tile (), tile ()

        let apply (map: PackedLayer[]) (argument: float[]) : float[] =
            let mutable x = argument

            for layer in map do
                let y = if obj.ReferenceEquals(x, one) then two else one
                Tile.fill weights layer.Bias layer.Rows y
                Tile.addProduct weights layer.First layer.Rows layer.Columns x y

                for run in layer.Activations do
                    Tile.activate run y

                x <- y

            x

        for start in first .. Tile.Samples .. first + count - 1 do
            let samples = Math.Min(Tile.Samples, first + count - start)

            // Transposed into lanes; lanes without a sample hold zeros.
            Array.Clear input

            for i in 0 .. n - 1 do
                for s in 0 .. samples - 1 do
                    input[i * Tile.Samples + s] <- inputs[(start + s) * n + i]

            let initial =
                match packed.Lift with
                | Some map -> apply map input
                | None -> input

            let d = packed.Width 0

            for j in 0 .. blocks - 1 do
                Tile.copy initial (j * d) (packed.State(ring, -j)) 0 d

            for l in 0 .. packed.Depth - 1 do
                let next, width = packed.State(ring, l + 1), packed.Width(l + 1)
                Array.Clear(next, 0, width * Tile.Samples)

                for j in 1 .. packed.Past.Length do
                    Tile.addScaled packed.Past[j - 1] (packed.State(ring, l + 1 - j)) next width

                for term in packed.Sides[l] do
                    Tile.addScaled packed.Scale (apply term.Layers (packed.Argument(term, ring, l, stacked))) next width

            let final =
                match packed.Readout with
                | Some map ->
                    packed.Stack(ring, packed.Depth, blocks, stacked)
                    apply map stacked
                | None -> packed.State(ring, packed.Depth)

            for i in 0 .. m - 1 do
                for s in 0 .. samples - 1 do
                    outputs[(start + s) * m + i] <- final[i * Tile.Samples + s]
