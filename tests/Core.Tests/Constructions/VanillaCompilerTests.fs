module LayerTime.Core.Tests.Constructions.VanillaCompilerTests

open System
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Rigour
open LayerTime.Core.Engine

let private v (text: string) =
    text.Split ','
    |> Array.map (fun part ->
        match Rational.parse (part.Trim()) with
        | Ok value -> value
        | Error problem -> failwith problem)

let private term profile a w b = { Direction = v a; Weights = v w; Bias = (v b)[0]; Profile = profile }

/// The reference fields of the specification.
let private tanhTerms = [|
    term Profile.Tanh "1/2,-1/4" "1,1/2" "1/10"
    term Profile.Tanh "-1/3,1/2" "-1/2,1" "-1/5"
    term Profile.Tanh "1/4,1/4" "1,-1" "0"
|]

let private reluTerms = tanhTerms |> Array.truncate 2 |> Array.map (fun term -> { term with Profile = Profile.Relu })
let private field terms = RidgeField.autonomous id Rational.One terms |> Defect.orFail
let private square = Box.cube 2 1.0
let private floats (terms: RidgeTerm<Rational>[]) = terms |> Array.map (RidgeTerm.map (Rational.toFloat >> Binary64))
let private enclosed (terms: RidgeTerm<Rational>[]) = terms |> Array.map (RidgeTerm.map Interval.ofRational)

let private distance (x: Binary64[]) (y: Binary64[]) =
    Array.fold2 (fun sum (a: Binary64) (b: Binary64) -> sum + (a.Value - b.Value) ** 2.0) 0.0 x y |> sqrt

/// A field drawn from a seed, with coefficients in quarters and κ = 0 in one term of three.
let private drawn (seed: int) d count =
    let random = Random seed
    let quarter () = Rational.create (random.Next(-4, 5)) 4
    let nonzero () = Seq.initInfinite (fun _ -> Array.init d (fun _ -> quarter ())) |> Seq.find (Array.exists (fun x -> x.Sign <> 0))

    Array.init count (fun i ->
        let w = nonzero ()
        let a = nonzero () |> Vector.scale (Rational.create 1 2)
        let κ = Vector.dot a w
        let shear = Vector.addScaled a (-κ / Vector.dot w w) w
        let a = if i = 2 && Array.exists (fun (x: Rational) -> x.Sign <> 0) shear then shear else a
        { Direction = a; Weights = w; Bias = quarter (); Profile = Profile.Tanh })

[<Theory>]
[<InlineData(0.5, -0.8)>]
[<InlineData(-2.0, 3.0)>]
[<InlineData(1e-9, 0.7)>]
[<InlineData(0.0, 1.5)>]
let ``the flow of a tanh term lies in its enclosure and solves its equation`` (κ: float, τ: float) =
    let enclosure = TermEnclosure(Profile.Tanh, Interval.ofFloat κ, Interval.ofFloat τ)

    for s in [ -30.0; -1.0; -1e-7; 0.0; 0.3; 2.0; 19.0 ] do
        let ψ = TermFlow.tanhProfile κ τ s
        // The float formula is off by 16 ulp of τ at most.
        let slack = 16.0 * abs τ * 1.2e-16
        Assert.True(Interval.contains ψ (Box.widen slack (enclosure.At s)), $"ψ({s})")
        // sinh(s + κψ) = e^{κτ}·sinh s, by the quotient of both sides.
        let moved = s + κ * ψ

        if s <> 0.0 && abs s < 20.0 then
            // ψ is off by the slack, s by its last bit: the quotient by that times coth.
            let tolerance = (abs κ * slack + 4e-16 * abs s) / tanh (abs moved) + 1e-14
            Assert.Equal(1.0, sinh moved / (exp (κ * τ) * sinh s), tolerance)

        let quotient = (TermFlow.tanhProfile κ τ (s + 1e-5) - TermFlow.tanhProfile κ τ (s - 1e-5)) / 2e-5
        let slope = enclosure.Slope(Interval.ofFloat s)
        // Symmetric differences: h²/6·|ψ‴| ≤ 1e-10·e^{2|κτ|}·|τ|, rounding 1e-16·|τ|/h.
        Assert.InRange(quotient, slope.Lower - 1e-5, slope.Upper + 1e-5)

