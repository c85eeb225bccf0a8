namespace LayerTime.Core.Rigour

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// A set of vectors c + Q·r in the frame Q of a Lohner set.
[<NoComparison; NoEquality>]
type internal Framed = { Point: Interval[]; Rest: Interval[] }

/// <summary>A set of states ĥ + C·r₀ + Q·r: a centre, a matrix times the box it all began with, and a small box in a frame of its own.</summary>
/// <remarks>
/// C carries the set along as the flow deforms it; what rounding and curvature add is kept in the orthogonal frame Q, so that it is
/// not wrapped again at every step (Lohner 1987). Derivatives of the states in the inputs, where they are carried, lie in the same frame.
/// </remarks>
[<NoComparison; NoEquality>]
type LohnerSet = internal {
    Centre: float[]
    Carried: Matrix<Interval>
    Initial: Interval[]
    Frame: Matrix<Interval>
    Rest: Interval[]
    Hull: Box
    /// The derivatives in the inputs, one vector for each direction and pair of directions.
    FramedDerivatives: Framed[]
    Jet: FlowJet<Interval>
} with

    /// The smallest box known around the states, with the derivatives of the states in the inputs.
    member set.States: FlowJet<Interval> = set.Jet

/// Lohner sets: how they begin and how a step moves them.
[<RequireQualifiedAccess>]
module LohnerSet =
    let private points (m: Matrix<Interval>) : Matrix<Interval> = Matrix.map (Interval.midpoint >> Interval.ofFloat) m
    let private pointsOf (x: Interval[]) : Interval[] = Array.map (Interval.midpoint >> Interval.ofFloat) x

    let private meet (a: Interval) (b: Interval) : Interval =
        let common = Interval.intersect a b
        // Both contain the truth, so they meet; if not, a proof of ours is broken.
        if common.IsEmpty then invalidOp $"two enclosures of one number, {a} and {b}, do not meet" else common

    /// The vectors of derivatives of a jet: first ones, then second ones.
    let private vectors (jet: FlowJet<Interval>) : Interval[][] =
        Array.append
            (Array.init jet.Directions (fun a -> Array.sub jet.First (a * jet.Width) jet.Width))
            (Array.init jet.Pairs (fun e -> Array.sub jet.Second (e * jet.Width) jet.Width))

    let private ofVectors (like: FlowJet<Interval>) (value: Interval[]) (vectors: Interval[][]) : FlowJet<Interval> =
        let jet = FlowJet(value.Length, like.Directions, like.HasSecond)
        Array.blit value 0 jet.Value 0 value.Length
        Array.blit (Array.concat (Array.truncate like.Directions vectors)) 0 jet.First 0 jet.First.Length
        Array.blit (Array.concat (Array.skip like.Directions vectors)) 0 jet.Second 0 jet.Second.Length
        jet

    /// The states lift(x) for x in a box: from the lift at the midpoint m of the box and from the lift with its derivatives over the box.
    /// The jet of the derivatives to be carried may have fewer of them.
    let start (inputs: Box) (atMidpoint: Interval[]) (lifted: FlowJet<Interval>) (order: FlowOrder) : LohnerSet =
        let d, n = lifted.Width, lifted.Directions
        let exact = Matrix.init d n (fun i a -> lifted.First[a * d + i])
        let carried = points exact
        let initial = inputs |> Array.map (fun x -> Arithmetic.(-) x (Interval.ofFloat (Interval.midpoint x)))
        let centre = Array.map Interval.midpoint atMidpoint
        let bend = Matrix.apply (Matrix.subtract exact carried) initial

        let kept =
            match order with
            | FlowOrder.C0 -> FlowJet.ofValue lifted.Value
            | FlowOrder.C1 -> ofVectors (FlowJet(d, n, false)) lifted.Value (Array.truncate n (vectors lifted))
            | FlowOrder.C2 -> lifted

        {
            Centre = centre
            Carried = carried
            Initial = initial
            Frame = Matrix.identity d
            Rest = Vector.add (Vector.subtract atMidpoint (Box.ofPoint centre)) bend
            Hull = Array.map2 Interval.hull lifted.Value (Box.ofPoint centre)
            FramedDerivatives =
                vectors kept
                |> Array.map (fun v ->
                    let point = pointsOf v
                    { Point = point; Rest = Vector.subtract v point })
            Jet = kept
        }

    /// Orthonormal columns by Gram and Schmidt, twice for accuracy, from the columns of a matrix in an order of falling weight; a column
    /// that depends on those before it is replaced by a unit vector.
    let private orthonormal (m: Matrix<Interval>) (weights: float[]) : Matrix<Interval> =
        let d = m.Rows
        let column j = Array.init d (fun i -> Interval.midpoint m[i, j])
        let norm (v: float[]) = Math.Sqrt(Array.sumBy (fun a -> a * a) v)
        let byLength = Array.init d id |> Array.sortByDescending (fun j -> norm (column j) * weights[j])
        let basis = Collections.Generic.List<float[]>()

        let project (v: float[]) =
            let rest = Array.copy v

            for q in basis do
                let along = Array.fold2 (fun sum a b -> sum + a * b) 0.0 q rest

                for i in 0 .. d - 1 do
                    rest[i] <- rest[i] - along * q[i]

            rest

        let tryAdd (v: float[]) =
            let size = norm v
            let rest = project (project v)
            let left = norm rest

            if left > 1e-8 * size && Double.IsFinite left && basis.Count < d then
                basis.Add(Array.map (fun a -> a / left) rest)

        byLength |> Array.iter (column >> tryAdd)

        for i in 0 .. d - 1 do
            tryAdd (Array.init d (fun j -> if i = j then 1.0 else 0.0))

        Matrix.init d d (fun i j -> Interval.ofFloat (basis[j][i]))

    /// Q⁻¹ for a nearly orthogonal point matrix: with E = I − QᵀQ, Q⁻¹ = (I − E)⁻¹Qᵀ = Qᵀ + E(I − E)⁻¹Qᵀ, so that every entry is off
    /// Qᵀ by at most max|q|·‖E‖∞/(1 − ‖E‖∞).
    let internal inverse (q: Matrix<Interval>) : Matrix<Interval> option =
        let transposed = Matrix.transpose q
        let e = IntervalMatrix.normInf (Matrix.subtract (Matrix.identity q.Rows) (Matrix.multiply transposed q))

        if e < 1.0 then
            let largest = q.Entries.ToArray() |> Array.fold (fun m a -> Math.Max(m, Interval.magnitude a)) 0.0
            let off = Directed.multiplyUp largest (Directed.divideUp e (Directed.subtractDown 1.0 e))
            Some(Matrix.map (fun a -> Arithmetic.(+) a (Interval.ofBounds -off off)) transposed)
        else
            None

    /// The set after a step of the flow: φ(ĥ) + Dφ·(C·r₀ + Q·r) by the mean value theorem, and the derivatives by the chain rule.
    let advance (step: FlowStep) (set: LohnerSet) : LohnerSet =
        let d = set.Centre.Length
        let jacobian = Matrix.init d d (fun i a -> step.OverBox.First[a * d + i])
        let centre = Array.map Interval.midpoint step.AtCentre
        let moved = Matrix.multiply jacobian set.Carried
        let carried = points moved
        let bent = Matrix.multiply jacobian set.Frame
        let radii = Array.map2 (fun r _ -> Interval.magnitude r + 1e-300) set.Rest set.Rest
        let frame = orthonormal bent radii
        // Columns of length one by construction: the frame is orthogonal to rounding, or the identity does.
        let frame, back =
            match inverse frame with
            | Some back -> frame, back
            | None -> Matrix.identity d, Matrix.identity d

        let turn = Matrix.multiply back bent

        let extra =
            Vector.add (Vector.subtract step.AtCentre (Box.ofPoint centre)) (Matrix.apply (Matrix.subtract moved carried) set.Initial)

        let rest = Vector.add (Matrix.apply turn set.Rest) (Matrix.apply back extra)

        let states =
            Vector.add (Box.ofPoint centre) (Vector.add (Matrix.apply carried set.Initial) (Matrix.apply frame rest))
            |> Array.map2 meet step.OverBox.Value

        let old = set.Jet
        let first a = Array.sub old.First (a * d) d

        /// D²φ[Y_a, Y_b] for the pair e of directions a, b of the inputs, with the derivatives before the step.
        let curvature (a: int) (b: int) : Interval[] =
            let x, y = first a, first b

            Array.init d (fun i ->
                let mutable sum: Interval = Ring.ratio 0 1

                for p in 0 .. d - 1 do
                    for q in 0 .. d - 1 do
                        let second = step.OverBox.Second[step.OverBox.Pair(p, q) * d + i]
                        sum <- Arithmetic.(+) sum (Arithmetic.(*) second (Arithmetic.(*) x[p] y[q]))

                sum)

        let pairs = [|
            for a in 0 .. old.Directions - 1 do
                for b in a .. old.Directions - 1 -> a, b
        |]

        /// v ↦ Dφ·v + c, of a vector known as a box and in the frame.
        let push (v: Interval[]) (framed: Framed) (c: Interval[]) : Interval[] * Framed =
            let image = Vector.add (Matrix.apply jacobian framed.Point) c
            let point = pointsOf image
            let rest = Vector.add (Matrix.apply turn framed.Rest) (Matrix.apply back (Vector.subtract image point))
            let plain = Vector.add (Matrix.apply jacobian v) c
            Array.map2 meet plain (Vector.add point (Matrix.apply frame rest)), { Point = point; Rest = rest }

        let vectors, framed =
            Array.zip (vectors old) set.FramedDerivatives
            |> Array.mapi (fun e (v, framed) ->
                let c =
                    if e < old.Directions then
                        Vector.zero d
                    else
                        let a, b = pairs[e - old.Directions]
                        curvature a b

                push v framed c)
            |> Array.unzip

        {
            set with
                Centre = centre
                Carried = carried
                Frame = frame
                Rest = rest
                // The mean value theorem wants the centre among the states.
                Hull = Array.map2 Interval.hull states (Box.ofPoint centre)
                FramedDerivatives = framed
                Jet = ofVectors old states vectors
        }

    /// A·(x − ĥ) over the states x, for any interval matrix A: (A·C)·r₀ + (A·Q)·r.
    let internal deviation (a: Matrix<Interval>) (set: LohnerSet) : Interval[] =
        let through = Matrix.multiply a
        Vector.add (Matrix.apply (through set.Carried) set.Initial) (Matrix.apply (through set.Frame) set.Rest)

    /// A·v for the vectors v of derivatives: A·point + (A·Q)·rest.
    let internal derivativeImages (a: Matrix<Interval>) (set: LohnerSet) : Interval[][] =
        let turned = Matrix.multiply a set.Frame

        set.FramedDerivatives |> Array.map (fun v -> Vector.add (Matrix.apply a v.Point) (Matrix.apply turned v.Rest))
