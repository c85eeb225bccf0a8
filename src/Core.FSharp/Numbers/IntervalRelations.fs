namespace LayerTime.Core.Numbers

open System

/// How two intervals lie to each other on the line: the sixteen states of IEEE 1788.1, from left to right. Exactly one holds.
[<RequireQualifiedAccess>]
type Overlap =
    /// Both are empty.
    | BothEmpty
    /// The first is empty, the second is not.
    | FirstEmpty
    /// The second is empty, the first is not.
    | SecondEmpty
    /// a ends before b begins.
    | Before
    /// a ends where b begins, and neither is a point.
    | Meets
    /// a begins first, they share more than a point, and b ends last.
    | Overlaps
    /// They begin together and a ends first.
    | Starts
    /// a lies inside b and touches neither end.
    | ContainedBy
    /// They end together and a begins last.
    | Finishes
    /// Both ends coincide.
    | Equals
    /// They end together and a begins first.
    | FinishedBy
    /// b lies inside a and touches neither end.
    | Contains
    /// They begin together and a ends last.
    | StartedBy
    /// b begins first, they share more than a point, and a ends last.
    | OverlappedBy
    /// b ends where a begins, and neither is a point.
    | MetBy
    /// b ends before a begins.
    | After

/// The logic of three values (Kleene): the answer that holds whatever the undecided parts turn out to be.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Answer =
    /// The answer to a question that can be decided.
    let ofBool (isTrue: bool) : Answer = if isTrue then Answer.Yes else Answer.No

    /// Not a.
    let negate (a: Answer) : Answer =
        match a with
        | Answer.Yes -> Answer.No
        | Answer.No -> Answer.Yes
        | Answer.Undecided -> Answer.Undecided

    /// a and b: one No decides.
    let both (a: Answer) (b: Answer) : Answer =
        match a, b with
        | Answer.No, _
        | _, Answer.No -> Answer.No
        | Answer.Yes, Answer.Yes -> Answer.Yes
        | _ -> Answer.Undecided

    /// a or b: one Yes decides.
    let either (a: Answer) (b: Answer) : Answer = negate (both (negate a) (negate b))

/// What IEEE 1788.1 asks of pairs of intervals as sets (true or false), and what is asked of two numbers that are known only to be
/// members of intervals (three-valued, and vacuously Yes when there are none).
[<RequireQualifiedAccess>]
module IntervalRelations =
    /// x &lt; y, or both the same infinity: the strict order of ends, because an open end has no last member.
    let private isBelow (x: float) (y: float) : bool = x < y || (Double.IsInfinity x && x = y)

    /// Asks a question of the ends of two non-empty intervals; the answers for one empty and for two are stated.
    let private ask (oneEmpty: bool) (twoEmpty: bool) (question: Interval -> Interval -> bool) (a: Interval) (b: Interval) : bool =
        if a.IsEmpty && b.IsEmpty then twoEmpty
        elif a.IsEmpty || b.IsEmpty then oneEmpty
        else question a b

    /// a = b: ∀x∈a ∃y∈b x = y, and ∀y∈b ∃x∈a x = y
    let equal (a: Interval) (b: Interval) : bool = a.Lower = b.Lower && a.Upper = b.Upper
    /// a ⊆ b: ∀x∈a ∃y∈b x = y
    let subset (a: Interval) (b: Interval) : bool = Interval.subset a b
    /// a ⊂ int b: ∀x∈a ∃y,z∈b y &lt; x &lt; z
    let interior (a: Interval) (b: Interval) : bool = Interval.interior a b
    /// a ∩ b = ∅: ∀x∈a ∀y∈b x ≠ y
    let disjoint (a: Interval) (b: Interval) : bool = Interval.disjoint a b
    /// ∀x∈a ∃y∈b x ≤ y, and ∀y∈b ∃x∈a x ≤ y
    let less (a: Interval) (b: Interval) : bool = ask false true (fun a b -> a.Lower <= b.Lower && a.Upper <= b.Upper) a b
    /// ∀x∈a ∃y∈b x &lt; y, and ∀y∈b ∃x∈a x &lt; y
    let strictLess (a: Interval) (b: Interval) : bool = ask false true (fun a b -> isBelow a.Lower b.Lower && isBelow a.Upper b.Upper) a b

    /// ∀x∈a ∀y∈b x ≤ y
    let precedes (a: Interval) (b: Interval) : bool = ask true true (fun a b -> a.Upper <= b.Lower) a b
    /// ∀x∈a ∀y∈b x &lt; y
    let strictPrecedes (a: Interval) (b: Interval) : bool = ask true true (fun a b -> a.Upper < b.Lower) a b

    let private overlapOfNonEmpty (a: Interval) (b: Interval) : Overlap =
        if a.Upper < b.Lower then
            Overlap.Before
        elif b.Upper < a.Lower then
            Overlap.After
        else
            match sign (a.Lower.CompareTo b.Lower), sign (a.Upper.CompareTo b.Upper) with
            | 0, 0 -> Overlap.Equals
            | 0, -1 -> Overlap.Starts
            | 0, _ -> Overlap.StartedBy
            | 1, 0 -> Overlap.Finishes
            | _, 0 -> Overlap.FinishedBy
            | 1, -1 -> Overlap.ContainedBy
            | -1, 1 -> Overlap.Contains
            | -1, _ -> if a.Upper = b.Lower then Overlap.Meets else Overlap.Overlaps
            | _ -> if b.Upper = a.Lower then Overlap.MetBy else Overlap.OverlappedBy

    /// The one state that describes how a lies to b.
    let overlap (a: Interval) (b: Interval) : Overlap =
        match a.IsEmpty, b.IsEmpty with
        | true, true -> Overlap.BothEmpty
        | true, false -> Overlap.FirstEmpty
        | false, true -> Overlap.SecondEmpty
        | false, false -> overlapOfNonEmpty a b

    /// x &lt; y for x ∈ a, y ∈ b.
    let isLess (a: Interval) (b: Interval) : Answer = Interval.less a b

    /// x ≤ y for x ∈ a, y ∈ b.
    let isAtMost (a: Interval) (b: Interval) : Answer =
        if precedes a b then Answer.Yes
        elif strictPrecedes b a then Answer.No
        else Answer.Undecided

    /// x = y for x ∈ a, y ∈ b: Yes only of one and the same point.
    let isEqual (a: Interval) (b: Interval) : Answer =
        if a.IsEmpty || b.IsEmpty then Answer.Yes
        elif disjoint a b then Answer.No
        elif Interval.isPoint a && Interval.isPoint b then Answer.Yes
        else Answer.Undecided

    /// x > 0 for x ∈ a.
    let isPositive (a: Interval) : Answer = isLess (Interval.ofFloat 0.0) a
    /// x &lt; 0 for x ∈ a.
    let isNegative (a: Interval) : Answer = isLess a (Interval.ofFloat 0.0)
    /// x = 0 for x ∈ a.
    let isZero (a: Interval) : Answer = isEqual a (Interval.ofFloat 0.0)
