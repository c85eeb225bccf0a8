namespace LayerTime.Core.Claims

/// All that was found about one part or control, keyed by case.
type internal Findings = { Chunks: Map<int, Chunk>; Simplified: Map<int, Simplified> }

/// Findings without repetitions: what the cases say, in their order.
type internal Summary = {
    /// All cases below this index are known.
    Prefix: int
    /// How many cases are known.
    Known: int
    /// The known cases that were refuted or undecided, in order.
    Others: struct (int * Outcome)[]
    /// The tightnesses of the known cases.
    Tightness: float[]
}

[<RequireQualifiedAccess>]
module internal Findings =

    let empty: Findings = { Chunks = Map.empty; Simplified = Map.empty }

    // Outcomes are functions of the case, so of two chunks with the same start the longer says everything.
    let add (finding: Finding) (findings: Findings) : Findings =
        match finding with
        | Finding.Simplified(index, simplified) -> { findings with Simplified = Map.add index simplified findings.Simplified }
        | Finding.Chunk chunk ->
            match Map.tryFind chunk.First findings.Chunks with
            | Some known when known.Count >= chunk.Count -> findings
            | _ -> { findings with Chunks = Map.add chunk.First chunk findings.Chunks }

    let summarise (findings: Findings) : Summary =
        let others = ResizeArray()
        let tightness = ResizeArray()
        let mutable prefix = 0
        let mutable reached = 0
        let mutable known = 0

        for KeyValue(first, chunk) in findings.Chunks do
            let start = max first reached
            let past = first + chunk.Count

            if start < past then
                others.AddRange(chunk.Others |> Seq.filter (fun struct (index, _) -> index >= start))

                if chunk.Tightness.Length > 0 then
                    for index in start .. past - 1 do
                        let value = chunk.Tightness[index - first]

                        if not (System.Double.IsNaN value) then
                            tightness.Add value

                if start = prefix then
                    prefix <- past

                known <- known + past - start
                reached <- past

        { Prefix = prefix; Known = known; Others = others.ToArray(); Tightness = tightness.ToArray() }

    /// The ranges of 0 .. target - 1 that no chunk covers, as (first, count).
    let missing (target: int) (findings: Findings) : (int * int) list =
        let gap (from: int) (until: int) = if from < until then [ from, until - from ] else []

        let gaps, reached =
            (([], 0), findings.Chunks)
            ||> Map.fold (fun (gaps, reached) first chunk -> gaps @ gap reached (min first target), max reached (first + chunk.Count))

        gaps @ gap reached target

    let isRefuted (outcome: Outcome) : bool =
        match outcome with
        | Outcome.Refuted _ -> true
        | _ -> false

    /// The first refuted case that is known.
    let tryFirstRefuted (summary: Summary) : (int * Witness) option =
        summary.Others
        |> Seq.tryPick (fun struct (index, outcome) ->
            match outcome with
            | Outcome.Refuted witness -> Some(index, witness)
            | _ -> None)

/// How far the cases of a part or control go, decided by outcomes alone.
[<RequireQualifiedAccess>]
type internal Extent =
    /// The cases below `target` are wanted and not all known.
    | Wanted of target: int
    /// The cases below `target` are all there are to run.
    | Complete of target: int

[<RequireQualifiedAccess>]
module internal Extent =

    /// First as many cases as asked for; then, while none is refuted, as many more as are still undecided, up to the cap.
    let ofPart (asked: int) (cap: int) (summary: Summary) : Extent =
        let rec extend (target: int) : Extent =
            if summary.Prefix < target then
                Extent.Wanted target
            else
                let others = summary.Others |> Array.filter (fun struct (index, _) -> index < target)
                let isRefuted = others |> Array.exists (fun struct (_, outcome) -> Findings.isRefuted outcome)
                let decided = target - others.Length

                if isRefuted || decided >= asked || target >= cap then
                    Extent.Complete target
                else
                    extend (int (min (int64 cap) (int64 target + int64 (asked - decided))))

        extend (min asked cap)

    /// Twice as many cases each time, up to the first that refutes or the declared number.
    let ofSearch (declared: int) (summary: Summary) : Extent =
        match Findings.tryFirstRefuted summary with
        | Some(index, _) -> if summary.Prefix > index then Extent.Complete(index + 1) else Extent.Wanted(index + 1)
        | None when summary.Prefix >= declared -> Extent.Complete declared
        | None ->
            let rec round target = if target > summary.Prefix then target else round (2 * target)
            Extent.Wanted(min declared (round 8))

    /// Every case.
    let ofFixed (declared: int) (summary: Summary) : Extent =
        if summary.Prefix < declared then Extent.Wanted declared else Extent.Complete declared

    let ofControl (experiment: IExperiment) (summary: Summary) : Extent =
        match experiment.Kind with
        | InstanceKind.Fixed -> ofFixed experiment.Declared summary
        | _ -> ofSearch experiment.Declared summary

/// What a run knows so far; results may be absorbed in any order, and twice.
[<Sealed>]
type RunState internal (options: RunOptions, catalogue: Catalogue, known: Map<Address, Findings>) =
    member internal _.Known: Map<Address, Findings> = known

    member internal _.Findings(address: Address) : Findings = Map.tryFind address known |> Option.defaultValue Findings.empty

    /// The options of the run.
    member _.Options: RunOptions = options

    /// The claims of the run.
    member _.Catalogue: Catalogue = catalogue
