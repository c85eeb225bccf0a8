namespace LayerTime.Benchmarks

open System
open BenchmarkDotNet.Attributes
open LayerTime.Core.Numbers

/// Our elementary functions beside the formulas of System.Math, 1,024 independent arguments per call; the table's unit is one value.
type ElementaryBenchmarks() =
    let between (low: float) (high: float) : float[] =
        let random = Random 1
        Array.init 1024 (fun _ -> low + (high - low) * random.NextDouble())

    let small, positive = between -4.0 4.0, between 0.01 20.0
    let angles, largeAngles = between -100.0 100.0, between 1e9 1e300

    // Both sides are called through a delegate, which costs each the same nanosecond or two.
    let row (name: string) : float[] * Func<float, float> * Func<float, float> =
        match name with
        | "exp" -> small, Func<_, _> Elementary.exp, Func<_, _> Math.Exp
        | "expm1" -> small, Func<_, _> Elementary.expm1, Func<_, _>(fun x -> Math.Exp x - 1.0)
        | "log" -> positive, Func<_, _> Elementary.log, Func<_, _>(fun (x: float) -> Math.Log x)
        | "log1p" -> positive, Func<_, _> Elementary.log1p, Func<_, _>(fun x -> Math.Log(1.0 + x))
        | "tanh" -> small, Func<_, _> Elementary.tanh, Func<_, _>(fun (x: float) -> Math.Tanh x)
        | "logistic" -> small, Func<_, _> Elementary.logistic, Func<_, _>(fun x -> 1.0 / (1.0 + Math.Exp(-x)))
        | "softplus" -> small, Func<_, _> Elementary.softplus, Func<_, _>(fun x -> Math.Log(1.0 + Math.Exp x))
        | "sin" -> angles, Func<_, _> Elementary.sin, Func<_, _>(fun (x: float) -> Math.Sin x)
        | "cos" -> angles, Func<_, _> Elementary.cos, Func<_, _>(fun (x: float) -> Math.Cos x)
        | "sin of large" -> largeAngles, Func<_, _> Elementary.sin, Func<_, _>(fun (x: float) -> Math.Sin x)
        | _ -> positive, Func<_, _> Elementary.sqrt, Func<_, _>(fun (x: float) -> Math.Sqrt x)

    let mutable arguments = [||]
    let mutable ours = Func<float, float> id
    let mutable theirs = Func<float, float> id

    let total (f: Func<float, float>) =
        let mutable sum = 0.0

        for x in arguments do
            sum <- sum + f.Invoke x

        sum

    /// The function.
    [<Params("exp", "expm1", "log", "log1p", "tanh", "logistic", "softplus", "sin", "cos", "sin of large", "sqrt")>]
    member val Function = "exp" with get, set

    [<GlobalSetup>]
    member this.Setup() =
        let points, own, other = row this.Function
        arguments <- points
        ours <- own
        theirs <- other

    /// The formula of System.Math.
    [<Benchmark(Baseline = true, OperationsPerInvoke = 1024)>]
    member _.Math() : float = total theirs

    /// Ours.
    [<Benchmark(OperationsPerInvoke = 1024)>]
    member _.Elementary() : float = total ours
