namespace LayerTime.Core.Rigour

open System
open LayerTime.Core.Numbers

/// A zero of F with its proof: F has exactly one zero in `Home`, DF is regular all over `Home`, and the zero lies in `Zero`.
[<NoComparison; NoEquality>]
type IsolatedZero = {
    /// The box in which the zero is the only one.
    Home: Box
    /// A narrow enclosure of the zero, within `Home`.
    Zero: Box
}

/// How far a search goes.
type SearchOptions = {
    /// Boxes narrower than this (absolute width) are put aside instead of being cut again.
    Tolerance: float
    /// The largest number of boxes to look at, counted from the start of the search.
    MaxBoxes: int64
}

/// <summary>A branch-and-bound search for all zeros of F in a box, as a value between two rounds of work.</summary>
/// <remarks>Every zero of F in the starting box lies in an open box, in a small box, or is one of the zeros found. Zeros may be found twice.</remarks>
[<NoComparison; NoEquality>]
type Search = {
    /// The starting box.
    Domain: Box
    /// Boxes not looked at yet; the first is the next one.
    Open: Box list
    /// Zeros found, with their proofs.
    Found: IsolatedZero list
    /// Boxes narrower than the tolerance about which nothing was proved.
    Small: Box list
    /// Boxes looked at so far.
    Boxes: int64
}

