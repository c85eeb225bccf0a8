namespace LayerTime.Core.Experiments

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Claims
open LayerTime.Core.DeepLimit

/// A cubic network x(l+1) = u − dt·u³, u = (I + dt·w_l)x(l) + dt·b_l, of N layers over T, between zeros appended to the input and a logistic readout.
type CubicArchitecture = {
    /// d, at least the number of features.
    Width: int
    /// N
    Depth: int
    /// T
    Horizon: float
    /// The iterations of Adam.
    Iterations: int
} with

    /// dt = T/N
    member a.TimeStep = a.Horizon / float a.Depth

/// A trained cubic network.
[<NoComparison; NoEquality>]
type CubicClassifier = {
    /// What it is.
    Architecture: CubicArchitecture
    /// W_l = I + dt·w_l row by row and dt·b_l, layer by layer.
    Layers: (float[] * float[])[]
    /// v and c of the logit v·x(N) + c.
    Readout: float[] * float
    /// The data.
    Data: LabelledPoints
    /// The share of the data that is classified correctly.
    Accuracy: float
    /// The least 1 − 3dt·u_i² over layers, data and components: positive where the activation is increasing at all of them.
    LeastSlope: float
    /// The least det W_l over the layers.
    LeastDeterminant: float
}

/// <summary>The experiment of Ruseckas with two concentric classes: a cubic feed-forward network near the identity, trained by Adam.</summary>
/// <remarks>Settings that the talk does not name are those of the specification: mean cross-entropy, rate 0.02, decay 10⁻⁴, gradients in W and B, normal start 0.3.</remarks>
[<RequireQualifiedAccess>]
module CubicClassifier =
    /// 400 points at radius ½ (class 0) or 1 (class 1), any angle, with normal noise.
    let concentric (noise: float) (stream: RandomStream) : LabelledPoints = {
        Points =
            Array.init 400 (fun i ->
                let r = if i % 2 = 0 then 0.5 else 1.0
                let angle = stream.NextFloat(0.0, 2.0 * Math.PI)
                let shift () = noise * ClassificationSamples.normal stream
                [| r * Elementary.cos angle + shift (); r * Elementary.sin angle + shift () |])
        Labels = Array.init 400 (fun i -> i % 2)
    }

    /// W x + B into u.
    let private affine (d: int) (weights: float[]) (bias: float[]) (x: float[]) (u: float[]) : unit =
        for i in 0 .. d - 1 do
            let mutable sum = bias[i]

            for j in 0 .. d - 1 do
                sum <- sum + weights[i * d + j] * x[j]

            u[i] <- sum

    let private determinant (d: int) (w: float[]) : float =
        if d = 2 then
            w[0] * w[3] - w[1] * w[2]
        else
            w[0] * (w[4] * w[8] - w[5] * w[7]) - w[1] * (w[3] * w[8] - w[5] * w[6]) + w[2] * (w[3] * w[7] - w[4] * w[6])

    /// u = W x + B
    let internal preActivation (number: float -> 'T) ((weights, bias): float[] * float[]) (x: 'T[]) : 'T[] when 'T :> IRing<'T> =
        let d = bias.Length

        Array.init d (fun i ->
            Seq.fold (fun sum j -> 'T.Sum(sum, 'T.Product(number weights[i * d + j], x[j]))) (number bias[i]) (seq { 0 .. d - 1 }))

    /// u − dt·u³
    let internal activation (dt: 'T) (u: 'T) : 'T :> IRing<'T> = 'T.Difference(u, 'T.Product(dt, 'T.Product(u, 'T.Product(u, u))))

    /// The states x(0), …, x(N), from x(0) over any numbers.
    let internal statesFrom (number: float -> 'T) (classifier: CubicClassifier) (start: 'T[]) : 'T[][] when 'T :> IRing<'T> =
        let dt = number classifier.Architecture.TimeStep
        Array.scan (fun x layer -> preActivation number layer x |> Array.map (activation dt)) start classifier.Layers

    /// The states x(0), …, x(N) of a point, to which zeros are appended.
    let trajectory (classifier: CubicClassifier) (point: float[]) : float[][] =
        let start = Array.append point (Array.zeroCreate (classifier.Architecture.Width - point.Length))
        statesFrom Binary64 classifier (Binary64.ofFloats start) |> Array.map Binary64.toFloats

    /// The mean loss and its gradient in W_l, B_l (not in w_l, b_l), v and c, at variables w_l, b_l layer by layer, v, c; `u` has room for the
    /// pre-activations of one point.
    let internal gradient (a: CubicArchitecture) (data: LabelledPoints) (variables: float[]) (result: float[]) : float =
        let d, n = a.Width, a.Depth
        let dt = a.TimeStep
        let perLayer = d * d + d

        let weights =
            Array.init n (fun l -> Array.init (d * d) (fun e -> (if e / d = e % d then 1.0 else 0.0) + dt * variables[l * perLayer + e]))

        let bias = Array.init n (fun l -> Array.init d (fun i -> dt * variables[l * perLayer + d * d + i]))
        let readout = n * perLayer
        Array.Clear result
        let x = Array.init (n + 1) (fun _ -> Array.zeroCreate<float> d)
        let u = Array.init n (fun _ -> Array.zeroCreate<float> d)
        let p, q = Array.zeroCreate<float> d, Array.zeroCreate<float> d
        let share = 1.0 / float data.Points.Length
        let mutable total = 0.0

        for s in 0 .. data.Points.Length - 1 do
            Array.Clear x[0]
            Array.Copy(data.Points[s], x[0], data.Points[s].Length)

            for l in 0 .. n - 1 do
                affine d weights[l] bias[l] x[l] u[l]

                for i in 0 .. d - 1 do
                    let t = u[l][i]
                    x[l + 1][i] <- t - dt * t * t * t

            let mutable z = variables[readout + d]

            for i in 0 .. d - 1 do
                z <- z + variables[readout + i] * x[n][i]

            let sign = if data.Labels[s] = 1 then -1.0 else 1.0
            total <- total + share * Elementary.softplus (sign * z)
            let slope = share * sign * Elementary.logistic (sign * z)
            result[readout + d] <- result[readout + d] + slope

            for i in 0 .. d - 1 do
                result[readout + i] <- result[readout + i] + slope * x[n][i]
                p[i] <- slope * variables[readout + i]

            for l in n - 1 .. -1 .. 0 do
                for i in 0 .. d - 1 do
                    let t = u[l][i]
                    q[i] <- (1.0 - 3.0 * dt * t * t) * p[i]
                    result[l * perLayer + d * d + i] <- result[l * perLayer + d * d + i] + q[i]

                    for j in 0 .. d - 1 do
                        let e = l * perLayer + i * d + j
                        result[e] <- result[e] + q[i] * x[l][j]

                for j in 0 .. d - 1 do
                    let mutable sum = 0.0

                    for i in 0 .. d - 1 do
                        sum <- sum + weights[l][i * d + j] * q[i]

                    p[j] <- sum

        total

    /// A network trained on the data from normal numbers of standard deviation 0.3.
    let train (a: CubicArchitecture) (data: LabelledPoints) (stream: RandomStream) : CubicClassifier =
        let d, n = a.Width, a.Depth
        let perLayer = d * d + d
        let dt = a.TimeStep

        let variables =
            Array.init (n * perLayer + d) (fun _ -> 0.3 * ClassificationSamples.normal stream) |> fun v -> Array.append v [| 0.0 |]

        let slopes = Array.zeroCreate<float> variables.Length
        let adam = Adam(0.02, variables)

        for _ in 1 .. a.Iterations do
            gradient a data variables slopes |> ignore

            // c is not penalised.
            for i in 0 .. variables.Length - 2 do
                slopes[i] <- slopes[i] + 1e-4 * variables[i]

            adam.Step slopes

        let layer l =
            Array.init (d * d) (fun e -> (if e / d = e % d then 1.0 else 0.0) + dt * variables[l * perLayer + e]),
            Array.init d (fun i -> dt * variables[l * perLayer + d * d + i])

        let classifier = {
            Architecture = a
            Layers = Array.init n layer
            Readout = Array.sub variables (n * perLayer) d, variables[n * perLayer + d]
            Data = data
            Accuracy = 0.0
            LeastSlope = 0.0
            LeastDeterminant = 0.0
        }

        let trajectories = data.Points |> Array.map (trajectory classifier)
        let v, c = classifier.Readout
        let logit (states: float[][]) = Array.fold2 (fun sum a b -> sum + a * b) c v states[n]
        let isRight states label = (logit states > 0.0) = (label = 1)

        let slope (states: float[][]) =
            Array.init n (fun l ->
                preActivation Binary64 classifier.Layers[l] (Binary64.ofFloats states[l])
                |> Array.map (fun u -> 1.0 - 3.0 * dt * u.Value * u.Value)
                |> Array.min)
            |> Array.min

        {
            classifier with
                Accuracy = float (Array.map2 isRight trajectories data.Labels |> Array.filter id |> Array.length) / float data.Labels.Length
                LeastSlope = trajectories |> Array.map slope |> Array.min
                LeastDeterminant = classifier.Layers |> Array.map (fst >> determinant d) |> Array.min
        }
