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
        let z = (LayerTime.Core.Semantics.Simulation.output network trajectory).[0].Value
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
    Assert.InRange(results[0].[0].Accuracy, 0.72, 0.78)
    Assert.Equal(Some Evidence.Certified, checks.Head.Theorem)

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
    let run index iterations =
        let case = ConcentricExperiment.cases[index]
        ConcentricExperiment.run { case with Architecture = { case.Architecture with Iterations = iterations } } 1UL

    Assert.True((run 0 300).Accuracy >= 0.95)
    let planar = run 2 40
    let layers = DiscEnclosure.injectiveLayers planar
    let answers = DiscEnclosure.enclosure planar layers
    Assert.True(layers > 0)
    Assert.Equal(layers + 1, answers.Length)
    Assert.DoesNotContain(Answer.No, answers)
    Assert.Equal(Answer.Yes, answers[1])

/// One layer W = I, b = 0, dt = 1/4 as a classifier: u − u³/4 is increasing for |u| < 2/√3 = 1.15….
let private oneLayer (weights: float[]) (bias: float[]) : CubicClassifier = {
    Architecture = { Width = 2; Depth = 1; Horizon = 0.25; Iterations = 0 }
    Layers = [| weights, bias |]
    Readout = [| 0.0; 0.0 |], 0.0
    Data = { Points = [||]; Labels = [||] }
    Accuracy = 0.0
    LeastSlope = 0.0
    LeastDeterminant = 0.0
}

[<Fact>]
let ``a layer is certified as injective on the disc exactly where its activation is increasing and its determinant is positive`` () =
    let scaling a b = oneLayer [| a; 0.0; 0.0; b |] [| 0.0; 0.0 |]
    Assert.Equal(1, DiscEnclosure.injectiveLayers (scaling 1.0 1.0))
    Assert.Equal(1, DiscEnclosure.injectiveLayers (scaling 1.0 1.15))
    Assert.Equal(0, DiscEnclosure.injectiveLayers (scaling 1.0 1.16))
    Assert.Equal(0, DiscEnclosure.injectiveLayers (scaling 1.0 -1.0))
    Assert.Equal(0, DiscEnclosure.injectiveLayers (oneLayer [| 1.0; 0.0; 0.0; 1.0 |] [| 0.2; 0.0 |]))

[<Fact>]
let ``the centre leaves the hull of the ring's image where a layer folds`` () =
    Assert.Equal<Answer[]>([| Answer.Yes; Answer.Yes |], DiscEnclosure.enclosure (oneLayer [| 1.0; 0.0; 0.0; 1.0 |] [| 0.1; 0.0 |]) 1)
    // The centre is where u − u³/4 has its maximum, so that its image lies on the rim of the hull.
    let folded = oneLayer [| 1.0; 0.0; 0.0; 1.0 |] [| 2.0 / sqrt 3.0; 0.0 |]
    Assert.Equal<Answer[]>([| Answer.Yes; Answer.No |], DiscEnclosure.enclosure folded 1)

[<Fact>]
let ``a point is surrounded by points around it and not by points on one side`` () =
    let isSurrounded x y others =
        let enclosed (point: float[]) = Array.map Interval.ofFloat point
        DiscEnclosure.isSurrounded [| x; y |] others (fun i -> enclosed others[i]) (enclosed [| x; y |])

    let triangle = [| [| 0.0; 0.0 |]; [| 4.0; 0.0 |]; [| 0.0; 4.0 |] |]
    Assert.True(isSurrounded 1.0 1.0 triangle)
    Assert.True(isSurrounded 1.0 1.0 (Array.append [| [| 5.0; 5.0 |]; [| -9.0; 1.0 |] |] triangle))
    Assert.False(isSurrounded 3.0 3.0 triangle)
    Assert.False(isSurrounded -1.0 0.5 triangle)

[<Fact>]
let ``classes in phase space stay further apart than their bound`` () =
    let run = PhaseSpaceExperiments.run PhaseSpaceExperiments.phasePlane.Cases[0] 1UL
    let separation = PhaseSpaceClassifier.separation run
    Assert.Equal(16, separation.Length)
    Assert.All(separation, (fun (distance, bound) -> Assert.True(distance >= bound && bound > 0.0)))
    // The distance at layer 16, from the phase points of floats, whose rounding is far below 10⁻⁹.
    let points = PhaseSpaceClassifier.phasePoints run 16
    let zeros, ones = Array.zip points run.Test.Labels |> Array.partition (snd >> (=) 0)

    let least =
        Seq.allPairs zeros ones |> Seq.map (fun ((p, _), (q, _)) -> max (abs (p[0] - q[0])) (abs (p[1] - q[1]))) |> Seq.min

    Assert.Equal(least, fst (Array.last separation), 1e-9)

[<Fact>]
let ``layers of order k hold 1/k² of the weights`` () =
    let count k d =
        let architecture = { Order = k; Width = d; Start = PhaseStart.Lifted; Bound = None }
        let objective = PhaseObjective(architecture, 2, ClassificationSamples.annuli 2 (RandomStream 1UL))
        let network = objective.Trained(Array.zeroCreate objective.Variables)
        PhaseSpaceClassifier.layerWeights { Network = network; Accuracy = 0.0; Test = { Points = [||]; Labels = [||] } }

    Assert.Equal<int64 list>([ 256L; 64L; 16L ], [ count 1 4; count 2 2; count 4 1 ])

[<Fact>]
let ``a constant gradient moves every variable by the rate at each step of Adam, whatever its size`` () =
    let variables = [| 0.0; 0.0; 0.0 |]
    let adam = Adam(0.125, variables)

    for step in 1..20 do
        adam.Step [| 3.0; -0.01; 1e3 |]
        // ε = 10⁻⁸ makes a gradient g count as g/(|g| + ε); some ten roundings a step are far less.
        let expected = 0.125 * float step
        Assert.Equal(-expected, variables[0], 1e-8 * expected)
        Assert.Equal(expected, variables[1], 1e-5 * expected)
        Assert.Equal(-expected, variables[2], 1e-8 * expected)

[<Fact>]
let ``a layer that folds a rim only at its corners is not taken for injective on the disc`` () =
    /// u ↦ u − dt·u³ of each coordinate, with 3dt as given: increasing on [−1, 1] up to 3dt = 1.
    let classifier (three: float) : CubicClassifier = {
        Architecture = { Width = 2; Depth = 1; Horizon = three / 3.0; Iterations = 0 }
        Layers = [| [| 1.0; 0.0; 0.0; 1.0 |], [| 0.0; 0.0 |] |]
        Readout = [| 1.0; 0.0 |], 0.0
        Data = { Points = [||]; Labels = [||] }
        Accuracy = 1.0
        LeastSlope = 1.0
        LeastDeterminant = 1.0
    }

    // In the middle of an edge next to (1, 0), x₁² is 0.99985.
    Assert.Equal(0, DiscEnclosure.injectiveLayers (classifier 1.00001))
    Assert.Equal(1, DiscEnclosure.injectiveLayers (classifier 0.9999))
