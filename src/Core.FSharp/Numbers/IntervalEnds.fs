namespace LayerTime.Core.Numbers

open System

/// The ends of the elementary functions over intervals, as pairs of floats: an enclosure of { f(x) : a ≤ x ≤ b } for a non-empty
/// interval (a < ∞, b > −∞), at most 2 ulp from the truth at each end, exact where the end is a float.
///
/// Sums. Every function is known as an unevaluated sum hi + lo with a proven relative error, the slack. With s = RN(hi + lo) and
/// e = hi + lo − s, which is a float, f(x) ≥ s if e ≥ slack |s|, otherwise f(x) ≥ the float before s. Upper bounds likewise. So an
/// end is wrong by less than 1 ulp and the slack. No value f(x), x a float, is a float but for those that are named here
/// (f(0) of all but the logarithm and softplus, log 1, and what rounds to a bound of the range, which the range decides).
///
/// Isotony: a ⊆ b makes f(a) ⊆ f(b). Rounding an exact sum this way never breaks the order of two sums, so it is enough that
/// the sums have the order of the values: two neighbouring arguments have values that differ by more than the errors of both sums.
/// An error of the exponential inside, e^(±x) (1 + δ), moves the result as a change of x by δ does, δ ≤ 2⁻⁵⁹; the spacing of
/// arguments with |x| ≥ 2⁻⁵ is 2⁻⁵⁷ or more. All other errors are smaller than the slack where the function is not flat, and
/// where it is flat they shrink with its slope. Where the spacing of the arguments is too fine, at exp, logistic, softplus and cos
/// near 0, the argument is first rounded outward to a grid that is coarse enough; arctan drops digits from 2⁴⁰ on.
[<RequireQualifiedAccess>]
module internal IntervalEnds =
    open ElementaryKernels
    open ElementarySums
    open AtanErfKernels

    [<Literal>]
    let private BelowOne = 0.99999999999999989

    let inline private larger (a: float) (b: float) : float = if a > b then a else b
    let inline private smaller (a: float) (b: float) : float = if a < b then a else b

    /// A float below hi + lo + δ, |δ| ≤ slack(RN(hi + lo)), for |lo| ≤ |hi| and a sum that is 0 or normal.
    let inline private belowWithin ([<InlineIfLambda>] slack: float -> float) (hi: float) (lo: float) : float =
        let sum = hi + lo
        let rest = lo - (sum - hi)
        let bits = BitConverter.DoubleToInt64Bits sum
        BitConverter.Int64BitsToDouble(bits - (if rest < slack sum then (bits >>> 63) ||| 1L else 0L))

    /// A float above hi + lo + δ.
    let inline private aboveWithin ([<InlineIfLambda>] slack: float -> float) (hi: float) (lo: float) : float =
        let sum = hi + lo
        let rest = lo - (sum - hi)
        let bits = BitConverter.DoubleToInt64Bits sum
        BitConverter.Int64BitsToDouble(bits + (if rest > -(slack sum) then (bits >>> 63) ||| 1L else 0L))

    /// A float below (hi + lo)(1 + δ), |δ| ≤ slack.
    let inline private below (hi: float) (lo: float) (slack: float) : float = belowWithin (fun sum -> slack * Math.Abs sum) hi lo

    /// A float above (hi + lo)(1 + δ), |δ| ≤ slack.
    let inline private above (hi: float) (lo: float) (slack: float) : float = aboveWithin (fun sum -> slack * Math.Abs sum) hi lo

    /// r 2^exponent rounded to −∞, for 1/4 ≤ r < 4 and an exponent that leaves the range of normal floats.
    let private scaledBelow (r: float) (exponent: int) : float =
        if exponent > 0 then
            // Twice, because there is no float 2¹⁰²⁴.
            smaller (r * powerOfTwo 1000 * powerOfTwo (min (exponent - 1000) 1000)) Double.MaxValue
        elif exponent < -1080 then
            0.0
        else
            // The first product is exact, the second rounds, the third is exact.
            let up = r * powerOfTwo (exponent + 1000)
            let scaled = up * powerOfTwo -1000
            if scaled * powerOfTwo 500 * powerOfTwo 500 > up then Math.BitDecrement scaled else scaled

    /// r 2^exponent rounded to +∞.
    let private scaledAbove (r: float) (exponent: int) : float =
        if exponent > 0 then
            r * powerOfTwo 1000 * powerOfTwo (min (exponent - 1000) 1000)
        elif exponent < -1080 then
            Double.Epsilon
        else
            let up = r * powerOfTwo (exponent + 1000)
            let scaled = up * powerOfTwo -1000
            if scaled * powerOfTwo 500 * powerOfTwo 500 < up then Math.BitIncrement scaled else scaled

    /// r 2^exponent rounded to −∞, for 1/4 ≤ r < 4 and any exponent.
    let scaleBelow (r: float) (exponent: int) : float = if Math.Abs exponent < 1020 then r * powerOfTwo exponent else scaledBelow r exponent

    /// r 2^exponent rounded to +∞, for 1/4 ≤ r < 4 and any exponent.
    let scaleAbove (r: float) (exponent: int) : float = if Math.Abs exponent < 1020 then r * powerOfTwo exponent else scaledAbove r exponent

    /// The sum of hi and lo rounded to −∞, given that it is right up to the slack: the first step of the ends, for other modules.
    let roundBelow (hi: float) (lo: float) (slack: float) : float = below hi lo slack

    /// The sum of hi and lo rounded to +∞, given that it is right up to the slack.
    let roundAbove (hi: float) (lo: float) (slack: float) : float = above hi lo slack

    /// The largest multiple of 2⁻⁵⁶ up to x for |x| < 2⁻⁵, x otherwise: the spacing of the floats from 2⁻⁴ on, where x + 3/32 is.
    let inline private grid (x: float) : float =
        if Math.Abs x < 0.03125 then
            let near = (x + 0.09375) - 0.09375
            if near > x then near - 1.3877787807814457e-17 else near
        else
            x

    /// 2⁻⁵⁹, the slack of expParts.
    [<Literal>]
    let private ExpSlack = 1.734723475976807e-18

    /// A lower bound of eˣ.
    let private expBelow (x: float) : float =
        if x > 709.8 then
            Double.MaxValue
        elif x < -745.2 then
            0.0
        else
            let struct (hi, lo, exponent) = expParts (grid x)
            let bound = scaleBelow (below hi lo ExpSlack) exponent
            if x >= 0.0 then larger bound 1.0 else bound

    /// An upper bound of eˣ.
    let private expAbove (x: float) : float =
        if x > 709.8 then
            Double.PositiveInfinity
        elif x < -745.2 then
            Double.Epsilon
        else
            let struct (hi, lo, exponent) = expParts -(grid -x)
            let bound = scaleAbove (above hi lo ExpSlack) exponent
            if x <= 0.0 then smaller bound 1.0 else bound

    /// { eˣ : a ≤ x ≤ b }
    let exp (a: float) (b: float) : struct (float * float) = struct (expBelow a, expAbove b)

    /// The error of expm1Small, and of log1pSmall below, for a result s: 3ε |s|³ + 2ε² |s|.
    /// The tail of expm1Small, at most 0.178 |x|³, is wrong by 6ε and rounded twice more, with small parts below 1.2 ε |x|:
    /// 1.5 ε |x|³ + 1.3 ε² |x|, and |x| ≤ 1.14 |s|.
    let inline private smallSlack (sum: float) : float =
        let size = Math.Abs sum
        3.3306690738754696e-16 * (size * size * size + 1.1102230246251565e-16 * size)

    /// The error of expm1Large for a result s: 0.6 · 2⁻⁵⁸ eˣ + 2⁻¹⁰⁶. The exponential is wrong by 2⁻⁵⁹·¹ eˣ, and the small parts, below
    /// 0.00272 eˣ + 2⁻⁵⁴, are rounded once.
    let inline private largeSlack (sum: float) : float = 2.0816681711721685e-18 * (1.0 + sum) + 1.232595164407831e-32

    // eˣ − 1 ≥ x, and for |x| < 2⁻⁵⁴ no float is between them. Below −37.5 eˣ is less than half the spacing of floats above −1.
    // From 45 on leaving out 1 costs 2⁻⁶⁴, which the slack of exp covers.
    let private expm1Below (x: float) : float =
        if Math.Abs x < 5.551115123125783e-17 then
            x
        elif x < -37.5 then
            -1.0
        elif x < 45.0 then
            if Math.Abs x < 0.25 then
                let struct (hi, lo) = expm1Small x
                belowWithin smallSlack hi lo
            else
                let struct (hi, lo) = expm1Large x
                belowWithin largeSlack hi lo
        else
            expBelow x

    let private expm1Above (x: float) : float =
        if Math.Abs x < 5.551115123125783e-17 then
            (if x = 0.0 then 0.0 else Math.BitIncrement x)
        elif x < -37.5 then
            -BelowOne
        elif Math.Abs x < 0.25 then
            let struct (hi, lo) = expm1Small x
            aboveWithin smallSlack hi lo
        elif x < 45.0 then
            let struct (hi, lo) = expm1Large x
            aboveWithin largeSlack hi lo
        else
            expAbove x

    /// { eˣ − 1 : a ≤ x ≤ b }
    let expm1 (a: float) (b: float) : struct (float * float) = struct (expm1Below a, expm1Above b)

    /// The error of logParts and logTail for a result s: 8ε min(s², 2⁻¹⁴).
    /// With r as there, the tail is wrong by 2ε r² and |r|⁹/9 ≤ 1.8 ε r², its argument by ε |r|, which counts r times as much, and the last
    /// addition by ε r²/2: 5.3 ε r² in all. Near 1 r is the result but for its tail; elsewhere |r| ≤ 0.00422 and |s| ≥ 0.0039, and
    /// the pairs k log 2 − log c add no more than 2⁻⁸⁶: 2⁻⁶⁶ in all.
    /// For the isotony: neighbouring floats have logarithms that differ by 2⁻⁵³ or more, nearer to 1 by ε |r|.
    let inline private logSlack (sum: float) : float = 8.881784197001252e-16 * smaller (sum * sum) 0.00006103515625

    let private logSum (x: float) : struct (float * float) =
        if x < 2.2250738585072014e-308 then
            let struct (m, slice, exponent) = split (x * 4503599627370496.0)
            logParts m slice (exponent - 52) 0.0
        else
            let struct (m, slice, exponent) = split x
            logParts m slice exponent 0.0

    /// { log x : a ≤ x ≤ b, x > 0 }
    let log (a: float) (b: float) : struct (float * float) =
        if b <= 0.0 then
            struct (Double.PositiveInfinity, Double.NegativeInfinity)
        else
            let lower =
                if a <= 0.0 then
                    Double.NegativeInfinity
                else
                    let struct (hi, lo) = logSum a
                    belowWithin logSlack hi lo

            let upper =
                if b = Double.PositiveInfinity then
                    b
                else
                    let struct (hi, lo) = logSum b
                    aboveWithin logSlack hi lo

            struct (lower, upper)

    /// log(1 + x) for 2⁻⁵⁴ ≤ |x| < 2⁻⁹: x²/2 as a float and its error, x − x²/2 without error, then the terms from x³/3 on.
    /// The tail, at most 0.334 |x|³, is wrong by 5.5 ε and rounded twice more; the remainder x⁹/9 is below 2⁻⁵⁷ |x|³:
    /// 2.6 ε |x|³ + 1.3 ε² |x|, where |x| ≤ 1.001 |s|.
    let private log1pSmall (x: float) : struct (float * float) =
        let half = 0.5 * (x * x)
        let halfError = 0.5 * Math.FusedMultiplyAdd(x, x, -2.0 * half)
        let low = Math.FusedMultiplyAdd(x, -0.25, 1.0 / 3.0)
        let middle = Math.FusedMultiplyAdd(x, -1.0 / 6.0, 0.2)
        let high = Math.FusedMultiplyAdd(x, -0.125, 1.0 / 7.0)
        let square = x * x
        let tail = x * square * Math.FusedMultiplyAdd(square, Math.FusedMultiplyAdd(square, high, middle), low)
        let struct (hi, hiError) = ErrorFree.fastTwoSum x -half
        struct (hi, hiError + (tail - halfError))

    /// log(1 + x) for |x| ≥ 2⁻⁹ and −1 < x < ∞. From 2⁵⁴ on it is log x + 1/x, up to 2⁻¹⁰⁸.
    let private log1pSum (x: float) : struct (float * float) =
        if Math.Abs x <= 0.0078125 then
            struct (x, logTail x)
        elif x < 18014398509481984.0 then
            let struct (u, v) = ErrorFree.twoSum 1.0 x
            logPair u v
        else
            let struct (hi, lo) = logSum x
            struct (hi, lo + 1.0 / x)

    // log(1 + x) ≤ x, and for |x| < 2⁻⁵⁴ no float is between them.
    let private log1pBelow (x: float) : float =
        if Math.Abs x < 5.551115123125783e-17 then
            (if x = 0.0 then 0.0 else Math.BitDecrement x)
        elif Math.Abs x < 0.001953125 then
            let struct (hi, lo) = log1pSmall x
            belowWithin smallSlack hi lo
        elif x > -1.0 then
            let struct (hi, lo) = log1pSum x
            belowWithin logSlack hi lo
        else
            Double.NegativeInfinity

    let private log1pAbove (x: float) : float =
        if Math.Abs x < 5.551115123125783e-17 || x = Double.PositiveInfinity then
            x
        elif Math.Abs x < 0.001953125 then
            let struct (hi, lo) = log1pSmall x
            aboveWithin smallSlack hi lo
        else
            let struct (hi, lo) = log1pSum x
            aboveWithin logSlack hi lo

    /// { log(1 + x) : a ≤ x ≤ b, x > −1 }
    let log1p (a: float) (b: float) : struct (float * float) =
        if b <= -1.0 then struct (Double.PositiveInfinity, Double.NegativeInfinity) else struct (log1pBelow a, log1pAbove b)

    // What the odd functions have in common: |f(x)| ≤ |x| but for erf, and an upper bound is a lower bound of −f(−x).

    /// A lower bound of an odd function from the sum for |x|, no lower than `least` where x is negative.
    let inline private oddBelow (x: float) (hi: float) (lo: float) (slack: float) (least: float) : float =
        let sign = Math.CopySign(1.0, x)
        let bound = below (sign * hi) (sign * lo) slack
        if x < 0.0 then larger bound least else bound

    /// Zero minus the lower bound, so that a zero is no negative one.
    let inline private mirrored (bound: float) : float = 0.0 - bound

    /// 2⁻⁵⁶: 0.07 ε of the sums of tanh are allowed for, 2⁻⁵⁶·⁸.
    [<Literal>]
    let private TanhSlack = 1.3877787807814457e-17

    // x³/3 is below 2⁻⁵⁷ x for |x| < 2⁻²⁸. From 20 on tanh x is nearer to 1 than any float below.
    let private tanhBelow (x: float) : float =
        let size = Math.Abs x

        if size < 3.725290298461914e-09 then
            if x > 0.0 then Math.BitDecrement x else x
        elif size < 0.125 then
            let struct (cube, factor) = tanhSmall size
            oddBelow x size (cube * factor) TanhSlack x
        elif size < 20.0 then
            let struct (hi, lo) = tanhLarge size
            oddBelow x hi lo TanhSlack (larger x -1.0)
        elif x > 0.0 then
            BelowOne
        else
            -1.0

    /// { tanh x : a ≤ x ≤ b }
    let tanh (a: float) (b: float) : struct (float * float) = struct (tanhBelow a, mirrored (tanhBelow -b))

    /// 2⁻⁵⁸: 0.018 ε of the sum of the logistic function is allowed for, 2⁻⁵⁸·⁸.
    [<Literal>]
    let private LogisticSlack = 3.469446951953614e-18

    // From 37 on the value is nearer to 1 than any float below. Below −45 the exponential is 2⁻⁶⁴ away, which its slack covers.
    let private logisticBelow (x: float) : float =
        if x < -45.0 then
            expBelow x
        elif x < 37.0 then
            let struct (quotient, rest) = logisticParts (grid x)
            let bound = below quotient (quotient * rest) LogisticSlack
            if x >= 0.0 then larger bound 0.5 else bound
        else
            BelowOne

    let private logisticAbove (x: float) : float =
        if x < -45.0 then
            expAbove x
        elif x < 37.0 then
            let struct (quotient, rest) = logisticParts -(grid -x)
            smaller (above quotient (quotient * rest) LogisticSlack) (if x > 0.0 then 1.0 else 0.5)
        else
            1.0

    /// { 1 / (1 + e⁻ˣ) : a ≤ x ≤ b }
    let logistic (a: float) (b: float) : struct (float * float) = struct (logisticBelow a, logisticAbove b)

    /// 2⁻⁵⁷: 0.0612 ε of the sum of softplus are allowed for, 2⁻⁵⁷·⁰³.
    [<Literal>]
    let private SoftplusSlack = 6.938893903907228e-18

    // From 40 on softplus x is x and less than half the spacing of floats more. Below −45 the exponential is 2⁻⁶⁵ away, which its slack covers.
    let private softplusBelow (x: float) : float =
        if x < -45.0 then
            expBelow x
        elif x < 40.0 then
            let struct (hi, lo) = softplusSum (grid x)
            below hi lo SoftplusSlack
        else
            x

    let private softplusAbove (x: float) : float =
        if x < -45.0 then
            expAbove x
        elif x < 40.0 then
            let struct (hi, lo) = softplusSum -(grid -x)
            above hi lo SoftplusSlack
        else
            Math.BitIncrement x

    /// { log(1 + eˣ) : a ≤ x ≤ b }
    let softplus (a: float) (b: float) : struct (float * float) = struct (softplusBelow a, softplusAbove b)

    /// 2⁻⁶²: the slack of atanSum is 2⁻⁶³, and the digits that are dropped cost 2⁻⁶³·⁶.
    [<Literal>]
    let private AtanSlack = 2.168404344971009e-19

    // π/2 is 6.1 10⁻¹⁷ above its float; 1/x is less than half of that from 2⁵⁵ on. For |x| < 2⁻²⁸, x³/3 is below 2⁻⁵⁷ x.
    let private atanBelow (x: float) : float =
        let size = Math.Abs x

        if size < 3.725290298461914e-09 then
            if x > 0.0 then Math.BitDecrement x else x
        elif size < 1099511627776.0 then
            let struct (hi, lo) = atanSum size
            oddBelow x hi lo AtanSlack x
        elif size < 36028797018963968.0 then
            // The first 24 digits: 1/x changes by 2⁻²³⁻⁴⁰ at most, and neighbours are far enough apart.
            let struct (hi, lo) = atanSum (BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits size &&& ~~~0x1FFFFFFFL))
            oddBelow x hi lo AtanSlack x
        elif x > 0.0 then
            1.5707963267948966
        else
            -1.5707963267948968

    /// { arctan x : a ≤ x ≤ b }
    let atan (a: float) (b: float) : struct (float * float) = struct (atanBelow a, mirrored (atanBelow -b))

    /// 2⁻⁵⁷, the slack of erfSum.
    [<Literal>]
    let private ErfSlack = 6.938893903907228e-18

    // Between 0 and 10⁻²⁸⁰ the bound is found for 2¹⁰²² x and scaled.
    let private erfBelow (x: float) : float =
        let size = Math.Abs x

        if size < ErfIsLinear then
            if x = 0.0 then
                0.0
            else
                let struct (hi, lo) = erfLine (x * powerOfTwo 1022)
                let bound = below hi lo ErfSlack
                let scaled = bound * powerOfTwo -1022
                if scaled * powerOfTwo 1022 > bound then Math.BitDecrement scaled else scaled
        elif size < ErfIsOne then
            let struct (hi, lo) = erfSum size
            oddBelow x hi lo ErfSlack -1.0
        elif x > 0.0 then
            BelowOne
        else
            -1.0

    /// { erf x : a ≤ x ≤ b }
    let erf (a: float) (b: float) : struct (float * float) = struct (erfBelow a, mirrored (erfBelow -b))
