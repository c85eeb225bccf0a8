namespace LayerTime.Core.Claims

open System

/// One conclusion of a claim, on its instances.
[<ReferenceEquality>]
type Part = {
    /// A short name, unique within the claim.
    Name: string
    /// What a check of it is worth.
    Evidence: Evidence
    /// The instances and the conclusion.
    Experiment: IExperiment
    /// How many draws there may be for each declared trial; at least 1.
    DrawsPerTrial: int
}

/// Instances that break one hypothesis only, on which the conclusion has to fail.
[<ReferenceEquality>]
type Control = {
    /// A short name, unique within the claim.
    Name: string
    /// The id of the hypothesis that is broken.
    Hypothesis: string
    /// The instances and the conclusion; fixed ones must all refute, of the others one.
    Experiment: IExperiment
}

/// A hypothesis and its short id.
type Hypothesis = {
    /// A short id, such as H1.
    Id: string
    /// What is assumed.
    Statement: string
}

/// Whether a claim can be run.
[<RequireQualifiedAccess>]
type ClaimStatus =
    /// It can.
    | Executable
    /// Not yet, for this reason.
    | Open of reason: string

/// A theorem as a value: what it says, from where, under which hypotheses, how it is checked and how it is broken.
[<ReferenceEquality>]
type Claim = {
    /// The name in the catalogue, lower-case words joined by dots and hyphens.
    Id: string
    /// What is claimed, in plain text.
    Statement: string
    /// Where it comes from.
    Source: Source
    /// Whether it can be run.
    Status: ClaimStatus
    /// What is assumed.
    Hypotheses: Hypothesis list
    /// What is checked; all of it must hold.
    Parts: Part list
    /// What happens without a hypothesis.
    Controls: Control list
}

