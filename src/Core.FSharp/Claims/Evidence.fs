namespace LayerTime.Core.Claims

open System

/// What a check of a claim is worth, the strongest kind first.
[<RequireQualifiedAccess>]
type Evidence =
    /// Equality of rationals or integers; no tolerance.
    | Exact
    /// An inequality proven by outward-rounded enclosures.
    | Certified
    /// A measured value against a stated bound that allows for rounding.
    | Bounded
    /// An order of convergence measured over a ladder of resolutions.
    | Asymptotic

/// The order of the kinds of evidence.
[<RequireQualifiedAccess>]
module Evidence =

    /// The weakest of some kinds: `weakest [ Exact; Bounded ] = Some Bounded`, `weakest [] = None`.
    let weakest (kinds: Evidence list) : Evidence option = if kinds.IsEmpty then None else Some(List.max kinds)

    /// The kind as one lower-case word.
    let name (evidence: Evidence) : string =
        match evidence with
        | Evidence.Exact -> "exact"
        | Evidence.Certified -> "certified"
        | Evidence.Bounded -> "bounded"
        | Evidence.Asymptotic -> "asymptotic"

    /// Whether a tightness means something for this kind: it does for certified and bounded parts.
    let hasTightness (evidence: Evidence) : bool = evidence = Evidence.Certified || evidence = Evidence.Bounded

/// How a statement came to us.
[<RequireQualifiedAccess>]
type Reading =
    /// It stands in the text of the paper.
    | Read
    /// It was worked out again from what is known of the paper.
    | Reconstructed
    /// It is our own, or the user's.
    | Own

/// Where a claim comes from.
type Source = {
    /// The paper in a few words, empty for a claim of one's own.
    Paper: string
    /// The number or name of the statement in the paper, possibly empty.
    Statement: string
    /// How the statement came to us.
    Reading: Reading
}

/// What a refutation has in its hands: the quantity, what it should be, what it is, and where.
type Witness = {
    /// The quantity that was compared.
    Quantity: string
    /// What the claim says of it.
    Expected: string
    /// What it is.
    Found: string
    /// The instance, as pairs of a name and a value.
    Instance: (string * string) list
}

/// The answer to one case of a claim.
[<RequireQualifiedAccess>]
type Outcome =
    /// The conclusion is true; a tightness of 1 is sharp.
    | Holds of tightness: float voption
    /// The conclusion is false, and this shows it.
    | Refuted of witness: Witness
    /// Neither could be shown, for this reason.
    | Undecided of reason: string

/// Conclusions: each compares one quantity and answers with an outcome.
[<RequireQualifiedAccess>]
module Outcome =

    let private holdsPlainly = Outcome.Holds ValueNone

    /// The conclusion is true and nothing is said about its tightness.
    let holds: Outcome = holdsPlainly

    /// The conclusion is false: the quantity should be `expected` and is `found`.
    let refuted (quantity: string) (expected: string) (found: string) : Outcome =
        Outcome.Refuted { Quantity = quantity; Expected = expected; Found = found; Instance = [] }

    /// Neither could be shown, for this reason.
    let undecided (reason: string) : Outcome = Outcome.Undecided reason

    /// Holds iff `expected = found`; a NaN equals nothing.
    let equal (quantity: string) (show: 'T -> string) (expected: 'T) (found: 'T) : Outcome when 'T: equality =
        if expected = found then holdsPlainly else refuted quantity (show expected) (show found)

    /// Holds iff the condition is true: `isTrue "det Φ" "is not zero" (det <> 0)`.
    let isTrue (quantity: string) (statement: string) (condition: bool) : Outcome =
        if condition then holdsPlainly else refuted quantity statement "it is not so"

    let private show (value: float) : string = value.ToString("R", Globalization.CultureInfo.InvariantCulture)

    let private compare
        (quantity: string)
        (sign: string)
        (bound: float)
        (value: float)
        (inside: bool)
        (tightness: float voption)
        : Outcome =
        if Double.IsNaN value then
            refuted quantity $"{sign} {show bound}" (show value)
        elif not (Double.IsFinite bound) then
            undecided $"the bound of {quantity} is {show bound}, which bounds nothing"
        elif inside then
            if tightness.IsNone then holdsPlainly else Outcome.Holds tightness
        else
            refuted quantity $"{sign} {show bound}" (show value)

    /// Holds iff value ≤ bound, with tightness value / bound where 0 ≤ value and 0 < bound (0 ≤ 0 says nothing about sharpness);
    /// a NaN value is refuted, a bound that is not finite leaves the case undecided.
    let atMost (quantity: string) (bound: float) (value: float) : Outcome =
        let tightness = if value >= 0.0 && bound > 0.0 then ValueSome(value / bound) else ValueNone
        compare quantity "at most" bound value (value <= bound) tightness

    /// Holds iff value ≥ bound, with tightness bound / value where 0 < bound;
    /// a NaN value is refuted, a bound that is not finite leaves the case undecided.
    let atLeast (quantity: string) (bound: float) (value: float) : Outcome =
        let tightness = if bound > 0.0 && value > 0.0 then ValueSome(bound / value) else ValueNone
        compare quantity "at least" bound value (value >= bound) tightness

    let private larger (first: float voption) (second: float voption) : float voption =
        match first, second with
        | ValueSome a, ValueSome b -> ValueSome(max a b)
        | ValueNone, other
        | other, ValueNone -> other

    let private conjunction (outcomes: Outcome seq) : Outcome =
        use each = outcomes.GetEnumerator()

        let rec walk (reason: Outcome voption) (tightness: float voption) : Outcome =
            if each.MoveNext() then
                match each.Current with
                | Outcome.Refuted _ as refutation -> refutation
                | Outcome.Undecided _ as undecided -> walk (if reason.IsNone then ValueSome undecided else reason) tightness
                | Outcome.Holds one -> walk reason (larger tightness one)
            else
                match reason with
                | ValueSome undecided -> undecided
                | ValueNone -> if tightness.IsNone then holdsPlainly else Outcome.Holds tightness

        walk ValueNone ValueNone

    /// The conjunction: the first refutation, else the first undecided outcome, else holds with the largest tightness.
    /// Nothing behind the first refutation is evaluated.
    let all (outcomes: Outcome seq) : Outcome = conjunction outcomes

    /// The conjunction of conclusions that are evaluated one after the other, none behind the first refutation.
    let check (conclusions: (unit -> Outcome) list) : Outcome = conjunction (conclusions |> Seq.map (fun conclude -> conclude ()))

    /// The outcome with more said about the instance, if it is a refutation.
    let at (instance: (string * string) list) (outcome: Outcome) : Outcome =
        match outcome with
        | Outcome.Refuted witness -> Outcome.Refuted { witness with Instance = instance @ witness.Instance }
        | other -> other
