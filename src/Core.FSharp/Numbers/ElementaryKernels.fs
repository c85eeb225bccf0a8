namespace LayerTime.Core.Numbers

open System

/// The four approximations behind the elementary functions. Each returns an unevaluated sum hi + lo, so that the caller rounds once.
/// All polynomials are Taylor polynomials: their remainder bound is a textbook one and needs no certificate.
/// In the error budgets ε = 2⁻⁵³, the relative error of one rounding; "ulp" is the spacing of floats at the true value.
module internal ElementaryKernels =
    let inline private fma (a: float) (b: float) (c: float) : float = Math.FusedMultiplyAdd(a, b, c)

    /// Adding and subtracting 1.5 2⁵² rounds to the nearest integer and leaves that integer in the low bits of the sum.
    [<Literal>]
    let RoundingShift = 6755399441055744.0

    /// The power of two of an exponent between -1022 and 1023.
    let inline powerOfTwo (exponent: int) : float = BitConverter.Int64BitsToDouble((int64 exponent + 1023L) <<< 52)

    /// The exponential, not yet scaled, for |x| ≤ 1000.
    /// eˣ = 2^q (hi + lo) (1 + δ), |δ| ≤ 2⁻⁵⁹, 1 ≤ hi < 2, |lo| ≤ 0.00272 hi
    ///
    /// With k = round(128 x / log 2) = 128 q + j and r = x - k (log 2)/128: eˣ = 2^q 2^(j/128) eʳ, |r| ≤ 0.002708 < 2⁻⁸.
    /// Budget for δ:
    ///   x - k L₁ is exact: both are multiples of 2⁻⁶¹ (k ≠ 0 needs |x| ≥ 0.0027) and the difference is below 2⁻⁸;
    ///   subtracting k L₂ rounds r, below 2⁻⁸, once: 2⁻⁶²; what L₁ + L₂ miss of (log 2)/128, times k < 2¹⁸: 2⁻⁹⁷;
    ///   Taylor remainder |r|⁶/720 (1 + |r|): 2⁻⁶⁰·⁶;
    ///   rounding p, below 2⁻⁸: 2⁻⁶²; its inner terms, all below r²/2 < 2⁻¹⁸: 2⁻⁷⁰; rounding lo: 2⁻⁶¹·⁵; leaving out tableLo p: 2⁻⁶¹·⁵.
    ///   Sum: 2⁻⁵⁹·¹.
    let inline expParts (x: float) : struct (float * float * int) =
        let shifted = fma x ElementaryTables.StepsPerUnit RoundingShift
        let k = shifted - RoundingShift
        let index = int (BitConverter.DoubleToInt64Bits shifted)
        let r = fma -k ElementaryTables.StepLow (fma -k ElementaryTables.StepHigh x)
        let square = r * r
        let low = fma r (1.0 / 6.0) 0.5
        let high = fma r (1.0 / 120.0) (1.0 / 24.0)
        let p = fma square (fma square high low) r
        let row = 2 * (index &&& 127)
        let hi = ElementaryTables.powersOfTwo[row]
        struct (hi, fma hi p ElementaryTables.powersOfTwo[row + 1], index >>> 7)

    /// The exponential with its scale, for |x| ≤ 700.
    /// eˣ = (hi + lo) (1 + δ), |δ| ≤ 2⁻⁵⁹, |lo| ≤ 0.00272 hi
    let inline expPair (x: float) : struct (float * float) =
        let struct (hi, lo, exponent) = expParts x
        let scale = powerOfTwo exponent
        struct (hi * scale, lo * scale)

    /// What log1p adds to its argument, for |r| ≤ 2⁻⁷.
    /// log(1 + r) = r + logTail r, with an error of at most 2ε r² (1 + |r|) + |r|⁹/9 (1 + 2⁻⁶) ≤ 2⁻⁵⁸ |r|
    ///
    /// The tail is r² times a factor of size at most (1 + |r|)/2;
    /// r², its product with the factor and two roundings in the factor are relative errors of ε each.
    let inline logTail (r: float) : float =
        let square = r * r
        let low = fma r (1.0 / 3.0) -0.5
        let middle = fma r 0.2 -0.25
        let high = fma square -0.125 (fma r (1.0 / 7.0) (-1.0 / 6.0))
        square * fma square (fma square high middle) low

    /// u = 2ᵏ m, 0.6875 ≤ m < 1.375, for u positive and normal: m, the slice of the tables it is in, and k.
    let inline split (u: float) : struct (float * int * int) =
        let bits = BitConverter.DoubleToInt64Bits u
        let offset = bits - 0x3FE6000000000000L
        let exponent = offset >>> 52
        struct (BitConverter.Int64BitsToDouble(bits - (exponent <<< 52)), int (offset >>> 45) &&& 127, int exponent)

    /// The logarithm of 2ᵏ (m + v), for m and its slice as split gives them, |v| ≤ ε m.
    /// log(2ᵏ (m + v)) = (hi + lo) (1 + δ), |δ| ≤ 2⁻⁵⁸, |lo| ≤ 0.0042 |hi|
    ///
    /// With c ≈ 1/m from the table: log(2ᵏ m) = k log 2 - log c + log(1 + r), r = m c - 1.
    /// r is held exactly as a sum (m c is a float and its error, and subtracting 1 from the float is exact);
    /// k log 2 - log c is exact in its leading parts, which are multiples of 2⁻⁴² below 2¹⁰. Two cases:
    ///   k = 0, c = 1, that is -2⁻⁸ ≤ m - 1 ≤ 2⁻⁷: hi is r and lo the tail, wrong by 2⁻⁵⁸ |r| at most (see logTail).
    ///   Otherwise |r| ≤ 0.00422 and |hi|, |log| ≥ 0.0039: tail and its remainder are wrong by 2ε r² + 2⁻⁷³ ≤ 2⁻⁵⁹·⁷ |log|,
    ///   the polynomial's argument r + rest by 2⁻⁶² r ≤ 2⁻⁶² |log|, the three additions in lo by ε |lo| ≤ 3ε (r² + 2ε) ≤ 2⁻⁵⁹·¹ |log|.
    let inline logParts (m: float) (slice: int) (exponent: int) (v: float) : struct (float * float) =
        let c = ElementaryTables.reciprocals[slice]
        let struct (product, productError) = ErrorFree.twoProduct m c
        let r = product - 1.0
        let rest = fma v c productError
        let k = float exponent
        let w = fma k ElementaryTables.LogTwoHigh ElementaryTables.logarithms[2 * slice]
        let wRest = fma k ElementaryTables.LogTwoLow ElementaryTables.logarithms[2 * slice + 1]
        let struct (hi, hiError) = ErrorFree.fastTwoSum w r
        struct (hi, logTail (r + rest) + (hiError + (wRest + rest)))

    /// The logarithm of u + v, for 2⁻⁶⁰ ≤ u ≤ 2⁶⁰ and |v| ≤ ε u: as logParts.
    let inline logPair (u: float) (v: float) : struct (float * float) =
        let struct (m, slice, exponent) = split u
        logParts m slice exponent (v * powerOfTwo -exponent)

    /// The sine of jπ/64 + r + s, where |r| ≤ 0.0246, |s| ≤ 2⁻⁵⁸ and |s| ≤ 2⁻¹⁸ |r|, up to 0.012 ulp.
    /// sin(a + r + s) = sin a + cos a (r + s + (sin r - r)) + sin a (cos r - 1)
    ///
    /// Let R be the result. Either sin a = 0 and |R| ≥ 0.9999 |r|, or |R| ≥ 0.0245 and |sin a| ≤ 2 |R|.
    /// sin a and cos a r enter exactly, as sums of two floats.
    /// Everything but hi is at most 8 10⁻⁴ |R| in size, and eight roundings reach it: 0.007 ulp.
    /// Taylor remainders r⁹/9! ≤ 2⁻⁶¹·¹ |R| and 2 r¹⁰/10! |R|: 0.004 ulp.
    /// Products left out (s r, the low parts of the table times r²): 2⁻⁶³ |R|, 0.001 ulp. All of these errors vanish with r when sin a = 0.
    /// The square of r is an argument: it may be off by 2⁻⁴⁹ of itself, which costs 2⁻⁴⁹ r²/2 ≤ 2⁻⁵⁹·⁷ |R| more.
    let inline sineSum (j: int) (r: float) (s: float) (square: float) : struct (float * float) =
        let sineRow = 2 * (j &&& 127)
        let cosineRow = 2 * ((j + 32) &&& 127)
        let sine = ElementaryTables.sines[sineRow]
        let cosine = ElementaryTables.sines[cosineRow]
        let sineFactor = fma square (fma square (-1.0 / 5040.0) (1.0 / 120.0)) (-1.0 / 6.0)
        let sineTail = r * square * sineFactor
        let cosineFactor = fma square (fma square (1.0 / 40320.0) (-1.0 / 720.0)) (1.0 / 24.0)
        let cosineTail = square * fma square cosineFactor -0.5
        let struct (product, productError) = ErrorFree.twoProduct cosine r
        let struct (hi, hiError) = ErrorFree.fastTwoSum sine product
        let small = fma ElementaryTables.sines[cosineRow + 1] r (productError + ElementaryTables.sines[sineRow + 1])
        struct (hi, hiError + (small + fma sine cosineTail (cosine * (s + sineTail))))

    /// The sine of jπ/64 + r + s, under the conditions of sineSum. Wrong by at most 0.512 ulp.
    let sineNear (j: int) (r: float) (s: float) : float =
        let struct (hi, lo) = sineSum j r s (r * r)
        hi + lo

    /// Below this size an angle is reduced with three floats of π/64, from it on with the binary digits of 2/π.
    [<Literal>]
    let LargeAngle = 33554432.0

    /// The multiple of π/64 nearest to x and what is left, for |x| < 2²⁵ (Cody and Waite).
    /// x = kπ/64 + r + s up to 2⁻¹³⁵, which is 2⁻⁷⁴ |r|, as no float but 0 is nearer than 2⁻⁶¹ to a multiple of π/2 that is not 0
    /// (the tests prove that with continued fractions) and no other multiple of π/64 makes the sine small.
    ///
    /// x - k P₁ is exact: both are multiples of 2⁻⁵⁸ unless k = 0, and the difference is below 2⁻⁵.
    /// k P₂ is taken with its error, below 2⁻⁸¹.
    let inline reduceModerate (x: float) : struct (int * float * float) =
        let shifted = fma x ElementaryTables.AnglesPerUnit RoundingShift
        let k = shifted - RoundingShift
        let first = fma -k ElementaryTables.AngleHigh x
        let struct (second, secondError) = ErrorFree.twoProduct k ElementaryTables.AngleMiddle
        let struct (r, rError) = ErrorFree.twoSum first -second
        struct (int (BitConverter.DoubleToInt64Bits shifted), r, rError - fma k ElementaryTables.AngleLow secondError)

    /// The 64 binary digits of 2/π from `place` of the table on.
    let private digits (place: int) : uint64 =
        let word = place >>> 6
        let shift = place &&& 63
        (ElementaryTables.twoOverPi[word] <<< shift) ||| ((ElementaryTables.twoOverPi[word + 1] >>> 1) >>> (63 - shift))

    /// m times the 192 binary digits of 2/π from `place` of the table on, modulo 2¹⁹²: high, middle and low word.
    let private timesTwoOverPi (m: uint64) (place: int) : struct (uint64 * uint64 * uint64) =
        let mutable low = 0UL
        let mutable middle = 0UL
        let lowCarry = Math.BigMul(m, digits (place + 128), &low)
        let middleCarry = Math.BigMul(m, digits (place + 64), &middle)
        let sum = middle + lowCarry
        struct (m * digits place + middleCarry + (if sum < middle then 1UL else 0UL), sum, low)

    /// The multiple of π/64 nearest to x modulo 2π and what is left, for x ≥ 2²⁵ (Payne and Hanek).
    /// x = jπ/64 + r + s modulo 2π, up to 2⁻⁶⁰ |r|
    ///
    /// x = m 2ᵉ with m below 2⁵³. The digits of 2/π with weight 2¹⁻ᵉ and less are enough, as m 2ᵉ times the others is a multiple of 4;
    /// 192 of them give x (2/π) modulo 4 up to 2⁻¹³⁷. Its first seven bits are j, the next 128 the fraction f of π/64,
    /// then made to lie in [-1/2, 1/2).
    /// Only f's lowest 11 bits are dropped: 2⁻¹¹⁷, where |f| ≥ 2⁻⁵⁶·⁷ as the distance to a multiple of π/2 is at least 2⁻⁶¹.
    let reduceLarge (x: float) : struct (int * float * float) =
        let bits = BitConverter.DoubleToInt64Bits x
        let exponent = int (bits >>> 52) - 1075
        let m = uint64 (bits &&& 0x000FFFFFFFFFFFFFL) ||| 0x0010000000000000UL
        let struct (high, middle, low) = timesTwoOverPi m (exponent + 62)
        let top = int64 ((high <<< 7) ||| (middle >>> 57))
        let next = (middle <<< 7) ||| (low >>> 57)
        let j = int (high >>> 57) + (if top < 0L then 1 else 0)
        let struct (sum, sumError) = ErrorFree.fastTwoSum (float (top >>> 32) * 4294967296.0) (float (top &&& 0xFFFFFFFFL))
        let struct (f, fRest) = ErrorFree.fastTwoSum sum (sumError + float (int64 (next >>> 11)) * 1.1102230246251565e-16)
        // f counts units of 2⁻⁶⁴ π/64
        let struct (r, rError) = ErrorFree.twoProduct f ElementaryTables.SmallAngleHigh
        struct (j, r, rError + fma f ElementaryTables.SmallAngleLow (fRest * ElementaryTables.SmallAngleHigh))
