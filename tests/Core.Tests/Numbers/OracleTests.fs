module LayerTime.Core.Tests.Numbers.OracleTests

open Xunit
open LayerTime.Core.Numbers

let private p = 160
let private real = Binary.ofFloat
let private one = Binary.ofInt 1
let private sample = [ 0.3; -0.3; 1.0; -1.0; 2.5; -7.75; 19.0; -30.125; 1e-10; -1e-5 ]

/// a = b up to 2^-bits of the larger of |b| and 2^floor.
let private agree (bits: int) (floor: int) (a: Binary) (b: Binary) =
    let difference = Binary.subtract a b
    let scale = if Binary.isZero b then floor else max floor (Binary.size b)
    Assert.True(Binary.isZero difference || Binary.size difference <= scale - bits)

let private agreeRelatively (a: Binary) (b: Binary) = agree (p - 4) -100000 a b

/// The first digits after the point, of |a|.
let private assertDigits (published: string) (a: Binary) =
    let digits = published.Replace(".", "").TrimStart('0')
    let power = published.Length - published.IndexOf '.' - 1
    let scaled = Binary.multiply (Binary.keep 400 a) (Binary.create (bigint.Pow(10I, power)) 0)
    Assert.Equal(digits, string (abs (Binary.fixedPoint 0 scaled)))

[<Fact>]
let ``the oracle gives the published digits`` () =
    assertDigits "3.141592653589793238462643383279502884197169" (Oracle.circle 400)
    assertDigits "0.693147180559945309417232121458176568075500" (Oracle.ln2 400)
    assertDigits "2.718281828459045235360287471352662497757247" (Oracle.exp p one)
    assertDigits "1.718281828459045235360287471352662497757247" (Oracle.expm1 p one)
    assertDigits "0.841470984807896506652502321630298999622563" (Oracle.sin p one)
    assertDigits "0.540302305868139717400936607442976603732310" (Oracle.cos p one)
    assertDigits "0.761594155955764888119458282604793590412768" (Oracle.tanh p one)
    assertDigits "0.693147180559945309417232121458176568075500" (Oracle.log p (Binary.ofInt 2))
    assertDigits "0.693147180559945309417232121458176568075500" (Oracle.softplus p (Binary.ofInt 0))
    assertDigits "1.414213562373095048801688724209698078569671" (Oracle.sqrt p (Binary.ofInt 2))
    assertDigits "0.405465108108164381978013115464349136571990" (Oracle.log1p p (real 0.5))
    assertDigits "0.463647609000806116214256231461214402028537" (Oracle.atan p (real 0.5))
    assertDigits "1.249045772398254425829917077281090123077829" (Oracle.atan p (real 3.0))
    assertDigits "0.842700792949714869341220635082609259296066" (Oracle.erf p one)
    assertDigits "0.276326390168236932985068267764815712065353" (Oracle.erf p (real 0.25))
    assertDigits "0.999999999998462540205571965149811656514616" (Oracle.erf p (real 5.0))

[<Fact>]
let ``two precisions agree`` () =
    let functions = [
        Oracle.exp
        Oracle.expm1
        Oracle.tanh
        Oracle.logistic
        Oracle.softplus
        Oracle.sin
        Oracle.cos
        Oracle.atan
        Oracle.erf
        fun p x -> Oracle.log p (Binary.multiply x x)
        fun p x -> Oracle.log1p p (Binary.multiply x x)
        fun p x -> Oracle.sqrt p (Binary.multiply x x)
    ]

    for f in functions do
        for x in sample @ [ 1e-300; -5e-324; 700.0; -700.0; 1.0000000000000002 ] do
            agree 118 -100000 (f 120 (real x)) (f 260 (real x))

/// eˣ by its Taylor series alone, without log 2.
let private expByTaylor (x: Binary) : Binary =
    let n = p + 256
    let r = Binary.fixedPoint n x
    let rec sum k (term: bigint) total = if abs term <= 1I then total else sum (k + 1) (((term * r) >>> n) / bigint (k + 1)) (total + term)
    Binary.create (sum 0 (1I <<< n) 0I) -n

[<Fact>]
let ``exp agrees with its Taylor series without reduction`` () =
    for x in sample do
        agreeRelatively (Oracle.exp p (real x)) (expByTaylor (real x))

