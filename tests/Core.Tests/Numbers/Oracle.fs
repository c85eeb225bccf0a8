namespace LayerTime.Core.Tests.Numbers

open System
open System.Numerics

/// The number Mantissa · 2^Exponent.
[<Struct; NoComparison; NoEquality>]
type Binary = { Mantissa: bigint; Exponent: int }

/// Exact arithmetic of binary numbers, and the two places where it rounds: keep and divide.
[<RequireQualifiedAccess>]
module Binary =
    let create (mantissa: bigint) (exponent: int) : Binary = { Mantissa = mantissa; Exponent = exponent }

    let ofInt (n: int) : Binary = create (bigint n) 0

    /// The value of a finite float.
    let ofFloat (x: float) : Binary =
        let bits = BitConverter.DoubleToInt64Bits x
        let exponent = int (bits >>> 52) &&& 0x7FF
        let fraction = bits &&& 0x000FFFFFFFFFFFFFL
        let mantissa = if exponent = 0 then fraction else fraction ||| 0x0010000000000000L
        create (bigint (if bits < 0L then -mantissa else mantissa)) (max exponent 1 - 1075)

    let isZero (a: Binary) : bool = a.Mantissa.IsZero

    /// ⌊log₂ |a|⌋, for a ≠ 0.
    let size (a: Binary) : int = int (BigInteger.Abs(a.Mantissa).GetBitLength()) - 1 + a.Exponent

    /// ⌊a 2^places⌋
    let fixedPoint (places: int) (a: Binary) : bigint =
        let shift = a.Exponent + places
        if shift >= 0 then a.Mantissa <<< shift else a.Mantissa >>> -shift

    let negate (a: Binary) : Binary = create -a.Mantissa a.Exponent

    let scale (power: int) (a: Binary) : Binary = create a.Mantissa (a.Exponent + power)

    let add (a: Binary) (b: Binary) : Binary =
        let exponent = min a.Exponent b.Exponent
        create (fixedPoint -exponent a + fixedPoint -exponent b) exponent

    let subtract (a: Binary) (b: Binary) : Binary = add a (negate b)

    let multiply (a: Binary) (b: Binary) : Binary = create (a.Mantissa * b.Mantissa) (a.Exponent + b.Exponent)

    let sign (a: Binary) : int = a.Mantissa.Sign

    /// The first bits of a, the others dropped.
    let keep (bits: int) (a: Binary) : Binary =
        let surplus = int (BigInteger.Abs(a.Mantissa).GetBitLength()) - bits
        if surplus <= 0 then a else create (a.Mantissa >>> surplus) (a.Exponent + surplus)

    /// a / b, up to 2^-bits relatively.
    let divide (bits: int) (a: Binary) (b: Binary) : Binary =
        let surplus = bits + 2 + int (b.Mantissa.GetBitLength()) - int (a.Mantissa.GetBitLength())
        let shift = max 0 surplus
        create ((a.Mantissa <<< shift) / b.Mantissa) (a.Exponent - b.Exponent - shift)

    /// |a|, as a float with its first 60 bits.
    let magnitude (a: Binary) : float =
        let first = keep 60 a
        Math.ScaleB(Math.Abs(float first.Mantissa), first.Exponent)

    /// The nearest float, for results that are normal.
    let nearest (a: Binary) : float =
        if isZero a then
            0.0
        else
            let places = 52 - size a
            let doubled = fixedPoint (places + 1) a
            let half = doubled >>> 1
            let exact = places + a.Exponent + 1 >= 0
            let up = not doubled.IsEven && (not exact || not half.IsEven)
            Math.ScaleB(float (if up then half + 1I else half), -places)

