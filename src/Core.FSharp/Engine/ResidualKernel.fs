namespace LayerTime.Core.Engine

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Runtime.Intrinsics
open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// The weighted losses of some samples that stand in lanes.
type ITileLoss =
    /// For the outputs of the samples `first`, …, `first + Samples − 1`, row by row as a tile has them: values[s] ← w_s Φ_s(z_s), slopes ← w_s ∇Φ_s(z_s).
    /// A lane without a sample has value and slopes 0.
    abstract Evaluate: first: int * outputs: float[] * values: float[] * slopes: float[] -> unit

/// What the kernel does to a tile of sixteen samples.
[<RequireQualifiedAccess>]
module private Lanes =
    let inline load (entries: float[]) (at: int) : Vector256<float> =
        Vector256.LoadUnsafe(&Unsafe.Add(&MemoryMarshal.GetArrayDataReference entries, at))

    let inline store (value: Vector256<float>) (entries: float[]) (at: int) : unit =
        value.StoreUnsafe(&Unsafe.Add(&MemoryMarshal.GetArrayDataReference entries, at))

    let inline fma (a: Vector256<float>) (b: Vector256<float>) (c: Vector256<float>) = Vector256.FusedMultiplyAdd(a, b, c)

    /// next ← x + h σ(z) and σ′(z) in the place of z, for the `size` numbers from `at` on; `next` begins `size` after x.
    let inline advance
        (h: float)
        (states: float[])
        (slopes: float[])
        (at: int)
        (size: int)
        ([<InlineIfLambda>] f: Vector256<float> -> struct (Vector256<float> * Vector256<float>))
        : unit =
        let step = Vector256.Create h
        let mutable k = at

        while k < at + size do
            let struct (value, slope) = f (load slopes k)
            store slope slopes k
            store (fma step value (load states k)) states (k + size)
            k <- k + 4

    // One function for each activation, so that each is compiled by itself with all of its arithmetic in one loop.
    let identity h states slopes at size = advance h states slopes at size (fun t -> struct (t, Vector256<float>.One))

    let relu h states slopes at size =
        advance h states slopes at size (fun t ->
            let isBelow = Vector256.LessThanOrEqual(t, Vector256<float>.Zero)

            struct (Vector256.ConditionalSelect(isBelow, Vector256<float>.Zero, t),
                    Vector256.ConditionalSelect(isBelow, Vector256<float>.Zero, Vector256<float>.One)))

    let leakyRelu (slope: float) h states slopes at size =
        let α = Vector256.Create slope

        advance h states slopes at size (fun t ->
            let isBelow = Vector256.LessThanOrEqual(t, Vector256<float>.Zero)
            struct (Vector256.ConditionalSelect(isBelow, α * t, t), Vector256.ConditionalSelect(isBelow, α, Vector256<float>.One)))

    let square h states slopes at size = advance h states slopes at size (fun t -> struct (t * t, t + t))

    let cubic h states slopes at size =
        let third, one = Vector256.Create(1.0 / 3.0), Vector256<float>.One
        advance h states slopes at size (fun t -> struct (fma (t * t * t) third t, fma t t one))

    let tanh h states slopes at size =
        let one = Vector256<float>.One

        advance h states slopes at size (fun t ->
            let s = LaneFunctions.tanh t
            struct (s, fma -s s one))

    let logistic h states slopes at size =
        advance h states slopes at size (fun t ->
            let s = LaneFunctions.logistic t
            struct (s, s * LaneFunctions.logistic -t))

    let softplus h states slopes at size =
        advance h states slopes at size (fun t -> struct (LaneFunctions.softplus t, LaneFunctions.logistic t))

    let sine (h: float) (states: float[]) (slopes: float[]) (at: int) (size: int) =
        for k in at .. at + size - 1 do
            let t = slopes[k]
            slopes[k] <- Elementary.cos t
            states[k + size] <- Math.FusedMultiplyAdd(h, Elementary.sin t, states[k])

    /// y ← M x + v for `rows` × `columns` numbers M at `first` among the parameters and v right after it.
    let affine (parameters: float[]) first rows columns (x: float[]) xAt (y: float[]) yAt : unit =
        let weights = &MemoryMarshal.GetArrayDataReference parameters
        let bias = first + rows * columns

        for i in 0 .. rows - 1 do
            let start = Vector256.Create(Unsafe.Add(&weights, bias + i))
            let mutable s0, s1, s2, s3 = start, start, start, start
            let mutable from = xAt

            for j in first + i * columns .. first + (i + 1) * columns - 1 do
                let w = Vector256.Create(Unsafe.Add(&weights, j))
                s0 <- fma w (load x from) s0
                s1 <- fma w (load x (from + 4)) s1
                s2 <- fma w (load x (from + 8)) s2
                s3 <- fma w (load x (from + 12)) s3
                from <- from + Tile.Samples

            let target = yAt + i * Tile.Samples
            store s0 y target
            store s1 y (target + 4)
            store s2 y (target + 8)
            store s3 y (target + 12)

    /// p ← p + Mᵀ q
    let addTransposed (parameters: float[]) first rows columns (q: float[]) (p: float[]) : unit =
        let weights = &MemoryMarshal.GetArrayDataReference parameters

        for j in 0 .. columns - 1 do
            let at = j * Tile.Samples
            let mutable s0, s1, s2, s3 = load p at, load p (at + 4), load p (at + 8), load p (at + 12)
            let mutable place = first + j

            for i in 0 .. rows - 1 do
                let w = Vector256.Create(Unsafe.Add(&weights, place))
                let from = i * Tile.Samples
                s0 <- fma w (load q from) s0
                s1 <- fma w (load q (from + 4)) s1
                s2 <- fma w (load q (from + 8)) s2
                s3 <- fma w (load q (from + 12)) s3
                place <- place + columns

            store s0 p at
            store s1 p (at + 4)
            store s2 p (at + 8)
            store s3 p (at + 12)

    /// Four lanes of each number of q xᵀ and of q are added to those of the gradient in M and v.
    let addOuter (lanes: float[]) first rows columns (q: float[]) (x: float[]) xAt : unit =
        for i in 0 .. rows - 1 do
            let from = i * Tile.Samples
            let q0, q1, q2, q3 = load q from, load q (from + 4), load q (from + 8), load q (from + 12)
            let mutable at = xAt
            let mutable place = 4 * (first + i * columns)

            for _ in 1..columns do
                // Two sums, so that they need not wait for each other.
                let even = fma q2 (load x (at + 8)) (fma q0 (load x at) (load lanes place))
                let odd = fma q3 (load x (at + 12)) (q1 * load x (at + 4))
                store (even + odd) lanes place
                at <- at + Tile.Samples
                place <- place + 4

            let place = 4 * (first + rows * columns + i)
            store (load lanes place + ((q0 + q1) + (q2 + q3))) lanes place

    /// q ← h σ′ ⊙ p for `size` numbers, the slopes from `at` on.
    let pull (h: float) (slopes: float[]) at (p: float[]) (q: float[]) (size: int) : unit =
        let step = Vector256.Create h
        let mutable k = 0

        while k < size do
            store (step * load p k * load slopes (at + k)) q k
            k <- k + 4

