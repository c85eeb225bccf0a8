namespace LayerTime.Core.Semantics

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Runtime.Intrinsics
open System.Runtime.Intrinsics.X86
open LayerTime.Core.Numbers

/// <summary>Loops over floats with one component in each lane of a vector: refinements of loops that are written once for all numbers.</summary>
/// <remarks>
/// A lane makes the operations of its component in the same order and rounds each of them as the loop over numbers does, so that the
/// results agree bit for bit on every machine; the tests hold them to that.
/// </remarks>
module internal FloatLanes =
    /// The number of lanes.
    [<Literal>]
    let Width = 4

    let inline private fma (a: Vector256<float>) (b: Vector256<float>) (c: Vector256<float>) = Vector256.FusedMultiplyAdd(a, b, c)
    let inline private all (x: float) : Vector256<float> = Vector256.Create x

    let inline private load (first: byref<float>) (place: int) : Vector256<float> = Vector256.LoadUnsafe(&Unsafe.Add(&first, place))

    let inline private store (value: Vector256<float>) (first: byref<float>) (place: int) : unit =
        Vector256.StoreUnsafe(value, &Unsafe.Add(&first, place))

    let inline private fastTwoSum (a: Vector256<float>) (b: Vector256<float>) =
        let s = a + b
        struct (s, b - (s - a))

    let inline private pair (table: byref<float>) (row: int64) : Vector128<float> = Vector128.LoadUnsafe(&Unsafe.Add(&table, nativeint row))

    /// Four rows of a table of pairs: their first numbers and their second ones.
    let inline private pairs (table: byref<float>) (rows: Vector256<int64>) : struct (Vector256<float> * Vector256<float>) =
        let even = Vector256.Create(pair &table (rows.GetElement 0), pair &table (rows.GetElement 2))
        let odd = Vector256.Create(pair &table (rows.GetElement 1), pair &table (rows.GetElement 3))

        if Avx.IsSupported then
            struct (Avx.UnpackLow(even, odd), Avx.UnpackHigh(even, odd))
        else
            struct (Vector256.Create(even[0], odd[0], even[2], odd[2]), Vector256.Create(even[1], odd[1], even[3], odd[3]))

    /// Elementary.tanh in each lane: its two formulas, each where it holds.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let private tanh (x: Vector256<float>) : Vector256<float> =
        let size = Vector256.Abs x
        let square = size * size
        let quartic = square * square
        let a = fma square (all (2.0 / 15.0)) (all (-1.0 / 3.0))
        let b = fma square (all (62.0 / 2835.0)) (all (-17.0 / 315.0))
        let c = fma square (all (21844.0 / 6081075.0)) (all (-1382.0 / 155925.0))
        let high = fma quartic (all (-929569.0 / 638512875.0)) c
        let small = fma (size * square) (fma quartic (fma quartic high b) a) size

        // e²ˣ as ElementaryKernels.expPair.
        // 20 gives 1 exactly; what is no number is put back at the end, so that the plain minimum of the machine will do.
        let clipped = Vector256.MinNative(size, all 20.0)
        let twice = clipped + clipped
        let shifted = fma twice (all ElementaryTables.StepsPerUnit) (all ElementaryKernels.RoundingShift)
        let k = shifted - all ElementaryKernels.RoundingShift
        let index = Vector256.AsInt64 shifted - Vector256.AsInt64(all ElementaryKernels.RoundingShift)
        let r = fma -k (all ElementaryTables.StepLow) (fma -k (all ElementaryTables.StepHigh) twice)
        let rr = r * r
        let low = fma r (all (1.0 / 6.0)) (all 0.5)
        let high = fma r (all (1.0 / 120.0)) (all (1.0 / 24.0))
        let p = fma rr (fma rr high low) r
        let rows = Vector256.ShiftLeft(index &&& Vector256.Create 127L, 1)
        let table = &MemoryMarshal.GetArrayDataReference ElementaryTables.powersOfTwo
        let struct (hi, rest) = pairs &table rows

        // 2^⌊index/128⌋ by its exponent alone; index ≥ 0, so that no sign has to be shifted in.
        let scale = Vector256.AsDouble(Vector256.ShiftLeft(Vector256.ShiftRightLogical(index, 7) + Vector256.Create 1023L, 52))

        let e, eRest = hi * scale, fma hi p rest * scale

        // 1 − 2/(e²ˣ + 1) as ElementarySums.tanhLarge.
        let struct (sum, sumRest) = fastTwoSum e (all 1.0)
        let struct (d, dRest) = fastTwoSum sum (sumRest + eRest)
        let quotient = all 2.0 / d
        let remainder = fma -quotient dRest (fma -quotient d (all 2.0))
        let struct (difference, rest) = fastTwoSum (all 1.0) -quotient
        let large = difference + fma remainder (all -0.5 * quotient) rest
        let value = Vector256.ConditionalSelect(Vector256.LessThan(size, all 0.125), small, large)
        let signed = value ||| (x &&& all -0.0)
        Vector256.ConditionalSelect(Vector256.Equals(x, x), signed, x)

    /// target ← h Σ w_i k_i, or x + h Σ w_i k_i where x is not empty; k holds the stages one after the other, the last used one last.
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

        // Four or two vectors at once share the weights.
        while c + 4 * Width <= d do
            let w = all weight
            let first = &Unsafe.Add(&slope, stages[0] * d + c)
            let mutable s0 = w * load &first 0
            let mutable s1 = w * load &first Width
            let mutable s2 = w * load &first (2 * Width)
            let mutable s3 = w * load &first (3 * Width)

            for j in 1 .. stages.Length - 1 do
                let w = all (Unsafe.Add(&weight, j))
                let stage = &Unsafe.Add(&slope, stages[j] * d + c)
                s0 <- s0 + w * load &stage 0
                s1 <- s1 + w * load &stage Width
                s2 <- s2 + w * load &stage (2 * Width)
                s3 <- s3 + w * load &stage (3 * Width)

            let h = all h
            s0 <- h * s0
            s1 <- h * s1
            s2 <- h * s2
            s3 <- h * s3

            if advances then
                s0 <- load &start c + s0
                s1 <- load &start (c + Width) + s1
                s2 <- load &start (c + 2 * Width) + s2
                s3 <- load &start (c + 3 * Width) + s3

            store s0 &finish c
            store s1 &finish (c + Width)
            store s2 &finish (c + 2 * Width)
            store s3 &finish (c + 3 * Width)
            c <- c + 4 * Width

        while c + 2 * Width <= d do
            let w = all weight
            let first = &Unsafe.Add(&slope, stages[0] * d + c)
            let mutable s0 = w * load &first 0
            let mutable s1 = w * load &first Width

            for j in 1 .. stages.Length - 1 do
                let w = all (Unsafe.Add(&weight, j))
                let stage = &Unsafe.Add(&slope, stages[j] * d + c)
                s0 <- s0 + w * load &stage 0
                s1 <- s1 + w * load &stage Width

            s0 <- all h * s0
            s1 <- all h * s1

            if advances then
                s0 <- load &start c + s0
                s1 <- load &start (c + Width) + s1

            store s0 &finish c
            store s1 &finish (c + Width)
            c <- c + 2 * Width

        while c + Width <= d do
            let mutable sum = all weight * load &slope (stages[0] * d + c)

            for j in 1 .. stages.Length - 1 do
                sum <- sum + all (Unsafe.Add(&weight, j)) * load &slope (stages[j] * d + c)

            sum <- all h * sum

            if advances then
                sum <- load &start c + sum

            store sum &finish c
            c <- c + Width

        while c < d do
            let mutable sum = weight * Unsafe.Add(&slope, stages[0] * d + c)

            for j in 1 .. stages.Length - 1 do
                sum <- sum + Unsafe.Add(&weight, j) * Unsafe.Add(&slope, stages[j] * d + c)

            target[c] <- if advances then x[c] + h * sum else h * sum
            c <- c + 1

    /// max |x_i| / (absolute + relative·max(|y_i|, |z_i|)), NaN where any is.
    let scaled (relative: float) (absolute: float) (x: ReadOnlySpan<float>) (y: ReadOnlySpan<float>) (z: ReadOnlySpan<float>) : float =
        let d = x.Length
        let x0 = &MemoryMarshal.GetReference x
        let y0 = &MemoryMarshal.GetReference(y.Slice(0, d))
        let z0 = &MemoryMarshal.GetReference(z.Slice(0, d))
        let mutable lanes = Vector256<float>.Zero
        let mutable c = 0

        while c + Width <= d do
            let size = Vector256.Max(Vector256.Abs(load &y0 c), Vector256.Abs(load &z0 c))
            // Max keeps NaN.
            lanes <- Vector256.Max(lanes, Vector256.Abs(load &x0 c) / (all absolute + all relative * size))
            c <- c + Width

        let mutable largest = 0.0

        for lane in 0 .. Width - 1 do
            largest <- Math.Max(largest, lanes[lane])

        while c < d do
            let scale = absolute + relative * Math.Max(Math.Abs y[c], Math.Abs z[c])
            largest <- Math.Max(largest, Math.Abs x[c] / scale)
            c <- c + 1

        largest

    /// sums ← b + W x for 32 rows, from the weights of these rows, column by column.
    let affine32 (weights: byref<float>) (bias: byref<float>) (x: ReadOnlySpan<float>) (sums: byref<float>) : unit =
        let mutable s0 = load &bias 0
        let mutable s1 = load &bias 4
        let mutable s2 = load &bias 8
        let mutable s3 = load &bias 12
        let mutable s4 = load &bias 16
        let mutable s5 = load &bias 20
        let mutable s6 = load &bias 24
        let mutable s7 = load &bias 28

        for j in 0 .. x.Length - 1 do
            let v = all x[j]
            let column = &Unsafe.Add(&weights, 32 * j)
            s0 <- s0 + load &column 0 * v
            s1 <- s1 + load &column 4 * v
            s2 <- s2 + load &column 8 * v
            s3 <- s3 + load &column 12 * v
            s4 <- s4 + load &column 16 * v
            s5 <- s5 + load &column 20 * v
            s6 <- s6 + load &column 24 * v
            s7 <- s7 + load &column 28 * v

        store s0 &sums 0
        store s1 &sums 4
        store s2 &sums 8
        store s3 &sums 12
        store s4 &sums 16
        store s5 &sums 20
        store s6 &sums 24
        store s7 &sums 28

    /// The same for 16 rows.
    let affine16 (weights: byref<float>) (bias: byref<float>) (x: ReadOnlySpan<float>) (sums: byref<float>) : unit =
        let mutable s0 = load &bias 0
        let mutable s1 = load &bias 4
        let mutable s2 = load &bias 8
        let mutable s3 = load &bias 12

        for j in 0 .. x.Length - 1 do
            let v = all x[j]
            let column = &Unsafe.Add(&weights, 16 * j)
            s0 <- s0 + load &column 0 * v
            s1 <- s1 + load &column 4 * v
            s2 <- s2 + load &column 8 * v
            s3 <- s3 + load &column 12 * v

        store s0 &sums 0
        store s1 &sums 4
        store s2 &sums 8
        store s3 &sums 12

    /// The same for 8 rows.
    let affine8 (weights: byref<float>) (bias: byref<float>) (x: ReadOnlySpan<float>) (sums: byref<float>) : unit =
        let mutable s0 = load &bias 0
        let mutable s1 = load &bias 4

        for j in 0 .. x.Length - 1 do
            let v = all x[j]
            let column = &Unsafe.Add(&weights, 8 * j)
            s0 <- s0 + load &column 0 * v
            s1 <- s1 + load &column 4 * v

        store s0 &sums 0
        store s1 &sums 4

    /// The same for 4 rows.
    let affine4 (weights: byref<float>) (bias: byref<float>) (x: ReadOnlySpan<float>) (sums: byref<float>) : unit =
        let mutable s = load &bias 0

        for j in 0 .. x.Length - 1 do
            s <- s + load &weights (4 * j) * all x[j]

        store s &sums 0

    /// values ← tanh values, for whole vectors.
    let tanhInPlace (values: Span<float>) : unit =
        let first = &MemoryMarshal.GetReference values
        let mutable c = 0

        while c + Width <= values.Length do
            store (tanh (load &first c)) &first c
            c <- c + Width
