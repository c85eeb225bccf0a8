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
    /// So many rows of a right factor, four registers of each, and a left factor's rows stay in the innermost cache until they are read again.
    [<Literal>]
    let private Panel = 64

    /// So many numbers of a right factor that was turned, 16 KB of them, stay in the innermost cache: 64 lanes of 32 columns or 128 of 16, as was measured.
    [<Literal>]
    let Scratch = 2048

    let inline private load (entries: byref<float>) (place: int) : Vector256<float> = Vector256.LoadUnsafe(&Unsafe.Add(&entries, place))

    let inline private loadAt (entries: byref<float>) (offset: nativeint) : Vector256<float> =
        Vector256.LoadUnsafe(&Unsafe.AddByteOffset(&entries, offset))

    let inline private store (value: Vector256<float>) (entries: byref<float>) (place: int) : unit =
        value.StoreUnsafe(&Unsafe.Add(&entries, place))

    let inline private fma (a: Vector256<float>) (b: Vector256<float>) (c: Vector256<float>) : Vector256<float> =
        Vector256.FusedMultiplyAdd(a, b, c)

    /// Asks for so many cache lines (of eight numbers) from a place on, or backwards from there where a line is negative. They may lie outside of the array.
    let inline private prefetch (entries: byref<float>) (place: int) (line: int) (lines: int) : unit =
        if Sse.IsSupported then
            for n in 0 .. lines - 1 do
                Sse.Prefetch1(
                    NativePtr.toVoidPtr (NativePtr.add (NativePtr.ofVoidPtr<float>(Unsafe.AsPointer &entries)) (place + n * line))
                )

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

                RowProducts.single<FourLanes> &a step &b lanes &c count

    /// The same for the lanes `from`, …, `until` − 1, which fill fours of registers.
    let private addMany<'V when 'V :> ILanes<'V>>
        (lanes: int)
        (from: int)
        (until: int)
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
        let stride, width = Tile.stride lanes, 4 * 'V.Count
        let left = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference numbers, first)
        let offsets = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference numbers, Math.Max(bias, 0))
        let right = &MemoryMarshal.GetArrayDataReference x
        let result = &MemoryMarshal.GetArrayDataReference y

        // The weights of the next layer stand after the bias on the way forward, before these on the way back: a few lines of them with each product of
        // rows, unless they are so few that they are there at once.
        let lines =
            if rows * count < 32 * 32 || from > 0 then
                0
            else
                let products = (rows + 'V.Rows - 1) / 'V.Rows * ((until - from) / width) * ((count + Panel - 1) / Panel)
                (rows * count / 8 + products - 1) / products

        let line = if bias >= 0 then 8 else -8
        let mutable ahead = if bias >= 0 then rows * count + rows else line
        let mutable k = 0

        while k < count do
            let length = Math.Min(Panel, count - k)
            let starts = k = 0 && bias >= 0

            for lane in from..width .. until - 1 do
                let b = &Unsafe.Add(&right, k * stride + lane)
                let mutable i = 0

                while i < rows do
                    let a = &Unsafe.Add(&left, i * row + k * step)
                    let c = &Unsafe.Add(&result, i * stride + lane)
                    let offset = &Unsafe.Add(&offsets, i)
                    let group = RowProducts.group<'V>(rows - i)
                    prefetch &left ahead line lines
                    ahead <- ahead + lines * line
                    RowProducts.add<'V> group &a row step &b stride &c stride length starts &offset 1
                    i <- i + group

            k <- k + length

    /// The same in any number of lanes.
    let private add
        (lanes: int)
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
        if lanes < 16 then
            addFew lanes numbers first row step rows count bias x y
        else
            let wide = Lanes.eights 32 lanes

            if wide > 0 then
                addMany<EightLanes> lanes 0 wide numbers first row step rows count bias x y

            if wide < lanes then
                addMany<FourLanes> lanes wide lanes numbers first row step rows count bias x y

    /// y ← b + W·x, with W in `numbers` from `first` on, row by row, and b after it.
    let affine (lanes: int) (numbers: float[]) (first: int) (rows: int) (columns: int) (x: float[]) (y: float[]) : unit =
        let stride = Tile.stride lanes

        if stride > lanes then
            for i in 0 .. rows - 1 do
                Array.Clear(y, i * stride + lanes, stride - lanes)

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
            let p, q, r = loadAt &a at, loadAt &a1 at, loadAt &a2 at
            let x = loadAt &b at
            p0 <- fma p x p0
            q0 <- fma q x q0
            r0 <- fma r x r0
            let x = loadAt &b1 at
            p1 <- fma p x p1
            q1 <- fma q x q1
            r1 <- fma r x r1
            let x = loadAt &b2 at
            p2 <- fma p x p2
            q2 <- fma q x q2
            r2 <- fma r x r2
            let x = loadAt &b3 at
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
            let p = loadAt &a at
            p0 <- fma p (loadAt &b at) p0
            p1 <- fma p (loadAt &b1 at) p1
            p2 <- fma p (loadAt &b2 at) p2
            p3 <- fma p (loadAt &b3 at) p3
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

    /// The columns from `j` on, four registers of them, of G ← G + δ xᵀ, or of δ xᵀ where this is the first of several products: x is turned, some lanes at a
    /// time, so that its rows stand beside each other as those columns do.
    let private outerColumns<'V when 'V :> ILanes<'V>>
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
        let stride, width = Tile.stride lanes, 4 * 'V.Count
        let left = &MemoryMarshal.GetArrayDataReference δ
        let right = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference x, j * stride)
        let result = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference gradient, first + j)
        let turned = &MemoryMarshal.GetArrayDataReference scratch
        let mutable zero = 0.0
        let mutable k = 0

        while k < lanes do
            let length = Math.Min(Scratch / width, lanes - k)

            for s in 0..4 .. length - 1 do
                for q in 0..4 .. width - 4 do
                    let a = &Unsafe.Add(&right, q * stride + k + s)
                    let b = &Unsafe.Add(&turned, s * width + q)
                    transpose &a stride &b width

            let starts = isFirst && k = 0
            let mutable i = 0

            while i < rows do
                let a = &Unsafe.Add(&left, i * stride + k)
                let c = &Unsafe.Add(&result, i * columns)
                let group = RowProducts.group<'V>(rows - i)
                RowProducts.add<'V> group &a stride 1 &turned width &c columns length starts &zero 0
                i <- i + group

            k <- k + length

    /// [G; g] ← [δ xᵀ; δ 1] where this is the first of several products, [G + δ xᵀ; g + δ 1] elsewhere, with G in `gradient` from `first` on, row by row,
    /// and g after it. The scratch has room for `Scratch` numbers.
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
        let eights = Lanes.eights 32 columns

        for j in 0..32 .. eights - 1 do
            outerColumns<EightLanes> lanes δ rows x columns j isFirst gradient first scratch

        for j in eights..16 .. wide - 1 do
            outerColumns<FourLanes> lanes δ rows x columns j isFirst gradient first scratch

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
