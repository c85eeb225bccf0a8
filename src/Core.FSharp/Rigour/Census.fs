namespace LayerTime.Core.Rigour

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// A non-degenerate critical point with its proof.
[<NoComparison; NoEquality>]
type CriticalPoint = {
    /// The box in which the point is the only critical one; the Hessian is regular all over it.
    Home: Box
    /// A narrow enclosure of the point.
    Point: Box
    /// An enclosure of Φ at the point.
    Value: Interval
    /// The Morse index: the number of negative eigenvalues of the Hessian.
    Index: int
}

/// Why a part of the domain stayed undecided.
[<RequireQualifiedAccess>]
type Undecided =
    /// The budget of boxes was spent before this part was looked at.
    | BudgetSpent
    /// The part is smaller than the tolerance and neither excluded nor proved to hold a critical point. Degeneracy is suspected
    /// where no box around it has a regular Hessian.
    | ToleranceReached of degeneracySuspected: bool
    /// One critical point is proved, but the signs of the eigenvalues are not.
    | IndexUnknown
    /// One critical point is proved, but perhaps it is one that is listed already.
    | NotDistinguished

/// What is proved about one part of the domain; in the rest there is no critical point.
[<RequireQualifiedAccess; NoComparison; NoEquality>]
type Finding =
    /// Exactly one critical point, non-degenerate, with its index.
    | ExactlyOne of CriticalPoint
    /// At least one critical point: the degree of the gradient on the box is not zero.
    | AtLeastOne of box: Box * degree: int
    /// One critical point that lies on the boundary of the domain or too near to tell.
    | OnBoundary of point: Box
    /// Nothing, and why.
    | Undecided of box: Box * reason: Undecided

/// How a census is taken.
type CensusOptions = {
    /// Tolerance and budget of the search.
    Search: SearchOptions
    /// Whether a face of the domain with a critical point near it may be moved outward.
    MoveFaces: bool
}

/// <summary>All critical points of Φ in a box, as far as they could be proved (Kühn and Kuntz, census).</summary>
[<NoComparison; NoEquality>]
type Census = {
    /// The box that was searched: the one asked for, or a larger one if faces were moved.
    Domain: Box
    /// What was found, sorted by coordinates; outside of it no critical point exists in the domain.
    Findings: Finding list
    /// The degree of Φ_x on the domain from its boundary alone: the sum of (−1)^index over all critical points if none is degenerate.
    Degree: Degree
    /// The search behind it, from which the census can be resumed.
    Search: Search
} with

    /// The critical points found.
    member census.Points: CriticalPoint list =
        census.Findings
        |> List.choose (function
            | Finding.ExactlyOne point -> Some point
            | _ -> None)

    /// Whether every critical point in the domain is known, inside it, non-degenerate and with its index.
    member census.IsComplete: bool =
        census.Findings
        |> List.forall (function
            | Finding.ExactlyOne _ -> true
            | _ -> false)

    /// Σ (−1)^index over the points found.
    member census.SignedCount: int = census.Points |> List.sumBy (fun point -> if point.Index % 2 = 0 then 1 else -1)

