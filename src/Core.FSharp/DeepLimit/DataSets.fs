namespace LayerTime.Core.DeepLimit

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// Points with the number of their class, zero-based.
[<NoComparison>]
type LabelledPoints = {
    /// The points, one row each.
    Points: float[][]
    /// The class of each point.
    Labels: int[]
}

/// The built-in data sets of two classes in the plane, without randomness: the same points everywhere.
[<RequireQualifiedAccess>]
module DataSets =
    let private fraction (x: float) = x - Math.Floor x
    let private golden = (Elementary.sqrt 5.0 - 1.0) / 2.0

    let private both (first: float[][]) (second: float[][]) : LabelledPoints = {
        Points = Array.append first second
        Labels = Array.append (Array.create first.Length 0) (Array.create second.Length 1)
    }

    /// (k + ½)/N, k = 0 … N−1
    let private middles (perClass: int) = Array.init perClass (fun k -> (float k + 0.5) / float perClass)

    /// Two half circles of N points each, moved by quasi-random shifts of at most ε = 1/10 in each coordinate; either is the point reflection of the other.
    let moons (perClass: int) : LabelledPoints =
        let shift k = 0.1 * (2.0 * fraction (float k * golden) - 1.0), 0.1 * (2.0 * fraction (float k * Elementary.sqrt 2.0) - 1.0)

        let upper =
            middles perClass
            |> Array.mapi (fun k u ->
                let dx, dy = shift k
                [| Elementary.cos (Math.PI * u) + dx - 0.5; Elementary.sin (Math.PI * u) + dy - 0.25 |])

        let lower =
            middles perClass
            |> Array.mapi (fun k u ->
                let dx, dy = shift k
                [| 1.0 - Elementary.cos (Math.PI * u) - dx - 0.5; 0.5 - Elementary.sin (Math.PI * u) - dy - 0.25 |])

        both upper lower

    /// Two spirals of one turn, r = 1/10 + (9/10)u at the angle 2πu, N points each; either is the point reflection of the other.
    let spirals (perClass: int) : LabelledPoints =
        let arm =
            middles perClass
            |> Array.map (fun u ->
                let r = 0.1 + 0.9 * u
                [| r * Elementary.cos (2.0 * Math.PI * u); r * Elementary.sin (2.0 * Math.PI * u) |])

        both arm (Array.map (Array.map (~-)) arm)

    /// A disc of radius 1/2 inside a ring of radii 3/4 to 1, N points each at angles that are multiples of the golden section, evenly by area.
    let annuli (perClass: int) : LabelledPoints =
        let ring inner outer =
            middles perClass
            |> Array.mapi (fun k u ->
                let r = Elementary.sqrt (inner * inner + u * (outer * outer - inner * inner))
                let angle = 2.0 * Math.PI * fraction (float k * golden)
                [| r * Elementary.cos angle; r * Elementary.sin angle |])

        both (ring 0.0 0.5) (ring 0.75 1.0)

    /// The data sets by name.
    let named: (string * (int -> LabelledPoints)) list = [ "moons", moons; "spirals", spirals; "annuli", annuli ]

    /// The classification of points as a training problem: inputs padded with zeros to the width, the mean logistic loss for two classes and the mean
    /// cross-entropy for more; or what is wrong with the points.
    let classification
        (activation: Activation<Binary64>)
        (width: int)
        (regulariser: Regulariser<Binary64>)
        (data: LabelledPoints)
        : Result<TrainingProblem<Binary64>, Defect list> =
        let classes = data.Labels |> Array.fold (fun most label -> max most (label + 1)) 0
        let features = data.Points |> Array.map _.Length |> Array.distinct

        let defects = [
            yield!
                Defect.unless
                    (data.Points.Length = data.Labels.Length)
                    "labels"
                    $"{data.Labels.Length}"
                    $"{data.Points.Length}, one for each point"
            yield! Defect.unless (Array.forall (fun label -> label >= 0) data.Labels) "labels" "a negative class" "classes from 0 on"

            let found = Array.distinct data.Labels |> Array.length
            yield! Defect.unless (found >= 2) "labels" (if found = 1 then "a single class" else "no class") "at least two classes"

            match features with
            | [| d |] ->
                yield! Defect.unless (d <= width) "width" $"{width} for {d} features" $"at least {d}, one component of the state for each"
            | _ -> Defect.create "points" "rows of different lengths" "the same features in every row"

            for s, point in Array.indexed data.Points do
                yield! Defect.unless (Array.forall Double.IsFinite point) $"point {s}" "a number that is not finite" "finite numbers"
        ]

        match defects with
        | [] ->
            let target label =
                if classes = 2 then
                    [| Binary64(float label) |]
                else
                    Array.init classes (fun k -> Binary64(if k = label then 1.0 else 0.0))

            let sample (point: float[]) label = {
                Input = Array.append point (Array.zeroCreate (width - point.Length)) |> Binary64.ofFloats
                Target = target label
                Weight = Binary64(1.0 / float data.Points.Length)
            }

            let loss = if classes = 2 then Loss.logistic else Loss.crossEntropy
            TrainingProblem.create activation loss regulariser (Array.map2 sample data.Points data.Labels)
        | defects -> Error defects
