module LayerTime.Core.Tests.Numbers.JetTests

open Xunit
open FsCheck
open FsCheck.FSharp
open LayerTime.Core.Numbers
open LayerTime.Core.Tests

/// Polynomials in two variables as coefficients of xⁱyʲ, and points, small enough to stay readable when they fail.
let private polynomials: Arbitrary<(int * int * int) list * (int * int)> =
    gen {
        let! terms = Gen.choose (0, 3) |> Gen.three |> Gen.listOfLength 4
        let! x = Gen.choose (-4, 4)
        let! y = Gen.choose (-4, 4)
        return (terms |> List.map (fun (c, i, j) -> c - 1, i, j)), (x, y)
    }
    |> Arb.fromGen

/// The polynomial in any ring.
let private evaluate (terms: (int * int * int) list) (x: 'T) (y: 'T) : 'T :> IRing<'T> =
    let term (c, i, j) = 'T.Product(Ring.ratio c 1, 'T.Product(Ring.power x i, Ring.power y j))
    terms |> List.map term |> List.fold (fun sum t -> 'T.Sum(sum, t)) 'T.Zero

/// ∂ᵃ⁺ᵇ/∂xᵃ∂yᵇ of the polynomial, by the rule for powers.
let private differentiate a b (terms: (int * int * int) list) =
    let falling n k = List.fold (*) 1 [ for m in 0 .. k - 1 -> n - m ]
    terms |> List.map (fun (c, i, j) -> c * falling i a * falling j b, max 0 (i - a), max 0 (j - b))

let private point (x: int, y: int) = [| Rational.create x 3; Rational.create y 2 |]

[<Property>]
let ``a jet of fractions carries the exact derivatives of a polynomial up to the second`` () =
    Prop.forAll polynomials (fun (terms, at) ->
        let at = point at
        let value a b : Rational = evaluate (differentiate a b terms) at[0] at[1]
        let variables = Jet.variables at
        let jet = evaluate terms variables[0] variables[1]

        jet.Value = value 0 0
        && Jet.gradient 2 jet = [| value 1 0; value 0 1 |]
        && Jet.secondDerivative jet 0 0 = value 2 0
        && Jet.secondDerivative jet 0 1 = value 1 1
        && Jet.secondDerivative jet 1 0 = value 1 1
        && Jet.secondDerivative jet 1 1 = value 0 2)

[<Property>]
let ``a quotient of jets multiplied by its divisor is its dividend with all derivatives`` () =
    Prop.forAll polynomials (fun (terms, at) ->
        let variables = Jet.variables (point at)
        let dividend = evaluate terms variables[0] variables[1]
        // 1 + x² + y² never vanishes.
        let divisor = evaluate [ 1, 0, 0; 1, 2, 0; 1, 0, 2 ] variables[0] variables[1]
        let again = Arithmetic.(*) (Arithmetic.(/) dividend divisor) divisor

        again.Value = dividend.Value
        && Jet.gradient 2 again = Jet.gradient 2 dividend
        && List.allPairs [ 0; 1 ] [ 0; 1 ]
           |> List.forall (fun (i, j) -> Jet.secondDerivative again i j = Jet.secondDerivative dividend i j))

[<Property>]
let ``jets, dual numbers and nested dual numbers agree`` () =
    Prop.forAll polynomials (fun (terms, at) ->
        let at = point at
        let variables = Jet.variables at
        let jet = evaluate terms variables[0] variables[1]
        // d/dx of the nested number in direction x, then in direction y.
        let inner (x: Rational) dx : Dual<Rational> = Dual(x, Rational.ofInt dx)

        let nested: Dual<Dual<Rational>> =
            evaluate terms (Dual(inner at[0] 1, inner Rational.Zero 0)) (Dual(inner at[1] 0, inner Rational.One 0))

        nested.Value.Value = jet.Value
        && nested.Value.Derivative = (Jet.gradient 2 jet)[0]
        && nested.Derivative.Value = (Jet.gradient 2 jet)[1]
        && nested.Derivative.Derivative = Jet.secondDerivative jet 0 1)

/// Value, gradient and the three second derivatives in two directions, constants filled up with zeros.
let private entries (jet: Jet<'T>) : 'T[] =
    Array.concat [
        [| jet.Value |]
        Jet.gradient 2 jet
        [| Jet.secondDerivative jet 0 0; Jet.secondDerivative jet 0 1; Jet.secondDerivative jet 1 1 |]
    ]

/// The quotient of a polynomial by 1 + x² + y², which never vanishes.
let private quotient (terms: (int * int * int) list) (x: 'T) (y: 'T) : 'T :> IField<'T> =
    'T.Quotient(evaluate terms x y, evaluate [ 1, 0, 0; 1, 2, 0; 1, 0, 2 ] x y)

[<Property>]
let ``the product of jets follows Leibniz in every pair of directions`` () =
    Prop.forAll (Arb.zip (polynomials, polynomials)) (fun ((f, at), (g, _)) ->
        let x = Jet.variables (point at)
        let f, g = evaluate f x[0] x[1], evaluate g x[0] x[1]
        let product = Arithmetic.(*) f g
        let f', g' = Jet.gradient 2 f, Jet.gradient 2 g
        let two i j = Jet.secondDerivative f i j * g.Value + f'[i] * g'[j] + f'[j] * g'[i] + f.Value * Jet.secondDerivative g i j

        Jet.gradient 2 product = Array.map2 (fun a b -> a * g.Value + f.Value * b) f' g'
        && List.allPairs [ 0; 1 ] [ 0; 1 ] |> List.forall (fun (i, j) -> Jet.secondDerivative product i j = two i j))

[<Property>]
let ``lifting a function with its slope and curvature is composing with it: the chain rule`` () =
    Prop.forAll polynomials (fun (terms, at) ->
        let x = Jet.variables (point at)
        let inner = evaluate terms x[0] x[1]
        // f(t) = 2t³ − t + 5
        let f (t: 'T) : 'T :> IRing<'T> = evaluate [ 2, 3, 0; -1, 1, 0; 5, 0, 0 ] t t
        let a = inner.Value
        let lifted = Jet.lift (f a) (Rational.ofInt 6 * a * a - Rational.One) (Rational.ofInt 12 * a) inner
        entries lifted = entries (f inner))

[<Property>]
let ``a constant is a number whose derivatives all vanish, in every operation and on either side`` () =
    Prop.forAll polynomials (fun (terms, at) ->
        let variables = Jet.variables (point at)
        let x = evaluate terms variables[0] variables[1]
        let c = Rational.create 7 3
        let constant: Jet<Rational> = Jet.constant c
        let filled = Jet(c, Array.create 2 Rational.Zero, Array.create 3 Rational.Zero)

        let operations: (Jet<Rational> -> Jet<Rational> -> Jet<Rational>) list = [
            (fun a b -> Arithmetic.(+) a b)
            (fun a b -> Arithmetic.(-) a b)
            (fun a b -> Arithmetic.(*) a b)
            (fun a b -> Arithmetic.(-) b a)
            (fun a b -> Arithmetic.(/) b a)
            (fun a b -> if a.Value.Sign = 0 || b.Value.Sign = 0 then a else Arithmetic.(/) a b)
        ]

        operations |> List.forall (fun operation -> entries (operation constant x) = entries (operation filled x)))

[<Property>]
let ``the order of differentiation does not matter to nested dual numbers`` () =
    Prop.forAll polynomials (fun (terms, at) ->
        let at = point at
        let number (x: Rational) dx dy ddxy : Dual<Dual<Rational>> = Dual(Dual(x, Rational.ofInt dx), Dual(Rational.ofInt dy, ddxy))
        let zero = Rational.Zero
        let xThenY: Dual<Dual<Rational>> = quotient terms (number at[0] 1 0 zero) (number at[1] 0 1 zero)
        let yThenX: Dual<Dual<Rational>> = quotient terms (number at[0] 0 1 zero) (number at[1] 1 0 zero)
        let variables = Jet.variables at
        let jet: Jet<Rational> = quotient terms variables[0] variables[1]

        xThenY.Derivative.Derivative = yThenX.Derivative.Derivative
        && xThenY.Derivative.Derivative = Jet.secondDerivative jet 0 1)

/// A polynomial, a box with corners in sixteenths, and a member of the box as its two shares in sixteenths.
let private boxes: Arbitrary<((int * int * int) list * (int * int)) * (int * int) * (int * int)> =
    let corner, share = Gen.zip (Gen.choose (-24, 24)) (Gen.choose (0, 16)), Gen.zip (Gen.choose (0, 16)) (Gen.choose (0, 16))
    Arb.fromGen (Gen.zip3 polynomials.Generator corner share)

[<Property(MaxTest = 300)>]
let ``a jet of intervals encloses the exact derivatives of polynomials and quotients at every fraction of the box`` () =
    Prop.forAll boxes (fun ((terms, _), (corner, width), (share, share')) ->
        let low n = Rational.create n 16
        let side n = Interval.hull (Interval.ofRational (low n)) (Interval.ofRational (low (n + width)))
        let box = [| side corner; side (corner / 2) |]
        let inside n share = low n + Rational.create (width * share) 256
        let exact = Jet.variables [| inside corner share; inside (corner / 2) share' |]
        let enclosed = Jet.variables box

        Array.forall2
            Interval.containsRational
            (entries (evaluate terms exact[0] exact[1]))
            (entries (evaluate terms enclosed[0] enclosed[1]))
        && Array.forall2
            Interval.containsRational
            (entries (quotient terms exact[0] exact[1]))
            (entries (quotient terms enclosed[0] enclosed[1])))

[<Fact>]
let ``the kinked functions take the derivative from the left at the kink and the hull across it`` () =
    let positivePart (x: 'U) : 'U :> IRing<'U> = 'U.PositivePart x
    let at (x: int) = Array.head (Jet.variables [| Rational.ofInt x |])
    Assert.Equal(Rational.One, (Jet.gradient 1 (positivePart (at 2)))[0])
    Assert.Equal(Rational.Zero, (Jet.gradient 1 (positivePart (at 0)))[0])
    Assert.Equal(Rational.Zero, (Jet.gradient 1 (positivePart (at -2)))[0])
    let across = (Jet.gradient 1 (positivePart (Array.head (Jet.variables [| Interval.ofBounds -1.0 1.0 |]))))[0]
    Assert.True(across.Lower = 0.0 && across.Upper = 1.0)
