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

    /// The loop one would write by hand, over spans so that the inner loop has no bounds checks to speak of.
    [<Benchmark(Baseline = true)>]
    member this.HandWritten() : float[] =
        let d = this.Width
        let x = Array.zeroCreate ((depth + 1) * d)
        Array.blit start 0 x 0 d
        let isRelu = this.Activation = "relu"

        for l in 0 .. depth - 1 do
            let here = ReadOnlySpan(x, l * d, d)
            let next = Span(x, (l + 1) * d, d)
            let b = biases[l]

            for i in 0 .. next.Length - 1 do
                let row = ReadOnlySpan(weights[l], i * d, here.Length)
                let mutable s = b[i]

                for j in 0 .. row.Length - 1 do
                    s <- s + row[j] * here[j]

                let f = if isRelu then (if s <= 0.0 then 0.0 else s) else Elementary.tanh s
                next[i] <- here[i] + h * f

        x

    /// The semantics of the library.
    [<Benchmark>]
    member _.Generic() : Trajectory<Binary64> = Simulation.run equation history

/// The shortest of many runs, in microseconds, after a second and a half in which the runtime finishes optimising.
let private shortest (f: unit -> 'T) : float =
    let start = Diagnostics.Stopwatch.GetTimestamp()

    while Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds < 1.5 do
        f () |> ignore

    let mutable shortest = Double.MaxValue

    for _ in 1..400 do
        let clock = Diagnostics.Stopwatch.GetTimestamp()

        for _ in 1..10 do
            f () |> ignore

        shortest <- min shortest (Diagnostics.Stopwatch.GetElapsedTime(clock).TotalMicroseconds / 10.0)

    shortest

/// Prints the ratio for every width and activation; 1 where the bits of the two trajectories differ, else 0.
let report () : int =
    let rows = [
        for σ in [ "relu"; "tanh" ] do
            for d in [ 2; 8; 64 ] do
                let both = ResidualTrajectory(Width = d, Activation = σ)
                both.Setup()

                let hand, generic = shortest both.HandWritten, shortest both.Generic
                let agree = both.Generic().Data.ToArray() |> Binary64.toFloats |> Array.forall2 (=) (both.HandWritten())
                printfn $"{σ}, d = {d}: by hand {hand:F2} µs, generic {generic:F2} µs, ratio {generic / hand:F2}, same bits: {agree}"
                agree
    ]

    if List.forall id rows then 0 else 1
