namespace LayerTime.Core.Rigour

open System
open System.Text
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// A proof that a box holds no zero of F but the listed ones: the box itself excluded, inside the home of a listed zero, or cut in two.
[<RequireQualifiedAccess>]
type Cover =
    /// One evaluation shows that F has no zero in the box.
    | Excluded
    /// The box lies in the home of the point with this number (from 0).
    | InsideHome of point: int
    /// Both halves along a coordinate, cut at the midpoint: lower, upper.
    | Halves of coordinate: int * lower: Cover * upper: Cover

/// A census that can be checked without repeating the search.
[<NoComparison; NoEquality>]
type Certificate = {
    /// The box the statement is about.
    Domain: Box
    /// All critical points in it.
    Points: CriticalPoint[]
    /// Why there are no others.
    Cover: Cover
}

/// The first step of a check that fails.
[<NoComparison; NoEquality>]
type Objection = {
    /// The box at which the certificate proves nothing.
    Box: Box
    /// What could not be confirmed there.
    Reason: string
}

/// Covers as text: "0", "1", … cut that coordinate, lower half first; "x" is excluded; "=3" lies in the home of point 3; blanks between.
[<RequireQualifiedAccess>]
module Cover =
    /// The text of a cover, in preorder.
    let toText (cover: Cover) : string =
        let text = StringBuilder()
        // An explicit stack: a cover may be as deep as floats can be cut.
        let rec write pending =
            match pending with
            | [] -> ()
            | Cover.Excluded :: rest ->
                text.Append "x " |> ignore
                write rest
            | Cover.InsideHome point :: rest ->
                text.Append('=').Append(point).Append(' ') |> ignore
                write rest
            | Cover.Halves(coordinate, lower, upper) :: rest ->
                text.Append(coordinate).Append(' ') |> ignore
                write (lower :: upper :: rest)

        write [ cover ]
        text.ToString().TrimEnd()

    /// The deepest cover that is written or read; real ones are a few dozen cuts deep.
    let internal maxDepth = 1024

    /// Reads a cover; or says where the text stops making sense.
    let parse (text: string) : Result<Cover, string> =
        let tokens = text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        let mutable position = 0

        let number (digits: string) =
            match Int32.TryParse(digits, Globalization.NumberStyles.None, Globalization.CultureInfo.InvariantCulture) with
            | true, value -> Some value
            | _ -> None

        let rec read depth : Result<Cover, string> =
            if position >= tokens.Length then
                Error $"the cover ends after {tokens.Length} entries in the middle of a box"
            elif depth > maxDepth then
                Error $"the cover is more than {maxDepth} cuts deep"
            else
                let token = tokens[position]
                position <- position + 1

                match token, number token, (if token.StartsWith '=' then number (token.Substring 1) else None) with
                | "x", _, _ -> Ok Cover.Excluded
                | _, Some coordinate, _ ->
                    read (depth + 1)
                    |> Result.bind (fun lower -> read (depth + 1) |> Result.map (fun upper -> Cover.Halves(coordinate, lower, upper)))
                | _, None, Some point -> Ok(Cover.InsideHome point)
                | _ -> Error $"entry {position} of the cover is \"{token}\"; expected x, a coordinate, or = and the number of a point"

        read 0
        |> Result.bind (fun cover ->
            if position = tokens.Length then
                Ok cover
            else
                Error $"the cover goes on after its last box: {tokens.Length - position} entries too many")

    /// The number of boxes at the leaves.
    let rec leaves (cover: Cover) : int64 =
        match cover with
        | Cover.Halves(_, lower, upper) -> leaves lower + leaves upper
        | Cover.Excluded
        | Cover.InsideHome _ -> 1L

