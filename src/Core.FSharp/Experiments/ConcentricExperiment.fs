namespace LayerTime.Core.Experiments

open System
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
    let private shown (x: float) = x.ToString("F3", Globalization.CultureInfo.InvariantCulture)

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

    let private onCircle (radius: float) (count: int) : float[][] =
        Array.init count (fun k ->
            let angle = 2.0 * Math.PI * float k / float count
            [| radius * Math.Cos angle; radius * Math.Sin angle |])

    /// Up to which layer all layers are injective on a grid of the unit disc (det W &gt; 0 and 1 − 3dt·u² &gt; 0 at the images of 1201 of its points), and whether the
    /// image of the centre lies in the convex hull of that of the circle at all layers up to there.
    let enclosure (classifier: CubicClassifier) : int * bool =
        let a = classifier.Architecture
        let dt = a.Horizon / float a.Depth
        let disc = Array.append [| [| 0.0; 0.0 |] |] (Array.collect (fun k -> onCircle (float k / 20.0) 60) [| 1..20 |])
        let grid = disc |> Array.map (CubicClassifier.trajectory classifier)
        let circle = onCircle 1.0 360 |> Array.map (CubicClassifier.trajectory classifier)
        let centre = CubicClassifier.trajectory classifier [| 0.0; 0.0 |]

        let isInjective l =
            let w, b = classifier.Layers[l]

            w[0] * w[3] - w[1] * w[2] > 0.0
            && grid
               |> Array.forall (fun states ->
                   let x = states[l]
                   let u i = w[2 * i] * x[0] + w[2 * i + 1] * x[1] + b[i]
                   Seq.forall (fun i -> 1.0 - 3.0 * dt * u i * u i > 0.0) [ 0; 1 ])

        let last = Seq.takeWhile isInjective (seq { 0 .. a.Depth - 1 }) |> Seq.length
        let isEnclosed l = CubicClassifier.isInHull centre[l] (circle |> Array.map (fun states -> states[l]))
        last, Seq.forall isEnclosed (seq { 0..last })

    /// The checks, from the classifiers of every case, seed by seed.
    let checks (results: CubicClassifier[] list) : ExperimentCheck list =
        let accuracies = results[0] |> Array.map _.Accuracy

        let enclosures =
            results |> List.collect List.ofArray |> List.filter (fun run -> run.Architecture.Width = 2) |> List.map enclosure

        let layers = enclosures |> List.map fst

        [
            {
                Statement = "width 3, noise 0.05: every accuracy is at least 0.990"
                IsTheorem = false
                Holds = Array.min accuracies >= 0.99
                Found = $"least {shown (Array.min accuracies)}"
            }
            {
                Statement =
                    "width 2: the image of the centre lies in the hull of that of the circle as long as layers are injective on the disc"
                IsTheorem = true
                Holds = List.forall snd enclosures && List.max layers > 0
                Found = $"injective for {List.min layers} to {List.max layers} layers"
            }
        ]
