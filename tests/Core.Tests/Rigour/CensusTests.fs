module LayerTime.Core.Tests.Rigour.CensusTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Rigour
open LayerTime.Core.Tests.Rigour

/// Whether an enclosure agrees with a reference decimal.
let private near (x: float) (side: Interval) = abs (side.Lower - x) < 1e-12 && abs (side.Upper - x) < 1e-12

/// A row of the reference tables: the coordinates, the value and the index.
let private check (census: Census) (expected: (float list * float * int) list) =
    Assert.True(census.IsComplete, sprintf "%A" census.Findings)
    Assert.Equal(expected.Length, census.Points.Length)

    for point, (x, value, index) in List.zip census.Points expected do
        Assert.Equal(index, point.Index)
        Assert.True(List.forall2 near x (List.ofArray point.Point), sprintf "%A" point.Point)
        Assert.True(abs (Interval.midpoint point.Value - value) < 1e-12)

[<Fact>]
let ``the census of A241 is the reference table`` () =
    let census = Census.take (Networks.map Networks.a241) Census.defaults (Box.cube 2 2.5)

    check census [
        [ 0.13311935480624927; -0.4757504054158456 ], 2.1097588052668372, 2
        [ 0.39531619267845411; 1.1124032697079512 ], 0.29020355922899396, 1
        [ 1.6009298115290233; -0.26325339147152537 ], 0.69016065009860672, 1
        [ 2.0190599819920591; 1.4716890997224997 ], -1.2701420681240712, 0
    ]

    Assert.Equal(Degree.Known 0, census.Degree)

[<Fact>]
let ``the census of B2321 is the reference table`` () =
    let census = Census.take (Networks.map Networks.b2321) Census.defaults (Box.cube 2 2.5)

    check census [
        [ -0.084756489797982735; 2.0755596847205793 ], 0.1688321102167391, 0
        [ 0.19172412183950083; -0.32360331869105351 ], -0.17919434755362646, 1
        [ 0.49711499574751543; -0.68456716767256779 ], -0.17001560522860444, 2
        [ 0.84489293291812683; 0.90470682950196132 ], 0.26825244442405389, 1
    ]

    Assert.Equal(Degree.Known 0, census.Degree)

[<Fact>]
let ``the census of C131 is the reference table`` () =
    let census = Census.take (Networks.map Networks.c131) Census.defaults (Box.cube 1 4.0)

    check census [
        [ -1.0665502848129521 ], 0.027967628089107757, 1
        [ -0.2351260911247901 ], 0.013820690707853361, 0
        [ 1.1294365068965057 ], 0.74050842927248556, 1
        [ 3.4921402166505826 ], -0.16198403950300911, 0
    ]

    Assert.Equal(Degree.Known 0, census.Degree)

[<Fact>]
let ``a degenerate critical point leaves the census undecided and suspected degenerate`` () =
    let box = [| Interval.ofBounds -1.1 1.2 |]
    let census = Census.take (Networks.map Networks.doubleTanh) Census.defaults box
    Assert.False census.IsComplete

    match census.Findings with
    | [ Finding.Undecided(hull, Undecided.ToleranceReached true) ] -> Assert.True(Box.contains [| 0.0 |] hull)
    | other -> Assert.Fail(sprintf "%A" other)

[<Fact>]
let ``a critical point on the boundary is reported there and the inner ones are found`` () =
    let box = [| Interval.ofBounds -0.2351260911247901 4.0 |]
    let census = Census.take (Networks.map Networks.c131) Census.defaults box
    Assert.False census.IsComplete
    Assert.Equal(2, census.Points.Length)

    Assert.Contains(
        census.Findings,
        (function
        | Finding.OnBoundary _ -> true
        | _ -> false)
    )

    let moved = Census.take (Networks.map Networks.c131) { Census.defaults with MoveFaces = true } box
    Assert.True moved.IsComplete
    Assert.Equal(3, moved.Points.Length)

[<Fact>]
let ``the degree of a network with two saddles and a maximum is minus one`` () =
    let census = Census.take (Networks.map Networks.saddles) Census.defaults (Box.cube 2 2.5)
    Assert.True census.IsComplete
    Assert.Equal(Degree.Known -1, census.Degree)
    Assert.Equal<int list>([ 1; 1; 2 ], census.Points |> List.map _.Index |> List.sort)

[<Fact>]
let ``a bottleneck with lines of critical points is never complete`` () =
    let options = { Census.defaults with Search = { ZeroSearch.defaults with MaxBoxes = 2000L } }
    let census = Census.take (Networks.map Networks.bottleneck) options (Box.cube 2 1.0)
    Assert.False census.IsComplete

[<Fact>]
let ``a maximum with an eigenvalue of a third of a thousandth is found`` () =
    let census = Census.take (Networks.map Networks.deep) Census.defaults (Box.cube 2 2.5)
    Assert.True(census.IsComplete, sprintf "%A" census.Findings)

    Assert.Contains(
        census.Points,
        fun point -> Box.contains [| -0.43992075784289033; -1.973805843442463 |] (Krawczyk.inflate 10.0 point.Point) && point.Index = 2
    )
