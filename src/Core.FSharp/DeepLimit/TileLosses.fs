namespace LayerTime.Core.DeepLimit

open System.Runtime.InteropServices
open System.Runtime.Intrinsics
open LayerTime.Core.Numbers
open LayerTime.Core.Engine

/// The losses of a training problem on tiles of samples: the named ones in lanes, any other one sample by sample.
[<RequireQualifiedAccess>]
module internal TileLosses =
    let private row = Tile.Samples

    let private load (x: float[]) (at: int) : Vector256<float> = Vector256.LoadUnsafe(&MemoryMarshal.GetArrayDataReference x, unativeint at)

    let private store (value: Vector256<float>) (x: float[]) (at: int) : unit =
        value.StoreUnsafe(&MemoryMarshal.GetArrayDataReference x, unativeint at)

    /// Weights, and the targets row by row within each tile; both 0 in the lanes without a sample.
    let private lanes (samples: Sample<Binary64>[]) : float[] * float[] =
        let m = samples[0].Target.Length
        let tiles = (samples.Length + row - 1) / row
        let weights, targets = Array.zeroCreate (tiles * row), Array.zeroCreate (tiles * row * m)

        for s, sample in Array.indexed samples do
            weights[s] <- sample.Weight.Value

            for k in 0 .. m - 1 do
                targets[s / row * row * m + k * row + s % row] <- sample.Target[k].Value

        weights, targets

    let private squared (samples: Sample<Binary64>[]) : ITileLoss =
        let weights, targets = lanes samples
        let m = samples[0].Target.Length

        {
            new ITileLoss with
                member _.Evaluate(first, outputs, values, slopes) =
                    for v in 0..4 .. row - 1 do
                        let w = load weights (first + v)
                        let mutable sum = Vector256<float>.Zero

                        for k in 0 .. m - 1 do
                            let r = load outputs (k * row + v) - load targets (first * m + k * row + v)
                            sum <- Vector256.FusedMultiplyAdd(r, r, sum)
                            store (w * (r + r)) slopes (k * row + v)

                        store (w * sum) values v
        }

    let private logistic (samples: Sample<Binary64>[]) : ITileLoss =
        let weights, targets = lanes samples
        let signs = targets |> Array.map (fun y -> 1.0 - 2.0 * y)

        {
            new ITileLoss with
                member _.Evaluate(first, outputs, values, slopes) =
                    for v in 0..4 .. row - 1 do
                        let w, sign = load weights (first + v), load signs (first + v)
                        let z = sign * load outputs v
                        store (w * LaneFunctions.softplus z) values v
                        store (w * sign * LaneFunctions.logistic z) slopes v
        }

    let private any (loss: Loss<Binary64>) (samples: Sample<Binary64>[]) : ITileLoss =
        let m = samples[0].Target.Length

        {
            new ITileLoss with
                member _.Evaluate(first, outputs, values, slopes) =
                    for s in 0 .. row - 1 do
                        let isSample = first + s < samples.Length
                        let sample = samples[min (first + s) (samples.Length - 1)]
                        let w = if isSample then sample.Weight.Value else 0.0
                        let z = Array.init m (fun k -> Binary64 outputs[k * row + s])
                        let gradient = loss.Gradient(z, sample.Target)
                        values[s] <- w * loss.Value(z, sample.Target).Value

                        for k in 0 .. m - 1 do
                            slopes[k * row + s] <- w * gradient[k].Value
        }

    /// The loss of a problem on some samples.
    let ofSamples (problem: TrainingProblem<Binary64>) : Sample<Binary64>[] -> ITileLoss =
        match problem.Loss.Name with
        | LossName.Squared -> squared
        | LossName.Logistic -> logistic
        | LossName.CrossEntropy
        | LossName.Other _ -> any problem.Loss
