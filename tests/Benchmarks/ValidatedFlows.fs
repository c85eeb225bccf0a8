/// Peer task T9: validated enclosures of x′ = W₂·tanh(W₁·x + b₁) + b₂ beside the figures of CAPD, one thread.
module LayerTime.Benchmarks.ValidatedFlows

open System.Diagnostics
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Rigour

let private wave (i: int) (j: int) (l: int) = sin (0.37 * float i + 0.91 * float j + 1.7 * float l + 1.13 * float i * float j)

/// The task's field of d components and eight hidden neurons.
let network (d: int) (horizon: int) : NeuralOde<Interval> =
    let hidden = 8
    let matrix rows columns l = Matrix.init rows columns (fun i j -> Interval.ofFloat (wave i j l / sqrt (float columns)))
    let bias count l = Array.init count (fun i -> Interval.ofFloat (0.1 * cos (0.53 * float i + 0.29 * float l)))
    let inner = Layer.create (matrix hidden d 1) (bias hidden 1) [| Activation.tanh |] |> Defect.orFail
    let outer = Layer.affine (matrix d hidden 2) (bias d 2) |> Defect.orFail

    LayerMap.create [| inner; outer |] |> Defect.orFail |> NeuralOde.autonomous (Rational.ofInt horizon) |> Defect.orFail

/// d, T, radius, and CAPD's milliseconds and widest side (order 20, C⁰ sets).
let private rows = [
    2, 1, 0.0, 3.5, 3.1e-15
    2, 1, 1e-6, 3.3, 1.33e-6
    2, 1, 1e-2, 4.8, 1.42e-2
    3, 1, 0.0, 7.4, 5.4e-15
    3, 1, 1e-6, 6.8, 1.43e-6
    3, 1, 1e-2, 9.1, 1.60e-2
    4, 1, 0.0, 8.4, 7.7e-15
    4, 1, 1e-6, 7.8, 2.74e-6
    4, 1, 1e-2, 11.9, 3.17e-2
    2, 10, 1e-6, 18.7, 2.0e-8
    3, 10, 1e-6, 31.8, 5.7e-8
    4, 10, 1e-6, 44.1, 6.5e-6
]

/// Median times of 31 enclosures after a second in which the runtime finishes optimising; ratios above 1 are in our favour.
let report () : int =
    printfn "d   T  radius     ms  CAPD ms  ratio  steps  widest side    CAPD   width ratio"

    for d, horizon, radius, peerTime, peerWidth in rows do
        let net = network d horizon

        let box =
            Array.init d (fun i ->
                let centre = sin (0.41 * float i + 0.1)
                Interval.ofBounds (centre - radius) (centre + radius))

        let enclose () = ValidatedFlow.enclose ValidatedFlow.defaults net [||] box |> Defect.orFail
        let start = Stopwatch.GetTimestamp()

        while Stopwatch.GetElapsedTime(start).TotalSeconds < 1.0 do
            enclose () |> ignore

        let time _ =
            let start = Stopwatch.GetTimestamp()
            enclose () |> ignore
            Stopwatch.GetElapsedTime(start).TotalMilliseconds

        let ms = (Array.sort (Array.init 31 time))[15]
        let result = enclose ()
        let width = Box.width result.Last.States.Value

        printfn
            $"{d} {horizon, 3} {radius, 7:G1} {ms, 6:F2} {peerTime, 8:F1} {peerTime / ms, 6:F1} {result.Steps, 6} {width, 12:E2} {peerWidth, 8:G3} {width / peerWidth, 8:F3}"

    0

/// One cold census of the worked neural ODE of two inputs and three states on [−1, 1]².
let reportCensus () : int =
    let decimals (row: string) =
        row.Split ' '
        |> Array.map (fun text ->
            match Rational.parse text with
            | Ok q -> Interval.ofRational q
            | Error problem -> failwith problem)

    let affine (rows: string list) bias =
        Layer.affine (Matrix.ofRows (rows |> List.map decimals |> List.toArray)) (decimals bias)
        |> Defect.orFail
        |> LayerMap.ofLayer

    let field =
        LayerMap.dense
            (Matrix.ofRows [| decimals "-0.8 -1.2 -1.3"; decimals "-0.3 -2 2"; decimals "-2 -0.7 0.3" |])
            (decimals "0 0.6 0.4")
            Activation.tanh
        |> Defect.orFail

    let net =
        NeuralOde.create
            (Some(affine [ "1.1 0"; "-1.5 1.6"; "2 0.9" ] "0 0.2 1"))
            [| { Until = Rational.One; Coefficients = [| field |] } |]
            (Some(affine [ "-0.8 -0.5 0.4" ] "0"))
        |> Defect.orFail

    let map = NeuralOdeMap.create net |> Defect.orFail
    let start = Stopwatch.GetTimestamp()
    let census = Census.take map Census.defaults (Box.cube 2 1.0)
    let seconds = Stopwatch.GetElapsedTime(start).TotalSeconds
    let memory = float (Process.GetCurrentProcess().PeakWorkingSet64) / 1048576.0

    printfn
        $"complete: {census.IsComplete}, {census.Points.Length} points, degree {census.Degree}, {census.Search.Boxes} boxes, {seconds:F1} s, {memory:F0} MB"

    0
