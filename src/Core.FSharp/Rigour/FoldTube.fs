namespace LayerTime.Core.Rigour

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// <summary>A fold of critical points along a path of weights, proved over a piece of the path.</summary>
/// <remarks>In the tube, the critical points of all s are one curve t ↦ (x(t), s(t)), t = x_i, and s is strictly convex or concave: on one
/// side of its extremum s* there are two, of indices k and k + 1, on the other none. Outside the tube nothing changes over the piece.</remarks>
[<NoComparison; NoEquality>]
type FoldTube = {
    /// P, the piece of the path.
    Piece: Interval
    /// i, the coordinate that parametrises the curve.
    Coordinate: int
    /// The tube, a box of x.
    Tube: Box
    /// S′ ⊇ P, the range of s over which the curve is known to be all there is in the tube.
    Reach: Interval
    /// s at the lower and at the upper end of the tube, both outside P.
    Ends: Interval * Interval
    /// s″(t), not 0.
    Curvature: Interval
    /// s*, the weight of the fold.
    Turning: Interval
    /// k
    LowerIndex: int
    /// The critical points outside the tube, the same ones for every s in P.
    Rest: CriticalPoint list
} with

    /// Whether the pair of the tube exists at s, or None where s is too near to the fold to tell.
    member fold.HasPair(s: float) : bool option =
        let below, above = s < fold.Turning.Lower, s > fold.Turning.Upper

        if not (below || above) then None
        elif Interval.sign fold.Curvature = Some 1 then Some above
        else Some below

/// Why a tube proves no fold.
[<RequireQualifiedAccess; NoComparison; NoEquality>]
type FoldFailure =
    /// F1: the critical points in the tube are not proved to be one curve.
    | NotACurve of piece: Interval
    /// F2: s″ may vanish.
    | CurvatureUndecided of curvature: Interval
    /// F3: the curve does not leave the piece on the side to which it opens, or does not turn in the tube.
    | EndsWithinPiece of ends: (Interval * Interval)
    /// The signs of the eigenvalues transverse to the curve are not proved.
    | IndexUndecided
    /// F4: outside the tube the critical points of all s of the piece are not proved, and why.
    | RestUndecided of reason: string

