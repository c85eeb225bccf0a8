module LayerTime.Benchmarks.Program

open BenchmarkDotNet.Running

let private ofPeers () : int =
    let own = ForwardVariant.rows ()

    for row in own do
        printfn $"LayerTime {row.Name}: {row.PerSecond:F0} trials/s (median of {row.Runs} runs of {row.Trials})"

    match Peers.run "t7_property.py" with
    | None -> 1
    | Some peers ->
        for peer in peers do
            let own = own |> List.find (fun row -> (row.Name = "exact") = peer.Peer.Contains "fraction")
            printfn $"{peer.Peer}: {peer.Throughput:F0} trials/s, ratio {own.PerSecond / peer.Throughput:F1}"

        0

/// `t7`, `t6`, `t5`, `t4`, `t9`, `t1`: the peer tasks beside the peers, one thread; `t4 figure.svg` draws the work–precision figure too.
/// `deep`: censuses of deep networks. `ode-census`: that of a neural ODE. `semantics`: the generic float path beside a hand-written loop.
/// `interval-functions`: the elementary functions over intervals. `intervals`: interval arithmetic beside float arithmetic.
/// `t8`: training of deep limits beside SciPy and PyTorch.
/// `files`: safetensors and ONNX files, how long they take to open.
/// `vanilla`: flows compiled into leaky-ReLU networks, and such a network of depth 100,000 beside NumPy; `vanilla tanh 1e-4`, `vanilla run`: a part.
/// Anything else goes to BenchmarkDotNet, as in `--filter *Elementary*`.
[<EntryPoint>]
let main arguments =
    match arguments with
    | [| "t7" |] -> ofPeers ()
    | [| "t6" |] -> CriticalPoints.report ()
    | [| "t4" |] -> NeuralFlows.report None
    | [| "t4"; figure |] -> NeuralFlows.report (Some figure)
    | [| "t5" |] -> NeuralGradient.report ()
    | [| "t9" |] -> ValidatedFlows.report ()
    | [| "ode-census" |] -> ValidatedFlows.reportCensus ()
    | [| "deep" |] -> CriticalPoints.reportDeep ()
    | [| "semantics" |] -> GenericSemantics.report ()
    | [| "interval-functions" |] ->
        BenchmarkRunner.Run<IntervalFunctionBenchmarks>() |> ignore
        0
    | [| "intervals" |] -> IntervalArithmetic.report ()
    | [| "t1" |] -> Sweeps.report ()
    | [| "t8" |] -> DeepLimits.report ()
    | [| "files" |] -> ForeignFiles.report ()
    | [| "vanilla" |] -> VanillaNetworks.report []
    | [| "vanilla"; part |] -> VanillaNetworks.report [ part ]
    | [| "vanilla"; field; error |] -> VanillaNetworks.report [ field; error ]
    | _ ->
        BenchmarkSwitcher
            .FromTypes([| typeof<ElementaryBenchmarks>; typeof<IntervalFunctionBenchmarks>; typeof<GenericSemantics.ResidualTrajectory> |])
            .Run
            arguments
        |> ignore

        0
