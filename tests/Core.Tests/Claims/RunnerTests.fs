module LayerTime.Core.Tests.Claims.RunnerTests

open Xunit
open LayerTime.Core.Claims
open LayerTime.Core.Tests

let private reference = Runner.run RunOptions.defaults Samples.everySort
let private reportOf (id: string) = reference.Claims |> List.find (fun claim -> claim.Id = id)

let private shuffle (numbers: RandomStream) (items: 'T[]) : 'T[] =
    items |> Array.map (fun item -> numbers.NextUInt64(), item) |> Array.sortBy fst |> Array.map snd

let private splitAtRandom (numbers: RandomStream) (unit: WorkUnit) : WorkUnit list =
    WorkUnit.split (numbers.NextInt(0, unit.Count)) unit
    |> List.collect (fun half -> WorkUnit.split (numbers.NextInt(0, half.Count)) half)

/// A round done in pieces, in any order, some of them twice.
let private round (numbers: RandomStream) (units: WorkUnit[]) : UnitResult[] =
    let pieces = units |> Array.collect (splitAtRandom numbers >> List.toArray)
    let twice = pieces |> Array.filter (fun _ -> numbers.NextBool())

    Array.concat [ pieces; twice; units |> Array.filter (fun _ -> numbers.NextBool()) ]
    |> shuffle numbers
    |> Array.map Runner.execute

let private start = Runner.start RunOptions.defaults Samples.everySort

let rec private finish (numbers: RandomStream) (state: RunState) : RunState =
    match Runner.next state with
    | [||] -> state
    | units -> round numbers units |> Array.fold Runner.absorb state |> finish numbers

/// A state after some of the work of the first rounds.
let private interrupted (numbers: RandomStream) : RunState =
    let results state = Runner.next state |> round numbers |> Array.filter (fun _ -> numbers.NextInt(0, 3) > 0)
    let rounds = numbers.NextInt(0, 3)
    Seq.init rounds id |> Seq.fold (fun state _ -> results state |> Array.fold Runner.absorb state) start

[<Property(MaxTest = 30)>]
let ``the report does not depend on how the work is split, ordered or repeated`` (key: uint64) =
    Runner.conclude (finish (RandomStream key) start) = reference

[<Property(MaxTest = 30)>]
let ``a run that was interrupted goes on to the same report`` (key: uint64) =
    let numbers = RandomStream key
    Runner.conclude (interrupted numbers |> finish numbers) = reference

[<Property(MaxTest = 30)>]
let ``absorbing is commutative and idempotent`` (key: uint64) =
    let numbers = RandomStream key
    let results = Runner.next start |> round numbers
    let once = results |> Array.fold Runner.absorb start |> Runner.conclude
    let twice = Array.append results results |> shuffle numbers |> Array.fold Runner.absorb start |> Runner.conclude
    once = twice

let private merge (first: RunState) (second: RunState) : RunState =
    match Runner.merge first second with
    | Ok state -> state
    | Error message -> failwith message

[<Property(MaxTest = 30)>]
let ``merging is commutative, associative and idempotent, and starting is its unit`` (key: uint64) =
    let numbers = RandomStream key
    let a, b, c = interrupted numbers, interrupted numbers, interrupted numbers
    let report = Runner.conclude

    report (merge a b) = report (merge b a)
    && report (merge a (merge b c)) = report (merge (merge a b) c)
    && report (merge a a) = report a
    && report (merge start a) = report a

[<Property(MaxTest = 30)>]
let ``states merged go on to the same report`` (key: uint64) =
    let numbers = RandomStream key
    Runner.conclude (merge (interrupted numbers) (interrupted numbers) |> finish numbers) = reference

[<Fact>]
let ``the report does not depend on the number of cores`` () =
    let rec loop (state: RunState) : RunState =
        match Runner.next state with
        | [||] -> state
        | units -> units |> Array.Parallel.map Runner.execute |> Array.fold Runner.absorb state |> loop

    Assert.Equal(reference, Runner.conclude (loop start))

[<Fact>]
let ``runs of other options or catalogues are not merged`` () =
    let other = Runner.start { RunOptions.defaults with Seed = 2UL } Samples.everySort
    Assert.True(Result.isError (Runner.merge start other))
    Assert.True(Result.isError (Runner.merge start (Runner.start RunOptions.defaults (Samples.catalogue []))))

    match Catalogue.select "sample.holds" Samples.everySort with
    | Ok selection -> Assert.True(Result.isError (Runner.merge start (Runner.start RunOptions.defaults selection)))
    | Error message -> failwith message

[<Property(MaxTest = 30)>]
let ``an interrupted report says holds and refuted only where the complete one does`` (key: uint64) =
    let report = Runner.conclude (interrupted (RandomStream key))

    List.zip (report.Claims |> List.collect _.Parts) (reference.Claims |> List.collect _.Parts)
    |> List.forall (fun (partial, complete) ->
        match partial.Verdict with
        | Verdict.Holds -> partial = complete
        | Verdict.Refuted -> complete.Verdict = Verdict.Refuted
        | Verdict.Undecided _ -> partial.Decided <= complete.Decided)

[<Fact>]
let ``a run interrupted before it began says so of every part and control`` () =
    for claim in (Runner.conclude start).Claims do
        for part in claim.Parts do
            Assert.Equal(Verdict.Undecided $"interrupted after 0 of {part.Asked}", part.Verdict)

        for control in claim.Necessity do
            match control.Necessity with
            | Necessity.Interrupted(0, _) -> ()
            | other -> failwith $"Expected an interrupted control, found {other}."

[<Fact>]
let ``what was done before an interruption is counted`` () =
    let units = Runner.next start |> Array.filter (fun unit -> unit.Claim = "sample.refuted" && unit.Part = "fine")
    let state = units |> Array.truncate 3 |> Array.fold (fun state unit -> Runner.absorb state (Runner.execute unit)) start
    let claim = (Runner.conclude state).Claims |> List.find (fun claim -> claim.Id = "sample.refuted")
    let part = claim.Parts.Head
    Assert.Equal((Verdict.Undecided "interrupted after 3 of 10", 3), (part.Verdict, part.Decided))

[<Fact>]
let ``another seed draws other cases`` () =
    let other = Runner.run { RunOptions.defaults with Seed = 2UL } Samples.everySort
    let tightness (report: Report) = report.Claims |> List.choose _.Tightness
    Assert.NotEqual<Tightness list>(tightness reference, tightness other)

[<Fact>]
let ``a claim with nothing wrong holds on as many trials as declared`` () =
    let report = reportOf "sample.holds"
    Assert.Equal((Verdict.Holds, 81, 0), (report.Verdict, report.Trials, report.Undecided))
    Assert.Equal(None, report.Counterexample)

[<Fact>]
let ``undecided cases are made up for by more draws`` () =
    let part = (reportOf "sample.sometimes-undecided").Parts.Head
    Assert.Equal(Verdict.Holds, part.Verdict)
    Assert.True(part.Decided >= 100 && part.Undecided > 20 && part.Decided + part.Undecided <= 200)
    Assert.Equal(part.Undecided, part.Reasons |> List.sumBy snd)
    Assert.Equal<string list>([ "remainder 1"; "remainder 3" ], part.Reasons |> List.map fst |> List.sort)

[<Fact>]
let ``no more is drawn than it takes`` () =
    let part =
        (Samples.report (Samples.claim "mine.one" |> Claim.exact "p" (Samples.draws 100) (Samples.decidedUnless 5 [ 1 ]))).Parts.Head

    Assert.Equal(100, part.Decided)

[<Fact>]
let ``a part that cannot decide enough within its cap is undecided, with how many and why`` () =
    let part = (reportOf "sample.mostly-undecided").Parts.Head
    Assert.Equal(80, part.Decided + part.Undecided)
    Assert.Equal(Verdict.Undecided $"{part.Decided} of 40 decided in 80 cases; mostly: {fst part.Reasons.Head}", part.Verdict)

[<Fact>]
let ``a larger cap decides what a smaller one does not`` () =
    let claim = Samples.claim "mine.one" |> Claim.exact "p" (Samples.draws 40) (Samples.decidedUnless 5 [ 0; 1; 2; 3 ])
    Assert.NotEqual(Verdict.Holds, (Samples.report claim).Verdict)
    Assert.Equal(Verdict.Holds, (Samples.report (claim |> Claim.drawsPerTrial 20)).Verdict)

[<Fact>]
let ``one undecided case of a list leaves the part undecided`` () =
    let claim =
        Samples.claim "mine.one"
        |> Claim.exact "p" (Instances.exhaustive Samples.show [ 1..9 ]) (Samples.decidedUnless 100 [ 4 ])

    Assert.Equal(Verdict.Undecided "p: 8 of 9 decided in 9 cases; mostly: remainder 4", (Samples.report claim).Verdict)

[<Fact>]
let ``a refuted part refutes the claim, with the simplest witness found and the token of the first refuted case`` () =
    let report = reportOf "sample.refuted"
    let counterexample = report.Counterexample.Value
    Assert.Equal(Verdict.Refuted, report.Verdict)
    Assert.Equal<(string * string) list>([ "x", "980" ], counterexample.Witness.Instance)
    Assert.Equal("rare", counterexample.Part)

    let isRefuted index =
        match Replay.run Samples.everySort { counterexample.Replay with Index = index } with
        | Ok { Outcome = Outcome.Refuted _ } -> true
        | _ -> false

    let index = counterexample.Replay.Index
    Assert.Equal(Some index, Seq.init 200 id |> Seq.tryFind isRefuted)
    Assert.Equal(Seq.init 200 id |> Seq.filter isRefuted |> Seq.length, report.Parts[1].Refuted)

[<Fact>]
let ``a refuted part outweighs an undecided one`` () =
    let report =
        Samples.claim "mine.one"
        |> Claim.exact "undecided" (Samples.one 1) (fun _ -> Outcome.undecided "no idea")
        |> Claim.exact "refuted" (Samples.one 7) (Samples.below 3)
        |> Samples.report

    Assert.Equal(Verdict.Refuted, report.Verdict)
    Assert.Equal<(string * string) list>([ "x", "7" ], report.Counterexample.Value.Witness.Instance)

[<Fact>]
let ``tightness is collected over the bounded and certified parts`` () =
    let report = reportOf "sample.tight"
    Assert.Equal(Some(0.25, 0.5), report.Parts[1].Tightness |> Option.map (fun tightness -> tightness.Median, tightness.Max))
    Assert.Equal(Some(max report.Parts[0].Tightness.Value.Max 0.5), report.Tightness |> Option.map _.Max)
    let exact = Samples.claim "mine.one" |> Claim.exact "p" (Samples.one 1) (fun _ -> Outcome.atMost "x" 2.0 1.0)
    Assert.Equal(None, (Samples.report exact).Tightness)

let private controlled instances conclusion =
    Samples.claim "mine.one"
    |> Claim.hypothesis "H1" "something"
    |> Claim.exact "p" (Samples.one 1) (fun _ -> Outcome.holds)
    |> Claim.neededBy "H1" instances conclusion
    |> Samples.necessity

[<Fact>]
let ``a search stops at the first counterexample and says how many trials it took`` () =
    let searched = Instances.exhaustive Samples.show [ 0..99 ]

    match controlled searched (Samples.below 37) with
    | Necessity.Needed(38, counterexample) -> Assert.Equal<(string * string) list>([ "x", "37" ], counterexample.Witness.Instance)
    | other -> failwith $"Expected 38 trials, found {other}."

[<Fact>]
let ``a counterexample does not end a search while cases before it are unknown`` () =
    let claim =
        Samples.claim "mine.one"
        |> Claim.hypothesis "H1" ""
        |> Claim.exact "p" (Samples.one 1) (fun _ -> Outcome.holds)
        |> Claim.neededBy "H1" (Instances.exhaustive Samples.show [ 0..7 ]) (fun x -> Samples.below 1 (x % 3 - x % 2))

    let start = Runner.start RunOptions.defaults (Samples.catalogue [ claim ])
    let necessity state = (Runner.conclude state).Claims.Head.Necessity.Head.Necessity
    let units = Runner.next start |> Array.filter (fun unit -> unit.Part = "without-H1")
    let last = Runner.absorb start (Runner.execute units[5])
    Assert.Equal(Necessity.Interrupted(1, 8), necessity last)

    match necessity (finish (RandomStream 1UL) last) with
    | Necessity.Needed(3, counterexample) -> Assert.Equal(2, counterexample.Replay.Index)
    | other -> failwith $"Expected three trials, found {other}."

[<Fact>]
let ``a search of draws shows the simplest counterexample found`` () =
    match controlled (Samples.draws 100) (Samples.below 700) with
    | Necessity.Needed(_, counterexample) ->
        Assert.Equal<(string * string) list>([ "x", "700" ], counterexample.Witness.Instance)
        Assert.True(counterexample.Steps.IsSome)
    | other -> failwith $"Expected a counterexample, found {other}."

[<Fact>]
let ``a search that finds none has not shown that the hypothesis is needed`` () =
    Assert.Equal(Necessity.NotShownNecessary 100, controlled (Samples.draws 100) (Samples.below 1000))
    Assert.Equal(Necessity.NotShownNecessary 50, controlled (Samples.draws 50) (fun _ -> Outcome.undecided "no idea"))

[<Fact>]
let ``every fixed witness has to refute`` () =
    let two = Instances.chosen Samples.show [ 7; 4 ]
    Assert.True((controlled two (Samples.below 3)).IsNeeded)
    Assert.Equal(Necessity.FixedDidNotRefute(1, [ "x", "4" ], "the conclusion holds"), controlled two (Samples.below 5))

    Assert.Equal(
        Necessity.FixedDidNotRefute(0, [ "x", "7" ], "undecided: remainder 7"),
        controlled two (fun x -> if x = 7 then Samples.decidedUnless 10 [ 7 ] x else Samples.below 3 x)
    )

[<Fact>]
let ``effort and trials do not change controls`` () =
    let claim =
        Samples.claim "mine.one"
        |> Claim.hypothesis "H1" ""
        |> Claim.exact "p" (Samples.draws 50) (Samples.below 1000)
        |> Claim.neededBy "H1" (Samples.draws 90) (Samples.below 1000)

    let report = Runner.run { RunOptions.defaults with Trials = Some 3 } (Samples.catalogue [ claim ])
    let report = List.exactlyOne report.Claims
    Assert.Equal(3, report.Trials)
    Assert.Equal(Necessity.NotShownNecessary 90, report.Necessity.Head.Necessity)

[<Fact>]
let ``open claims are listed with their reason`` () =
    Assert.Equal<OpenClaim list>([ { Id = "sample.open"; Reason = "not tried yet" } ], reference.Open)
    Assert.Equal(Samples.everySort.Claims.Length - 1, reference.Claims.Length)
