module LayerTime.Core.Tests.Numbers.RationalTests

open System
open System.Numerics
open Xunit
open LayerTime.Core.Numbers
open LayerTime.Core.Tests

let private isError (result: Result<Rational, string>) (words: string) =
    match result with
    | Ok value -> Assert.Fail $"read as {value}"
    | Error sentence -> Assert.Contains(words, sentence)

[<Property(Arbitrary = [| typeof<NumberGenerators> |])>]
let ``fractions are a field`` (a: Rational) (b: Rational) (c: Rational) =
    a + b = b + a
    && (a + b) + c = a + (b + c)
    && a * b = b * a
    && (a * b) * c = a * (b * c)
    && a * (b + c) = a * b + a * c
    && a + Rational.Zero = a
    && a * Rational.One = a
    && a - a = Rational.Zero
    && (a.Sign = 0 || a * (Rational.One / a) = Rational.One)
    && (b.Sign = 0 || (a / b) * b = a)

[<Property(Arbitrary = [| typeof<NumberGenerators> |])>]
let ``every result is in lowest terms with a positive denominator`` (a: Rational) (b: Rational) =
    let isNormal (c: Rational) = c.Denominator.Sign > 0 && BigInteger.GreatestCommonDivisor(c.Numerator, c.Denominator).IsOne

    [ a + b; a - b; a * b; -a; Rational.Abs a; (if b.Sign = 0 then b else a / b) ] |> List.forall isNormal

[<Property(Arbitrary = [| typeof<NumberGenerators> |])>]
let ``sums and products agree with the formulas on numerators and denominators`` (a: Rational) (b: Rational) =
    let p, q, r, s = a.Numerator, a.Denominator, b.Numerator, b.Denominator
    a + b = Rational.OfRatio(p * s + r * q, q * s) && a * b = Rational.OfRatio(p * r, q * s)

[<Property(Arbitrary = [| typeof<NumberGenerators> |])>]
let ``the order is that of cross products and agrees with the sign of the difference`` (a: Rational) (b: Rational) =
    sign (compare a b) = (a - b).Sign
    && (a < b) = ((b - a).Sign > 0)
    && Rational.max a b = (if a >= b then a else b)
    && Rational.min a b + Rational.max a b = a + b

[<Property(Arbitrary = [| typeof<NumberGenerators> |])>]
let ``a fraction is the sum of its positive and its negative part`` (a: Rational) =
    let positive, negative = Rational.PositivePart a, Rational.NegativePart a
    positive + negative = a && positive.Sign >= 0 && negative.Sign <= 0 && (positive.Sign = 0 || negative.Sign = 0)

[<Property(Arbitrary = [| typeof<NumberGenerators> |])>]
let ``AddProducts is the sum of the products`` (start: Rational) (pairs: (Rational * Rational)[]) =
    let left, right = Array.unzip pairs
    let expected = Array.fold2 (fun sum a b -> sum + a * b) start left right
    Rational.AddProducts(start, ReadOnlySpan left, ReadOnlySpan right) = expected

[<Property(Arbitrary = [| typeof<NumberGenerators> |])>]
let ``text reads back as the same fraction`` (a: Rational) = Rational.parse (string a) = Ok a

[<Property(Arbitrary = [| typeof<NumberGenerators> |])>]
let ``powers are repeated products, negative ones of the inverse`` (a: Rational) =
    Rational.power a 3 = a * a * a
    && Rational.power a 0 = Rational.One
    && (a.Sign = 0 || Rational.power a -2 * a * a = Rational.One)

[<Property(Arbitrary = [| typeof<NumberGenerators> |], MaxTest = 2000)>]
let ``a finite float is the fraction that rounds back to it`` (FiniteFloat x) = Rational.toFloat (Rational.ofFloat x) = x

/// |a − float| ≤ |a − neighbour| for both neighbours, with the even significand where two are equally near.
let private isNearest (a: Rational) =
    let x = Rational.toFloat a
    let distance (y: float) = if Double.IsFinite y then Some(Rational.abs (a - Rational.ofFloat y)) else None
    let isEven = BitConverter.DoubleToInt64Bits x % 2L = 0L

    match distance x with
    | None -> Rational.abs a >= Rational.ofFloat Double.MaxValue
    | Some own ->
        [ Math.BitIncrement x; Math.BitDecrement x ]
        |> List.choose distance
        |> List.forall (fun other -> own < other || (own = other && isEven))

