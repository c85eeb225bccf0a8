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

/// The largest distance between a network and a reference flow at points of the box.
let private sampled (terms: RidgeTerm<Rational>[]) (net: VanillaNet<Binary64>) (box: Box) points =
    let random = Random 7
    let d = box.Length

    let start =
        Array.init (points * d) (fun k -> let side = box[k % d] in side.Lower + (side.Upper - side.Lower) * random.NextDouble())

    let images = Array.zeroCreate<float> start.Length
    LeakyKernel(net).Run(start, images)
    let terms = floats terms

    Seq.init points (fun k ->
        let part (values: float[]) = Array.init d (fun i -> Binary64 values[k * d + i])
        distance (part images) (Splitting.run Splitting.Yoshida terms 1.0 40 (part start)))
    |> Seq.max

[<Fact>]
let ``the certificate holds at every sampled point, for random fields in two and three dimensions`` () =
    for seed, d, ε in [ 1, 2, 0.02; 2, 2, 0.005; 3, 3, 0.05 ] do
        let terms = drawn seed d 3
        let box = Box.cube d 1.0

        match VanillaCompiler.compile (field terms) box ε VanillaOptions.defaults with
        | Ok found ->
            Assert.True(found.Error.Bound <= ε)
            Assert.Equal(d, found.Network.Inputs)
            Assert.Equal(VanillaPlan.depth found.Plan, int64 found.Network.Depth)
            let error = sampled terms found.Network box 500
            Assert.True(error <= found.Error.Bound, $"field {seed}: {error} beyond {found.Error.Bound}")
            // No more than a factor of 10 is given away.
            Assert.True(found.Error.Bound <= 10.0 * error, $"field {seed}: {found.Error.Bound} for {error}")
        | Error refusal -> failwith $"{refusal}"

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
    match VanillaCompiler.compile (field tanhTerms) square 1e-3 { VanillaOptions.defaults with MaxDepth = 300L } with
    | Error(Budget(reachable, 300L)) -> Assert.InRange(reachable, 1e-3, 1.0)
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
