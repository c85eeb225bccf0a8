module LayerTime.Core.Tests.Algebra.PolynomialTests

open FsCheck
open FsCheck.FSharp
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Tests

let private ofInts (coefficients: int list) : Rational[] = coefficients |> List.map Rational.ofInt |> List.toArray

/// A factor with known roots: a rational root, or a cyclotomic factor with its roots on the circle.
type Factor = { Coefficients: Rational[]; OnCircle: bool; Outside: bool; Name: int }

let private rational (root: Rational) =
    let size = Rational.abs root

    {
        Coefficients = [| -root; Rational.One |]
        OnCircle = (size = Rational.One)
        Outside = (size > Rational.One)
        Name =
            if root = Rational.One then 1
            elif root = -Rational.One then 2
            else 0
    }

let private cyclotomic name coefficients = { Coefficients = ofInts coefficients; OnCircle = true; Outside = false; Name = name }

type Factors = Factors of Factor list

type FactorGenerators =
    static member Factors() : Arbitrary<Factors> =
        let roots = Gen.map2 Rational.create (Gen.choose (-5, 5)) (Gen.choose (3, 6)) |> Gen.map rational

        let circles =
            Gen.elements [
                rational Rational.One
                rational -Rational.One
                cyclotomic 3 [ 1; 1; 1 ]
                cyclotomic 4 [ 1; 0; 1 ]
                cyclotomic 5 [ 1; 1; 1; 1; 1 ]
                cyclotomic 6 [ 1; -1; 1 ]
            ]

        gen {
            let! n = Gen.choose (1, 5)
            return! Gen.listOfLength n (Gen.frequency [ 2, roots; 1, circles ])
        }
        |> Gen.map Factors
        |> Arb.fromGen

let private product (factors: Factor list) = factors |> List.map _.Coefficients |> List.fold Polynomial.multiply [| Rational.create -3 2 |]

[<Property(Arbitrary = [| typeof<FactorGenerators> |], MaxTest = 1000)>]
let ``the root condition is decided as the known factors say`` (Factors factors) =
    let onCircle = factors |> List.filter _.OnCircle |> List.map _.Name
    let expected = not (List.exists _.Outside factors) && List.distinct onCircle = onCircle
    Polynomial.satisfiesRootCondition (product factors) = expected

[<Property(Arbitrary = [| typeof<FactorGenerators> |], MaxTest = 1000)>]
let ``a polynomial is Schur iff all known roots lie inside the circle`` (Factors factors) =
    Polynomial.isSchur (product factors) = not (factors |> List.exists (fun f -> f.OnCircle || f.Outside))

[<Fact>]
let ``the zero polynomial has every root and satisfies nothing`` () =
    Assert.False(Polynomial.satisfiesRootCondition [| Rational.Zero |])
    Assert.False(Polynomial.isSchur [||])

[<Property(Arbitrary = [| typeof<NumberGenerators> |])>]
let ``a product evaluates to the product`` (p: Rational[]) (q: Rational[]) (x: Rational) =
    Polynomial.evaluate (Polynomial.multiply p q) x = Polynomial.evaluate p x * Polynomial.evaluate q x
