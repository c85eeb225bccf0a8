module LayerTime.Core.Tests.Claims.ExperimentTests

open Xunit
open LayerTime.Core.Claims
open LayerTime.Core.Tests

let private show (x: int) = [ "x", string x ]

let private atLeast (limit: int) (x: int) = Samples.below limit x

let private descend shrink conclude budget start =
    match Experiment.descend shrink conclude show budget start with
    | Some simplified -> simplified
    | None -> failwith "Expected a refutation."

[<Property>]
let ``descent finds the smallest refuted integer`` (limit: int) (excess: int) =
    let limit = abs limit % 10_000
    let simplified = descend (Shrink.int 0) (atLeast limit) 10_000 (limit + abs excess % 10_000)
    simplified.Witness.Instance = [ "x", string limit ]

[<Fact>]
let ``a shrinker that loops ends with its budget`` () =
    let simplified = descend (fun x -> seq { x }) (atLeast 3) 100 7
    Assert.Equal(100, simplified.Steps)

[<Fact>]
let ``a shrinker without end ends with its budget`` () =
    let mutable tried = 0

    let conclude x =
        tried <- tried + 1
        if x = 7 then Outcome.refuted "x" "not 7" "7" else Outcome.holds

    let simplified = descend (fun _ -> Seq.initInfinite (fun i -> i + 8)) conclude 100 7
    Assert.Equal({ Witness = { Quantity = "x"; Expected = "not 7"; Found = "7"; Instance = [ "x", "7" ] }; Steps = 0 }, simplified)
    Assert.Equal(101, tried)

[<Fact>]
let ``undecided candidates are not taken`` () =
    let conclude x = if x < 5 then Outcome.undecided "small" else Outcome.refuted "x" "small" (string x)
    Assert.Equal<(string * string) list>([ "x", "5" ], (descend (Shrink.int 0) conclude 1000 40).Witness.Instance)

[<Fact>]
let ``only candidates of the shrinker are tried`` () =
    let evenOnly x = Shrink.int 0 (x / 2) |> Seq.map (fun half -> 2 * half)
    let conclude x = if x % 2 = 0 then atLeast 5 x else failwith "an instance that breaks the hypothesis"
    Assert.Equal<(string * string) list>([ "x", "6" ], (descend evenOnly conclude 1000 40).Witness.Instance)

[<Fact>]
let ``a case that is not refuted is not made simpler`` () = Assert.Equal(None, Experiment.descend (Shrink.int 0) (atLeast 5) show 10 3)

[<Fact>]
let ``a random case is a function of root and index`` () =
    let experiment = Experiment.create (Samples.draws 10) (atLeast 500)
    let cases root = [ for i in 0..50 -> experiment.Show(root, i), experiment.Run(root, i) ]
    Assert.Equal<_ list>(cases 1UL, cases 1UL)
    Assert.NotEqual<_ list>(cases 1UL, cases 2UL)
    Assert.True((cases 1UL |> List.distinct).Length > 40)

[<Fact>]
let ``a listed case is the item with its index`` () =
    let experiment = Experiment.create (Instances.exhaustive show [ 3; 9 ]) (atLeast 5)
    Assert.Equal(2, experiment.Declared)
    Assert.Equal(Outcome.holds, experiment.Run(0UL, 0))
    Assert.Equal(None, experiment.Simplify(0UL, 0, 10))
    Assert.Equal(Some [ "x", "9" ], experiment.Simplify(0UL, 1, 10) |> Option.map _.Witness.Instance)
