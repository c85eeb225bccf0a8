namespace LayerTime.Core.Numbers

open System

/// The elementary functions before they are rounded: unevaluated sums hi + lo, which Elementary rounds to the nearest float
/// and IntervalEnds outward. The errors that the budgets of Elementary list without the final addition are those of these sums.
module internal ElementarySums =
    open ElementaryKernels

    let inline private fma (a: float) (b: float) (c: float) : float = Math.FusedMultiplyAdd(a, b, c)

    /// eˣ − 1 for 2⁻⁵⁴ ≤ |x| < 1/4: x²/2 as a float and its error, x + x²/2 without error, then the terms from x³/6 on.
    let expm1Small (x: float) : struct (float * float) =
        let square = x * x
        let half = 0.5 * square
        let halfError = 0.5 * fma x x -square
        let a = fma x (1.0 / 24.0) (1.0 / 6.0)
        let b = fma x (1.0 / 720.0) (1.0 / 120.0)
        let c = fma x (1.0 / 40320.0) (1.0 / 5040.0)
        let d = fma x (1.0 / 3628800.0) (1.0 / 362880.0)
        let e = fma square (1.0 / 6227020800.0) (fma x (1.0 / 479001600.0) (1.0 / 39916800.0))
        let quartic = square * square
        let low = fma square b a
        let high = fma square d c
        let tail = x * square * fma quartic (fma quartic e high) low
        let struct (hi, hiError) = ErrorFree.fastTwoSum x half
        struct (hi, hiError + (halfError + tail))

    /// eˣ − 1 for 1/4 ≤ |x| < 45.
    let inline expm1Large (x: float) : struct (float * float) =
        let struct (hi, lo) = expPair x
        let struct (difference, rest) = ErrorFree.twoSum hi -1.0
        struct (difference, rest + lo)

    /// tanh x = x + a b for 0 ≤ x < 1/8: x³ and the rest of x − x³/3 + ….
    let inline tanhSmall (x: float) : struct (float * float) =
        let square = x * x
        let quartic = square * square
        let a = fma square (2.0 / 15.0) (-1.0 / 3.0)
        let b = fma square (62.0 / 2835.0) (-17.0 / 315.0)
        let c = fma square (21844.0 / 6081075.0) (-1382.0 / 155925.0)
        let high = fma quartic (-929569.0 / 638512875.0) c
        struct (x * square, fma quartic (fma quartic high b) a)

    /// tanh x = 1 − 2 / (e²ˣ + 1) for 1/8 ≤ x < 20.
    let inline tanhLarge (x: float) : struct (float * float) =
        let struct (e, eRest) = expPair (2.0 * x)
        let struct (sum, sumRest) = ErrorFree.fastTwoSum e 1.0
        let struct (d, dRest) = ErrorFree.fastTwoSum sum (sumRest + eRest)
        let quotient = 2.0 / d
        let remainder = fma -quotient dRest (fma -quotient d 2.0)
        let struct (difference, rest) = ErrorFree.fastTwoSum 1.0 -quotient
        struct (difference, fma remainder (-0.5 * quotient) rest)

    /// logistic x = q + q r for |x| < 45: the quotient 1 / (1 + e⁻ˣ), and what its remainder says is missing.
    let inline logisticParts (x: float) : struct (float * float) =
        let struct (e, eRest) = expPair -x
        let struct (sum, sumRest) = ErrorFree.twoSum e 1.0
        let struct (d, dRest) = ErrorFree.fastTwoSum sum (sumRest + eRest)
        let quotient = 1.0 / d
        struct (quotient, fma -quotient dRest (fma -quotient d 1.0))

    /// log(1 + e + rest), for 0 ≤ e ≤ 1 and |rest| ≤ 0.00272 e.
    let inline private log1pSum (e: float) (rest: float) : struct (float * float) =
        if e < 0.0075 then
            let struct (a, b) = ErrorFree.fastTwoSum e rest
            struct (a, b + logTail a)
        else
            let struct (sum, sumRest) = ErrorFree.fastTwoSum 1.0 e
            let struct (u, v) = ErrorFree.fastTwoSum sum (sumRest + rest)
            logPair u v

    /// softplus x = max(x, 0) + log(1 + e^(−|x|)) for |x| < 45.
    let inline softplusSum (x: float) : struct (float * float) =
        let struct (e, rest) = expPair -(Math.Abs x)
        let struct (hi, lo) = log1pSum e rest
        let struct (sum, sumRest) = ErrorFree.twoSum (Math.Max(x, 0.0)) hi
        struct (sum, sumRest + lo)
