namespace LayerTime.Core.Experiments

open LayerTime.Core.Numbers
open LayerTime.Core.Claims

/// One network of the experiment with two concentric classes.
type ConcentricCase = {
    /// What it is, in a few words.
    Name: string
    /// The standard deviation of the noise in the data.
    Noise: float
    /// The network.
    Architecture: CubicArchitecture
}

/// <summary>Two concentric classes told apart by a cubic network near the identity (Ruseckas 2019, first and second experiment).</summary>
/// <remarks>In the plane a flow cannot take the inner class out of the ring; steps that are not injective, or gaps between finitely many points, can.</remarks>
[<RequireQualifiedAccess>]
module ConcentricExperiment =
    /// The name under which commands know it.
    let name: string = "concentric-classes"

    /// What it shows.
    let title: string =
        "Concentric classes: a third coordinate pulls them apart; in the plane the centre stays enclosed as long as layers are injective."

    /// The cases, in the order of the table.
    let cases: ConcentricCase list = [
        for noise in [ 0.05; 0.2 ] do
            let case text width depth horizon iterations = {
                Name = $"{text}, noise {noise}"
                Noise = noise
                Architecture = { Width = width; Depth = depth; Horizon = horizon; Iterations = iterations }
            }

            case "width 3, 20 layers, T = 2" 3 20 2.0 1000
            case "width 2, 20 layers, T = 2" 2 20 2.0 1000
            case "width 2, 100 layers, T = 10" 2 100 10.0 400
    ]

    /// One case for one seed: a unit of work.
    let run (case: ConcentricCase) (seed: uint64) : CubicClassifier =
        let stream key = RandomStream(Seed.at seed key)
        CubicClassifier.train case.Architecture (CubicClassifier.concentric case.Noise (stream 0)) (stream 1)

    /// The checks, from the classifiers of every case, seed by seed.
    let checks (results: CubicClassifier[] list) : ExperimentCheck list =
        let least = results[0] |> Array.map _.Accuracy |> Array.min
        let inThePlane = results |> List.collect List.ofArray |> List.filter (fun run -> run.Architecture.Width = 2)
        let layers = inThePlane |> List.map DiscEnclosure.injectiveLayers
        let answers = List.map2 DiscEnclosure.enclosure inThePlane layers
        let known = answers |> List.map (Array.filter ((=) Answer.Yes) >> Array.length >> (+) -1)
        let complete = List.map2 (=) known layers |> List.filter id |> List.length

        [
            ExperimentCheck.theorem
                Evidence.Certified
                "width 2: the image of the centre stays in the hull of that of the ring as long as layers are injective on the disc"
                (List.max known > 0 && List.forall (Array.contains Answer.No >> not) answers)
                $"injective for {List.min layers} to {List.max layers} layers; enclosed at all of these in {complete} of {layers.Length} networks, until rounding hides it in the others"
            ExperimentCheck.observation
                "width 3, noise 0.05: every accuracy is at least 0.990"
                (least >= 0.99)
                $"least {ExperimentCheck.shown least}"
        ]
