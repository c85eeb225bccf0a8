module LayerTime.Core.Tests.Algebra.MultivariateTests

open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

let private polynomial (coefficients: int list) = coefficients |> List.map Rational.ofInt |> List.toArray

/// 3x²y − 2y + 5
let private cubic = [|
    Multivariate.term (Rational.ofInt 3) [ 2; 1 ]
    Multivariate.term (Rational.ofInt -2) [ 0; 1 ]
    Multivariate.term (Rational.ofInt 5) [ 0; 0 ]
|]

let private two, three = Rational.ofInt 2, Rational.ofInt 3

[<Fact>]
let ``a polynomial in two variables is evaluated and differentiated term by term`` () =
    Assert.Equal(Rational.ofInt 35, Multivariate.evaluate cubic [| two; three |])
    Assert.Equal(Rational.ofInt 36, Multivariate.evaluate (Multivariate.derivative 0 cubic) [| two; three |])
    Assert.Equal(Rational.ofInt 10, Multivariate.evaluate (Multivariate.derivative 1 cubic) [| two; three |])

[<Fact>]
let ``the derivative by terms is the one of dual numbers`` () =
    let dual = Multivariate.map Dual.constant cubic
    let x = [| Dual.variable two; Dual.constant three |]
    Assert.Equal((Multivariate.evaluate dual x).Derivative, Multivariate.evaluate (Multivariate.derivative 0 cubic) [| two; three |])

[<Fact>]
let ``substituting polynomials and then evaluating is evaluating at their values`` () =
    // x = 1 + t, y = t² − 2
    let curve = [| polynomial [ 1; 1 ]; polynomial [ -2; 0; 1 ] |]
    let along = Multivariate.substitute cubic curve

    for t in -3 .. 3 do
        let t = Rational.ofInt t
        let point = curve |> Array.map (fun p -> RingPolynomial.evaluate p t)
        Assert.Equal(Multivariate.evaluate cubic point, RingPolynomial.evaluate along t)

[<Fact>]
let ``a polynomial is the derivative of its integral`` () =
    let p = polynomial [ 4; -3; 0; 7 ]
    Assert.Equal<Rational[]>(p, RingPolynomial.derivative (RingPolynomial.integral p))
    Assert.Equal(Rational.create 17 4, RingPolynomial.integrate p Rational.Zero Rational.One)

[<Fact>]
let ``a primitive has the value that was asked for`` () =
    let p = polynomial [ 1; 2; 3 ]
    let q = RingPolynomial.primitive two (Rational.ofInt 11) p
    Assert.Equal(Rational.ofInt 11, RingPolynomial.evaluate q two)
    Assert.Equal<Rational[]>(p, RingPolynomial.derivative q)

[<Fact>]
let ``products of polynomials agree with those over the fractions`` () =
    let p, q = polynomial [ 1; -2; 3 ], polynomial [ 5; 0; -1; 2 ]
    Assert.Equal<Rational[]>(Polynomial.multiply p q, RingPolynomial.multiply p q)
    Assert.Equal<Rational[]>(Polynomial.add (Polynomial.multiply p p) (Polynomial.multiply q q), RingPolynomial.dot [| p; q |] [| p; q |])
