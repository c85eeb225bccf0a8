/// Interval multiply-add beside the same loop over floats: a dependent chain x ← a x + b (latency), a x + b and sums of products over
/// arrays (throughput).
module LayerTime.Benchmarks.IntervalArithmetic

open System
open System.Diagnostics
open LayerTime.Core.Numbers

let private length = 1024

/// x ← a x + b, each step after the one before.
let private chain (a: 'T) (b: 'T) (start: 'T) : 'T :> IRing<'T> =
    let mutable x = start

    for _ in 1..length do
        x <- 'T.Sum('T.Product(a, x), b)

    x

/// yᵢ ← aᵢ xᵢ + xᵢ, no step waiting for another.
let private independent (a: 'T[]) (x: 'T[]) (y: 'T[]) : 'T :> IRing<'T> =
    for i in 0 .. length - 1 do
        y[i] <- 'T.Sum('T.Product(a[i], x[i]), x[i])

    y[0]

/// c + a₀b₀ + a₁b₁ + …
let private sum (start: 'T) (left: 'T[]) (right: 'T[]) : 'T :> IRing<'T> = 'T.AddProducts(start, left, right)

/// Nanoseconds per multiply-add: the shortest of many runs, after a second in which the runtime finishes optimising.
let private nanoseconds (f: unit -> 'T) : float =
    let start = Stopwatch.GetTimestamp()

    while Stopwatch.GetElapsedTime(start).TotalSeconds < 1.0 do
        f () |> ignore

    let run () =
        let start = Stopwatch.GetTimestamp()

        for _ in 1..20 do
            f () |> ignore

        Stopwatch.GetElapsedTime(start).TotalNanoseconds / float (20 * length)

    Seq.init 300 (fun _ -> run ()) |> Seq.min

let private row (name: string) (floats: unit -> Binary64) (intervals: unit -> Interval) : unit =
    let ofFloats, ofIntervals = nanoseconds floats, nanoseconds intervals
    printfn $"{name}: float {ofFloats:F2} ns, interval {ofIntervals:F2} ns, speed of float / {ofIntervals / ofFloats:F1}"

/// Prints the rows.
let report () : int =
    let value i k = sin (1.7 * float i + 0.31 * float k)
    let thick x = Interval.ofBounds (x - 1e-9) (x + 1e-9)
    let points k = Array.init length (fun i -> value i k)
    let left, right = points 1, points 2
    let leftFloats, rightFloats = Binary64.ofFloats left, Binary64.ofFloats right
    let zero, zeroFloat = Interval.ofFloat 0.0, Binary64 0.0
    let a, b = 0.75, 0.3

    row "chain x ← a x + b" (fun () -> chain (Binary64 a) (Binary64 b) zeroFloat) (fun () -> chain (thick a) (thick b) zero)

    let thickLeft, thickRight = Array.map thick left, Array.map thick right
    let results, floatResults = Array.replicate length zero, Array.replicate length zeroFloat

    row "a x + b over arrays" (fun () -> independent leftFloats rightFloats floatResults) (fun () ->
        independent thickLeft thickRight results)

    let array name (f: float -> Interval) (g: float -> Interval) =
        let l, r = Array.map f left, Array.map g right
        row name (fun () -> sum zeroFloat leftFloats rightFloats) (fun () -> sum zero l r)

    array "sum of products, intervals · intervals" thick thick
    array "sum of products, points · intervals" Interval.ofFloat thick
    array "sum of products, intervals · points" thick Interval.ofFloat
    let positive x = Interval.ofBounds 0.0 (abs x)
    array "sum of products, points · [0, x]" Interval.ofFloat positive
    array "sum of products, intervals · [−x, x]" thick (fun x -> Interval.ofBounds (-(abs x)) (abs x))
    0
