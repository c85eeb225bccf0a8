module LayerTime.Core.Tests.Claims.EvidenceTests

open Xunit
open LayerTime.Core.Claims
open LayerTime.Core.Tests

let private isRefuted outcome =
    match outcome with
    | Outcome.Refuted _ -> true
    | _ -> false

let private isUndecided outcome =
    match outcome with
    | Outcome.Undecided _ -> true
    | _ -> false

let private tight value = Outcome.Holds(ValueSome value)

[<Fact>]
let ``evidence is ordered from exact to asymptotic`` () =
    let strongestFirst = [ Evidence.Exact; Evidence.Certified; Evidence.Bounded; Evidence.Asymptotic ]
    Assert.Equal<Evidence list>(strongestFirst, List.sort (List.rev strongestFirst))
    Assert.Equal(Some Evidence.Bounded, Evidence.weakest [ Evidence.Exact; Evidence.Bounded; Evidence.Certified ])
    Assert.Equal(None, Evidence.weakest [])

[<Fact>]
let ``tightness means something for certified and bounded evidence only`` () =
    let kinds = [ Evidence.Exact; Evidence.Certified; Evidence.Bounded; Evidence.Asymptotic ]
    Assert.Equal<bool list>([ false; true; true; false ], kinds |> List.map Evidence.hasTightness)

[<Fact>]
let ``equal things are equal, and a refutation carries both`` () =
    Assert.Equal(Outcome.holds, Outcome.equal "x" string 3 3)
    let witness = { Quantity = "x"; Expected = "3"; Found = "4"; Instance = [] }
    Assert.Equal(Outcome.Refuted witness, Outcome.equal "x" string 3 4)
    Assert.True(isRefuted (Outcome.equal "x" string nan nan))

[<Fact>]
let ``a condition holds iff it is true`` () =
    Assert.Equal(Outcome.holds, Outcome.isTrue "x" "is odd" true)
    Assert.True(isRefuted (Outcome.isTrue "x" "is odd" false))

[<Property>]
let ``an upper bound holds iff the value does not exceed it`` (bound: int) (value: int) =
    isRefuted (Outcome.atMost "x" (float bound) (float value)) = (value > bound)

[<Property>]
let ``a lower bound holds iff the value reaches it`` (bound: int) (value: int) =
    isRefuted (Outcome.atLeast "x" (float bound) (float value)) = (value < bound)

[<Fact>]
let ``tightness is value over bound, or bound over value for lower bounds, and 1 is sharp`` () =
    Assert.Equal(tight 0.25, Outcome.atMost "x" 4.0 1.0)
    Assert.Equal(tight 1.0, Outcome.atMost "x" 4.0 4.0)
    Assert.Equal(tight 0.25, Outcome.atLeast "x" 1.0 4.0)
    Assert.Equal(tight 0.0, Outcome.atMost "x" 4.0 0.0)

[<Fact>]
let ``no tightness is reported where the ratio says nothing`` () =
    Assert.Equal(Outcome.holds, Outcome.atMost "x" 0.0 0.0)
    Assert.Equal(Outcome.holds, Outcome.atMost "x" 1.0 -1.0)
    Assert.Equal(Outcome.holds, Outcome.atLeast "x" 0.0 0.0)
    Assert.Equal(Outcome.holds, Outcome.atLeast "x" -1.0 2.0)

[<Fact>]
let ``NaN is never within a bound, and a bound that is not finite decides nothing`` () =
    for compare in [ Outcome.atMost; Outcome.atLeast ] do
        Assert.True(isRefuted (compare "x" 1.0 nan))
        Assert.True(isRefuted (compare "x" nan nan))
        Assert.True(isUndecided (compare "x" nan 1.0))
        Assert.True(isUndecided (compare "x" infinity 1.0))
        Assert.True(isUndecided (compare "x" -infinity 1.0))

    Assert.True(isRefuted (Outcome.atMost "x" 1.0 infinity))
    Assert.True(isRefuted (Outcome.atLeast "x" 1.0 -infinity))

[<Fact>]
let ``a conjunction is refuted before it is undecided before it holds`` () =
    let refuted = Outcome.refuted "x" "1" "2"
    let undecided = Outcome.undecided "first"
    Assert.Equal(refuted, Outcome.all [ tight 0.5; undecided; refuted; Outcome.refuted "y" "" "" ])
    Assert.Equal(undecided, Outcome.all [ tight 0.5; undecided; Outcome.undecided "second" ])
    Assert.Equal(tight 0.75, Outcome.all [ tight 0.5; Outcome.holds; tight 0.75; tight 0.1 ])
    Assert.Equal(Outcome.holds, Outcome.all [])

[<Fact>]
let ``nothing behind the first refutation is evaluated`` () =
    let conclusions = [
        fun () -> Outcome.holds
        fun () -> Outcome.refuted "x" "1" "2"
        fun () -> failwith "evaluated"
    ]

    Assert.True(isRefuted (Outcome.check conclusions))
    Assert.True(isRefuted (Outcome.all (conclusions |> Seq.map (fun conclude -> conclude ()))))

[<Fact>]
let ``what is said about the instance goes in front`` () =
    match Outcome.refuted "x" "1" "2" |> Outcome.at [ "layer", "3" ] |> Outcome.at [ "depth", "5" ] with
    | Outcome.Refuted witness -> Assert.Equal<(string * string) list>([ "depth", "5"; "layer", "3" ], witness.Instance)
    | other -> failwith $"Expected a refutation, found {other}."

    Assert.Equal(Outcome.holds, Outcome.at [ "layer", "3" ] Outcome.holds)