/// <summary>Σ_s w_s Φ_s(W X_n[x_s] + c) and its gradient for X_{i+1} = X_i + h σ(K_i X_i + b_i): forward and backward with sixteen samples in lanes.</summary>
/// <remarks>
/// Parameters and gradients stand in one vector: K_0 row by row, b_0, K_1, b_1, …, W row by row, c. Every product and sum of a lane is rounded
/// once, and the lanes of a gradient are added in one order, so that the bits are the same on every machine. Memory belongs to the instance: one run at a
/// time. It grows with depth · width for one tile and with the parameters, not with the number of samples.
/// </remarks>
[<Sealed>]
type ResidualKernel(activation: ActivationKind, width: int, outputs: int, depth: int, inputs: float[]) =
    let d, m, n = width, outputs, depth
    let samples = inputs.Length / width
    let tiles = (samples + Tile.Samples - 1) / Tile.Samples
    let row = Tile.Samples
    let perLayer = d * (d + 1)
    let h = 1.0 / float depth
    // X_0, …, X_n and σ′(z_0), …, σ′(z_{n−1}) of one tile.
    let states: float[] = Array.zeroCreate ((n + 1) * d * row)
    let slopes: float[] = Array.zeroCreate (n * d * row)
    let widest = max d m
    let momentum, force = Array.zeroCreate<float>(widest * row), Array.zeroCreate<float>(widest * row)
    let result, covector = Array.zeroCreate<float>(m * row), Array.zeroCreate<float>(m * row)
    let values = Array.zeroCreate<float>(tiles * row)
    let tileValues = Array.zeroCreate<float> row
    // Four lanes of every component of the gradient.
    let lanes: float[] = Array.zeroCreate (4 * (n * perLayer + m * (d + 1)))

    let forward (parameters: float[]) : unit =
        let size = d * row

        for layer in 0 .. n - 1 do
            let at = layer * size
            Lanes.affine parameters (layer * perLayer) d d states at slopes at

            match activation with
            | ActivationKind.Identity -> Lanes.identity h states slopes at size
            | ActivationKind.Relu -> Lanes.relu h states slopes at size
            | ActivationKind.LeakyRelu slope -> Lanes.leakyRelu (Rational.toFloat slope) h states slopes at size
            | ActivationKind.Square -> Lanes.square h states slopes at size
            | ActivationKind.Cubic -> Lanes.cubic h states slopes at size
            | ActivationKind.Transcendental TranscendentalName.Tanh -> Lanes.tanh h states slopes at size
            | ActivationKind.Transcendental TranscendentalName.Logistic -> Lanes.logistic h states slopes at size
            | ActivationKind.Transcendental TranscendentalName.Softplus -> Lanes.softplus h states slopes at size
            | ActivationKind.Transcendental TranscendentalName.Sine -> Lanes.sine h states slopes at size

    /// Σ_s Σ_{i=0..n−2} P_{i+1}·(V_{i+1} − V_i) of one tile, V_i = (X_{i+1} − X_i)/h: at P_{i+1} in the course of the backward sweep.
    let jumps (layer: int) : float =
        let mutable sum = Vector256<float>.Zero
        let size = d * row

        if layer < n - 1 then
            for k in 0..4 .. size - 1 do
                let at = layer * size + k
                let now = Lanes.load states (at + size)
                let change = (Lanes.load states (at + 2 * size) - now) - (now - Lanes.load states at)
                sum <- Lanes.fma (Lanes.load momentum k) change sum

        ((sum[0] + sum[1]) + (sum[2] + sum[3])) / h

    /// The states and momenta of all tiles in their order; `atLayer` sees P_{i+1} before layer i takes it back to P_i.
    let sweep (parameters: float[]) (loss: ITileLoss) (atLayer: int -> unit) : unit =
        let last = n * perLayer
        let size = d * row

        for tile in 0 .. tiles - 1 do
            let first = tile * row

            // Lanes without a sample repeat the last one and have no loss.
            for j in 0 .. d - 1 do
                for s in 0 .. row - 1 do
                    states[j * row + s] <- inputs[Math.Min(first + s, samples - 1) * d + j]

            forward parameters
            Lanes.affine parameters last m d states (n * size) result 0
            loss.Evaluate(first, result, tileValues, covector)
            Array.Copy(tileValues, 0, values, first, row)
            Lanes.addOuter lanes last m d covector states (n * size)
            Array.Clear(momentum, 0, size)
            Lanes.addTransposed parameters last m d covector momentum

            for layer in n - 1 .. -1 .. 0 do
                atLayer layer
                let first = layer * perLayer
                Lanes.pull h slopes (layer * size) momentum force size
                Lanes.addOuter lanes first d d force states (layer * size)

                if layer > 0 then
                    Lanes.addTransposed parameters first d d force momentum

    do
        if d < 1 || m < 1 || n < 1 || inputs.Length % d <> 0 then
            invalidArg
                (nameof inputs)
                $"found {inputs.Length} numbers, width {d}, {m} outputs, {n} layers, expected whole samples and at least one of each"

    /// The number of parameters: n·d(d + 1) + m(d + 1).
    member _.Parameters: int = n * perLayer + m * (d + 1)

    /// n
    member _.Depth: int = n

    /// Σ_s w_s Φ_s and its gradient in the parameters. Allocates nothing.
    member _.Evaluate(parameters: float[], loss: ITileLoss, gradient: float[]) : float =
        Array.Clear lanes
        sweep parameters loss ignore

        for k in 0 .. gradient.Length - 1 do
            gradient[k] <- (lanes[4 * k] + lanes[4 * k + 1]) + (lanes[4 * k + 2] + lanes[4 * k + 3])

        let mutable sum = 0.0

        for s in 0 .. samples - 1 do
            sum <- sum + values[s]

        sum

    /// −(1/2n) Σ_s w_s Σ_{i=0..n−2} P_{s,i+1}·(V_{s,i+1} − V_{s,i}), as Objective.depthError has it.
    member _.DepthError(parameters: float[], loss: ITileLoss) : float =
        let perLayer = Array.zeroCreate<float> n
        sweep parameters loss (fun layer -> perLayer[layer] <- perLayer[layer] + jumps layer)
        -(Array.fold (+) 0.0 perLayer) / float (2 * n)
