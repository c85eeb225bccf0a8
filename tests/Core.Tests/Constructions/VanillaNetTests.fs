module LayerTime.Core.Tests.Constructions.VanillaNetTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Tests

let private q (text: string) =
    match Rational.parse text with
    | Ok value -> value
    | Error problem -> failwith problem

let private v (text: string) = text.Split ',' |> Array.map (fun part -> q (part.Trim()))
let private rows (text: string list) = text |> List.map v |> List.toArray |> Matrix.ofRows
let private step c w b = { Shift = v c; Weights = v w; Bias = q b }
let private one = VanillaNet.ofStages 2 (TermLayers.oneLayer Rational.toFloat (step "2,-1/2" "1,3" "-1/4"))

let private pair = VanillaNet.ofStages 2 (TermLayers.shearPair Rational.toFloat Rational.One (step "3,-1" "1,3" "-1/4"))

let private defectsOf result =
    match result with
    | Ok _ -> []
    | Error(defects: Defect list) -> defects

[<Fact>]
let ``a step with m ≠ 0 is one leaky layer, with the weights of the specification`` () =
    Assert.Equal(rows [ "1,3"; "1/4,1" ], one.Affine[0].Weights)
    Assert.Equal<Rational[]>(v "-1/4,0", one.Affine[0].Bias)
    Assert.Equal<Rational[]>(v "2/3,1", one.Slopes[0])
    Assert.Equal(rows [ "6,-12"; "-3/2,4" ], one.Affine[1].Weights)
    Assert.Equal<Rational[]>(v "1,-1/4", one.Affine[1].Bias)
    Assert.Equal<Rational[]>(v "29/10,-29/120", VanillaNet.apply one (v "1/3,2/5"))

[<Fact>]
let ``a shear is two leaky layers, with the weights of the specification`` () =
    Assert.Equal(2, pair.Depth)
    Assert.Equal(rows [ "2,0"; "10/7,-8/7" ], pair.Affine[1].Weights)
    Assert.Equal(rows [ "-7/10,21/5"; "2/5,-7/5" ], pair.Affine[2].Weights)
    Assert.Equal<Rational[]>(v "-7/20,1/5", pair.Affine[2].Bias)
    Assert.Equal<Rational[]>(v "251/60,-53/60", VanillaNet.apply pair (v "1/3,2/5"))

