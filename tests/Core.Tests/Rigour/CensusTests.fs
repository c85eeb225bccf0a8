module LayerTime.Core.Tests.Rigour.CensusTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
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

/// SplitMix64, as the random statistics of the theory state it.
let private splitMix (seed: uint64) : unit -> uint64 =
    let mutable state = seed

    fun () ->
        state <- state + 0x9E3779B97F4A7C15UL
        let z = (state ^^^ (state >>> 30)) * 0xBF58476D1CE4E5B9UL
        let z = (z ^^^ (z >>> 27)) * 0x94D049BB133111EBUL
        z ^^^ (z >>> 31)

/// 2-k-1 tanh networks with weights (Σ of 12 draws of 10 bits − 6138)/1024, in the order A₁, c₁, A₂.
let private drawn (k: int) : unit -> Perceptron<Interval> =
    let next = splitMix (uint64 (20240515 + k))

    let weight () =
        let sum = Seq.sum (Seq.init 12 (fun _ -> int (next () >>> 54)))
        Interval.ofFloat (float (sum - 6138) / 1024.0)

    fun () ->
        let weights = Matrix.init k 2 (fun _ _ -> weight ())
        let bias = Array.init k (fun _ -> weight ())
        let output = Matrix.init 1 k (fun _ _ -> weight ())
        let hidden = { Weights = weights; Bias = bias; Activations = Array.create k Networks.tanh }
        Perceptron.create [| hidden |] output [| Interval.ofFloat 0.0 |] |> Defect.orFail

/// Networks with 0, 1, 2, … critical points, and points of index 0, 1, 2, in 200 draws (theory, random statistics).
let private statistics = [
    2, [ 200 ], [ 0; 0; 0 ]
    3, [ 161; 12; 16; 7; 4 ], [ 17; 49; 15 ]
    4, [ 123; 21; 35; 14; 5; 2 ], [ 20; 111; 32 ]
    5, [ 94; 34; 38; 23; 9; 1; 1 ], [ 44; 141; 41 ]
    6, [ 98; 28; 33; 19; 12; 8; 1; 1 ], [ 51; 159; 42 ]
]

[<Fact>]
let ``a thousand random networks have the critical points that were counted independently`` () =
    for k, counts, indices in statistics do
        let next = drawn k
        let box = Box.cube 2 3.0
        let censuses = List.init 200 (fun _ -> Census.take (Networks.map (next ())) Census.defaults box)
        Assert.All(censuses, (fun census -> Assert.True census.IsComplete))
        Assert.All(censuses, (fun census -> Assert.Equal(Degree.Known census.SignedCount, census.Degree)))
        let counted = censuses |> List.countBy _.Points.Length |> Map.ofList
        Assert.Equal<int list>(counts, List.init counts.Length (fun n -> Map.tryFind n counted |> Option.defaultValue 0))
        let found = censuses |> List.collect (fun census -> census.Points |> List.map _.Index)
        Assert.Equal<int list>(indices, List.init 3 (fun index -> found |> List.filter ((=) index) |> List.length))

/// tanh(p·x + q) − s·tanh x: two critical points on the line for 0 < s < s*, none for s > s* (theory, fold family).
let private foldFamily (p: float) (q: float) (s: float) : Perceptron<Interval> =
    let point x = Interval.ofFloat x

    let hidden = {
        Weights = Matrix.init 2 1 (fun i _ -> point (if i = 0 then p else 1.0))
        Bias = [| point q; point 0.0 |]
        Activations = Array.create 2 Networks.tanh
    }

    Perceptron.create [| hidden |] (Matrix.init 1 2 (fun _ i -> point (if i = 0 then 1.0 else -s))) [| point 0.0 |]
    |> Defect.orFail

/// s* by bisection of p·tanh(p·x + q) = tanh x in floats: good to a dozen digits.
let private foldValue (p: float) (q: float) : float =
    let excess x = p * tanh (p * x + q) - tanh x

    let rec bisect low high k =
        let middle = (low + high) / 2.0

        if k = 0 then low
        elif excess middle < 0.0 then bisect middle high (k - 1)
        else bisect low middle (k - 1)

    let x = bisect -20.0 20.0 200
    let sech2 t = 1.0 - tanh t * tanh t
    p * sech2 (p * x + q) / sech2 x

[<Fact>]
let ``a hundred nearly degenerate networks never yield a false certificate`` () =
    let mutable complete = 0

    for n in 0..99 do
        let p = 1.25 + float (n % 10) * 0.25
        let q = float (n / 10 - 5) / 8.0
        let fold = foldValue p q

        for relative in [ 1e-2; 1e-4; 1e-6; 1e-8; 1e-10; 1e-13 ] do
            for side in [ -1.0; 1.0 ] do
                let s = fold * (1.0 + side * relative)
                let census = Census.take (Networks.map (foldFamily p q s)) Census.defaults (Box.cube 1 6.0)

                if census.IsComplete then
                    complete <- complete + 1
                    // 1e-12 is where the float s* still tells the sides apart.
                    if relative > 1e-12 then
                        Assert.Equal((if side < 0.0 then 2 else 0), census.Points.Length)

    // At a hundredth from the fold nothing is in doubt.
    Assert.True(complete >= 200, $"{complete}")

[<Fact>]
let ``a hundred networks with lines of critical points are never complete`` () =
    let next = splitMix 7UL
    let small () = float (int (next () >>> 58) - 32) / 16.0

    for _ in 1..100 do
        // tanh 2t − (3/2)·tanh t at t = w·x + b: critical at t = ±0.32245, on two lines across the box.
        let w = [| small () + 2.5; small () |]
        let b = small () / 4.0
        let row scale = w |> Array.map (fun x -> Interval.ofFloat (scale * x))

        let hidden = {
            Weights = Matrix.ofRows [| row 2.0; row 1.0 |]
            Bias = [| Interval.ofFloat (2.0 * b); Interval.ofFloat b |]
            Activations = Array.create 2 Networks.tanh
        }

        let p =
            Perceptron.create [| hidden |] (Matrix.ofRows [| [| Interval.ofFloat 1.0; Interval.ofFloat -1.5 |] |]) [|
                Interval.ofFloat 0.0
            |]
            |> Defect.orFail

        let options = { Census.defaults with Search = { ZeroSearch.defaults with MaxBoxes = 2000L } }
        let census = Census.take (Networks.map p) options (Box.cube 2 2.0)
        Assert.False census.IsComplete
        Assert.Empty census.Points