/// The census of critical points.
[<RequireQualifiedAccess>]
module Census =
    /// Tolerance 2⁻¹⁰, 200,000 boxes, faces stay.
    let defaults: CensusOptions = { Search = ZeroSearch.defaults; MoveFaces = false }

    /// The index at an isolated critical point, from the Hessian over its narrow enclosure.
    let private index (map: IScalarMap) (zero: IsolatedZero) : int option =
        let struct (_, hessian) = map.Gradient.ValueAndJacobian zero.Zero
        Inertia.negative hessian

    let private classify (map: IScalarMap) (domain: Box) (zero: IsolatedZero) : Finding option =
        if Box.disjoint zero.Zero domain then
            None
        elif not (Box.interior zero.Zero domain) then
            Some(Finding.OnBoundary zero.Zero)
        else
            match index map zero with
            | Some index -> Some(Finding.ExactlyOne { Home = zero.Home; Point = zero.Zero; Value = map.Value zero.Zero; Index = index })
            | None -> Some(Finding.Undecided(zero.Zero, Undecided.IndexUnknown))

    /// What can still be said of the hull of a cluster of small boxes: its degree, if F has no zero on the boundary of the hull grown a little.
    let private judgeCluster (map: IScalarMap) (options: CensusOptions) (hull: Box) : Finding =
        let grown = Krawczyk.inflate 0.5 hull

        // A cluster is small: if its boundary is not clear of zeros soon, it will not be.
        let search = { options.Search with MaxBoxes = Math.Min(options.Search.MaxBoxes, 1000L) }

        match Degree.within 200 map.Gradient search grown with
        | Degree.Known degree when degree <> 0 -> Finding.AtLeastOne(grown, degree)
        | Degree.Known _
        | Degree.Undefined _ ->
            let suspected =
                match Krawczyk.step map.Gradient grown with
                | KrawczykVerdict.NoPreconditioner
                | KrawczykVerdict.Contracted _ -> true
                | KrawczykVerdict.Unique _
                | KrawczykVerdict.Excluded -> false

            Finding.Undecided(hull, Undecided.ToleranceReached suspected)

    let private place (finding: Finding) : Box =
        match finding with
        | Finding.ExactlyOne point -> point.Point
        | Finding.AtLeastOne(box, _)
        | Finding.OnBoundary box
        | Finding.Undecided(box, _) -> box

    let private conclude (map: IScalarMap) (options: CensusOptions) (search: Search) : Census =
        let resolution = Isolation.resolve map.Gradient options.Search search
        let domain = search.Domain

        let findings =
            List.choose (classify map domain) resolution.Zeros
            @ (resolution.NotDistinguished |> List.map (fun zero -> Finding.Undecided(zero.Zero, Undecided.NotDistinguished)))
            @ (resolution.Unresolved |> List.map (judgeCluster map options))
            @ (resolution.NotExamined |> List.map (fun box -> Finding.Undecided(box, Undecided.BudgetSpent)))
            |> List.sortBy (place >> Array.map _.Lower >> Array.toList)

        let census = { Domain = domain; Findings = findings; Degree = Degree.onBox map.Gradient options.Search domain; Search = search }

        match census.Degree with
        | Degree.Known degree when census.IsComplete && degree <> census.SignedCount ->
            invalidOp $"the degree of the gradient on the boundary is {degree}, but the critical points found count {census.SignedCount}"
        | _ -> census

    /// The domain with every face moved outward that has a critical point near it; None where none is to be moved.
    let private movedFaces (shift: int) (census: Census) : Box option =
        let near =
            census.Findings
            |> List.choose (function
                | Finding.OnBoundary point -> Some point
                | _ -> None)

        let move i (side: Interval) =
            let reach = Interval.width side * Math.ScaleB(1.0, -shift)
            let touches x = List.exists (fun (point: Box) -> Interval.contains x point[i]) near

            let wider = Box.widen reach side

            Interval.ofBounds
                (if touches side.Lower then wider.Lower else side.Lower)
                (if touches side.Upper then wider.Upper else side.Upper)

        if near.IsEmpty then None else Some(Array.mapi move census.Domain)

    /// The census after a search, finished or not. Where faces may move, domains with moved faces are searched from the start, one after the
    /// other, within the budget that is left; `continueSearch` runs such a search. A domain whose search did not end is left as it is: what
    /// was found there is worth more than a larger domain about which nothing is known.
    let finish (map: IScalarMap) (options: CensusOptions) (continueSearch: Search -> Search) (search: Search) : Census =
        let rec settle shifts (census: Census) =
            match shifts with
            | shift :: rest when options.MoveFaces && census.Search.Open.IsEmpty ->
                match movedFaces shift census with
                | Some domain ->
                    let start = { ZeroSearch.start domain with Boxes = census.Search.Boxes }
                    settle rest (conclude map options (continueSearch start))
                | None -> census
            | _ -> census

        settle [ 8; 7; 6; 5; 4 ] (conclude map options search)

    /// The census of Φ in a box, on the calling thread.
    let take (map: IScalarMap) (options: CensusOptions) (box: Box) : Census =
        let run = ZeroSearch.run map.Gradient options.Search
        finish map options run (run (ZeroSearch.start box))
