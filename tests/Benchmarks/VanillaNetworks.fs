/// Flows compiled into leaky-ReLU networks: how long that takes, how sharp the certificate is, and how fast such a network runs.
module LayerTime.Benchmarks.VanillaNetworks

open System
open System.Diagnostics
open System.IO
open System.Runtime.InteropServices
open System.Text.Json
open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Rigour
open LayerTime.Core.Engine

let private term profile (a: (int * int) list) (w: (int * int) list) (b: int * int) =
    let numbers = List.map (fun (p, q) -> Rational.create p q) >> List.toArray
    { Direction = numbers a; Weights = numbers w; Bias = Rational.create (fst b) (snd b); Profile = profile }

let private terms profile = [|
    term profile [ 1, 2; -1, 4 ] [ 1, 1; 1, 2 ] (1, 10)
    term profile [ -1, 3; 1, 2 ] [ -1, 2; 1, 1 ] (-1, 5)
    term profile [ 1, 4; 1, 4 ] [ 1, 1; -1, 1 ] (0, 1)
|]

let private square = Box.cube 2 1.0

/// The largest distance of the network from the flow at so many points.
let private sampled (terms: RidgeTerm<Rational>[]) (net: VanillaNet<Binary64>) points =
    let random = Random 1
    let start = Array.init (2 * points) (fun _ -> 2.0 * random.NextDouble() - 1.0)
    let images = Array.zeroCreate<float> start.Length
    LeakyKernel(net).Run(start, images)
    let terms = terms |> Array.map (RidgeTerm.map (Rational.toFloat >> Binary64))
    // Order 4 with error 4e-9 for tanh, order 2 with 1e-7 for ReLU.
    let splitting, steps = if terms[0].Profile = Profile.Tanh then Splitting.Yoshida, 20 else Splitting.Strang, 1500

    Seq.init points (fun k ->
        let exact = Splitting.run splitting terms 1.0 steps [| Binary64 start[2 * k]; Binary64 start[2 * k + 1] |]
        sqrt ((exact[0].Value - images[2 * k]) ** 2.0 + (exact[1].Value - images[2 * k + 1]) ** 2.0))
    |> Seq.max

let private compile name (terms: RidgeTerm<Rational>[]) ε =
    let field = RidgeField.autonomous id Rational.One terms |> Defect.orFail
    let clock = Stopwatch.StartNew()

    match VanillaCompiler.compile field square ε VanillaOptions.defaults with
    | Ok found ->
        let seconds = clock.Elapsed.TotalSeconds
        let error = sampled terms found.Network 10_000
        let memory = Process.GetCurrentProcess().PeakWorkingSet64 / 1_000_000L

        printfn
            $"{name} ε = {ε}: {Splitting.name found.Plan.Splitting}, {found.Plan.Pieces[0].Steps} steps, depth {found.Network.Depth}, {seconds:F1} s, certified {found.Error.Bound:E2}, sampled {error:E2}, ratio {found.Error.Bound / error:F2}, peak {memory} MB"
    | Error refusal -> printfn $"{name} ε = {ε}: {refusal}"

/// A network of the wanted depth: one of a plan repeated.
let private deep depth : VanillaNet<Binary64> =
    let field = RidgeField.autonomous id Rational.One (terms Profile.Tanh) |> Defect.orFail
    let plan = AprioriPlan.create Splitting.Strang 0.5 1_000_000 field square 0.025 |> Defect.orFail
    let net = AprioriPlan.maps field plan |> VanillaRealisation.create |> VanillaRealisation.network
    let affine, slopes = net.Affine, net.Slopes
    let cut = Array.init depth (fun l -> slopes[l % slopes.Length])

    VanillaNet.create (Array.init (depth + 1) (fun l -> if l = depth then Array.last affine else affine[l % slopes.Length])) cut
    |> Defect.orFail

/// A network of depth 100,000 on 10,000 points beside NumPy.
let private run () =
    let depth, points = 100_000, 10_000
    let net = deep depth
    let random = Random 2
    let start = Array.init (2 * points) (fun _ -> 2.0 * random.NextDouble() - 1.0)
    let images = Array.zeroCreate<float> start.Length
    let kernel = LeakyKernel net

    let time () =
        let clock = Stopwatch.StartNew()
        kernel.Run(start, images)
        clock.Elapsed.TotalSeconds

    let best = Seq.init 3 (fun _ -> time ()) |> Seq.min
    printfn $"LayerTime: {best:F2} s for depth {depth} on {points} points, one thread"
    // The sweep for networks of any kind, sixteen points at a time and every weight used: why networks of one width have a kernel of their own.
    let sweep = BatchSweep(VanillaNet.toNetwork net)
    let clock = Stopwatch.StartNew()
    sweep.Run(start, Array.zeroCreate<float> start.Length, 0, points)
    printfn $"The sweep for any network: {clock.Elapsed.TotalSeconds:F2} s, ratio {clock.Elapsed.TotalSeconds / best:F1}"
    let file = Path.GetTempFileName()

    try
        let numbers = [|
            for l in 0..depth do
                yield! Binary64.toFloats (net.Affine[l].Weights.Entries.ToArray())
                yield! Binary64.toFloats net.Affine[l].Bias

                if l < depth then
                    yield! Binary64.toFloats net.Slopes[l]
            for i in 0..1 do
                for k in 0 .. points - 1 do
                    start[2 * k + i]
        |]

        File.WriteAllBytes(file, MemoryMarshal.AsBytes(ReadOnlySpan numbers).ToArray())
        let script = Path.Combine(AppContext.BaseDirectory, "leaky_network.py")
        let python = Environment.GetEnvironmentVariable "LAYERTIME_PYTHON" |> Option.ofObj |> Option.defaultValue "python3"

        let info =
            ProcessStartInfo(
                python,
                [ script; file; string depth; "2"; string points ],
                RedirectStandardOutput = true,
                UseShellExecute = false
            )

        match Process.Start info |> Option.ofObj with
        | Some child ->
            let text = child.StandardOutput.ReadToEnd()
            child.WaitForExit()

            if child.ExitCode = 0 then
                let row = JsonDocument.Parse(text).RootElement
                let seconds, sum = row.GetProperty("seconds").GetDouble(), row.GetProperty("sum").GetDouble()

                printfn
                    $"NumPy, layer by layer: {seconds:F2} s, ratio {seconds / best:F1}; sums of all results {Array.sum images} and {sum}"
            else
                eprintfn "The peer needs numpy."
        | None -> ()
    finally
        File.Delete file

let private tanhTerms, reluTerms = terms Profile.Tanh, Array.truncate 2 (terms Profile.Relu)

/// Compilations of the reference fields, and a deep network beside NumPy; or one of these, so that its peak memory is its own.
let report (part: string list) : int =
    let reference name terms =
        for ε in [ 1e-2; 1e-3; 1e-4 ] do
            compile name terms ε

    match part with
    | [] ->
        reference "tanh" tanhTerms
        reference "ReLU" reluTerms
        compile "ReLU, three terms" (terms Profile.Relu) 1e-3
        run ()
        0
    | [ "tanh"; ε ] ->
        compile "tanh" tanhTerms (float ε)
        0
    | [ "relu"; ε ] ->
        compile "ReLU" reluTerms (float ε)
        0
    | [ "run" ] ->
        run ()
        0
    | _ ->
        eprintfn "vanilla, vanilla tanh 1e-4, vanilla relu 1e-4 or vanilla run"
        64
