module LayerTime.Benchmarks.Program

open BenchmarkDotNet.Running

/// Runs the benchmarks that the arguments choose, as in `--filter *Elementary*`.
[<EntryPoint>]
let main arguments =
    BenchmarkSwitcher.FromTypes([| typeof<ElementaryBenchmarks> |]).Run arguments |> ignore
    0
