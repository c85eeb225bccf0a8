namespace LayerTime.Core.Engine

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// <summary>
/// A network of floats made ready for many samples at once: the difference equation ∇ʳx(l+1) = hʳ·G_l of Simulation, samples in lanes.
/// </summary>
/// <remarks>
/// Products and sums are fused and tanh, logistic and softplus are those of LaneFunctions, so a result differs from the semantics by rounding only.
/// A sample's result does not depend on the other samples, so neither on how samples are divided over cores.
/// Equations of order r ≥ 2 whose forces read one state run in scaled differences, as SmoothState.scaledCascade and forwardVariant do: the difference
/// form loses the digits in which neighbouring states agree, L^(r−1) roundings of them.
/// </remarks>
[<Sealed>]
type BatchSweep(network: Network<Binary64>) =
    let packed = PackedNetwork network
    let weights = packed.Parameters
    let blocks = packed.Blocks

    // Terms that are zero whatever they read.
    let isZero (term: PackedTerm) =
        let last = Array.last term.Layers

        let isOdd (run: ActivationRun) =
            match run.Kind with
            | ActivationKind.Transcendental TranscendentalName.Logistic
            | ActivationKind.Transcendental TranscendentalName.Softplus -> false
            | _ -> true

        Array.forall isOdd last.Activations
        && Seq.forall (fun k -> weights[k] = 0.0) (seq { last.First .. last.Bias + last.Rows - 1 })

    let sides = packed.Sides |> Array.map (Array.filter (isZero >> not))

    // The one map of each step, and the signed step of the differences: h where the maps read the newest state, −h where they read the oldest of r.
    let cascade: struct (PackedLayer[][] * float) option =
        let order = packed.Past.Length

        let reads age = sides |> Array.forall (fun terms -> terms.Length = 1 && terms[0].Window = 1 && terms[0].Age = age)

        if order < 2 || blocks <> order || packed.Step = 0.0 then
            None
        else
            let signed =
                if reads 1 then packed.Step
                elif reads order then -packed.Step
                else 0.0

            if signed = 0.0 then None else Some(struct (sides |> Array.map (fun terms -> terms[0].Layers), signed))

    /// The number of inputs of one sample.
    member _.Inputs: int = packed.Inputs

    /// The number of outputs of one sample.
    member _.Outputs: int = packed.Outputs

    /// The outputs of samples `first`, …, `first + count − 1`, one after the other in `outputs` as the inputs are in `inputs`. Allocates scratch
    /// memory for one tile and nothing per layer.
    member _.Run(inputs: float[], outputs: float[], first: int, count: int) : unit =
        let n, m = packed.Inputs, packed.Outputs
        let tile () = Array.zeroCreate<float>(packed.Widest * Tile.stride (Tile.lanes packed.Capacity count))
        // The last K states and the next one; the argument of a layer and its value, which become each other's memory.
        let ring = Array.init (blocks + 1) (fun _ -> tile ())
        let input, stacked, one, two = tile (), tile (), tile (), tile ()
        let scratch = Array.init (if cascade.IsSome then blocks else 0) (fun _ -> tile ())

        let apply (lanes: int) (map: PackedLayer[]) (argument: float[]) : float[] =
            let mutable x = argument

            for layer in map do
                let y = if obj.ReferenceEquals(x, one) then two else one
                TileProducts.affine lanes weights layer.First layer.Rows layer.Columns x y

                for run in layer.Activations do
                    Tile.activate lanes run y

                x <- y

            x

        // z ← (S⊗I) z, its own inverse, for `size` numbers of each state.
        let toDifference (z: float[][]) (size: int) =
            for j in 1 .. z.Length - 1 do
                for i in z.Length - 1 .. -1 .. j do
                    let newer, older = z[i - 1], z[i]

                    for k in 0 .. size - 1 do
                        older[k] <- newer[k] - older[k]

        let scale (z: float[][]) (size: int) (factor: float) =
            let mutable power = 1.0

            for i in 1 .. z.Length - 1 do
                power <- power * factor
                Tile.scaled power z[i] z[i] size

        // The last r states from the first r.
        let runCascade (lanes: int) (maps: PackedLayer[][]) (signed: float) =
            let h, r, d = packed.Step, blocks, packed.Width 0
            let size = d * Tile.stride lanes
            // Newest first, or oldest first.
            let ordered l = Array.init r (fun j -> packed.State(ring, (if signed > 0.0 then l - j else l - r + 1 + j)))
            let z = ordered 0
            toDifference z size
            scale z size (1.0 / signed)

            for map in maps do
                let force = apply lanes map z[0]

                if signed > 0.0 then
                    Tile.addScaled h force z[r - 1] size

                    for i in r - 2 .. -1 .. 0 do
                        Tile.addScaled h z[i + 1] z[i] size
                else
                    for i in 0 .. r - 2 do
                        Tile.addScaled h z[i + 1] z[i] size

                    Tile.addScaled h force z[r - 1] size

            scale z size signed
            toDifference z size
            // The arrays that held the first states hold the last ones now.
            z |> Array.iteri (fun j state -> Tile.copy lanes state 0 scratch[j] 0 d)
            ordered packed.Depth |> Array.iteri (fun j state -> Tile.copy lanes scratch[j] 0 state 0 d)

        let runEquation (lanes: int) =
            for l in 0 .. packed.Depth - 1 do
                packed.Advance(
                    lanes,
                    ring,
                    l,
                    sides[l],
                    (fun term -> apply lanes term.Layers (packed.Argument(lanes, term, ring, l, stacked)))
                )

        for start in first .. packed.Capacity .. first + count - 1 do
            let samples = Math.Min(packed.Capacity, first + count - start)
            let lanes = Tile.lanes packed.Capacity samples
            Tile.gather lanes inputs n start samples input

            let initial =
                match packed.Lift with
                | Some map -> apply lanes map input
                | None -> input

            let d = packed.Width 0

            for j in 0 .. blocks - 1 do
                Tile.copy lanes initial (j * d) (packed.State(ring, -j)) 0 d

            match cascade with
            | Some(struct (maps, signed)) -> runCascade lanes maps signed
            | None -> runEquation lanes

            let final =
                match packed.Readout with
                | Some map ->
                    packed.Stack(lanes, ring, packed.Depth, blocks, stacked)
                    apply lanes map stacked
                | None -> packed.State(ring, packed.Depth)

            let row = Tile.stride lanes

            for s in 0 .. samples - 1 do
                for i in 0 .. m - 1 do
                    outputs[(start + s) * m + i] <- final[i * row + s]
