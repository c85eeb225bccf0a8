module LayerTime.Core.Tests.Rigour.Flow.ReachSetTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Rigour
open LayerTime.Core.Claims
open LayerTime.Core.Tests.Claims

let private near = [| Interval.ofBounds 0.9 1.1; Interval.ofBounds -0.1 0.1 |]

let private decide boxes scope inputs set = ReachSet.decide ValidatedFlow.defaults boxes NodeNetworks.turn scope inputs set |> Defect.orFail

/// A claim about a reach set of a network of one's own, in ten lines.
let private kept: Claim =
    let stays inputs set ode =
        ReachSet.decide ValidatedFlow.defaults 1000 ode ReachScope.Always inputs set |> Defect.orFail |> Reaching.outcome

    let turn = Instances.chosen (fun _ -> [ "f", "tanh of a turn, T = 2" ]) [ NodeNetworks.turn ]

    Claim.define "mine.kept" "No solution from [0.9, 1.1] × [−0.1, 0.1] leaves [−1.3, 1.3]²."
    |> Claim.hypothesis "H1" "The input lies in the box."
    |> Claim.certified "tube" turn (stays near (Box.cube 2 1.3))
    |> Claim.neededBy "H1" turn (stays (Box.cube 2 1.2) (Box.cube 2 1.3))

[<Fact>]
let ``a claim about a reach set holds and needs the box of its inputs`` () =
    let report = Runner.run RunOptions.defaults (Samples.catalogue [ kept ])
    Assert.Equal(0, Report.exitCode report)

    match (List.exactlyOne (List.exactlyOne report.Claims).Necessity).Necessity with
    | Necessity.Needed _ -> ()
    | other -> Assert.Fail $"{other}"

[<Fact>]
let ``an input that leaves is proved to do so by its own enclosure`` () =
    let set = [| Interval.ofBounds -2.0 2.0; Interval.ofBounds -0.8 2.0 |]

    match decide 1000 ReachScope.Always near set with
    | ReachVerdict.Leaves(input, from, until, states) ->
        Assert.True(Box.contains input near && Rational.Compare(from, until) <= 0 && Box.disjoint states set)
        // No solution from this input is in the set then: its enclosure at that time lies below.
        let e = ValidatedFlow.enclose ValidatedFlow.defaults NodeNetworks.turn [| until |] (Box.ofPoint input) |> Defect.orFail
        Assert.True(e.Reached.Head.States.Value[1].Upper < -0.79)
    | verdict -> Assert.Fail(ReachSet.sentence verdict)

[<Fact>]
let ``too few boxes and an interrupted search decide nothing, honestly`` () =
    let undecided verdict =
        match verdict with
        | ReachVerdict.Undecided(reason, box) ->
            Assert.NotEmpty reason
            Assert.True(Box.subset box near)
        | verdict -> Assert.Fail(ReachSet.sentence verdict)

    undecided (decide 0 ReachScope.Always near (Box.cube 2 1.3))
    // Some solutions end within −1.224 … −0.772: one box is too wide, and its middle is inside.
    undecided (decide 1 ReachScope.AtEnd near [| Interval.ofBounds -2.0 2.0; Interval.ofBounds -1.21 0.0 |])

    let ended = {
        new LayerTime.Core.Semantics.IFlowWatch with
            member _.GoesOn _ = false
    }

    ReachSet.decide { ValidatedFlow.defaults with Watch = Some ended } 10 NodeNetworks.turn ReachScope.AtEnd near (Box.cube 2 9.0)
    |> Defect.orFail
    |> undecided

[<Fact>]
let ``a set of another dimension is refused`` () =
    match ReachSet.decide ValidatedFlow.defaults 10 NodeNetworks.n12 ReachScope.Output (Box.cube 1 1.0) (Box.cube 2 1.0) with
    | Error [ defect ] -> Assert.Equal("set", defect.Where)
    | _ -> Assert.Fail "one output is no point of the plane"

[<Fact>]
let ``the map of a search and the generic one enclose the same numbers`` () =
    let fast, slow =
        NeuralOdeMap.create NodeNetworks.n23 |> Defect.orFail, NeuralOdeMap.generic NodeNetworks.n23 |> Defect.orFail

    for box in [ Box.ofPoint [| 0.25; -0.5 |]; Box.cube 2 0.01 ] do
        Assert.False(Interval.disjoint (fast.Value box) (slow.Value box))
        let struct (g, h) = fast.Gradient.ValueAndJacobian box
        let struct (g', h') = slow.Gradient.ValueAndJacobian box
        Assert.False(Box.disjoint g g')

        for i in 0..1 do
            for j in 0..1 do
                Assert.False(Interval.disjoint h[i, j] h'[i, j])
                Assert.True(Interval.width h'[i, j] < 2.0 * Interval.width h[i, j] + 1e-9, $"{h[i, j]} {h'[i, j]}")
