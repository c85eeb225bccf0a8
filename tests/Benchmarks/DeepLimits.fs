/// Peer task T8: training an n-layer residual network with an H¹ regulariser on two moons, 200 iterations of L-BFGS, beside SciPy and PyTorch; and
/// the iterations to a given gradient norm, in the metric of the regulariser and without it. One thread.
module LayerTime.Benchmarks.DeepLimits

open System
open System.Diagnostics
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.DeepLimit

let private width = 4

/// x(l+1) = x(l) + tanh(K_l x(l) + b_l)/n in R⁴, z = 4v·x(n) with v = (1, −1, 1, −1)/2 and no offset, mean logistic loss, α = 10⁻³, τ = 1.
let private problem: TrainingProblem<Binary64> =
    let path = Some { Strength = Binary64 1e-3; Start = Binary64 1.0 }
    let regulariser: Regulariser<Binary64> = { Kernel = path; Bias = path; Readout = None; Offset = None }

    let sample k =
        let angle = Math.PI * float (k / 2) / 99.0
        let noise axis = 0.1 * Math.Sin(12.9898 * float k + 78.233 * float axis)
        let x, y = if k % 2 = 0 then Math.Cos angle, Math.Sin angle else 1.0 - Math.Cos angle, 0.5 - Math.Sin angle

        {
            Input = Binary64.ofFloats [| x + noise 1; y + noise 2; 0.0; 0.0 |]
            Target = [| Binary64(if k % 2 = 0 then 1.0 else 0.0) |]
            Weight = Binary64(1.0 / 200.0)
        }

    TrainingProblem.create Activation.tanh Loss.logistic regulariser (Array.init 200 sample) |> Defect.orFail

let private start (n: int) : ResidualWeights<Binary64> =
    let wave i j l =
        let i, j, t = float i, float j, float l / float n
        Binary64(Math.Sin(0.37 * i + 0.91 * j + 1.7 * t + 1.13 * (i * j)) / 8.0)

    {
        Kernel = Array.init n (fun l -> Matrix.init width width (fun i j -> wave i j l))
        Bias = Array.init n (fun l -> Array.init width (fun i -> wave i width l))
        Readout = Matrix.ofRows [| Binary64.ofFloats [| 2.0; -2.0; 2.0; -2.0 |] |]
        Offset = [| Binary64 0.0 |]
    }

let private settings = { LbfgsSettings.defaults with Memory = 10; GradientTolerance = 1e-300; IterationLimit = 200 }

/// Seconds: the median of runs that together last a second at least.
let private measure (run: unit -> unit) : float =
    let clock = Stopwatch.StartNew()

    while clock.Elapsed.TotalSeconds < 1.0 do
        run ()

    let once _ =
        let clock = Stopwatch.StartNew()
        run ()
        clock.Elapsed.TotalSeconds

    (Array.init 7 once |> Array.sort)[3]

let private iterations (coordinates: WeightCoordinates) (n: int) : LbfgsState =
    let f = TrainingFunction(problem, n, coordinates)
    // In nodal coordinates the gradient is measured in the metric of the regulariser all the same.
    let settings = { settings with GradientTolerance = 1e-5; IterationLimit = 2000 }
    Lbfgs.minimise settings f (f.OfWeights(start n))

/// The rows of T8.
let report () : int =
    let own = [
        for n in [ 16; 64; 256 ] do
            let f = TrainingFunction(problem, n, WeightCoordinates.Increments)
            let point = f.OfWeights(start n)
            let state = Lbfgs.minimise settings f point
            let seconds = measure (fun () -> Lbfgs.minimise settings f point |> ignore)
            let first = (Lbfgs.start settings f point).Value

            printfn
                $"LayerTime n={n}: {seconds * 1e3:F2} ms for {state.Iterations} iterations, {state.Evaluations} evaluations; objective {first:R} -> {state.Value:F6}, |gradient| {state.GradientNorm:g2}"

            n, seconds / float state.Iterations, state.Value
    ]

    for n in [ 16; 64; 256; 1024 ] do
        let state = iterations WeightCoordinates.Increments n
        printfn $"LayerTime n={n}: {state.Iterations} iterations to |gradient| <= 1e-5 in the H1 metric, objective {state.Value:F6}"

    match Peers.run "t8_lbfgs.py" with
    | None -> 1
    | Some peers ->
        for peer in peers do
            let size, seconds, reached = peer.Text "size", peer.Number "median_seconds", peer.Number "error"
            let _, perIteration, value = own |> List.find (fun (n, _, _) -> size.StartsWith($"n={n},", StringComparison.Ordinal))
            let theirs = seconds / 200.0

            printfn
                $"{peer.Peer} {size}: {seconds * 1e3:F1} ms, objective {reached:F6} (ours {value:F6}); ratio per iteration {theirs / perIteration:F1}"

        0
