namespace LayerTime.Core.Experiments

open System
open LayerTime.Core.Claims
open LayerTime.Core.DeepLimit

/// What is seen of a network along its layers, over some test pictures.
[<NoComparison; NoEquality>]
type GlyphMonitor = {
    /// The network.
    Network: ConvolutionalNetwork
    /// The share of test pictures that it classifies correctly.
    Accuracy: float
    /// The largest |x(l+1) − x(l)|/|x(l)| over the pictures, layer by layer.
    Changes: float[]
    /// The largest share of its bound dt(‖w‖|x| + |b| + |u|³) that a change |x(l+1) − x(l)| reaches.
    ChangeShare: float
    /// a·δx of the first picture at x(0), …, x(N), with the momentum a of its loss and a random tangent δx.
    Pairings: float[]
    /// The largest |a(l)·δx(l) − a(N)·δx(N)| over layers and pictures.
    PairingDrift: float
    /// The largest share of its rounding bound that such a difference reaches.
    PairingShare: float
    /// H = a·F of the first picture at x(0), …, x(N−1).
    Hamiltonians: float[]
}

/// A trained network and the same weights on more layers.
[<NoComparison; NoEquality>]
type GlyphRun = {
    /// On 20, 40 and 80 layers, unless the training said otherwise.
    Monitors: GlyphMonitor[]
    /// The test pictures.
    Test: LabelledPoints
}

/// How a network is trained on glyphs.
type GlyphTraining = {
    /// N
    Depth: int
    /// The number of training pictures; there are as many test pictures.
    Pictures: int
    /// The iterations of Adam.
    Iterations: int
    /// The rate of Adam.
    Rate: float
}