[<Fact>]
let ``flows of terms take the values of the specification`` () =
    let x = TermFlow.apply (Array.head (floats tanhTerms)) 0.5 [| Binary64 0.3; Binary64 -0.7 |]
    Assert.Equal(0.313733461181655526, x[0].Value, 1e-15)
    Assert.Equal(-0.706866730590827763, x[1].Value, 1e-15)
    let y = TermFlow.apply (Array.head (floats reluTerms)) 0.5 [| Binary64 0.3; Binary64 0.7 |]
    Assert.Equal(0.506230249420980711, y[0].Value, 1e-15)
    Assert.Equal(0.596884875289509645, y[1].Value, 1e-15)

[<Theory>]
[<InlineData(0.375, 0.1, -2.0, 3.0, 1e-3)>]
[<InlineData(-0.5, -0.3, 0.2, 2.5, 1e-4)>]
[<InlineData(0.0, 1.0, -4.0, -1.0, 1e-2)>]
[<InlineData(1.0, 0.5, -0.01, 0.02, 1e-3)>]
let ``tables stay within half of their tolerance, and their enclosures hold`` (κ: float, τ: float, lower: float, upper: float, δ: float) =
    let table = ProfileKnots.tanh κ τ lower upper δ
    let profile = ProfileTable(table, TermEnclosure(Profile.Tanh, Interval.ofFloat κ, Interval.ofFloat τ), lower, upper)

    for k in 0..1000 do
        let s = lower + (upper - lower) * float k / 1000.0
        let error = (PiecewiseLinear.apply table (Binary64 s)).Value - TermFlow.tanhProfile κ τ s
        Assert.InRange(error, -0.5000001 * δ, 0.5000001 * δ)
        let bound = profile.Error(Interval.ofBounds s (min upper (s + 0.01)))
        Assert.InRange(error, bound.Lower - 1e-14, bound.Upper + 1e-14)

    // Beyond the range of the table its outermost lines go on, and away from ψ.
    let beyond = profile.Error(Interval.ofBounds (lower - 1.0) (upper + 1.0))

    for s in [ lower - 1.0; upper + 1.0 ] do
        let error = (PiecewiseLinear.apply table (Binary64 s)).Value - TermFlow.tanhProfile κ τ s
        Assert.InRange(error, beyond.Lower - 1e-14, beyond.Upper + 1e-14)

    // Nearly as good as the tolerance allows for: the enclosure is no wider than a little more.
    let whole = profile.Error(Interval.ofBounds lower upper)
    Assert.InRange(Interval.magnitude whole, 0.0, 0.54 * δ)

[<Fact>]
let ``local errors lie in their enclosures, for every splitting`` () =
    for splitting, order in [ Splitting.LieTrotter, 3; Splitting.Strang, 4; Splitting.Yoshida, 7 ] do
        for seed in 1..3 do
            for d in 2..3 do
                let terms = drawn seed d 3
                let h = Rational.create 1 8
                let random = Random seed
                let centre = Array.init d (fun _ -> 2.0 * random.NextDouble() - 1.0)
                let box = centre |> Array.map (fun x -> Interval.ofBounds (x - 0.05) (x + 0.05))

                match LocalError(splitting, enclosed terms, Interval.ofRational h, order).Enclose box with
                | ValueNone -> failwith "no enclosure of a smooth field"
                | ValueSome error ->
                    for _ in 1..20 do
                        let x = centre |> Array.map (fun x -> Binary64(x + 0.1 * random.NextDouble() - 0.05))
                        let split = Splitting.step splitting (floats terms) 0.125 x
                        let exact = Splitting.run Splitting.Yoshida (floats terms) 0.125 40 x

                        for i in 0 .. d - 1 do
                            // The reference is off by far less than 1e-14.
                            Assert.InRange(split[i].Value - exact[i].Value, error[i].Lower - 1e-14, error[i].Upper + 1e-14)

/// The error of a step from all x of a box, the kinks included.
let private stepError splitting (h: float) (box: Interval[]) : Interval[] =
    let terms = enclosed reluTerms
    let error = ClockBound(splitting, terms, Interval.ofFloat h).Enclose box

    Array.init 2 (fun c ->
        let kink (term: RidgeTerm<Interval>) (size: Interval) : Interval = Arithmetic.(*) (Array.get term.Direction c) size
        Array.map2 kink terms error.Kinks |> Array.fold (fun (a: Interval) b -> Arithmetic.(+) a b) error.Smooth[c])

