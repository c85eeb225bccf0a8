namespace LayerTime.Core.Engine

// Addresses to prefetch, through which nothing is read.
#nowarn "9"

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Runtime.Intrinsics
open System.Runtime.Intrinsics.X86
open Microsoft.FSharp.NativeInterop

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

    /// c ← c + a·b for two rows of sixteen lanes.
    let private twoRows
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
        let c1 = &Unsafe.Add(&c, cRow)
        let mutable p0, p1, p2, p3 = load &c 0, load &c 4, load &c 8, load &c 12
        let mutable q0, q1, q2, q3 = load &c1 0, load &c1 4, load &c1 8, load &c1 12
        let aStep, bStep = bytes step, bytes bRow
        let mutable left, right = 0n, 0n

        for _ in 1..count do
            let p, q = broadcastAt &a left, broadcastAt &second left
            let x = loadAt &b right 0
            p0 <- fma p x p0
            q0 <- fma q x q0
            let x = loadAt &b right 4
            p1 <- fma p x p1
            q1 <- fma q x q1
            let x = loadAt &b right 8
            p2 <- fma p x p2
            q2 <- fma q x q2
            let x = loadAt &b right 12
            p3 <- fma p x p3
            q3 <- fma q x q3
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

    /// How many of so many rows are next: threes, then twos; one only where there is no other.
    let inline private group (left: int) : int =
        if left = 1 then 1
        elif left = 2 || left = 4 then 2
        else 3

    /// c ← c + a·b for such a group.
    let inline private addRows
        (group: int)
        (a: byref<float>)
        (row: int)
        (step: int)
        (b: byref<float>)
        (bRow: int)
        (c: byref<float>)
        (cRow: int)
        (count: int)
        : unit =
        match group with
        | 3 -> threeRows &a row step &b bRow &c cRow count
        | 2 -> twoRows &a row step &b bRow &c cRow count
        | _ -> oneRow &a step &b bRow &c count

    /// Asks for so many cache lines (of eight numbers) from a place on, or backwards from there where a line is negative. They may lie outside of the array.
    let inline private prefetch (entries: byref<float>) (place: int) (line: int) (lines: int) : unit =
        if Sse.IsSupported then
            for n in 0 .. lines - 1 do
                Sse.Prefetch1(
                    NativePtr.toVoidPtr (NativePtr.add (NativePtr.ofVoidPtr<float>(Unsafe.AsPointer &entries)) (place + n * line))
                )

    /// Sixteen numbers from a place on become one value.
    let inline private fill (value: Vector256<float>) (entries: byref<float>) (place: int) : unit =
        store value &entries place
        store value &entries (place + 4)
        store value &entries (place + 8)
        store value &entries (place + 12)

    /// y ← y + A·x for an A whose entry (i, k) stands at first + i·row + k·step: y_i + A_i0 x_0 + A_i1 x_1 + … from left to right, in at most twelve lanes.
    /// Where `bias` is not negative, the numbers from there on take the place of y.
    let private addFew
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
        for lane in 0..4 .. lanes - 1 do
            let b = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference x, lane)

            for i in 0 .. rows - 1 do
                let a = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference numbers, first + i * row)
                let c = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference y, i * lanes + lane)

                if bias >= 0 then
                    store (Vector256.Create numbers[bias + i]) &c 0

                quarterRow &a step &b lanes &c count

    /// The same in whole sixteens of lanes.
    let private addMany
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
        let stride = Tile.stride lanes
        let left = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference numbers, first)
        let offset = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference numbers, Math.Max(bias, 0))
        let right = &MemoryMarshal.GetArrayDataReference x
        let result = &MemoryMarshal.GetArrayDataReference y

        // The weights of the next layer stand after the bias on the way forward, before these on the way back: a few lines of them with each product of
        // rows, unless they are so few that they are there at once.
        let lines =
            if rows * count < 32 * 32 then
                0
            else
                let products = (rows + 2) / 3 * (lanes / 16) * ((count + Panel - 1) / Panel)
                (rows * count / 8 + products - 1) / products

        let line = if bias >= 0 then 8 else -8
        let mutable ahead = if bias >= 0 then rows * count + rows else line
        let mutable k = 0

        while k < count do
            let length = Math.Min(Panel, count - k)
            let starts = k = 0 && bias >= 0

            for lane in 0..16 .. lanes - 1 do
                let b = &Unsafe.Add(&right, k * stride + lane)
                let mutable i = 0

                while i < rows do
                    let a = &Unsafe.Add(&left, i * row + k * step)
                    let c = &Unsafe.Add(&result, i * stride + lane)
                    let group = group (rows - i)

                    if starts then
                        for r in 0 .. group - 1 do
                            fill (Vector256.Create(Unsafe.Add(&offset, i + r))) &c (r * stride)

                    prefetch &left ahead line lines
                    ahead <- ahead + lines * line
                    addRows group &a row step &b stride &c stride length
                    i <- i + group

            k <- k + length

    /// y ← b + W·x, with W in `numbers` from `first` on, row by row, and b after it.
    let affine (lanes: int) (numbers: float[]) (first: int) (rows: int) (columns: int) (x: float[]) (y: float[]) : unit =
        let stride = Tile.stride lanes

        if stride > lanes then
            for i in 0 .. rows - 1 do
                Array.Clear(y, i * stride + lanes, stride - lanes)

        let bias = first + rows * columns

        if lanes < 16 then
            addFew lanes numbers first columns 1 rows columns bias x y
        else
            addMany lanes numbers first columns 1 rows columns bias x y

    /// y ← y + Wᵀ·δ, with W in `numbers` from `first` on, row by row.
    let addTransposed (lanes: int) (numbers: float[]) (first: int) (rows: int) (columns: int) (δ: float[]) (y: float[]) : unit =
        if lanes < 16 then
            addFew lanes numbers first 1 columns columns rows -1 δ y
        else
            addMany lanes numbers first 1 columns columns rows -1 δ y

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

    /// c ← c + a·bᵀ for three rows of a and four of b, `lanes` numbers each, `stride` apart; a row of c is `columns` long.
    let private threeByFour (a: byref<float>) (b: byref<float>) (c: byref<float>) (columns: int) (lanes: int) (stride: int) : unit =
        let a1 = &Unsafe.Add(&a, stride)
        let a2 = &Unsafe.Add(&a, 2 * stride)
        let b1 = &Unsafe.Add(&b, stride)
        let b2 = &Unsafe.Add(&b, 2 * stride)
        let b3 = &Unsafe.Add(&b, 3 * stride)
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
    let private oneByFour (a: byref<float>) (b: byref<float>) (c: byref<float>) (lanes: int) (stride: int) : unit =
        let b1 = &Unsafe.Add(&b, stride)
        let b2 = &Unsafe.Add(&b, 2 * stride)
        let b3 = &Unsafe.Add(&b, 3 * stride)
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

    /// The columns 16 j, …, 16 j + 15 of G ← G + δ xᵀ, or of δ xᵀ where this is the first of several products: x is turned so that its rows stand beside
    /// each other as those columns do.
    let private outerSixteen
        (lanes: int)
        (δ: float[])
        (rows: int)
        (x: float[])
        (columns: int)
        (j: int)
        (isFirst: bool)
        (gradient: float[])
        (first: int)
        (scratch: float[])
        : unit =
        let stride = Tile.stride lanes
        let left = &MemoryMarshal.GetArrayDataReference δ
        let right = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference x, 16 * j * stride)
        let result = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference gradient, first + 16 * j)
        let turned = &MemoryMarshal.GetArrayDataReference scratch

        for s in 0..4 .. lanes - 1 do
            for q in 0..4..12 do
                let a = &Unsafe.Add(&right, q * stride + s)
                let b = &Unsafe.Add(&turned, s * 16 + q)
                transpose &a stride &b 16

        let mutable i = 0

        while i < rows do
            let a = &Unsafe.Add(&left, i * stride)
            let c = &Unsafe.Add(&result, i * columns)
            let group = group (rows - i)

            if isFirst then
                for r in 0 .. group - 1 do
                    fill Vector256<float>.Zero &c (r * columns)

            addRows group &a stride 1 &turned 16 &c columns lanes
            i <- i + group

    /// [G; g] ← [δ xᵀ; δ 1] where this is the first of several products, [G + δ xᵀ; g + δ 1] elsewhere, with G in `gradient` from `first` on, row by row,
    /// and g after it. The scratch has room for sixteen rows.
    let outer
        (lanes: int)
        (δ: float[])
        (rows: int)
        (x: float[])
        (columns: int)
        (isFirst: bool)
        (gradient: float[])
        (first: int)
        (scratch: float[])
        : unit =
        let wide, whole = columns / 16 * 16, columns / 4 * 4

        for j in 0 .. wide / 16 - 1 do
            outerSixteen lanes δ rows x columns j isFirst gradient first scratch

        if isFirst then
            if wide = 0 then
                Array.Clear(gradient, first, rows * columns)
            elif wide < columns then
                for i in 0 .. rows - 1 do
                    Array.Clear(gradient, first + i * columns + wide, columns - wide)

            Array.Clear(gradient, first + rows * columns, rows)

        let stride = Tile.stride lanes
        let left = &MemoryMarshal.GetArrayDataReference δ
        let right = &MemoryMarshal.GetArrayDataReference x
        let result = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference gradient, first)
        let mutable i = 0

        while i < rows do
            let a = &Unsafe.Add(&left, i * stride)
            let isThree = i + 2 < rows

            for j in wide..4 .. whole - 1 do
                let b = &Unsafe.Add(&right, j * stride)
                let c = &Unsafe.Add(&result, i * columns + j)

                if isThree then threeByFour &a &b &c columns lanes stride else oneByFour &a &b &c lanes stride

            i <- i + (if isThree then 3 else 1)

        for i in 0 .. rows - 1 do
            let a = &Unsafe.Add(&left, i * stride)

            for j in whole .. columns - 1 do
                let b = &Unsafe.Add(&right, j * stride)
                let c = &Unsafe.Add(&result, i * columns + j)
                c <- c + oneByOne &a &b lanes

            let mutable sum = Vector256<float>.Zero

            for v in 0 .. lanes / 4 - 1 do
                sum <- sum + load &a (4 * v)

            let c = &Unsafe.Add(&result, rows * columns + i)
            c <- c + total sum
