module LayerTime.Core.Tests.Experiments.ExperimentTests

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Claims
open LayerTime.Core.DeepLimit
open LayerTime.Core.Experiments

/// Central differences in every variable, with step 10⁻⁵: off by h²|f‴|/6 and by roundings/h, both below 10⁻⁹ for these sizes.
let private agrees (value: float[] -> float) (at: float[]) (gradient: float[]) : unit =
    for i in 0 .. at.Length - 1 do
        let moved δ = value (Array.mapi (fun j x -> if i = j then x + δ else x) at)
        let central = (moved 1e-5 - moved -1e-5) / 2e-5
        Assert.True(abs (central - gradient[i]) <= 1e-8, $"variable {i}: found {gradient[i]}, differences give {central}")

[<Fact>]
let ``the gradient of a phase-space classifier is that of its objective, whatever the order, the start and the bound`` () =
    for order, width, start, bound in
        [
            1, 2, PhaseStart.Placed, None
            2, 1, PhaseStart.Placed, Some 0.9
            2, 2, PhaseStart.Lifted, None
            4, 1, PhaseStart.Lifted, None
        ] do
        let stream = RandomStream(uint64 (10 * order + width))
        let data = ClassificationSamples.annuli 6 stream
        let architecture = { Order = order; Width = width; Start = start; Bound = bound }
        let objective = PhaseObjective(architecture, 2, data)
        let at = Array.init objective.Variables (fun _ -> 0.5 * ClassificationSamples.normal stream)
        let gradient = Array.zeroCreate at.Length
        (objective :> ISmoothFunction).Evaluate(at, gradient) |> ignore
        let scratch = Array.zeroCreate at.Length
        agrees (fun x -> (objective :> ISmoothFunction).Evaluate(x, scratch)) at gradient

[<Fact>]
let ``the objective of a phase-space classifier is that of the network it trains`` () =
    let stream = RandomStream 3UL
    let data = ClassificationSamples.spirals 7 stream
    let architecture = { Order = 3; Width = 2; Start = PhaseStart.Lifted; Bound = None }
    let objective = PhaseObjective(architecture, 2, data)
    let at = Array.init objective.Variables (fun _ -> 0.5 * ClassificationSamples.normal stream)
    let value = (objective :> ISmoothFunction).Evaluate(at, Array.zeroCreate at.Length)
    let network = objective.Trained at

    let loss (point: float[]) label =
        let history = LayerTime.Core.Semantics.Simulation.history network (Binary64.ofFloats point)
        let trajectory = LayerTime.Core.Semantics.Simulation.run network.Equation history
        let z = (LayerTime.Core.Semantics.Simulation.output network trajectory) [ 0 ].Value
        Elementary.softplus (if label = 1 then -z else z)

    let expected = Array.map2 loss data.Points data.Labels |> Array.average
    // Some 10³ roundings of numbers below 10.
    Assert.Equal(expected + 0.5e-4 * Array.sumBy (fun x -> x * x) at, value, 1e-11)

[<Fact>]
let ``the best threshold is found in either orientation`` () =
    let data labels = { Points = Array.mapi (fun i _ -> [| float i |]) labels; Labels = labels }
    Assert.Equal(1.0, PhaseSpaceClassifier.bestThreshold (data [| 0; 0; 1; 1 |]))
    Assert.Equal(1.0, PhaseSpaceClassifier.bestThreshold (data [| 1; 0; 0; 0 |]))
    Assert.Equal(0.75, PhaseSpaceClassifier.bestThreshold (data [| 1; 0; 0; 1 |]))
    Assert.Equal(0.75, PhaseSpaceClassifier.bestThreshold (data [| 0; 1; 0; 1 |]))

[<Fact>]
let ``nested intervals defeat one node of order one and not one of order two`` () =
    let experiment = PhaseSpaceExperiments.nestedIntervals
    let results = experiment.Cases |> List.truncate 2 |> List.map (fun case -> [| PhaseSpaceExperiments.run case 1UL |])
    let checks = experiment.Checks results
    Assert.All(checks, (fun check -> Assert.True(check.Holds, $"{check.Statement}: {check.Found}")))
    // Two independent implementations saw 0.739 to 0.762 over 13 seeds.
    Assert.InRange(results[0] [ 0 ].Accuracy, 0.72, 0.78)
    Assert.Contains(checks, (fun check -> check.IsTheorem))

[<Fact>]
let ``a checked theorem fails where its network breaks it`` () =
    // Order two in the place of order one is better than any threshold.
    let experiment = PhaseSpaceExperiments.nestedIntervals
    let second = [| PhaseSpaceExperiments.run experiment.Cases[1] 1UL |]
    Assert.False((experiment.Checks [ second; second ]).Head.Holds)

[<Fact>]
let ``the gradient of a cubic network is that of its loss in W and B`` () =
    let stream = RandomStream 5UL
    let data = { CubicClassifier.concentric 0.2 stream with Labels = Array.init 400 (fun i -> i % 2) }
    let few = { Points = Array.truncate 6 data.Points; Labels = Array.truncate 6 data.Labels }
    let a = { Width = 3; Depth = 4; Horizon = 2.0; Iterations = 0 }
    let at = Array.init (4 * 12 + 4) (fun _ -> 0.3 * ClassificationSamples.normal stream)
    let gradient = Array.zeroCreate at.Length
    CubicClassifier.gradient a few at gradient |> ignore
    let scratch = Array.zeroCreate at.Length
    // W = I + dt·w, so the derivative in w is dt times that in W.
    let dt = 0.5
    let inVariables = gradient |> Array.mapi (fun i g -> if i < 48 then dt * g else g)
    agrees (fun x -> CubicClassifier.gradient a few x scratch) at inVariables

[<Fact>]
let ``a third coordinate pulls concentric classes apart, and the centre stays enclosed in the plane as long as layers are injective`` () =
    let short =
        ConcentricExperiment.cases
        |> List.map (fun case -> { case with Architecture = { case.Architecture with Iterations = 300 } })

    let results = short |> List.truncate 3 |> List.map (fun case -> [| ConcentricExperiment.run case 1UL |])
    Assert.True(results[0] [ 0 ].Accuracy >= 0.95)
    let layers, isEnclosed = ConcentricExperiment.enclosure results[2][0]
    Assert.True(layers > 0 && isEnclosed)

[<Fact>]
let ``a point is in a hull exactly if no line has all others on one side`` () =
    let triangle = [| [| 0.0; 0.0 |]; [| 4.0; 0.0 |]; [| 0.0; 4.0 |] |]
    Assert.True(CubicClassifier.isInHull [| 1.0; 1.0 |] triangle)
    Assert.False(CubicClassifier.isInHull [| 3.0; 3.0 |] triangle)
    Assert.False(CubicClassifier.isInHull [| -1.0; 0.5 |] triangle)
