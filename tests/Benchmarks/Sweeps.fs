/// Task T1 of the peers: the forward sweep of a residual network over a batch, beside NumPy and hand-written C++.
module LayerTime.Benchmarks.Sweeps

open System
open System.Diagnostics
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Engine

let private wave (i: int) (j: int) (l: int) : float = sin (0.37 * float i + 0.91 * float j + 1.7 * float l + 1.13 * float i * float j)

let private network (d: int) (depth: int) : Network<Binary64> =
    let map l =
        let weights = Matrix.init d d (fun i j -> Binary64(wave i j l / sqrt (float d)))
        let bias = Array.init d (fun i -> Binary64(0.1 * cos (0.53 * float i + 0.29 * float l)))

        LayerMap.dense weights bias (ActivationKind.over (ActivationKind.Transcendental TranscendentalName.Tanh))
        |> Defect.orFail

    Network.ofArchitecture (Architecture.Residual(Binary64(1.0 / float depth), Array.init depth map)) |> Defect.orFail

/// Prints one row for each size: milliseconds (the median of many runs), GFLOP/s by 2 d² L B, and the checksum of the task.
let report () : int =
    for d, depth, batch in [ 2, 100, 1; 8, 128, 64; 64, 128, 256; 256, 64, 512 ] do
        let sweep = BatchSweep(network d depth)
        let inputs = Array.init (batch * d) (fun k -> sin (0.41 * float (k % d) + 0.23 * float (k / d) + 0.1))
        let outputs = Array.zeroCreate (batch * d)
        let run () = sweep.Run(inputs, outputs, 0, batch)
        let warm = Stopwatch.StartNew()

        while warm.Elapsed.TotalSeconds < 1.0 do
            run ()

        let once () =
            let start = Stopwatch.GetTimestamp()
            run ()
            Stopwatch.GetElapsedTime(start).TotalMilliseconds

        let times = Array.init (if d >= 64 then 21 else 501) (fun _ -> once ()) |> Array.sort
        let median = times[times.Length / 2]
        let rate = 2.0 * float (d * d) * float depth * float batch / median / 1e6
        printfn $"({d}, {depth}, {batch}): {median:F4} ms, {rate:F1} GFLOP/s, checksum {Array.sum outputs:R}"

    0
