/// The float path of the generic semantics beside a hand-written loop over the same arrays: x(l+1) = x(l) + h σ(W_l x(l) + b_l).
module LayerTime.Benchmarks.GenericSemantics

open System
open BenchmarkDotNet.Attributes
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics

/// Both sides on the same residual network of depth 100.
[<MemoryDiagnoser>]
type ResidualTrajectory() =
    let depth = 100
    let h = 1.0 / float depth
    let mutable weights: float[][] = [||]
    let mutable biases: float[][] = [||]
    let mutable start: float[] = [||]
    let mutable equation = Unchecked.defaultof<DifferenceEquation<Binary64>>
    let mutable history: Binary64[][] = [||]

    /// d
    [<Params(2, 8, 64)>]
    member val Width = 2 with get, set

    /// relu or tanh
    [<Params("relu", "tanh")>]
    member val Activation = "relu" with get, set

    [<GlobalSetup>]
    member this.Setup() =
        let d = this.Width
        let entry i j l = sin (0.37 * float i + 0.91 * float j + 1.7 * float l + 1.13 * float (i * j)) / sqrt (float d)
        weights <- Array.init depth (fun l -> Array.init (d * d) (fun e -> entry (e / d) (e % d) l))
        biases <- Array.init depth (fun l -> Array.init d (fun i -> 0.1 * cos (0.53 * float i + 0.29 * float l)))
        start <- Array.init d (fun i -> sin (0.41 * float i + 0.1))
        let σ = if this.Activation = "relu" then Activation.Relu else Activation.tanh

        let map l =
            let w = Matrix.init d d (fun i j -> Binary64 weights[l].[i * d + j])
            LayerMap.dense w (Binary64.ofFloats biases[l]) σ |> Defect.orFail

        equation <- Architecture.Residual(Binary64 h, Array.init depth map) |> Architecture.equation |> Defect.orFail
        history <- [| Binary64.ofFloats start |]

    /// The loop one would write by hand.
    [<Benchmark(Baseline = true)>]
    member this.HandWritten() : float[] =
        let d = this.Width
        let x = Array.zeroCreate ((depth + 1) * d)
        Array.blit start 0 x 0 d
        let relu = this.Activation = "relu"

        for l in 0 .. depth - 1 do
            let w = weights[l]
            let b = biases[l]
            let here = l * d

            for i in 0 .. d - 1 do
                let mutable s = b[i]
                let row = i * d

                for j in 0 .. d - 1 do
                    s <- s + w[row + j] * x[here + j]

                let f = if relu then (if s <= 0.0 then 0.0 else s) else Elementary.tanh s
                x[here + d + i] <- x[here + i] + h * f

        x

    /// The semantics of the library.
    [<Benchmark>]
    member _.Generic() : Trajectory<Binary64> = Simulation.run equation history
