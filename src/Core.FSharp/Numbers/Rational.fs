namespace LayerTime.Core.Numbers

open System
open System.Globalization
open System.Numerics

/// <summary>An exact fraction p/q of unbounded integers, always in lowest terms with q &gt; 0.</summary>
/// <remarks>
/// The smallest exact world in which every piecewise-linear or polynomial network lives. Equality is equality of
/// numbers. Dividing by zero raises <see cref="T:System.DivideByZeroException"/>; <c>Rational.tryDivide</c> does not.
/// </remarks>
[<Struct; CustomEquality; CustomComparison>]
type Rational private (numerator: BigInteger, denominatorOrZero: BigInteger) =

    /// p in p/q, with the sign of the fraction.
    member _.Numerator = numerator

    // default(Rational) has the field 0 here and means 0/1, like every other zero.
    /// q in p/q, at least 1.
    member _.Denominator = if denominatorOrZero.IsZero then BigInteger.One else denominatorOrZero

    /// 0
    static member Zero = Rational(BigInteger.Zero, BigInteger.One)
    /// 1
    static member One = Rational(BigInteger.One, BigInteger.One)

    /// p/q in lowest terms. Raises DivideByZeroException for q = 0.
    static member OfRatio(numerator: BigInteger, denominator: BigInteger) : Rational =
        if denominator.IsZero then
            raise (DivideByZeroException $"the fraction {numerator}/0 does not exist: a denominator is never zero")

        if denominator.IsOne then
            Rational(numerator, denominator)
        else
            let divisor = BigInteger.GreatestCommonDivisor(numerator, denominator)
            let divisor = if denominator.Sign < 0 then -divisor else divisor

            if divisor.IsOne then Rational(numerator, denominator) else Rational(numerator / divisor, denominator / divisor)

    /// a + b, cancelling against the common part of the denominators only (Knuth, The Art of Computer Programming 2, 4.5.1).
    static member (+)(a: Rational, b: Rational) : Rational =
        let p, q, r, s = a.Numerator, a.Denominator, b.Numerator, b.Denominator

        if q.IsOne && s.IsOne then
            Rational(p + r, q)
        else
            let common = BigInteger.GreatestCommonDivisor(q, s)

            if common.IsOne then
                Rational(p * s + r * q, q * s)
            else
                let q' = q / common
                let sum = p * (s / common) + r * q'
                let rest = BigInteger.GreatestCommonDivisor(sum, common)
                if rest.IsOne then Rational(sum, q' * s) else Rational(sum / rest, q' * (s / rest))

    /// −a
    static member (~-)(a: Rational) : Rational = Rational(-a.Numerator, a.Denominator)
    /// a − b
    static member (-)(a: Rational, b: Rational) : Rational = a + (-b)

    /// a · b, cancelling crosswise before multiplying.
    static member (*)(a: Rational, b: Rational) : Rational =
        let p, q, r, s = a.Numerator, a.Denominator, b.Numerator, b.Denominator

        if q.IsOne && s.IsOne then
            Rational(p * r, q)
        else
            let left = BigInteger.GreatestCommonDivisor(p, s)
            let right = BigInteger.GreatestCommonDivisor(r, q)
            Rational((p / left) * (r / right), (q / right) * (s / left))

    /// a / b. Raises DivideByZeroException for b = 0.
    static member (/)(a: Rational, b: Rational) : Rational =
        if b.Numerator.IsZero then
            raise (DivideByZeroException $"{a} divided by zero has no value: the divisor must not be zero")

        let inverse = if b.Numerator.Sign < 0 then Rational(-b.Denominator, -b.Numerator) else Rational(b.Denominator, b.Numerator)

        a * inverse

    /// −1, 0 or 1.
    member a.Sign = a.Numerator.Sign

    /// |a|
    static member Abs(a: Rational) : Rational = if a.Sign < 0 then -a else a

    /// Negative, zero or positive as a is less than, equal to or greater than b.
    static member Compare(a: Rational, b: Rational) : int = BigInteger.Compare(a.Numerator * b.Denominator, b.Numerator * a.Denominator)

    /// a = b as numbers.
    member a.Equals(b: Rational) : bool = a.Numerator = b.Numerator && a.Denominator = b.Denominator

    override a.Equals(other: obj | null) : bool =
        match other with
        | :? Rational as b -> a.Equals b
        | _ -> false

    override a.GetHashCode() : int = HashCode.Combine(a.Numerator, a.Denominator)

    /// "-3/7", or "5" for an integer.
    override a.ToString() : string =
        let p = a.Numerator.ToString CultureInfo.InvariantCulture

        if a.Denominator.IsOne then p else p + "/" + a.Denominator.ToString CultureInfo.InvariantCulture

    /// max(0, a)
    static member PositivePart(a: Rational) : Rational = if a.Sign > 0 then a else Rational.Zero
    /// min(0, a)
    static member NegativePart(a: Rational) : Rational = if a.Sign < 0 then a else Rational.Zero

    /// c + Σ aᵢbᵢ over a growing common denominator, brought to lowest terms once at the end.
    static member AddProducts(start: Rational, left: ReadOnlySpan<Rational>, right: ReadOnlySpan<Rational>) : Rational =
        let mutable p = start.Numerator
        let mutable q = start.Denominator

        for i in 0 .. left.Length - 1 do
            let a = left[i]
            let b = right[i]

            if not (a.Numerator.IsZero || b.Numerator.IsZero) then
                let r = a.Numerator * b.Numerator
                let s = a.Denominator * b.Denominator

                if s = q then
                    p <- p + r
                else
                    let common = BigInteger.GreatestCommonDivisor(q, s)
                    let s' = s / common
                    p <- p * s' + r * (q / common)
                    q <- q * s'

        Rational.OfRatio(p, q)

    interface IEquatable<Rational> with
        member a.Equals(b: Rational) = a.Equals b

    interface IComparable<Rational> with
        member a.CompareTo(b: Rational) = Rational.Compare(a, b)

    interface IComparable with
        member a.CompareTo(other: obj | null) =
            match other with
            | :? Rational as b -> Rational.Compare(a, b)
            | _ -> invalidArg (nameof other) "a fraction can be compared with a fraction only"

    interface IField<Rational> with
        static member Zero = Rational.Zero
        static member One = Rational.One
        static member OfRatio(p, q) = Rational.OfRatio(p, q)
        static member Sum(a, b) = a + b
        static member Difference(a, b) = a - b
        static member Product(a, b) = a * b
        static member Negation a = -a
        static member PositivePart a = Rational.PositivePart a
        static member NegativePart a = Rational.NegativePart a
        static member Heaviside a = if a.Sign > 0 then Rational.One else Rational.Zero
        static member AddProducts(start, left, right) = Rational.AddProducts(start, left, right)
        static member Quotient(a, b) = a / b

