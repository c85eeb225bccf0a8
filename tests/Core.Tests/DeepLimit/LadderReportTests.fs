module LayerTime.Core.Tests.DeepLimit.LadderReportTests

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Claims
open LayerTime.Core.DeepLimit

let private close (bound: float) (expected: float) (actual: float) : unit =
    Assert.True(abs (expected - actual) <= bound, $"found {actual}, expected {expected} within {bound}")

[<Fact>]
let ``a power law is found exactly, and two points have no confidence`` () =
    let points = [| for k in 1..6 -> Math.ScaleB(1.0, k), 3.0 * Math.ScaleB(1.0, -2 * k) |]

    match FittedOrder.tryOf points with
    | None -> failwith "a power law was not found"
    | Some fit ->
        close 1e-14 -2.0 fit.Order
        Assert.True(fit.HalfWidth < 1e-13)
        Assert.Equal(5, fit.Local.Length)

    Assert.Equal(Double.PositiveInfinity, (FittedOrder.tryOf points[..1]).Value.HalfWidth)
    Assert.Equal(None, FittedOrder.tryOf [| 1.0, 1.0 |])
    Assert.Equal(None, FittedOrder.tryOf [| 1.0, 1.0; 2.0, 0.0 |])

[<Fact>]
let ``the interval of a slope covers the truth in 95 of 100 cases`` () =
    // Sums of three uniform errors, nearly normal: of 2000 fits, 1900 ± 4·√(2000·0.05·0.95) = 1900 ± 39 have the true slope in their interval.
    let stream = RandomStream 7UL
    let noise () = stream.NextFloat(-0.1, 0.1) + stream.NextFloat(-0.1, 0.1) + stream.NextFloat(-0.1, 0.1)

    let covers _ =
        let points = [| for k in 1..5 -> Math.ScaleB(1.0, k), Math.Exp(-1.5 * float k * Math.Log 2.0 + noise ()) |]
        let fit = (FittedOrder.tryOf points).Value
        abs (fit.Order + 1.5) <= fit.HalfWidth

    let covered = Seq.init 2000 covers |> Seq.filter id |> Seq.length
    Assert.InRange(covered, 1861, 1939)

let private problem: TrainingProblem<Binary64> =
    // Two samples of one dimension, tanh, W = 1 and c = 0 frozen: 1 → 2 and −1/2 → −1, α = 1/10, τ = 1.
    let path = Some { Strength = Binary64 0.1; Start = Binary64 1.0 }
    let sample x y = { Input = [| Binary64 x |]; Target = [| Binary64 y |]; Weight = Binary64 1.0 }

    TrainingProblem.create Activation.tanh Loss.squared { Kernel = path; Bias = path; Readout = None; Offset = None } [|
        sample 1.0 2.0
        sample -0.5 -1.0
    |]
    |> Defect.orFail

let private levels: Lazy<LadderLevel[]> =
    lazy
        (let settings = { FirstDepth = 4; LastDepth = 256; Minimiser = { LbfgsSettings.defaults with GradientTolerance = 1e-10 } }

         let ladder = DepthLadder.Create(problem, settings) |> Defect.orFail
         ladder.Run(DeepLimitDraws.scalar (Array.create 4 (Binary64 0.0)) (Array.create 4 (Binary64 0.0))))

[<Fact>]
let ``the tanh problem has the minimisers computed elsewhere at every depth`` () =
    for n, k0, b0, last, value, effectivity in
        [
            4, 0.794990202565015, 0.0932063507626988, 1.02084111906649, 0.0985268580038999, 0.8535
            16, 0.723073577830068, 0.0956764225187690, 0.988842495666033, 0.0858579583489555, 0.9686
            64, 0.704852623615852, 0.0958499984973391, 0.979479000476107, 0.0828162302708199, 0.9925
        ] do
        let level = levels.Value |> Array.find (fun level -> level.Depth = n)
        let kernel = ResidualWeights.kernelSequence level.Weights
        // |∇E| ≤ 10⁻¹⁰ and curvatures of at least 2α·0.9 in the metric: weights within √2·10⁻¹⁰/0.18 < 10⁻⁹, values within roundings.
        close 1e-9 k0 (Array.head (Array.head kernel)).Value
        close 1e-9 b0 (Array.head (Array.head level.Weights.Bias)).Value
        close 1e-9 last (Array.head (Array.last kernel)).Value
        close 1e-14 value level.Objective
        close 6e-5 effectivity (level.DepthError / (level.Objective - 0.0818149197415833326))

[<Fact>]
let ``the report of the tanh problem finds order one and the limit`` () =
    let report = LadderReport.ofLevels problem levels.Value
    let order = report.Order.Value
    // Successive minimisers are 1/n·(c + O(1/n)) apart: over n ≥ 8 local orders lie within 0.05 of one.
    close 0.05 1.0 order.Order
    Assert.True(order.HalfWidth < 0.05)
    close report.LimitUncertainty 0.0818149197415833326 report.LimitObjective
    // E_n − η_n misses by O(n⁻²): 256⁻² · 0.1
    Assert.True(report.LimitUncertainty < 2e-6)
    let deepest = Array.last report.Levels
    close 2e-5 (0.0638766814123942672 / 256.0 / 0.0818149197415833326) (LadderReport.relativeError report deepest)
    // max |θ_n − θ| = 0.389/n; the largest weight is 0.977.
    let error = (LadderReport.relativeWeightError report deepest).Value
    close (0.1 * 0.389 / 256.0) (0.389 / 256.0 / 0.977) error