/// Writing and checking certificates. Both see the map through one evaluator of boxes, which should be the generic semantics over
/// intervals: neither needs the search or the affine enclosures behind it.
[<RequireQualifiedAccess>]
module Certificate =
    /// Whether one evaluation excludes zeros: 0 ∉ F(X), or 0 ∉ F(m) + DF(X)·(X − m), or K(X) ∩ X = ∅.
    let private excludes (system: ISquareSystem) (box: Box) : bool =
        let struct (values, jacobian) = system.ValueAndJacobian box
        let misses (value: Interval[]) = Array.exists (fun side -> not (Interval.contains 0.0 side)) value

        misses values
        || (let m = Box.ofPoint (Box.midpoint box)
            misses (Vector.add (system.Value m) (Matrix.apply jacobian (Vector.subtract box m))))
        || (match Krawczyk.step system box with
            | KrawczykVerdict.Excluded -> true
            | KrawczykVerdict.Unique _
            | KrawczykVerdict.Contracted _
            | KrawczykVerdict.NoPreconditioner -> false)

    let private unless (condition: bool) (box: Box) (reason: string) : Objection option =
        if condition then None else Some { Box = box; Reason = reason }

    let private isUnique (map: IScalarMap) (box: Box) : bool =
        match Krawczyk.step map.Gradient box with
        | KrawczykVerdict.Unique _ -> true
        | KrawczykVerdict.Excluded
        | KrawczykVerdict.Contracted _
        | KrawczykVerdict.NoPreconditioner -> false

    /// What is wrong with one point: no unique zero in its home, none in its enclosure, another index, or outside of the domain.
    let private objectionToPoint (map: IScalarMap) (domain: Box) (number: int) (point: CriticalPoint) : Objection option =
        let struct (_, hessian) = map.Gradient.ValueAndJacobian point.Point

        [
            fun () -> unless (Box.interior point.Point domain) point.Point $"points[{number}] is not inside the domain"
            fun () -> unless (Box.subset point.Point point.Home) point.Point $"points[{number}] is not inside its home"
            fun () ->
                unless
                    (isUnique map point.Home)
                    point.Home
                    $"the home of points[{number}] is not confirmed to hold exactly one critical point"
            fun () ->
                unless (isUnique map point.Point) point.Point $"the enclosure of points[{number}] is not confirmed to hold a critical point"
            fun () ->
                unless
                    (Inertia.negative hessian = Some point.Index)
                    point.Point
                    $"the index {point.Index} of points[{number}] is not confirmed"
            fun () ->
                unless (Interval.subset (map.Value point.Point) point.Value) point.Point $"the value of points[{number}] is not confirmed"
        ]
        |> List.tryPick (fun check -> check ())

    /// The home drawn towards the point: a part 2⁻ᵏ of the way from the point to every face is kept.
    let private drawn (k: int) (point: CriticalPoint) : Box =
        let side (home: Interval) (zero: Interval) =
            let keep outer inner = inner + (outer - inner) * Math.ScaleB(1.0, -k)
            Interval.ofBounds (Math.Max(home.Lower, keep home.Lower zero.Lower)) (Math.Min(home.Upper, keep home.Upper zero.Upper))

        Array.map2 side point.Home point.Point

    /// The point as the evaluator itself confirms it: with the largest home and the narrowest enclosure of a few that stand the check.
    let private confirm (map: IScalarMap) (domain: Box) (number: int) (point: CriticalPoint) : Result<CriticalPoint, Objection> =
        let homes = Seq.init 24 (fun k -> drawn k point)
        let point = { point with Home = Seq.tryFind (isUnique map) homes |> Option.defaultValue point.Home }

        let inflated k =
            let box = if k = 0 then point.Point else Krawczyk.inflate (Math.ScaleB(0.125, k)) point.Point
            { point with Point = box; Value = map.Value box }

        let stands point = Option.isNone (objectionToPoint map domain number point)

        let confirmed = Seq.init 40 inflated |> Seq.takeWhile (fun point -> Box.subset point.Point point.Home) |> Seq.tryFind stands

        match confirmed, objectionToPoint map domain number point with
        | Some point, _ -> Ok point
        | None, Some objection -> Error objection
        | None, None -> Ok point

    /// The widest side that has a float between its ends; the others cannot be cut.
    let private widest (box: Box) : int option =
        box
        |> Array.indexed
        |> Array.filter (fun (_, side) -> Math.BitIncrement side.Lower < side.Upper)
        |> Array.sortByDescending (snd >> Interval.width)
        |> Array.tryHead
        |> Option.map fst

    /// A cover of a box by excluded boxes and homes, cutting the widest side; within a number of boxes.
    let private cover (map: IScalarMap) (points: CriticalPoint[]) (maxBoxes: int64) (domain: Box) : Result<Cover, Objection> =
        let mutable boxes = 0L

        let rec over depth (box: Box) : Result<Cover, Objection> =
            boxes <- boxes + 1L

            match Array.tryFindIndex (fun (point: CriticalPoint) -> Box.subset box point.Home) points with
            | Some point -> Ok(Cover.InsideHome point)
            | None when excludes map.Gradient box -> Ok Cover.Excluded
            | None ->
                match widest box with
                | Some coordinate when boxes < maxBoxes && depth < Cover.maxDepth ->
                    let struct (lower, upper) = Box.bisect coordinate box

                    over (depth + 1) lower
                    |> Result.bind (fun below -> over (depth + 1) upper |> Result.map (fun above -> Cover.Halves(coordinate, below, above)))
                | _ -> Error { Box = box; Reason = $"neither excluded nor in the home of a critical point after {boxes} boxes" }

        over 0 domain

    /// A certificate that a domain holds these critical points and no others, confirmed by an evaluator within a number of boxes; or the box
    /// where that fails.
    let create (map: IScalarMap) (maxBoxes: int64) (domain: Box) (points: CriticalPoint list) : Result<Certificate, Objection> =
        let confirmed = points |> List.mapi (confirm map domain)

        match
            confirmed
            |> List.tryPick (function
                | Error objection -> Some objection
                | Ok _ -> None)
        with
        | Some objection -> Error objection
        | None ->
            let points = confirmed |> List.choose Result.toOption |> List.toArray

            cover map points maxBoxes domain |> Result.map (fun cover -> { Domain = domain; Points = points; Cover = cover })

    let private objectionToPairs (points: CriticalPoint[]) : Objection option =
        Seq.allPairs (Array.indexed points) (Array.indexed points)
        |> Seq.tryPick (fun ((i, a), (j, b)) ->
            unless (i >= j || Box.disjoint a.Point b.Point) a.Point $"points[{i}] and points[{j}] may be the same")

    let private objectionToCover (map: IScalarMap) (certificate: Certificate) : Objection option =
        // Depth first with a stack of its own, so that no certificate can exhaust ours.
        let rec replay pending =
            match pending with
            | [] -> None
            | (box: Box, cover) :: rest ->
                match cover with
                | Cover.Excluded when excludes map.Gradient box -> replay rest
                | Cover.Excluded -> Some { Box = box; Reason = "the box is not confirmed to be free of critical points" }
                | Cover.InsideHome point when
                    point >= 0 && point < certificate.Points.Length && Box.subset box certificate.Points[point].Home
                    ->
                    replay rest
                | Cover.InsideHome point -> Some { Box = box; Reason = $"the box does not lie in the home of points[{point}]" }
                | Cover.Halves(coordinate, lower, upper) when coordinate >= 0 && coordinate < box.Length ->
                    let struct (below, above) = Box.bisect coordinate box
                    replay ((below, lower) :: (above, upper) :: rest)
                | Cover.Halves(coordinate, _, _) -> Some { Box = box; Reason = $"the box has no coordinate {coordinate} to be cut along" }

        replay [ certificate.Domain, certificate.Cover ]

    /// Confirms every statement of a certificate with an evaluator, or names the first box at which that fails.
    let check (map: IScalarMap) (certificate: Certificate) : Result<unit, Objection> =
        let dimension = map.Gradient.Dimension
        let isShaped (box: Box) = box.Length = dimension

        if
            not (
                isShaped certificate.Domain
                && certificate.Points |> Array.forall (fun point -> isShaped point.Home && isShaped point.Point)
            )
        then
            Error { Box = certificate.Domain; Reason = $"a box has not the dimension {dimension} of the network" }
        else
            let objection =
                Array.indexed certificate.Points
                |> Array.tryPick (fun (number, point) -> objectionToPoint map certificate.Domain number point)
                |> Option.orElseWith (fun () -> objectionToPairs certificate.Points)
                |> Option.orElseWith (fun () -> objectionToCover map certificate)

            match objection with
            | Some objection -> Error objection
            | None -> Ok()
