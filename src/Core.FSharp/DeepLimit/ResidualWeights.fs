namespace LayerTime.Core.DeepLimit

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// <summary>θ = (K, b, W, c), the weights of a residual network of n layers: X_{i+1} = X_i + σ(K_i X_i + b_i)/n, output W X_n + c.</summary>
/// <remarks>Layer i lives at time i/n; there is no K_n. Gradients have the same shape.</remarks>
[<NoComparison>]
type ResidualWeights<'T> = {
    /// K_0, …, K_{n−1}, d × d each.
    Kernel: Matrix<'T>[]
    /// b_0, …, b_{n−1}, d numbers each.
    Bias: 'T[][]
    /// W, m × d.
    Readout: Matrix<'T>
    /// c, m numbers.
    Offset: 'T[]
} with

    /// n, the number of layers.
    member θ.Depth: int = θ.Kernel.Length

/// The weights of the limit: K and b are functions of depth-time, X′(t) = σ(K(t)X(t) + b(t)), output W X(1) + c.
[<NoComparison>]
type LimitWeights<'T> = {
    /// K, its d² entries row by row.
    Kernel: WeightFunction<'T>
    /// b
    Bias: WeightFunction<'T>
    /// W, m × d.
    Readout: Matrix<'T>
    /// c, m numbers.
    Offset: 'T[]
}

