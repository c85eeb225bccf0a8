/// Tasks T1, T2 and T3 of the peers: forward and reverse sweeps over a batch, beside NumPy and PyTorch.
module LayerTime.Benchmarks.Sweeps

open System
open System.Diagnostics
open System.Numerics
open System.Threading.Tasks
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Engine

let private wave (i: int) (j: int) (l: int) : float = sin (0.37 * float i + 0.91 * float j + 1.7 * float l + 1.13 * float i * float j)

let private map (d: int) (l: int) : LayerMap<Binary64> =
    let weights = Matrix.init d d (fun i j -> Binary64(wave i j l / sqrt (float d)))
    let bias = Array.init d (fun i -> Binary64(0.1 * cos (0.53 * float i + 0.29 * float l)))
    LayerMap.dense weights bias Activation.tanh |> Defect.orFail

let private network (d: int) (depth: int) : Network<Binary64> =
    Network.ofArchitecture (Architecture.Residual(Binary64(1.0 / float depth), Array.init depth (map d))) |> Defect.orFail

let private inputs (d: int) (batch: int) : float[] =
    Array.init (batch * d) (fun k -> sin (0.41 * float (k % d) + 0.23 * float (k / d) + 0.1))

/// The median of many runs, in seconds.
let private median (run: unit -> unit) : float =
    let once () =
        let start = Stopwatch.GetTimestamp()
        run ()
        Stopwatch.GetElapsedTime(start).TotalSeconds

    let warm = Stopwatch.StartNew()

    while warm.Elapsed.TotalSeconds < 1.0 do
        run ()

    let times = Array.init (if once () > 2e-3 then 21 else 501) (fun _ -> once ()) |> Array.sort
    times[times.Length / 2]

/// What one task of one size took, in seconds, on one thread and, where it was measured, on two; the sum that says that the inputs were the same.
type private Row = { Task: string; Size: string; Seconds: float; TwoThreads: float option; Flops: float; Checksum: float }

/// The ranges, half of them on each of two threads.
let private onTwo (ranges: struct (int * int)[]) (run: int -> struct (int * int) -> unit) : unit =
    Parallel.For(
        0,
        2,
        fun t ->
            for k in t..2 .. ranges.Length - 1 do
                run t ranges[k]
    )
    |> ignore

let private forward (d: int) (depth: int) (batch: int) : Row =
    let sweep = BatchSweep(network d depth)
    let xs, outputs = inputs d batch, Array.zeroCreate (batch * d)
    let halves = [| struct (0, batch / 2); struct (batch / 2, batch - batch / 2) |]

    {
        Task = "T1"
        Size = $"d={d},L={depth},B={batch}"
        Seconds = median (fun () -> sweep.Run(xs, outputs, 0, batch))
        TwoThreads =
            if d < 64 then
                None
            else
                Some(median (fun () -> onTwo halves (fun _ (struct (first, count)) -> sweep.Run(xs, outputs, first, count))))
        Flops = 2.0 * float (d * d) * float depth * float batch
        Checksum = Array.sum outputs
    }

/// sum ← sum + part
let private addTo (sum: float[]) (part: float[]) =
    let count = Vector<float>.Count
    let whole = sum.Length / count * count

    for k in 0..count .. whole - 1 do
        (Vector<float>(sum, k) + Vector<float>(part, k)).CopyTo(sum, k)

    for k in whole .. sum.Length - 1 do
        sum[k] <- sum[k] + part[k]