/// Branch and bound with affine enclosures, certified by the Krawczyk operator.
/// A search goes in rounds: `units` cuts the open boxes into independent work of fixed size, `perform` does one unit (a pure
/// function), `absorb` puts the results back in order. So the answer is the same for any number of cores.
[<RequireQualifiedAccess>]
module ZeroSearch =
    /// Open boxes per round, each with its own budget of boxes.
    let private unitsPerRound = 16
    let private boxesPerUnit = 256L

    /// Tolerance 2⁻¹⁰ as in the theory, 200,000 boxes.
    let defaults: SearchOptions = { Tolerance = 0.0009765625; MaxBoxes = 200_000L }

    /// A search that has not begun.
    let start (domain: Box) : Search = { Domain = domain; Open = [ domain ]; Found = []; Small = []; Boxes = 0L }

    /// The coordinate to cut: the largest width times the largest slope it has in any component (smear), but none below the tolerance.
    let private cut (tolerance: float) (enclosure: AffineEnclosure) (box: Box) : int =
        let n = box.Length
        let widths = Array.map Interval.width box

        let smear j =
            let mutable largest = 0.0

            for i in 0 .. n - 1 do
                largest <- Math.Max(largest, Math.Abs enclosure.Slope[i * n + j])

            widths[j] * largest

        let widest = Array.max widths
        let mutable best = Array.IndexOf(widths, widest)
        let mutable bestSmear = -1.0

        for j in 0 .. n - 1 do
            // A side that is short already gains little, whatever its slope.
            if widths[j] >= tolerance && widths[j] >= 0.05 * widest then
                let s = smear j

                if s > bestSmear then
                    best <- j
                    bestSmear <- s

        best

    /// Proves that the box grown a little holds exactly one zero, and narrows it down.
    let tryIsolate (system: ISquareSystem) (box: Box) : IsolatedZero option =
        let home = Krawczyk.inflate 0.125 box

        match Krawczyk.step system home with
        | KrawczykVerdict.Unique zero -> Some { Home = home; Zero = Krawczyk.refine system home zero }
        | KrawczykVerdict.Excluded
        | KrawczykVerdict.Contracted _
        | KrawczykVerdict.NoPreconditioner -> None

    /// One unit of work: the part of the search below one open box, up to a number of boxes.
    [<NoComparison; NoEquality>]
    type Unit = internal { Root: Box; Budget: int64; Known: IsolatedZero list }

    /// What one unit of work came to.
    [<NoComparison; NoEquality>]
    type Outcome = internal { StillOpen: Box list; NewlyFound: IsolatedZero list; NewlySmall: Box list; Spent: int64 }

    /// Whether nothing is left to do, or no budget to do it with.
    let isFinished (options: SearchOptions) (search: Search) : bool = List.isEmpty search.Open || search.Boxes >= options.MaxBoxes

    /// The independent units of the next round.
    let units (options: SearchOptions) (search: Search) : Unit[] =
        let roots = List.truncate unitsPerRound search.Open |> List.toArray
        let left = options.MaxBoxes - search.Boxes
        // Together the units never spend more than is left.
        let budget i = Math.Min(boxesPerUnit, left / int64 roots.Length + (if int64 i < left % int64 roots.Length then 1L else 0L))

        roots |> Array.mapi (fun i root -> { Root = root; Budget = budget i; Known = search.Found })

    /// Whether the budget covers the next round to the full. Rounds to the full do not depend on the budget, so a search that is
    /// continued from the end of one goes on as if it had never stopped.
    let affordsRound (options: SearchOptions) (search: Search) : bool =
        options.MaxBoxes - search.Boxes >= boxesPerUnit * int64 (Math.Min(unitsPerRound, search.Open.Length))

    /// Does one unit of work: depth first from its root.
    let perform (system: ISquareSystem) (options: SearchOptions) (work: Unit) : Outcome =
        let contractor = Contractor system
        let mutable stack = [ work.Root ]
        let mutable found = []
        let mutable small = []
        let mutable spent = 0L

        let isKnown box =
            List.exists (fun zero -> Box.subset box zero.Home) found
            || List.exists (fun zero -> Box.subset box zero.Home) work.Known

        /// Splits, or puts aside what is too small to split.
        let divide (box: Box) =
            let coordinate = cut options.Tolerance contractor.Enclosure box
            let side = box[coordinate]

            // Far out, neighbouring floats are further apart than the tolerance.
            if Box.width box < options.Tolerance || Math.BitIncrement side.Lower >= side.Upper then
                small <- box :: small
            else
                let struct (a, b) = Box.bisect coordinate box
                stack <- a :: b :: stack

        /// Contracts as long as that pays, then isolates or splits.
        let rec examine rounds (box: Box) =
            match contractor.Contract box with
            | Contraction.Empty -> ()
            | Contraction.Within(rest, inner) ->
                match (if inner then tryIsolate system rest else None) with
                | Some zero -> found <- zero :: found
                | None ->
                    let shrunk = Array.exists2 (fun (a: Interval) (b: Interval) -> Interval.width a < 0.7 * Interval.width b) rest box
                    if shrunk && rounds > 0 then examine (rounds - 1) rest else classical rest

        /// The Krawczyk operator on a small box, where the rounding errors of the affine enclosure may hide what intervals still see.
        and classical (box: Box) =
            if Box.width box > 64.0 * options.Tolerance then
                divide box
            else
                match Krawczyk.step system box with
                | KrawczykVerdict.Excluded -> ()
                | KrawczykVerdict.Unique zero -> found <- { Home = box; Zero = Krawczyk.refine system box zero } :: found
                | KrawczykVerdict.Contracted rest -> divide rest
                | KrawczykVerdict.NoPreconditioner -> divide box

        while spent < work.Budget && not stack.IsEmpty do
            let box = stack.Head
            stack <- stack.Tail
            spent <- spent + 1L

            if not (isKnown box) then
                examine 8 box

        { StillOpen = stack; NewlyFound = List.rev found; NewlySmall = List.rev small; Spent = spent }

    /// The search after a round: the outcomes in the order of the units.
    let absorb (outcomes: Outcome[]) (search: Search) : Search = {
        search with
            Open = List.append (outcomes |> Array.map _.StillOpen |> List.concat) (List.skip outcomes.Length search.Open)
            Found = search.Found @ (outcomes |> Array.map _.NewlyFound |> List.concat)
            Small = search.Small @ (outcomes |> Array.map _.NewlySmall |> List.concat)
            Boxes = search.Boxes + Array.sumBy _.Spent outcomes
    }

    /// Rounds until the search is finished.
    let rec run (system: ISquareSystem) (options: SearchOptions) (search: Search) : Search =
        if isFinished options search then
            search
        else
            run system options (absorb (units options search |> Array.map (perform system options)) search)
