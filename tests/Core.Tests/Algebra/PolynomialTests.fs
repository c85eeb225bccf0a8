module LayerTime.Core.Tests.Algebra.PolynomialTests

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