/// Claims, written as a pipeline that starts with `Claim.define`.
[<RequireQualifiedAccess>]
module Claim =

    /// A claim of one's own that says this; parts have to follow.
    let define (id: string) (statement: string) : Claim = {
        Id = id
        Statement = statement
        Source = { Paper = ""; Statement = ""; Reading = Reading.Own }
        Status = ClaimStatus.Executable
        Hypotheses = []
        Parts = []
        Controls = []
    }

    /// Where the claim comes from: the paper, the statement in it, how it came to us.
    let source (paper: string) (statement: string) (reading: Reading) (claim: Claim) : Claim = {
        claim with
            Source = { Paper = paper; Statement = statement; Reading = reading }
    }

    /// A claim that cannot be run yet, and why.
    let open' (id: string) (statement: string) (source: Source) (reason: string) : Claim = {
        define id statement with
            Source = source
            Status = ClaimStatus.Open reason
    }

    /// Assumes one thing more: `hypothesis "H1" "k ≥ 2"`.
    let hypothesis (id: string) (statement: string) (claim: Claim) : Claim = {
        claim with
            Hypotheses = claim.Hypotheses @ [ { Id = id; Statement = statement } ]
    }

    // A conclusion that throws has not been shown to hold. In a part the exception refutes the case, so that it is named, simplified and
    // replayed like every other refutation while the other claims are still answered; in a control it is no counterexample.
    let private ifThrown (answer: string -> Outcome) (conclude: 'I -> Outcome) (instance: 'I) : Outcome =
        try
            conclude instance
        with cause ->
            answer $"it threw {cause.GetType().Name}: {cause.Message}"

    let private part evidence name instances conclude claim =
        let conclude = ifThrown (Outcome.refuted "the conclusion" "an answer") conclude
        let part = { Name = name; Evidence = evidence; Experiment = Experiment.create instances conclude; DrawsPerTrial = 2 }

        { claim with Parts = claim.Parts @ [ part ] }

    /// A part decided by equality.
    let exact (name: string) (instances: Instances<'I>) (conclude: 'I -> Outcome) (claim: Claim) : Claim =
        part Evidence.Exact name instances conclude claim

    /// A part decided by enclosures.
    let certified (name: string) (instances: Instances<'I>) (conclude: 'I -> Outcome) (claim: Claim) : Claim =
        part Evidence.Certified name instances conclude claim

    /// A part decided by a bound that allows for rounding.
    let bounded (name: string) (instances: Instances<'I>) (conclude: 'I -> Outcome) (claim: Claim) : Claim =
        part Evidence.Bounded name instances conclude claim

    /// A part decided by an order of convergence.
    let asymptotic (name: string) (instances: Instances<'I>) (conclude: 'I -> Outcome) (claim: Claim) : Claim =
        part Evidence.Asymptotic name instances conclude claim

    /// Allows the part added last this many draws for each declared trial (2 unless told).
    let drawsPerTrial (factor: int) (claim: Claim) : Claim = {
        claim with
            Parts =
                claim.Parts
                |> List.mapi (fun i part -> if i = claim.Parts.Length - 1 then { part with DrawsPerTrial = factor } else part)
    }

    /// A control: on these instances, which break this hypothesis only, the conclusion has to be refuted:
    /// on every fixed instance, on one of the others.
    let neededBy (hypothesis: string) (instances: Instances<'I>) (conclude: 'I -> Outcome) (claim: Claim) : Claim =
        let earlier = claim.Controls |> List.filter (fun control -> control.Hypothesis = hypothesis) |> List.length
        let suffix = if earlier = 0 then "" else $"-{earlier + 1}"

        let conclude = ifThrown Outcome.undecided conclude
        let control = { Name = $"without-{hypothesis}{suffix}"; Hypothesis = hypothesis; Experiment = Experiment.create instances conclude }

        { claim with Controls = claim.Controls @ [ control ] }

    /// The weakest kind of evidence among the parts; None for an open claim.
    let evidence (claim: Claim) : Evidence option = claim.Parts |> List.map _.Evidence |> Evidence.weakest

    // Names travel in replay tokens, so they hold no separator and no space.
    let private isName (text: string) : bool =
        text <> "" && text |> Seq.forall (fun c -> Char.IsAsciiLetterOrDigit c || c = '.' || c = '-' || c = '_')

    let private repeated (names: string list) : string list =
        names |> List.countBy id |> List.filter (fun (_, count) -> count > 1) |> List.map fst

    /// Everything that keeps the claim from being run or entered in a catalogue, as sentences; empty if nothing does.
    let problems (claim: Claim) : string list =
        let names = (claim.Parts |> List.map _.Name) @ (claim.Controls |> List.map _.Name)
        let hypotheses = claim.Hypotheses |> List.map _.Id

        let experiments =
            (claim.Parts |> List.map (fun p -> p.Name, p.Experiment)) @ (claim.Controls |> List.map (fun c -> c.Name, c.Experiment))

        [
            if not (isName claim.Id) then
                $"The id '{claim.Id}' must be made of letters, digits, dots, hyphens and underscores."
            if claim.Status = ClaimStatus.Executable && claim.Parts.IsEmpty then
                $"{claim.Id} has no part; add one or enter the claim as open."
            if claim.Status <> ClaimStatus.Executable && not names.IsEmpty then
                $"{claim.Id} is open and yet has parts or controls."
            for name in names do
                if not (isName name) then
                    $"{claim.Id}: the name '{name}' must be made of letters, digits, dots, hyphens and underscores."
            for name in repeated names do
                $"{claim.Id}: the name '{name}' is used more than once."
            for name in repeated hypotheses do
                $"{claim.Id}: the hypothesis '{name}' is stated more than once."
            for control in claim.Controls do
                if not (List.contains control.Hypothesis hypotheses) then
                    $"{claim.Id}: the control '{control.Name}' breaks '{control.Hypothesis}', which is not among the hypotheses."
            for name, experiment in experiments do
                if experiment.Declared < 1 then
                    $"{claim.Id}: '{name}' declares no case."
            for part in claim.Parts do
                if part.DrawsPerTrial < 1 then
                    $"{claim.Id}: '{part.Name}' allows less than one draw for each trial."
        ]
