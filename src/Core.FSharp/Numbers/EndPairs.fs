namespace LayerTime.Core.Numbers

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Runtime.Intrinsics

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

    /// a b: a product is linear in each factor, so its ends are those of a b for one end of b or the other.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let product (a: Vector128<float>) (b: Vector128<float>) : Vector128<float> =
        let zero = Vector128<float>.Zero
        let low, high = minusLower b, upper b
        let x, y = signed a (Vector128.GreaterThan(low, zero)), signed a (Vector128.LessThan(high, zero))
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

    /// <summary>c + a₀b₀ + a₁b₁ + …, rounded little more than once.</summary>
    /// <remarks>
    /// Each product and each sum is a float and an exact error (compensated summation, Ogita, Rump and Oishi 2005): with n terms,
    /// the sum is s + Σ gᵢ up to the rounding of gᵢ (by u |gᵢ|) and of their sum (by γ₍ₙ₋₁₎ Σ|gᵢ|), u = 2⁻⁵³, γₙ = n u / (1 − n u).
    /// Both together, with the rounding of Σ|gᵢ| itself, stay below 2 n u Σ|gᵢ| for n ≤ 2³¹. Where all is exact, so is the result.
    /// </remarks>
    let addProducts
        (start: Vector128<float>)
        (left: ReadOnlySpan<Vector128<float>>)
        (right: ReadOnlySpan<Vector128<float>>)
        : Vector128<float> =
        if right.Length < left.Length then
            invalidArg (nameof right) $"found {right.Length} factors, expected {left.Length}"

        let zero = Vector128<float>.Zero
        let a = &MemoryMarshal.GetReference left
        let b = &MemoryMarshal.GetReference right
        let count = nativeint left.Length
        let mutable s = start
        let mutable errors = zero
        let mutable sizes = zero
        let mutable i = 0n
        let mutable next = 0n

        while i < count do
            // As long as nothing special comes, there is no call, and the sums stay in registers.
            while next < count do
                let low, high = minusLower (Unsafe.Add(&b, i)), upper (Unsafe.Add(&b, i))
                let factor = Unsafe.Add(&a, i)
                let x, y = signed factor (Vector128.GreaterThan(low, zero)), signed factor (Vector128.LessThan(high, zero))
                let low, high = Vector128.Abs low, Vector128.Abs high
                let m = Vector128.MaxNative(x * low, y * high)

                if Directed.hasResidual m x low y high then
                    let total = s + m
                    let part = total - s
                    let g = ((s - (total - part)) + (m - part)) - Directed.Portable.excessOfLarger m x low y high
                    s <- total
                    errors <- errors + g
                    sizes <- sizes + Vector128.Abs g
                    i <- i + 1n
                    next <- i
                else
                    next <- count

            if i < count then
                let factor, other = Unsafe.Add(&a, i), Unsafe.Add(&b, i)
                let m = Vector128.Create(minusLowerAtTheEnds factor other, upperAtTheEnds factor other)
                let total = s + m
                let part = total - s
                let g = (s - (total - part)) + (m - part)
                s <- total
                errors <- errors + g
                sizes <- sizes + Vector128.Abs g
                i <- i + 1n
                next <- i

        if Vector128.EqualsAll(sizes, zero) then
            s
        elif Vector128.EqualsAll(errors - errors, zero) then
            let bound = Directed.productUp sizes (Vector128.Create(float count * 2.220446049250313e-16))
            Directed.sumUp s (Directed.sumUp errors bound)
        else
            // Something empty, unbounded, or beyond the largest float, which leaves no finite error.
            addProductsByStep start left right
