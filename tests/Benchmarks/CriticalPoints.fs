/// Peer task T6: every critical point of Σ v_h tanh(W_h·x + b_h) in [−3, 3]ⁿ, certified, one thread.
module LayerTime.Benchmarks.CriticalPoints

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

/// A census, the median of its times after two seconds in which the runtime finishes optimising, and its widest final side.
let private measure (n: int) (m: int) : Census * float * float =
    let map = ScalarMap.ofPerceptron (network n m) |> Defect.orFail
    let take () = Census.take map Census.defaults (Box.cube n 3.0)
    let start = Stopwatch.GetTimestamp()

    while Stopwatch.GetElapsedTime(start).TotalSeconds < 2.0 do
        take () |> ignore

    let times =
        Array.init 101 (fun _ ->
            let start = Stopwatch.GetTimestamp()
            take () |> ignore
            Stopwatch.GetElapsedTime(start).TotalSeconds)

    let census = take ()
    census, (Array.sort times)[50], census.Points |> List.map (fun point -> Box.width point.Point) |> List.max

/// The censuses of the task, from the start to points with values, indices and the degree, beside the peer's search in the same run.
let report () : int =
    let peers =
        Peers.compiled "t6_critical.cpp" [ "-O3"; "-march=native"; "-frounding-math" ] "it needs g++ and Boost.Interval"
        |> Option.defaultValue []

    printfn "network  by                       points    boxes         ms  widest side  ratio"

    for n, m in [ 2, 4; 2, 8; 3, 6 ] do
        let name = $"{n}-{m}-1"
        let census, seconds, widest = measure n m
        let verdict = if census.IsComplete then "" else ", not complete"

        printfn
            $"{name, -8} LayerTime{verdict, -15} {census.Points.Length, 6} {census.Search.Boxes, 8} {seconds * 1e3, 10:F3} {widest, 12:E1}"

        for peer in peers |> List.filter (fun peer -> peer.Text "size" = name) do
            let ms = peer.Number "median_seconds" * 1e3
            let ratio = peer.Number "median_seconds" / seconds

            printfn
                $"""{name, -8} {peer.Peer, -24} {peer.Number "critical_points", 6} {peer.Number "boxes", 8} {ms, 10:F3} {peer.Number "error", 12:E1} {ratio, 6:F1}"""

    if peers.IsEmpty then 1 else 0

let private deep (scale: float) (m: int) : Perceptron<Interval> =
    let tanh = ActivationKind.Transcendental TranscendentalName.Tanh

    let layer (rows: int) columns s l = {
        Weights = Matrix.init rows columns (fun h j -> Interval.ofFloat (s * wave (float h) (float j) l))
        Bias = Array.init rows (fun h -> Interval.ofFloat (0.5 * cos (1.3 * float h + l)))
        Activations = Array.create rows tanh
    }

    let output = Matrix.init 1 m (fun _ h -> Interval.ofFloat (wave (float h) 2.0 4.0))

    Perceptron.create [| layer m 2 scale 3.0; layer m m (scale / sqrt (float m)) 5.0 |] output [| Interval.ofFloat 0.0 |]
    |> Defect.orFail

/// One cold census each of networks 2-m-m-1 in [−2, 2]², with growing weights.
let reportDeep () : int =
    printfn "network    weights  points    boxes  seconds  peak memory"

    for scale, m in [ 1.0, 8; 1.0, 16; 1.0, 32; 1.5, 32; 2.0, 32 ] do
        let map = ScalarMap.ofPerceptron (deep scale m) |> Defect.orFail
        let start = Stopwatch.GetTimestamp()
        let census = Census.take map Census.defaults (Box.cube 2 2.0)
        let seconds = Stopwatch.GetElapsedTime(start).TotalSeconds
        let memory = float (Process.GetCurrentProcess().PeakWorkingSet64) / 1048576.0
        let verdict = if census.IsComplete then "" else ", not complete"
        let name = $"2-{m}-{m}-1"

        printfn $"{name, -10} ≤ {scale, 5:F1} {census.Points.Length, 7} {census.Search.Boxes, 8} {seconds, 8:F2} {memory, 9:F0} MB{verdict}"

    0
