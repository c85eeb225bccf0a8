namespace LayerTime.Core.Tests.Numbers

open System
open Xunit
open LayerTime.Core.Numbers

/// A second algorithm: series in exact fractions, with their remainders.
module IntervalSeriesTests =
    let private one, two = Rational.One, Rational.ofInt 2
    let private small = Rational.OfRatio(1I, 1I <<< 90)

    /// Enclosures with fractions for ends: a value between two partial sums.
    type private Bracket = { Low: Rational; High: Rational }

    let private widen (value: Rational) (error: Rational) = { Low = value - error; High = value + error }
    let private rising (f: Rational -> Rational) (a: Bracket) = { Low = f a.Low; High = f a.High }

    /// Σ terms until the remainder, at most `factor` times the next term, is small.
    let private sum (factor: Rational) (first: Rational) (next: int -> Rational -> Rational) : Bracket =
        let rec go k term total =
            if Rational.Abs term < small then widen total (factor * Rational.Abs term) else go (k + 1) (next k term) (total + term)

        go 0 first Rational.Zero

    /// eˣ for |x| ≤ 3; from the 90th bit on the terms shrink by a half at least.
    let private exp (x: Rational) = sum two one (fun k term -> term * x / Rational.ofInt (k + 1))

    /// log x for x > 0: 2 artanh((x − 1)/(x + 1)).
    let private log (x: Rational) =
        let y = (x - one) / (x + one)

        let rec go k term total =
            if Rational.Abs term < small then
                widen total (Rational.Abs term / (one - y * y))
            else
                go (k + 1) (term * y * y) (total + term / Rational.ofInt (2 * k + 1))

        go 0 (two * y) Rational.Zero

    let private circular (start: int) (x: Rational) =
        sum one (if start = 1 then x else one) (fun k term -> -term * x * x / Rational.ofInt ((2 * k + start + 1) * (2 * k + start + 2)))

    /// Σ (−1)ᵏ x^(2k + 1) / d(k), alternating and decreasing for |x| ≤ 1.
    let private odd (d: int -> Rational) (x: Rational) =
        let rec go k power total =
            let term = power / d k
            if Rational.Abs term < small then widen total (Rational.Abs term) else go (k + 1) (-power * x * x) (total + term)

        go 0 x Rational.Zero

    let private atan (x: Rational) = odd (fun k -> Rational.ofInt (2 * k + 1)) x

    /// π by Machin's formula.
    let private pi =
        let part n k = rising (fun a -> Rational.ofInt n * a) (atan (Rational.create 1 k))
        let a, b = part 16 5, part 4 239
        { Low = a.Low - b.High; High = a.High - b.Low }

    let private gauss (x: Rational) =
        let factorials = Array.scan (fun product n -> product * bigint (n: int)) 1I [| 1..80 |]
        odd (fun k -> Rational.ofBigInteger (bigint (2 * k + 1) * factorials[k])) x

    let private logistic (x: Rational) = rising (fun e -> e / (one + e)) (exp x)

    let private series: (string * (Rational -> Bracket) * (float -> bool)) list = [
        "exp", exp, (fun _ -> true)
        "expm1", exp >> rising (fun e -> e - one), (fun _ -> true)
        "log", log, (fun x -> x > 0.2)
        "log1p", (fun x -> log (one + x)), (fun x -> x > -0.7)
        "tanh", (fun x -> exp (two * x) |> rising (fun e -> (e - one) / (e + one))), (fun _ -> true)
        "logistic", logistic, (fun _ -> true)
        "softplus", (fun x -> let e = exp x in { Low = (log (one + e.Low)).Low; High = (log (one + e.High)).High }), (fun x -> x < 0.9)
        "sin", circular 1, (fun _ -> true)
        "cos", circular 0, (fun _ -> true)
        "atan", atan, (fun x -> abs x < 0.6)
    ]

    let private arguments =
        let draw = Draw 5UL

        [
            yield! [ 0.0; 0.5; -0.5; 0.25; 1.0; -1.0; 0.0078125; -0.125; 0.03125; 1.4 ]
            for _ in 1..6 -> draw.Between(-1.0, 1.0)
            for _ in 1..20 -> Math.Round(1024.0 * draw.Between(-1.5, 1.5)) / 1024.0
        ]

    let private outside (a: Interval) (b: Bracket) = not (Rational.ofFloat a.Lower <= b.High && b.Low <= Rational.ofFloat a.Upper)

    [<Fact>]
    let ``every function encloses what its series in fractions gives`` () =
        for name, truth, valid in series do
            let f = IntervalSubjects.find name

            for x in List.filter valid arguments do
                let image = IntervalSubjects.at f x
                Assert.False(outside image (truth (Rational.ofFloat x)), $"{name} {x:R} = {image}")

    [<Fact>]
    let ``the ends of erf enclose its series, without a root: π/4 times their squares does the square of the series`` () =
        let f = IntervalSubjects.find "erf"

        for x in arguments |> List.map abs |> List.filter (fun x -> x <= 1.0) do
            let image = IntervalSubjects.at f x
            let series = gauss (Rational.ofFloat x)
            let quarter = Rational.create 1 4
            let lower, upper = Rational.ofFloat image.Lower, Rational.ofFloat image.Upper
            Assert.True(lower * lower * pi.Low * quarter <= series.High * series.High, $"erf {x:R} = {image}")
            Assert.True(upper * upper * pi.High * quarter >= series.Low * series.Low, $"erf {x:R} = {image}")