/// Fractions: construction, conversion and text.
[<RequireQualifiedAccess>]
module Rational =
    /// The longest numerator, denominator or decimal that is read: 10,000 digits.
    let maxDigits = 10_000

    /// p/q, q ≠ 0.
    let create (numerator: int) (denominator: int) : Rational = Rational.OfRatio(BigInteger numerator, BigInteger denominator)

    /// n as a fraction.
    let ofInt (n: int) : Rational = Rational.OfRatio(BigInteger n, BigInteger.One)

    /// n as a fraction.
    let ofBigInteger (n: BigInteger) : Rational = Rational.OfRatio(n, BigInteger.One)

    /// 1/a, or None for a = 0.
    let tryInverse (a: Rational) : Rational option = if a.Sign = 0 then None else Some(Rational.One / a)

    /// a/b, or None for b = 0.
    let tryDivide (a: Rational) (b: Rational) : Rational option = if b.Sign = 0 then None else Some(a / b)

    /// |a|
    let abs (a: Rational) : Rational = Rational.Abs a

    /// The larger of the two.
    let max (a: Rational) (b: Rational) : Rational = if Rational.Compare(a, b) >= 0 then a else b

    /// The smaller of the two.
    let min (a: Rational) (b: Rational) : Rational = if Rational.Compare(a, b) <= 0 then a else b

    /// aⁿ for n ≥ 0; for n &lt; 0 the inverse of a⁻ⁿ, a ≠ 0.
    let power (a: Rational) (exponent: int) : Rational =
        let n = Int32.Abs exponent
        let p, q = BigInteger.Pow(a.Numerator, n), BigInteger.Pow(a.Denominator, n)
        if exponent >= 0 then Rational.OfRatio(p, q) else Rational.OfRatio(q, p)

    /// The float as the fraction it is, or None for NaN and ±∞.
    let tryOfFloat (x: float) : Rational option =
        if not (Double.IsFinite x) then
            None
        else
            let bits = BitConverter.DoubleToInt64Bits x
            let exponent = int ((bits >>> 52) &&& 0x7FFL)
            let fraction = bits &&& 0xFFFFFFFFFFFFFL
            // x = ± significand · 2^shift; subnormals (exponent field 0) have no hidden bit.
            let significand = if exponent = 0 then fraction else fraction ||| 0x10000000000000L
            let shift = (if exponent = 0 then 1 else exponent) - 1075
            let signed = BigInteger(if bits < 0L then -significand else significand)

            if shift >= 0 then
                Some(Rational.OfRatio(signed <<< shift, BigInteger.One))
            else
                Some(Rational.OfRatio(signed, BigInteger.One <<< -shift))

    /// The float as the fraction it is. Raises ArgumentException for NaN and ±∞.
    let ofFloat (x: float) : Rational =
        match tryOfFloat x with
        | Some a -> a
        | None -> invalidArg (nameof x) $"{x} is not a number with a value: found {x}, expected a finite float"

    /// The nearest float, ties to even; ±∞ beyond the largest.
    let toFloat (a: Rational) : float =
        if a.Sign = 0 then
            0.0
        else
            let magnitude = BigInteger.Abs a.Numerator
            // Scale to a quotient of 54 or 55 bits below the leading one, or fewer where the result is subnormal, and keep
            // a sticky bit: the half-even decision is then one on integers.
            let exponent = int (magnitude.GetBitLength()) - int (a.Denominator.GetBitLength())
            let shift = Int32.Min(55 - exponent, 1076)

            let scaledNumerator, scaledDenominator =
                if shift >= 0 then magnitude <<< shift, a.Denominator else magnitude, a.Denominator <<< -shift

            let mutable remainder = BigInteger.Zero
            let quotient = BigInteger.DivRem(scaledNumerator, scaledDenominator, &remainder)
            let sticky = if remainder.IsZero then 0UL else 1UL
            // quotient < 2^56, so quotient·2 + sticky fits easily; its value is x · 2^(shift+1).
            let scaled = (uint64 quotient <<< 1) ||| sticky
            let bits = 64 - BitOperations.LeadingZeroCount scaled
            // Bits to drop so that 53 remain, or so that the last one is worth 2^-1074.
            let drop = Int32.Max(bits - 53, shift + 1 - 1074)

            let rounded =
                if drop <= 0 then
                    scaled <<< -drop
                elif drop > 63 then
                    0UL
                else
                    let kept = scaled >>> drop
                    let half = 1UL <<< (drop - 1)
                    let rest = scaled &&& ((1UL <<< drop) - 1UL)
                    if rest > half || (rest = half && kept &&& 1UL = 1UL) then kept + 1UL else kept

            let value = Math.ScaleB(float rounded, drop - shift - 1)
            if a.Sign < 0 then -value else value

    let private digits (text: string) = text.Length > 0 && Seq.forall Char.IsAsciiDigit text

    let private integer (text: string) : BigInteger option =
        let body = text.TrimStart('+', '-')

        if text.Length - body.Length <= 1 && digits body then
            let n = BigInteger.Parse(body, CultureInfo.InvariantCulture)
            Some(if text[0] = '-' then -n else n)
        else
            None

    /// "3.25e-1" as 13/40; exactly, never through a float.
    let private decimal (text: string) : Result<Rational, string> option =
        let mantissa, exponent =
            match text.IndexOfAny [| 'e'; 'E' |] with
            | -1 -> text, Some BigInteger.Zero
            | i -> text.Substring(0, i), integer (text.Substring(i + 1))

        let whole, fraction =
            match mantissa.IndexOf '.' with
            | -1 -> mantissa, ""
            | i -> mantissa.Substring(0, i), mantissa.Substring(i + 1)

        match exponent, integer (whole + fraction) with
        | Some exponent, Some n when digits (whole.TrimStart('+', '-') + fraction) && (fraction = "" || digits fraction) ->
            let power = exponent - BigInteger fraction.Length

            if whole.TrimStart('+', '-').Length + fraction.Length > maxDigits || BigInteger.Abs power > BigInteger maxDigits then
                Some(Error $"the number has more than {maxDigits} digits when written out: expected at most {maxDigits}")
            else
                let scale = BigInteger.Pow(BigInteger 10, Int32.Abs(int power))

                Some(Ok(if power.Sign >= 0 then Rational.OfRatio(n * scale, BigInteger.One) else Rational.OfRatio(n, scale)))
        | _ -> None

    /// Reads "-3/7", "12", "0.125" or "-1.5e-3" exactly. The error is a sentence: what was found, what was expected.
    let parse (text: string) : Result<Rational, string> =
        let shown = if text.Length > 40 then text.Substring(0, 37) + "…" else text
        let expected = "expected an integer, a decimal or a fraction such as -3/7"

        if text.Length > 2 * maxDigits + 2 then
            Error $"the number has {text.Length} characters: expected at most {maxDigits} digits above and below the bar"
        else
            match text.IndexOf '/' with
            | -1 when text.Length > maxDigits + 2 -> Error $"the number has {text.Length} characters: expected at most {maxDigits} digits"
            | -1 -> decimal text |> Option.defaultValue (Error $"found \"{shown}\": {expected}")
            | i when i > maxDigits + 1 || text.Length - i > maxDigits + 1 ->
                Error $"the fraction has more than {maxDigits} digits above or below the bar: expected at most {maxDigits}"
            | i ->
                match integer (text.Substring(0, i)), integer (text.Substring(i + 1)) with
                | Some _, Some q when q.IsZero -> Error $"found \"{shown}\": expected a denominator that is not zero"
                | Some p, Some q when Char.IsAsciiDigit text[i + 1] -> Ok(Rational.OfRatio(p, q))
                | _ -> Error $"found \"{shown}\": {expected}"