/// (1/(2B)) Σ |x_L − y|² and its gradient.
let private gradient (d: int) (depth: int) (batch: int) : Row =
    let sweep = GradientSweep(network d depth)
    let xs = inputs d batch
    let ys = Array.init (batch * d) (fun k -> cos (0.31 * float (k % d) + 0.17 * float (k / d)))

    let losses =
        OutputLoss(fun sample output gradient ->
            let mutable sum = 0.0

            for i in 0 .. d - 1 do
                let r = output[i] - ys[sample * d + i]
                gradient[i] <- r / float batch
                sum <- sum + r * r

            0.5 * sum / float batch)

    let blocks = sweep.Blocks batch
    let tapes = Array.init 2 (fun _ -> sweep.CreateTape batch)
    let loss = Array.init 2 (fun _ -> SampleLosses(d, losses))
    let totals = blocks |> Array.map (fun _ -> Array.zeroCreate<float> sweep.Parameters.Length)
    let parameters = sweep.Parameters

    let run (onAll: (int -> int -> unit) -> unit) (threads: int) =
        for t in 0 .. threads - 1 do
            tapes[t].Load parameters

        onAll (fun thread k ->
            let struct (first, count) = blocks[k]
            tapes[thread].Evaluate(xs, loss[thread], first, count, totals[k]) |> ignore)

        for k in 1 .. totals.Length - 1 do
            addTo totals[0] totals[k]

    let one () =
        run
            (fun work ->
                for k in 0 .. blocks.Length - 1 do
                    work 0 k)
            1

    let two () =
        run
            (fun work ->
                Parallel.For(
                    0,
                    2,
                    fun t ->
                        for k in t..2 .. blocks.Length - 1 do
                            work t k
                )
                |> ignore)
            2

    {
        Task = "T2"
        Size = $"d={d},L={depth},B={batch}"
        Seconds = median one
        TwoThreads = if d < 64 then None else Some(median two)
        Flops = 6.0 * float (d * d) * float depth * float batch
        Checksum = totals[0] |> Array.sumBy abs
    }

/// Order 4 whose force reads the oldest state: the others are zero maps.
let private fourth () : Row =
    let d, depth, batch = 16, 256, 256
    let none = LayerMap.dense (Matrix.zero d d) (Array.create d (Binary64 0.0)) Activation.Identity |> Defect.orFail
    let maps = Array.init depth (fun l -> [| none; none; none; map d l |])
    let network = Network.ofArchitecture (Architecture.Master(4, Binary64(1.0 / float depth), maps)) |> Defect.orFail
    let sweep = BatchSweep network
    let xs = inputs d batch
    let histories = Array.init (batch * 4 * d) (fun k -> xs[k / (4 * d) * d + k % d])
    let outputs = Array.zeroCreate (batch * d)

    {
        Task = "T3"
        Size = $"k=4,d={d},L={depth},B={batch}"
        Seconds = median (fun () -> sweep.Run(histories, outputs, 0, batch))
        TwoThreads = None
        Flops = 2.0 * float (d * d) * float depth * float batch
        Checksum = Array.sum outputs
    }

/// Prints one row for each task and size, and one for each peer with how many times longer it took.
let report () : int =
    let sizes = [ 2, 100, 1; 8, 128, 64; 64, 128, 256; 256, 64, 512 ]

    let rows = [
        for d, depth, batch in sizes do
            forward d depth batch
        for d, depth, batch in sizes do
            gradient d depth batch
        fourth ()
    ]

    for row in rows do
        let two =
            match row.TwoThreads with
            | Some seconds -> $", two threads {row.Seconds / seconds:F2} times faster"
            | None -> ""

        printfn
            $"{row.Task} {row.Size}: {1e3 * row.Seconds:F4} ms, {row.Flops / row.Seconds / 1e9:F1} GFLOP/s{two}, checksum {row.Checksum:R}"

    match Peers.run "t1_t2_t3_layers.py" with
    | None -> 1
    | Some peers ->
        for peer in peers do
            match rows |> List.tryFind (fun row -> row.Task = peer.Text "task" && row.Size = peer.Text "size") with
            | Some row ->
                let seconds = peer.Number "median_seconds"
                printfn $"{row.Task} {row.Size} {peer.Peer}: {1e3 * seconds:F4} ms, ratio {seconds / row.Seconds:F2}"
            | None -> ()

        0
