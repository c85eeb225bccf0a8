namespace LayerTime.Core.Engine

open System.Runtime.CompilerServices

/// <summary>tanh, the logistic function and softplus of several floats at once, without tables, for sweeps over many samples.</summary>
/// <remarks>
/// Every operation is one of IEEE 754 (fused multiply-add included), lane by lane, so the bits are the same on every machine. ε = 2⁻⁵³.
/// All three stand on p = eʳ − 1 with |r| ≤ (log 2)/2 = 0.3466. Errors relative to the true value:
/// expm1's Taylor remainder after r¹³/13! is below r¹⁴/14! · 1.03, relative to |eʳ − 1| ≥ 0.84 |r| below 2⁻⁵⁶·⁴ = 0.1 ε.
/// </remarks>
[<RequireQualifiedAccess>]
module internal LaneFunctions =
    /// More than any of the functions is wrong, in units in the last place.
    [<Literal>]
    let maxUlps = 2.0

    let inline private fma a b c = Lanes.fma a b c

    let inline private all x = Lanes.all x

    // 1/n, with the operators of numbers.
    let inline private reciprocal (n: float) = all (1.0 / n)

    open LaneArithmetic

    /// 1.5 · 2⁵²: adding it rounds to the nearest integer and leaves that integer in the low bits.
    [<Literal>]
    let private Shift = 6755399441055744.0

    /// −log 2 in two parts: the first has 21 trailing zero bits, so that its multiples by less than 2²⁰ are exact; both together miss less than 2⁻⁸⁶.
    [<Literal>]
    let private MinusLogTwoHigh = -0.6931471803691238

    [<Literal>]
    let private MinusLogTwoLow = -1.9082149292705877e-10

    /// t = k log 2 + r with the nearest integer k, |t| ≤ 746: k as it stands in the sum with Shift, and high + low = eʳ − 1.
    /// r is wrong by ε |r| at most (not at all for k = 0). With eʳ − 1 = r + r² q, r² q < 0.2 |r|; it carries the rounding of r², of q and of
    /// Taylor's remainder, less than 3 ε together, so that high + low is wrong by less than 1.7 ε |r|, or 0.7 ε |r| for k = 0.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let private reduced<'V when 'V :> ILanes<'V>> (t: 'V) : struct ('V * 'V * 'V) =
        let shifted = fma (all 1.4426950408889634) t (all Shift)
        let k = shifted - all Shift
        let r = fma k (all MinusLogTwoLow) (fma k (all MinusLogTwoHigh) t)
        let r2 = r * r
        let r4 = r2 * r2
        // q = 1/2! + r/3! + … + r¹¹/13!, by pairs (Estrin).
        // The factor that is not used again comes first: the processor puts the result in its place.
        let inline pair (a: float) (b: float) : 'V = fma (reciprocal b) r (reciprocal a)
        let first = fma (pair 24.0 120.0) r2 (pair 2.0 6.0)
        let second = fma (pair 40320.0 362880.0) r2 (pair 720.0 5040.0)
        let third = fma (pair 479001600.0 6227020800.0) r2 (pair 3628800.0 39916800.0)
        let q = fma (fma third r4 second) r4 first
        let high = fma r2 q r
        struct (shifted, high, fma r2 q (r - high))

    /// −(a + a′)/(b + b′) for corrections a′, b′ of the order of a rounding, with one division: wrong by little more than its last rounding.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let private minusQuotient<'V when 'V :> ILanes<'V>> (a: 'V) a' (b: 'V) b' : 'V =
        let inverse = all -1.0 / b
        let q = inverse * a
        fma (fma b q a + fma b' q a') inverse q

    /// e²ˣ − 1 = e + e′ for x ≥ 0, taken as 20 at most.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let private growthOfSize<'V when 'V :> ILanes<'V>> (x: 'V) : struct ('V * 'V) =
        let size = 'V.Min(all 20.0, x)
        let struct (shifted, high, low) = reduced (size + size)
        let scale = 'V.PowerOfTwo shifted
        let rest = scale - all 1.0
        let e = fma scale high rest
        struct (e, fma scale low (fma scale high (rest - e)))

    /// tanh |x| with the sign of another number, from e²|ˣ| − 1 = e + e′.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let private tanhOfSize<'V when 'V :> ILanes<'V>> (e: 'V) (e': 'V) (sign: 'V) : 'V =
        let sum = e + all 2.0
        'V.CopySign(minusQuotient e e' sum (e - (sum - all 2.0) + e'), sign)

    /// e²|ˣ| − 1 = e + e′, |x| taken as 20 at most: e with the sign of x, and e′.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let growth<'V when 'V :> ILanes<'V>> (x: 'V) : struct ('V * 'V) =
        let struct (e, e') = growthOfSize ('V.Abs x)
        struct ('V.CopySign(e, x), e')

    /// tanh x of what `growth` says of x.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let tanhOfGrowth<'V when 'V :> ILanes<'V>> (signed: 'V) (e': 'V) : 'V = tanhOfSize ('V.Abs signed) e' signed

    /// <summary>tanh x, wrong by less than 2 ulp, odd, exact at 0, ±1 from |x| = 20 on; NaN of NaN.</summary>
    /// <remarks>With e = e²ˣ − 1 for x ≥ 0, tanh x = e/(e + 2), and e = 2ᵏ (eʳ − 1) + (2ᵏ − 1). An error δ of e becomes 2δ/(2 + e) ≤ δ.</remarks>
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let tanh<'V when 'V :> ILanes<'V>> (x: 'V) : 'V =
        let struct (e, e') = growthOfSize ('V.Abs x)
        tanhOfSize e e' x

    /// z = e⁻|ˣ| as a sum of two; 0 from |x| = 746 on.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let private decay<'V when 'V :> ILanes<'V>> (x: 'V) : struct ('V * 'V) =
        let struct (shifted, high, low) = reduced ('V.Max(all -746.0, -('V.Abs x)))
        // 2ᵏ in two factors, as k goes down to −1076, below the smallest normal exponent.
        let k = shifted - all Shift
        let half = fma k (all 0.5) (all Shift)
        let first, second = 'V.PowerOfTwo half, 'V.PowerOfTwo(k - (half - all Shift) + all Shift)
        let z = all 1.0 + high
        let z' = high - (z - all 1.0) + low
        struct (z * first * second, z' * first * second)

    /// 1/(1 + e⁻ˣ), wrong by less than 2 ulp.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let logistic<'V when 'V :> ILanes<'V>> (x: 'V) : 'V =
        let struct (z, z') = decay x
        let sum = all 1.0 + z
        let a, a' = 'V.WhereNotPositive(x, z, all 1.0), 'V.WhereNotPositive(x, z', all 0.0)
        -(minusQuotient a a' sum (z - (sum - all 1.0) + z'))

    /// log(1 + eˣ), wrong by less than 2 ulp.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let softplus<'V when 'V :> ILanes<'V>> (x: 'V) : 'V =
        // log(1 + z) = 2 artanh s = 2s (1 + s²/3 + s⁴/5 + …) with s = z/(2 + z) ≤ 1/3, minus s at hand; what is left out is below 9⁻¹⁷/35 < 2⁻⁵⁹.
        let struct (z, z') = decay x
        let sum = all 2.0 + z
        let minus = minusQuotient z z' sum (z - (sum - all 2.0) + z')
        let w = minus * minus
        let w2 = w * w
        let w4 = w2 * w2
        let w8 = w4 * w4
        let inline pair (n: float) (next: float) : 'V = fma w (reciprocal next) (reciprocal n)
        let first = fma w4 (fma w2 (pair 15.0 17.0) (pair 11.0 13.0)) (fma w2 (pair 7.0 9.0) (pair 3.0 5.0))
        let second = fma w4 (fma w2 (pair 31.0 33.0) (pair 27.0 29.0)) (fma w2 (pair 23.0 25.0) (pair 19.0 21.0))
        let twice = minus + minus
        'V.Max(all 0.0, x) - fma twice (w * fma w8 second first) twice

    // Where t ≤ 0; no comparison with NaN is true, so that it stays.

    let inline relu<'V when 'V :> ILanes<'V>> (t: 'V) : 'V = 'V.WhereNotPositive(t, all 0.0, t)

    let inline leakyRelu<'V when 'V :> ILanes<'V>> (slope: float) (t: 'V) : 'V = 'V.WhereNotPositive(t, all slope * t, t)

    let inline square<'V when 'V :> ILanes<'V>> (t: 'V) : 'V = t * t

    /// t + t³/3
    let inline cubic<'V when 'V :> ILanes<'V>> (t: 'V) : 'V = fma (t * t * t) (reciprocal 3.0) t

    // The functions with their slopes, at a kink from the left.

    let inline leakyReluBoth<'V when 'V :> ILanes<'V>> (slope: float) (t: 'V) : struct ('V * 'V) =
        struct (leakyRelu slope t, 'V.WhereNotPositive(t, all slope, all 1.0))

    let inline reluBoth<'V when 'V :> ILanes<'V>> (t: 'V) : struct ('V * 'V) = struct (relu t, 'V.WhereNotPositive(t, all 0.0, all 1.0))

    let inline squareBoth<'V when 'V :> ILanes<'V>> (t: 'V) : struct ('V * 'V) = struct (t * t, t + t)

    let inline cubicBoth<'V when 'V :> ILanes<'V>> (t: 'V) : struct ('V * 'V) = struct (cubic t, fma t t (all 1.0))

    let inline softplusBoth<'V when 'V :> ILanes<'V>> (t: 'V) : struct ('V * 'V) = struct (softplus t, logistic t)

    let inline logisticBoth<'V when 'V :> ILanes<'V>> (t: 'V) : struct ('V * 'V) =
        let s = logistic t
        struct (s, s * logistic -t)

    /// tanh and its slope 1 − tanh², of what `growth` says.
    let inline tanhBothOfGrowth<'V when 'V :> ILanes<'V>> (e: 'V) (e': 'V) : struct ('V * 'V) =
        let s = tanhOfGrowth e e'
        struct (s, fma -s s (all 1.0))
