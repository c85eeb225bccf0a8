module LayerTime.Benchmarks.Program

[<EntryPoint>]
let main _ = 0
