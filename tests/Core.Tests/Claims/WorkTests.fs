module LayerTime.Core.Tests.Claims.WorkTests

open Xunit
open LayerTime.Core.Claims
open LayerTime.Core.Tests

let private part (instances: Instances<int>) : Part =
    (Samples.claim "mine.one" |> Claim.exact "p" instances (Samples.below 1000)).Parts.Head

let private asked instances options = RunOptions.asked (part instances) options
let private withEffort effort = { RunOptions.defaults with Effort = effort }

[<Fact>]
let ``quick asks a tenth of the trials but at least five, thorough ten times as many`` () =
    Assert.Equal(20, asked (Samples.draws 200) (withEffort Effort.Quick))
    Assert.Equal(5, asked (Samples.draws 20) (withEffort Effort.Quick))
    Assert.Equal(3, asked (Samples.draws 3) (withEffort Effort.Quick))
    Assert.Equal(200, asked (Samples.draws 200) (withEffort Effort.Default))
    Assert.Equal(2000, asked (Samples.draws 200) (withEffort Effort.Thorough))
    Assert.Equal(System.Int32.MaxValue, asked (Samples.draws 1_000_000_000) (withEffort Effort.Thorough))

[<Fact>]
let ``a number of trials goes before the effort`` () =
    Assert.Equal(7, asked (Samples.draws 200) { withEffort Effort.Thorough with Trials = Some 7 })
    Assert.Equal(1, asked (Samples.draws 200) { RunOptions.defaults with Trials = Some 0 })

[<Fact>]
let ``listed instances are all run, whatever the effort`` () =
    let list = [ 1..200 ]

    for instances in [ Instances.chosen Samples.show list; Instances.exhaustive Samples.show list; Instances.ladder Samples.show list ] do
        for effort in [ Effort.Quick; Effort.Default; Effort.Thorough ] do
            let options = { withEffort effort with Trials = Some 3 }
            Assert.Equal((200, 200), (asked instances options, RunOptions.cap (part instances) options))

[<Fact>]
let ``the cap on draws grows with the trials asked for`` () =
    Assert.Equal(400, RunOptions.cap (part (Samples.draws 200)) RunOptions.defaults)
    Assert.Equal(4000, RunOptions.cap (part (Samples.draws 200)) (withEffort Effort.Thorough))
    Assert.Equal(70, RunOptions.cap { part (Samples.draws 200) with DrawsPerTrial = 10 } { RunOptions.defaults with Trials = Some 7 })

[<Fact>]
let ``splitting a unit keeps its cases`` () =
    let catalogue = Samples.catalogue [ Samples.claim "mine.one" |> Claim.exact "p" (Samples.draws 1000) (Samples.below 1000) ]
    let unit = (Runner.plan RunOptions.defaults catalogue)[0]
    Assert.Equal<int list>([ 5; unit.Count - 5 ], WorkUnit.split 5 unit |> List.map _.Count)
    Assert.Equal<int list>([ unit.Count ], WorkUnit.split 0 unit |> List.map _.Count)
    Assert.Equal<int list>([ unit.Count ], WorkUnit.split unit.Count unit |> List.map _.Count)

[<Fact>]
let ``the units of the first round hold every case asked for, in pieces`` () =
    let units = Runner.plan RunOptions.defaults Samples.everySort |> Array.filter (fun unit -> unit.Claim = "sample.refuted")
    let cases part = units |> Array.filter (fun unit -> unit.Part = part) |> Array.sumBy _.Count
    Assert.Equal((10, 200, 1), (cases "fine", cases "rare", cases "without-H1-2"))
    Assert.True((units |> Array.filter (fun unit -> unit.Part = "rare")).Length >= 8)

let private reportOf (claim: Claim) : Report = Runner.run { RunOptions.defaults with Seed = 5UL } (Samples.catalogue [ claim ])

[<Fact>]
let ``an exception in a conclusion refutes the case, simplified and replayable like any other`` () =
    let broken x = if x >= 900 then failwith "thrown on purpose" else Outcome.holds
    let claim = Samples.claim "mine.broken" |> Claim.exact "p" (Samples.draws 100) broken
    let report = reportOf claim
    Assert.Equal(1, Report.exitCode report)

    match (List.exactlyOne report.Claims).Counterexample with
    | None -> failwith "Expected a counterexample."
    | Some counterexample ->
        Assert.Contains("thrown on purpose", counterexample.Witness.Found)
        Assert.Contains("900", snd (List.head counterexample.Witness.Instance))

        match Replay.run (Samples.catalogue [ claim ]) counterexample.Replay with
        | Ok { Outcome = Outcome.Refuted witness } -> Assert.Contains("thrown on purpose", witness.Found)
        | other -> failwith $"Expected the same refutation, found {other}."

[<Fact>]
let ``an exception in a control is no counterexample`` () =
    let report =
        Samples.claim "mine.broken"
        |> Claim.hypothesis "H1" ""
        |> Claim.exact "p" (Samples.draws 5) (Samples.below 1000)
        |> Claim.neededBy "H1" (Samples.one 1) (fun _ -> failwith "thrown on purpose")
        |> reportOf

    Assert.Equal(1, Report.exitCode report)

    match (List.exactlyOne (List.exactlyOne report.Claims).Necessity).Necessity with
    | Necessity.FixedDidNotRefute(0, _, found) -> Assert.Contains("thrown on purpose", found)
    | other -> failwith $"Expected a control that does not refute, found {other}."

[<Fact>]
let ``an exception in a generator is a fault that names the case, not a verdict`` () =
    let broken: Generator<int> = Generator.fromStream (fun _ _ -> failwith "thrown on purpose") Shrink.none (fun _ -> [])

    let catalogue =
        Samples.catalogue [ Samples.claim "mine.broken" |> Claim.exact "p" (Instances.random broken 5) (Samples.below 1) ]

    let fault = Assert.Throws<ClaimFault>(fun () -> Runner.run { RunOptions.defaults with Seed = 5UL } catalogue |> ignore)
    Assert.Equal(("mine.broken", "p", 5UL, 0), (fault.Claim, fault.Part, fault.Seed, fault.Index))
    Assert.Contains("thrown on purpose", fault.Message)

    let token = { Claim = fault.Claim; Part = fault.Part; Seed = fault.Seed; Index = fault.Index; Digest = catalogue.Digest }
    let again = Assert.Throws<ClaimFault>(fun () -> Replay.run catalogue token |> ignore)
    Assert.Equal(fault.Message, again.Message)

[<Fact>]
let ``a conclusion that is no function of its instance is a fault when it cannot be refuted again`` () =
    let mutable calls = 0

    let moody _ =
        calls <- calls + 1
        if calls = 1 then Outcome.refuted "x" "a function" "a mood" else Outcome.holds

    let catalogue = Samples.catalogue [ Samples.claim "mine.moody" |> Claim.exact "p" (Samples.draws 5) moody ]
    let fault = Assert.Throws<ClaimFault>(fun () -> Runner.run RunOptions.defaults catalogue |> ignore)
    Assert.Contains("not a function of the instance", fault.Message)
