namespace LayerTime.Core.Experiments

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// <summary>Whether cubic layers of the plane are injective on a disc, and the image of its centre stays enclosed by that of its rim, proven over intervals.</summary>
/// <remarks>
/// The disc is a polygon. While layers are injective on it, its image D has the image of its rim as boundary, and the linear functions u = W x + B take their
/// extremes over D on that boundary. So det W &gt; 0 and 1 − 3dt·u² &gt; 0 along the rim make the next layer injective on D, layer by layer.
/// </remarks>
[<RequireQualifiedAccess>]
module DiscEnclosure =
    module private Formula =
        open Arithmetic

        /// The derivative 1 − 3dt·u² of u − dt·u³.
        let increase (dt: Interval) (u: Interval) : Interval = Interval.ofFloat 1.0 - Interval.ofFloat 3.0 * dt * Interval.square u

        /// u + slope·reach
        let around (reach: Interval) (u: Interval) (slope: Interval) : Interval = u + slope * reach

        /// det W of W = [w0 w1; w2 w3].
        let determinant (w: Interval[]) : Interval = w[0] * w[3] - w[1] * w[2]

        /// Twice the signed area of the triangle c, p, q.
        let area (c: Interval[]) (p: Interval[]) (q: Interval[]) : Interval = (p[0] - c[0]) * (q[1] - c[1]) - (p[1] - c[1]) * (q[0] - c[0])

    let private corners: float[][] =
        Array.init 360 (fun k ->
            let angle = Math.PI * float k / 180.0
            [| Elementary.cos angle; Elementary.sin angle |])

    /// The number of layers, up to `last`, that are increasing along start + t·edge for t from `from` to `upto`: the mean-value form of the image of that piece,
    /// which is cut in two where it does not decide.
    let rec private increasingAlong (classifier: CubicClassifier) start edge cuts last (from: float, upto: float) : int =
        let dt = Interval.ofFloat classifier.Architecture.TimeStep
        // Halves of halves of 1: exact.
        let middle = (from + upto) / 2.0
        let reach = Interval.ofBounds (from - middle) (upto - middle)
        let mutable x = Vector.addScaled start (Interval.ofFloat middle) edge
        let mutable tangent = edge
        let mutable reached = 0
        let mutable isDecided = true

        while isDecided && reached < last do
            let weights, bias = classifier.Layers[reached]
            let u = CubicClassifier.preActivation Interval.ofFloat (weights, bias) x
            let slope = CubicClassifier.preActivation Interval.ofFloat (weights, Array.map (fun _ -> 0.0) bias) tangent
            let increase = Array.map2 (Formula.around reach) u slope |> Array.map (Formula.increase dt)
            isDecided <- increase |> Array.forall (fun a -> a.Lower > 0.0)

            if isDecided then
                x <- u |> Array.map (CubicClassifier.activation dt)
                tangent <- Array.map2 (fun a b -> Arithmetic.(*) a b) increase slope
                reached <- reached + 1

        if isDecided || cuts = 0 then
            reached
        else
            let left = increasingAlong classifier start edge (cuts - 1) last (from, middle)
            increasingAlong classifier start edge (cuts - 1) left (middle, upto)

    /// The number of layers up to which all of them are proven injective on the image of the disc of radius 1.
    let injectiveLayers (classifier: CubicClassifier) : int =
        let isOriented (weights, _) = (Formula.determinant (Array.map Interval.ofFloat weights)).Lower > 0.0
        let oriented = classifier.Layers |> Seq.takeWhile isOriented |> Seq.length

        corners
        |> Seq.indexed
        |> Seq.fold
            (fun last (k, corner) ->
                let start = Array.map Interval.ofFloat corner
                let edge = Vector.subtract (Array.map Interval.ofFloat corners[(k + 1) % corners.Length]) start
                increasingAlong classifier start edge 12 last (0.0, 1.0))
            oriented

    /// The points corner + t·edge of the rim, and their states after all layers.
    let private states (number: float -> 'T) (classifier: CubicClassifier) (at: float) : 'T[][] when 'T :> IRing<'T> =
        let k = int at
        let start = Array.map number corners[k]
        let edge = Vector.subtract (Array.map number corners[(k + 1) % corners.Length]) start
        CubicClassifier.statesFrom number classifier (Vector.addScaled start (number (at - float k)) edge)

    let private distance (x: float[]) (y: float[]) = Math.Max(abs (x[0] - y[0]), abs (x[1] - y[1]))

    /// Whether a point is proven to lie inside a triangle of three others that go around it: floats choose them, intervals decide.
    let internal isSurrounded (point: float[]) (others: float[][]) (enclosed: int -> Interval[]) (enclosedPoint: Interval[]) : bool =
        let angles = others |> Array.map (fun q -> Math.Atan2(q[1] - point[1], q[0] - point[0]))
        let turn from upto = if upto >= from then upto - from else upto - from + 2.0 * Math.PI

        /// The point that is nearest to a third of a turn, or two, further.
        let further thirds first =
            angles
            |> Array.indexed
            |> Array.minBy (fun (_, angle) -> abs (turn first angle - thirds * 2.0 * Math.PI / 3.0))
            |> fst
            |> enclosed

        Seq.init 8 (fun i -> i * others.Length / 8)
        |> Seq.exists (fun i ->
            let p, q, r = enclosed i, further 1.0 angles[i], further 2.0 angles[i]
            [ p, q; q, r; r, p ] |> List.forall (fun (a, b) -> (Formula.area enclosedPoint a b).Lower > 0.0))

    /// For x(0) and after each of the first layers: whether the image of the centre lies in the convex hull of that of the rim. Undecided where the image of
    /// the rim passes the centre so closely that rounding hides on which side.
    let enclosure (classifier: CubicClassifier) (layers: int) : Answer[] =
        let centre = CubicClassifier.trajectory classifier [| 0.0; 0.0 |]
        let enclosedCentre = CubicClassifier.statesFrom Interval.ofFloat classifier [| Interval.ofFloat 0.0; Interval.ofFloat 0.0 |]
        let path at = at, states Binary64 classifier at |> Array.map Binary64.toFloats
        let near l (path: float[][]) = distance path[l] centre[l]

        /// Two neighbours are nearer to each other than to the centre, so that they are seen from it within a right angle.
        let areClose l (first: float[][]) (last: float[][]) = distance first[l] last[l] <= 0.5 * Math.Min(near l first, near l last)

        /// The rim with more points between two neighbours, until they are close.
        let rec refined l cuts (from: float, first: float[][]) (upto: float, last: float[][]) : (float * float[][]) list =
            if cuts = 0 || areClose l first last then
                [ from, first ]
            else
                let middle = path ((from + upto) / 2.0)
                refined l (cuts - 1) (from, first) middle @ refined l (cuts - 1) middle (upto, last)

        let next (rim: (float * float[][])[]) k = if k + 1 < rim.Length then rim[k + 1] else float corners.Length, snd rim[0]

        let step (rim: (float * float[][])[]) l =
            let rim = rim |> Array.mapi (fun k point -> refined l 36 point (next rim k)) |> Array.collect Array.ofList
            let image i = (states Interval.ofFloat classifier (fst rim[i]))[l]

            let isResolved () =
                let nearest = Seq.minBy (fun k -> near l (snd rim[k])) (seq { 0 .. rim.Length - 1 })
                let doubt = Array.append (image nearest) enclosedCentre[l] |> Array.sumBy Interval.radius

                doubt <= 0.01 * near l (snd rim[nearest])
                && Seq.forall (fun k -> areClose l (snd rim[k]) (snd (next rim k))) (seq { 0 .. rim.Length - 1 })

            let answer =
                if isSurrounded centre[l] (rim |> Array.map (fun (_, path) -> path[l])) image enclosedCentre[l] then Answer.Yes
                elif isResolved () then Answer.No
                else Answer.Undecided

            rim, answer

        // Once rounding hides the side at a layer, it does later.
        let answers = ResizeArray()
        let mutable rim = Array.init corners.Length (float >> path)
        let mutable isKnown = true

        for l in 0..layers do
            if isKnown then
                let finer, answer = step rim l
                rim <- finer
                isKnown <- answer <> Answer.Undecided
                answers.Add answer
            else
                answers.Add Answer.Undecided

        answers.ToArray()
