namespace LayerTime.Core.Engine

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Runtime.Intrinsics
open System.Runtime.Intrinsics.X86

/// The matrix products of the sweeps over tiles of samples: W·x forward, Wᵀ·δ and δ·xᵀ backward.
/// Every product and sum of a lane is rounded once.
[<RequireQualifiedAccess>]
module internal TileProducts =
    /// So many rows of a right factor, sixteen lanes of each, and a left factor's rows stay in the inner caches until they are read again.
    [<Literal>]
    let private Panel = 64

    let inline private load (entries: byref<float>) (place: int) : Vector256<float> = Vector256.LoadUnsafe(&Unsafe.Add(&entries, place))

    let inline private loadAt (entries: byref<float>) (offset: nativeint) (place: int) : Vector256<float> =
        Vector256.LoadUnsafe(&Unsafe.Add(&Unsafe.AddByteOffset(&entries, offset), place))

    let inline private broadcastAt (entries: byref<float>) (offset: nativeint) : Vector256<float> =
        Vector256.Create(Unsafe.AddByteOffset(&entries, offset))

    let inline private store (value: Vector256<float>) (entries: byref<float>) (place: int) : unit =
        value.StoreUnsafe(&Unsafe.Add(&entries, place))

    let inline private fma (a: Vector256<float>) (b: Vector256<float>) (c: Vector256<float>) : Vector256<float> =
        Vector256.FusedMultiplyAdd(a, b, c)

    let inline private bytes (numbers: int) : nativeint = nativeint numbers * 8n

    /// c ← c + a·b for three rows of sixteen lanes: twelve sums hide the latency of each other. Entry (i, k) of a stands at i·row + k·step.
    let private threeRows
        (a: byref<float>)
        (row: int)
        (step: int)
        (b: byref<float>)
        (bRow: int)
        (c: byref<float>)
        (cRow: int)
        (count: int)
        : unit =
        let second = &Unsafe.Add(&a, row)
        let third = &Unsafe.Add(&a, 2 * row)
        let c1 = &Unsafe.Add(&c, cRow)
        let c2 = &Unsafe.Add(&c, 2 * cRow)
        let mutable p0, p1, p2, p3 = load &c 0, load &c 4, load &c 8, load &c 12
        let mutable q0, q1, q2, q3 = load &c1 0, load &c1 4, load &c1 8, load &c1 12
        let mutable r0, r1, r2, r3 = load &c2 0, load &c2 4, load &c2 8, load &c2 12
        let aStep, bStep = bytes step, bytes bRow
        let mutable left, right = 0n, 0n

        for _ in 1..count do
            let p, q, r = broadcastAt &a left, broadcastAt &second left, broadcastAt &third left
            let x = loadAt &b right 0
            p0 <- fma p x p0
            q0 <- fma q x q0
            r0 <- fma r x r0
            let x = loadAt &b right 4
            p1 <- fma p x p1
            q1 <- fma q x q1
            r1 <- fma r x r1
            let x = loadAt &b right 8
            p2 <- fma p x p2
            q2 <- fma q x q2
            r2 <- fma r x r2
            let x = loadAt &b right 12
            p3 <- fma p x p3
            q3 <- fma q x q3
            r3 <- fma r x r3
            left <- left + aStep
            right <- right + bStep

        store p0 &c 0
        store p1 &c 4
        store p2 &c 8
        store p3 &c 12
        store q0 &c1 0
        store q1 &c1 4
        store q2 &c1 8
        store q3 &c1 12
        store r0 &c2 0
        store r1 &c2 4
        store r2 &c2 8
        store r3 &c2 12

    /// c ← c + a·b for one row of sixteen lanes.
    let private oneRow (a: byref<float>) (step: int) (b: byref<float>) (bRow: int) (c: byref<float>) (count: int) : unit =
        let mutable p0, p1, p2, p3 = load &c 0, load &c 4, load &c 8, load &c 12
        let aStep, bStep = bytes step, bytes bRow
        let mutable left, right = 0n, 0n

        for _ in 1..count do
            let p = broadcastAt &a left
            p0 <- fma p (loadAt &b right 0) p0
            p1 <- fma p (loadAt &b right 4) p1
            p2 <- fma p (loadAt &b right 8) p2
            p3 <- fma p (loadAt &b right 12) p3
            left <- left + aStep
            right <- right + bStep

        store p0 &c 0
        store p1 &c 4
        store p2 &c 8
        store p3 &c 12

    /// c ← c + a·b for one row of four lanes.
    let private quarterRow (a: byref<float>) (step: int) (b: byref<float>) (bRow: int) (c: byref<float>) (count: int) : unit =
        let mutable p = load &c 0
        let aStep, bStep = bytes step, bytes bRow
        let mutable left, right = 0n, 0n

        for _ in 1..count do
            p <- fma (broadcastAt &a left) (loadAt &b right 0) p
            left <- left + aStep
            right <- right + bStep

        store p &c 0

    /// y ← y + A·x for an A whose entry (i, k) stands at first + i·row + k·step: y_i + A_i0 x_0 + A_i1 x_1 + … from left to right. Where `bias` is not
    /// negative, the numbers from there on take the place of y.
    let private add
        lanes
        (numbers: float[])
        (first: int)
        (row: int)
        (step: int)
        (rows: int)
        (count: int)
        (bias: int)
        (x: float[])
        (y: float[])
        : unit =
        let left = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference numbers, first)
        let offset = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference numbers, Math.Max(bias, 0))
        let right = &MemoryMarshal.GetArrayDataReference x
        let result = &MemoryMarshal.GetArrayDataReference y
        let mutable k = 0

        while k < count do
            let length = Math.Min(Panel, count - k)
            let starts = k = 0 && bias >= 0
            let mutable lane = 0

            while lane < lanes do
                let b = &Unsafe.Add(&right, k * lanes + lane)
                let mutable i = 0

                if lane + 16 <= lanes then
                    while i < rows do
                        let a = &Unsafe.Add(&left, i * row + k * step)
                        let c = &Unsafe.Add(&result, i * lanes + lane)
                        let group = if i + 2 < rows then 3 else 1

                        if starts then
                            for r in 0 .. group - 1 do
                                let value = Vector256.Create(Unsafe.Add(&offset, i + r))
                                let target = &Unsafe.Add(&c, r * lanes)
                                store value &target 0
                                store value &target 4
                                store value &target 8
                                store value &target 12

                        if group = 3 then threeRows &a row step &b lanes &c lanes length else oneRow &a step &b lanes &c length

                        i <- i + group

                    lane <- lane + 16
                else
                    while i < rows do
                        let a = &Unsafe.Add(&left, i * row + k * step)
                        let c = &Unsafe.Add(&result, i * lanes + lane)

                        if starts then
                            store (Vector256.Create(Unsafe.Add(&offset, i))) &c 0

                        quarterRow &a step &b lanes &c length
                        i <- i + 1

                    lane <- lane + 4

            k <- k + length

    /// y ← b + W·x, with W in `numbers` from `first` on, row by row, and b after it.
    let affine (lanes: int) (numbers: float[]) (first: int) (rows: int) (columns: int) (x: float[]) (y: float[]) : unit =
        add lanes numbers first columns 1 rows columns (first + rows * columns) x y

    /// y ← y + Wᵀ·δ, with W in `numbers` from `first` on, row by row.
    let addTransposed (lanes: int) (numbers: float[]) (first: int) (rows: int) (columns: int) (δ: float[]) (y: float[]) : unit =
        add lanes numbers first 1 columns columns rows -1 δ y

    /// The sums (v₀ + v₁) + (v₂ + v₃) of the lanes of four vectors.
    let inline private sums (p: Vector256<float>) (q: Vector256<float>) (r: Vector256<float>) (s: Vector256<float>) : Vector256<float> =
        if Avx.IsSupported then
            let first, second = Avx.HorizontalAdd(p, q), Avx.HorizontalAdd(r, s)
            Avx.Permute2x128(first, second, 0x20uy) + Avx.Permute2x128(first, second, 0x31uy)
        else
            Vector256.Create(
                (p[0] + p[1]) + (p[2] + p[3]),
                (q[0] + q[1]) + (q[2] + q[3]),
                (r[0] + r[1]) + (r[2] + r[3]),
                (s[0] + s[1]) + (s[2] + s[3])
            )

    /// c ← c + a·bᵀ for three rows of a and four of b, `lanes` numbers each; a row of c is `columns` long.
    let private threeByFour (a: byref<float>) (b: byref<float>) (c: byref<float>) (columns: int) (lanes: int) : unit =
        let a1 = &Unsafe.Add(&a, lanes)
        let a2 = &Unsafe.Add(&a, 2 * lanes)
        let b1 = &Unsafe.Add(&b, lanes)
        let b2 = &Unsafe.Add(&b, 2 * lanes)
        let b3 = &Unsafe.Add(&b, 3 * lanes)
        let zero = Vector256<float>.Zero
        let mutable p0, p1, p2, p3 = zero, zero, zero, zero
        let mutable q0, q1, q2, q3 = zero, zero, zero, zero
        let mutable r0, r1, r2, r3 = zero, zero, zero, zero
        let mutable at = 0n

        for _ in 1 .. lanes / 4 do
            let p, q, r = loadAt &a at 0, loadAt &a1 at 0, loadAt &a2 at 0
            let x = loadAt &b at 0
            p0 <- fma p x p0
            q0 <- fma q x q0
            r0 <- fma r x r0
            let x = loadAt &b1 at 0
            p1 <- fma p x p1
            q1 <- fma q x q1
            r1 <- fma r x r1
            let x = loadAt &b2 at 0
            p2 <- fma p x p2
            q2 <- fma q x q2
            r2 <- fma r x r2
            let x = loadAt &b3 at 0
            p3 <- fma p x p3
            q3 <- fma q x q3
            r3 <- fma r x r3
            at <- at + 32n

        store (load &c 0 + sums p0 p1 p2 p3) &c 0
        store (load &c columns + sums q0 q1 q2 q3) &c columns
        store (load &c (2 * columns) + sums r0 r1 r2 r3) &c (2 * columns)

    /// c ← c + a·bᵀ for one row of a and four of b.
    let private oneByFour (a: byref<float>) (b: byref<float>) (c: byref<float>) (lanes: int) : unit =
        let b1 = &Unsafe.Add(&b, lanes)
        let b2 = &Unsafe.Add(&b, 2 * lanes)
        let b3 = &Unsafe.Add(&b, 3 * lanes)
        let zero = Vector256<float>.Zero
        let mutable p0, p1, p2, p3 = zero, zero, zero, zero
        let mutable at = 0n

        for _ in 1 .. lanes / 4 do
            let p = loadAt &a at 0
            p0 <- fma p (loadAt &b at 0) p0
            p1 <- fma p (loadAt &b1 at 0) p1
            p2 <- fma p (loadAt &b2 at 0) p2
            p3 <- fma p (loadAt &b3 at 0) p3
            at <- at + 32n

        store (load &c 0 + sums p0 p1 p2 p3) &c 0

    /// The sum of the lanes.
    let inline private total (v: Vector256<float>) : float = (v[0] + v[1]) + (v[2] + v[3])

    /// a·b
    let private oneByOne (a: byref<float>) (b: byref<float>) (lanes: int) : float =
        let mutable p = Vector256<float>.Zero

        for v in 0 .. lanes / 4 - 1 do
            p <- fma (load &a (4 * v)) (load &b (4 * v)) p

        total p

    /// The sixteen numbers of four rows of four, each `row` after the one before, become columns that stand `column` after each other.
    let inline private transpose (a: byref<float>) (row: int) (b: byref<float>) (column: int) : unit =
        let p, q, r, s = load &a 0, load &a row, load &a (2 * row), load &a (3 * row)

        if Avx.IsSupported then
            let lowPQ, highPQ, lowRS, highRS = Avx.UnpackLow(p, q), Avx.UnpackHigh(p, q), Avx.UnpackLow(r, s), Avx.UnpackHigh(r, s)
            store (Avx.Permute2x128(lowPQ, lowRS, 0x20uy)) &b 0
            store (Avx.Permute2x128(highPQ, highRS, 0x20uy)) &b column
            store (Avx.Permute2x128(lowPQ, lowRS, 0x31uy)) &b (2 * column)
            store (Avx.Permute2x128(highPQ, highRS, 0x31uy)) &b (3 * column)
        else
            for j in 0..3 do
                store (Vector256.Create(p[j], q[j], r[j], s[j])) &b (j * column)

    /// [G; g] ← [G + δ xᵀ; g + δ 1], with G in `gradient` from `first` on, row by row, and g after it. The scratch has room for sixteen rows.
    let addOuter
        (lanes: int)
        (δ: float[])
        (rows: int)
        (x: float[])
        (columns: int)
        (gradient: float[])
        (first: int)
        (scratch: float[])
        : unit =
        let left = &MemoryMarshal.GetArrayDataReference δ
        let right = &MemoryMarshal.GetArrayDataReference x
        let result = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference gradient, first)
        let turned = &MemoryMarshal.GetArrayDataReference scratch
        // Sixteen columns at a time, as they stand in the gradient: x is turned so that they stand beside each other.
        let wide, whole = columns / 16 * 16, columns / 4 * 4
        let mutable j = 0

        while j < wide do
            for s in 0..4 .. lanes - 1 do
                for q in 0..4..12 do
                    let a = &Unsafe.Add(&right, (j + q) * lanes + s)
                    let b = &Unsafe.Add(&turned, s * 16 + q)
                    transpose &a lanes &b 16

            let mutable i = 0

            while i < rows do
                let a = &Unsafe.Add(&left, i * lanes)
                let c = &Unsafe.Add(&result, i * columns + j)

                if i + 2 < rows then
                    threeRows &a lanes 1 &turned 16 &c columns lanes
                    i <- i + 3
                else
                    oneRow &a 1 &turned 16 &c lanes
                    i <- i + 1

            j <- j + 16

        let mutable i = 0

        while i < rows do
            let a = &Unsafe.Add(&left, i * lanes)
            let isThree = i + 2 < rows

            for j in wide..4 .. whole - 1 do
                let b = &Unsafe.Add(&right, j * lanes)
                let c = &Unsafe.Add(&result, i * columns + j)
                if isThree then threeByFour &a &b &c columns lanes else oneByFour &a &b &c lanes

            i <- i + (if isThree then 3 else 1)

        for i in 0 .. rows - 1 do
            let a = &Unsafe.Add(&left, i * lanes)

            for j in whole .. columns - 1 do
                let b = &Unsafe.Add(&right, j * lanes)
                let c = &Unsafe.Add(&result, i * columns + j)
                c <- c + oneByOne &a &b lanes

            let mutable sum = Vector256<float>.Zero

            for v in 0 .. lanes / 4 - 1 do
                sum <- sum + load &a (4 * v)

            let c = &Unsafe.Add(&result, rows * columns + i)
            c <- c + total sum
