namespace LayerTime.Core.Experiments

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Claims
open LayerTime.Core.Engine
open LayerTime.Core.DeepLimit

/// How the data enter the state p = (p₁, …, p_k) of scaled differences.
[<RequireQualifiedAccess>]
type PhaseStart =
    /// As its first coordinates; the others are 0.
    | Placed
    /// By a learned affine map.
    | Lifted

/// A smooth network ∇ᵏx(l+1) = hᵏ tanh(W_l x(l) + b_l) of L = 16 layers over T = 4, with an affine readout of the whole state p.
type PhaseArchitecture = {
    /// k
    Order: int
    /// d
    Width: int
    /// How the data enter.
    Start: PhaseStart
    /// The largest |h·w| of a layer weight, w = (bound/h)·tanh v for the variable v, or no bound.
    Bound: float option
} with

    /// k·d
    member a.StateDimension = a.Order * a.Width
    /// The number of weights and biases of the layers.
    member a.LayerParameters = 16 * (a.Width * a.Width + a.Width)

/// A trained classifier and how good it is.
[<NoComparison; NoEquality>]
type PhaseClassifier = {
    /// The trained network, from a point to one logit; its readout is of the delay state.
    Network: Network<Binary64>
    /// The share of test points that it classifies correctly.
    Accuracy: float
    /// The test points.
    Test: LabelledPoints
}

/// <summary>The mean logistic loss of a smooth network plus 10⁻⁴|θ|²/2, in all its weights: lift, layers, readout of p.</summary>
/// <remarks>The network itself runs on delay coordinates z; with p_n = h^−(n−1) Σ_j S_nj z_j both ends of the chain rule are linear maps.</remarks>
[<Sealed>]
type internal PhaseObjective(architecture: PhaseArchitecture, features: int, data: LabelledPoints) =
    let k, d, depth = architecture.Order, architecture.Width, 16
    let h = 4.0 / float depth
    let size = k * d
    let pascal: Matrix<Binary64> = Coordinates.signedPascal k
    // z = (S·diag(hⁿ⁻¹) ⊗ I) p and p = (diag(h^−(n−1))·S ⊗ I) z
    let toDelay n m = pascal[n, m].Value * Math.Pow(h, float m)
    let toPhase n m = pascal[n, m].Value * Math.Pow(h, -float n)
    let isLifted = architecture.Start = PhaseStart.Lifted
    let liftCount = if isLifted then size * (features + 1) else 0
    let layerCount = depth * (d * d + d)
    let readoutCount = size + 1

    let network =
        let zero rows columns = Matrix.zero rows columns: Matrix<Binary64>
        let layer () = LayerMap.dense (zero d d) (Vector.zero d) Activation.tanh |> Defect.orFail
        let affine rows columns = Layer.affine (zero rows columns) (Vector.zero rows) |> Defect.orFail |> LayerMap.ofLayer
        let design = Architecture.Smooth(k, Binary64 h, Array.init depth (fun _ -> layer ()))
        Network.create (Some(affine size features)) design (Some(affine 1 size)) |> Defect.orFail

    let sweep = GradientSweep network
    let tape = sweep.CreateTape data.Points.Length
    let inputs = Array.concat data.Points
    let count = data.Points.Length
    let ownLift = size * (features + 1)
    let parameters = Array.zeroCreate<float>(ownLift + layerCount + readoutCount)
    let slopes = Array.zeroCreate<float> parameters.Length

    let loss =
        OutputLoss(fun sample output gradient ->
            let sign = if data.Labels[sample] = 1 then -1.0 else 1.0
            let z = sign * output[0]
            gradient[0] <- sign * Elementary.logistic z / float count
            Elementary.softplus z / float count)

    let losses = SampleLosses(1, loss)

    /// Block n, component i, of a state that starts at `first` in rows of `columns` numbers.
    let place first columns n i column = first + (n * d + i) * columns + column

    let bounded (v: float) =
        match architecture.Bound with
        | Some bound -> bound / h * Elementary.tanh v
        | None -> v

    let boundedSlope (v: float) =
        match architecture.Bound with
        | Some bound ->
            let t = Elementary.tanh v
            bound / h * (1.0 - t * t)
        | None -> 1.0

    let isWeight index = index % (d * d + d) < d * d

    /// The parameters of the network from the variables.
    let load (variables: float[]) : unit =
        for n in 0 .. k - 1 do
            for i in 0 .. d - 1 do
                for column in 0..features do
                    let mutable sum = 0.0

                    for m in 0 .. k - 1 do
                        let entry =
                            if not isLifted then
                                if column < features && m * d + i = column then 1.0 else 0.0
                            elif column < features then
                                variables[place 0 features m i column]
                            else
                                variables[size * features + m * d + i]

                        sum <- sum + toDelay n m * entry

                    if column < features then
                        parameters[place 0 features n i column] <- sum
                    else
                        parameters[size * features + n * d + i] <- sum

        for j in 0 .. layerCount - 1 do
            let v = variables[liftCount + j]
            parameters[ownLift + j] <- if isWeight j then bounded v else v

        for m in 0 .. k - 1 do
            for i in 0 .. d - 1 do
                let mutable sum = 0.0

                for n in 0 .. k - 1 do
                    sum <- sum + variables[liftCount + layerCount + n * d + i] * toPhase n m

                parameters[ownLift + layerCount + m * d + i] <- sum

        parameters[parameters.Length - 1] <- variables[variables.Length - 1]
        tape.Load parameters

    /// The gradient in the variables from that in the parameters: the transposed maps.
    let pull (variables: float[]) (gradient: float[]) : unit =
        if isLifted then
            for m in 0 .. k - 1 do
                for i in 0 .. d - 1 do
                    for column in 0..features do
                        let at n = if column < features then slopes[place 0 features n i column] else slopes[size * features + n * d + i]
                        let mutable sum = 0.0

                        for n in 0 .. k - 1 do
                            sum <- sum + toDelay n m * at n

                        gradient[if column < features then place 0 features m i column else size * features + m * d + i] <- sum

        for j in 0 .. layerCount - 1 do
            let slope = slopes[ownLift + j]
            gradient[liftCount + j] <- if isWeight j then slope * boundedSlope variables[liftCount + j] else slope

        for n in 0 .. k - 1 do
            for i in 0 .. d - 1 do
                let mutable sum = 0.0

                for m in 0 .. k - 1 do
                    sum <- sum + slopes[ownLift + layerCount + m * d + i] * toPhase n m

                gradient[liftCount + layerCount + n * d + i] <- sum

        gradient[gradient.Length - 1] <- slopes[slopes.Length - 1]

    member _.Variables = liftCount + layerCount + readoutCount

    /// The network with the parameters that the variables stand for.
    member _.Trained(variables: float[]) : Network<Binary64> =
        load variables
        let number at = Binary64 parameters[at]
        let matrix first rows columns = Matrix.init rows columns (fun i j -> number (first + i * columns + j))
        let vector first length = Array.init length (fun i -> number (first + i))

        let affine first rows columns =
            Layer.affine (matrix first rows columns) (vector (first + rows * columns) rows) |> Defect.orFail |> LayerMap.ofLayer

        let layer l =
            let first = ownLift + l * (d * d + d)
            LayerMap.dense (matrix first d d) (vector (first + d * d) d) Activation.tanh |> Defect.orFail

        Network.create
            (Some(affine 0 size features))
            (Architecture.Smooth(k, Binary64 h, Array.init depth layer))
            (Some(affine (ownLift + layerCount) 1 size))
        |> Defect.orFail

    interface ISmoothFunction with
        member this.Dimension = this.Variables

        member _.Evaluate(variables, gradient) =
            load variables
            let data = tape.Evaluate(inputs, losses, 0, count, slopes)
            pull variables gradient
            FloatVector.addInPlace 1e-4 variables gradient
            data + 0.5e-4 * FloatVector.dot variables variables

