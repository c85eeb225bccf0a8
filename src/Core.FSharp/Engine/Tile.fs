namespace LayerTime.Core.Engine

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Runtime.Intrinsics
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// Rows of a layer that share one activation.
[<Struct; NoComparison; NoEquality>]
type internal ActivationRun = {
    Kind: ActivationKind
    /// The slope of a leaky ReLU, converted once.
    Slope: float
    First: int
    Rows: int
}

/// Sixteen samples side by side: row i of a tile holds coordinate i of each, as four vectors of four floats.
/// A lane never meets another, so a sample's bits do not depend on its place nor on the samples beside it.
[<RequireQualifiedAccess>]
module internal Tile =
    /// The number of samples in a tile.
    [<Literal>]
    let Samples = 16

    /// The number of vectors in a row of a tile.
    [<Literal>]
    let private Vectors = 4

    /// So many rows of a right factor stay in the first cache while all rows of the left one pass.
    [<Literal>]
    let private Panel = 128

    let inline private load (entries: byref<float>) (place: int) : Vector256<float> = Vector256.LoadUnsafe(&Unsafe.Add(&entries, place))

    let inline private store (value: Vector256<float>) (entries: byref<float>) (place: int) : unit =
        value.StoreUnsafe(&Unsafe.Add(&entries, place))

    let inline private broadcast (entries: byref<float>) (place: int) : Vector256<float> = Vector256.Create(Unsafe.Add(&entries, place))

    let inline private fma (a: Vector256<float>) (b: Vector256<float>) (c: Vector256<float>) : Vector256<float> =
        Vector256.FusedMultiplyAdd(a, b, c)

    /// c ← c + a·b for three rows of sixteen numbers: twelve sums hide the latency of each other.
    let private threeRows (a: byref<float>) aStride (b: byref<float>) bStride (c: byref<float>) cStride (count: int) : unit =
        let mutable p0, p1, p2, p3 = load &c 0, load &c 4, load &c 8, load &c 12
        let mutable q0, q1, q2, q3 = load &c cStride, load &c (cStride + 4), load &c (cStride + 8), load &c (cStride + 12)

        let mutable r0, r1, r2, r3 =
            load &c (2 * cStride), load &c (2 * cStride + 4), load &c (2 * cStride + 8), load &c (2 * cStride + 12)

        for k in 0 .. count - 1 do
            let p, q, r = broadcast &a k, broadcast &a (aStride + k), broadcast &a (2 * aStride + k)
            let x = load &b (k * bStride)
            p0 <- fma p x p0
            q0 <- fma q x q0
            r0 <- fma r x r0
            let x = load &b (k * bStride + 4)
            p1 <- fma p x p1
            q1 <- fma q x q1
            r1 <- fma r x r1
            let x = load &b (k * bStride + 8)
            p2 <- fma p x p2
            q2 <- fma q x q2
            r2 <- fma r x r2
            let x = load &b (k * bStride + 12)
            p3 <- fma p x p3
            q3 <- fma q x q3
            r3 <- fma r x r3

        store p0 &c 0
        store p1 &c 4
        store p2 &c 8
        store p3 &c 12
        store q0 &c cStride
        store q1 &c (cStride + 4)
        store q2 &c (cStride + 8)
        store q3 &c (cStride + 12)
        store r0 &c (2 * cStride)
        store r1 &c (2 * cStride + 4)
        store r2 &c (2 * cStride + 8)
        store r3 &c (2 * cStride + 12)

    /// c ← c + a·b for one row of sixteen numbers.
    let private oneRow (a: byref<float>) (b: byref<float>) bStride (c: byref<float>) (count: int) : unit =
        let mutable p0, p1, p2, p3 = load &c 0, load &c 4, load &c 8, load &c 12

        for k in 0 .. count - 1 do
            let p = broadcast &a k
            p0 <- fma p (load &b (k * bStride)) p0
            p1 <- fma p (load &b (k * bStride + 4)) p1
            p2 <- fma p (load &b (k * bStride + 8)) p2
            p3 <- fma p (load &b (k * bStride + 12)) p3

        store p0 &c 0
        store p1 &c 4
        store p2 &c 8
        store p3 &c 12

    /// c ← c + a·b for one row of four numbers.
    let private quarterRow (a: byref<float>) (b: byref<float>) bStride (c: byref<float>) (count: int) : unit =
        let mutable p0 = load &c 0

        for k in 0 .. count - 1 do
            p0 <- fma (broadcast &a k) (load &b (k * bStride)) p0

        store p0 &c 0

    /// y ← y + W·x with W in `weights` from `first` on, row by row: y_i + W_i0 x_0 + W_i1 x_1 + … from left to right, each product and sum
    /// rounded once.
    let addProduct (weights: float[]) (first: int) (rows: int) (columns: int) (x: float[]) (y: float[]) : unit =
        let w = &MemoryMarshal.GetArrayDataReference weights
        let input = &MemoryMarshal.GetArrayDataReference x
        let output = &MemoryMarshal.GetArrayDataReference y
        let mutable column = 0

        while column < columns do
            let count = Math.Min(Panel, columns - column)
            let b = &Unsafe.Add(&input, column * Samples)
            let mutable i = 0

            while i + 2 < rows do
                let a = &Unsafe.Add(&w, first + i * columns + column)
                let c = &Unsafe.Add(&output, i * Samples)
                threeRows &a columns &b Samples &c Samples count
                i <- i + 3

            while i < rows do
                let a = &Unsafe.Add(&w, first + i * columns + column)
                let c = &Unsafe.Add(&output, i * Samples)
                oneRow &a &b Samples &c count
                i <- i + 1

            column <- column + count

    /// y ← b, with b in `numbers` from `first` on, the same for all samples.
    let fill (numbers: float[]) (first: int) (rows: int) (y: float[]) : unit =
        let output = &MemoryMarshal.GetArrayDataReference y

        for i in 0 .. rows - 1 do
            let value = Vector256.Create numbers[first + i]

            for v in 0 .. Vectors - 1 do
                store value &output (i * Samples + 4 * v)

    /// The length of a row in which each sample's [x; 1] stands by itself: whole vectors.
    let rowLength (columns: int) : int = (columns + 1 + 3) / 4 * 4

    /// rows[s] ← [x(s); 1] for the first samples.
    let transpose (x: float[]) (columns: int) (samples: int) (rows: float[]) : unit =
        let length = rowLength columns

        for s in 0 .. samples - 1 do
            let row = s * length

            for j in 0 .. columns - 1 do
                rows[row + j] <- x[j * Samples + s]

            rows[row + columns] <- 1.0

    /// [dW db] ← [dW db] + Σ_s δ(s) [x(s); 1]ᵀ, sample after sample, with the rows that `transpose` gives and rows of that length in the sum.
    let addOuter (δ: float[]) (rows: int) (xs: float[]) (columns: int) (samples: int) (sum: float[]) : unit =
        let length = rowLength columns
        let left = &MemoryMarshal.GetArrayDataReference δ
        let right = &MemoryMarshal.GetArrayDataReference xs
        let result = &MemoryMarshal.GetArrayDataReference sum
        let mutable j = 0

        while j + 15 < length do
            let b = &Unsafe.Add(&right, j)
            let mutable i = 0

            while i + 2 < rows do
                let a = &Unsafe.Add(&left, i * Samples)
                let c = &Unsafe.Add(&result, i * length + j)
                threeRows &a Samples &b length &c length samples
                i <- i + 3

            while i < rows do
                let a = &Unsafe.Add(&left, i * Samples)
                let c = &Unsafe.Add(&result, i * length + j)
                oneRow &a &b length &c samples
                i <- i + 1

            j <- j + 16

        while j < length do
            let b = &Unsafe.Add(&right, j)

            for i in 0 .. rows - 1 do
                let a = &Unsafe.Add(&left, i * Samples)
                let c = &Unsafe.Add(&result, i * length + j)
                quarterRow &a &b length &c samples

            j <- j + 4

    let inline private map (entries: float[]) (first: int) (rows: int) ([<InlineIfLambda>] f: Vector256<float> -> Vector256<float>) : unit =
        let start = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference entries, first * Samples)

        for k in 0 .. rows * Vectors - 1 do
            store (f (load &start (4 * k))) &start (4 * k)

    /// y ← the first of f(y), slopes ← the second.
    let inline private mapBoth
        (entries: float[])
        (slopes: float[])
        (first: int)
        (rows: int)
        ([<InlineIfLambda>] f: Vector256<float> -> struct (Vector256<float> * Vector256<float>))
        : unit =
        let start = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference entries, first * Samples)
        let slope = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference slopes, first * Samples)

        for k in 0 .. rows * Vectors - 1 do
            let struct (value, derivative) = f (load &start (4 * k))
            store value &start (4 * k)
            store derivative &slope (4 * k)

    // No comparison with NaN is true, so that it stays.
    let inline private relu (t: Vector256<float>) =
        Vector256.ConditionalSelect(Vector256.LessThanOrEqual(t, Vector256<float>.Zero), Vector256<float>.Zero, t)

    let inline private leaky (slope: Vector256<float>) (t: Vector256<float>) =
        Vector256.ConditionalSelect(Vector256.LessThan(t, Vector256<float>.Zero), slope * t, t)

    let inline private cubic (t: Vector256<float>) = fma (t * t * t) (Vector256.Create(1.0 / 3.0)) t

    /// y ← σ(y) in the rows of the run.
    let activate (run: ActivationRun) (y: float[]) : unit =
        let first, rows = run.First, run.Rows

        match run.Kind with
        | ActivationKind.Identity -> ()
        | ActivationKind.Relu -> map y first rows relu
        | ActivationKind.LeakyRelu _ ->
            let slope = Vector256.Create run.Slope
            map y first rows (leaky slope)
        | ActivationKind.Square -> map y first rows (fun t -> t * t)
        | ActivationKind.Cubic -> map y first rows cubic
        | ActivationKind.Transcendental TranscendentalName.Tanh -> map y first rows LaneFunctions.tanh
        | ActivationKind.Transcendental TranscendentalName.Logistic -> map y first rows LaneFunctions.logistic
        | ActivationKind.Transcendental TranscendentalName.Softplus -> map y first rows LaneFunctions.softplus
        | ActivationKind.Transcendental TranscendentalName.Sine ->
            for k in first * Samples .. (first + rows) * Samples - 1 do
                y[k] <- Elementary.sin y[k]

    /// slopes ← σ′(y), at a kink from the left, and y ← σ(y) as `activate` does. Rows of the identity have no slopes.
    let activateBoth (run: ActivationRun) (y: float[]) (slopes: float[]) : unit =
        let first, rows = run.First, run.Rows
        let one = Vector256<float>.One

        let inline step (below: Vector256<float>) (t: Vector256<float>) =
            Vector256.ConditionalSelect(Vector256.LessThanOrEqual(t, Vector256<float>.Zero), below, one)

        match run.Kind with
        | ActivationKind.Identity -> ()
        | ActivationKind.Relu -> mapBoth y slopes first rows (fun t -> struct (relu t, step Vector256<float>.Zero t))
        | ActivationKind.LeakyRelu _ ->
            let slope = Vector256.Create run.Slope
            mapBoth y slopes first rows (fun t -> struct (leaky slope t, step slope t))
        | ActivationKind.Square -> mapBoth y slopes first rows (fun t -> struct (t * t, t + t))
        | ActivationKind.Cubic -> mapBoth y slopes first rows (fun t -> struct (cubic t, fma t t one))
        | ActivationKind.Transcendental TranscendentalName.Tanh ->
            mapBoth y slopes first rows (fun t ->
                let s = LaneFunctions.tanh t
                struct (s, fma -s s one))
        | ActivationKind.Transcendental TranscendentalName.Logistic ->
            mapBoth y slopes first rows (fun t ->
                let s = LaneFunctions.logistic t
                struct (s, s * LaneFunctions.logistic -t))
        | ActivationKind.Transcendental TranscendentalName.Softplus ->
            mapBoth y slopes first rows (fun t -> struct (LaneFunctions.softplus t, LaneFunctions.logistic t))
        | ActivationKind.Transcendental TranscendentalName.Sine ->
            for k in first * Samples .. (first + rows) * Samples - 1 do
                slopes[k] <- Elementary.cos y[k]
                y[k] <- Elementary.sin y[k]

    /// y ← y ∘ slopes in the rows of the run.
    let multiply (run: ActivationRun) (slopes: float[]) (y: float[]) : unit =
        if not run.Kind.IsIdentity then
            let factor = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference slopes, run.First * Samples)
            let target = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference y, run.First * Samples)

            for k in 0 .. run.Rows * Vectors - 1 do
                store (load &factor (4 * k) * load &target (4 * k)) &target (4 * k)

    /// y ← y + a·x, the first `rows` rows.
    let addScaled (a: float) (x: float[]) (y: float[]) (rows: int) : unit =
        let source = &MemoryMarshal.GetArrayDataReference x
        let target = &MemoryMarshal.GetArrayDataReference y
        let factor = Vector256.Create a

        for k in 0 .. rows * Vectors - 1 do
            store (fma factor (load &source (4 * k)) (load &target (4 * k))) &target (4 * k)

    /// Rows `sourceRow`, … of one tile become rows `targetRow`, … of another.
    let copy (source: float[]) (sourceRow: int) (target: float[]) (targetRow: int) (rows: int) : unit =
        Array.Copy(source, sourceRow * Samples, target, targetRow * Samples, rows * Samples)
