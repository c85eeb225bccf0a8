namespace LayerTime.Core.Claims

/// The answer to a part or a claim.
[<RequireQualifiedAccess>]
type Verdict =
    /// As many cases as declared were decided, none was refuted.
    | Holds
    /// At least one case was refuted.
    | Refuted
    /// Too few cases were decided, or the run was interrupted.
    | Undecided of reason: string

/// How sharp the bounds were that held; 1 is sharp.
type Tightness = {
    /// The middle one of all cases that had one (the lower middle of an even number).
    Median: float
    /// The largest.
    Max: float
    /// How many lie in each half of a decade: the last ones from 10^(−1/2) on, the ones before from 10^(−1) on, …, the first below 10^(−5.5).
    Histogram: int[]
}

/// What became of one part.
type PartReport = {
    /// The name of the part.
    Name: string
    /// What its check is worth.
    Evidence: Evidence
    /// The answer.
    Verdict: Verdict
    /// How many decided cases the run asked for.
    Asked: int
    /// How many were decided.
    Decided: int
    /// How many of these were refuted.
    Refuted: int
    /// How many were undecided.
    Undecided: int
    /// Why, the most frequent reason first, at most five.
    Reasons: (string * int) list
    /// How sharp the bounds were; None where that has no meaning.
    Tightness: Tightness option
}

/// A refuted case, as it is shown.
type Counterexample = {
    /// The part or control it belongs to.
    Part: string
    /// What it shows, on the simplest instance found.
    Witness: Witness
    /// How often a simpler instance was taken; None if the run ended before that was tried.
    Steps: int option
    /// The token that runs the case again.
    Replay: ReplayToken
}

/// What became of a control.
[<RequireQualifiedAccess>]
type Necessity =
    /// The conclusion fails without the hypothesis; it took this many trials to see it.
    | Needed of trialsToRefute: int * counterexample: Counterexample
    /// A fixed witness, with this index, does not refute: the control is wrong.
    | FixedDidNotRefute of index: int * instance: (string * string) list * found: string
    /// A search of this many draws found no counterexample.
    | NotShownNecessary of draws: int
    /// The run ended after some of the cases.
    | Interrupted of tried: int * total: int

/// What became of one control.
type ControlReport = {
    /// The name of the control.
    Name: string
    /// The id of the hypothesis it breaks.
    Hypothesis: string
    /// What became of it.
    Necessity: Necessity
}

/// What became of one claim.
type ClaimReport = {
    /// The id of the claim.
    Id: string
    /// The paper it comes from, possibly empty.
    Paper: string
    /// The weakest kind of evidence among its parts.
    Evidence: Evidence
    /// The answer: refuted if a part is, else undecided if a part is, else holds.
    Verdict: Verdict
    /// How many cases were decided.
    Trials: int
    /// How many were undecided.
    Undecided: int
    /// How sharp its bounds were, over all cases of its certified and bounded parts.
    Tightness: Tightness option
    /// Part by part.
    Parts: PartReport list
    /// Control by control.
    Necessity: ControlReport list
    /// The first refuted case of the first refuted part.
    Counterexample: Counterexample option
}

/// A claim that cannot be run yet.
type OpenClaim = {
    /// The id of the claim.
    Id: string
    /// Why it is open.
    Reason: string
}

/// What became of a run; a function of the catalogue, the seed and the effort alone.
type Report = {
    /// The digest of the catalogue.
    Catalogue: string
    /// The seed of the run.
    Seed: uint64
    /// Claim by claim, in the order of the catalogue.
    Claims: ClaimReport list
    /// The claims that cannot be run yet.
    Open: OpenClaim list
}

/// Reports.
[<RequireQualifiedAccess>]
module Report =

    // 10^(−5.5), 10^(−5), …, 10^(−0.5)
    let private halfDecades = [|
        3.1622776601683793e-6
        1e-5
        3.1622776601683795e-5
        1e-4
        3.1622776601683794e-4
        1e-3
        3.1622776601683794e-3
        1e-2
        3.1622776601683794e-2
        1e-1
        3.1622776601683794e-1
    |]

    let private histogram (values: float[]) : int[] =
        let counts = Array.zeroCreate (halfDecades.Length + 1)

        for value in values do
            let bin = halfDecades |> Array.sumBy (fun edge -> if value >= edge then 1 else 0)
            counts[bin] <- counts[bin] + 1

        counts

    /// Median, maximum and histogram of the values seen; None if there are none.
    let tightness (values: float[]) : Tightness option =
        if values.Length = 0 then
            None
        else
            let sorted = Array.sort values
            Some { Median = sorted[(sorted.Length - 1) / 2]; Max = sorted[sorted.Length - 1]; Histogram = histogram values }

    /// The claim with the smallest of the largest tightnesses, and that tightness: where a better bound is to be looked for.
    let loosest (report: Report) : (string * float) option =
        report.Claims
        |> List.choose (fun claim -> claim.Tightness |> Option.map (fun tightness -> claim.Id, tightness.Max))
        |> function
            | [] -> None
            | bounds -> Some(List.minBy snd bounds)

    let private severity (claim: ClaimReport) : int =
        let ofVerdict =
            match claim.Verdict with
            | Verdict.Holds -> 0
            | Verdict.Refuted -> 2
            | Verdict.Undecided _ -> 1

        let ofNecessity (control: ControlReport) =
            match control.Necessity with
            | Necessity.Needed _ -> 0
            | Necessity.FixedDidNotRefute _ -> 2
            | Necessity.NotShownNecessary _
            | Necessity.Interrupted _ -> 1

        claim.Necessity |> List.map ofNecessity |> List.fold max ofVerdict

    /// The exit code of a run that was not interrupted: 0 if all hold, 1 if something is refuted or a fixed witness does not refute,
    /// 2 if something is undecided or not shown necessary; open claims do not count.
    let exitCode (report: Report) : int =
        match report.Claims |> List.map severity |> List.fold max 0 with
        | 0 -> 0
        | 2 -> 1
        | _ -> 2