[<Property(Arbitrary = [| typeof<NumberGenerators> |], MaxTest = 1000)>]
let ``conversion to a float is to the nearest, ties to even`` (a: Rational) = isNearest a

[<Property(Arbitrary = [| typeof<NumberGenerators> |], MaxTest = 1000)>]
let ``conversion is to the nearest at midpoints and beside them, subnormal ones too`` (FiniteFloat x) =
    let next = Math.BitIncrement x

    not (Double.IsFinite next)
    || (let middle = (Rational.ofFloat x + Rational.ofFloat next) / Rational.ofInt 2
        let tiny = Rational.power (Rational.ofInt 2) -1200
        isNearest middle && isNearest (middle + tiny) && isNearest (middle - tiny))

[<Fact>]
let ``beyond the largest float lies infinity and below the smallest zero`` () =
    Assert.Equal(Double.PositiveInfinity, Rational.toFloat (Rational.power (Rational.ofInt 2) 1024))
    Assert.Equal(Double.NegativeInfinity, Rational.toFloat (-(Rational.power (Rational.ofInt 10) 400)))
    Assert.Equal(Double.MaxValue, Rational.toFloat (Rational.ofFloat Double.MaxValue))
    Assert.Equal(0.0, Rational.toFloat (Rational.power (Rational.ofInt 2) -1075))
    Assert.Equal(Double.Epsilon, Rational.toFloat (Rational.create 3 2 * Rational.power (Rational.ofInt 2) -1075))

[<Theory>]
[<InlineData("-3/7", -3, 7)>]
[<InlineData("6/-4", 0, 0)>]
[<InlineData("+6/4", 3, 2)>]
[<InlineData("12", 12, 1)>]
[<InlineData("-0.125", -1, 8)>]
[<InlineData("1.5e-3", 3, 2000)>]
[<InlineData("2E+2", 200, 1)>]
[<InlineData(".5", 1, 2)>]
let ``fractions and decimals are read exactly`` (text: string, numerator: int, denominator: int) =
    if denominator = 0 then
        isError (Rational.parse text) "expected"
    else
        Assert.Equal(Ok(Rational.create numerator denominator), Rational.parse text)

[<Theory>]
[<InlineData("", "expected")>]
[<InlineData("one", "\"one\"")>]
[<InlineData("1/0", "denominator")>]
[<InlineData("1/2/3", "expected")>]
[<InlineData("--1", "expected")>]
[<InlineData("1e", "expected")>]
[<InlineData("1e999999999", "10000 digits")>]
[<InlineData("NaN", "expected")>]
[<InlineData("1 /2", "expected")>]
let ``what is not a fraction is refused in a sentence`` (text: string, words: string) = isError (Rational.parse text) words

[<Fact>]
let ``a fraction of 10,000 digits is read and one of 10,001 refused`` () =
    let digits = String('7', Rational.maxDigits)
    Assert.True(Result.isOk (Rational.parse digits))
    Assert.True(Result.isOk (Rational.parse $"-{digits}/{digits}1" |> Result.mapError ignore) |> not)
    Assert.True(Result.isOk (Rational.parse $"-{digits}/{digits}"))
    isError (Rational.parse (digits + "7")) "digits"

[<Fact>]
let ``dividing by zero says what was divided by what`` () =
    let quotient () = Rational.create 3 4 / Rational.Zero
    let error = Assert.Throws<DivideByZeroException>(fun () -> quotient () |> ignore)
    Assert.Contains("3/4 divided by zero", error.Message)
    Assert.Throws<DivideByZeroException>(fun () -> Rational.create 1 0 |> ignore) |> ignore
    Assert.Equal(None, Rational.tryDivide Rational.One Rational.Zero)
    Assert.Equal(None, Rational.tryInverse Rational.Zero)

[<Fact>]
let ``the default value is zero`` () =
    let zero = Unchecked.defaultof<Rational>
    Assert.Equal(Rational.Zero, zero)
    Assert.Equal(Rational.Zero.GetHashCode(), zero.GetHashCode())
    Assert.Equal(Rational.One, zero + Rational.One)
    Assert.Equal("0", string zero)

[<Fact>]
let ``a float without a value is no fraction`` () =
    for x in [ nan; infinity; -infinity ] do
        Assert.Equal(None, Rational.tryOfFloat x)
        Assert.Throws<ArgumentException>(fun () -> Rational.ofFloat x |> ignore) |> ignore