[<Fact>]
let ``errors of steps that meet a kink lie in their bound, for every splitting`` () =
    let random = Random 5

    for splitting in [ Splitting.LieTrotter; Splitting.Strang; Splitting.Yoshida ] do
        for h in [ 1.0 / 4.0; 1.0 / 32.0 ] do
            // Squares about points of the kink of term 2, w = (−1/2, 1), b = −1/5.
            for y in [ -0.6; 0.1; 0.8 ] do
                let centre = [| 2.0 * y - 0.4; y |]
                let bound = centre |> Array.map (fun x -> Interval.ofBounds (x - 0.02) (x + 0.02)) |> stepError splitting h

                for _ in 1..50 do
                    let x = centre |> Array.map (fun x -> Binary64(x + 0.04 * random.NextDouble() - 0.02))
                    let step = Splitting.step splitting (floats reluTerms) h x
                    let exact = Splitting.run Splitting.Strang (floats reluTerms) h 1000 x

                    for c in 0..1 do
                        // Order 2 of the reference, and one of its steps that meets the kink: (h/1000)² times numbers below 4.
                        let slack = 4e-6 * h * h
                        Assert.InRange(step[c].Value - exact[c].Value, bound[c].Lower - slack, bound[c].Upper + slack)

[<Theory>]
[<InlineData("lie", 1.0, 0.5)>]
[<InlineData("strang", 0.5, 0.125)>]
let ``the error of a step that meets a kink is |a||w·a'|g'h² over 2 or 8 at most, and so much where it is crossed at the worst time``
    (name, θ, share)
    =
    let splitting = if name = "lie" then Splitting.LieTrotter else Splitting.Strang
    let h = 1.0 / 256.0
    let terms = floats reluTerms
    let other, kinked = terms[0], terms[1]

    for y in [ 0.5; 0.8 ] do
        let onKink = [| Binary64(2.0 * y - 0.4); Binary64 y |]
        let push = (RidgeTerm.preactivation other onKink).Value
        let leading = share * h * h * abs (Vector.dot kinked.Weights other.Direction).Value * push
        // The other term alone takes x to the kink in the time θh.
        let x = Vector.addScaled onKink (Binary64(-θ * h * push)) other.Direction
        let step = Splitting.step splitting terms h x
        let exact = Splitting.run Splitting.Strang terms h 400 x
        let bound = x |> Array.map (fun x -> Interval.ofFloat x.Value) |> stepError splitting h

        for c in 0..1 do
            let size = leading * abs kinked.Direction[c].Value
            // Up to terms of relative size h times numbers below 10.
            Assert.InRange(abs (step[c].Value - exact[c].Value), 0.95 * size, 1.05 * size)
            // Lie–Trotter is off by as much where no kink is met, and both are added.
            Assert.InRange(Interval.magnitude bound[c], 0.95 * size, (if name = "lie" then 3.0 else 1.3) * size)

[<Fact>]
let ``a kink that is crossed counts in as many steps as a trajectory can meet it, one that is slid along in all`` () =
    let total crossing =
        let run = KinkRun 1

        for k in 1..10 do
            run.Add([| Interval.ofBounds -1.0 (float k) |], ValueSome(crossing k))

        Array.head (run.Total())

    let below = Interval.ofBounds -1.5 0.0
    let crossing window push _ = { Push = push; Growth = Interval.ofFloat -0.5; Window = window }
    // ⌊1.5/1⌋ + 1 = 2 of 10 steps; pushes of both signs: all of them.
    Assert.Equal(Interval.ofBounds -2.0 19.0, total (crossing below (Interval.ofBounds 1.0 1.4)))
    Assert.Equal(Interval.ofBounds -2.0 19.0, total (crossing below (Interval.ofBounds -1.4 -1.0)))
    Assert.Equal(Interval.ofBounds -10.0 55.0, total (crossing below (Interval.ofBounds -0.1 1.4)))
    // From −1.5 to 1.5 at the speed 1 − 0.5·1.5 at least: ⌊3/0.25⌋ + 1 is more than all; at 2.75 − 0.75, ⌊3/2⌋ + 1 = 2.
    let whole = Interval.ofBounds -1.5 1.5
    Assert.Equal(Interval.ofBounds -10.0 55.0, total (crossing whole (Interval.ofBounds 1.0 1.4)))
    Assert.Equal(Interval.ofBounds -2.0 19.0, total (crossing whole (Interval.ofBounds 2.75 3.0)))
    // Windows that move: a trajectory crosses all of them together, at 2 − 0.75 in ⌊3/1.25⌋ + 1 = 3 steps.
    let moving k = crossing (if k % 2 = 0 then below else Interval.ofBounds 0.0 1.5) (Interval.ofFloat 2.0) k
    Assert.Equal(Interval.ofBounds -3.0 27.0, total moving)

