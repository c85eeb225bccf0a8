namespace LayerTime.Core.Numbers

open System

/// Elementary functions of floats, in managed code of our own: the same bits on every machine, and an error that is proven.
///
/// What is proven, with "ulp" the spacing of floats at the true value f(x), subnormal values included:
///   |computed - f(x)| ≤ bound of the function < maxUlps;
///   f(x) never lies beyond a float next to the computed one: BitDecrement computed ≤ f(x) ≤ BitIncrement computed
///   (each function rounds once, in the end, an unevaluated sum that is off by less than 0.11 ulp). A computed infinity
///   stands for any value above the largest float.
/// tanh, sin, atan and erf are exactly odd, cos is exactly even. Monotonicity is proven only for sqrt.
///
/// Only operations that IEEE 754 specifies bit for bit are used: + - * /, square root, fused multiply-add, and the bits themselves.
/// In the budgets ε = 2⁻⁵³; a relative error δ is at most δ/ε ulp.
[<RequireQualifiedAccess>]
module Elementary =
    open ElementaryKernels
    open ElementarySums
    open AtanErfKernels

    let inline private fma (a: float) (b: float) (c: float) : float = Math.FusedMultiplyAdd(a, b, c)

    /// The common bound of all functions of this module: |computed - f(x)| < maxUlps ulp.
    [<Literal>]
    let maxUlps = 0.61

    /// Square root, correctly rounded: wrong by at most 0.5 ulp.
    /// sqrt x = RN(√x), sqrt -0 = -0
    let sqrt (x: float) : float = Math.Sqrt x

    /// 2^q (hi + lo) where the result may be subnormal, infinite or no number at all.
    let private expAtTheEnds (x: float) : float =
        if Double.IsNaN x then
            x
        elif x > 709.8 then
            Double.PositiveInfinity
        elif x < -745.2 then
            0.0
        else
            let struct (hi, lo, exponent) = expParts x

            if exponent > 0 then
                (hi + lo) * powerOfTwo (exponent - 1) * 2.0
            else
                // In units of 2⁻¹⁰²² a subnormal result has the spacing that floats have between 1 and 2: adding 1 rounds it, once.
                let scale = powerOfTwo (exponent + 1022)
                let high, low = hi * scale, lo * scale

                if high + low < 1.0 then
                    let struct (sum, rest) = ErrorFree.fastTwoSum 1.0 high
                    (sum + (rest + low) - 1.0) * 2.2250738585072014e-308
                else
                    (high + low) * 2.2250738585072014e-308

    /// Exponential function. Wrong by at most 0.52 ulp.
    /// exp x = eˣ
    ///
    /// Budget: δ of expParts, 2⁻⁵⁹·¹: 0.015 ulp; the final addition: 0.5 ulp. Scaling is exact; where the result is subnormal the addition
    /// of 1 is the final one, in the spacing of the result.
    let exp (x: float) : float =
        if Math.Abs x < 708.0 then
            let struct (hi, lo, exponent) = expParts x
            (hi + lo) * powerOfTwo exponent
        else
            expAtTheEnds x

    /// Exponential function minus one, accurate near 0. Wrong by at most 0.59 ulp.
    /// expm1 x = eˣ - 1, expm1 -0 = -0
    ///
    /// Budget, besides 0.5 ulp for the final addition:
    ///   |x| < 2⁻⁵⁴: expm1 x = x (1 + x/2 + …), so x itself is wrong by 0.26 ulp in all.
    ///   |x| < 1/4: the result is at least 1.13 x for x > 0, 0.88 |x| for x < 0; the tail, below 0.0111 x or 0.0098 |x|, is wrong by
    ///   5.5 ε relatively, the two additions by ε: 7.5 · 0.0098 / 0.88 = 0.084 ulp;
    ///   remainder x¹³/14! ≤ 2⁻⁶²: 0.002 ulp.
    ///   |x| < 45: δ eˣ ≤ 4.53 · 2⁻⁵⁹·¹ |result|: 0.067 ulp; rounding the small part, below 0.0124 |result|: 0.0124 ulp.
    ///   x ≥ 45: leaving out 1 costs e⁻⁴⁵ < 2⁻⁶⁴ relatively. x ≤ -45: leaving out eˣ likewise.
    let expm1 (x: float) : float =
        let size = Math.Abs x

        if size < 0.25 then
            if size < 5.551115123125783e-17 then
                x
            else
                let struct (hi, lo) = expm1Small x
                hi + lo
        elif size < 45.0 then
            let struct (hi, lo) = expm1Large x
            hi + lo
        elif x < 0.0 then
            -1.0
        else
            exp x

    /// Logarithm of what is no positive normal finite float.
    let private logAtTheEnds (x: float) : float =
        if x = 0.0 then
            Double.NegativeInfinity
        elif x < 0.0 then
            Double.NaN
        elif Double.IsFinite x then
            // 2⁵² x is exact and normal.
            let struct (m, slice, exponent) = split (x * 4503599627370496.0)
            let struct (hi, lo) = logParts m slice (exponent - 52) 0.0
            hi + lo
        else
            x

    /// Natural logarithm. Wrong by at most 0.54 ulp.
    /// log(eˣ) = x, log 0 = -∞, the logarithm of a negative number is NaN
    ///
    /// Budget: δ of logParts, 2⁻⁵⁸: 0.032 ulp; the final addition: 0.5 ulp.
    let log (x: float) : float =
        if x >= 2.2250738585072014e-308 && x <= Double.MaxValue then
            let struct (m, slice, exponent) = split x
            let struct (hi, lo) = logParts m slice exponent 0.0
            hi + lo
        else
            logAtTheEnds x

    /// Logarithm of one plus x, accurate near 0. Wrong by at most 0.54 ulp.
    /// log1p x = log(1 + x), log1p -0 = -0, log1p -1 = -∞
    ///
    /// Budget: |x| ≤ 2⁻⁷: logTail, 2⁻⁵⁸ |x|, where the result is at least 0.996 |x|: 0.032 ulp; the final addition: 0.5 ulp.
    /// Otherwise 1 + x is a sum of two floats without error, and the budget is that of log.
    /// x ≥ 2⁵⁴: leaving out 1 costs 2⁻⁵⁴, where the result is above 37: 2⁻⁵⁹ relatively.
    let log1p (x: float) : float =
        if Math.Abs x <= 0.0078125 then
            x + logTail x
        elif x > -1.0 && x < 18014398509481984.0 then
            let struct (u, v) = ErrorFree.twoSum 1.0 x
            let struct (hi, lo) = logPair u v
            hi + lo
        elif x = -1.0 then
            Double.NegativeInfinity
        else
            log x

    /// Hyperbolic tangent. Wrong by at most 0.58 ulp, exactly odd.
    /// tanh x = (eˣ - e⁻ˣ) / (eˣ + e⁻ˣ), tanh -0 = -0, tanh(±∞) = ±1
    ///
    /// Budget, besides 0.5 ulp for the final addition, for x ≥ 0:
    ///   x < 1/8: the result is at least 0.994 x. The tail, below 0.0053 x, is wrong by 3ε relatively: 0.016 ulp;
    ///   the series alternates with decreasing terms, so its remainder is below the first term left out, 2.1 10⁻¹⁸ x: 0.019 ulp.
    ///   x < 20: δ of e²ˣ is (1 - tanh² x)/2 · δ ≤ 3.96 · 2⁻⁵⁹·¹ relatively: 0.058 ulp. The quotient is wrong by ε at most;
    ///   the remainder restores it up to 8ε² (2/d is the reciprocal up to ε), and 2⁻¹⁰⁰ of the result.
    ///   The sum d + dRest is e²ˣ + 1 up to ε times sumRest + eRest, 0.0028 ε relatively: another 0.012 ulp.
    ///   x ≥ 20: 1 is wrong by 2e⁻⁴⁰ = 0.08 · 2⁻⁵³.
    let tanh (x: float) : float =
        let size = Math.Abs x

        if size < 0.125 then
            let struct (cube, factor) = tanhSmall size
            Math.CopySign(fma cube factor size, x)
        elif size < 20.0 then
            let struct (hi, lo) = tanhLarge size
            Math.CopySign(hi + lo, x)
        elif Double.IsNaN x then
            x
        else
            Math.CopySign(1.0, x)

    /// Logistic function. Wrong by at most 0.53 ulp.
    /// logistic x = 1 / (1 + e⁻ˣ) = (1 + tanh(x/2)) / 2
    ///
    /// Budget: |x| < 45: δ of e⁻ˣ: 0.015 ulp; the rounding of the small part of the denominator, 0.0028 ε: 0.003 ulp;
    /// the quotient is restored by its remainder up to 4ε²; the final addition: 0.5 ulp.
    /// x ≥ 45: 1 is wrong by e⁻⁴⁵ < 2⁻⁶⁴. x ≤ -45: eˣ is off by e⁻⁴⁵ relatively.
    let logistic (x: float) : float =
        if Math.Abs x < 45.0 then
            let struct (quotient, rest) = logisticParts x
            fma rest quotient quotient
        elif x > 0.0 then
            1.0
        else
            exp x

    /// The smooth positive part. Wrong by at most 0.56 ulp.
    /// softplus x = log(1 + eˣ) = max(x, 0) + log(1 + e^(-|x|))
    ///
    /// Budget, besides 0.5 ulp for the final addition, with e = e^(-|x|):
    ///   |x| < 40: δ of e: 0.015 ulp (log(1 + e) is less sensitive than e); log(1 + e), 2⁻⁵⁸: 0.032 ulp;
    ///   rounding the small parts, below 0.0042 of the result: 0.01 ulp. For x > 0 one more: 0.0042 ε.
    ///   x ≥ 40: leaving out log(1 + e) costs e⁻⁴⁰, 0.001 ulp. x ≤ -40: eˣ - e²ˣ/2 + … is eˣ up to e⁻⁴⁰/2: 0.02 ulp beyond exp.
    let softplus (x: float) : float =
        if Math.Abs x < 40.0 then
            let struct (hi, lo) = softplusSum x
            hi + lo
        elif x > 0.0 then
            x
        else
            exp x

    /// Sine, over the whole range of floats. Wrong by at most 0.52 ulp, exactly odd.
    /// sin x = x - x³/6 + …, sin -0 = -0, sin(±∞) = NaN
    ///
    /// Budget: |x| < 2⁻²⁷: x³/6 ≤ 2⁻⁵⁶·⁵ |x|: 0.09 ulp, and no rounding. Otherwise sineNear, 0.512 ulp, of a reduced angle
    /// that is wrong by 2⁻¹¹⁷: 0.008 ulp where |r| < 2⁻⁵⁰ (and then the other errors are nothing), else nothing.
    /// Every step is symmetric under a change of sign.
    let sin (x: float) : float =
        let size = Math.Abs x

        if size < LargeAngle then
            if size < 7.450580596923828e-09 then
                x
            else
                let struct (j, r, s) = reduceModerate x
                sineNear j r s
        elif Double.IsFinite x then
            let struct (j, r, s) = reduceLarge size
            Math.CopySign(1.0, x) * sineNear j r s
        else
            Double.NaN

    /// Cosine, over the whole range of floats. Wrong by at most 0.52 ulp, exactly even.
    /// cos x = sin(x + π/2), a shift by 32 of 128 parts of the circle; cos(±∞) = NaN
    ///
    /// Budget: as for sin.
    let cos (x: float) : float =
        let size = Math.Abs x

        if size < LargeAngle then
            let struct (j, r, s) = reduceModerate size
            sineNear (j + 32) r s
        elif Double.IsFinite x then
            let struct (j, r, s) = reduceLarge size
            sineNear (j + 32) r s
        else
            Double.NaN

    /// Inverse tangent. Wrong by at most 0.51 ulp, exactly odd.
    /// arctan x = ∫₀ˣ dt / (1 + t²), arctan -0 = -0, arctan(±∞) = ±π/2
    ///
    /// Budget: δ of atanSum, 2⁻⁶²: 0.002 ulp; the final addition: 0.5 ulp. A subnormal x is its own inverse tangent up to x³/3.
    let atan (x: float) : float =
        let size = Math.Abs x

        if size < Double.PositiveInfinity then
            let struct (hi, lo) = atanSum size
            Math.CopySign(hi + lo, x)
        elif Double.IsNaN x then
            x
        else
            Math.CopySign(1.5707963267948966, x)

    /// 2/√π x, with one rounding also where the result is subnormal.
    let private erfNearZero (x: float) : float =
        // In units of 2⁻¹⁰²² a subnormal result has the spacing that floats have between 1 and 2: adding 1 rounds it, once.
        let struct (high, low) = erfLine (x * powerOfTwo 1022)

        if high + low < 1.0 then
            let struct (sum, rest) = ErrorFree.fastTwoSum 1.0 high
            (sum + (rest + low) - 1.0) * 2.2250738585072014e-308
        else
            (high + low) * 2.2250738585072014e-308

    /// The error function. Wrong by at most 0.54 ulp, exactly odd.
    /// erf x = 2/√π ∫₀ˣ e^(-t²) dt, erf -0 = -0, erf(±∞) = ±1
    ///
    /// Budget: δ of erfSum, 2⁻⁵⁷·⁶: 0.04 ulp; the final addition: 0.5 ulp.
    ///   x ≥ 5.9375: 1 is wrong by erfc 5.9375 < 0.42 · 2⁻⁵³.
    let erf (x: float) : float =
        let size = Math.Abs x

        if size < ErfIsOne then
            if size < ErfIsLinear then
                Math.CopySign(erfNearZero size, x)
            else
                let struct (hi, lo) = erfSum size
                Math.CopySign(hi + lo, x)
        elif Double.IsNaN x then
            x
        else
            Math.CopySign(1.0, x)
