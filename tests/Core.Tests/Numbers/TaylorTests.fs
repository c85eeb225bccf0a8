module LayerTime.Core.Tests.Numbers.TaylorTests

open System
open Xunit
open FsCheck
open FsCheck.FSharp
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Tests

/// The highest power in the series below.
let private order = 7

let private small = Gen.map2 Rational.create (Gen.choose (-6, 6)) (Gen.choose (1, 4))

/// Series of fractions, of which the first has a constant term that is not zero.
let private series: Arbitrary<Rational[] * Rational[] * Rational[]> =
    let one = Gen.arrayOfLength (order + 1) small
    let invertible = Gen.map (fun (a: Rational[]) -> Array.append [| a[0] * a[0] + Rational.One |] a[1..]) one
    Gen.zip3 invertible one one |> Arb.fromGen

/// A series without constant term.
let private inner: Arbitrary<Rational[]> =
    Gen.arrayOfLength order small |> Gen.map (Array.append [| Rational.Zero |]) |> Arb.fromGen

let private of' (a: Rational[]) = Taylor.ofCoefficients a
let private read (x: Taylor<'T>) : 'T[] = Taylor.coefficients order x
let private same (x: Taylor<Rational>) (y: Taylor<Rational>) = read x = read y
let private (+.) (a: Taylor<'T>) b = Arithmetic.(+) a b
let private (-.) (a: Taylor<'T>) b = Arithmetic.(-) a b
let private ( *. ) (a: Taylor<'T>) b = Arithmetic.(*) a b
let private (/.) (a: Taylor<'T>) b = Arithmetic.(/) a b

[<Property>]
let ``series of fractions are a commutative ring, and a quotient times its divisor is its dividend`` () =
    Prop.forAll series (fun (a, b, c) ->
        let a, b, c = of' a, of' b, of' c
        let zero, one = Taylor.constant Rational.Zero, Taylor.constant Rational.One

        same (a +. b) (b +. a)
        && same (a *. b) (b *. a)
        && same ((a +. b) +. c) (a +. (b +. c))
        && same ((a *. b) *. c) (a *. (b *. c))
        && same (a *. (b +. c)) ((a *. b) +. (a *. c))
        && same (a +. zero) a
        && same (a *. one) a
        && same ((a -. b) +. b) a
        && same ((b /. a) *. a) b)

[<Property>]
let ``a product of polynomials is the polynomial of the products, at every argument`` () =
    Prop.forAll series (fun (a, b, _) ->
        // Degree 3 each, so that nothing of the product is cut off.
        let polynomial (c: Rational[]) = of' (Array.append c[0..3] (Array.create 4 Rational.Zero))
        let a, b = polynomial a, polynomial b

        [ -2, 3; 1, 1; 5, 4 ]
        |> List.forall (fun (p, q) ->
            let h = Rational.create p q
            Taylor.evaluate h (a *. b) = Taylor.evaluate h a * Taylor.evaluate h b))

[<Property>]
let ``a result is known up to the smaller order, and a constant is a number of every order on either side`` () =
    Prop.forAll series (fun (a, b, c) ->
        let short = Taylor.truncate 4 (of' b)
        let a = of' a
        let full = of' (Array.append [| c[0] |] (Array.create order Rational.Zero))
        let constant = Taylor.constant c[0]

        let operations = [ (+.); (-.); ( *. ); (fun (p: Taylor<Rational>) q -> if q.Value.Sign = 0 then p else p /. q) ]

        operations
        |> List.forall (fun operation ->
            let cut, whole = operation short a, operation (of' b) a

            cut.Order = 4
            && Taylor.coefficients 4 cut = Taylor.coefficients 4 whole
            && (operation constant constant).IsConstant
            && same (operation a constant) (operation a full)
            && same (operation constant a) (operation full a)))

[<Property>]
let ``the derivative of the integral is the integrand, and a product follows Leibniz`` () =
    Prop.forAll series (fun (a, b, c) ->
        let a, b = of' a, of' b
        let again = Taylor.derivative (Taylor.integral (order + 1) c[0] a)
        let cut = Taylor.truncate (order - 1)
        let left = Taylor.derivative (a *. b)
        let right = (Taylor.derivative a *. cut b) +. (cut a *. Taylor.derivative b)

        again.Order = order
        && same again a
        && left.Order = order - 1
        && Taylor.coefficients (order - 1) left = Taylor.coefficients (order - 1) right
        && same (Taylor.integral order a.Value (Taylor.derivative a)) a)

let private fraction (text: string) : Rational = Rational.parse text |> Result.defaultWith failwith
let private fractions (text: string) : Rational[] = text.Split ' ' |> Array.map fraction

/// What the recurrences give for a series without constant term, with the series of the function at 0 (Abramowitz and Stegun,
/// 4.2.1, 4.1.24, 4.5.64, 4.3.65, 4.3.66, 3.6.9; logistic x = 1/2 + tanh(x/2)/2, which softplus integrates).
let private known: (string * (Taylor<Rational> -> Taylor<Rational>) * Rational[]) list =
    let one, half = Rational.One, Rational.create 1 2
    let above x = Taylor.constant one +. x

    let circle x =
        let struct (sine, cosine) = Taylor.sineCosine Rational.Zero one x
        sine, cosine

    [
        "exp", Taylor.exponential one, fractions "1 1 1/2 1/6 1/24 1/120 1/720 1/5040"
        "expm1", (fun x -> Taylor.chain Rational.Zero (Taylor.exponential one x) x), fractions "0 1 1/2 1/6 1/24 1/120 1/720 1/5040"
        "log(1 + x)", (above >> Taylor.logarithm Rational.Zero), fractions "0 1 -1/2 1/3 -1/4 1/5 -1/6 1/7"
        "tanh", Taylor.hyperbolicTangent Rational.Zero, fractions "0 1 0 -1/3 0 2/15 0 -17/315"
        "logistic", Taylor.sigmoid half half, fractions "1/2 1/4 0 -1/48 0 1/480 0 -17/80640"
        // Its constant term is log 2, which no fraction is; 3/7 stands for it.
        "softplus",
        (fun x -> Taylor.chain (Rational.create 3 7) (Taylor.sigmoid half half x) x),
        fractions "3/7 1/2 1/8 0 -1/192 0 1/2880 0"
        "sin", (circle >> fst), fractions "0 1 0 -1/6 0 1/120 0 -1/5040"
        "cos", (circle >> snd), fractions "1 0 -1/2 0 1/24 0 -1/720 0"
        "√(1 + x)", (above >> Taylor.root one), fractions "1 1/2 -1/8 1/16 -5/128 7/256 -21/1024 33/2048"
        "(1 + x)^(-2/3)",
        (above >> Taylor.powerFrom one (Rational.create -2 3)),
        fractions "1 -2/3 5/9 -40/81 110/243 -308/729 2618/6561 -7480/19683"
        "(1 + x)^-2", (above >> Taylor.integerPower -2), fractions "1 -2 3 -4 5 -6 7 -8"
        "(1 + x)^3", (above >> Taylor.integerPower 3), fractions "1 3 3 1 0 0 0 0"
    ]

[<Fact>]
let ``every recurrence gives the known series of its function`` () =
    for name, f, expected in known do
        let found = read (f (Taylor.variable order Rational.Zero))
        Assert.True((found = expected), $"{name}: {String.Join(' ', found)}")

[<Property>]
let ``every recurrence composes: f(x(t)) is the known series of f with x put in`` () =
    Prop.forAll inner (fun x ->
        let x = of' x

        known
        |> List.map (fun (name, f, outer) ->
            // Horner in the ring of series: the slow, obvious composition.
            let composed = Array.foldBack (fun c sum -> Taylor.constant c +. (x *. sum)) outer (Taylor.constant Rational.Zero)
            same (f x) composed |> Prop.label name)
        |> List.reduce (.&.))

[<Property>]
let ``the recurrences satisfy the identities of their functions exactly`` () =
    Prop.forAll (Arb.zip (inner, inner)) (fun (x, y) ->
        let x, y = of' x, of' y
        let one = Taylor.constant Rational.One
        let exp = Taylor.exponential Rational.One
        let struct (sine, cosine) = Taylor.sineCosine Rational.Zero Rational.One x
        let twice = exp (x +. x)
        let four = Taylor.constant (Rational.ofInt 4)
        let root = Taylor.root (Rational.ofInt 2) (four +. x)

        [
            "exp(x+y)", exp (x +. y), exp x *. exp y
            "log exp", Taylor.logarithm Rational.Zero (exp x), x
            "sin² + cos²", (sine *. sine) +. (cosine *. cosine), one
            "tanh", Taylor.hyperbolicTangent Rational.Zero x, (twice -. one) /. (twice +. one)
            "√²", root *. root, four +. x
            "power 1/2", Taylor.powerFrom (Rational.ofInt 2) (Rational.create 1 2) (four +. x), root
            "power 5", Taylor.powerFrom (Rational.ofInt 1024) (Rational.ofInt 5) (four +. x), Taylor.integerPower 5 (four +. x)
            "power -3", Taylor.integerPower -3 (four +. x) *. Taylor.integerPower 3 (four +. x), one
        ]
        |> List.map (fun (name, left, right) -> same left right |> Prop.label name)
        |> List.reduce (.&.))

type private Functions<'T when 'T :> ITranscendental<'T>> =
    static member All: (string * ('T -> 'T)) list = [
        "exp", Transcendental.exp
        "expm1", Transcendental.expm1
        "log", Transcendental.log
        "log1p", Transcendental.log1p
        "tanh", Transcendental.tanh
        "logistic", Transcendental.logistic
        "softplus", Transcendental.softplus
        "sin", Transcendental.sin
        "cos", Transcendental.cos
        "sqrt", Transcendental.sqrt
        "quotient", (fun x -> 'T.Quotient(x, 'T.Sum('T.One, 'T.Product(x, x))))
        "relu", (fun x -> 'T.PositivePart('T.Difference(x, Ring.ratio 1 2)))
        "negative part", (fun x -> 'T.NegativePart('T.Difference(x, Ring.ratio 1 2)))
    ]

let private isNear (a: float) (b: float) = abs (a - b) <= Math.ScaleB(1.0, -44) * max 1.0 (max (abs a) (abs b))

[<Fact>]
let ``to order 1 a series is a dual number, to order 2 a jet with half its second derivative`` () =
    for at in [ 0.125; 0.75; 2.5 ] do
        for (name, f), (_, dual), (_, jet) in
            List.zip3 Functions<AnalyticTaylor<Binary64>>.All Functions<AnalyticDual<Binary64>>.All Functions<AnalyticJet<Binary64>>.All do
            let x = Binary64.ofFloat at
            let first = (f (AnalyticTaylor.variable 1 x)).Inner
            let second = (f (AnalyticTaylor.variable 2 x)).Inner
            let dual = (dual (AnalyticDual.variable x)).Inner
            let jet = jet (Array.head (AnalyticJet.variables [| x |]))
            Assert.Equal(dual.Value, first[0])
            Assert.True(isNear dual.Derivative.Value first[1].Value, $"{name} at {at}: {first[1]}, {dual.Derivative}")
            Assert.Equal(first[1], second[1])
            let half = 0.5 * (AnalyticJet.secondDerivative jet 0 0).Value
            Assert.True(isNear half second[2].Value, $"{name} at {at}: {second[2]}, {half}")

[<Fact>]
let ``over intervals a series encloses the one of every member of its coefficients`` () =
    let around (a: float) = Interval.ofBounds (a - 1.0 / 64.0) (a + 1.0 / 64.0)
    let start = [| 0.5; -1.0; 0.75; 0.25; -0.5; 0.125 |]

    for (name, f), (_, enclosing) in List.zip Functions<AnalyticTaylor<Binary64>>.All Functions<AnalyticTaylor<Interval>>.All do
        let enclosure = (enclosing (AnalyticTaylor(Taylor.ofCoefficients (Array.map around start)))).Inner

        for shift in [ -1.0; 0.0; 1.0 ] do
            // The sign of the shift alternates, so that members differ from each other in every coefficient.
            let member' = start |> Array.mapi (fun k a -> a + (if k % 2 = 0 then shift else -shift) / 80.0)
            let found = (f (AnalyticTaylor(Taylor.ofCoefficients (Binary64.ofFloats member')))).Inner

            for k in 0 .. start.Length - 1 do
                Assert.True(Interval.contains found[k].Value enclosure[k], $"{name}, coefficient {k}: {found[k]} {enclosure[k]}")

[<Fact>]
let ``over points of intervals a series is narrow and holds the exact coefficients`` () =
    let x: AnalyticTaylor<Interval> = AnalyticTaylor.variable order (Interval.ofFloat 0.0)

    for name, f in Functions<AnalyticTaylor<Interval>>.All do
        match known |> List.tryFind (fun (other, _, _) -> other = name) with
        | Some(_, _, expected) when name <> "softplus" ->
            let found = (f x).Inner

            for k in 0..order do
                Assert.True(Interval.containsRational expected[k] found[k], $"{name}, coefficient {k}: {found[k]}")
                Assert.True(Interval.width found[k] <= Math.ScaleB(1.0, -48), $"{name}, coefficient {k}: {found[k]}")
        | _ -> ()

[<Fact>]
let ``a real power is the exponential of the logarithm`` () =
    let x: AnalyticTaylor<Interval> = AnalyticTaylor.variable order (Interval.ofFloat 1.5)
    let p = Interval.ofFloat -2.25
    let power = AnalyticTaylor.power p x
    let expected = Transcendental.exp (Arithmetic.(*) (AnalyticTaylor.constant p) (Transcendental.log x))

    for k in 0..order do
        Assert.False(Interval.disjoint power.Inner[k] expected.Inner[k])
        Assert.True(Interval.width power.Inner[k] <= Math.ScaleB(1.0, -44))

[<Fact>]
let ``series nest with dual numbers: the coefficients of the derivative are the derivatives of the coefficients`` () =
    // x(t) = 1/(1 − a·t) has coefficients aᵏ, their derivatives in a are k·aᵏ⁻¹.
    let a = Dual.variable (Rational.create 2 3)

    let x =
        Taylor.ofCoefficients [| Dual.constant Rational.One; Arithmetic.(~-) a; Dual.constant Rational.Zero; Dual.constant Rational.Zero |]

    let inverse = Taylor.integerPower -1 x
    let power k : Rational = Ring.power (Rational.create 2 3) k

    for k in 0..3 do
        Assert.Equal(power k, inverse[k].Value)
        Assert.Equal((if k = 0 then Rational.Zero else Rational.ofInt k * power (k - 1)), inverse[k].Derivative)

[<Property>]
let ``the generic semantics of a network runs on series: along a line it is the polynomial in its parameter, exactly`` () =
    let weights = Gen.arrayOfLength 12 small
    let point = Gen.arrayOfLength 6 small

    Prop.forAll (Arb.fromGen (Gen.zip weights point)) (fun (w, p) ->
        // Two cubic layers of width 2 have degree 9.
        let layers =
            [ Matrix.ofRows [| w[0..1]; w[2..3] |], w[4..5]; Matrix.ofRows [| w[6..7]; w[8..9] |], w[10..11] ]
            |> List.map (fun (weights, bias) -> LayerMap.dense weights bias Activation.Cubic |> Defect.orFail)

        let network (number: Rational -> 'T) =
            layers
            |> List.map (LayerMap.map number (Activation.mapWith number (fun _ -> failwith "exact") id))
            |> List.toArray
            |> Architecture.FeedForward
            |> Network.ofArchitecture
            |> Defect.orFail

        let start, direction, h = p[0..1], p[2..3], p[4]

        let line =
            Array.map2 (fun x v -> Taylor.ofCoefficients (Array.append [| x; v |] (Array.create 8 Rational.Zero))) start direction

        let run (network: Network<'T>) (input: 'T[]) : 'T[] = (Simulation.run network.Equation [| input |])[2]
        let series = run (network Taylor.constant) line
        let exact = run (network id) (Vector.addScaled start h direction)
        Array.map (Taylor.evaluate h) series = exact)
