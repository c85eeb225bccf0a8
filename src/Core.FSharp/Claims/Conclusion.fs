namespace LayerTime.Core.Claims

/// From findings to reports.
[<RequireQualifiedAccess>]
module internal Conclusion =

    let private counterexample
        (state: RunState)
        (address: Address)
        (experiment: IExperiment)
        (findings: Findings)
        (index: int)
        (witness: Witness)
        =
        let seed = state.Options.Seed

        let shown () =
            let root = Seed.root seed address.Claim address.Name
            let instance = Replay.guarded address.Claim address.Name seed index (fun () -> experiment.Show(root, index))
            { witness with Instance = instance @ witness.Instance }

        let witness, steps =
            match Map.tryFind index findings.Simplified with
            | Some simplified -> simplified.Witness, Some simplified.Steps
            | None when experiment.Kind = InstanceKind.Random -> shown (), None
            | None -> shown (), Some 0

        {
            Part = address.Name
            Witness = witness
            Steps = steps
            Replay = { Claim = address.Claim; Part = address.Name; Seed = seed; Index = index; Digest = state.Catalogue.Digest }
        }

    let private reasons (summary: Summary) : (string * int) list =
        summary.Others
        |> Seq.choose (fun struct (_, outcome) ->
            match outcome with
            | Outcome.Undecided reason -> Some reason
            | _ -> None)
        |> Seq.countBy id
        |> Seq.sortBy (fun (reason, count) -> -count, reason)
        |> Seq.truncate 5
        |> Seq.toList

    let private concludePart (state: RunState) (claim: Claim) (part: Part) : PartReport * Summary =
        let asked = RunOptions.asked part state.Options
        let summary = state.Findings { Claim = claim.Id; Name = part.Name } |> Findings.summarise
        let refuted = summary.Others |> Seq.filter (fun struct (_, outcome) -> Findings.isRefuted outcome) |> Seq.length
        let undecided = summary.Others.Length - refuted
        let decided = summary.Known - undecided
        let reasons = reasons summary

        let verdict =
            match Extent.ofPart asked (RunOptions.cap part state.Options) summary with
            | _ when refuted > 0 -> Verdict.Refuted
            | Extent.Wanted target -> Verdict.Undecided $"interrupted after {summary.Known} of {target}"
            | Extent.Complete _ when decided >= asked -> Verdict.Holds
            | Extent.Complete drawn ->
                let most = reasons |> List.map fst |> List.tryHead |> Option.defaultValue "no reason given"
                Verdict.Undecided $"{decided} of {asked} decided in {drawn} cases; mostly: {most}"

        {
            Name = part.Name
            Evidence = part.Evidence
            Verdict = verdict
            Asked = asked
            Decided = decided
            Refuted = refuted
            Undecided = undecided
            Reasons = reasons
            Tightness = Report.tightness summary.Tightness
        },
        summary

    // The first fixed witness that does not refute.
    let private tryIdle (summary: Summary) : (int * string) option =
        let refuting =
            summary.Others
            |> Seq.choose (fun struct (index, outcome) -> if Findings.isRefuted outcome then Some index else None)
            |> Set.ofSeq

        Seq.init summary.Prefix id
        |> Seq.tryFind (fun index -> not (refuting.Contains index))
        |> Option.map (fun index ->
            let said =
                summary.Others
                |> Seq.tryPick (fun struct (at, outcome) ->
                    match outcome with
                    | Outcome.Undecided reason when at = index -> Some $"undecided: {reason}"
                    | _ -> None)

            index, Option.defaultValue "the conclusion holds" said)

    let private concludeControl (state: RunState) (claim: Claim) (control: Control) : ControlReport =
        let address = { Claim = claim.Id; Name = control.Name }
        let findings = state.Findings address
        let summary = Findings.summarise findings
        let experiment = control.Experiment
        let idle = if experiment.Kind = InstanceKind.Fixed then tryIdle summary else None

        let necessity =
            match idle, Extent.ofControl experiment summary, Findings.tryFirstRefuted summary with
            | Some(index, found), _, _ ->
                let root = Seed.root state.Options.Seed address.Claim address.Name
                let instance = Replay.guarded address.Claim address.Name state.Options.Seed index (fun () -> experiment.Show(root, index))
                Necessity.FixedDidNotRefute(index, instance, found)
            | None, Extent.Wanted _, _ -> Necessity.Interrupted(summary.Known, experiment.Declared)
            | None, Extent.Complete _, Some(index, witness) ->
                Necessity.Needed(index + 1, counterexample state address experiment findings index witness)
            | None, Extent.Complete draws, None -> Necessity.NotShownNecessary draws

        { Name = control.Name; Hypothesis = control.Hypothesis; Necessity = necessity }

    let private verdict (parts: PartReport list) : Verdict =
        let undecided =
            parts
            |> List.choose (fun part ->
                match part.Verdict with
                | Verdict.Undecided reason -> Some $"{part.Name}: {reason}"
                | _ -> None)

        if parts |> List.exists (fun part -> part.Verdict = Verdict.Refuted) then Verdict.Refuted
        elif undecided.IsEmpty then Verdict.Holds
        else Verdict.Undecided(String.concat "; " undecided)

    let private concludeClaim (state: RunState) (claim: Claim) : ClaimReport =
        let concluded = claim.Parts |> List.map (concludePart state claim)
        let parts = List.map fst concluded

        let counterexample =
            List.zip claim.Parts (List.map snd concluded)
            |> List.tryPick (fun (part, summary) ->
                Findings.tryFirstRefuted summary
                |> Option.map (fun (index, witness) ->
                    let address = { Claim = claim.Id; Name = part.Name }
                    counterexample state address part.Experiment (state.Findings address) index witness))

        {
            Id = claim.Id
            Paper = claim.Source.Paper
            Evidence = parts |> List.map _.Evidence |> List.max
            Verdict = verdict parts
            Trials = parts |> List.sumBy _.Decided
            Undecided = parts |> List.sumBy _.Undecided
            Tightness = concluded |> Seq.map (fun (_, summary) -> summary.Tightness) |> Array.concat |> Report.tightness
            Parts = parts
            Necessity = claim.Controls |> List.map (concludeControl state claim)
            Counterexample = counterexample
        }

    /// The report of what is known: of a complete run the answer, of an interrupted one what was done until then.
    let report (state: RunState) : Report =
        let ifOpen (claim: Claim) =
            match claim.Status with
            | ClaimStatus.Open reason -> Some { Id = claim.Id; Reason = reason }
            | ClaimStatus.Executable -> None

        let claims = state.Catalogue.Claims

        {
            Catalogue = state.Catalogue.Digest
            Seed = state.Options.Seed
            Claims = claims |> List.filter (ifOpen >> Option.isNone) |> List.map (concludeClaim state)
            Open = claims |> List.choose ifOpen
        }
