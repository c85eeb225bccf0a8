namespace LayerTime.Core.Claims

/// Runs catalogues: work units out, results in, a report at any time. The answer does not depend on who did which unit when.
[<RequireQualifiedAccess>]
module Runner =

    /// How many instances are tried when the refuted case of a part is made simpler.
    let refutationBudget: int = 500

    /// How many instances are tried when the refuted case of a control, which is found in every run, is made simpler.
    let necessityBudget: int = 100

    /// A run that has not begun.
    let start (options: RunOptions) (catalogue: Catalogue) : RunState = RunState(options, catalogue, Map.empty)

    let private add (address: Address) (finding: Finding) (known: Map<Address, Findings>) : Map<Address, Findings> =
        Map.change address (Option.defaultValue Findings.empty >> Findings.add finding >> Some) known

    /// The state with one result more; commutative, and idempotent.
    let absorb (state: RunState) (result: UnitResult) : RunState =
        RunState(state.Options, state.Catalogue, add result.Address result.Finding state.Known)

    /// What two states of the same run know together; commutative, associative and idempotent.
    let merge (first: RunState) (second: RunState) : Result<RunState, string> =
        let ids (state: RunState) = state.Catalogue.Claims |> List.map _.Id

        if first.Catalogue.Digest <> second.Catalogue.Digest then
            Error $"The runs are of the catalogues {first.Catalogue.Digest} and {second.Catalogue.Digest}; they cannot be merged."
        elif first.Options <> second.Options then
            Error "The runs differ in seed, effort or trials; they cannot be merged."
        elif ids first <> ids second then
            Error "The runs are of different claims; they cannot be merged."
        else
            let join known address (findings: Findings) =
                let chunks = findings.Chunks.Values |> Seq.map Finding.Chunk
                let simplified = findings.Simplified |> Seq.map (fun pair -> Finding.Simplified(pair.Key, pair.Value))
                Seq.append chunks simplified |> Seq.fold (fun known finding -> add address finding known) known

            Ok(RunState(first.Options, first.Catalogue, Map.fold join first.Known second.Known))

    // Large enough to cost nothing, small enough to keep cores busy and to stop soon.
    let private pieces (first: int, count: int) : (int * int) list =
        let size = count / 16 |> max 1 |> min 256
        [ for start in first..size .. first + count - 1 -> start, min size (first + count - start) ]

    let private casesWanted (unit: Task -> WorkUnit) (extent: Extent) (findings: Findings) : WorkUnit list =
        match extent with
        | Extent.Complete _ -> []
        | Extent.Wanted target -> Findings.missing target findings |> List.collect pieces |> List.map (Task.Cases >> unit)

    let private simplificationWanted
        (unit: Task -> WorkUnit)
        (experiment: IExperiment)
        (budget: int)
        (findings: Findings)
        (summary: Summary)
        : WorkUnit list =
        match Findings.tryFirstRefuted summary with
        | Some(index, _) when experiment.Kind = InstanceKind.Random && not (findings.Simplified.ContainsKey index) -> [
            unit (Task.Simplify(index, budget))
          ]
        | _ -> []

    let private nextOfParts (state: RunState) (claim: Claim) : WorkUnit list =
        let parts =
            claim.Parts
            |> List.map (fun part ->
                let address = { Claim = claim.Id; Name = part.Name }
                let findings = state.Findings address
                let summary = Findings.summarise findings
                let extent = Extent.ofPart (RunOptions.asked part state.Options) (RunOptions.cap part state.Options) summary
                let keeps = Evidence.hasTightness part.Evidence
                let unit task = WorkUnit(address, part.Experiment, state.Options.Seed, keeps, false, task)

                casesWanted unit extent findings,
                (fun () -> simplificationWanted unit part.Experiment refutationBudget findings summary),
                summary)

        match parts |> List.collect (fun (cases, _, _) -> cases) with
        | [] ->
            parts
            |> List.tryFind (fun (_, _, summary) -> (Findings.tryFirstRefuted summary).IsSome)
            |> Option.map (fun (_, simplification, _) -> simplification ())
            |> Option.defaultValue []
        | cases -> cases

    let private nextOfControl (state: RunState) (claim: Claim) (control: Control) : WorkUnit list =
        let address = { Claim = claim.Id; Name = control.Name }
        let findings = state.Findings address
        let summary = Findings.summarise findings
        let stops = control.Experiment.Kind <> InstanceKind.Fixed
        let unit task = WorkUnit(address, control.Experiment, state.Options.Seed, false, stops, task)

        match casesWanted unit (Extent.ofControl control.Experiment summary) findings with
        | [] -> simplificationWanted unit control.Experiment necessityBudget findings summary
        | cases -> cases

    /// The units of the next round; empty when the run is complete. Call it when the units of the last round are absorbed:
    /// units that are still on their way are handed out again, which costs time and changes nothing.
    let next (state: RunState) : WorkUnit[] =
        state.Catalogue.Claims
        |> Seq.collect (fun claim -> nextOfParts state claim @ List.collect (nextOfControl state claim) claim.Controls)
        |> Seq.toArray

    /// The units of the first round.
    let plan (options: RunOptions) (catalogue: Catalogue) : WorkUnit[] = next (start options catalogue)

    /// Does one unit of work; throws `ClaimFault` if a conclusion or generator throws.
    let execute (unit: WorkUnit) : UnitResult = WorkUnit.execute unit

    /// The report of what is known: of a complete run the answer, of an interrupted one what was done until then.
    let conclude (state: RunState) : Report = Conclusion.report state

    /// Runs a catalogue from start to end on the calling thread.
    let run (options: RunOptions) (catalogue: Catalogue) : Report =
        let rec loop (state: RunState) : RunState =
            match next state with
            | [||] -> state
            | units -> units |> Array.fold (fun state unit -> absorb state (execute unit)) state |> loop

        conclude (loop (start options catalogue))
