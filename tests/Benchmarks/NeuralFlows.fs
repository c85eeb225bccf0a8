/// Peer task T4: x′ = W₂ tanh(W₁x + b₁) + b₂ with adaptive steps, compared at equal measured error, one thread.
module LayerTime.Benchmarks.NeuralFlows

open System
open System.Diagnostics
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Benchmarks.WorkPrecision

let private wave (i: int) (j: int) (l: int) = sin (0.37 * float i + 0.91 * float j + 1.7 * float l + 1.13 * float (i * j))

/// The task's field of dimension d and hidden width 2d.
let layerMap (d: int) : LayerMap<Binary64> =
    let layer rows columns l activation =
        let weights = Matrix.init rows columns (fun i j -> Binary64(wave i j l / sqrt (float columns)))
        let bias = Array.init rows (fun i -> Binary64(0.1 * cos (0.53 * float i + 0.29 * float l)))
        Layer.create weights bias [| activation |] |> Defect.orFail

    LayerMap.create [| layer (2 * d) d 1 (Activation.transcendental TranscendentalName.Tanh); layer d (2 * d) 2 Activation.Identity |]
    |> Defect.orFail

let private start (d: int) = Array.init d (fun i -> sin (0.41 * float i + 0.1))

let private methods: (string * FlowMethod) list = [
    for tableau in [ Tableaus.dormandPrince54; Tableaus.tsitouras54; Tableaus.verner65; Tableaus.dormandPrince853 ] do
        $"LayerTime {tableau.Name}", FlowMethod.Explicit tableau

    for order in [ 10; 14; 18 ] do
        $"LayerTime Taylor {order}", FlowMethod.Taylor order
]

let private solve (method: FlowMethod) (d: int) (tolerance: float) : unit -> FlowResult =
    let piece = { Until = Rational.ofInt 10; Coefficients = [| layerMap d |] }
    let stepper = FlowMethod.stepper method piece |> Defect.orFail
    // The absolute tolerance of the task.
    let settings = FlowSettings.defaults |> FlowSettings.withTolerances tolerance (tolerance / 10.0)
    let x0 = start d

    fun () ->
        match Flow.solve settings stepper 0.0 10.0 x0 with
        | Ok result -> result
        | Error defects -> failwith $"{defects}"

/// The median time of a solve from samples of two milliseconds each.
let private time (run: unit -> FlowResult) : float =
    let seconds (count: int) =
        let start = Stopwatch.GetTimestamp()

        for _ in 1..count do
            run () |> ignore

        Stopwatch.GetElapsedTime(start).TotalSeconds / float count

    let inner = max 1 (int (2e-3 / max 1e-9 (seconds 20)))
    (Array.sort (Array.init 31 (fun _ -> seconds inner)))[15]

let private size (d: int) = $"d={d}, T=10"

/// Our points of the work–precision plane, and x(T) as the most accurate of them has it.
let private own (d: int) : Point list * float[] =
    // A fixed tolerance far below those that are measured.
    let truth = (solve (FlowMethod.Explicit Tableaus.dormandPrince853) d 2e-15 ()).State

    [
        for name, method in methods do
            for exponent in 3..13 do
                let run = solve method d (Math.Pow(10.0, -float exponent))
                let result = run ()

                {
                    Method = name
                    Size = size d
                    Error = Array.map2 (fun (a: float) b -> abs (a - b)) result.State truth |> Array.max
                    Seconds = time run
                    Evaluations = result.Evaluations
                }
    ],
    truth

let private warmUp () =
    let clock = Stopwatch.StartNew()
    let runs = [ for _, method in methods -> solve method 8 1e-8 ]

    while clock.Elapsed.TotalSeconds < 2.0 do
        for run in runs do
            run () |> ignore

/// The peers' points; their ends must agree with ours, which certifies that the problem is the same.
let private ofPeers (truths: Map<int, float[]>) : Point list =
    let flags = [ "-O3"; "-march=native" ]
    let libraries = [ "-lsundials_cvode"; "-lsundials_nvecserial"; "-lsundials_generic"; "-lmvec"; "-lm" ]

    let rows =
        [
            Peers.compiledWith [ "ladder" ] "t4_ode.cpp" flags libraries "it needs g++, SUNDIALS and Boost"
            Peers.runWith [ "ladder" ] "t4_ode.py"
        ]
        |> List.collect (Option.defaultValue [])

    [
        for row in rows do
            for d in [ 8; 64 ] do
                if row.Text("size").StartsWith $"d={d},T=10," then
                    let gap = abs (row.Number "checksum" - Array.sum truths[d])

                    if gap > 1e-10 then
                        failwith $"{row.Peer} ends {gap} away from us at d = {d}: another problem"

                    {
                        Method = row.Peer
                        Size = size d
                        Error = row.Number "error"
                        Seconds = row.Number "median_seconds"
                        Evaluations = int (row.Number "nfev")
                    }
    ]

/// How many times faster our best method is than the best of some peers at an error.
let private ratio (points: Point list) (size: string) (peers: string list) (error: float) : float option =
    let best methods = methods |> List.choose (fun m -> seconds points size m error) |> List.sort |> List.tryHead
    Option.map2 (fun (peer: float) own -> peer / own) (best peers) (best (List.map fst methods))

/// The table of the task and the ratios at equal error; the figure as SVG where a path is given.
let report (figure: string option) : int =
    warmUp ()
    let own = [ for d in [ 8; 64 ] -> d, own d ]
    let peers = ofPeers (Map.ofList [ for d, (_, truth) in own -> d, truth ])
    let points = List.collect (snd >> fst) own @ peers
    let errors = [ 1e-4; 1e-6; 1e-8; 1e-10; 1e-12 ]

    for d, _ in own do
        printfn "\nMicroseconds to reach an error:"
        table points (size d) errors |> List.iter (printfn "%s")

        for name, methods in
            [
                "Boost.odeint, its best pair", [ "odeint_dopri5"; "odeint_fehlberg78" ]
                "CVODE Adams", [ "cvode_adams" ]
                "SciPy DOP853", [ "scipy_DOP853" ]
            ] do
            let cells =
                errors
                |> List.map (fun error ->
                    match ratio points (size d) methods error with
                    | Some r -> (sprintf "%.1f" r).PadLeft 10
                    | None -> "-".PadLeft 10)

            printfn "%s%s" ($"times of {name}".PadRight 34) (String.concat "" cells)

        printfn "\nError, evaluations and microseconds of our runs:"

        for p in fst (List.find (fst >> (=) d) own |> snd) do
            printfn "%-36s %10.2e %6d %10.2f" p.Method p.Error p.Evaluations (p.Seconds * 1e6)

        figure
        |> Option.iter (fun path ->
            let path = path.Replace(".svg", $"-d{d}.svg")
            write path (svg points (size d))
            printfn "\nFigure: %s" path)

    if peers.IsEmpty then 1 else 0
