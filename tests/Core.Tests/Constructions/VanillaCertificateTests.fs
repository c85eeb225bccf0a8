module LayerTime.Core.Tests.Constructions.VanillaCertificateTests

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Rigour
open LayerTime.Core.Engine

let private r p q = Rational.create p q
let private term profile a w b = { Direction = Array.ofList a; Weights = Array.ofList w; Bias = b; Profile = profile }
let private zero, one = Rational.Zero, Rational.One

/// The tanh field of the specification.
let private turning = [|
    term Profile.Tanh [ r 1 2; r -1 4 ] [ one; r 1 2 ] (r 1 10)
    term Profile.Tanh [ r -1 3; r 1 2 ] [ r -1 2; one ] (r -1 5)
    term Profile.Tanh [ r 1 4; r 1 4 ] [ one; r -1 1 ] zero
|]

let private floats (terms: RidgeTerm<Rational>[]) = terms |> Array.map (RidgeTerm.map (Rational.toFloat >> Binary64))
let private enclosed (terms: RidgeTerm<Rational>[]) = terms |> Array.map (RidgeTerm.map Interval.ofRational)
let private numbers (x: Binary64[]) = Binary64.toFloats x

/// S_h(x) − Φ_h(x), the flow with 40 steps of order 4: off by less than 1e-10 for the steps of these tests.
let private stepError splitting (terms: RidgeTerm<Binary64>[]) h (x: float[]) =
    let x = Array.map Binary64 x
    let split = Splitting.step splitting terms h x |> numbers
    Array.map2 (-) split (Splitting.run Splitting.Yoshida terms h 40 x |> numbers)

[<Theory>]
[<InlineData("lie", 2, 0.25)>]
[<InlineData("lie", 3, 0.25)>]
[<InlineData("strang", 3, 0.25)>]
[<InlineData("strang", 4, 0.25)>]
[<InlineData("yoshida", 5, 0.125)>]
[<InlineData("yoshida", 8, 0.125)>]
let ``at a point the local error lies in its enclosure`` (name, order, h: float) =
    let splitting = List.find (fun s -> Splitting.name s = name) [ Splitting.LieTrotter; Splitting.Strang; Splitting.Yoshida ]
    let local = LocalError(splitting, enclosed turning, Interval.ofFloat h, order)

    for x in [ [| 0.3; -0.7 |]; [| -0.9; 0.2 |]; [| 0.0; 0.0 |] ] do
        match local.Enclose(Array.map Interval.ofFloat x) with
        | ValueNone -> failwith "no enclosure of a smooth field"
        | ValueSome enclosure ->
            let error = stepError splitting (floats turning) h x

            for i in 0..1 do
                // What the reference is off.
                Assert.InRange(error[i], enclosure[i].Lower - 1e-10, enclosure[i].Upper + 1e-10)

[<Theory>]
[<InlineData(0.1)>]
[<InlineData(0.004)>]
let ``over a box the local error lies in what small boxes of any size make of it`` (mesh: float) =
    // With the second mesh more of them than are looked at: then larger ones.
    let h = 0.125
    let map = LocalErrorMap(Splitting.Strang, enclosed turning, Interval.ofFloat h, 4, mesh, false)
    let box = [| Interval.ofBounds -0.8 0.9; Interval.ofBounds -0.7 0.6 |]
    let enclosure = (map.Enclose box).Smooth
    let share k = float k / 8.0
    let mutable least, most = Array.create 2 infinity, Array.create 2 -infinity

    for i in 0..8 do
        for j in 0..8 do
            let x = [| -0.8 + 1.7 * share i; -0.7 + 1.3 * share j |]
            let error = stepError Splitting.Strang (floats turning) h x
            least <- Array.map2 min least error
            most <- Array.map2 max most error

    for c in 0..1 do
        Assert.InRange(least[c], enclosure[c].Lower - 1e-10, most[c])
        Assert.InRange(most[c], least[c], enclosure[c].Upper + 1e-10)

[<Fact>]
let ``over a wide box the local error is that of all its small boxes, not of the last`` () =
    // Near (8, 0.3) every tanh is flat and the splitting does next to nothing wrong.
    let h = 0.125
    let map = LocalErrorMap(Splitting.Strang, enclosed turning, Interval.ofFloat h, 4, 0.1, false)
    let enclosure = (map.Enclose [| Interval.ofBounds -1.0 8.0; Interval.ofBounds -1.0 0.3 |]).Smooth

    for x in [ [| 0.3; -0.7 |]; [| -0.9; 0.2 |]; [| 0.5; 0.0 |] ] do
        let error = stepError Splitting.Strang (floats turning) h x

        for c in 0..1 do
            Assert.InRange(error[c], enclosure[c].Lower - 1e-10, enclosure[c].Upper + 1e-10)

