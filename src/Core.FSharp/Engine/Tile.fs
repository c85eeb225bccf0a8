namespace LayerTime.Core.Engine

open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Runtime.Intrinsics
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

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

    let inline private load (entries: byref<float>) (row: int) (vector: int) : Vector256<float> =
        Vector256.LoadUnsafe(&Unsafe.Add(&entries, row * Samples + 4 * vector))

    let inline private store (value: Vector256<float>) (entries: byref<float>) (row: int) (vector: int) : unit =
        value.StoreUnsafe(&Unsafe.Add(&entries, row * Samples + 4 * vector))

    let inline private fma (a: Vector256<float>) (b: Vector256<float>) (c: Vector256<float>) : Vector256<float> =
        Vector256.FusedMultiplyAdd(a, b, c)

    /// y ← W·x + b: b_i + W_i0 x_0 + W_i1 x_1 + … from left to right, each product and sum rounded once, two rows at a time so that
    /// eight sums hide the latency of each other.
    let affine (weights: float[]) (bias: float[]) (columns: int) (x: float[]) (y: float[]) : unit =
        let first = &MemoryMarshal.GetArrayDataReference weights
        let input = &MemoryMarshal.GetArrayDataReference x
        let output = &MemoryMarshal.GetArrayDataReference y
        let mutable i = 0

        while i + 1 < bias.Length do
            let upper = &Unsafe.Add(&first, i * columns)
            let lower = &Unsafe.Add(&first, (i + 1) * columns)
            let b, c = Vector256.Create bias[i], Vector256.Create bias[i + 1]
            let mutable b0, b1, b2, b3 = b, b, b, b
            let mutable c0, c1, c2, c3 = c, c, c, c

            for j in 0 .. columns - 1 do
                let x0, x1, x2, x3 = load &input j 0, load &input j 1, load &input j 2, load &input j 3
                let w = Vector256.Create(Unsafe.Add(&upper, j))
                b0 <- fma w x0 b0
                b1 <- fma w x1 b1
                b2 <- fma w x2 b2
                b3 <- fma w x3 b3
                let w = Vector256.Create(Unsafe.Add(&lower, j))
                c0 <- fma w x0 c0
                c1 <- fma w x1 c1
                c2 <- fma w x2 c2
                c3 <- fma w x3 c3

            store b0 &output i 0
            store b1 &output i 1
            store b2 &output i 2
            store b3 &output i 3
            store c0 &output (i + 1) 0
            store c1 &output (i + 1) 1
            store c2 &output (i + 1) 2
            store c3 &output (i + 1) 3
            i <- i + 2

        if i < bias.Length then
            let row = &Unsafe.Add(&first, i * columns)
            let b = Vector256.Create bias[i]
            let mutable b0, b1, b2, b3 = b, b, b, b

            for j in 0 .. columns - 1 do
                let w = Vector256.Create(Unsafe.Add(&row, j))
                b0 <- fma w (load &input j 0) b0
                b1 <- fma w (load &input j 1) b1
                b2 <- fma w (load &input j 2) b2
                b3 <- fma w (load &input j 3) b3

            store b0 &output i 0
            store b1 &output i 1
            store b2 &output i 2
            store b3 &output i 3

    let inline private map (entries: float[]) (first: int) (rows: int) ([<InlineIfLambda>] f: Vector256<float> -> Vector256<float>) : unit =
        let start = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference entries, first * Samples)

        for k in 0 .. rows * Vectors - 1 do
            store (f (load &start 0 k)) &start 0 k

    /// y ← σ(y), `rows` rows from `first` on.
    let activate (kind: ActivationKind) (y: float[]) (first: int) (rows: int) : unit =
        let zero = Vector256<float>.Zero

        match kind with
        | ActivationKind.Identity -> ()
        // No comparison with NaN is true, so that it stays.
        | ActivationKind.Relu -> map y first rows (fun t -> Vector256.ConditionalSelect(Vector256.LessThanOrEqual(t, zero), zero, t))
        | ActivationKind.LeakyRelu slope ->
            let slope = Vector256.Create(Rational.toFloat slope)
            map y first rows (fun t -> Vector256.ConditionalSelect(Vector256.LessThan(t, zero), slope * t, t))
        | ActivationKind.Square -> map y first rows (fun t -> t * t)
        | ActivationKind.Cubic -> map y first rows (fun t -> fma (t * t * t) (Vector256.Create(1.0 / 3.0)) t)
        | ActivationKind.Transcendental TranscendentalName.Tanh -> map y first rows LaneFunctions.tanh
        | ActivationKind.Transcendental TranscendentalName.Logistic -> map y first rows LaneFunctions.logistic
        | ActivationKind.Transcendental TranscendentalName.Softplus -> map y first rows LaneFunctions.softplus
        | ActivationKind.Transcendental TranscendentalName.Sine ->
            for k in first * Samples .. (first + rows) * Samples - 1 do
                y[k] <- Elementary.sin y[k]

    /// y ← y + a·x, the first `rows` rows.
    let addScaled (a: float) (x: float[]) (y: float[]) (rows: int) : unit =
        let source = &MemoryMarshal.GetArrayDataReference x
        let target = &MemoryMarshal.GetArrayDataReference y
        let factor = Vector256.Create a

        for k in 0 .. rows * Vectors - 1 do
            store (fma factor (load &source 0 k) (load &target 0 k)) &target 0 k