/// Functional equations: two enclosures of the same number have to meet.
module IntervalEquationTests =
    /// The sum of two floats, before the operators become those of number systems.
    let private sum (a: float) (b: float) : float = a + b
    let private opposite (x: float) : float = -x
    let private rounded (x: float) : float = Math.Round(x * 1024.0) / 1024.0

    let private within (limit: float) (a: Interval) : bool = Interval.width a <= limit * (1.0 + Interval.magnitude a)

    open Arithmetic

    let private over (name: string) : Interval -> Interval = (IntervalSubjects.find name).Over
    let private point = Interval.ofFloat
    let private number (n: int) : Interval = Ring.ofInteger (bigint n)

    let private meet (equation: string) (x: float) (left: Interval) (right: Interval) =
        Assert.False(Interval.disjoint left right, $"{equation} at {x:R}: {left} and {right} do not meet")
        // And neither is so wide that it would meet anything.
        Assert.True(within 1e-11 left && within 1e-11 right, $"{equation} at {x:R}: {left} or {right} is wide")

    let private samples (low: float) (high: float) =
        let draw = Draw 31UL
        [ for _ in 1..2000 -> draw.Between(low, high) ]

    [<Fact>]
    let ``addition theorems`` () =
        for x in samples -5.0 5.0 do
            // A float and two that add up to it without error.
            let a = rounded x
            let b = 0.75
            let whole, left, right = point (sum a b), point a, point b
            meet "exp(a + b) = exp a exp b" a (over "exp" whole) (over "exp" left * over "exp" right)
            let tanh = over "tanh"
            meet "tanh(a + b)" a (tanh whole) ((tanh left + tanh right) / (number 1 + tanh left * tanh right))
            let sin, cos = over "sin", over "cos"
            meet "sin(a + b)" a (sin whole) (sin left * cos right + cos left * sin right)
            meet "cos(a + b)" a (cos whole) (cos left * cos right - sin left * sin right)
            let expm1 = over "expm1"
            meet "expm1(a + b)" a (expm1 whole) (expm1 left * expm1 right + expm1 left + expm1 right)

    [<Fact>]
    let ``products become sums`` () =
        for x in samples 0.01 50.0 do
            let log, log1p = over "log", over "log1p"
            meet "log(3x) = log 3 + log x" x (log (number 3 * point x)) (log (number 3) + log (point x))
            meet "log1p x = log(1 + x)" x (log1p (point x)) (log (number 1 + point x))

    [<Fact>]
    let ``inverses and reflections`` () =
        for x in samples -5.0 5.0 do
            let a = point x
            meet "log exp x = x" x (over "log" (over "exp" a)) a
            meet "log1p expm1 x = x" x (over "log1p" (over "expm1" a)) a
            meet "logistic x + logistic −x = 1" x (over "logistic" a + over "logistic" -a) (number 1)
            meet "softplus x − softplus −x = x" x (over "softplus" a - over "softplus" -a) a
            meet "2 logistic 2x = 1 + tanh x" x (number 2 * over "logistic" (number 2 * a)) (number 1 + over "tanh" a)
            meet "softplus x = log(1 + exp x)" x (over "softplus" a) (over "log" (number 1 + over "exp" a))
            meet "sin² + cos² = 1" x (over "sin" a * over "sin" a + over "cos" a * over "cos" a) (number 1)
            meet "sin atan x = x cos atan x" x (over "sin" (over "atan" a)) (a * over "cos" (over "atan" a))

    [<Fact>]
    let ``arctan x and arctan 1/x add up to π/2`` () =
        let right = over "atan" (number 1) + over "atan" (number 1)

        for x in samples 0.01 5.0 do
            meet "arctan x + arctan 1/x = π/2" x (over "atan" (point x) + over "atan" (number 1 / point x)) right

    [<Fact>]
    let ``odd functions are odd and cosine is even, end by end`` () =
        for name in [ "tanh"; "sin"; "atan"; "erf"; "cos" ] do
            for x in samples -7.0 7.0 do
                let here, there = over name (point x), over name (point (opposite x))
                let expected = if name = "cos" then there else -there
                Assert.Equal(expected.Lower, here.Lower)
                Assert.Equal(expected.Upper, here.Upper)

    /// erf(b) − erf(a) is 2/√π times an integral of e^(−t²), which lies between its ends' values times b − a for 0 ≤ a < b.
    [<Fact>]
    let ``the slope of erf is a bell`` () =
        let pi = number 4 * over "atan" (number 1)

        for x in samples 0.0 4.0 do
            let step = 0.0009765625
            let a = rounded x
            let difference = over "erf" (point (sum a step)) - over "erf" (point a)
            let t = Interval.hull (point a) (point (sum a step))
            let bell = number 2 * over "exp" -(t * t) * point step
            // difference · √π = bell
            let left, right = difference * difference * pi, bell * bell
            Assert.False(Interval.disjoint left right, $"erf near {a:R}")