/// Training smooth networks to tell two classes apart in their phase space (Hauser et al. 2018, simulations).
[<RequireQualifiedAccess>]
module PhaseSpaceClassifier =
    /// The share of points whose logit has the sign of its class.
    let accuracy (network: Network<Binary64>) (data: LabelledPoints) : float =
        let sweep = BatchSweep network
        let logits = Array.zeroCreate<float> data.Points.Length
        sweep.Run(Array.concat data.Points, logits, 0, data.Points.Length)
        let isRight (logit: float) label = (logit > 0.0) = (label = 1)
        float (Array.map2 isRight logits data.Labels |> Array.filter id |> Array.length) / float data.Labels.Length

    /// A classifier trained on 200 points and tested on 1000 others, all drawn with a seed: at most 1000 iterations of L-BFGS from 0.5·N(0, 1).
    let train (draw: int -> RandomStream -> LabelledPoints) (architecture: PhaseArchitecture) (seed: uint64) : PhaseClassifier =
        let stream key = RandomStream(Seed.at seed key)
        let data, test = draw 200 (stream 0), draw 1000 (stream 1)
        let objective = PhaseObjective(architecture, data.Points[0].Length, data)
        let weights = stream 2
        let start = Array.init objective.Variables (fun _ -> 0.5 * ClassificationSamples.normal weights)
        let settings = { LbfgsSettings.defaults with IterationLimit = 1000; GradientTolerance = 1e-7 }
        let trained = objective.Trained (Lbfgs.minimise settings objective start).Point
        { Network = trained; Accuracy = accuracy trained test; Test = test }

    /// The best accuracy of a single threshold on points of the line, in either orientation: what no monotone function can exceed.
    let bestThreshold (data: LabelledPoints) : float =
        let sorted = Array.zip (data.Points |> Array.map Array.head) data.Labels |> Array.sortBy fst
        let total = Array.sumBy snd sorted
        let count = sorted.Length

        // Class 1 above the threshold after the first i points: class-0 points among those, class-1 points among the rest.
        let correct = sorted |> Array.scan (fun right (_, label) -> if label = 0 then right + 1 else right - 1) total

        float (Array.fold (fun best right -> Math.Max(best, Math.Max(right, count - right))) 0 correct) / float count

    /// The state p(l) in scaled differences.
    let private scaled (equation: DifferenceEquation<'T>) (trajectory: Trajectory<'T>) (l: int) : 'T[] when 'T :> IField<'T> =
        trajectory.Delay l |> Coordinates.toDifference |> Coordinates.toScaled equation.Step |> Array.concat

    let private trajectories (network: Network<'T>) (points: 'T[][]) : Trajectory<'T>[] when 'T :> IRing<'T> =
        points |> Array.map (Simulation.history network >> Simulation.run network.Equation)

    /// The states p(l) of the test points at depth l.
    let phasePoints (classifier: PhaseClassifier) (l: int) : float[][] =
        trajectories classifier.Network (classifier.Test.Points |> Array.map Binary64.ofFloats)
        |> Array.map (fun trajectory -> scaled classifier.Network.Equation trajectory l |> Binary64.toFloats)

    /// The network over intervals, which enclose what it computes without rounding, and the trajectories of the test points.
    let private enclosed (classifier: PhaseClassifier) : Network<Interval> * Trajectory<Interval>[] =
        let number (x: Binary64) = Interval.ofFloat x.Value
        let network = Network.map number (Activation.map number) classifier.Network
        network, trajectories network (classifier.Test.Points |> Array.map (Array.map Interval.ofFloat))

    let private layers (classifier: PhaseClassifier) : Layer<Binary64>[] =
        Architecture.maps classifier.Network.Architecture |> Array.map (fun maps -> maps[0].Last)

    /// ‖W_l‖ of every layer, a Lipschitz constant of tanh(W_l x + b_l) in the max norm.
    let private lipschitz (classifier: PhaseClassifier) : Interval[] =
        layers classifier
        |> Array.map (fun layer ->
            let d = layer.OutputWidth
            let size i j = Interval.ofFloat (Math.Abs layer.Weights[i, j].Value)
            Array.init d (fun i -> Array.init d (size i) |> Array.reduce Arithmetic.(+)) |> Array.reduce Interval.max)

    /// The number of layer weights, biases not counted, in the arrays of the network.
    let layerWeights (classifier: PhaseClassifier) : int64 =
        layers classifier |> Array.sumBy (fun layer -> Layer.parameterCount layer - int64 layer.OutputWidth)

    /// Whether h‖W_l‖ &lt; 1 for every layer. One of order one and width one is then strictly increasing.
    let isContractive (classifier: PhaseClassifier) : bool =
        let h = Interval.ofFloat classifier.Network.Equation.Step.Value
        lipschitz classifier |> Array.forall (fun norm -> (Arithmetic.(*) h norm).Upper < 1.0)

    /// The greatest accuracy that the network can have without rounding: no enclosure of a logit excludes it.
    let mostAccurate (classifier: PhaseClassifier) : float =
        let network, trajectories = enclosed classifier

        let canBeRight trajectory label =
            let logit: Interval = (Simulation.output network trajectory)[0]
            if label = 1 then logit.Upper > 0.0 else logit.Lower <= 0.0

        let right = Array.map2 canBeRight trajectories classifier.Test.Labels |> Array.filter id |> Array.length
        float right / float trajectories.Length

    /// For every depth 1, …, L the least distance of two test points of different classes, in the max norm of p and from below, and its bound from above: the
    /// distance at depth 0 over Π_l (1 + h·max(1, ‖W_l‖(1 + h))), for order two and more (hauser.dim.embedding).
    let separation (classifier: PhaseClassifier) : (float * float)[] =
        let network, trajectories = enclosed classifier
        let one, h = Interval.ofFloat 1.0, network.Equation.Step

        let ofClass label = Array.zip trajectories classifier.Test.Labels |> Array.filter (snd >> (=) label) |> Array.map fst

        let zeros, ones = ofClass 0, ofClass 1

        /// The least max-norm distance, with `gap` between two coordinates.
        let least (gap: Interval -> Interval -> float) l =
            let p = Array.map (fun trajectory -> scaled network.Equation trajectory l)
            let left, right = p zeros, p ones
            let mutable least = infinity

            for a in left do
                for b in right do
                    let mutable distance = 0.0

                    for i in 0 .. a.Length - 1 do
                        distance <- Math.Max(distance, gap a[i] b[i])

                    least <- Math.Min(least, distance)

            least

        // Differences are rounded to nearest, which is monotone, so that one neighbour at the end bounds them all.
        let below = least (fun a b -> Math.Max(a.Lower - b.Upper, b.Lower - a.Upper)) >> Math.BitDecrement
        let above = least (fun a b -> Math.Max(a.Upper - b.Lower, b.Upper - a.Lower)) >> Math.BitIncrement

        let growth norm = Arithmetic.(+) one (Arithmetic.(*) h (Interval.max one (Arithmetic.(*) norm (Arithmetic.(+) one h))))

        let bounds =
            lipschitz classifier |> Array.scan (fun bound norm -> Arithmetic.(/) bound (growth norm)) (Interval.ofFloat (above 0))

        Array.init (bounds.Length - 1) (fun l -> below (l + 1), bounds[l + 1].Upper)
