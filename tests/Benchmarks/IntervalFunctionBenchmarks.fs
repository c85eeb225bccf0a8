namespace LayerTime.Benchmarks

open System
open BenchmarkDotNet.Attributes
open LayerTime.Core.Numbers

/// The functions of any number system, as functions.
module private Functions =
    let exp<'T when 'T :> ITranscendental<'T>> (x: 'T) : 'T = 'T.Exp x
    let expm1<'T when 'T :> ITranscendental<'T>> (x: 'T) : 'T = 'T.Expm1 x
    let log<'T when 'T :> ITranscendental<'T>> (x: 'T) : 'T = 'T.Log x
    let log1p<'T when 'T :> ITranscendental<'T>> (x: 'T) : 'T = 'T.Log1p x
    let tanh<'T when 'T :> ITranscendental<'T>> (x: 'T) : 'T = 'T.Tanh x
    let logistic<'T when 'T :> ITranscendental<'T>> (x: 'T) : 'T = 'T.Logistic x
    let softplus<'T when 'T :> ITranscendental<'T>> (x: 'T) : 'T = 'T.Softplus x
    let sin<'T when 'T :> ITranscendental<'T>> (x: 'T) : 'T = 'T.Sin x
    let cos<'T when 'T :> ITranscendental<'T>> (x: 'T) : 'T = 'T.Cos x

/// The elementary functions over intervals of relative width 2⁻²⁰, 1,024 independent arguments per call; the table's unit is one interval.
[<MemoryDiagnoser>]
type IntervalFunctionBenchmarks() =
    let between (low: float) (high: float) : Interval[] =
        let random = Random 1

        Array.init 1024 (fun _ ->
            let x = low + (high - low) * random.NextDouble()
            Interval.ofBounds (min x (x * 1.000001)) (max x (x * 1.000001)))

    let small, positive = between -4.0 4.0, between 0.01 20.0
    let angles = between -100.0 100.0
    // Wide of any circle if they were as wide as the others.
    let largeAngles = between 1e9 1e300 |> Array.map (fun a -> Interval.ofFloat a.Lower)

    let row (name: string) : Interval[] * Func<Interval, Interval> =
        match name with
        | "exp" -> small, Func<_, _> Functions.exp
        | "expm1" -> small, Func<_, _> Functions.expm1
        | "log" -> positive, Func<_, _> Functions.log
        | "log1p" -> positive, Func<_, _> Functions.log1p
        | "tanh" -> small, Func<_, _> Functions.tanh
        | "logistic" -> small, Func<_, _> Functions.logistic
        | "softplus" -> small, Func<_, _> Functions.softplus
        | "sin" -> angles, Func<_, _> Functions.sin
        | "cos" -> angles, Func<_, _> Functions.cos
        | "sin of large" -> largeAngles, Func<_, _> Functions.sin
        | "atan" -> small, Func<_, _> Interval.atan
        | "erf" -> small, Func<_, _> Interval.erf
        | "power 3" -> small, Func<_, _>(fun a -> Interval.power a 3)
        | _ -> small, Func<_, _>(fun a -> Interval.power a -7)

    let mutable arguments = [||]
    let mutable f = Func<Interval, Interval> id

    /// The function.
    [<Params("exp",
             "expm1",
             "log",
             "log1p",
             "tanh",
             "logistic",
             "softplus",
             "sin",
             "cos",
             "sin of large",
             "atan",
             "erf",
             "power 3",
             "power -7")>]
    member val Function = "exp" with get, set

    [<GlobalSetup>]
    member this.Setup() =
        let points, own = row this.Function
        arguments <- points
        f <- own

    /// The image of an interval.
    [<Benchmark(OperationsPerInvoke = 1024)>]
    member _.Interval() : float =
        let mutable sum = 0.0

        for a in arguments do
            sum <- sum + (f.Invoke a).Upper

        sum