/// Folds on paths of weights by interval arithmetic (conditions F1 to F4).
[<RequireQualifiedAccess>]
module FoldTube =
    /// How often the tube may be halved to follow the curve.
    let private halvings = 7
    /// How often it is halved to find the fold on it.
    let private turnings = 30

    /// [H without column i, Φ_xs] over a box of (x, s), and that column. The bordered matrix [[H, Φ_xs], [e_iᵀ, 0]] is regular iff this is.
    let private jacobian (path: WeightPath) (i: int) (x: Box) (s: Interval) : struct (Interval[] * Matrix<Interval> * Interval[]) =
        let struct (gradient, hessian) = PerceptronCalculus.gradientAndHessian (WeightPath.at id s path) x
        let columns = Matrix.toRows (Matrix.transpose hessian)
        let reduced = Array.append (Array.removeAt i columns) [| WeightPath.mixed path x s |]
        struct (gradient, Matrix.transpose (Matrix.ofRows reduced), columns[i])

    /// (x, s) from x_i and y = (the other coordinates, s).
    let private embed (i: int) (t: Interval) (y: Box) : struct (Box * Interval) =
        let last = y.Length - 1
        struct (Array.insertAt i t (Array.take last y), y[last])

    /// Φ_x(x, s) = 0 for the coordinates other than x_i and for s, one system for each x_i ∈ t.
    let private system (path: WeightPath) (i: int) (t: Interval) : ISquareSystem =
        let middle = Interval.ofFloat (Interval.midpoint t)

        let value y =
            let struct (x, s) = embed i t y
            let struct (atMiddle, _) = embed i middle y
            let struct (natural, _, column) = jacobian path i x s
            // The mean value theorem in x_i keeps what a wide t would lose.
            let centred =
                Vector.add (PerceptronCalculus.gradient (WeightPath.at id s path) atMiddle) (Vector.scale (Arithmetic.(-) t middle) column)

            Array.map2 Interval.intersect natural centred

        SquareSystem.ofFunctions path.Inputs value (fun y ->
            let struct (x, s) = embed i t y
            let struct (gradient, reduced, _) = jacobian path i x s
            struct (gradient, reduced))

    /// Pieces of t with enclosures of y(t): for each t the one zero of the system in y, which lies in the interior; None if that is not proved.
    let rec private follow (path: WeightPath) (i: int) (y: Box) (depth: int) (t: Interval) : (Interval * Box) list option =
        let system = system path i t

        match Krawczyk.step system y with
        | KrawczykVerdict.Unique zero -> Some [ t, Krawczyk.refine system y zero ]
        | KrawczykVerdict.Excluded -> None
        | KrawczykVerdict.Contracted _
        | KrawczykVerdict.NoPreconditioner when depth = 0 -> None
        | KrawczykVerdict.Contracted _
        | KrawczykVerdict.NoPreconditioner ->
            let struct (low, high) = Box.bisect 0 [| t |]

            match follow path i y (depth - 1) low[0] with
            | None -> None
            | Some first -> follow path i y (depth - 1) high[0] |> Option.map (List.append first)

    /// Roughly the range of y(t) over t, from a start near the middle; None where Newton's method loses the curve. It proves nothing.
    let internal enclose (path: WeightPath) (i: int) (t: Interval) (start: Box) : Box option =
        let at y fraction =
            let x = t.Lower + fraction * (t.Upper - t.Lower)
            let next = Krawczyk.newton (system path i (Interval.ofFloat x)) y
            let struct (x, s) = embed i (Interval.ofFloat x) (Box.ofPoint next)
            let residual = PerceptronCalculus.gradient (WeightPath.at id s path) x |> Array.map Interval.magnitude |> Array.max
            if residual < 1e-6 then Some(Box.ofPoint next) else None

        let walk fractions = fractions |> List.scan (fun y f -> Option.bind (fun y -> at y f) y) (Some start) |> List.tail
        let points = walk [ 0.5; 0.6; 0.7; 0.8; 0.9; 1.0 ] @ walk [ 0.4; 0.3; 0.2; 0.1; 0.0 ]
        if List.forall Option.isSome points then Some(points |> List.choose id |> List.reduce Box.hull) else None

    /// (x′, s′), (x″, s″) of the curve at every point of a box of (x, s) on it, by its first two derivatives in t = x_i; or why not.
    let derivatives
        (path: WeightPath)
        (i: int)
        (x: Box)
        (s: Interval)
        : Result<struct (struct (Interval[] * Interval) * struct (Interval[] * Interval)), string> =
        let struct (_, reduced, column) = jacobian path i x s
        let minus = Array.map Arithmetic.(~-)

        IntervalMatrix.solve reduced (minus column)
        |> Result.bind (fun first ->
            let struct (x', s') = embed i (Ring.ratio 1 1) first
            let struct (_, _, second) = WeightPath.along path (x, s) (x', s')

            IntervalMatrix.solve reduced (minus second)
            |> Result.map (fun second -> struct (struct (x', s'), embed i (Ring.ratio 0 1) second)))

    /// Boxes that cover the domain without the interior of the tube.
    let private around (domain: Box) (tube: Box) : Box list =
        let slabs rest j =
            let side (lower: float) (upper: float) = Array.updateAt j (Interval.ofBounds lower upper) rest
            [ side (Array.item j rest).Lower tube[j].Lower; side tube[j].Upper (Array.item j rest).Upper ], Array.updateAt j tube[j] rest

        List.mapFold slabs domain [ 0 .. domain.Length - 1 ] |> fst |> List.concat

    /// The critical points of the domain outside the tube, the same for every s of the piece.
    let private rest
        (path: WeightPath)
        (options: SearchOptions)
        (domain: Box)
        (tube: Box)
        (piece: Interval)
        : Result<CriticalPoint list, string> =
        let family = WeightPath.map piece path
        let nominal = WeightPath.map (Interval.ofFloat (Interval.midpoint piece)) path
        let start = { ZeroSearch.start domain with Open = around domain tube }
        let search = RobustCensus.search nominal.Gradient family.Gradient options start

        // No critical point lies on the boundary of the tube, so one within it belongs to the curve.
        let classify (zero: IsolatedZero) =
            if Box.subset zero.Zero tube || Box.disjoint zero.Zero domain then
                Ok []
            elif not (Box.disjoint zero.Zero tube && Box.interior zero.Zero domain) then
                Error "a critical point lies near the boundary of the tube or of the domain"
            else
                let struct (_, hessian) = family.Gradient.ValueAndJacobian zero.Zero

                match Inertia.negative hessian with
                | Some index -> Ok [ { Home = zero.Home; Point = zero.Zero; Value = family.Value zero.Zero; Index = index } ]
                | None -> Error "the index of a critical point is not proved"

        let join sum next = Result.bind (fun points -> Result.map (List.append points) next) sum

        Isolation.distinct family.Gradient options search |> Result.bind (List.map classify >> List.fold join (Ok []))

    /// A non-empty list that holds one value only.
    let private single (values: 'T list) : 'T option =
        match List.distinct values with
        | [ value ] -> Some value
        | _ -> None

    /// Proves F1 to F4 for a piece P of the path: the curve is parametrised by x_i over the side i of the tube, and sought with the other sides
    /// of the tube and with s ∈ reach; or which of them fails.
    let verify
        (path: WeightPath)
        (options: SearchOptions)
        (domain: Box)
        (piece: Interval)
        (i: int)
        (tube: Box)
        (reach: Interval)
        : Result<FoldTube, FoldFailure> =
        let y = Array.append (Array.removeAt i tube) [| reach |]
        let side = tube[i]
        let parameter (y: Box) = y[y.Length - 1]

        let atEnd (t: float) = follow path i y 0 (Interval.ofFloat t) |> Option.map (List.head >> snd)

        match follow path i y halvings side, atEnd side.Lower, atEnd side.Upper with
        | Some curve, Some first, Some last when Interval.subset piece reach && Box.interior tube domain ->
            let ends = parameter first, parameter last

            let derived (t, y) =
                let struct (x, s) = embed i t y
                derivatives path i x s

            let slopeAt t y =
                match derived (Interval.ofFloat t, y) with
                | Ok(struct (struct (_, s'), _)) -> Interval.sign s'
                | Error _ -> None

            let alongCurve = curve |> List.map derived |> List.choose Result.toOption
            let curvatures = alongCurve |> List.map (fun (struct (_, struct (_, s''))) -> s'')
            let curvature = if curvatures.Length = curve.Length then List.reduce Interval.hull curvatures else Interval.entire

            /// y over the part of t where s′ changes its sign, which it does once as s″ ≠ 0. Never the middle, where tubes have their fold.
            let rec turn count (t: Interval) =
                let at fraction = t.Lower + fraction * (t.Upper - t.Lower)
                let low, high = at 0.375, at 0.625
                let slopeIs sign t = (atEnd t |> Option.bind (slopeAt t)) = Some sign
                let sign = Interval.sign curvature |> Option.defaultValue 0
                let lower = if slopeIs -sign low then low else t.Lower
                let upper = if slopeIs sign high then high else t.Upper

                if count > 0 && (lower > t.Lower || upper < t.Upper) then
                    turn (count - 1) (Interval.ofBounds lower upper)
                else
                    follow path i y halvings t |> Option.defaultValue curve |> List.map snd |> List.reduce Box.hull

            match Interval.sign curvature with
            | Some sign when sign <> 0 ->
                let isOutside (s: Interval) = if sign < 0 then s.Upper < piece.Lower else s.Lower > piece.Upper
                let turns = slopeAt side.Lower first = Some -sign && slopeAt side.Upper last = Some sign

                if not (isOutside (fst ends) && isOutside (snd ends) && turns) then
                    Error(FoldFailure.EndsWithinPiece ends)
                else
                    // H without row and column i is regular on the curve, so H has as many negative eigenvalues, or one more.
                    let transverse (t, y) =
                        let struct (x, s) = embed i t y
                        let struct (_, hessian) = PerceptronCalculus.gradientAndHessian (WeightPath.at id s path) x

                        if x.Length = 1 then
                            Some 0
                        else
                            let skip k = if k < i then k else k + 1
                            let minor = Matrix.init (x.Length - 1) (x.Length - 1) (fun a b -> hessian[skip a, skip b])
                            Inertia.negative minor

                    match single (List.map transverse curve), rest path options domain tube piece with
                    | Some(Some index), Ok rest ->
                        Ok {
                            Piece = piece
                            Coordinate = i
                            Tube = tube
                            Reach = reach
                            Ends = ends
                            Curvature = curvature
                            Turning = parameter (turn turnings side)
                            LowerIndex = index
                            Rest = rest
                        }
                    | _, Error reason -> Error(FoldFailure.RestUndecided reason)
                    | _, Ok _ -> Error FoldFailure.IndexUndecided
            | _ -> Error(FoldFailure.CurvatureUndecided curvature)
        | _ -> Error(FoldFailure.NotACurve piece)