[<Property(Arbitrary = [| typeof<NumberGenerators> |])>]
let ``steps as layers equal steps, whichever form is chosen``
    (c: Rational, c': Rational)
    (w: Rational, w': Rational)
    (b: Rational)
    (x: Rational, x': Rational)
    =
    let step = { Shift = [| c; c' |]; Weights = [| w; w' |]; Bias = b }
    let m = ResidualStep.slope step

    match TermLayers.ofStep Rational.toFloat step with
    | Ok stages -> VanillaNet.apply (VanillaNet.ofStages 2 stages) [| x; x' |] = ResidualStep.apply step [| x; x' |]
    | Error _ -> (Rational.One + m).Sign <= 0 || Rational.toFloat m <= -1.0

[<Property(Arbitrary = [| typeof<NumberGenerators> |])>]
let ``the inverse network takes every value back`` (x: Rational, x': Rational) =
    let back net = VanillaNet.apply (LeakyNets.invert net |> Defect.orFail) (VanillaNet.apply net [| x; x' |])
    back one = [| x; x' |] && back pair = [| x; x' |]

[<Fact>]
let ``a network with one slope for all coordinates equals it on the box and not beyond`` () =
    let uniform = LeakyNets.toUniform (v "-1,-1") (v "1,1") pair |> Defect.orFail
    Assert.Equal<Rational[][]>([| v "-1/4,9/8"; v "0,157/28"; v "-71/4,6" |], uniform.Affine |> Array.map _.Bias)
    Assert.Equal<Rational[]>(VanillaNet.apply pair (v "1/3,2/5"), VanillaNet.apply uniform (v "1/3,2/5"))
    Assert.Equal<Rational[]>(v "-2486/5,562/5", VanillaNet.apply uniform (v "-40,-40"))

[<Fact>]
let ``an inverse is refused with the matrix and the slope that are in the way`` () =
    let affine w = { Weights = rows w; Bias = v "0,0" }
    let net = VanillaNet.create [| affine [ "1,1"; "1,1" ]; affine [ "1,0"; "0,1" ] |] [| v "1/2,-1" |] |> Defect.orFail
    let texts = defectsOf (LeakyNets.invert net) |> List.map string
    Assert.Equal(2, texts.Length)
    Assert.Contains("rank 1", texts[0])
    Assert.Contains("the slope -1", texts[1])

[<Fact>]
let ``increasing piecewise linear functions are networks of width 1`` () =
    let f = { Knots = v "-1,0,2"; Values = v "-2,0,1"; Left = q "1"; Right = q "3" }
    let net = PiecewiseLinear.toNet f
    Assert.Equal<Rational[][]>([| v "1/2"; v "4"; v "1/6" |], net.Slopes)

    for x, y in [ "-3", "-4"; "1", "1/2"; "4", "7" ] do
        Assert.Equal<Rational[]>(v y, VanillaNet.apply net (v x))
        Assert.Equal(q y, PiecewiseLinear.apply f (q x))

    Assert.Single(PiecewiseLinear.defects { f with Right = Rational.Zero }) |> ignore

[<Property(Arbitrary = [| typeof<NumberGenerators> |])>]
let ``two ridge maps realise any profile with any κ``
    (a: Rational, a': Rational)
    (w: Rational, w': Rational)
    (y: Rational)
    (x: Rational, x': Rational)
    =
    // ψ with slopes 0, y − y₀, 0 scaled so that 1 + κψ′ and 1 + εψ′ are positive.
    let κ = a * w + a' * w'
    let size = Rational.abs κ + Rational.One
    let rise = Rational.PositivePart y / (Rational.ofInt 2 * size * (Rational.One + Rational.abs y))
    let ψ = { Knots = v "0,1"; Values = [| Rational.Zero; rise |]; Left = Rational.Zero; Right = Rational.Zero }
    let ε = Rational.abs κ + Rational.create 1 2

    (w.Sign = 0 && w'.Sign = 0)
    || (let stages = RidgeMap.pair Rational.toFloat ε [| a; a' |] [| w; w' |] Rational.One ψ
        let s = w * x + w' * x' + Rational.One
        let expected = Vector.addScaled [| x; x' |] (PiecewiseLinear.apply ψ s) [| a; a' |]
        VanillaNet.apply (VanillaNet.ofStages 2 stages) [| x; x' |] = expected)

[<Fact>]
let ``a fixed slope realises the ratios that are its powers and no others`` () =
    let half = Rational.create 1 2
    let f right = { Knots = v "-1,0,2"; Values = v "-2,0,1"; Left = q "1"; Right = right }
    let net = FixedSlope.toNet half (f (q "4")) |> Defect.orFail
    Assert.Equal(1 + 2 + 3, net.Depth)
    Assert.All(net.Slopes, fun α -> Assert.Equal<Rational[]>([| half |], α))

    for x in [ "-3"; "-1/2"; "1"; "4" ] do
        Assert.Equal<Rational[]>([| PiecewiseLinear.apply (f (q "4")) (q x) |], VanillaNet.apply net (v x))

    Assert.Contains("ratio 6", defectsOf (FixedSlope.toNet half (f (q "3"))) |> List.head |> string)

[<Fact>]
let ``dithering stays within its bound and takes two slopes a cell`` () =
    let knots = Array.init 9 (fun k -> Rational.create (k - 4) 4)
    // x + x²/4: slopes 1/2 … 3/2, f″ = 1/2.
    let f (x: Rational) = x + x * x / Rational.ofInt 4
    let values = Array.map f knots
    let half = Rational.create 1 2
    let dithered = FixedSlope.dither half knots values
    let bound = FixedSlope.ditherBound half half knots values
    Assert.True(FixedSlope.toNet half dithered |> Result.isOk)

    for k in -40 .. 40 do
        let x = Rational.create k 40
        Assert.True(Rational.abs (PiecewiseLinear.apply dithered x - f x) <= bound)

[<Fact>]
let ``invertible matrices are shears and a last factor`` () =
    let w = rows [ "0,-2"; "3,1" ]
    let factors = ShearFactors.create w |> Defect.orFail
    Assert.Equal<(int * int * Rational)[]>([| 0, 1, q "1/3"; 1, 0, q "-3"; 0, 1, q "5/18" |], factors.Operations)
    Assert.Equal(q "6", factors.Determinant)
    let flows = ShearFactors.flows w |> Defect.orFail
    Assert.Equal<Rational[]>(Matrix.apply w (v "2,-5"), List.fold (fun x flow -> ElementaryFlow.apply flow x) (v "2,-5") flows)

[<Property(Arbitrary = [| typeof<NumberGenerators> |])>]
let ``networks are flows up to a reflection, and no flow exactly if they reverse the orientation``
    (x: Rational, x': Rational)
    (flip: bool)
    =
    let first = if flip then [ "1,2"; "3,4" ] else [ "0,-2"; "3,1" ]
    let affine w b = { Weights = rows w; Bias = v b }

    let net =
        VanillaNet.create [| affine first "1,0"; affine [ "0,1"; "1,0" ] "0,1/2"; affine [ "0,1"; "1,0" ] "0,0" |] [| v "1/2,3"; v "2,1" |]
        |> Defect.orFail

    let flow = NetworkFlow.decompose net |> Defect.orFail

    NetworkFlow.apply flow [| x; x' |] = VanillaNet.apply net [| x; x' |]
    && flow.Reflected = flip
    && LeakyNets.orientation net = (if flip then -1 else 1)
    && Result.isError (NetworkFlow.create net) = flip

[<Fact>]
let ``monotone networks stay away from a function by half of its smaller variation`` () =
    let report = MonotoneGap.create (v "0,3,1,2,-1")
    Assert.Equal(q "3/2", report.Gap)
    Assert.Equal((q "4", (1, 4)), report.Drop)
    Assert.Equal((q "3", (0, 1)), report.Rise)
    Assert.Equal<Rational[]>(v "3/2,3/2,1,1,-1", report.Envelope)
    Assert.Equal(Rational.Zero, (MonotoneGap.create (v "0,1,1,5")).Gap)

[<Fact>]
let ``z² winds twice around 0, which no plane network does`` () =
    let samples m =
        Array.init m (fun k ->
            let t = 4.0 * System.Math.PI * float k / float m
            [| Interval.ofBounds (cos t - 1e-12) (cos t + 1e-12); Interval.ofBounds (sin t - 1e-12) (sin t + 1e-12) |])

    let report = DegreeGap.create 2.0 1.0 (0.0, 0.0) (samples 4000) |> Defect.orFail
    Assert.Equal(2, report.Winding)
    Assert.InRange(report.Distance, 0.998, 1.0)
    Assert.True(DegreeGap.obstructs 0 report.Winding)
    Assert.False(DegreeGap.obstructs 1 1)
    Assert.True(DegreeGap.obstructs 1 -1)
    Assert.True(Result.isError (DegreeGap.create 2.0 1.0 (0.0, 0.0) (samples 6)))
