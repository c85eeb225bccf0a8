namespace LayerTime.Core.DeepLimit

open System.Runtime.InteropServices
open System.Runtime.Intrinsics
open LayerTime.Core.Numbers
open LayerTime.Core.Engine

/// The losses of a training problem on tiles of samples: the named ones in lanes, any other one sample by sample.
[<RequireQualifiedAccess>]
module internal TileLosses =
    let private load (x: float[]) (at: int) : Vector256<float> = Vector256.LoadUnsafe(&MemoryMarshal.GetArrayDataReference x, unativeint at)

    let private store (value: Vector256<float>) (x: float[]) (at: int) : unit =
        value.StoreUnsafe(&MemoryMarshal.GetArrayDataReference x, unativeint at)

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
                        let w = load weights (first + v)
                        let mutable sum = Vector256<float>.Zero

                        for k in 0 .. m - 1 do
                            let r = load outputs (k * stride + v) - load targets (k * length + first + v)
                            sum <- Vector256.FusedMultiplyAdd(r, r, sum)
                            store (w * (r + r)) slopes (k * stride + v)

                        store (w * sum) values v
        }

    let private logistic (samples: Sample<Binary64>[]) : ITileLoss =
        let weights, targets = padded samples (samples.Length + 3)
        let signs = targets |> Array.map (fun y -> 1.0 - 2.0 * y)

        {
            new ITileLoss with
                member _.Evaluate(first, count, _, outputs, values, slopes) =
                    for v in 0..4 .. count - 1 do
                        let w, sign = load weights (first + v), load signs (first + v)
                        let z = sign * load outputs v
                        store (w * LaneFunctions.softplus z) values v
                        store (w * sign * LaneFunctions.logistic z) slopes v
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
