module LayerTime.Benchmarks.Program

open System
open System.Diagnostics
open LayerTime.Core.Numbers

let private best (f: unit -> 'T) =
    let mutable best = Double.MaxValue
    for _ in 1..300 do
        let clock = Stopwatch.GetTimestamp()
        for _ in 1..10 do f () |> ignore
        best <- min best (Stopwatch.GetElapsedTime(clock).TotalMicroseconds / 10.0)
    best

[<EntryPoint>]
let main args =
    if args = [| "quick" |] then
        for σ in [ "relu"; "tanh" ] do
            for d in [ 2; 8; 64 ] do
                let b = GenericSemantics.ResidualTrajectory(Width = d, Activation = σ)
                b.Setup()
                for _ in 1..2 do best b.HandWritten |> ignore; best b.Generic |> ignore
                let hand, generic = best b.HandWritten, best b.Generic
                let x = b.HandWritten()
                let same = (b.Generic()).Data.ToArray() |> Array.forall2 (fun a b -> a = b) (Binary64.ofFloats x)
                printfn $"{σ} d={d}: hand {hand:f2} us, generic {generic:f2} us, ratio {generic / hand:f2}, same bits {same}"
    else
        for name, trials, seconds in ForwardVariant.rows () do
            let median = seconds[seconds.Length / 2]
            printfn $"{name} {float trials / median} trials/s"

    0