/// <summary>A convolutional network near the identity on ten classes of pictures (Ruseckas 2019, third experiment).</summary>
/// <remarks>Its size, data and accuracy are not known: synthetic digits, four channels, 20 layers over T = 2 stand in for them, and no accuracy is asserted.</remarks>
[<RequireQualifiedAccess>]
module GlyphExperiment =
    /// The name under which commands know it.
    let name: string = "glyphs"

    /// What it shows.
    let title: string =
        "Pictures through convolutional layers near the identity: activations change gradually, and momenta keep their laws."

    /// The weights and biases of one layer.
    let layerParameters: int = ConvolutionalNetwork.perLayer

    /// The training of the experiment.
    let usual: GlyphTraining = { Depth = 20; Pictures = 200; Iterations = 30; Rate = 0.02 }

    /// Pictures that are carried side by side, so that a state stays in the cache.
    let private block = 40

    let private blocks (data: LabelledPoints) : LabelledPoints[] =
        Array.zip data.Points data.Labels
        |> Array.chunkBySize block
        |> Array.map (fun part -> { Points = Array.map fst part; Labels = Array.map snd part })

    /// The mean loss, and in `gradient` its gradient as that of `ConvolutionalNetwork.accumulate`.
    let internal meanLoss (network: ConvolutionalNetwork) (data: LabelledPoints) (gradient: float[]) : float =
        Array.Clear gradient
        let total = blocks data |> Array.sumBy (fun part -> ConvolutionalNetwork.accumulate network part gradient)

        for i in 0 .. gradient.Length - 1 do
            gradient[i] <- gradient[i] / float data.Points.Length

        total / float data.Points.Length

    /// Adam on the mean cross-entropy with a decay of 10⁻⁴, from normal numbers of deviation 0.05 (0.3 over the root of the 36 numbers that a
    /// kernel reads).
    let internal trained (training: GlyphTraining) (data: LabelledPoints) (stream: RandomStream) : ConvolutionalNetwork =
        let offsets = ConvolutionalNetwork.size training.Depth - Glyphs.classes

        let variables =
            Array.init (offsets + Glyphs.classes) (fun i -> if i < offsets then 0.05 * ClassificationSamples.normal stream else 0.0)

        let network = { Depth = training.Depth; Horizon = 2.0; Variables = variables }
        let gradient = Array.zeroCreate<float> variables.Length
        let adam = Adam(training.Rate, variables)

        for _ in 1 .. training.Iterations do
            meanLoss network data gradient |> ignore

            for i in 0 .. offsets - 1 do
                gradient[i] <- gradient[i] + 1e-4 * variables[i]

            adam.Step gradient

        network

    let private accuracy (network: ConvolutionalNetwork) (data: LabelledPoints) : float =
        let right (part: LabelledPoints) =
            let sweep = ConvolutionalNetwork.forward network (ConvolutionalNetwork.start part.Points)
            let logits = ConvolutionalNetwork.logits network (Array.last sweep.States)
            let isRight s label = logits |> Array.indexed |> Array.maxBy (fun (_, z) -> z[s]) |> fst = label
            part.Labels |> Array.mapi isRight |> Array.filter id |> Array.length

        float (blocks data |> Array.sumBy right) / float data.Points.Length

    let private unit = Math.ScaleB(1.0, -53)
    let private sumOf (x: float[][]) (y: float[][]) s = Seq.fold2 (fun sum (a: float[]) (b: float[]) -> sum + a[s] * b[s]) 0.0 x y
    let private largest (x: float[][]) s = x |> Array.fold (fun most row -> Math.Max(most, abs row[s])) 0.0

    /// The changes of all pictures at a layer, each beside |x| and its bound.
    let private changes (network: ConvolutionalNetwork) (sweep: ConvolutionalSweep) (l: int) : (float * float * float)[] =
        let dt = network.TimeStep
        let weights, bias = ConvolutionalNetwork.norms network l
        let x, y = sweep.States[l], sweep.States[l + 1]

        Array.init x[0].Length (fun s ->
            let change = Seq.fold2 (fun most (a: float[]) (b: float[]) -> Math.Max(most, abs (b[s] - a[s]))) 0.0 x y
            let size, u = largest x s, largest sweep.PreActivations[l] s
            let bound = dt * (weights * size + bias + u * u * u)
            // 36 fused products and 8 further operations on numbers whose moduli sum up to this.
            change, size, bound + 44.0 * unit * (size + u + bound))

    /// What is seen of a network over pictures, with tangents from a stream.
    let internal monitor (network: ConvolutionalNetwork) (test: LabelledPoints) (stream: RandomStream) : GlyphMonitor =
        let few = (blocks test)[0]
        let n = network.Depth
        let sweep = ConvolutionalNetwork.forward network (ConvolutionalNetwork.start few.Points)
        let _, slopes = ConvolutionalNetwork.logits network sweep.States[n] |> ConvolutionalNetwork.crossEntropy few.Labels
        let a = ConvolutionalNetwork.finalMomentum network slopes |> ConvolutionalNetwork.momenta network sweep (fun _ _ -> ())
        let random _ = Array.init few.Labels.Length (fun _ -> ClassificationSamples.normal stream)
        let δ = Array.init ConvolutionalNetwork.width random |> ConvolutionalNetwork.tangents network sweep
        let changes = Array.init n (changes network sweep)
        let pairing s = Array.init (n + 1) (fun l -> sumOf a[l] δ[l] s)
        let absolute = Array.map (Array.map abs)

        /// Σ|a||δ| at a layer: its sum of 256 products is off by at most 256 roundings of it.
        let sizes = Array.init (n + 1) (fun l -> Array.init few.Labels.Length (sumOf (absolute a[l]) (absolute δ[l])))

        /// A layer commits at most 40 roundings on each side, of the weight, 36 fused products, and the slope.
        let committed =
            Array.init n (fun l -> ConvolutionalNetwork.pairingScale network sweep l a[l + 1] δ[l] |> Array.map ((*) (80.0 * unit)))

        let drifts s =
            let pairing = pairing s
            let later = Array.scanBack (fun (layer: float[]) sum -> sum + layer[s]) committed 0.0

            Array.init (n + 1) (fun l -> abs (pairing[l] - pairing[n]), later[l] + 257.0 * unit * (sizes[l][s] + sizes[n][s]))

        let all = Array.init few.Labels.Length drifts |> Array.concat

        {
            Network = network
            Accuracy = accuracy network test
            Changes = changes |> Array.map (Array.map (fun (change, size, _) -> change / size) >> Array.max)
            ChangeShare = changes |> Array.concat |> Array.map (fun (change, _, bound) -> change / bound) |> Array.max
            Pairings = pairing 0
            PairingDrift = all |> Array.map fst |> Array.max
            PairingShare = all |> Array.map (fun (drift, bound) -> drift / bound) |> Array.max
            Hamiltonians = Array.init n (fun l -> sumOf a[l] (ConvolutionalNetwork.field network sweep l) 0)
        }

    /// A training with one seed, seen on the layers it has, on twice and on four times as many.
    let run (training: GlyphTraining) (seed: uint64) : GlyphRun =
        let stream key = RandomStream(Seed.at seed key)
        let data, test = Glyphs.draw training.Pictures (stream 0), Glyphs.draw training.Pictures (stream 1)
        let network = trained training data (stream 2)

        {
            Monitors = [| 1; 2; 4 |] |> Array.map (fun times -> monitor (ConvolutionalNetwork.refine times network) test (stream 3))
            Test = test
        }

    /// The checks, seed by seed.
    let checks (runs: GlyphRun[]) : ExperimentCheck list =
        let monitors = runs |> Array.collect _.Monitors
        let share = monitors |> Array.map _.ChangeShare |> Array.max
        let drift = monitors |> Array.map _.PairingDrift |> Array.max
        let pairingShare = monitors |> Array.map _.PairingShare |> Array.max

        let slope (run: GlyphRun) =
            let change at = Array.max run.Monitors[at].Changes
            Math.Log2(change 1 / change 2)

        let least = runs |> Array.map slope |> Array.min

        [
            ExperimentCheck.theorem
                Evidence.Bounded
                "a layer changes its state by at most dt(‖w‖|x| + |b| + |u|³)"
                (share <= 1.0)
                $"up to {ExperimentCheck.shown share} of that"
            ExperimentCheck.theorem
                Evidence.Asymptotic
                "the same weights on twice as many layers: the largest relative change is O(dt), slope at least 0.9"
                (least >= 0.9)
                $"least slope {ExperimentCheck.shown least}"
            ExperimentCheck.theorem
                Evidence.Bounded
                "the pairing a·δx of momenta and tangents is the same at all layers, but for rounding"
                (pairingShare <= 1.0)
                $"drift up to {ExperimentCheck.magnitude drift}, {ExperimentCheck.magnitude pairingShare} of its bound"
        ]
