namespace LayerTime.Core.DeepLimit

open LayerTime.Core.Numbers
open LayerTime.Core.Engine

/// The losses of a training problem on tiles of samples: the named ones in lanes, any other one sample by sample.
[<RequireQualifiedAccess>]
module internal TileLosses =
    /// With the operators of lanes.
    module private InLanes =
        open LaneArithmetic

        /// r = z − y
        let inline residual (z: FourLanes) (y: FourLanes) : FourLanes = z - y

        /// s + r²
        let inline addSquare (s: FourLanes) (r: FourLanes) : FourLanes = Lanes.fma r r s

        /// 2 w r
        let inline slope (w: FourLanes) (r: FourLanes) : FourLanes = w * (r + r)

        /// w s
        let inline weighted (w: FourLanes) (s: FourLanes) : FourLanes = w * s

        /// w log(1 + eᵗ) and its slope in z, for t = ±z
        let inline logistic (w: FourLanes) (sign: FourLanes) (z: FourLanes) : struct (FourLanes * FourLanes) =
            let t = sign * z
            struct (w * LaneFunctions.softplus t, w * sign * LaneFunctions.logistic t)

    /// Weights and, component after component, targets, with zeros up to `length` samples, so that whole vectors can be read.
    let private padded (samples: Sample<Binary64>[]) (length: int) : float[] * float[] =
        let m = samples[0].Target.Length
        let weights, targets = Array.zeroCreate length, Array.zeroCreate (length * m)

        for s, sample in Array.indexed samples do
            weights[s] <- sample.Weight.Value

            for k in 0 .. m - 1 do
                targets[k * length + s] <- sample.Target[k].Value

        weights, targets

    let private squared (samples: Sample<Binary64>[]) : ITileLoss =
        let m, length = samples[0].Target.Length, samples.Length + 3
        let weights, targets = padded samples length

        {
            new ITileLoss with
                member _.Evaluate(first, count, stride, outputs, values, slopes) =
                    for v in 0..4 .. count - 1 do
                        let w = Lanes.load weights (first + v)
                        let mutable sum = Lanes.all 0.0

                        for k in 0 .. m - 1 do
                            let r = InLanes.residual (Lanes.load outputs (k * stride + v)) (Lanes.load targets (k * length + first + v))
                            sum <- InLanes.addSquare sum r
                            Lanes.store (InLanes.slope w r) slopes (k * stride + v)

                        Lanes.store (InLanes.weighted w sum) values v
        }

    let private logistic (samples: Sample<Binary64>[]) : ITileLoss =
        let weights, targets = padded samples (samples.Length + 3)
        let signs = targets |> Array.map (fun y -> 1.0 - 2.0 * y)

        {
            new ITileLoss with
                member _.Evaluate(first, count, _, outputs, values, slopes) =
                    for v in 0..4 .. count - 1 do
                        let struct (value, slope) =
                            InLanes.logistic (Lanes.load weights (first + v)) (Lanes.load signs (first + v)) (Lanes.load outputs v)

                        Lanes.store value values v
                        Lanes.store slope slopes v
        }

    let private any (loss: Loss<Binary64>) (samples: Sample<Binary64>[]) : ITileLoss =
        SampleLosses(
            samples[0].Target.Length,
            OutputLoss(fun s output gradient ->
                let sample = samples[s]
                let z = Binary64.ofFloats (output.ToArray())
                let w = sample.Weight.Value
                let slopes = loss.Gradient(z, sample.Target)

                for k in 0 .. slopes.Length - 1 do
                    gradient[k] <- w * slopes[k].Value

                w * loss.Value(z, sample.Target).Value)
        )

    /// The loss of a problem on some samples.
    let ofSamples (problem: TrainingProblem<Binary64>) : Sample<Binary64>[] -> ITileLoss =
        match problem.Loss.Name with
        | LossName.Squared -> squared
        | LossName.Logistic -> logistic
        | LossName.CrossEntropy
        | LossName.Other _ -> any problem.Loss