[<Fact>]
let ``a trajectory meets a kink only from the window of its crossing`` () =
    let h = 0.5
    let mutable met = 0

    for seed in 1UL .. 60UL do
        let stream = RandomStream seed
        let number () = r (stream.NextInt(-8, 8)) 4
        let kinked = Array.init 2 (fun _ -> term Profile.Relu [ number (); number () ] [ number (); number () ] (number ()))
        let terms = floats kinked
        let bound = ClockBound(Splitting.LieTrotter, enclosed kinked, Interval.ofFloat h)

        for _ in 1..400 do
            let x = Array.init 2 (fun _ -> stream.NextFloat(-2.0, 2.0))

            match bound.Crossings(Array.map Interval.ofFloat x) with
            | ValueNone -> ()
            | ValueSome crossings ->
                let path = Array.scan (fun x _ -> Splitting.step Splitting.Strang terms (h / 64.0) x) (Array.map Binary64 x) [| 1..64 |]

                for i in 0..1 do
                    let s = path |> Array.map (fun x -> (RidgeTerm.preactivation terms[i] x).Value)
                    // Far enough beyond the kink that the reference cannot be mistaken.
                    if s |> Array.exists (fun later -> later * float (sign s[0]) < -1e-2) then
                        met <- met + 1
                        let window = crossings[i].Window
                        Assert.InRange(s[0] / h, window.Lower - 1e-9, window.Upper + 1e-9)

    Assert.True(met > 100, $"{met} crossings")

[<Fact>]
let ``nothing is known of the crossings of a splitting that goes back in time`` () =
    let kinked = turning[..1] |> Array.map (fun term -> { term with Profile = Profile.Relu })

    let crossings splitting =
        ClockBound(splitting, enclosed kinked, Interval.ofFloat 0.125).Crossings [| Interval.ofFloat 1.2; Interval.ofFloat 0.8 |]

    Assert.True((crossings Splitting.Strang).IsSome)
    Assert.True((crossings Splitting.Yoshida).IsNone)

/// The largest distance of a compiled network from the flow of pieces of tanh and linear terms at the points of a grid over [−1, 1]².
let private worst (pieces: RidgePiece<Rational>[]) (net: VanillaNet<Binary64>) =
    let points: float[] = [|
        for i in 0..20 do
            for j in 0..20 do
                -1.0 + 0.1 * float i
                -1.0 + 0.1 * float j
    |]

    let images = Array.zeroCreate<float> points.Length
    LeakyKernel(net).Run(points, images)

    let flow x =
        Array.fold
            (fun x (piece: RidgePiece<Rational>) ->
                Splitting.run Splitting.Yoshida (floats piece.Terms) (Rational.toFloat piece.Duration) 40 x)
            x
            pieces

    Seq.init (points.Length / 2) (fun k ->
        let exact = flow [| Binary64 points[2 * k]; Binary64 points[2 * k + 1] |] |> numbers
        sqrt ((exact[0] - images[2 * k]) ** 2.0 + (exact[1] - images[2 * k + 1]) ** 2.0))
    |> Seq.max

let private both a w = [| term a [ w; zero ] [ one; zero ] zero; term a [ zero; w ] [ zero; one ] zero |]

let private linear = both Profile.Identity one

let private contracting = [|
    term Profile.Tanh [ r -1 1; zero ] [ Rational.ofInt 4; zero ] zero
    term Profile.Tanh [ zero; r -1 1 ] [ zero; Rational.ofInt 4 ] zero
|]

/// A plan without tables, and its certificate.
let private planned splitting steps (pieces: RidgePiece<Rational>[]) : VanillaPlan = {
    Splitting = splitting
    Pieces = pieces |> Array.map (VanillaPlan.piece splitting true steps)
}

let private certificate (plan: VanillaPlan) =
    VanillaCertificate(plan, Splitting.order plan.Splitting + 2, 0.1, (fun _ _ -> 0.0), NetworkRounding.none)

[<Fact>]
let ``errors grow as the flow lets them grow afterwards`` () =
    // What the first piece does wrong is e³ times as large in the end.
    let pieces = [| { Duration = one; Terms = turning }; { Duration = Rational.ofInt 3; Terms = linear } |]
    let field = RidgeField.create id pieces |> Defect.orFail
    let options = { VanillaOptions.defaults with Splitting = Some Splitting.Strang; CellsPerSide = Some 10 }

    match VanillaCompiler.compile field (Box.cube 2 1.0) 0.1 options with
    | Ok found -> Assert.InRange(worst pieces found.Network, 0.1 * found.Error.Bound, found.Error.Bound)
    | Error refusal -> failwith $"{refusal}"