[<Fact>]
let ``a term that changes its sign on the way counts with both signs beside a kink`` () =
    // x₁′ = tanh(x₀)/2 + max(0, x₁): for Strang ∮(c − σ)⁺ = ∮(c − σ)⁻ = h²/8.
    let terms = [| term Profile.Tanh "0,1/2" "1,0" "0"; term Profile.Relu "0,1" "0,1" "0" |]
    let h = 1.0 / 16.0
    let box = [| Interval.ofBounds -1.0 1.0; Interval.ofBounds -0.1 0.1 |]
    let kink = (ClockBound(Splitting.Strang, enclosed terms, Interval.ofFloat h).Enclose box).Kinks[1]
    let least = 0.25 * h * h * 0.5 * tanh 1.0
    Assert.True(kink.Upper >= least && kink.Lower <= -least, $"{kink}, {least}")

[<Theory>]
[<InlineData(0.1, 28, 2072, 0.04818852333608618)>]
[<InlineData(0.025, 106, 15900, 0.012495100015216835)>]
let ``plans of Lie–Trotter beforehand are those of the specification`` (ε: float, steps: int, depth: int, bound: float) =
    let plan = AprioriPlan.create Splitting.LieTrotter 0.5 1_000_000 (field tanhTerms) square ε |> Defect.orFail
    Assert.Equal((steps, int64 depth), (plan.Steps, plan.Depth))
    Assert.Equal(bound, plan.SplittingBound, 1e-13)
    Assert.Equal(int64 depth, VanillaPlan.depth (AprioriPlan.maps (field tanhTerms) plan))

[<Theory>]
[<InlineData(0.1, 4, 472, 0.036997449441186776)>]
[<InlineData(0.025, 7, 1596, 0.010790400496911922)>]
let ``plans of Strang beforehand are those of the specification`` (ε: float, steps: int, depth: int, bound: float) =
    let plan = AprioriPlan.create Splitting.Strang 0.5 1_000_000 (field tanhTerms) square ε |> Defect.orFail
    Assert.Equal((steps, int64 depth), (plan.Steps, plan.Depth))
    Assert.Equal(bound, plan.SplittingBound, 1e-13)

[<Fact>]
let ``plans of a ReLU field need no tables`` () =
    let plan = AprioriPlan.create Splitting.LieTrotter 0.5 1_000_000 (field reluTerms) square 0.1 |> Defect.orFail
    Assert.Equal((21, 42L), (plan.Steps, plan.Depth))
    Assert.Equal(0.09791659169082856, plan.SplittingBound, 1e-12)

[<Fact>]
let ``bounds along a tube are those of the specification`` () =
    let lie = TubeCertificate.run Splitting.LieTrotter tanhTerms Rational.One 16 [| 0.3; -0.7 |] 0.0
    Assert.Equal(0.017847369624114394, lie.Error, 1e-12)
    Assert.Equal(0.9350953992226766, lie.Centre[0], 1e-13)
    // Strang over the square, as 10 × 10 balls.
    let worst steps =
        Seq.allPairs (seq { 0..9 }) (seq { 0..9 })
        |> Seq.map (fun (i, j) ->
            let centre = [| -0.9 + 0.2 * float i; -0.9 + 0.2 * float j |]
            (TubeCertificate.run Splitting.Strang tanhTerms Rational.One steps centre (0.1 * sqrt 2.0)).Error)
        |> Seq.max

    Assert.Equal(0.00582301056609506, worst 8, 1e-13)
    Assert.Equal(2.712669841585064e-4, worst 32, 1e-14)

