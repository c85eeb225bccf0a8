namespace LayerTime.Core.Experiments

open LayerTime.Core.Numbers
open LayerTime.Core.Claims
open LayerTime.Core.DeepLimit

/// Random samples of two classes, label y = i mod 2, keyed by a seed.
[<RequireQualifiedAccess>]
module ClassificationSamples =
    let private labelled (count: int) (point: int -> float[]) : LabelledPoints = {
        Points = Array.init count (fun i -> point (i % 2))
        Labels = Array.init count (fun i -> i % 2)
    }

    /// r ~ U(0, 1) where y = 0, U(3/2, 5/2) where y = 1.
    let private radius (stream: RandomStream) (label: int) : float =
        if label = 0 then stream.NextFloat(0.0, 1.0) else stream.NextFloat(1.5, 2.5)

    /// A normal number with mean 0 and variance 1, by Box and Muller.
    let normal (stream: RandomStream) : float =
        // 1 − u lies in (0, 1], so that its logarithm is finite.
        let size = Elementary.sqrt (-2.0 * Elementary.log (1.0 - stream.NextFloat(0.0, 1.0 - System.Math.ScaleB(1.0, -53))))
        size * Elementary.cos (2.0 * System.Math.PI * stream.NextFloat(0.0, 1.0))

    /// x = ±r on the line: an interval inside two others.
    let nestedIntervals (count: int) (stream: RandomStream) : LabelledPoints =
        labelled count (fun label ->
            let r = radius stream label
            [| (if stream.NextBool() then r else -r) |])

    /// A disc inside a ring.
    let annuli (count: int) (stream: RandomStream) : LabelledPoints =
        labelled count (fun label ->
            let r = radius stream label
            let angle = stream.NextFloat(0.0, 2.0 * System.Math.PI)
            [| r * Elementary.cos angle; r * Elementary.sin angle |])

    /// Two spirals: t = √U(0.04, 1), the point 2t at the angle 2πt + πy, and normal noise of 0.05.
    let spirals (count: int) (stream: RandomStream) : LabelledPoints =
        labelled count (fun label ->
            let t = Elementary.sqrt (stream.NextFloat(0.04, 1.0))
            let angle = 2.0 * System.Math.PI * t + System.Math.PI * float label

            [| 2.0 * t * Elementary.cos angle + 0.05 * normal stream; 2.0 * t * Elementary.sin angle + 0.05 * normal stream |])