[<Fact>]
let ``what a splitting does wrong grows with the flow that follows`` () =
    // The second piece is split without an error and makes that of the first e³ times as large.
    let pieces = [| { Duration = one; Terms = turning }; { Duration = Rational.ofInt 3; Terms = linear } |]

    let run splitting steps x =
        Array.fold
            (fun x (piece: RidgePiece<Rational>) -> Splitting.run splitting (floats piece.Terms) (Rational.toFloat piece.Duration) steps x)
            (Array.map Binary64 x)
            pieces
        |> numbers

    for x in [ [| 0.3; -0.7 |]; [| -0.9; 0.2 |]; [| 0.5; 0.5 |] ] do
        let bound = (certificate (planned Splitting.Strang 3 pieces)).Cell(Array.map Interval.ofFloat x)
        let error = Array.map2 (-) (run Splitting.Strang 3 x) (run Splitting.Yoshida 40 x) |> Array.sumBy (fun x -> x * x) |> sqrt
        Assert.InRange(error, 0.0, bound.Splitting)

[<Fact>]
let ``errors shrink only where all of a cell is contracted`` () =
    // One cell: about its middle, distances shrink to e⁻²; its corners come to where tanh is flat, and theirs stay.
    let pieces = [| { Duration = one; Terms = turning }; { Duration = r 1 2; Terms = contracting } |]
    let plan = planned Splitting.Strang 3 pieces
    let bound = (certificate plan).Cell(Box.cube 2 1.0)

    let split x =
        Array.fold
            (fun x (piece: RidgePiece<Rational>) ->
                Splitting.run Splitting.Strang (floats piece.Terms) (Rational.toFloat piece.Duration) 3 x)
            (Array.map Binary64 x)
            pieces
        |> numbers

    let exact x =
        Array.fold
            (fun x (piece: RidgePiece<Rational>) ->
                Splitting.run Splitting.Yoshida (floats piece.Terms) (Rational.toFloat piece.Duration) 40 x)
            (Array.map Binary64 x)
            pieces
        |> numbers

    for x in [ [| 1.0; 1.0 |]; [| -1.0; 1.0 |]; [| 1.0; -1.0 |]; [| -1.0; -1.0 |]; [| 0.0; 0.0 |] ] do
        let error = Array.map2 (-) (split x) (exact x) |> Array.sumBy (fun x -> x * x) |> sqrt
        Assert.InRange(error, 0.0, bound.Splitting)
        Assert.InRange(error, 0.0, bound.Bound)

    // What the first piece may do wrong there is left by the second one.
    let before = (certificate (planned Splitting.Strang 3 (Array.truncate 1 pieces))).Cell(Box.cube 2 1.0)
    Assert.True(bound.Splitting >= 0.9 * before.Splitting, $"{bound.Splitting} after {before.Splitting}")

[<Fact>]
let ``the states before every map lie in those of the certificate, over a wide cell`` () =
    for splitting in [ Splitting.LieTrotter; Splitting.Strang ] do
        let plan = planned splitting 2 [| { Duration = one; Terms = turning }; { Duration = r 1 2; Terms = contracting } |]
        let certificate = certificate plan
        certificate.Cell(Box.cube 2 1.0) |> ignore
        let states = certificate.States

        for i in 0..4 do
            for j in 0..4 do
                let mutable x = [| Binary64(-1.0 + 0.5 * float i); Binary64(-1.0 + 0.5 * float j) |]

                for p in 0..1 do
                    let piece = plan.Pieces[p]
                    let terms = floats piece.Piece.Terms

                    for index in piece.Chain do
                        let map = piece.Maps[index]

                        for c in 0..1 do
                            // The rounding of a few maps.
                            let side = Box.widen 1e-14 (Array.get (states[p][index]) c)
                            Assert.True(Interval.contains (Array.get x c).Value side, $"{(Array.get x c).Value} beside {side}")

                        x <- TermFlow.apply terms[map.Term] (Interval.midpoint (VanillaPlan.time piece map)) x

[<Fact>]
let ``a kink that a trajectory crosses at the worst time is in the certificate of its piece, whatever comes after`` () =
    let h = r 1 256
    let kinked = turning[..1] |> Array.map (fun term -> { term with Profile = Profile.Relu })
    let terms = floats kinked
    let other = terms[0]
    // On the kink of term 1, −½·1.2 + 0.8 − 0.2 = 0; term 0 alone takes half of h to get there.
    let onKink = [| Binary64 1.2; Binary64 0.8 |]
    let push = RidgeTerm.preactivation other onKink
    let x = Vector.addScaled onKink (Binary64(-0.5 * Rational.toFloat h * push.Value)) other.Direction
    let step = Splitting.step Splitting.Strang terms (Rational.toFloat h) x |> numbers
    let exact = Splitting.run Splitting.Strang terms (Rational.toFloat h) 400 x |> numbers
    let error = Array.map2 (-) step exact |> Array.sumBy (fun x -> x * x) |> sqrt
    let cell = x |> Array.map (fun x -> Interval.ofFloat x.Value)

    for after in [ [||]; [| { Duration = r 1 100; Terms = turning } |] ] do
        let plan = planned Splitting.Strang 1 (Array.append [| { Duration = h; Terms = kinked } |] after)
        // The second piece adds 1e-8 and changes distances by a hundredth or so.
        Assert.InRange((certificate plan).Cell(cell).Bound, 0.98 * error, 2.0 * error)
