module LayerTime.Core.Tests.Claims.ClaimTests

open Xunit
open LayerTime.Core.Claims
open LayerTime.Core.Tests

let private good =
    Claim.define "mine.good" "x < 1000"
    |> Claim.hypothesis "H1" "x is drawn"
    |> Claim.exact "equality" (Samples.draws 10) (Samples.below 1000)
    |> Claim.asymptotic "order" (Instances.ladder Samples.show [ 1 ]) (fun _ -> Outcome.holds)
    |> Claim.neededBy "H1" (Samples.one 5) (Samples.below 3)

[<Fact>]
let ``a claim of one's own takes a few lines and holds`` () =
    let relu x = max 0 x

    let report =
        Claim.define "mine.relu-is-idempotent" "relu (relu x) = relu x"
        |> Claim.exact "equality" (Samples.draws 200) (fun x -> Outcome.equal "relu (relu x)" string (relu x) (relu (relu x)))
        |> Samples.report

    Assert.Equal((Verdict.Holds, 200, Evidence.Exact), (report.Verdict, report.Trials, report.Evidence))

[<Fact>]
let ``a claim is worth as much as its weakest part`` () =
    Assert.Equal(Some Evidence.Asymptotic, Claim.evidence good)
    Assert.Equal(None, Claim.evidence (Claim.define "mine.empty" ""))

[<Fact>]
let ``parts and controls keep their order, and the controls of a hypothesis are numbered`` () =
    let claim = good |> Claim.neededBy "H1" (Samples.one 6) (Samples.below 3)
    Assert.Equal<string list>([ "equality"; "order" ], claim.Parts |> List.map _.Name)
    Assert.Equal<string list>([ "without-H1"; "without-H1-2" ], claim.Controls |> List.map _.Name)

[<Fact>]
let ``more draws go to the part added last`` () =
    let claim = good |> Claim.drawsPerTrial 7
    Assert.Equal<int list>([ 2; 7 ], claim.Parts |> List.map _.DrawsPerTrial)

[<Fact>]
let ``a claim in order has no problems`` () = Assert.Empty(Claim.problems good)

let private holds _ = Outcome.holds
let private ours: Source = { Paper = ""; Statement = ""; Reading = Reading.Own }

let private faulty: (Claim * string) list = [
    Claim.define "mine:colon" "" |> Claim.exact "a" (Samples.draws 1) holds, "The id 'mine:colon'"
    Claim.define "" "" |> Claim.exact "a" (Samples.draws 1) holds, "The id ''"
    Claim.define "mine.empty" "", "has no part"
    good |> Claim.exact "a part" (Samples.draws 1) holds, "the name 'a part'"
    good |> Claim.exact "equality" (Samples.draws 1) holds, "'equality' is used more than once"
    good |> Claim.exact "without-H1" (Samples.draws 1) holds, "'without-H1' is used more than once"
    good |> Claim.hypothesis "H1" "again", "'H1' is stated more than once"
    good |> Claim.neededBy "H7" (Samples.draws 1) holds, "'H7', which is not among"
    good |> Claim.exact "none" (Samples.draws 0) holds, "'none' declares no case"
    good |> Claim.neededBy "H1" (Instances.exhaustive Samples.show []) holds, "'without-H1-2' declares no case"
    good |> Claim.drawsPerTrial 0, "less than one draw"
    Claim.open' "mine.open" "" ours "later" |> Claim.exact "a" (Samples.draws 1) holds, "is open and yet"
]

[<Fact>]
let ``each way of writing a claim wrongly is one problem, said in a sentence`` () =
    for claim, words in faulty do
        Assert.Contains(words, Claim.problems claim |> List.exactlyOne)

[<Fact>]
let ``all problems are collected, not the first only`` () =
    let claim = good |> Claim.hypothesis "H1" "again" |> Claim.exact "none" (Samples.draws 0) holds
    Assert.Equal(2, (Claim.problems claim).Length)
