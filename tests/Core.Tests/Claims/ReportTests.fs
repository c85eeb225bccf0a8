module LayerTime.Core.Tests.Claims.ReportTests

open Xunit
open LayerTime.Core.Claims
open LayerTime.Core.Tests

[<Fact>]
let ``the median of an even number of values is the lower one of the middle`` () =
    Assert.Equal(
        Some { Median = 2.0; Max = 9.0; Histogram = [| 0; 0; 0; 0; 0; 0; 0; 0; 0; 0; 0; 4 |] },
        Report.tightness [| 9.0; 1.0; 2.0; 3.0 |]
    )

    Assert.Equal(
        Some { Median = 0.02; Max = 3.0; Histogram = [| 1; 0; 0; 0; 0; 0; 0; 0; 1; 0; 0; 1 |] },
        Report.tightness [| 3.0; 1e-9; 0.02 |]
    )

    Assert.Equal(None, Report.tightness [||])

let private holding = Samples.claim "mine.holding" |> Claim.exact "p" (Samples.one 1) (Samples.below 2)
let private refuted = Samples.claim "mine.refuted" |> Claim.exact "p" (Samples.one 3) (Samples.below 2)

let private undecided =
    Samples.claim "mine.undecided" |> Claim.exact "p" (Samples.one 3) (fun _ -> Outcome.undecided "no idea")

let private without id instances =
    { holding with Id = id } |> Claim.hypothesis "H1" "" |> Claim.neededBy "H1" instances (Samples.below 1000)

let private idle = without "mine.idle" (Samples.one 1)
let private vain = without "mine.vain" (Samples.draws 5)
let private later = Claim.open' "mine.later" "" holding.Source "not yet"

let private exitCode (claims: Claim list) = Runner.run RunOptions.defaults (Samples.catalogue claims) |> Report.exitCode

[<Fact>]
let ``0 if all hold, and open claims do not count`` () =
    Assert.Equal(0, exitCode [])
    Assert.Equal(0, exitCode [ holding; later ])

[<Fact>]
let ``1 if a claim is refuted or a fixed witness does not refute`` () =
    Assert.Equal(1, exitCode [ holding; refuted; undecided ])
    Assert.Equal(1, exitCode [ vain; idle; holding ])

[<Fact>]
let ``2 if a claim is undecided or a hypothesis not shown necessary`` () =
    Assert.Equal(2, exitCode [ undecided; holding ])
    Assert.Equal(2, exitCode [ holding; vain ])

[<Fact>]
let ``2 if the run was interrupted`` () =
    Assert.Equal(2, Runner.start RunOptions.defaults (Samples.catalogue [ holding ]) |> Runner.conclude |> Report.exitCode)

[<Fact>]
let ``the loosest claim is the one whose largest tightness is the smallest`` () =
    let bounded id values =
        Samples.claim id
        |> Claim.bounded "p" (Instances.chosen Samples.show values) (fun x -> Outcome.atMost "x" 10.0 (float x))

    let report =
        Runner.run RunOptions.defaults (Samples.catalogue [ bounded "mine.a" [ 1; 9 ]; bounded "mine.b" [ 4; 5 ]; holding ])

    Assert.Equal(Some("mine.b", 0.5), Report.loosest report)
    Assert.Equal(None, Report.loosest (Runner.run RunOptions.defaults (Samples.catalogue [ holding ])))
