namespace LayerTime.Core.Semantics

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Runtime.Intrinsics
open LayerTime.Core.Numbers

/// <summary>Loops over floats with one component in each lane of a vector: refinements of loops that are written once for all numbers.</summary>
/// <remarks>
/// A lane makes the operations of its component in the same order and rounds each of them as the loop over numbers does, so that the
/// results agree bit for bit on every machine; the tests hold them to that.
/// </remarks>
module internal FloatLanes =
    /// The number of lanes.
    [<Literal>]
    let Width = 8

    let inline private fma (a: Vector512<float>) (b: Vector512<float>) (c: Vector512<float>) = Vector512.FusedMultiplyAdd(a, b, c)
    let inline private all (x: float) : Vector512<float> = Vector512.Create x

    let inline private load (first: byref<float>) (place: int) : Vector512<float> =
        Vector512.LoadUnsafe(&Unsafe.Add(&first, place))

    let inline private fastTwoSum (a: Vector512<float>) (b: Vector512<float>) =
        let s = a + b
        struct (s, b - (s - a))

    /// Elementary.tanh in each lane: its two formulas, each where it holds.
    let inline tanh (x: Vector512<float>) : Vector512<float> =
        let size = Vector512.Abs x
        let square = size * size
        let quartic = square * square
        let a = fma square (all (2.0 / 15.0)) (all (-1.0 / 3.0))
        let b = fma square (all (62.0 / 2835.0)) (all (-17.0 / 315.0))
        let c = fma square (all (21844.0 / 6081075.0)) (all (-1382.0 / 155925.0))
        let high = fma quartic (all (-929569.0 / 638512875.0)) c
        let small = fma (size * square) (fma quartic (fma quartic high b) a) size

        // e²ˣ as ElementaryKernels.expPair.
        let twice = all 2.0 * Vector512.Min(size, all 20.0)
        let shifted = fma twice (all ElementaryTables.StepsPerUnit) (all ElementaryKernels.RoundingShift)
        let k = shifted - all ElementaryKernels.RoundingShift
        let index = Vector512.AsInt64 shifted - Vector512.AsInt64(all ElementaryKernels.RoundingShift)
        let minus = -k
        let r = fma minus (all ElementaryTables.StepLow) (fma minus (all ElementaryTables.StepHigh) twice)
        let rr = r * r
        let low = fma r (all (1.0 / 6.0)) (all 0.5)
        let high = fma r (all (1.0 / 120.0)) (all (1.0 / 24.0))
        let p = fma rr (fma rr high low) r
        let mutable rows = Vector512.ShiftLeft(index &&& Vector512.Create 127L, 1)
        let row = &Unsafe.As<Vector512<int64>, int64> &rows
        let table = &MemoryMarshal.GetArrayDataReference ElementaryTables.powersOfTwo
        let r0, r1, r2, r3 = nativeint row, nativeint (Unsafe.Add(&row, 1)), nativeint (Unsafe.Add(&row, 2)), nativeint (Unsafe.Add(&row, 3))

        let r4, r5, r6, r7 =
            nativeint (Unsafe.Add(&row, 4)), nativeint (Unsafe.Add(&row, 5)), nativeint (Unsafe.Add(&row, 6)), nativeint (Unsafe.Add(&row, 7))

        let hi =
            Vector512.Create(
                Unsafe.Add(&table, r0),
                Unsafe.Add(&table, r1),
                Unsafe.Add(&table, r2),
                Unsafe.Add(&table, r3),
                Unsafe.Add(&table, r4),
                Unsafe.Add(&table, r5),
                Unsafe.Add(&table, r6),
                Unsafe.Add(&table, r7)
            )

        let rest =
            Vector512.Create(
                Unsafe.Add(&table, r0 + 1n),
                Unsafe.Add(&table, r1 + 1n),
                Unsafe.Add(&table, r2 + 1n),
                Unsafe.Add(&table, r3 + 1n),
                Unsafe.Add(&table, r4 + 1n),
                Unsafe.Add(&table, r5 + 1n),
                Unsafe.Add(&table, r6 + 1n),
                Unsafe.Add(&table, r7 + 1n)
            )

        let scale =
            Vector512.AsDouble(Vector512.ShiftLeft(Vector512.ShiftRightArithmetic(index, 7) + Vector512.Create 1023L, 52))

        let e, eRest = hi * scale, fma hi p rest * scale

        // 1 − 2/(e²ˣ + 1) as ElementarySums.tanhLarge.
        let struct (sum, sumRest) = fastTwoSum e (all 1.0)
        let struct (d, dRest) = fastTwoSum sum (sumRest + eRest)
        let quotient = all 2.0 / d
        let remainder = fma -quotient dRest (fma -quotient d (all 2.0))
        let struct (difference, rest) = fastTwoSum (all 1.0) -quotient
        let large = difference + fma remainder (all -0.5 * quotient) rest
        let large = Vector512.ConditionalSelect(Vector512.LessThan(size, all 20.0), large, all 1.0)
        let value = Vector512.ConditionalSelect(Vector512.LessThan(size, all 0.125), small, large)
        let signed = value ||| (x &&& all -0.0)
        Vector512.ConditionalSelect(Vector512.Equals(x, x), signed, x)

    /// target ← Σ w_i k_i, or x + h Σ w_i k_i where x is not empty; k holds the stages one after the other, the last used one last.
    let combine
        (stages: int[])
        (weights: ReadOnlySpan<float>)
        (h: float)
        (x: ReadOnlySpan<float>)
        (k: ReadOnlySpan<float>)
        (target: Span<float>)
        : unit =
        let d = target.Length
        let advances = not x.IsEmpty

        if advances && x.Length < d then
            invalidArg (nameof x) $"found {x.Length} components, expected {d}"

        // Checked here once for all loads below: the stages are in increasing order.
        if k.Length < (stages[stages.Length - 1] + 1) * d then
            invalidArg (nameof k) $"found {k.Length} numbers, expected {stages[stages.Length - 1] + 1} stages of {d}"

        let slope = &MemoryMarshal.GetReference k
        let start = &MemoryMarshal.GetReference x
        let finish = &MemoryMarshal.GetReference target
        let weight = &MemoryMarshal.GetReference(weights.Slice(0, stages.Length))
        let mutable c = 0

        while c + Width <= d do
            let mutable sum = all weight * load &slope (stages[0] * d + c)

            for j in 1 .. stages.Length - 1 do
                sum <- sum + all (Unsafe.Add(&weight, j)) * load &slope (stages[j] * d + c)

            if advances then
                sum <- load &start c + all h * sum

            Vector512.StoreUnsafe(sum, &Unsafe.Add(&finish, c))
            c <- c + Width

        while c < d do
            let mutable sum = weight * Unsafe.Add(&slope, stages[0] * d + c)

            for j in 1 .. stages.Length - 1 do
                sum <- sum + Unsafe.Add(&weight, j) * Unsafe.Add(&slope, stages[j] * d + c)

            target[c] <- if advances then x[c] + h * sum else sum
            c <- c + 1

    /// max |x_i| / (absolute + relative·max(|y_i|, |z_i|)), NaN where any is.
    let scaled (relative: float) (absolute: float) (x: ReadOnlySpan<float>) (y: ReadOnlySpan<float>) (z: ReadOnlySpan<float>) : float =
        let d = x.Length
        let x0 = &MemoryMarshal.GetReference x
        let y0 = &MemoryMarshal.GetReference(y.Slice(0, d))
        let z0 = &MemoryMarshal.GetReference(z.Slice(0, d))
        let mutable lanes = Vector512<float>.Zero
        let mutable c = 0

        while c + Width <= d do
            let size = Vector512.Max(Vector512.Abs(load &y0 c), Vector512.Abs(load &z0 c))
            // Max keeps NaN.
            lanes <- Vector512.Max(lanes, Vector512.Abs(load &x0 c) / (all absolute + all relative * size))
            c <- c + Width

        let mutable largest = 0.0

        for lane in 0 .. Width - 1 do
            largest <- Math.Max(largest, lanes[lane])

        while c < d do
            let scale = absolute + relative * Math.Max(Math.Abs y[c], Math.Abs z[c])
            largest <- Math.Max(largest, Math.Abs x[c] / scale)
            c <- c + 1

        largest

    /// sums ← b + W x for so many vectors of rows, from the weights of these rows, column by column.
    let affine8 (weights: byref<float>) (bias: byref<float>) (x: ReadOnlySpan<float>) (sums: byref<float>) : unit =
        let mutable s0 = load &bias 0
        let mutable s1 = load &bias 8
        let mutable s2 = load &bias 16
        let mutable s3 = load &bias 24
        let mutable s4 = load &bias 32
        let mutable s5 = load &bias 40
        let mutable s6 = load &bias 48
        let mutable s7 = load &bias 56

        for j in 0 .. x.Length - 1 do
            let v = all x[j]
            let column = &Unsafe.Add(&weights, 64 * j)
            s0 <- s0 + load &column 0 * v
            s1 <- s1 + load &column 8 * v
            s2 <- s2 + load &column 16 * v
            s3 <- s3 + load &column 24 * v
            s4 <- s4 + load &column 32 * v
            s5 <- s5 + load &column 40 * v
            s6 <- s6 + load &column 48 * v
            s7 <- s7 + load &column 56 * v

        Vector512.StoreUnsafe(s0, &sums)
        Vector512.StoreUnsafe(s1, &Unsafe.Add(&sums, 8))
        Vector512.StoreUnsafe(s2, &Unsafe.Add(&sums, 16))
        Vector512.StoreUnsafe(s3, &Unsafe.Add(&sums, 24))
        Vector512.StoreUnsafe(s4, &Unsafe.Add(&sums, 32))
        Vector512.StoreUnsafe(s5, &Unsafe.Add(&sums, 40))
        Vector512.StoreUnsafe(s6, &Unsafe.Add(&sums, 48))
        Vector512.StoreUnsafe(s7, &Unsafe.Add(&sums, 56))

    /// The same for two vectors of rows.
    let affine2 (weights: byref<float>) (bias: byref<float>) (x: ReadOnlySpan<float>) (sums: byref<float>) : unit =
        let mutable s0 = load &bias 0
        let mutable s1 = load &bias 8

        for j in 0 .. x.Length - 1 do
            let v = all x[j]
            let column = &Unsafe.Add(&weights, 16 * j)
            s0 <- s0 + load &column 0 * v
            s1 <- s1 + load &column 8 * v

        Vector512.StoreUnsafe(s0, &sums)
        Vector512.StoreUnsafe(s1, &Unsafe.Add(&sums, 8))

    /// The same for one vector of rows.
    let affine1 (weights: byref<float>) (bias: byref<float>) (x: ReadOnlySpan<float>) (sums: byref<float>) : unit =
        let mutable s = load &bias 0

        for j in 0 .. x.Length - 1 do
            s <- s + load &weights (8 * j) * all x[j]

        Vector512.StoreUnsafe(s, &sums)

    /// sums ← tanh sums, for whole vectors.
    let tanhInPlace (sums: float[]) (count: int) : unit =
        let first = &MemoryMarshal.GetReference(Span(sums, 0, count))
        let mutable c = 0

        while c < count do
            Vector512.StoreUnsafe(tanh (load &first c), &Unsafe.Add(&first, c))
            c <- c + Width