/// The largest distance between a network and a reference flow at points of the box, and an estimate of what the reference is off.
let private sampledPieces (pieces: RidgePiece<Rational>[]) (net: VanillaNet<Binary64>) (box: Box) points =
    let random = Random 7
    let d = box.Length

    let start =
        Array.init (points * d) (fun k -> let side = box[k % d] in side.Lower + (side.Upper - side.Lower) * random.NextDouble())

    let images = Array.zeroCreate<float> start.Length
    LeakyKernel(net).Run(start, images)
    let part (values: float[]) k = Array.init d (fun i -> Binary64 values[k * d + i])

    let flows =
        pieces
        |> Array.map (fun piece ->
            let isKinked = piece.Terms |> Array.exists (fun term -> term.Profile = Profile.Relu)
            // Order 4 beside order 2 where kinks are.
            let splitting, steps = if isKinked then Splitting.Strang, 400 else Splitting.Yoshida, 16
            let terms, time = floats piece.Terms, Rational.toFloat piece.Duration
            fun times x -> Splitting.run splitting terms time (times * steps) x)

    let flow times k = Array.fold (fun x flow -> flow times x) (part start k) flows
    let error = Seq.init points (fun k -> distance (part images k) (flow 1 k)) |> Seq.max
    // The full difference to twice the steps, at some of the points.
    let doubt = Seq.init (min points 100) (fun k -> distance (flow 1 k) (flow 2 k)) |> Seq.max
    error, 2.0 * doubt

let private sampled terms = sampledPieces [| { Duration = Rational.One; Terms = terms } |]

let private isThorough =
    Environment.GetEnvironmentVariable "LAYERTIME_THOROUGH" |> Option.ofObj |> Option.exists (fun value -> value <> "")

/// The compiler with Strang's splitting alone, which is the best one for the reference fields.
let private byStrang = { VanillaOptions.defaults with Splitting = Some Splitting.Strang }

/// Twenty random fields, every fourth of them with ReLU, in two and three dimensions; three of them unless LAYERTIME_THOROUGH is set.
let fields () : TheoryData<int> =
    let data = TheoryData<int>()
    List.iter data.Add (if isThorough then [ 1..20 ] else [ 2..4 ])
    data

[<Theory; MemberData(nameof fields)>]
let ``the certificate holds at every sampled point, for random fields in two and three dimensions`` (seed: int) =
    let d, profile = 3 - seed % 2, (if seed % 4 = 3 then Profile.Relu else Profile.Tanh)
    let ε = if d = 2 then 0.01 else 0.05

    let points, options =
        if isThorough then 10_000, VanillaOptions.defaults
        elif profile = Profile.Relu then 500, byStrang
        else 500, { byStrang with CellsPerSide = Some(if d = 2 then 8 else 5) }

    let terms = drawn seed d 3 |> Array.map (fun term -> { term with Profile = profile })
    let box = Box.cube d 1.0

    match VanillaCompiler.compile (field terms) box ε options with
    | Ok found ->
        Assert.True(found.Error.Bound <= ε)
        Assert.Equal(d, found.Network.Inputs)
        Assert.Equal(VanillaPlan.depth found.Plan, int64 found.Network.Depth)
        let error, doubt = sampled terms found.Network box points
        Assert.True(doubt <= 0.1 * error, $"the reference is off by {doubt} beside {error}")
        Assert.True(error - doubt <= found.Error.Bound, $"{error} beyond {found.Error.Bound}")
    | Error refusal -> failwith $"{refusal}"

[<Theory>]
[<InlineData("lie", 0.1)>]
[<InlineData("strang", 0.03)>]
let ``a field that changes in time is compiled piece after piece, within its certificate`` (name, ε) =
    let pieces = [|
        { Duration = Rational.create 1 2; Terms = reluTerms }
        { Duration = Rational.create 3 4; Terms = drawn 4 2 3 }
        { Duration = Rational.create 1 4; Terms = Array.rev reluTerms }
    |]

    let splitting = if name = "lie" then Splitting.LieTrotter else Splitting.Strang
    let options = { VanillaOptions.defaults with Splitting = Some splitting; CellsPerSide = Some 10 }

    match VanillaCompiler.compile (RidgeField.create id pieces |> Defect.orFail) square ε options with
    | Ok found ->
        let error, doubt = sampledPieces pieces found.Network square 500
        Assert.True(doubt <= 0.1 * error, $"the reference is off by {doubt} beside {error}")
        Assert.InRange(error, 0.03 * found.Error.Bound, found.Error.Bound + doubt)

        Assert.Equal<Rational>(
            [| Rational.create 1 2; Rational.create 3 4; Rational.create 1 4 |],
            found.Plan.Pieces |> Array.map _.Piece.Duration
        )

        Assert.Equal(VanillaPlan.depth found.Plan, int64 found.Network.Depth)
    | Error refusal -> failwith $"{refusal}"