[<Fact>]
let ``sin and cos agree with their Taylor series without reduction`` () =
    for x in sample do
        let n = p + 256
        let series start = Binary.create (Oracle.circularSeries n start (Binary.fixedPoint n (real x))) -n
        agreeRelatively (Oracle.sin p (real x)) (series 1)
        agreeRelatively (Oracle.cos p (real x)) (series 0)

[<Fact>]
let ``log is where Newton's step for exp stands still`` () =
    for x in sample |> List.map abs do
        let y = Oracle.log (p + 8) (real x)
        // y + x e⁻ʸ - 1 = y + O((y - log x)²)
        let step = Binary.subtract (Binary.multiply (real x) (expByTaylor (Binary.negate y))) one
        agree (p - 4) (if Binary.isZero y then 0 else Binary.size y) step (Binary.ofInt 0)

/// Σ (−1)ᵏ x^(2k + 1) / d(k) in exact fractions, up to terms below 2⁻³⁰⁰.
let private alternating (denominator: int -> Rational) (x: float) : Binary =
    let x = Rational.ofFloat x
    let square = x * x
    let small = Rational.OfRatio(1I, 1I <<< 300)

    let rec sum k power total =
        let term = power / denominator k
        if Rational.Abs term < small then total else sum (k + 1) (-(power * square)) (total + term)

    let total = sum 0 x Rational.Zero
    Binary.divide 280 (Binary.create total.Numerator 0) (Binary.create total.Denominator 0)

[<Fact>]
let ``atan agrees with its Taylor series in fractions`` () =
    for x in [ 0.3; -0.3; 0.5; 0.6875; 1e-10; -1e-5 ] do
        agreeRelatively (Oracle.atan p (real x)) (alternating (fun k -> Rational.ofInt (2 * k + 1)) x)

[<Fact>]
let ``atan agrees with what halving the angle gives`` () =
    for x in [ 1.0; 0.9; 0.3; 0.0625; 0.0078125; 0.007; 1e-5; 1e-10 ] do
        agreeRelatively (Oracle.atan p (real x)) (Oracle.atanByHalving p (real x))

[<Fact>]
let ``erf agrees with its alternating series in fractions`` () =
    let denominator (k: int) =
        Rational.ofBigInteger (bigint (2 * k + 1) * List.fold (fun product (n: int) -> product * bigint n) 1I [ 1..k ])

    for x in [ 0.25; -0.25; 0.5; 1.0; 1.5; -2.5; 3.0; 1e-10 ] do
        let slope = Binary.divide 220 (Binary.ofInt 2) (Oracle.sqrt 220 (Oracle.circle 400))
        agreeRelatively (Oracle.erf p (real x)) (Binary.multiply slope (alternating denominator x))

[<Fact>]
let ``the identities between the functions hold`` () =
    for x in sample |> List.map real do
        let squares =
            Binary.multiply (Oracle.sin p x) (Oracle.sin p x) |> Binary.add (Binary.multiply (Oracle.cos p x) (Oracle.cos p x))

        agreeRelatively squares one
        agreeRelatively (Binary.subtract (Oracle.softplus p x) (Oracle.softplus p (Binary.negate x)) |> Binary.keep p) x
        agreeRelatively (Binary.add (Oracle.logistic p x) (Oracle.logistic p (Binary.negate x))) one
        agreeRelatively (Oracle.log1p p (Oracle.expm1 (p + 80) x)) x
        let half = Binary.scale -1 x
        agree (p - 4) 0 (Binary.add one (Oracle.tanh p half)) (Binary.scale 1 (Oracle.logistic p x))
        agree (p - 4) 0 (Oracle.sin p (Oracle.atan (p + 8) x)) (Binary.multiply (Oracle.cos p (Oracle.atan (p + 8) x)) x |> Binary.keep p)
        agreeRelatively (Oracle.erf p x) (Binary.negate (Oracle.erf p (Binary.negate x)))
        let root = Oracle.sqrt p (Binary.multiply x x)
        agreeRelatively (if Binary.sign x < 0 then Binary.negate root else root) x

[<Fact>]
let ``errors are counted in units of the spacing at the truth`` () =
    Assert.Equal(1.0, Ulps.error one 1.0000000000000002)
    Assert.Equal(0.5, Ulps.error one 0.9999999999999999)
    Assert.Equal(0.25, Ulps.error (Binary.create 1I -1076) 0.0)
    Assert.True(Ulps.isEnclosed one 0.9999999999999999)
    Assert.False(Ulps.isEnclosed one 0.9999999999999998)
