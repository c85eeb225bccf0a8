namespace LayerTime.Core.Rigour

open System
open System.Collections.Generic
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// What a finished search amounts to, each zero named once.
[<NoComparison; NoEquality>]
type Resolution = {
    /// The zeros proved to be distinct, in the order of their coordinates.
    Zeros: IsolatedZero list
    /// Zeros that may be the same as one of those above or as each other.
    NotDistinguished: IsolatedZero list
    /// Hulls of clusters of small boxes in which nothing was proved.
    Unresolved: Box list
    /// Boxes never looked at.
    NotExamined: Box list
}

/// From the boxes and zeros of a search to zeros that are counted once.
[<RequireQualifiedAccess>]
module Isolation =
    /// The hulls of the connected components of boxes that touch (closed boxes sharing a face, an edge or a corner).
    let clusters (boxes: Box list) : Box list =
        let boxes = boxes |> List.sortBy (fun box -> box[0].Lower) |> List.toArray
        let parent = Array.init boxes.Length id

        let rec root i =
            if parent[i] = i then
                i
            else
                parent[i] <- parent[parent[i]]
                root parent[i]

        // Sweep along the first coordinate: only boxes that still reach the current one can touch it.
        let active = List<int>()

        for i in 0 .. boxes.Length - 1 do
            let front = (Array.head boxes[i]).Lower
            active.RemoveAll(fun j -> (Array.head boxes[j]).Upper < front) |> ignore

            for j in active do
                let first, second = boxes[i], boxes[j]

                if not (Box.disjoint first second) then
                    let rootOfFirst = root i
                    parent[rootOfFirst] <- root j

            active.Add i

        boxes
        |> Array.mapi (fun i box -> root i, box)
        |> Array.groupBy fst
        |> Array.map (snd >> Array.map snd >> Array.reduce Box.hull)
        |> Array.toList

    /// Tries boxes of radius tolerance·2ᵏ about a zero near the cluster that contain the cluster: Some [zero], Some [] for a cluster
    /// without a zero, or None.
    let private resolveCluster (system: ISquareSystem) (tolerance: float) (hull: Box) : IsolatedZero list option =
        let p = Krawczyk.newton system hull

        let attempt k =
            let radius = tolerance * Math.ScaleB(1.0, k)
            let box = p |> Array.map (Interval.ofFloat >> Box.widen radius)

            if not (Box.subset hull box) then
                None
            else
                match Krawczyk.step system box with
                | KrawczykVerdict.Unique zero -> Some [ { Home = box; Zero = Krawczyk.refine system box zero } ]
                | KrawczykVerdict.Excluded -> Some []
                | KrawczykVerdict.Contracted rest when Box.disjoint rest hull -> Some []
                | KrawczykVerdict.Contracted _
                | KrawczykVerdict.NoPreconditioner -> None

        Seq.tryPick attempt (seq { 0..7 })

    /// How two isolated zeros relate: Yes the same, No different, or undecided after refining both.
    let private same (system: ISquareSystem) (a: IsolatedZero) (b: IsolatedZero) : Answer =
        let rec decide rounds (zeroA: Box) (zeroB: Box) =
            if Box.disjoint zeroA zeroB then Answer.No
            elif Box.subset zeroA b.Home || Box.subset zeroB a.Home then Answer.Yes
            elif rounds = 0 then Answer.Undecided
            else decide (rounds - 1) (Krawczyk.refine system a.Home zeroA) (Krawczyk.refine system b.Home zeroB)

        decide 5 a.Zero b.Zero

    /// Lexicographic order of the lower ends, so that lists of zeros come out the same way every time.
    let private order (a: IsolatedZero) (b: IsolatedZero) : int =
        let lowers (zero: IsolatedZero) = zero.Zero |> Array.map _.Lower |> Array.toList
        compare (lowers a) (lowers b)

    /// Names every zero of a search once and tries to resolve what stayed small.
    let resolve (system: ISquareSystem) (options: SearchOptions) (search: Search) : Resolution =
        let resolved = clusters search.Small |> List.map (fun hull -> hull, resolveCluster system options.Tolerance hull)

        let found = search.Found @ (resolved |> List.collect (snd >> Option.defaultValue []))

        let enter (zeros, doubtful) zero =
            let answers = zeros |> List.map (same system zero)

            if List.contains Answer.Yes answers then zeros, doubtful
            elif List.contains Answer.Undecided answers then zeros, zero :: doubtful
            else zero :: zeros, doubtful

        let zeros, doubtful = found |> List.sortWith order |> List.fold enter ([], [])

        {
            Zeros = List.rev zeros
            NotDistinguished = List.rev doubtful
            Unresolved = resolved |> List.filter (snd >> Option.isNone) |> List.map fst
            NotExamined = search.Open
        }

    /// All zeros of F in the domain of a search, each once; or why they are not all known.
    let distinct (system: ISquareSystem) (options: SearchOptions) (search: Search) : Result<IsolatedZero list, string> =
        let resolution = resolve system options search

        if not resolution.NotExamined.IsEmpty then
            Error $"{resolution.NotExamined.Length} boxes were not examined within the budget"
        elif not resolution.Unresolved.IsEmpty then
            Error $"{resolution.Unresolved.Length} small boxes are not resolved"
        elif not resolution.NotDistinguished.IsEmpty then
            Error "two zeros cannot be told apart"
        else
            Ok resolution.Zeros
