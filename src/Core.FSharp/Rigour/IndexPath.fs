namespace LayerTime.Core.Rigour

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// What is proved about one piece of a path of weights.
[<RequireQualifiedAccess; NoComparison; NoEquality>]
type PathPiece =
    /// Every s of the piece has the same critical points, with the same indices.
    | Regular of piece: Interval * census: Census
    /// Two critical points are born or die in the piece; the others stay.
    | Fold of FoldTube
    /// Nothing, and why.
    | Undecided of piece: Interval * reason: string

/// The critical points along a path of weights.
[<NoComparison; NoEquality>]
type IndexPath = {
    /// The box of x.
    Domain: Box
    /// Pieces that cover the path from its start to its end.
    Pieces: PathPiece list
} with

    /// Whether every piece is proved.
    member path.IsComplete: bool =
        path.Pieces
        |> List.forall (function
            | PathPiece.Undecided _ -> false
            | _ -> true)

    /// The folds on the path, in order, each once: a tube may reach beyond the piece that holds its fold, and a fold may lie where two meet.
    member path.Folds: FoldTube list =
        let isSame (a: FoldTube) (b: FoldTube) = not (Interval.disjoint a.Turning b.Turning || Box.disjoint a.Tube b.Tube)

        let enter (folds: FoldTube list) piece =
            match piece with
            | PathPiece.Fold fold when not (Interval.disjoint fold.Turning fold.Piece || List.exists (isSame fold) folds) -> fold :: folds
            | _ -> folds

        List.fold enter [] path.Pieces |> List.rev