[<Theory>]
[<InlineData(3, 0.1)>]
[<InlineData(7, 0.02)>]
let ``what a splitting is said to need is what its network has, to a quarter, for every order`` (seed, ε) =
    let terms = drawn seed 2 3
    let options splitting = { VanillaOptions.defaults with Splitting = Some splitting; CellsPerSide = Some 8 }

    for splitting in [ Splitting.LieTrotter; Splitting.Strang; Splitting.Yoshida ] do
        match
            VanillaCompiler.predictions (field terms) square [| ε |] (options splitting),
            VanillaCompiler.compile (field terms) square ε (options splitting)
        with
        | Ok [| [| prediction |] |], Ok found ->
            Assert.InRange(float prediction.Depth / float found.Network.Depth, 0.75, 1.25)
            Assert.Equal(prediction.Steps, prediction.CertifiedSteps)
        | other -> failwith $"{other}"

[<Fact>]
let ``a plan says where it was not certified itself, and where nothing was`` () =
    let options = { VanillaOptions.defaults with Splitting = Some Splitting.LieTrotter; CellsPerSide = Some 8 }

    match VanillaCompiler.predictions (field tanhTerms) square [| 1e-1; 1e-5 |] options with
    | Ok [| [| near |]; [| far |] |] ->
        Assert.Equal(near.Steps, near.CertifiedSteps)
        Assert.InRange(far.CertifiedSteps, near.CertifiedSteps, far.Steps / 2)
        Assert.InRange(far.SplittingError + far.TableError, 0.9e-5, 1e-5)
    | other -> failwith $"{other}"

    // Neighbours part by e³⁰ in this time: no error is certified with as many steps as are looked at.
    let parting = [| term Profile.Relu "1,0" "1,0" "2"; term Profile.Relu "1/2,1" "1/4,1" "2" |]
    let field = RidgeField.autonomous id (Rational.ofInt 30) parting |> Defect.orFail

    match VanillaCompiler.predictions field square [| 1e-2 |] options with
    | Ok [| [| none |] |] ->
        Assert.Equal((0, Int64.MaxValue), (none.CertifiedSteps, none.Depth))
        Assert.True(none.Steps > 0)
    | other -> failwith $"{other}"

[<Theory>]
[<InlineData("tanh", 1e-2)>]
[<InlineData("relu", 1e-2)>]
[<InlineData("relu", 1e-3)>]
let ``the reference fields: a certificate less than ten times too large, a depth as planned, a way that ends where the network does``
    (name, ε)
    =
    let terms = if name = "tanh" then tanhTerms else reluTerms

    match VanillaCompiler.predictions (field terms) square [| ε |] byStrang, VanillaCompiler.compile (field terms) square ε byStrang with
    | Ok [| [| prediction |] |], Ok found ->
        let error, doubt = sampled terms found.Network square 1000
        Assert.InRange(found.Error.Bound, error - doubt, 10.0 * error)

        // Beforehand and afterwards, within a quarter.
        let depth = float found.Network.Depth
        Assert.InRange(float prediction.Depth / depth, 0.75, 1.25)
        Assert.InRange(float found.Predictions[0].Depth / depth, 0.75, 1.25)

        let x = [| 0.3; -0.7 |]
        let states = VanillaTrajectory.follow found.Plan x
        let final = Array.last states
        Assert.Equal(found.Plan.Pieces[0].Steps + 1, states.Length)
        Assert.Equal(int64 found.Network.Depth, final.Layers)
        Assert.Equal(1.0, final.Time, 1e-14)
        let network = VanillaNet.apply found.Network (Array.map Binary64 x)
        let flow = Splitting.run Splitting.Strang (floats terms) 1.0 2000 (Array.map Binary64 x)
        Assert.InRange(distance network (Array.map Binary64 final.Network), 0.0, found.Error.Rounding + 1e-12)
        // An eighth of the steps and order 2: a small part of the error of the splitting.
        Assert.InRange(distance flow (Array.map Binary64 final.Flow), 0.0, 0.1 * ε)

        for state in states do
            Assert.InRange(distance (Array.map Binary64 state.Network) (Array.map Binary64 state.Flow), 0.0, 2.0 * ε)
    | other -> failwith $"{other}"

