namespace LayerTime.Core.Engine

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Runtime.Intrinsics
open LayerTime.Core.Numbers
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

/// Samples side by side: row i of a tile holds coordinate i of each of them in `lanes` places, a multiple of four; the next row begins `stride lanes` later.
/// A lane never meets another, so a sample's bits do not depend on its place nor on the samples beside it.
[<RequireQualifiedAccess>]
module internal Tile =
    /// The most samples of a tile where the largest layer has so many weights. The states of few samples stay in the inner caches; with more samples
    /// the weights and their gradients, which do not stay there, are read less often. Where the one outweighs the other is measured.
    let capacity (weights: int) : int =
        if weights < 64 * 64 then 48
        elif weights < 128 * 128 then 128
        else 256

    /// The lanes for so many samples: whole vectors up to sixteen, whole sixteens beyond, at most `most`.
    let lanes (most: int) (samples: int) : int =
        let unit = if samples <= 16 then 4 else 16
        Math.Min(most, (samples + unit - 1) / unit * unit)

    /// From one row to the next. Rows a multiple of 64 lanes apart would share a few sets of a cache: they have eight more, which no product reads.
    let stride (lanes: int) : int = if lanes &&& 63 = 0 then lanes + 8 else lanes

    let inline private load (entries: byref<float>) (place: int) : Vector256<float> = Vector256.LoadUnsafe(&Unsafe.Add(&entries, place))

    let inline private store (value: Vector256<float>) (entries: byref<float>) (place: int) : unit =
        value.StoreUnsafe(&Unsafe.Add(&entries, place))

    let inline private fma (a: Vector256<float>) (b: Vector256<float>) (c: Vector256<float>) : Vector256<float> =
        Vector256.FusedMultiplyAdd(a, b, c)

    /// y ← f(y) for `count` numbers from `first` on.
    let inline private map (y: float[]) (first: int) (count: int) ([<InlineIfLambda>] f: Vector256<float> -> Vector256<float>) : unit =
        let start = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference y, first)

        for k in 0 .. count / 4 - 1 do
            store (f (load &start (4 * k))) &start (4 * k)

    /// y ← the first of f(y), slopes ← the second.
    let inline private mapBoth
        (y: float[])
        (slopes: float[])
        (first: int)
        (count: int)
        ([<InlineIfLambda>] f: Vector256<float> -> struct (Vector256<float> * Vector256<float>))
        : unit =
        let start = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference y, first)
        let slope = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference slopes, first)

        for k in 0 .. count / 4 - 1 do
            let struct (value, derivative) = f (load &start (4 * k))
            store value &start (4 * k)
            store derivative &slope (4 * k)

    // No comparison with NaN is true, so that it stays.
    let inline private isBelow (t: Vector256<float>) = Vector256.LessThanOrEqual(t, Vector256<float>.Zero)

    let inline private reluOf (t: Vector256<float>) = Vector256.ConditionalSelect(isBelow t, Vector256<float>.Zero, t)

    let inline private leakyOf (slope: Vector256<float>) (t: Vector256<float>) = Vector256.ConditionalSelect(isBelow t, slope * t, t)

    let inline private stepOf (below: Vector256<float>) (t: Vector256<float>) =
        Vector256.ConditionalSelect(isBelow t, below, Vector256<float>.One)

    let inline private cubicOf (t: Vector256<float>) = fma (t * t * t) (Vector256.Create(1.0 / 3.0)) t

    // Each activation in a function of its own, so that each is compiled with all of its arithmetic in one loop.
    let private relu y first count = map y first count reluOf

    let private leaky (slope: float) y first count =
        let slope = Vector256.Create slope
        map y first count (leakyOf slope)

    let private square y first count = map y first count (fun t -> t * t)
    let private cubic y first count = map y first count cubicOf
    let private tanh y first count = map y first count LaneFunctions.tanh
    let private logistic y first count = map y first count LaneFunctions.logistic
    let private softplus y first count = map y first count LaneFunctions.softplus

    let private sine (y: float[]) first count =
        for k in first .. first + count - 1 do
            y[k] <- Elementary.sin y[k]

    let private reluBoth y slopes first count = mapBoth y slopes first count (fun t -> struct (reluOf t, stepOf Vector256<float>.Zero t))

    let private leakyBoth (slope: float) y slopes first count =
        let slope = Vector256.Create slope
        mapBoth y slopes first count (fun t -> struct (leakyOf slope t, stepOf slope t))

    let private squareBoth y slopes first count = mapBoth y slopes first count (fun t -> struct (t * t, t + t))

    let private cubicBoth y slopes first count = mapBoth y slopes first count (fun t -> struct (cubicOf t, fma t t Vector256<float>.One))

    // In two passes over a few rows: the processor has more of the shorter chains of operations under way at a time.
    let private tanhBoth (y: float[]) (slopes: float[]) (first: int) (count: int) =
        let start = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference y, first)
        let slope = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference slopes, first)
        let vectors = count / 4

        for chunk in 0..96 .. vectors - 1 do
            let last = Math.Min(chunk + 96, vectors) - 1

            for k in chunk..last do
                let struct (e, e') = LaneFunctions.growth (load &start (4 * k))
                store e &start (4 * k)
                store e' &slope (4 * k)

            for k in chunk..last do
                let s = LaneFunctions.tanhOfGrowth (load &start (4 * k)) (load &slope (4 * k))
                store s &start (4 * k)
                store (fma -s s Vector256<float>.One) &slope (4 * k)

    let private logisticBoth y slopes first count =
        mapBoth y slopes first count (fun t ->
            let s = LaneFunctions.logistic t
            struct (s, s * LaneFunctions.logistic -t))

    let private softplusBoth y slopes first count =
        mapBoth y slopes first count (fun t -> struct (LaneFunctions.softplus t, LaneFunctions.logistic t))

    let private sineBoth (y: float[]) (slopes: float[]) first count =
        for k in first .. first + count - 1 do
            slopes[k] <- Elementary.cos y[k]
            y[k] <- Elementary.sin y[k]

    /// y ← σ(y) in the rows of the run.
    let activate (lanes: int) (run: ActivationRun) (y: float[]) : unit =
        let first, count = run.First * stride lanes, run.Rows * stride lanes

        match run.Kind with
        | ActivationKind.Identity -> ()
        | ActivationKind.Relu -> relu y first count
        | ActivationKind.LeakyRelu _ -> leaky run.Slope y first count
        | ActivationKind.Square -> square y first count
        | ActivationKind.Cubic -> cubic y first count
        | ActivationKind.Transcendental TranscendentalName.Tanh -> tanh y first count
        | ActivationKind.Transcendental TranscendentalName.Logistic -> logistic y first count
        | ActivationKind.Transcendental TranscendentalName.Softplus -> softplus y first count
        | ActivationKind.Transcendental TranscendentalName.Sine -> sine y first count

    /// slopes ← σ′(y), at a kink from the left, and y ← σ(y) as `activate` does. Rows of the identity have no slopes.
    let activateBoth (lanes: int) (run: ActivationRun) (y: float[]) (slopes: float[]) : unit =
        let first, count = run.First * stride lanes, run.Rows * stride lanes

        match run.Kind with
        | ActivationKind.Identity -> ()
        | ActivationKind.Relu -> reluBoth y slopes first count
        | ActivationKind.LeakyRelu _ -> leakyBoth run.Slope y slopes first count
        | ActivationKind.Square -> squareBoth y slopes first count
        | ActivationKind.Cubic -> cubicBoth y slopes first count
        | ActivationKind.Transcendental TranscendentalName.Tanh -> tanhBoth y slopes first count
        | ActivationKind.Transcendental TranscendentalName.Logistic -> logisticBoth y slopes first count
        | ActivationKind.Transcendental TranscendentalName.Softplus -> softplusBoth y slopes first count
        | ActivationKind.Transcendental TranscendentalName.Sine -> sineBoth y slopes first count

    /// target ← a·source ∘ slopes in the rows of the run; the slopes of the identity are 1.
    let pull (lanes: int) (run: ActivationRun) (a: float) (slopes: float[]) (source: float[]) (target: float[]) : unit =
        let first, count = run.First * stride lanes, run.Rows * stride lanes
        let factor = Vector256.Create a
        let slope = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference slopes, first)
        let source = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference source, first)
        let target = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference target, first)

        if run.Kind.IsIdentity then
            for k in 0 .. count / 4 - 1 do
                store (factor * load &source (4 * k)) &target (4 * k)
        else
            for k in 0 .. count / 4 - 1 do
                store (factor * load &source (4 * k) * load &slope (4 * k)) &target (4 * k)

    /// y ← y + a·x, the first `count` numbers.
    let addScaled (a: float) (x: float[]) (y: float[]) (count: int) : unit =
        let source = &MemoryMarshal.GetArrayDataReference x
        let target = &MemoryMarshal.GetArrayDataReference y
        let factor = Vector256.Create a

        for k in 0 .. count / 4 - 1 do
            store (fma factor (load &source (4 * k)) (load &target (4 * k))) &target (4 * k)

    /// z ← a·x + b·y, the first `count` numbers.
    let sum (a: float) (x: float[]) (b: float) (y: float[]) (z: float[]) (count: int) : unit =
        let first = &MemoryMarshal.GetArrayDataReference x
        let second = &MemoryMarshal.GetArrayDataReference y
        let target = &MemoryMarshal.GetArrayDataReference z
        let a, b = Vector256.Create a, Vector256.Create b

        for k in 0 .. count / 4 - 1 do
            store (fma b (load &second (4 * k)) (a * load &first (4 * k))) &target (4 * k)

    /// y ← a·x, the first `count` numbers.
    let scaled (a: float) (x: float[]) (y: float[]) (count: int) : unit =
        let source = &MemoryMarshal.GetArrayDataReference x
        let target = &MemoryMarshal.GetArrayDataReference y
        let factor = Vector256.Create a

        for k in 0 .. count / 4 - 1 do
            store (factor * load &source (4 * k)) &target (4 * k)

    /// Rows `sourceRow`, … of one tile become rows `targetRow`, … of another.
    let copy (lanes: int) (source: float[]) (sourceRow: int) (target: float[]) (targetRow: int) (rows: int) : unit =
        Array.Copy(source, sourceRow * stride lanes, target, targetRow * stride lanes, rows * stride lanes)

    /// The inputs of samples `first`, …, `first + count − 1`, which stand one after the other, in lanes; places without a sample repeat the last one.
    let gather (lanes: int) (inputs: float[]) (width: int) (first: int) (count: int) (tile: float[]) : unit =
        let row = stride lanes

        for s in 0 .. row - 1 do
            let from = (first + Math.Min(s, count - 1)) * width

            for i in 0 .. width - 1 do
                tile[i * row + s] <- inputs[from + i]
