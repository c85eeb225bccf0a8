namespace LayerTime.Benchmarks

open System
open BenchmarkDotNet.Attributes
open LayerTime.Core.Numbers

/// Our elementary functions beside the formulas of System.Math, 1,024 independent arguments per call; the table's unit is one value.
type ElementaryBenchmarks() =
    let between (low: float) (high: float) : float[] =
        let random = Random 1
        Array.init 1024 (fun _ -> low + (high - low) * random.NextDouble())

    let small = between -4.0 4.0
    let positive = between 0.01 20.0
    let angles = between -100.0 100.0
    let largeAngles = between 1e9 1e300

    let mutable sum = 0.0

    [<Benchmark(OperationsPerInvoke = 1024)>]
    member _.exp() =
        for x in small do
            sum <- sum + Elementary.exp x

        sum

    [<Benchmark(OperationsPerInvoke = 1024, Description = "exp, Math")>]
    member _.expMath() =
        for x in small do
            sum <- sum + Math.Exp x

        sum

    [<Benchmark(OperationsPerInvoke = 1024)>]
    member _.expm1() =
        for x in small do
            sum <- sum + Elementary.expm1 x

        sum

    [<Benchmark(OperationsPerInvoke = 1024, Description = "expm1, Math (exp - 1)")>]
    member _.expm1Math() =
        for x in small do
            sum <- sum + (Math.Exp x - 1.0)

        sum

    [<Benchmark(OperationsPerInvoke = 1024)>]
    member _.log() =
        for x in positive do
            sum <- sum + Elementary.log x

        sum

    [<Benchmark(OperationsPerInvoke = 1024, Description = "log, Math")>]
    member _.logMath() =
        for x in positive do
            sum <- sum + Math.Log x

        sum

    [<Benchmark(OperationsPerInvoke = 1024)>]
    member _.log1p() =
        for x in positive do
            sum <- sum + Elementary.log1p x

        sum

    [<Benchmark(OperationsPerInvoke = 1024, Description = "log1p, Math (log (1 + x))")>]
    member _.log1pMath() =
        for x in positive do
            sum <- sum + Math.Log(1.0 + x)

        sum

    [<Benchmark(OperationsPerInvoke = 1024)>]
    member _.tanh() =
        for x in small do
            sum <- sum + Elementary.tanh x

        sum

    [<Benchmark(OperationsPerInvoke = 1024, Description = "tanh, Math")>]
    member _.tanhMath() =
        for x in small do
            sum <- sum + Math.Tanh x

        sum

    [<Benchmark(OperationsPerInvoke = 1024)>]
    member _.logistic() =
        for x in small do
            sum <- sum + Elementary.logistic x

        sum

    [<Benchmark(OperationsPerInvoke = 1024, Description = "logistic, Math (1 / (1 + exp -x))")>]
    member _.logisticMath() =
        for x in small do
            sum <- sum + 1.0 / (1.0 + Math.Exp -x)

        sum

    [<Benchmark(OperationsPerInvoke = 1024)>]
    member _.softplus() =
        for x in small do
            sum <- sum + Elementary.softplus x

        sum

    [<Benchmark(OperationsPerInvoke = 1024, Description = "softplus, Math (log (1 + exp x))")>]
    member _.softplusMath() =
        for x in small do
            sum <- sum + Math.Log(1.0 + Math.Exp x)

        sum

    [<Benchmark(OperationsPerInvoke = 1024)>]
    member _.sin() =
        for x in angles do
            sum <- sum + Elementary.sin x

        sum

    [<Benchmark(OperationsPerInvoke = 1024, Description = "sin, Math")>]
    member _.sinMath() =
        for x in angles do
            sum <- sum + Math.Sin x

        sum

    [<Benchmark(OperationsPerInvoke = 1024)>]
    member _.cos() =
        for x in angles do
            sum <- sum + Elementary.cos x

        sum

    [<Benchmark(OperationsPerInvoke = 1024, Description = "cos, Math")>]
    member _.cosMath() =
        for x in angles do
            sum <- sum + Math.Cos x

        sum

    [<Benchmark(OperationsPerInvoke = 1024, Description = "sin of large angles")>]
    member _.sinLarge() =
        for x in largeAngles do
            sum <- sum + Elementary.sin x

        sum

    [<Benchmark(OperationsPerInvoke = 1024, Description = "sin of large angles, Math")>]
    member _.sinLargeMath() =
        for x in largeAngles do
            sum <- sum + Math.Sin x

        sum

    [<Benchmark(OperationsPerInvoke = 1024)>]
    member _.sqrt() =
        for x in positive do
            sum <- sum + Elementary.sqrt x

        sum

    [<Benchmark(OperationsPerInvoke = 1024, Description = "sqrt, Math")>]
    member _.sqrtMath() =
        for x in positive do
            sum <- sum + Math.Sqrt x

        sum
