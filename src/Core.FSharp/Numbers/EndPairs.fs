namespace LayerTime.Core.Numbers

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Runtime.Intrinsics
open System.Runtime.Intrinsics.X86

/// <summary>The arithmetic of intervals on pairs of ends (−lower, upper), one lane each.</summary>
/// <remarks>
/// With the sign of the lower end changed, both ends of a result are largest values, and both round upwards. The empty set is
/// (−∞, −∞), and no lane of another pair is −∞. The sign of a zero means nothing.
/// </remarks>
[<RequireQualifiedAccess>]
module internal EndPairs =
    /// ∅
    let inline empty () : Vector128<float> = Vector128.Create Double.NegativeInfinity
    /// ℝ
    let inline entire () : Vector128<float> = Vector128.Create Double.PositiveInfinity

    /// Whether there is no member.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let isEmpty (a: Vector128<float>) : bool = a.ToScalar() = Double.NegativeInfinity

    /// −a
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let mirror (a: Vector128<float>) : Vector128<float> = Vector128.Shuffle(a, Vector128.Create(1L, 0L))

    /// a, or −a if b is negative. The ends of a b for a number b are those of a or −a times |b|.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let signed (a: Vector128<float>) (isNegative: Vector128<float>) : Vector128<float> =
        Vector128.ConditionalSelect(isNegative, mirror a, a)

    /// a + b
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let sum (a: Vector128<float>) (b: Vector128<float>) : Vector128<float> =
        let ends = Directed.sumUp a b
        // −∞ + ∞ happens only to the empty set beside an unbounded one.
        if Vector128.EqualsAll(ends, ends) then ends else empty ()

    /// The lower end of b in both lanes, with its sign changed.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let private minusLower (b: Vector128<float>) : Vector128<float> = Vector128.Shuffle(b, Vector128.Create(0L, 0L))

    /// The upper end of b in both lanes.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let private upper (b: Vector128<float>) : Vector128<float> = Vector128.Shuffle(b, Vector128.Create(1L, 1L))

    /// a b where an end is infinite or a product near the smallest floats.
    let private productAtTheEnds (a: Vector128<float>) (b: Vector128<float>) : Vector128<float> =
        if isEmpty a || isEmpty b then
            empty ()
        else
            let zero = Vector128<float>.Zero
            let low, high = minusLower b, upper b

            // An end that is zero stands for the member 0, an infinite one for arbitrarily large members: 0 · ∞ = 0.
            let times (x: Vector128<float>) (y: Vector128<float>) =
                Vector128.ConditionalSelect(Directed.isZeroProduct x y, zero, Directed.productUp x y)

            let first = times (signed a (Vector128.GreaterThan(low, zero))) (Vector128.Abs low)
            let second = times (signed a (Vector128.LessThan(high, zero))) (Vector128.Abs high)
            Vector128.MaxNative(first, second)

    // Vectors are returned through memory, floats in registers: what is rare shall not slow down what is frequent.
    [<MethodImpl(MethodImplOptions.NoInlining)>]
    let private minusLowerAtTheEnds (a: Vector128<float>) (b: Vector128<float>) : float = (productAtTheEnds a b).ToScalar()

    [<MethodImpl(MethodImplOptions.NoInlining)>]
    let private upperAtTheEnds (a: Vector128<float>) (b: Vector128<float>) : float = (productAtTheEnds a b).GetElement 1

    /// a b: a product is linear in each factor, so its ends are those of a b for one end of a or the other.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let product (a: Vector128<float>) (b: Vector128<float>) : Vector128<float> =
        let zero = Vector128<float>.Zero
        // In a row of products x ← a x the signs of a are known in time.
        let low, high = minusLower a, upper a
        let x, y = signed b (Vector128.GreaterThan(low, zero)), signed b (Vector128.LessThan(high, zero))
        let low, high = Vector128.Abs low, Vector128.Abs high
        let m = Vector128.MaxNative(x * low, y * high)

        // Empty and unbounded operands leave no finite m.
        if Directed.hasResidual m x low y high && Vector128.LessThanAll(Vector128.Abs m, entire ()) then
            Directed.largerProductUp m x low y high
        else
            Vector128.Create(minusLowerAtTheEnds a b, upperAtTheEnds a b)

    /// a / b for the ends low ≥ 0 and high &gt; 0 of b: each end is divided by the end of b that moves it outwards.
    let private overPositive (a: Vector128<float>) (low: float) (high: float) : Vector128<float> =
        let over (x: float) = Directed.divideUp x (if x > 0.0 then low else high)
        Vector128.Create(over (a.ToScalar()), over (a.GetElement 1))

    /// a / b = { x / y : x ∈ a, y ∈ b, y ≠ 0 }
    let quotient (a: Vector128<float>) (b: Vector128<float>) : Vector128<float> =
        // Zeros of b without their sign, because it would become the sign of an infinity.
        let low, high = 0.0 - b.ToScalar(), b.GetElement 1

        if isEmpty a || isEmpty b || (low = 0.0 && high = 0.0) then empty ()
        elif low >= 0.0 then overPositive a low high
        elif high <= 0.0 then overPositive (mirror a) (0.0 - high) -low
        elif Vector128.EqualsAll(a, Vector128<float>.Zero) then a
        else entire ()

    let private addProductsByStep
        (start: Vector128<float>)
        (left: ReadOnlySpan<Vector128<float>>)
        (right: ReadOnlySpan<Vector128<float>>)
        : Vector128<float> =
        let mutable s = start

        for i in 0 .. left.Length - 1 do
            s <- sum s (product left[i] right[i])

        s

    /// The lower ends of two intervals in both lanes of each, with their signs changed.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let private minusLowers (b: Vector256<float>) : Vector256<float> =
        if Avx.IsSupported then Avx.UnpackLow(b, b) else Vector256.Shuffle(b, Vector256.Create(0L, 0L, 2L, 2L))

    /// The upper ends of two intervals in both lanes of each.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let private uppers (b: Vector256<float>) : Vector256<float> =
        if Avx.IsSupported then Avx.UnpackHigh(b, b) else Vector256.Shuffle(b, Vector256.Create(1L, 1L, 3L, 3L))

    /// Each of two intervals a, or −a where b is negative.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let private signedPair (a: Vector256<float>) (isNegative: Vector256<float>) : Vector256<float> =
        let mirrored = if Avx.IsSupported then Avx.Permute(a, 5uy) else Vector256.Shuffle(a, Vector256.Create(1L, 0L, 3L, 2L))

        Vector256.ConditionalSelect(isNegative, mirrored, a)

    /// Entries i and i + 1 of so many; [0, 0] in place of one beyond the end.
    let inline private two (entries: byref<Vector128<float>>) (i: nativeint) (count: nativeint) : Vector256<float> =
        if i + 1n < count then
            Unsafe.As<Vector128<float>, Vector256<float>>(&Unsafe.Add(&entries, i))
        else
            Vector256.Create(Unsafe.Add(&entries, i), Vector128<float>.Zero)

    /// The exact error of total = RN(a + b) (Knuth 1969).
    let inline private errorOfSum total a b =
        let part = total - a
        (a - (total - part)) + (b - part)

    /// <summary>c + a₀b₀ + a₁b₁ + …, rounded little more than once.</summary>
    /// <remarks>
    /// Each product and each sum is a float and an exact error (compensated summation, Ogita, Rump and Oishi 2005): of n products,
    /// taken two at a time in two sums, the sum is s + Σ gᵢ. A gᵢ is rounded itself and in at most ⌈n/2⌉ + 2 additions, k = ⌈n/2⌉ + 3
    /// times in all, so Σ gᵢ is wrong by at most γₖ Σ|gᵢ|, γₖ = k u / (1 − k u), u = 2⁻⁵³ (Higham 2002, section 4.2). With Σ|gᵢ| computed
    /// likewise, that is below k u (1 + 2⁻²⁰) Σ|gᵢ| for n ≤ 2³¹. Where all is exact, so is the result.
    /// </remarks>
    let addProducts
        (start: Vector128<float>)
        (left: ReadOnlySpan<Vector128<float>>)
        (right: ReadOnlySpan<Vector128<float>>)
        : Vector128<float> =
        if right.Length < left.Length then
            invalidArg (nameof right) $"found {right.Length} factors, expected {left.Length}"

        let a = &MemoryMarshal.GetReference left
        let b = &MemoryMarshal.GetReference right
        let count = nativeint left.Length
        let zero = Vector256<float>.Zero
        let mutable s = Vector256.Create(start, Vector128<float>.Zero)
        let mutable errors = zero
        let mutable sizes = zero
        let mutable i = 0n
        let mutable next = 0n

        while i < count do
            // As long as nothing special comes, there is no call, and the sums stay in registers.
            while next < count do
                let factor, other = two &a i count, two &b i count
                let low, high = minusLowers other, uppers other
                let x = signedPair factor (Vector256.GreaterThan(low, zero))
                let y = signedPair factor (Vector256.LessThan(high, zero))
                let low, high = Vector256.Abs low, Vector256.Abs high
                let m = Vector256.MaxNative(x * low, y * high)

                if Directed.hasResiduals m x low y high then
                    let total = s + m
                    let g = errorOfSum total s m - Directed.Portable.excessesOfLarger m x low y high
                    s <- total
                    errors <- errors + g
                    sizes <- sizes + Vector256.Abs g
                    i <- i + 2n
                    next <- i
                else
                    next <- count

            if i < count then
                let factor, other = two &a i count, two &b i count

                let m =
                    Vector256.Create(
                        minusLowerAtTheEnds (factor.GetLower()) (other.GetLower()),
                        upperAtTheEnds (factor.GetLower()) (other.GetLower()),
                        minusLowerAtTheEnds (factor.GetUpper()) (other.GetUpper()),
                        upperAtTheEnds (factor.GetUpper()) (other.GetUpper())
                    )

                let total = s + m
                let g = errorOfSum total s m
                s <- total
                errors <- errors + g
                sizes <- sizes + Vector256.Abs g
                i <- i + 2n
                next <- i

        let even, odd = s.GetLower(), s.GetUpper()
        let total = even + odd
        let g = errorOfSum total even odd
        let errors = errors.GetLower() + errors.GetUpper() + g
        let sizes = sizes.GetLower() + sizes.GetUpper() + Vector128.Abs g

        if Vector128.EqualsAll(sizes, Vector128<float>.Zero) then
            total
        elif Vector128.EqualsAll(errors - errors, Vector128<float>.Zero) then
            let bound = Directed.productUp sizes (Vector128.Create(float ((count + 1n) / 2n + 3n) * 1.1102240836e-16))
            Directed.sumUp total (Directed.sumUp errors bound)
        else
            // Something empty, unbounded, or beyond the largest float, which leaves no finite error.
            addProductsByStep start left right