[<Fact>]
let ``a single term is compiled exactly up to its table, and commuting terms in one step`` () =
    let commuting = [| term Profile.Relu "1,0" "1,0" "1/2"; term Profile.Relu "0,-1" "0,1" "0" |]

    match VanillaCompiler.compile (field commuting) square 1e-9 VanillaOptions.defaults with
    | Ok found ->
        Assert.Equal(2, found.Network.Depth)
        Assert.True(found.Error.Bound < 1e-12)
    | Error refusal -> failwith $"{refusal}"

[<Fact>]
let ``an error that needs more layers than there may be is refused with what can be reached`` () =
    match VanillaCompiler.compile (field tanhTerms) square 1e-3 { byStrang with MaxDepth = 300L; CellsPerSide = Some 8 } with
    | Error(Budget(reachable, 300L)) ->
        // It was certified within the budget, and much less cannot be.
        let again ε = VanillaCompiler.compile (field tanhTerms) square ε { byStrang with MaxDepth = 300L; CellsPerSide = Some 8 }
        Assert.InRange(reachable, 1e-3, 0.1)

        match again (1.1 * reachable) with
        | Ok found -> Assert.InRange(found.Network.Depth, 1, 300)
        | Error refusal -> failwith $"{refusal}"

        match again (0.7 * reachable) with
        | Error(Budget(same, _)) -> Assert.InRange(same, 0.9 * reachable, 1.1 * reachable)
        | other -> failwith $"{other}"
    | other -> failwith $"{other}"

[<Theory>]
[<InlineData(3L)>]
[<InlineData(10L)>]
let ``a budget that hardly any network of the flow fits in is refused, with a large error or none that it would allow for`` (most: int64) =
    // Of two terms, so that one step fits into ten layers; its certificate is of no use.
    let terms = [| term Profile.Tanh "1/2,-1" "1,2" "0"; term Profile.Tanh "-1/2,1/4" "-1,1" "1/2" |]

    match VanillaCompiler.compile (field terms) square 1e-3 { byStrang with MaxDepth = most; CellsPerSide = Some 8 } with
    | Error(Budget(reachable, budget)) ->
        Assert.Equal(most, budget)
        Assert.True(reachable > 0.1, $"{reachable}")
    | other -> failwith $"{other}"

[<Fact>]
let ``an error below rounding is refused`` () =
    match VanillaCompiler.compile (field reluTerms[..0]) square 1e-17 VanillaOptions.defaults with
    | Error(Precision rounding) -> Assert.InRange(rounding, 1e-17, 1e-12)
    | other -> failwith $"{other}"

[<Fact>]
let ``degenerate boxes, wrong dimensions and tolerances are refused together`` () =
    let box = [| Interval.ofFloat 1.0; Interval.ofBounds 0.0 1.0; Interval.ofBounds 0.0 1.0 |]

    match VanillaCompiler.compile (field tanhTerms) box -1.0 VanillaOptions.defaults with
    | Error(Hypotheses defects) -> Assert.Equal(3, defects.Length)
    | other -> failwith $"{other}"

[<Fact>]
let ``terms without a direction are refused with their number`` () =
    match RidgeField.autonomous id Rational.One [| tanhTerms[0]; term Profile.Tanh "0,0" "1,0" "0" |] with
    | Error [ defect ] -> Assert.Equal("field, term 1, direction", defect.Where)
    | other -> failwith $"{other}"

[<Fact>]
let ``the kernel gives every point what the network gives it`` () =
    let plan = AprioriPlan.create Splitting.Strang 0.5 1_000_000 (field tanhTerms) square 0.4 |> Defect.orFail
    let net = AprioriPlan.maps (field tanhTerms) plan |> VanillaRealisation.create |> VanillaRealisation.network
    let random = Random 3
    let points = Array.init (2 * 131) (fun _ -> 3.0 * random.NextDouble() - 1.5)
    let images = Array.zeroCreate<float> points.Length
    LeakyKernel(net).Run(points, images)

    for k in 0..130 do
        let y = VanillaNet.apply net [| Binary64 points[2 * k]; Binary64 points[2 * k + 1] |]
        Assert.Equal(y[0].Value, images[2 * k])
        Assert.Equal(y[1].Value, images[2 * k + 1])