/// Weights of residual networks: shapes, the maps between depths and the way to the limit and back.
[<RequireQualifiedAccess>]
module ResidualWeights =
    /// The defects of weights for a problem of width d with m outputs.
    let defects (d: int) (m: int) (θ: ResidualWeights<'T>) : Defect list =
        let shape (matrix: Matrix<'T>) = $"{matrix.Rows}×{matrix.Columns} numbers"

        [
            yield! Defect.unless (θ.Depth > 0) "weights" "no layer" "at least one"
            yield! Defect.unless (θ.Bias.Length = θ.Depth) "bias" $"{θ.Bias.Length} layers" $"{θ.Depth}, as many as K has"

            for i, kernel in Array.indexed θ.Kernel do
                yield! Defect.unless (kernel.Rows = d && kernel.Columns = d) $"layer {i}, K" (shape kernel) $"{d}×{d} numbers"

            for i, bias in Array.indexed θ.Bias do
                yield! Defect.unless (bias.Length = d) $"layer {i}, b" $"{bias.Length} numbers" $"{d}"

            yield! Defect.unless (θ.Readout.Rows = m && θ.Readout.Columns = d) "W" (shape θ.Readout) $"{m}×{d} numbers"
            yield! Defect.unless (θ.Offset.Length = m) "c" $"{θ.Offset.Length} numbers" $"{m}"
        ]

    /// The same weights at n layers: K_i = K, b_i = b.
    let uniform (depth: int) (kernel: Matrix<'T>) (bias: 'T[]) (readout: Matrix<'T>) (offset: 'T[]) : ResidualWeights<'T> = {
        Kernel = Array.create depth kernel
        Bias = Array.create depth bias
        Readout = readout
        Offset = offset
    }

    /// K_0, …, K_{n−1} as vectors of d² numbers, row by row.
    let kernelSequence (θ: ResidualWeights<'T>) : 'T[][] = θ.Kernel |> Array.map (fun kernel -> kernel.Entries.ToArray())

    let private square (d: int) (entries: 'T[]) : Matrix<'T> = Matrix.init d d (fun i j -> entries[i * d + j])

    /// The same weights with other sequences for K and b; K by rows.
    let withSequences (kernel: 'T[][]) (bias: 'T[][]) (θ: ResidualWeights<'T>) : ResidualWeights<'T> = {
        θ with
            Kernel = Array.map (square θ.Readout.Columns) kernel
            Bias = bias
    }

    /// Π, n → 2n: the prolongation of K and b; W and c stay. It keeps the regulariser.
    let prolong (θ: ResidualWeights<'T>) : ResidualWeights<'T> when 'T :> IRing<'T> =
        withSequences (WeightSequence.prolong (kernelSequence θ)) (WeightSequence.prolong θ.Bias) θ

    /// Every other layer, 2n → n.
    let restrict (θ: ResidualWeights<'T>) : ResidualWeights<'T> =
        withSequences (WeightSequence.restrict (kernelSequence θ)) (WeightSequence.restrict θ.Bias) θ

    /// I_n: piecewise linear, constant on the last cell. It keeps the regulariser.
    let interpolate (θ: ResidualWeights<'T>) : LimitWeights<'T> when 'T :> IRing<'T> = {
        Kernel = WeightFunction.interpolate (kernelSequence θ)
        Bias = WeightFunction.interpolate θ.Bias
        Readout = θ.Readout
        Offset = θ.Offset
    }

    /// P_n: piecewise constant.
    let constant (θ: ResidualWeights<'T>) : LimitWeights<'T> = {
        Kernel = WeightFunction.constant (kernelSequence θ)
        Bias = WeightFunction.constant θ.Bias
        Readout = θ.Readout
        Offset = θ.Offset
    }

    /// S_n: n layers with the weights at t = 0, 1/n, …, (n−1)/n.
    let sample (n: int) (limit: LimitWeights<'T>) : ResidualWeights<'T> when 'T :> IRing<'T> = {
        Kernel = WeightFunction.sample n limit.Kernel |> Array.map (square limit.Readout.Columns)
        Bias = WeightFunction.sample n limit.Bias
        Readout = limit.Readout
        Offset = limit.Offset
    }

    let private layer (activation: Activation<'T>) (kernel: Matrix<'T>) (bias: 'T[]) : LayerMap<'T> =
        LayerMap.dense kernel bias activation |> Defect.orFail

    /// z = W X + c
    let readout (θ: ResidualWeights<'T>) : LayerMap<'T> = Layer.affine θ.Readout θ.Offset |> Defect.orFail |> LayerMap.ofLayer

    /// The network with these weights, step 1/n and W X + c as its readout.
    let network (activation: Activation<'T>) (θ: ResidualWeights<'T>) : Network<'T> when 'T :> IRing<'T> =
        let design = Architecture.Residual(Ring.ratio 1 θ.Depth, Array.map2 (layer activation) θ.Kernel θ.Bias)
        Network.create None design (Some(readout θ)) |> Defect.orFail

    /// The same weights over other numbers.
    let map (number: 'T -> 'U) (θ: ResidualWeights<'T>) : ResidualWeights<'U> = {
        Kernel = Array.map (Matrix.map number) θ.Kernel
        Bias = Array.map (Array.map number) θ.Bias
        Readout = Matrix.map number θ.Readout
        Offset = Array.map number θ.Offset
    }

    /// All numbers in one vector: K_0 row by row, b_0, K_1, b_1, …, W row by row, c.
    let numbers (θ: ResidualWeights<'T>) : 'T[] =
        Array.concat [ Array.map2 Array.append (kernelSequence θ) θ.Bias |> Array.concat; θ.Readout.Entries.ToArray(); θ.Offset ]

    /// The weights of a width d with m outputs that such a vector holds; its length says how deep they are.
    let ofNumbers (d: int) (m: int) (numbers: 'T[]) : ResidualWeights<'T> =
        let perLayer = d * (d + 1)
        let depth = (numbers.Length - m * (d + 1)) / perLayer

        if depth < 1 || numbers.Length <> depth * perLayer + m * (d + 1) then
            invalidArg (nameof numbers) $"found {numbers.Length} numbers, expected n·{perLayer} + {m * (d + 1)}"

        let matrix first rows = Matrix.init rows d (fun i j -> numbers[first + i * d + j])

        {
            Kernel = Array.init depth (fun i -> matrix (i * perLayer) d)
            Bias = Array.init depth (fun i -> Array.sub numbers (i * perLayer + d * d) d)
            Readout = matrix (depth * perLayer) m
            Offset = Array.sub numbers (depth * perLayer + m * d) m
        }

    /// The same random weights in all layers, to start a training from: entries of K, b and W uniform with mean 0 and variance 1, c = 0; `draw`
    /// gives numbers of [−1, 1], all equally likely.
    let random (draw: unit -> float) (depth: int) (d: int) (m: int) : ResidualWeights<Binary64> =
        let rootOfThree = Elementary.sqrt 3.0
        let number () = Binary64(rootOfThree * draw ())
        let kernel = Matrix.init d d (fun _ _ -> number ())
        let bias = Array.init d (fun _ -> number ())
        uniform depth kernel bias (Matrix.init m d (fun _ _ -> number ())) (Array.create m (Binary64 0.0))
