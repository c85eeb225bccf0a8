/// Peer task T5: the gradient of a neural ODE in its weights and biases, exact for the steps taken, beside the adjoints of SciPy and
/// CVODES. One thread; each peer's row meets the fastest of ours whose measured error is no larger.
module LayerTime.Benchmarks.NeuralGradient

open System
open System.Diagnostics
open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Semantics

/// x′ = W₂ tanh(W₁x + b₁) + b₂ with 2d hidden units, for all samples at once.
let private field (d: int) (batch: int) : IDifferentiableField<Binary64> =
    let map = NeuralFlows.layerMap d
    if batch = 1 then DifferentiableField.ofLayerMap map else BatchField.ofLayerMap batch map

let private input d n = Array.init d (fun i -> Math.Sin(0.41 * float i + 0.23 * float n + 0.1))
let private target d n = Array.init d (fun i -> Math.Cos(0.31 * float i + 0.17 * float n))

/// The gradient of Σ|x(T) − y|²/(2B) in the weights and biases; component c of sample n of B stands at c·B + n.
let private gradient (flow: FlowAdjoint) (d: int) (batch: int) (horizon: float) (relative: float) : unit -> float[] =
    let settings = FlowSettings.defaults |> FlowSettings.withTolerances relative (0.1 * relative)
    let place (ofSample: int -> float[]) = Array.init (d * batch) (fun at -> (ofSample (at % batch))[at / batch])
    let start, y = place (input d), place (target d)
    let covector (x: float[]) = Array.map2 (fun a b -> (a - b) / float batch) x y

    fun () ->
        let _, result = flow.Solve(settings, 0.0, horizon, start, covector) |> Defect.orFail
        Binary64.toFloats result.Parameters

/// The median of seconds of runs of at least 2 ms each.
let private measure (run: unit -> unit) : float =
    let clock = Stopwatch.StartNew()

    // Until the compiler has settled.
    while clock.Elapsed.TotalSeconds < 0.15 do
        run ()

    let once count =
        let clock = Stopwatch.StartNew()

        for _ in 1..count do
            run ()

        clock.Elapsed.TotalSeconds / float count

    let inner = Math.Max(1, int (2e-3 / once 1))
    let times = Array.init 15 (fun _ -> once inner) |> Array.sort
    times[7]

/// One row of ours.
type private Row = { Size: string; Name: string; Seconds: float; Error: float }

let private sizes = [ 8, 1, 1.0; 8, 64, 1.0; 8, 64, 10.0; 64, 64, 1.0 ]

let private rows () : Row list = [
    for d, batch, horizon in sizes do
        let size = FormattableString.Invariant $"d={d},B={batch},T={horizon:g}"
        let flow tableau = FlowAdjoint(StepAdjoint.adaptive tableau (field d batch))
        let reference = gradient (flow Tableaus.dormandPrince853) d batch horizon 1e-13 ()
        let scale = reference |> Array.map abs |> Array.max
        printfn $"{size}: sum of sizes of the gradient {Array.sumBy abs reference:R}"

        for tableau in [ Tableaus.tsitouras54; Tableaus.verner65; Tableaus.dormandPrince853 ] do
            let flow = flow tableau

            for digits in 3..11 do
                let relative = Math.Pow(10.0, -float digits)
                let run = gradient flow d batch horizon relative
                let error = Array.map2 (fun a b -> abs (a - b)) (run ()) reference |> Array.max
                let seconds = measure (run >> ignore)
                let row = { Size = size; Name = $"{tableau.Name}, 1e-{digits}"; Seconds = seconds; Error = error / scale }
                printfn $"LayerTime {size} {row.Name}: {seconds * 1e3:F4} ms, error {row.Error:g2}"
                row
]

/// The peers that can run here, ours beside them.
let report () : int =
    let own = rows ()

    let peers =
        [
            Peers.run "t5_adjoint.py"
            Peers.compiled
                "t5_adjoint.cpp"
                // The libraries stand before the source that needs them.
                ("-O3 -march=native -Wl,--no-as-needed -lsundials_cvodes -lsundials_nvecserial -lsundials_generic -lmvec -lm".Split ' '
                 |> List.ofArray)
                "the program needs SUNDIALS (CVODES) and AVX-512"
        ]
        |> List.collect (Option.defaultValue [])

    for peer in peers do
        let size, seconds, error = peer.Text "size", peer.Number "median_seconds", peer.Number "error"

        let comparable =
            own |> List.filter (fun row -> size.StartsWith(row.Size + ",", StringComparison.Ordinal) && row.Error <= error)

        match comparable with
        | [] -> printfn $"{peer.Peer} {size}: {seconds * 1e3:F4} ms, error {error:g2}; none of ours is as exact"
        | _ ->
            let best = comparable |> List.minBy _.Seconds
            printfn $"{peer.Peer} {size}: {seconds * 1e3:F4} ms, error {error:g2}; ratio {seconds / best.Seconds:F1} ({best.Name})"

    if peers.IsEmpty then 1 else 0
