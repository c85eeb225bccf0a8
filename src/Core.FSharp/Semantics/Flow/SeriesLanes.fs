namespace LayerTime.Core.Semantics

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Runtime.Intrinsics

/// <summary>Power series over floats, one in each lane: refinements of the sums of products of ActivationSeries and of Horner's rule.</summary>
/// <remarks>
/// Row k holds the coefficients k of all series. A lane makes the operations of its series in the same order and rounds each of them as
/// the loop over numbers does, so that the results agree bit for bit on every machine; the tests hold them to that.
/// </remarks>
module internal SeriesLanes =
    let inline private load (first: byref<float>) (place: int) : Vector256<float> = Vector256.LoadUnsafe(&Unsafe.Add(&first, place))

    let inline private store (value: Vector256<float>) (first: byref<float>) (place: int) : unit =
        Vector256.StoreUnsafe(value, &Unsafe.Add(&first, place))

    /// Row k of the target ← s Σ_{j=first..k} a_j b_(k−j), for rows of a width that is a multiple of four.
    let convolve (s: float) (a: float[]) (first: int) (b: float[]) (k: int) (target: float[]) (width: int) : unit =
        // Checked here once for all loads below.
        if width % 4 <> 0 || first < 0 || first > k || Math.Min(Math.Min(a.Length, b.Length), target.Length) < (k + 1) * width then
            invalidArg (nameof k) $"found the products {first} to {k} of rows of {width}, expected so many rows and whole vectors"

        let a0 = &MemoryMarshal.GetArrayDataReference a
        let b0 = &MemoryMarshal.GetArrayDataReference b
        let row = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference target, k * width)
        let scale = Vector256.Create s
        let mutable c = 0

        // Four sums at once, so that one does not wait for another.
        while c + 16 <= width do
            let mutable s0 = Vector256<float>.Zero
            let mutable s1 = Vector256<float>.Zero
            let mutable s2 = Vector256<float>.Zero
            let mutable s3 = Vector256<float>.Zero

            for j in first..k do
                let x = &Unsafe.Add(&a0, j * width + c)
                let y = &Unsafe.Add(&b0, (k - j) * width + c)
                s0 <- s0 + load &x 0 * load &y 0
                s1 <- s1 + load &x 4 * load &y 4
                s2 <- s2 + load &x 8 * load &y 8
                s3 <- s3 + load &x 12 * load &y 12

            store (scale * s0) &row c
            store (scale * s1) &row (c + 4)
            store (scale * s2) &row (c + 8)
            store (scale * s3) &row (c + 12)
            c <- c + 16

        while c < width do
            let mutable sum = Vector256<float>.Zero

            for j in first..k do
                sum <- sum + load &a0 (j * width + c) * load &b0 ((k - j) * width + c)

            store (scale * sum) &row c
            c <- c + 4

    /// target ← s x, of as many floats as the target has, a multiple of four.
    let scale (s: float) (x: ReadOnlySpan<float>) (target: Span<float>) : unit =
        let from = &MemoryMarshal.GetReference(x.Slice(0, target.Length))
        let finish = &MemoryMarshal.GetReference target

        for c in 0..4 .. target.Length - 4 do
            store (Vector256.Create s * load &from c) &finish c

    /// target ← c₀ + h(c₁ + h(c₂ + …)), where row k of the coefficients is c_k for all components.
    let horner (coefficients: ReadOnlySpan<float>) (h: float) (target: Span<float>) : unit =
        let d = target.Length
        let order = coefficients.Length / d - 1
        let first = &MemoryMarshal.GetReference coefficients
        let finish = &MemoryMarshal.GetReference target
        let step = Vector256.Create h
        let mutable c = 0

        while c + 4 <= d do
            let mutable sum = load &first (order * d + c)

            for k in order - 1 .. -1 .. 0 do
                sum <- load &first (k * d + c) + step * sum

            store sum &finish c
            c <- c + 4

        while c < d do
            let mutable sum = coefficients[order * d + c]

            for k in order - 1 .. -1 .. 0 do
                sum <- coefficients[k * d + c] + h * sum

            target[c] <- sum
            c <- c + 1
