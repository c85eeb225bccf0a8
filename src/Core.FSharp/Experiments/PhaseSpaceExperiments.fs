namespace LayerTime.Core.Experiments

open LayerTime.Core.Claims
open LayerTime.Core.DeepLimit

/// One network of an experiment on one data set.
[<NoComparison; NoEquality>]
type PhaseCase = {
    /// What it is, in a few words.
    Name: string
    /// The data: so many points from a stream.
    Draw: int -> RandomStream -> LabelledPoints
    /// The network.
    Architecture: PhaseArchitecture
}

/// <summary>The simulations of Hauser et al. 2018 as experiments: cases, each trained for some seeds, and checks on what came out.</summary>
/// <remarks>The paper's tables could not be read. Cases and accuracies are reconstructed; two independent implementations agree on what is asserted.</remarks>
[<NoComparison; NoEquality>]
type PhaseExperiment = {
    /// The name under which commands know it.
    Name: string
    /// What it shows, in one sentence.
    Title: string
    /// The cases, in the order of the table.
    Cases: PhaseCase list
    /// The checks, from the classifiers of every case, seed by seed.
    Checks: PhaseClassifier[] list -> ExperimentCheck list
}

/// The experiments on smooth networks in phase space.
[<RequireQualifiedAccess>]
module PhaseSpaceExperiments =
    let private architecture k d start bound = { Order = k; Width = d; Start = start; Bound = bound }
    let private case name draw architecture = { Name = name; Draw = draw; Architecture = architecture }
    let private accuracies (runs: PhaseClassifier[]) = runs |> Array.map _.Accuracy
    let private mean (runs: PhaseClassifier[]) = accuracies runs |> Array.average

    let private atLeast least name runs =
        let worst = accuracies runs |> Array.min

        ExperimentCheck.observation
            $"{name}: every test accuracy is at least {ExperimentCheck.shown least}"
            (worst >= least)
            $"least {ExperimentCheck.shown worst}"

    /// A first-order network of one node is monotone as long as |hw| &lt; 1, so it cannot tell nested intervals apart; one of order two folds the line.
    let nestedIntervals: PhaseExperiment =
        let line name k bound = case name ClassificationSamples.nestedIntervals (architecture k 1 PhaseStart.Placed bound)

        {
            Name = "nested-intervals"
            Title = "Nested intervals: one node of order one is monotone and fails, one of order two folds the line."
            Cases = [
                line "order 1, |hw| ≤ 0.9" 1 (Some 0.9)
                line "order 2, |hw| ≤ 0.9" 2 (Some 0.9)
                line "order 1, free" 1 None
                line "order 2, free" 2 None
                line "order 3, free" 3 None
            ]
            Checks =
                fun results ->
                    let first, second = results[0], results[1]
                    let most = first |> Array.map PhaseSpaceClassifier.mostAccurate
                    let thresholds = first |> Array.map (fun run -> PhaseSpaceClassifier.bestThreshold run.Test)

                    [
                        ExperimentCheck.theorem
                            Evidence.Certified
                            "order 1, |hw| < 1: the network is increasing, so no test accuracy exceeds that of the best threshold on the same points"
                            (Array.forall PhaseSpaceClassifier.isContractive first && Array.forall2 (<=) most thresholds)
                            $"accuracies up to {ExperimentCheck.shown (Array.max most)}, thresholds from {ExperimentCheck.shown (Array.min thresholds)}"
                        atLeast 0.99 "order 2, |hw| ≤ 0.9" second
                    ]
        }

    /// A point of the plane as position and velocity of one node of order two, or as two nodes of order one.
    let phasePlane: PhaseExperiment =
        let plane name draw k d = case name draw (architecture k d PhaseStart.Placed None)

        {
            Name = "phase-plane"
            Title = "A point of the plane as position and velocity: one node of order two beside two nodes of order one."
            Cases = [
                plane "annuli, order 2, width 1" ClassificationSamples.annuli 2 1
                plane "annuli, order 1, width 2" ClassificationSamples.annuli 1 2
                plane "spirals, order 2, width 1" ClassificationSamples.spirals 2 1
                plane "spirals, order 1, width 2" ClassificationSamples.spirals 1 2
            ]
            Checks =
                fun results ->
                    let distances = Array.append results[0] results[2] |> Array.map PhaseSpaceClassifier.separation

                    let kept = distances |> Array.forall (Array.forall (fun (distance, bound) -> distance >= bound))
                    let least = distances |> Array.map (Array.map fst >> Array.min) |> Array.min
                    let bound = distances |> Array.map (Array.last >> snd) |> Array.min

                    ExperimentCheck.theorem
                        Evidence.Certified
                        "order 2: classes at distance δ in (x, v) stay at distance δ / Π(1 + h·max(1, ‖W‖(1 + h))) at every layer"
                        kept
                        $"distances from {ExperimentCheck.magnitude least}, bounds down to {ExperimentCheck.magnitude bound}"
                    :: List.map2 (atLeast 0.9) [ "annuli, order 2"; "annuli, order 1"; "spirals, order 2"; "spirals, order 1" ] results
        }

    /// Order times width is what counts: at equal state dimension accuracies agree while layer parameters fall like 1/k².
    let stateDimension: PhaseExperiment =
        let shapes = [ 1, 4; 2, 2; 4, 1; 1, 2; 1, 1 ]

        let cases name draw = [ for k, d in shapes -> case $"{name}, order {k}, width {d}" draw (architecture k d PhaseStart.Lifted None) ]

        let checks name (results: PhaseClassifier[] list) =
            let means = results |> List.map mean
            let equal = List.take 3 means
            let spread = List.max equal - List.min equal
            let gain = means[2] - means[4]

            [
                ExperimentCheck.observation
                    $"{name}: mean accuracies of state dimension 4 agree within 0.02"
                    (spread <= 0.02)
                    $"they differ by {ExperimentCheck.shown spread}"
                ExperimentCheck.observation
                    $"{name}: with 32 layer parameters order 4 is better than order 1 by 0.1"
                    (gain >= 0.1)
                    $"by {ExperimentCheck.shown gain}"
            ]

        {
            Name = "state-dimension"
            Title = "Equal state dimension, different orders: the same accuracy with 1/k² of the layer parameters."
            Cases = cases "annuli" ClassificationSamples.annuli @ cases "spirals" ClassificationSamples.spirals
            Checks =
                fun results ->
                    let weights = results |> List.take 3 |> List.map (Array.head >> PhaseSpaceClassifier.layerWeights)

                    ExperimentCheck.theorem
                        Evidence.Exact
                        "state dimension 4: order k needs 1/k² of the layer weights of order 1, as counted in the arrays"
                        (List.forall2 (fun k count -> k * k * count = weights.Head) [ 1L; 2L; 4L ] weights)
                        (weights |> List.map string |> String.concat ", ")
                    :: checks "annuli" (List.take 5 results)
                    @ checks "spirals" (List.skip 5 results)
        }

    /// All of them.
    let all: PhaseExperiment list = [ nestedIntervals; phasePlane; stateDimension ]

    /// One case for one seed: a unit of work.
    let run (case: PhaseCase) (seed: uint64) : PhaseClassifier = PhaseSpaceClassifier.train case.Draw case.Architecture seed
