namespace LayerTime.Core.Claims

open System

/// How many trials a run asks of the Random parts, in counted work and never in seconds.
[<RequireQualifiedAccess>]
type Effort =
    /// A tenth of the declared trials, at least five.
    | Quick
    /// The declared trials.
    | Default
    /// Ten times the declared trials.
    | Thorough

/// What a run is a function of, besides the catalogue.
type RunOptions = {
    /// The seed of all draws.
    Seed: uint64
    /// The effort on Random parts.
    Effort: Effort
    /// A number of trials for every Random part, instead of the effort's; at least 1 is taken.
    Trials: int option
}

/// Options of a run.
[<RequireQualifiedAccess>]
module RunOptions =

    /// Seed 1, default effort.
    let defaults: RunOptions = { Seed = 1UL; Effort = Effort.Default; Trials = None }

    let private atMostInt (count: int64) : int = int (min count (int64 Int32.MaxValue))

    /// The number of decided cases a run asks of a part.
    let asked (part: Part) (options: RunOptions) : int =
        let declared = part.Experiment.Declared

        match part.Experiment.Kind, options.Trials, options.Effort with
        | InstanceKind.Random, Some trials, _ -> max 1 trials
        | InstanceKind.Random, None, Effort.Quick -> min declared (max 5 (declared / 10))
        | InstanceKind.Random, None, Effort.Thorough -> atMostInt (10L * int64 declared)
        | _ -> declared

    /// The number of cases a part may take to get there.
    let cap (part: Part) (options: RunOptions) : int =
        match part.Experiment.Kind with
        | InstanceKind.Random -> atMostInt (int64 (asked part options) * int64 part.DrawsPerTrial)
        | _ -> asked part options

/// A part or a control of a claim: where cases live.
[<Struct>]
type internal Address = { Claim: string; Name: string }

[<RequireQualifiedAccess>]
type internal Task =
    | Cases of first: int * count: int
    | Simplify of index: int * budget: int

/// Outcomes of neighbouring cases, all that say more than `holds`.
type internal Chunk = {
    First: int
    Count: int
    /// The tightness of each case, NaN where it has none; empty if none has one.
    Tightness: float[]
    /// The cases that were refuted or undecided, in order.
    Others: struct (int * Outcome)[]
}

[<RequireQualifiedAccess>]
type internal Finding =
    | Chunk of Chunk
    | Simplified of index: int * Simplified

/// A piece of work that any core may do at any time: some neighbouring cases of one part or control, or the simplification of one.
[<Sealed>]
type WorkUnit internal (address: Address, experiment: IExperiment, seed: uint64, keepsTightness: bool, stopsAtRefuted: bool, task: Task) =

    member internal _.Address: Address = address
    member internal _.Experiment: IExperiment = experiment
    member internal _.Seed: uint64 = seed
    member internal _.KeepsTightness: bool = keepsTightness
    member internal _.StopsAtRefuted: bool = stopsAtRefuted
    member internal _.Task: Task = task

    member internal _.With(task: Task) : WorkUnit = WorkUnit(address, experiment, seed, keepsTightness, stopsAtRefuted, task)

    /// The id of the claim.
    member _.Claim: string = address.Claim

    /// The name of the part or of the control.
    member _.Part: string = address.Name

    /// How many cases it runs; 1 if it simplifies one.
    member _.Count: int =
        match task with
        | Task.Cases(_, count) -> count
        | Task.Simplify _ -> 1

/// What came out of a work unit; a value to be absorbed.
[<Sealed>]
type UnitResult internal (address: Address, finding: Finding) =
    member internal _.Address: Address = address
    member internal _.Finding: Finding = finding

/// Work units.
[<RequireQualifiedAccess>]
module WorkUnit =

    /// The unit in two, the first with `at` cases; the unit itself if that leaves one of the two empty.
    let split (at: int) (unit: WorkUnit) : WorkUnit list =
        match unit.Task with
        | Task.Cases(first, count) when 0 < at && at < count -> [
            unit.With(Task.Cases(first, at))
            unit.With(Task.Cases(first + at, count - at))
          ]
        | _ -> [ unit ]

    let private runCases (unit: WorkUnit) (first: int) (count: int) : Chunk =
        let address = unit.Address
        let experiment = unit.Experiment
        let root = Seed.root unit.Seed address.Claim address.Name
        let others = ResizeArray<struct (int * Outcome)>()
        let mutable tightness = Array.empty
        let mutable past = first + count
        let mutable index = first

        try
            while index < past do
                match experiment.Run(root, index) with
                | Outcome.Holds ValueNone -> ()
                | Outcome.Holds(ValueSome value) ->
                    if unit.KeepsTightness then
                        if tightness.Length = 0 then
                            tightness <- Array.create count nan

                        tightness[index - first] <- value
                | Outcome.Refuted _ as refutation ->
                    others.Add(struct (index, refutation))

                    if unit.StopsAtRefuted then
                        past <- index + 1
                | undecided -> others.Add(struct (index, undecided))

                index <- index + 1
        with cause ->
            raise (ClaimFault(address.Claim, address.Name, unit.Seed, index, cause))

        { First = first; Count = past - first; Tightness = tightness; Others = others.ToArray() }

    let private simplify (unit: WorkUnit) (index: int) (budget: int) : Simplified =
        let address = unit.Address
        let root = Seed.root unit.Seed address.Claim address.Name

        Replay.guarded address.Claim address.Name unit.Seed index (fun () ->
            match unit.Experiment.Simplify(root, index, budget) with
            | Some simplified -> simplified
            | None -> invalidOp "the case was refuted and, run again, is not: its outcome is not a function of the instance.")

    /// Does the work; throws `ClaimFault` if a conclusion or generator throws.
    let execute (unit: WorkUnit) : UnitResult =
        let finding =
            match unit.Task with
            | Task.Cases(first, count) -> Finding.Chunk(runCases unit first count)
            | Task.Simplify(index, budget) -> Finding.Simplified(index, simplify unit index budget)

        UnitResult(unit.Address, finding)
