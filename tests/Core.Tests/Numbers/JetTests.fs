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

[<Fact>]
let ``a jet of intervals encloses the exact derivatives at every fraction of the box`` () =
    let terms = [ 2, 3, 1; -1, 0, 2; 1, 1, 1; 3, 2, 2 ]
    let box = [| Interval.ofBounds -0.5 1.0; Interval.ofBounds 0.25 2.0 |]
    let variables = Jet.variables box
    let jet = evaluate terms variables[0] variables[1]

    for i, j in List.allPairs [ 0..8 ] [ 0..8 ] do
        let at = [| Rational.create (3 * i - 8) 16; Rational.create (8 + 7 * j) 32 |]
        let variables = Jet.variables at
        let exact = evaluate terms variables[0] variables[1]
        Assert.True(Interval.containsRational exact.Value jet.Value)
        Assert.True(Array.forall2 Interval.containsRational (Jet.gradient 2 exact) (Jet.gradient 2 jet))
        Assert.True(Interval.containsRational (Jet.secondDerivative exact 0 1) (Jet.secondDerivative jet 0 1))
        Assert.True(Interval.containsRational (Jet.secondDerivative exact 1 1) (Jet.secondDerivative jet 1 1))

[<Fact>]
let ``the kinked functions take the derivative from the left at the kink and the hull across it`` () =
    let positivePart (x: 'U) : 'U :> IRing<'U> = 'U.PositivePart x
    let at (x: int) = Array.head (Jet.variables [| Rational.ofInt x |])
    Assert.Equal(Rational.One, (Jet.gradient 1 (positivePart (at 2)))[0])
    Assert.Equal(Rational.Zero, (Jet.gradient 1 (positivePart (at 0)))[0])
    Assert.Equal(Rational.Zero, (Jet.gradient 1 (positivePart (at -2)))[0])
    let across = (Jet.gradient 1 (positivePart (Array.head (Jet.variables [| Interval.ofBounds -1.0 1.0 |]))))[0]
    Assert.True(across.Lower = 0.0 && across.Upper = 1.0)
