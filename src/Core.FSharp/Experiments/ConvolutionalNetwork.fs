namespace LayerTime.Core.Experiments

open LayerTime.Core.Numbers
open LayerTime.Core.DeepLimit

/// <summary>A cubic network u = x + dt(w_l ∗ x + b_l), x(l+1) = u − dt·u³ on pictures of four channels, w_l of 3 × 3 around the edges, with a logistic readout.</summary>
/// <remarks>A picture enters as the first channel; the others are 0.</remarks>
[<NoComparison; NoEquality>]
type ConvolutionalNetwork = {
    /// N
    Depth: int
    /// T
    Horizon: float
    /// w_l (output channel, input channel, row, column) and b_l layer by layer, then the readout class by class and its offsets.
    Variables: float[]
} with

    /// dt = T/N
    member network.TimeStep = network.Horizon / float network.Depth

/// States and pre-activations layer by layer: a row for every channel and pixel, in it a number for every sample.
[<NoComparison; NoEquality>]
type internal ConvolutionalSweep = {
    /// x(0), …, x(N)
    States: float[][][]
    /// u(0), …, u(N−1)
    PreActivations: float[][][]
}

/// Forward, tangent and reverse sweeps of convolutional networks, samples side by side.
[<RequireQualifiedAccess>]
module ConvolutionalNetwork =
    let private channels = 4
    let private side = Glyphs.side
    let private pixels = side * side

    /// The numbers of a state.
    let internal width: int = channels * pixels
    let private taps = 9
    /// The weights and biases of one layer.
    let internal perLayer: int = channels * channels * taps + channels

    /// The pixel that is multiplied by entry k of a kernel for output pixel p.
    let private neighbour =
        Array.init taps (fun k ->
            Array.init pixels (fun p -> (p / side + k / 3 - 1 + side) % side * side + (p % side + k % 3 - 1 + side) % side))

    /// The number of variables of a network of so many layers.
    let internal size (depth: int) : int = depth * perLayer + Glyphs.classes * (width + 1)

    let private empty (samples: int) : float[][] = Array.init width (fun _ -> Array.zeroCreate samples)
    let private multiply (x: float[][]) (y: float[][]) : float[][] = Array.map2 (Array.map2 (*)) x y

    /// For every entry of the kernels of a layer that starts at `first`, with dt: weight, row read and row written.
    let inline private forEntries dt (v: float[]) first ([<InlineIfLambda>] act: float -> int -> int -> unit) =
        for o in 0 .. channels - 1 do
            for i in 0 .. channels - 1 do
                for k in 0 .. taps - 1 do
                    let weight = dt * v[first + (o * channels + i) * taps + k]

                    for p in 0 .. pixels - 1 do
                        act weight (i * pixels + neighbour[k][p]) (o * pixels + p)

    /// x + dt·w_l ∗ x
    let private linear (network: ConvolutionalNetwork) (l: int) (x: float[][]) : float[][] =
        let y = Array.map Array.copy x
        forEntries network.TimeStep network.Variables (l * perLayer) (fun weight from into -> FloatVector.addInPlace weight x[from] y[into])
        y

    /// The transposed map of `linear`.
    let private transposed (network: ConvolutionalNetwork) (l: int) (q: float[][]) : float[][] =
        let p = Array.map Array.copy q
        forEntries network.TimeStep network.Variables (l * perLayer) (fun weight from into -> FloatVector.addInPlace weight q[into] p[from])
        p

    let private shift (network: ConvolutionalNetwork) (l: int) (row: int) : float =
        network.TimeStep * network.Variables[l * perLayer + channels * channels * taps + row / pixels]

    /// 1 − 3dt·u²
    let private slopes (network: ConvolutionalNetwork) (u: float[][]) : float[][] =
        u |> Array.map (Array.map (fun u -> 1.0 - 3.0 * network.TimeStep * u * u))

    /// The state x(0) of pictures.
    let internal start (pictures: float[][]) : float[][] =
        Array.init width (fun row -> pictures |> Array.map (fun picture -> if row < pixels then picture[row] else 0.0))

    /// All states from x(0).
    let internal forward (network: ConvolutionalNetwork) (x: float[][]) : ConvolutionalSweep =
        let dt = network.TimeStep
        let states, preActivations = Array.zeroCreate (network.Depth + 1), Array.zeroCreate network.Depth
        states[0] <- x

        for l in 0 .. network.Depth - 1 do
            preActivations[l] <-
                linear network l states[l] |> Array.mapi (fun row u -> let b = shift network l row in u |> Array.map (fun u -> u + b))

            states[l + 1] <- preActivations[l] |> Array.map (Array.map (fun u -> u - dt * u * u * u))

        { States = states; PreActivations = preActivations }

    /// Tangents δx(l+1) = (1 − 3dt·u²) ∘ (δx + dt·w_l ∗ δx), from δx(0).
    let internal tangents (network: ConvolutionalNetwork) (sweep: ConvolutionalSweep) (δ: float[][]) : float[][][] =
        Array.scan (fun δ l -> multiply (slopes network sweep.PreActivations[l]) (linear network l δ)) δ [| 0 .. network.Depth - 1 |]

    /// Momenta a(l) = W_lᵀ((1 − 3dt·u²) ∘ a(l+1)), from a(N) down; `visit` sees the vector in brackets at every layer.
    let internal momenta
        (network: ConvolutionalNetwork)
        (sweep: ConvolutionalSweep)
        (visit: int -> float[][] -> unit)
        (final: float[][])
        : float[][][] =
        Array.scanBack
            (fun l a ->
                let q = multiply (slopes network sweep.PreActivations[l]) a
                visit l q
                transposed network l q)
            [| 0 .. network.Depth - 1 |]
            final

    /// Σ_rows |a| ∘ |1 − 3dt·u²| ∘ (|W_l||δ|), sample by sample: what the roundings of one layer of a pairing a·δx are in proportion to.
    let internal pairingScale (network: ConvolutionalNetwork) (sweep: ConvolutionalSweep) (l: int) (a: float[][]) (δ: float[][]) : float[] =
        let absolute = Array.map (Array.map abs)
        let sizes = { network with Variables = Array.map abs network.Variables }

        let product =
            multiply (multiply (absolute a) (absolute (slopes network sweep.PreActivations[l]))) (linear sizes l (absolute δ))

        Array.reduce (Array.map2 (+)) product

    /// The field F = w_l ∗ x + b_l − x³ at x(l).
    let internal field (network: ConvolutionalNetwork) (sweep: ConvolutionalSweep) (l: int) : float[][] =
        let value x u = (u - x) / network.TimeStep - x * x * x
        Array.map2 (Array.map2 value) sweep.States[l] sweep.PreActivations[l]

    /// max_o Σ_{i,k} |w_l| and max_o |b_l|
    let internal norms (network: ConvolutionalNetwork) (l: int) : float * float =
        let layer = Array.sub network.Variables (l * perLayer) perLayer |> Array.map abs
        let weights, bias = Array.splitAt (channels * channels * taps) layer
        weights |> Array.chunkBySize (channels * taps) |> Array.map Array.sum |> Array.max, Array.max bias

    let private readout (network: ConvolutionalNetwork) : float[][] * float[] =
        let v = Array.skip (network.Depth * perLayer) network.Variables
        v |> Array.take (Glyphs.classes * width) |> Array.chunkBySize width, Array.skip (Glyphs.classes * width) v

    /// The logits of every class, sample by sample, of final states.
    let internal logits (network: ConvolutionalNetwork) (final: float[][]) : float[][] =
        let weights, offsets = readout network

        Array.map2
            (fun (row: float[]) offset ->
                let z = Array.create final[0].Length offset
                Array.iter2 (fun weight x -> FloatVector.addInPlace weight x z) row final
                z)
            weights
            offsets

    /// The sum of the cross-entropies of logits, and its gradient in them.
    let internal crossEntropy (labels: int[]) (logits: float[][]) : float * float[][] =
        let mutable total = 0.0
        let slopes = logits |> Array.map Array.copy

        for s in 0 .. labels.Length - 1 do
            let most = logits |> Array.map (fun z -> z[s]) |> Array.max
            let sum = logits |> Array.sumBy (fun z -> Elementary.exp (z[s] - most))
            total <- total + Elementary.log sum + most - logits[labels[s]][s]

            for c in 0 .. logits.Length - 1 do
                slopes[c][s] <- Elementary.exp (logits[c][s] - most) / sum - (if c = labels[s] then 1.0 else 0.0)

        total, slopes

    /// The momentum a(N) of slopes in the logits.
    let internal finalMomentum (network: ConvolutionalNetwork) (slopes: float[][]) : float[][] =
        let weights, _ = readout network
        let a = empty slopes[0].Length

        Array.iter2
            (fun (row: float[]) slope -> Array.iter2 (fun weight target -> FloatVector.addInPlace weight slope target) row a)
            weights
            slopes

        a

    /// The sum of the losses of pictures, and its gradient, in dt·w_l and dt·b_l in the place of w_l and b_l, added to `gradient`.
    let internal accumulate (network: ConvolutionalNetwork) (data: LabelledPoints) (gradient: float[]) : float =
        let sweep = forward network (start data.Points)
        let final = sweep.States[network.Depth]
        let loss, slopes = logits network final |> crossEntropy data.Labels
        let first = network.Depth * perLayer

        for c in 0 .. Glyphs.classes - 1 do
            for row in 0 .. width - 1 do
                gradient[first + c * width + row] <- gradient[first + c * width + row] + FloatVector.dot slopes[c] final[row]

            gradient[first + Glyphs.classes * width + c] <- gradient[first + Glyphs.classes * width + c] + Array.sum slopes[c]

        let visit l (q: float[][]) =
            let x, layer = sweep.States[l], l * perLayer

            for o in 0 .. channels - 1 do
                for i in 0 .. channels - 1 do
                    for k in 0 .. taps - 1 do
                        let mutable sum = 0.0

                        for p in 0 .. pixels - 1 do
                            sum <- sum + FloatVector.dot q[o * pixels + p] x[i * pixels + neighbour[k][p]]

                        let at = layer + (o * channels + i) * taps + k
                        gradient[at] <- gradient[at] + sum

                let bias = layer + channels * channels * taps + o
                gradient[bias] <- gradient[bias] + Seq.sumBy (fun p -> Array.sum q[o * pixels + p]) (seq { 0 .. pixels - 1 })

        finalMomentum network slopes |> momenta network sweep visit |> ignore
        loss

    /// The same weights on `times` as many layers, each step cut into that many.
    let refine (times: int) (network: ConvolutionalNetwork) : ConvolutionalNetwork =
        let layers, readout = Array.splitAt (network.Depth * perLayer) network.Variables
        let repeated = layers |> Array.chunkBySize perLayer |> Array.collect (Array.create times) |> Array.concat
        { network with Depth = times * network.Depth; Variables = Array.append repeated readout }

    /// The states x(0), …, x(N) of a picture: four channels of pixels, row by row.
    let trajectory (network: ConvolutionalNetwork) (picture: float[]) : float[][] =
        (forward network (start [| picture |])).States |> Array.map (Array.map Array.head)
