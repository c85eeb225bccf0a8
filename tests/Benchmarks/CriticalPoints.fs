/// Peer task T6: every critical point of Σ v_h tanh(W_h·x + b_h) in [−3, 3]ⁿ, certified, one thread.
module LayerTime.Benchmarks.CriticalPoints

open System
open System.Diagnostics
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Rigour

let private wave (i: float) (j: float) (l: float) = sin (0.37 * i + 0.91 * j + 1.7 * l + 1.13 * i * j)

/// The task's network of n inputs and m hidden neurons.
let network (n: int) (m: int) : Perceptron<Interval> =
    let tanh = ActivationKind.Transcendental TranscendentalName.Tanh

    let hidden = {
        Weights = Matrix.init m n (fun h j -> Interval.ofFloat (2.0 * wave (float h) (float j) 3.0))
        Bias = Array.init m (fun h -> Interval.ofFloat (cos (1.3 * float h + 1.2)))
        Activations = Array.create m tanh
    }

    let output = Matrix.init 1 m (fun _ h -> Interval.ofFloat (wave (float h) 2.0 4.0))
    Perceptron.create [| hidden |] output [| Interval.ofFloat 0.0 |] |> Defect.orFail

let run (n: int) (m: int) =
    let system = GradientSystem.create (network n m)
    let once () = ZeroSearch.run system ZeroSearch.defaults (ZeroSearch.start (Box.cube n 3.0))
    let mutable last = once ()

    for _ in 1..200 do
        last <- once ()

    let times =
        Array.init 101 (fun _ ->
            let clock = Stopwatch.StartNew()
            last <- once ()
            clock.Elapsed.TotalSeconds)

    Array.sortInPlace times

    printfn
        $"{n}-{m}-1: {times[50] * 1e3:F3} ms, {last.Boxes} boxes, {last.Found.Length} found, {last.Small.Length} small, open {last.Open.Length}"

    for z in last.Found do
        printfn "%s" (String.Join(" ", z.Zero |> Array.map string))

let deep (scale: float) (m: int) : Perceptron<Interval> =
    let tanh = ActivationKind.Transcendental TranscendentalName.Tanh

    let layer (rows: int) columns s l = {
        Weights = Matrix.init rows columns (fun h j -> Interval.ofFloat (s * wave (float h) (float j) l))
        Bias = Array.init rows (fun h -> Interval.ofFloat (0.5 * cos (1.3 * float h + l)))
        Activations = Array.create rows tanh
    }

    let output = Matrix.init 1 m (fun _ h -> Interval.ofFloat (wave (float h) 2.0 4.0))

    Perceptron.create [| layer m 2 scale 3.0; layer m m (scale / sqrt (float m)) 5.0 |] output [| Interval.ofFloat 0.0 |]
    |> Defect.orFail

let runDeep scale m =
    let map = ScalarMap.ofPerceptron (deep scale m) |> Defect.orFail
    let clock = Stopwatch.StartNew()

    let census =
        Census.take map { Census.defaults with Search = { ZeroSearch.defaults with MaxBoxes = 5_000_000L } } (Box.cube 2 2.0)

    printfn
        $"2-{m}-{m}-1 scale {scale}: {clock.Elapsed.TotalSeconds:F2} s {census.Search.Boxes} boxes complete {census.IsComplete} points {census.Points.Length} {census.Degree} findings {census.Findings.Length}"
