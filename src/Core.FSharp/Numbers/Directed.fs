namespace LayerTime.Core.Numbers

open System
open System.Runtime.CompilerServices
open System.Runtime.Intrinsics
open System.Runtime.Intrinsics.X86

/// <summary>The operations of IEEE 754 rounded towards +∞ (Up) and towards −∞ (Down), without touching a rounding mode.</summary>
/// <remarks>
/// Only Up is computed, because −Up(−a, …) is Down, signed zeros included. Rounding to nearest and rounding up agree in the sign
/// of a zero result, so Up is the nearest result x, or the float above x if the exact value exceeds x. What has to be known is
/// the sign of the exact error, nothing else: an inexact residual of the right sign is as good as an exact one.
/// </remarks>
[<RequireQualifiedAccess>]
module internal Directed =
    /// 2⁻⁹⁶⁸: from here on the residual of a product (and of a quotient, for its numerator) is a float, because it is a multiple of
    /// 2⁻¹⁰⁷⁴: with ulp(a) = 2^(i − 52), ulp(b) = 2^(j − 52) and i + j ≥ −970, the residual is a multiple of 2^(i + j − 104).
    [<Literal>]
    let private tiny = 4.008336720017946e-292

    /// 2⁻¹⁰²¹: quotients from here on are normal.
    [<Literal>]
    let private normal = 4.450147717014403e-308

    /// 2¹⁰²⁰: as long as |a b| and |c| stay below, no intermediate sum of the residual of a b + c overflows.
    [<Literal>]
    let private huge = 1.1235582092889474e307

    /// The lanes x with |x| ≥ 2⁻⁹⁶⁸; NaN is not among them.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let private isFar (x: Vector128<float>) : Vector128<float> = Vector128.GreaterThanOrEqual(Vector128.Abs x, Vector128.Create tiny)

    /// The lanes in which a or b is zero.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let isZeroProduct (a: Vector128<float>) (b: Vector128<float>) : Vector128<float> =
        Vector128.Equals(a, Vector128<float>.Zero) ||| Vector128.Equals(b, Vector128<float>.Zero)

    /// Whether the residual of m = max(RN(a b), RN(c d)) is known exactly in both lanes: m is far from zero, or each product is far
    /// from zero or zero itself. False if m is NaN.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let hasResidual (m: Vector128<float>) (a: Vector128<float>) (b: Vector128<float>) (c: Vector128<float>) (d: Vector128<float>) : bool =
        Vector128.ExtractMostSignificantBits(isFar m) = 3u
        || (let first, second = isFar (a * b) ||| isZeroProduct a b, isFar (c * d) ||| isZeroProduct c d
            Vector128.ExtractMostSignificantBits(first &&& second &&& Vector128.Equals(m, m)) = 3u)

    /// The same of two pairs at once.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let hasResiduals (m: Vector256<float>) (a: Vector256<float>) (b: Vector256<float>) (c: Vector256<float>) (d: Vector256<float>) : bool =
        let isFar (x: Vector256<float>) = Vector256.GreaterThanOrEqual(Vector256.Abs x, Vector256.Create tiny)

        let isZeroProduct (a: Vector256<float>) (b: Vector256<float>) =
            Vector256.Equals(a, Vector256<float>.Zero) ||| Vector256.Equals(b, Vector256<float>.Zero)

        Vector256.ExtractMostSignificantBits(isFar m) = 15u
        || (let first, second = isFar (a * b) ||| isZeroProduct a b, isFar (c * d) ||| isZeroProduct c d
            Vector256.ExtractMostSignificantBits(first &&& second &&& Vector256.Equals(m, m)) = 15u)

    /// The next float above where the mask is set, for lanes other than zero; above −∞ lies the least finite float.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let private aboveWhere (mask: Vector128<float>) (x: Vector128<float>) : Vector128<float> =
        let bits = x.AsInt64()
        // The bits of a positive float grow with it, those of a negative one shrink: +1 or −1.
        let step = Vector128.LessThan(bits, Vector128<int64>.Zero) ||| Vector128<int64>.One
        (bits + (mask.AsInt64() &&& step)).AsDouble()

    /// The smallest float ≥ (high + rest) 2ᵏ for the nearest float high and a rest with the sign of low. Scaling rounds where the
    /// result is subnormal; scaling back, which is exact, shows in which direction. A rest is too small to undo a rounding.
    let private scaleUp (high: float) (low: float) (k: int) : float =
        let x = Math.ScaleB(high, k)
        let back = Math.ScaleB(x, -k)
        if back < high || (back = high && low > 0.0) then Math.BitIncrement x else x

    /// Error-free transformations: the same bits on every machine.
    module Portable =
        /// RU(a + b), lane by lane.
        [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
        let sumUp (a: Vector128<float>) (b: Vector128<float>) : Vector128<float> =
            let s = a + b
            // With e = a + b − s: the difference of s and the larger operand is exact (Dekker), so comparing it with the other operand
            // tells the sign of e. The other comparison is of RN(a − e) and a, which are equal or differ as e says, because rounding is
            // monotone. The same monotony covers overflow: s = −∞ of finite operands becomes the least float, +∞ stays. An
            // infinite operand leaves NaN or two infinities, which are not less.
            aboveWhere (Vector128.LessThan(s - a, b) ||| Vector128.LessThan(s - b, a)) s

        /// m − max(a b, c d), lane by lane, where m = max(RN(a b), RN(c d)) has a residual: exact, because the residual of the larger
        /// product is a float, and that of the other one is not below it, before rounding and therefore after.
        [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
        let excessOfLarger
            (m: Vector128<float>)
            (a: Vector128<float>)
            (b: Vector128<float>)
            (c: Vector128<float>)
            (d: Vector128<float>)
            : Vector128<float> =
            Vector128.MinNative(Vector128.FusedMultiplyAdd(-a, b, m), Vector128.FusedMultiplyAdd(-c, d, m))

        /// The same of two pairs at once.
        [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
        let excessesOfLarger
            (m: Vector256<float>)
            (a: Vector256<float>)
            (b: Vector256<float>)
            (c: Vector256<float>)
            (d: Vector256<float>)
            : Vector256<float> =
            Vector256.MinNative(Vector256.FusedMultiplyAdd(-a, b, m), Vector256.FusedMultiplyAdd(-c, d, m))

        /// RU(max(a b, c d)), lane by lane, where m = max(RN(a b), RN(c d)) has a residual.
        [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
        let largerProductUp
            (m: Vector128<float>)
            (a: Vector128<float>)
            (b: Vector128<float>)
            (c: Vector128<float>)
            (d: Vector128<float>)
            : Vector128<float> =
            aboveWhere (Vector128.LessThan(excessOfLarger m a b c d, Vector128<float>.Zero)) m

        /// RU(a b), lane by lane, where |a b| ≥ 2⁻⁹⁶⁸ or a b = 0; overflow is covered as in the sum.
        let private productUpAwayFromZero (a: Vector128<float>) (b: Vector128<float>) : Vector128<float> =
            let p = a * b
            let residual = Vector128.FusedMultiplyAdd(a, b, -p)
            aboveWhere (Vector128.GreaterThan(residual, Vector128<float>.Zero)) p

        /// The lane of a product, computed with both factors scaled into [1, 2) if it is near zero.
        let private productNearZero (a: float) (b: float) (otherwise: float) : float =
            if Math.Abs(a * b) < tiny && a <> 0.0 && b <> 0.0 then
                let i, j = Math.ILogB a, Math.ILogB b
                let x, y = Math.ScaleB(a, -i), Math.ScaleB(b, -j)
                let struct (high, low) = ErrorFree.twoProduct x y
                scaleUp high low (i + j)
            else
                otherwise

        /// RU(a b), lane by lane.
        let productUp (a: Vector128<float>) (b: Vector128<float>) : Vector128<float> =
            let x = productUpAwayFromZero a b

            if Vector128.ExtractMostSignificantBits(isZeroProduct a b ||| isFar (a * b)) = 3u then
                x
            else
                Vector128.Create(
                    productNearZero (a.GetElement 0) (b.GetElement 0) (x.GetElement 0),
                    productNearZero (a.GetElement 1) (b.GetElement 1) (x.GetElement 1)
                )

        /// RU(a / b). The residual a − q b has the sign of the error times the sign of b.
        let quotientUp (a: float) (b: float) : float =
            let q = a / b
            let isSmall = Math.Abs a < tiny || Math.Abs q < normal

            if isSmall && a <> 0.0 && b <> 0.0 && Double.IsFinite b then
                let i, j = Math.ILogB a, Math.ILogB b
                let x, y = Math.ScaleB(a, -i), Math.ScaleB(b, -j)
                let high = x / y
                scaleUp high (Math.CopySign(1.0, y) * Math.FusedMultiplyAdd(-high, y, x)) (i - j)
            else
                let residual = Math.CopySign(1.0, b) * Math.FusedMultiplyAdd(-q, b, a)
                if residual > 0.0 then Math.BitIncrement q else q

        /// The nearest root and the sign of x − root². A small x is scaled by 2¹⁰⁸, so that the residual is a float.
        let private root (x: float) : struct (float * float) =
            if x > 0.0 && x < tiny then
                let y = x * 3.2451855365842673e32
                let r = Math.Sqrt y
                struct (r * 5.551115123125783e-17, Math.FusedMultiplyAdd(-r, r, y))
            else
                let r = Math.Sqrt x
                struct (r, Math.FusedMultiplyAdd(-r, r, x))

        /// RU(√x)
        let sqrtUp (x: float) : float =
            let struct (r, residual) = root x
            if residual > 0.0 then Math.BitIncrement r else r

        /// RD(√x)
        let sqrtDown (x: float) : float =
            let struct (r, residual) = root x
            if residual < 0.0 then Math.BitDecrement r else r

        /// RU(a b + c). In the middle of the range the error of the nearest result is γ + α (Boldo and Muller, "Exact and
        /// approximated error of the FMA", 2011); at the ends of the range fractions decide.
        let fmaUp (a: float) (b: float) (c: float) : float =
            let nearest = Math.FusedMultiplyAdd(a, b, c)
            let product = Math.Abs(a * b)

            if a = 0.0 || b = 0.0 || not (Double.IsFinite a && Double.IsFinite b && Double.IsFinite c) then
                nearest
            elif product >= tiny && product < huge && Math.Abs c < huge then
                let struct (high, low) = ErrorFree.twoProduct a b
                let struct (α1, α2) = ErrorFree.twoSum c low
                let struct (β1, β2) = ErrorFree.twoSum high α1
                let γ = (β1 - nearest) + β2
                if γ + α2 > 0.0 then Math.BitIncrement nearest else nearest
            elif Double.IsInfinity nearest then
                Math.BitIncrement nearest
            else
                let exact = Rational.ofFloat a * Rational.ofFloat b + Rational.ofFloat c
                if Rational.Compare(Rational.ofFloat nearest, exact) < 0 then Math.BitIncrement nearest else nearest

    /// The rounding that AVX-512 can state in each instruction: the same bits with fewer instructions. Only where Avx512F.IsSupported.
    module Hardware =
        [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
        let private widen (x: Vector128<float>) : Vector512<float> = x.ToVector256Unsafe().ToVector512Unsafe()

        [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
        let private narrow (x: Vector512<float>) : Vector128<float> = x.GetLower().GetLower()

        /// RU(a + b), lane by lane.
        [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
        let sumUp (a: Vector128<float>) (b: Vector128<float>) : Vector128<float> =
            narrow (Avx512F.Add(widen a, widen b, FloatRoundingMode.ToPositiveInfinity))

        /// RU(a b), lane by lane.
        [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
        let productUp (a: Vector128<float>) (b: Vector128<float>) : Vector128<float> =
            narrow (Avx512F.Multiply(widen a, widen b, FloatRoundingMode.ToPositiveInfinity))

        /// RU(a / b)
        let quotientUp (a: float) (b: float) : float =
            Avx512F.DivideScalar(Vector128.CreateScalar a, Vector128.CreateScalar b, FloatRoundingMode.ToPositiveInfinity).ToScalar()

        /// RU(√x)
        let sqrtUp (x: float) : float =
            let x = Vector128.CreateScalar x
            Avx512F.SqrtScalar(x, x, FloatRoundingMode.ToPositiveInfinity).ToScalar()

        /// RD(√x)
        let sqrtDown (x: float) : float =
            let x = Vector128.CreateScalar x
            Avx512F.SqrtScalar(x, x, FloatRoundingMode.ToNegativeInfinity).ToScalar()

        /// RU(a b + c)
        let fmaUp (a: float) (b: float) (c: float) : float =
            Avx512F
                .FusedMultiplyAddScalar(
                    Vector128.CreateScalar a,
                    Vector128.CreateScalar b,
                    Vector128.CreateScalar c,
                    FloatRoundingMode.ToPositiveInfinity
                )
                .ToScalar()

    /// RU(a + b), lane by lane.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let sumUp (a: Vector128<float>) (b: Vector128<float>) : Vector128<float> =
        if Avx512F.IsSupported then Hardware.sumUp a b else Portable.sumUp a b

    /// RU(max(a b, c d)), lane by lane, where m = max(RN(a b), RN(c d)) has a residual.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let largerProductUp
        (m: Vector128<float>)
        (a: Vector128<float>)
        (b: Vector128<float>)
        (c: Vector128<float>)
        (d: Vector128<float>)
        : Vector128<float> =
        if Avx512F.IsSupported then
            Vector128.MaxNative(Hardware.productUp a b, Hardware.productUp c d)
        else
            Portable.largerProductUp m a b c d

    /// RU(a b), lane by lane.
    let productUp (a: Vector128<float>) (b: Vector128<float>) : Vector128<float> =
        if Avx512F.IsSupported then Hardware.productUp a b else Portable.productUp a b

    /// RU(a + b)
    let addUp (a: float) (b: float) : float = (sumUp (Vector128.Create a) (Vector128.Create b)).ToScalar()
    /// RD(a + b)
    let addDown (a: float) (b: float) : float = -(addUp -a -b)
    /// RU(a − b)
    let subtractUp (a: float) (b: float) : float = addUp a -b
    /// RD(a − b)
    let subtractDown (a: float) (b: float) : float = -(addUp -a b)
    /// RU(a b)
    let multiplyUp (a: float) (b: float) : float = (productUp (Vector128.Create a) (Vector128.Create b)).ToScalar()
    /// RD(a b)
    let multiplyDown (a: float) (b: float) : float = -(multiplyUp -a b)
    /// RU(a / b)
    let divideUp (a: float) (b: float) : float = if Avx512F.IsSupported then Hardware.quotientUp a b else Portable.quotientUp a b
    /// RD(a / b)
    let divideDown (a: float) (b: float) : float = -(divideUp -a b)
    /// RU(√x)
    let sqrtUp (x: float) : float = if Avx512F.IsSupported then Hardware.sqrtUp x else Portable.sqrtUp x
    /// RD(√x)
    let sqrtDown (x: float) : float = if Avx512F.IsSupported then Hardware.sqrtDown x else Portable.sqrtDown x
    /// RU(a b + c)
    let fmaUp (a: float) (b: float) (c: float) : float = if Avx512F.IsSupported then Hardware.fmaUp a b c else Portable.fmaUp a b c

    /// RD(a b + c)
    let fmaDown (a: float) (b: float) (c: float) : float = -(fmaUp -a b -c)

    /// The smallest float ≥ q; +∞ where there is none that is finite.
    let ofRationalUp (q: Rational) : float =
        let nearest = Rational.toFloat q

        if Double.IsPositiveInfinity nearest then nearest
        elif Double.IsNegativeInfinity nearest then Double.MinValue
        elif Rational.Compare(Rational.ofFloat nearest, q) < 0 then Math.BitIncrement nearest
        else nearest
