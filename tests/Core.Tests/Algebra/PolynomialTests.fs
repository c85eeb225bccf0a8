module LayerTime.Core.Tests.Algebra.PolynomialTests

<<<<<<< HEAD
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
=======
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

let private polynomial (coefficients: int list) = coefficients |> List.map Rational.ofInt |> List.toArray

/// zⁿ − 1
let private unity n =
    Array.init (n + 1) (fun i ->
        if i = 0 then -Rational.One
        elif i = n then Rational.One
        else Rational.Zero)

/// z − p/q
let private root p q = [| -Rational.create p q; Rational.One |]

[<Fact>]
let ``the roots of one are simple and on the circle`` () =
    for n in 1..12 do
        Assert.True(Polynomial.satisfiesRootCondition (unity n))
        Assert.False(Polynomial.isSchur (unity n))

[<Fact>]
let ``a double root on the circle breaks the root condition, inside it does not`` () =
    for n in 1..6 do
        Assert.False(Polynomial.satisfiesRootCondition (Polynomial.multiply (unity n) (root 1 1)))

    let inside = Polynomial.multiply (root 2 3) (root 2 3)
    Assert.True(Polynomial.satisfiesRootCondition inside)
    Assert.True(Polynomial.isSchur inside)
    Assert.True(Polynomial.satisfiesRootCondition (Polynomial.multiply inside (unity 5)))

[<Fact>]
let ``a root just outside the circle is seen`` () =
    for p, q in [ 1001, 1000; -1001, 1000; 2, 1 ] do
        Assert.False(Polynomial.satisfiesRootCondition (Polynomial.multiply (root p q) (unity 4)))
        Assert.True(Polynomial.isSchur (root q p))

[<Fact>]
let ``a root outside and its inverse are not taken for two on the circle`` () =
    // Self-reciprocal, so that the first reduction vanishes.
    Assert.False(Polynomial.satisfiesRootCondition (Polynomial.multiply (root 2 1) (root 1 2)))

[<Fact>]
let ``roots at zero and a leading factor change nothing`` () =
    let shifted = Array.append [| Rational.Zero; Rational.Zero |] (Array.map (fun a -> a * Rational.create -7 3) (unity 3))
    Assert.True(Polynomial.satisfiesRootCondition shifted)

[<Fact>]
let ``Adams–Bashforth is zero-stable, the explicit two-step method of highest order is not`` () =
    // ρ(ζ) = ζ² − ζ, and Dahlquist's ρ(ζ) = ζ² + 4ζ − 5.
    Assert.True(Polynomial.satisfiesRootCondition (polynomial [ 0; -1; 1 ]))
    Assert.False(Polynomial.satisfiesRootCondition (polynomial [ -5; 4; 1 ]))

[<Fact>]
let ``backward differentiation of order six is zero-stable and of order seven is not`` () =
    // ρ(ζ) = Σ_{j=1..k} ζᵏ⁻ʲ(ζ − 1)ʲ/j, up to a factor; stable iff k ≤ 6 (Cryer 1972).
    let bdf k =
        let term j =
            let power = Seq.replicate j (root 1 1) |> Seq.fold Polynomial.multiply [| Rational.create 1 j |]
            Array.append (Array.create (k - j) Rational.Zero) power

        Seq.init k (fun i -> term (i + 1)) |> Seq.reduce (Array.map2 (+))

    for k in 1..8 do
        Assert.Equal(k <= 6, Polynomial.satisfiesRootCondition (bdf k))
>>>>>>> dense
