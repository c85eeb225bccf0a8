namespace LayerTime.Core.Engine

open System.Runtime.CompilerServices
open System.Runtime.Intrinsics

/// <summary>tanh, the logistic function and softplus of four floats at once, without tables, for sweeps over many samples.</summary>
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

    let inline private fma (a: Vector256<float>) (b: Vector256<float>) (c: Vector256<float>) : Vector256<float> =
        Vector256.FusedMultiplyAdd(a, b, c)

    let inline private all (x: float) : Vector256<float> = Vector256.Create x

    /// 1.5 · 2⁵²: adding it rounds to the nearest integer and leaves that integer in the low bits.
    [<Literal>]
    let private Shift = 6755399441055744.0

    /// log 2 in two parts: the first has 21 trailing zero bits, so that its multiples by less than 2²⁰ are exact; both together miss less than 2⁻⁸⁶.
    [<Literal>]
    let private LogTwoHigh = 0.6931471803691238

    [<Literal>]
    let private LogTwoLow = 1.9082149292705877e-10

    /// t = k log 2 + r with the nearest integer k, |t| ≤ 746: k as it stands in the sum with Shift, and high + low = eʳ − 1.
    /// r is wrong by ε |r| at most (not at all for k = 0). With eʳ − 1 = r + r² q, r² q < 0.2 |r|; it carries the rounding of r², of q and of
    /// Taylor's remainder, less than 3 ε together, so that high + low is wrong by less than 1.7 ε |r|, or 0.7 ε |r| for k = 0.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let private reduced (t: Vector256<float>) : struct (Vector256<float> * Vector256<float> * Vector256<float>) =
        let shifted = fma t (all 1.4426950408889634) (all Shift)
        let k = shifted - all Shift
        let r = fma k (all -LogTwoLow) (fma k (all -LogTwoHigh) t)
        let r2 = r * r
        let r4 = r2 * r2
        // q = 1/2! + r/3! + … + r¹¹/13!, by pairs (Estrin).
        let pair a b = fma r (all b) (all a)
        let first = fma r2 (pair (1.0 / 24.0) (1.0 / 120.0)) (pair 0.5 (1.0 / 6.0))
        let second = fma r2 (pair (1.0 / 40320.0) (1.0 / 362880.0)) (pair (1.0 / 720.0) (1.0 / 5040.0))
        let third = fma r2 (pair (1.0 / 479001600.0) (1.0 / 6227020800.0)) (pair (1.0 / 3628800.0) (1.0 / 39916800.0))
        let q = fma r4 (fma r4 third second) first
        let high = fma r2 q r
        struct (shifted, high, fma r2 q (r - high))

    /// 2ᵏ for −1022 ≤ k ≤ 1023.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let private powerOfTwo (shifted: Vector256<float>) : Vector256<float> =
        Vector256.ShiftLeft(shifted.AsInt64() + Vector256.Create 1023L, 52).AsDouble()

    /// (a + a′)/(b + b′) for corrections a′, b′ of the order of a rounding, with one division: wrong by little more than its last rounding.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let private quotient (a: Vector256<float>) a' (b: Vector256<float>) b' : Vector256<float> =
        let inverse = Vector256<float>.One / b
        let q = a * inverse
        fma (fma -q b a + fma -q b' a') inverse q

    /// e²|ˣ| − 1 = e + e′, |x| taken as 20 at most: e with the sign of x, and e′.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let growth (x: Vector256<float>) : struct (Vector256<float> * Vector256<float>) =
        let size = Vector256.Min(Vector256.Abs x, all 20.0)
        let struct (shifted, high, low) = reduced (size + size)
        let scale = powerOfTwo shifted
        let rest = scale - all 1.0
        let e = fma scale high rest
        struct (Vector256.CopySign(e, x), fma scale low (fma scale high (rest - e)))

    /// tanh x of what `growth` says of x.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let tanhOfGrowth (signed: Vector256<float>) (e': Vector256<float>) : Vector256<float> =
        let e = Vector256.Abs signed
        let sum = e + all 2.0
        Vector256.CopySign(quotient e e' sum (e - (sum - all 2.0) + e'), signed)

    /// <summary>tanh x, wrong by less than 2 ulp, odd, exact at 0, ±1 from |x| = 20 on; NaN of NaN.</summary>
    /// <remarks>With e = e²ˣ − 1 for x ≥ 0, tanh x = e/(e + 2), and e = 2ᵏ (eʳ − 1) + (2ᵏ − 1). An error δ of e becomes 2δ/(2 + e) ≤ δ.</remarks>
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let tanh (x: Vector256<float>) : Vector256<float> =
        let struct (signed, e') = growth x
        tanhOfGrowth signed e'

    /// z = e⁻|ˣ| as a sum of two; 0 from |x| = 746 on.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let private decay (x: Vector256<float>) : struct (Vector256<float> * Vector256<float>) =
        let struct (shifted, high, low) = reduced (Vector256.Max(-(Vector256.Abs x), all -746.0))
        // 2ᵏ in two factors, as k goes down to −1076, below the smallest normal exponent.
        let k = shifted - all Shift
        let half = fma k (all 0.5) (all Shift)
        let first, second = powerOfTwo half, powerOfTwo (k - (half - all Shift) + all Shift)
        let z = all 1.0 + high
        let z' = high - (z - all 1.0) + low
        struct (z * first * second, z' * first * second)

    /// 1/(1 + e⁻ˣ), wrong by less than 2 ulp.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let logistic (x: Vector256<float>) : Vector256<float> =
        let struct (z, z') = decay x
        let isPositive = Vector256.GreaterThanOrEqual(x, Vector256<float>.Zero)
        let sum = all 1.0 + z

        let a, a' =
            Vector256.ConditionalSelect(isPositive, all 1.0, z), Vector256.ConditionalSelect(isPositive, Vector256<float>.Zero, z')

        quotient a a' sum (z - (sum - all 1.0) + z')

    /// log(1 + eˣ), wrong by less than 2 ulp.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let softplus (x: Vector256<float>) : Vector256<float> =
        // log(1 + z) = 2 artanh s = 2s (1 + s²/3 + s⁴/5 + …) with s = z/(2 + z) ≤ 1/3; what is left out is below 9⁻¹⁷/35 < 2⁻⁵⁹.
        let struct (z, z') = decay x
        let sum = all 2.0 + z
        let s = quotient z z' sum (z - (sum - all 2.0) + z')
        let w = s * s
        let w2 = w * w
        let w4 = w2 * w2
        let w8 = w4 * w4
        let pair (n: int) = fma w (all (1.0 / float (n + 2))) (all (1.0 / float n))
        let first = fma w4 (fma w2 (pair 15) (pair 11)) (fma w2 (pair 7) (pair 3))
        let second = fma w4 (fma w2 (pair 31) (pair 27)) (fma w2 (pair 23) (pair 19))
        let twice = s + s
        Vector256.Max(x, Vector256<float>.Zero) + fma twice (w * fma w8 second first) twice