/// Indices of critical points along paths of weights, certified: regular pieces by a census over all their weights, folds by tubes.
[<RequireQualifiedAccess>]
module IndexPath =
    /// The piece of the path.
    let extent (piece: PathPiece) : Interval =
        match piece with
        | PathPiece.Regular(extent, _)
        | PathPiece.Undecided(extent, _) -> extent
        | PathPiece.Fold fold -> fold.Piece

    /// The indices of the critical points at s, sorted, where the piece tells.
    let private indicesWithin (s: float) (piece: PathPiece) : int list option =
        let indices (points: CriticalPoint list) = points |> List.map _.Index

        match piece with
        | PathPiece.Regular(_, census) -> Some(List.sort (indices census.Points))
        | PathPiece.Undecided _ -> None
        | PathPiece.Fold fold ->
            fold.HasPair s
            |> Option.map (fun hasPair ->
                let pair = if hasPair then [ fold.LowerIndex; fold.LowerIndex + 1 ] else []
                List.sort (pair @ indices fold.Rest))

    /// The indices of all critical points at s, sorted, or None where s is not on a proved piece or too near to a fold.
    let indicesAt (s: float) (path: IndexPath) : int list option =
        path.Pieces |> List.filter (extent >> Interval.contains s) |> List.tryPick (indicesWithin s)

    /// (Φ_x, det H) as a system in (x, s), whose zeros are the degenerate critical points. The slope of det H is a difference quotient: this
    /// serves to find a fold, not to prove it.
    let private degenerate (path: WeightPath) : ISquareSystem =
        let n = path.Inputs
        let split (z: Box) = struct (Array.take n z, z[n])

        let at z =
            let struct (x, s) = split z
            let struct (gradient, hessian) = PerceptronCalculus.gradientAndHessian (WeightPath.at id s path) x
            struct (gradient, hessian, IntervalMatrix.determinant hessian)

        let value z =
            let struct (gradient, _, determinant) = at z
            Array.append gradient [| determinant |]

        let slope z j =
            let h = 1e-6
            let moved sign = Array.updateAt j (Interval.ofFloat (Interval.midpoint (Array.item j z) + sign * h)) z
            let determinant sign = at (moved sign) |> fun (struct (_, _, d)) -> Interval.midpoint d
            Interval.ofFloat ((determinant 1.0 - determinant -1.0) / (2.0 * h))

        SquareSystem.ofFunctions (n + 1) value (fun z ->
            let struct (x, s) = split z
            let struct (_, hessian, _) = at z
            let mixed = WeightPath.mixed path x s

            let entry i j =
                if i = n then slope z j
                elif j = n then mixed[i]
                else hessian[i, j]

            struct (value z, Matrix.init (n + 1) (n + 1) entry))

    /// Widths of a tube across the curve, as fractions of its length: the operator has to contract across as well as along.
    let private slenderness = [ 0.5; 0.2; 0.08 ]

    /// Tubes about a fold near (x, s) that reach beyond the piece on the side to which the curve opens; none where none suggests itself.
    let private propose (path: WeightPath) (piece: Interval) (near: float[]) : struct (int * Box * Interval) list =
        let n = path.Inputs
        let fold = Krawczyk.newton (degenerate path) (Box.ofPoint near)
        let x, s = Box.ofPoint (Array.take n fold), Interval.ofFloat fold[n]

        /// s″ if x_i parametrises the curve, and how steep the other coordinates are then.
        let attempt i =
            match FoldTube.derivatives path i x s with
            | Ok(struct (struct (x', _), struct (_, s''))) ->
                let curvature = Interval.midpoint s''
                let steepest = x' |> Array.map (Interval.midpoint >> Math.Abs) |> Array.max
                if Double.IsFinite steepest && Math.Abs curvature > 1e-9 then Some(i, curvature, steepest) else None
            | Error _ -> None

        match List.choose attempt [ 0 .. n - 1 ] with
        | [] -> []
        | found ->
            let i, curvature, _ = found |> List.minBy (fun (_, _, steepest) -> steepest)
            let far = if curvature < 0.0 then fold[n] - piece.Lower else piece.Upper - fold[n]
            let reach = 1.25 * Math.Sqrt(2.0 * Math.Max(far, 0.25 * Interval.width piece) / Math.Abs curvature)
            let side = Interval.ofBounds (fold[i] - reach) (fold[i] + reach)

            let across (y: Box) slender =
                let grow k (range: Interval) =
                    if k = n - 1 then
                        Array.head (Krawczyk.inflate 0.25 [| Interval.hull range piece |])
                    else
                        let r = slender * reach
                        Interval.ofBounds (range.Lower - r) (range.Upper + r)

                let y = Array.mapi grow y
                struct (i, Array.insertAt i side (Array.take (n - 1) y), y[n - 1])

            match FoldTube.enclose path i side (Array.append (Array.removeAt i x) [| s |]) with
            | Some y -> List.map (across y) (if n = 1 then [ 0.0 ] else slenderness)
            | None -> []

    /// A fold on the piece, from the places where its census failed.
    let private tryFold (path: WeightPath) (options: SearchOptions) (domain: Box) (piece: Interval) (census: Census) : FoldTube option =
        let places =
            census.Findings
            |> List.choose (function
                | Finding.Undecided(box, _)
                | Finding.AtLeastOne(box, _) -> Some box
                | Finding.ExactlyOne _
                | Finding.OnBoundary _ -> None)

        let attempt (box: Box) =
            propose path piece (Array.append (Box.midpoint box) [| Interval.midpoint piece |])
            |> List.tryPick (fun (struct (i, tube, reach)) -> FoldTube.verify path options domain piece i tube reach |> Result.toOption)

        places |> List.truncate 4 |> List.tryPick attempt

    let rec private cover (path: WeightPath) (options: SearchOptions) (domain: Box) (depth: int) (piece: Interval) : PathPiece list =
        let nominal = WeightPath.map (Interval.ofFloat (Interval.midpoint piece)) path
        let census = RobustCensus.take nominal (WeightPath.map piece path) options domain

        if census.IsComplete then
            [ PathPiece.Regular(piece, census) ]
        else
            match tryFold path options domain piece census with
            | Some fold -> [ PathPiece.Fold fold ]
            | None when depth = 0 -> [ PathPiece.Undecided(piece, "neither one census for all its weights nor a fold could be proved") ]
            | None ->
                let struct (first, second) = Box.bisect 0 [| piece |]
                cover path options domain (depth - 1) first[0] @ cover path options domain (depth - 1) second[0]

    /// Covers a range of s by regular pieces and folds, halving a piece at most `halvings` times. Where two pieces meet they must agree; that
    /// they do not is a fault of ours.
    let certify (path: WeightPath) (options: SearchOptions) (domain: Box) (halvings: int) (range: Interval) : IndexPath =
        let pieces = cover path options domain halvings range

        for left, right in List.pairwise pieces do
            let s = (extent left).Upper

            match indicesWithin s left, indicesWithin s right with
            | Some a, Some b when a <> b -> invalidOp $"at s = {s} one piece has critical points of indices %A{a}, its neighbour of %A{b}"
            | _ -> ()

        { Domain = domain; Pieces = pieces }
