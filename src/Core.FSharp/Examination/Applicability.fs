namespace LayerTime.Core.Examination

/// Whether a hypothesis holds for a given network, with the numbers that decide it.
[<RequireQualifiedAccess>]
type Hypothesis =
    /// It holds.
    | Met of evidence: string
    /// It does not.
    | Broken of found: string
    /// It was not decided.
    | Open of reason: string

/// What a claim says of a given network.
[<RequireQualifiedAccess>]
type Applicability =
    /// The hypotheses hold, and the conclusion was checked on this network.
    | Holds of evidence: string
    /// The hypotheses hold; the conclusion follows and was not checked once more.
    | Applies of evidence: string
    /// A hypothesis does not hold.
    | Fails of hypothesis: string * found: string
    /// A hypothesis was not decided.
    | Undecided of hypothesis: string * reason: string
    /// The statement quantifies over something that a network does not have.
    | NotOfNetworks of subject: string

/// A claim and what it says of networks.
[<NoComparison; NoEquality>]
type ApplicabilityRow = {
    /// The id of the claim.
    Claim: string
    /// The answer for a network.
    Judge: NetworkFacts -> Applicability
}

/// The vocabulary of the table.
module internal Judgement =
    /// The first hypothesis that is broken or open decides; if all are met, the conclusion is asked.
    let require (hypotheses: (string * Hypothesis) list) (conclusion: unit -> Applicability) : Applicability =
        let broken =
            hypotheses
            |> List.tryPick (function
                | name, Hypothesis.Broken found -> Some(Applicability.Fails(name, found))
                | _ -> None)

        let opened =
            hypotheses
            |> List.tryPick (function
                | name, Hypothesis.Open reason -> Some(Applicability.Undecided(name, reason))
                | _ -> None)

        match broken, opened with
        | Some answer, _
        | None, Some answer -> answer
        | None, None -> conclusion ()

    /// The evidence of hypotheses that are met, in one line.
    let evidence (hypotheses: (string * Hypothesis) list) : string =
        hypotheses
        |> List.choose (function
            | _, Hypothesis.Met evidence when evidence <> "" -> Some evidence
            | _ -> None)
        |> String.concat "; "

    /// Applies if all hypotheses are met, with their evidence and what follows.
    let applies (hypotheses: (string * Hypothesis) list) (follows: string) : Applicability =
        require hypotheses (fun () ->
            let met = evidence hypotheses

            Applicability.Applies(
                if follows = "" then met
                elif met = "" then follows
                else $"{met}: {follows}"
            ))

    /// Rows of claims that are not about a given network, all for one reason.
    let notOfNetworks (subject: string) (ids: string list) : ApplicabilityRow list =
        ids |> List.map (fun id -> { Claim = id; Judge = fun _ -> Applicability.NotOfNetworks subject })

    /// A row.
    let row (id: string) (judge: NetworkFacts -> Applicability) : ApplicabilityRow = { Claim = id; Judge = judge }