[<Fact>]
let ``a ladder in pieces ends with the same bits, whichever instance goes on`` () =
    let settings = { FirstDepth = 4; LastDepth = 16; Minimiser = LbfgsSettings.defaults }

    let ladder () = DepthLadder.Create(problem, settings) |> Defect.orFail
    let start = DeepLimitDraws.scalar (Array.create 4 (Binary64 0.0)) (Array.create 4 (Binary64 0.0))
    let whole = (ladder ()).Run start
    let rec go k (ladder: DepthLadder) (state: LadderState) = if k = 0 then state else go (k - 1) ladder (ladder.Next state)
    let first = ladder ()
    let middle = go 25 first (first.Start start)
    let rec finish (ladder: DepthLadder) (state: LadderState) = if state.IsFinished then state.Levels else finish ladder (ladder.Next state)
    let resumed = finish (ladder ()) middle
    Assert.Equal<float>(whole |> Array.map _.Objective, resumed |> Array.map _.Objective)
    Assert.Equal<int>(whole |> Array.map _.Iterations, resumed |> Array.map _.Iterations)

[<Fact>]
let ``depths, settings and penalties that make no sense are refused with every reason`` () =
    let refused settings problem =
        match DepthLadder.Create(problem, settings) with
        | Ok _ -> ""
        | Error defects -> String.Join("; ", defects)

    let settings = { FirstDepth = 4; LastDepth = 48; Minimiser = { LbfgsSettings.defaults with Memory = 0; GradientTolerance = nan } }

    let message = refused settings problem
    Assert.Contains("last depth: found 48, expected 4 doubled some times", message)
    Assert.Contains("memory: found 0 pairs", message)
    Assert.Contains("gradient tolerance: found NaN", message)
    let negative = TrainingProblem.withRegulariser (Regulariser.uniform (Binary64 -1.0) (Binary64 1.0)) problem
    Assert.Contains("penalty of K, α: found -1", refused { settings with LastDepth = 8 } negative)

[<Fact>]
let ``a ladder of a problem without a minimum stops at once with its best weights`` () =
    // α = 0 and a loss that always falls with z.
    let falling: Loss<Binary64> = {
        new Loss<Binary64>(LossName.Other "falling") with
            member _.Value(z, _) = Binary64 -z[0].Value
            member _.Gradient(_, _) = [| Binary64 -1.0 |]
    }

    let sample = { Input = [| Binary64 1.0 |]; Target = [| Binary64 0.0 |]; Weight = Binary64 1.0 }

    let problem =
        TrainingProblem.create Activation.Identity falling (Regulariser.uniform (Binary64 0.0) (Binary64 1.0)) [| sample |]
        |> Defect.orFail

    let ladder =
        DepthLadder.Create(problem, { FirstDepth = 2; LastDepth = 8; Minimiser = LbfgsSettings.defaults }) |> Defect.orFail

    let levels = ladder.Run(DeepLimitDraws.scalar (Array.create 2 (Binary64 0.0)) (Array.create 2 (Binary64 0.0)))
    Assert.Single levels |> ignore

    match levels[0].Stop with
    | LbfgsStop.Unbounded _ -> Assert.True(levels[0].Objective < -100.0)
    | other -> failwith $"found {other}"

[<Fact>]
let ``data sets are refused where a class is missing or the state is too narrow`` () =
    let regulariser = Regulariser.uniform (Binary64 1e-3) (Binary64 1.0)

    let message width data =
        match DataSets.classification Activation.tanh width regulariser data with
        | Ok _ -> ""
        | Error defects -> String.Join("; ", defects)

    Assert.Contains("found a single class", message 2 { Points = [| [| 1.0; 2.0 |] |]; Labels = [| 0 |] })
    Assert.Contains("found 1 for 2 features", message 1 (DataSets.moons 4))
    Assert.Contains("point 0: found a number that is not finite", message 1 { Points = [| [| nan |]; [| 1.0 |] |]; Labels = [| 0; 1 |] })

[<Fact>]
let ``the built-in data sets have two classes that mirror or enclose each other`` () =
    for _, data in DataSets.named do
        let set = data 10
        Assert.Equal(20, set.Points.Length)
        Assert.Equal<int>(Array.append (Array.create 10 0) (Array.create 10 1), set.Labels)

    for set in [ DataSets.moons 10; DataSets.spirals 10 ] do
        for k in 0..9 do
            Array.iter2 (fun a b -> close 1e-15 a -b) (Array.item k set.Points) (Array.item (k + 10) set.Points)

    for k, point in Array.indexed (DataSets.annuli 10).Points do
        let radius = Math.Sqrt(point[0] * point[0] + point[1] * point[1])
        if k < 10 then Assert.InRange(radius, 0.0, 0.5) else Assert.InRange(radius, 0.75, 1.0)