/// Slow, obvious elementary functions: the truth that the fast ones are measured against.
/// Every function has a precision p in bits and is right up to 2^-p relatively.
/// Series are summed in fixed point with `places` binary places.
[<RequireQualifiedAccess>]
module Oracle =
    /// Σ (±1)ⁿ 2^places / ((2n + 1) k^(2n + 1)): atanh (1/k), or atan (1/k) with alternating signs.
    let private inverseSeries (alternating: bool) (places: int) (k: int) : bigint =
        let square = bigint (k * k)

        let rec sum n (power: bigint) total =
            if power.IsZero then
                total
            else
                let term = power / bigint (2 * n + 1)
                sum (n + 1) (power / square) (if alternating && n % 2 = 1 then total - term else total + term)

        sum 0 ((1I <<< places) / bigint k) 0I

    let private constantPlaces = 2400

    /// log 2 = 2 atanh (1/3)
    let private logTwo = lazy ((2I * inverseSeries false (constantPlaces + 32) 3) >>> 32)

    /// π = 16 atan (1/5) - 4 atan (1/239) (Machin)
    let private pi =
        lazy ((16I * inverseSeries true (constantPlaces + 32) 5 - 4I * inverseSeries true (constantPlaces + 32) 239) >>> 32)

    let private places (constant: Lazy<bigint>) (n: int) : bigint = constant.Value >>> (constantPlaces - n)

    /// log 2 with p binary places.
    let ln2 (p: int) : Binary = Binary.create (places logTwo p) -p

    /// π with p binary places.
    let circle (p: int) : Binary = Binary.create (places pi p) -p

    /// Taylor series of eˣ - 1, after halving x until it is below 2⁻⁸, for |x| ≤ 1. The doubling: e²ʸ - 1 = (eʸ - 1)(eʸ - 1 + 2).
    let private expm1Series (p: int) (x: Binary) : Binary =
        if Binary.isZero x then
            x
        else
            let halvings = max 0 (Binary.size x + 9)
            let n = p + 48 + max 0 (halvings - Binary.size x)
            let r = Binary.fixedPoint n (Binary.scale -halvings x)
            let rec sum k term total = if abs term <= 1I then total else sum (k + 1) (((term * r) >>> n) / bigint (k + 1)) (total + term)
            let rec double times value = if times = 0 then value else double (times - 1) ((value * (value + (2I <<< n))) >>> n)
            Binary.create (double halvings (sum 1 r 0I)) -n

    /// eˣ, for |x| < 2¹⁶: eˣ = 2ᵏ eʳ with r = x - k log 2.
    let exp (p: int) (x: Binary) : Binary =
        if Binary.isZero x || Binary.size x < 0 then
            Binary.add (Binary.ofInt 1) (expm1Series p x)
        else
            let n = p + 64
            let log2 = places logTwo n
            let value = Binary.fixedPoint n x
            let k = ((value <<< 1) + log2) / (log2 <<< 1)
            let r = Binary.create (value - k * log2) -n
            Binary.add (Binary.ofInt 1) (expm1Series p r) |> Binary.scale (int k)

    let expm1 (p: int) (x: Binary) : Binary =
        if Binary.isZero x || Binary.size x < 0 then
            expm1Series p x
        else
            Binary.subtract (exp (p + 4) x) (Binary.ofInt 1) |> Binary.keep (p + 64)

    /// 2 atanh y = log ((1 + y) / (1 - y)), y = a / b, for |y| ≤ 1/5.
    let private logSeries (p: int) (a: Binary) (b: Binary) : Binary =
        if Binary.isZero a then
            a
        else
            let y = Binary.divide (p + 48) a b
            let n = p + 48 + max 0 -(Binary.size y)
            let first = Binary.fixedPoint n y
            let square = (first * first) >>> n
            let rec sum k power total = if abs power <= 1I then total else sum (k + 2) ((power * square) >>> n) (total + power / bigint k)
            Binary.create (2I * sum 1 first 0I) -n

    /// log x for x > 0: log (2ᵏ m) = k log 2 + 2 atanh ((m - 1) / (m + 1)), 3/4 ≤ m < 3/2.
    let log (p: int) (x: Binary) : Binary =
        let size = Binary.size x
        let one = Binary.ofInt 1
        let threeHalves = Binary.create 3I (size - 1)
        let k = if Binary.sign (Binary.subtract x threeHalves) >= 0 then size + 1 else size
        let m = Binary.scale -k x
        let part = logSeries (p + 4) (Binary.subtract m one) (Binary.add m one)
        Binary.add part (Binary.multiply (Binary.ofInt k) (ln2 (p + 64)))

    /// log (1 + x) for x > -1.
    let log1p (p: int) (x: Binary) : Binary =
        if Binary.isZero x then x
        elif Binary.size x < -2 then logSeries p x (Binary.add x (Binary.ofInt 2))
        else log p (Binary.add x (Binary.ofInt 1))

    /// tanh x = t / (t + 2), t = e²ˣ - 1
    let tanh (p: int) (x: Binary) : Binary =
        let t = expm1 (p + 8) (Binary.scale 1 x)
        if Binary.isZero t then t else Binary.divide p t (Binary.add t (Binary.ofInt 2))

    let logistic (p: int) (x: Binary) : Binary =
        Binary.divide p (Binary.ofInt 1) (Binary.add (Binary.ofInt 1) (exp (p + 8) (Binary.negate x) |> Binary.keep (p + 64)))

    let softplus (p: int) (x: Binary) : Binary =
        if Binary.sign x > 0 then
            Binary.add x (log1p (p + 8) (exp (p + 16) (Binary.negate x) |> Binary.keep (p + 32)))
        else
            log1p (p + 8) (exp (p + 16) x |> Binary.keep (p + 32))

    /// Taylor series Σ (-1)ᵏ r^(2k + start) / (2k + start)! with n places: the sine for start = 1, the cosine for start = 0.
    let circularSeries (n: int) (start: int) (r: bigint) : bigint =
        let square = (r * r) >>> n

        let rec sum k term total =
            if abs term <= 1I then total else sum (k + 2) (-((term * square) >>> n) / bigint ((k + 1) * (k + 2))) (total + term)

        sum start (if start = 1 then r else 1I <<< n) 0I

    /// sin (x + turns π/2), with x reduced to |r| ≤ π/4;
    /// no float but 0 is nearer than 2⁻⁶¹ to a multiple of π/2 that is not 0, hence the 128 places more.
    let private circular (turns: int) (p: int) (x: Binary) : Binary =
        let size = if Binary.isZero x then -1100 else Binary.size x
        let n = p + 128 + max 0 -size
        let more = max 0 size + 16
        let right = places pi (n + more) >>> 1
        let value = Binary.fixedPoint (n + more) x
        let quarter = bigint.Divide(2I * value + (if value.Sign < 0 then -right else right), 2I * right)
        let r = (value - quarter * right) >>> more
        let quadrant = int ((quarter + bigint turns) &&& 3I)
        let series = circularSeries n (if quadrant % 2 = 0 then 1 else 0) r
        Binary.create (if quadrant < 2 then series else -series) -n

    let sin (p: int) (x: Binary) : Binary = circular 0 p x

    let cos (p: int) (x: Binary) : Binary = circular 1 p x

    /// √x, by the integer Newton iteration.
    let sqrt (p: int) (x: Binary) : Binary =
        if Binary.isZero x then
            x
        else
            let half = (Binary.size x >>> 1) - p
            let square = Binary.fixedPoint (-2 * half) x

            let rec descend (guess: bigint) =
                let next = (guess + square / guess) >>> 1
                if next >= guess then guess else descend next

            // From above the iteration descends to ⌊√square⌋: a float of the first bits, made a little too large.
            let dropped = max 0 ((int (square.GetBitLength()) - 100) / 2)
            let start = bigint (Math.Sqrt(float (square >>> (2 * dropped))) * 1.000001) + 2I
            Binary.create (descend (start <<< dropped)) half

    /// Σ (−1)ᵏ y^(2k + 1) / (2k + 1) with n places.
    let private atanSeries (n: int) (y: bigint) : bigint =
        let square = (y * y) >>> n
        let rec sum k power total = if abs power <= 1I then total else sum (k + 2) (-(power * square) >>> n) (total + power / bigint k)
        sum 1 y 0I

    /// arctan x = 2 arctan (x / (1 + √(1 + x²))), six times, then the Taylor series, for 0 < x ≤ 1.
    let atanByHalving (p: int) (x: Binary) : Binary =
        let n = p + 48 - Binary.size x
        let one = 1I <<< n

        let halved (y: bigint) =
            let root = sqrt (n + 8) (Binary.create (one * one + y * y) (-2 * n)) |> Binary.fixedPoint n
            (y <<< n) / (one + root)

        let y = Seq.fold (fun y _ -> halved y) (Binary.fixedPoint n x) (seq { 1..6 })
        Binary.create (atanSeries n y) (6 - n)

    /// arctan (k/64) for k = 1 … 64.
    let private arctangents = lazy (Array.init 64 (fun k -> atanByHalving 600 (Binary.create (bigint (k + 1)) -6)))

    /// arctan x = arctan c + arctan ((x − c) / (1 + c x)), c = k/64 nearest to x; π/2 − arctan (1/x) for x > 1; p ≤ 500.
    let rec atan (p: int) (x: Binary) : Binary =
        let k = if Binary.isZero x || Binary.size x > 0 then 0 else int (Binary.fixedPoint 7 x + 1I) / 2

        if Binary.isZero x then
            x
        elif Binary.sign x < 0 then
            Binary.negate (atan p (Binary.negate x))
        elif Binary.sign (Binary.subtract x (Binary.ofInt 1)) > 0 then
            Binary.subtract (circle (p + 64) |> Binary.scale -1) (atan (p + 8) (Binary.divide (p + 32) (Binary.ofInt 1) x))
        else
            let c = Binary.create (bigint k) -6
            let n = p + 48 - Binary.size x
            let t = Binary.divide (n + 8) (Binary.subtract x c) (Binary.add (Binary.ofInt 1) (Binary.multiply c x))
            let rest = Binary.create (atanSeries n (Binary.fixedPoint n t)) -n
            if k = 0 then rest else Binary.add (Binary.keep (p + 64) arctangents.Value[k - 1]) rest

    let private bellSlope = lazy (Binary.divide 600 (Binary.ofInt 2) (sqrt 640 (circle 700)))

    /// erf x = 2/√π e^(−x²) Σ 2ᵏ x^(2k + 1) / (1 · 3 · … · (2k + 1)), a series without cancellation; p ≤ 340.
    let erf (p: int) (x: Binary) : Binary =
        if Binary.isZero x then
            x
        elif Binary.size x >= 4 then
            // erfc 16 < 2⁻³⁷⁰
            Binary.create (bigint (Binary.sign x) * ((1I <<< 360) - 1I)) -360
        else
            let n = p + 64 + max 0 -(Binary.size x)
            let start = Binary.fixedPoint n x
            let doubled = ((start * start) >>> n) <<< 1

            let rec sum k (term: bigint) total =
                if abs term <= 1I then total else sum (k + 1) (((term * doubled) >>> n) / bigint (2 * k + 3)) (total + term)

            let series = Binary.create (sum 0 start 0I) -n
            let bell = exp (p + 16) (Binary.negate (Binary.multiply x x |> Binary.keep (p + 64)))
            Binary.multiply (Binary.multiply series bell) (Binary.keep (p + 32) bellSlope.Value) |> Binary.keep (p + 16)

