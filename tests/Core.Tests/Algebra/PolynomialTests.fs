module LayerTime.Core.Tests.Algebra.PolynomialTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Claims
open LayerTime.Core.Tests

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

let private random (stream: RandomStream) (degree: int) =
    Array.init (degree + 1) (fun _ -> Rational.create (stream.NextInt(-5, 5)) (stream.NextInt(1, 3)))
    |> Polynomial.normalise

[<Property>]
let ``dividing gives back the dividend, with a remainder of smaller degree`` (key: int) =
    let stream = RandomStream(uint64 key)
    let p, q = random stream (stream.NextInt(0, 6)), random stream (stream.NextInt(0, 4))

    if q.Length = 0 then
        true
    else
        let quotient, remainder = Polynomial.divide p q
        remainder.Length < q.Length && Polynomial.add (Polynomial.multiply quotient q) remainder = p

[<Property>]
let ``the greatest common divisor of products is that of the factors times the common one`` (key: int) =
    let stream = RandomStream(uint64 key)
    let p, q, r = random stream 3, random stream 3, random stream 2
    let monic (a: Rational[]) = Polynomial.scale (Rational.One / Array.last a) a

    if p.Length = 0 || q.Length = 0 || r.Length = 0 then
        true
    else
        Polynomial.gcd (Polynomial.multiply p r) (Polynomial.multiply q r) = Polynomial.multiply (Polynomial.gcd p q) (monic r)

[<Fact>]
let ``the greatest common divisor with zero is the other polynomial with leading coefficient one`` () =
    let p = polynomial [ 4; 2 ]
    Assert.Equal<Rational[]>(polynomial [ 2; 1 ], Polynomial.gcd p [||])
    Assert.Equal<Rational[]>(polynomial [ 2; 1 ], Polynomial.gcd [||] p)
    Assert.Empty(Polynomial.gcd [||] [||])
    Assert.Throws<System.ArgumentException>(fun () -> Polynomial.divide p [||] |> ignore) |> ignore

[<Fact>]
let ``the squarefree part has every root once`` () =
    let factors = [ root 1 1; root 1 1; root 1 1; root -2 3; root -2 3; polynomial [ 1; 0; 1 ] ]
    let simple = [ root 1 1; root -2 3; polynomial [ 1; 0; 1 ] ]
    Assert.Equal<Rational[]>(List.reduce Polynomial.multiply simple, Polynomial.squareFree (List.reduce Polynomial.multiply factors))

[<Fact>]
let ``sums and powers of polynomials`` () =
    Assert.Empty(Polynomial.add (polynomial [ 1; 2 ]) (polynomial [ -1; -2 ]))
    Assert.Equal<Rational[]>(polynomial [ 1; 3; 3; 1 ], Polynomial.power (polynomial [ 1; 1 ]) 3)
    Assert.Equal<Rational[]>(polynomial [ 1 ], Polynomial.power (polynomial [ 5; 1 ]) 0)

[<Property>]
let ``a matrix is a root of its characteristic polynomial`` (key: int) =
    // Cayley and Hamilton.
    let stream = RandomStream(uint64 key)
    let n = stream.NextInt(1, 4)
    let m = Matrix.init n n (fun _ _ -> Rational.create (stream.NextInt(-4, 4)) (stream.NextInt(1, 3)))
    let p = Polynomial.characteristic m

    let value =
        Array.foldBack (fun a sum -> Matrix.add (Matrix.multiply m sum) (Matrix.scale a (Matrix.identity n))) p (Matrix.zero n n)

    let constant = Elimination.determinant (Matrix.scale -Rational.One m)
    value = Matrix.zero n n && p.Length = n + 1 && p[n] = Rational.One && p[0] = constant