/// The distance of a computed float from the truth.
[<RequireQualifiedAccess>]
module Ulps =
    /// The value a float stands for; an infinity stands for the first power of two that is too large.
    let private value (x: float) : Binary = if Double.IsInfinity x then Binary.create (bigint (sign x)) 1024 else Binary.ofFloat x

    /// The error in units of the spacing of floats at the truth; an infinity is right for all that is too large.
    /// |computed - truth| / ulp(truth)
    let error (truth: Binary) (computed: float) : float =
        let spacing = if Binary.isZero truth then -1074 else max -1074 (min 1023 (Binary.size truth) - 52)

        if Double.IsNaN computed then Double.PositiveInfinity
        elif Double.IsInfinity computed && Binary.sign truth = sign computed && Binary.size truth >= 1024 then 0.0
        else Binary.subtract (value computed) truth |> Binary.scale -spacing |> Binary.magnitude

    /// Is the truth between the floats next to the computed one? Infinity may stand for anything above the largest float.
    let isEnclosed (truth: Binary) (computed: float) : bool =
        let above = Math.BitIncrement computed
        let below = Math.BitDecrement computed

        (Double.IsInfinity above || Binary.sign (Binary.subtract (value above) truth) >= 0)
        && (Double.IsInfinity below || Binary.sign (Binary.subtract truth (value below)) >= 0)
