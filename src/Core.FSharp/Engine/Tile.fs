namespace LayerTime.Core.Engine

open System
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
        if weights < 64 * 64 then 64
        elif weights < 128 * 128 then 128
        else 256

    /// The lanes for so many samples: whole vectors up to sixteen, whole sixteens beyond, at most `most`.
    let lanes (most: int) (samples: int) : int =
        let unit = if samples <= 16 then 4 else 16
        Math.Min(most, (samples + unit - 1) / unit * unit)

    /// From one row to the next. The many rows of wide layers, a multiple of 64 lanes apart, would share a few sets of a cache: they have eight places more,
    /// which no product reads.
    let stride (lanes: int) : int = if lanes > 64 && lanes &&& 63 = 0 then lanes + 8 else lanes

    /// Does something to `count` places from `first` on, a multiple of four: in registers of eight as far as there are any, then of four. All
    /// of these arguments are written as lambdas; anything else would be allocated.
    let inline private inRegisters
        (first: int)
        (count: int)
        ([<InlineIfLambda>] byEight: int -> int -> unit)
        ([<InlineIfLambda>] byFour: int -> int -> unit)
        : unit =
        let wide = Lanes.eights 8 count

        if wide > 0 then
            byEight first wide

        if wide < count then
            byFour (first + wide) (count - wide)

    /// y ← f(y) for `count` numbers from `first` on.
    let inline private map<'V when 'V :> ILanes<'V>> (y: float[]) (first: int) (count: int) ([<InlineIfLambda>] f: 'V -> 'V) : unit =
        for k in first .. 'V.Count .. first + count - 1 do
            Lanes.store (f (Lanes.load y k)) y k

    /// y ← the first of f(y), slopes ← the second.
    let inline private mapBoth<'V when 'V :> ILanes<'V>>
        (y: float[])
        (slopes: float[])
        (first: int)
        (count: int)
        ([<InlineIfLambda>] f: 'V -> struct ('V * 'V))
        : unit =
        for k in first .. 'V.Count .. first + count - 1 do
            let struct (value, slope) = f (Lanes.load y k)
            Lanes.store value y k
            Lanes.store slope slopes k

    // Each transcendental activation in a function of its own, so that each is compiled with all of its arithmetic in one loop.
    let private tanh<'V when 'V :> ILanes<'V>> y first count = map<'V> y first count (fun t -> LaneFunctions.tanh t)
    let private logistic<'V when 'V :> ILanes<'V>> y first count = map<'V> y first count (fun t -> LaneFunctions.logistic t)
    let private softplus<'V when 'V :> ILanes<'V>> y first count = map<'V> y first count (fun t -> LaneFunctions.softplus t)

    let private sine (y: float[]) first count =
        for k in first .. first + count - 1 do
            y[k] <- Elementary.sin y[k]

    let private apply<'V when 'V :> ILanes<'V>> (run: ActivationRun) (y: float[]) (first: int) (count: int) : unit =
        match run.Kind with
        | ActivationKind.Identity -> ()
        | ActivationKind.Relu -> map<'V> y first count (fun t -> LaneFunctions.relu t)
        | ActivationKind.LeakyRelu _ -> map<'V> y first count (fun t -> LaneFunctions.leakyRelu run.Slope t)
        | ActivationKind.Square -> map<'V> y first count (fun t -> LaneFunctions.square t)
        | ActivationKind.Cubic -> map<'V> y first count (fun t -> LaneFunctions.cubic t)
        | ActivationKind.Transcendental TranscendentalName.Tanh -> tanh<'V> y first count
        | ActivationKind.Transcendental TranscendentalName.Logistic -> logistic<'V> y first count
        | ActivationKind.Transcendental TranscendentalName.Softplus -> softplus<'V> y first count
        | ActivationKind.Transcendental TranscendentalName.Sine -> sine y first count

    // In two passes over 384 numbers at a time, 6 KB with their slopes: the processor has more of the shorter chains of operations under way.
    let private growths<'V when 'V :> ILanes<'V>> y slopes first count = mapBoth<'V> y slopes first count (fun t -> LaneFunctions.growth t)

    let private tanhsOfGrowths<'V when 'V :> ILanes<'V>> y (slopes: float[]) first count =
        for k in first .. 'V.Count .. first + count - 1 do
            let struct (value: 'V, slope) = LaneFunctions.tanhBothOfGrowth (Lanes.load y k) (Lanes.load slopes k)
            Lanes.store value y k
            Lanes.store slope slopes k

    let private tanhBoth<'V when 'V :> ILanes<'V>> (y: float[]) (slopes: float[]) (first: int) (count: int) =
        for start in first..384 .. first + count - 1 do
            let chunk = Math.Min(384, first + count - start)
            growths<'V> y slopes start chunk
            tanhsOfGrowths<'V> y slopes start chunk

    let private logisticBoth<'V when 'V :> ILanes<'V>> y slopes first count =
        mapBoth<'V> y slopes first count (fun t -> LaneFunctions.logisticBoth t)

    let private softplusBoth<'V when 'V :> ILanes<'V>> y slopes first count =
        mapBoth<'V> y slopes first count (fun t -> LaneFunctions.softplusBoth t)

    let private sineBoth (y: float[]) (slopes: float[]) first count =
        for k in first .. first + count - 1 do
            slopes[k] <- Elementary.cos y[k]
            y[k] <- Elementary.sin y[k]

    let private applyBoth<'V when 'V :> ILanes<'V>> (run: ActivationRun) (y: float[]) (slopes: float[]) (first: int) (count: int) : unit =
        match run.Kind with
        | ActivationKind.Identity -> ()
        | ActivationKind.Relu -> mapBoth<'V> y slopes first count (fun t -> LaneFunctions.reluBoth t)
        | ActivationKind.LeakyRelu _ -> mapBoth<'V> y slopes first count (fun t -> LaneFunctions.leakyReluBoth run.Slope t)
        | ActivationKind.Square -> mapBoth<'V> y slopes first count (fun t -> LaneFunctions.squareBoth t)
        | ActivationKind.Cubic -> mapBoth<'V> y slopes first count (fun t -> LaneFunctions.cubicBoth t)
        | ActivationKind.Transcendental TranscendentalName.Tanh -> tanhBoth<'V> y slopes first count
        | ActivationKind.Transcendental TranscendentalName.Logistic -> logisticBoth<'V> y slopes first count
        | ActivationKind.Transcendental TranscendentalName.Softplus -> softplusBoth<'V> y slopes first count
        | ActivationKind.Transcendental TranscendentalName.Sine -> sineBoth y slopes first count

    /// y ← σ(y) in the rows of the run.
    let activate (lanes: int) (run: ActivationRun) (y: float[]) : unit =
        inRegisters (run.First * stride lanes) (run.Rows * stride lanes) (fun k n -> apply<EightLanes> run y k n) (fun k n ->
            apply<FourLanes> run y k n)

    /// slopes ← σ′(y), at a kink from the left, and y ← σ(y) as `activate` does. Rows of the identity have no slopes.
    let activateBoth (lanes: int) (run: ActivationRun) (y: float[]) (slopes: float[]) : unit =
        inRegisters (run.First * stride lanes) (run.Rows * stride lanes) (fun k n -> applyBoth<EightLanes> run y slopes k n) (fun k n ->
            applyBoth<FourLanes> run y slopes k n)

    let private multiply<'V when 'V :> ILanes<'V>> (a: float) (x: float[]) (y: float[]) (first: int) (count: int) : unit =
        for k in first .. 'V.Count .. first + count - 1 do
            Lanes.store ('V.Product(Lanes.all a, Lanes.load x k)) y k

    let private multiplyBoth<'V when 'V :> ILanes<'V>> (a: float) (x: float[]) (y: float[]) (z: float[]) (first: int) (count: int) : unit =
        for k in first .. 'V.Count .. first + count - 1 do
            Lanes.store ('V.Product('V.Product(Lanes.all a, Lanes.load x k), Lanes.load y k)) z k

    let private combine<'V when 'V :> ILanes<'V>>
        (a: float)
        (x: float[])
        (b: float)
        (y: float[])
        (z: float[])
        (first: int)
        (count: int)
        : unit =
        for k in first .. 'V.Count .. first + count - 1 do
            Lanes.store (Lanes.fma (Lanes.all b) (Lanes.load y k) ('V.Product(Lanes.all a, Lanes.load x k))) z k

    /// target ← a·source ∘ slopes in the rows of the run; the slopes of the identity are 1.
    let pull (lanes: int) (run: ActivationRun) (a: float) (slopes: float[]) (source: float[]) (target: float[]) : unit =
        let first, count = run.First * stride lanes, run.Rows * stride lanes

        if run.Kind.IsIdentity then
            inRegisters first count (fun k n -> multiply<EightLanes> a source target k n) (fun k n ->
                multiply<FourLanes> a source target k n)
        else
            inRegisters first count (fun k n -> multiplyBoth<EightLanes> a source slopes target k n) (fun k n ->
                multiplyBoth<FourLanes> a source slopes target k n)

    /// y ← y + a·x, the first `count` numbers.
    let addScaled (a: float) (x: float[]) (y: float[]) (count: int) : unit =
        inRegisters 0 count (fun k n -> combine<EightLanes> 1.0 y a x y k n) (fun k n -> combine<FourLanes> 1.0 y a x y k n)

    /// z ← a·x + b·y, the first `count` numbers.
    let sum (a: float) (x: float[]) (b: float) (y: float[]) (z: float[]) (count: int) : unit =
        inRegisters 0 count (fun k n -> combine<EightLanes> a x b y z k n) (fun k n -> combine<FourLanes> a x b y z k n)

    /// y ← a·x, the first `count` numbers.
    let scaled (a: float) (x: float[]) (y: float[]) (count: int) : unit =
        inRegisters 0 count (fun k n -> multiply<EightLanes> a x y k n) (fun k n -> multiply<FourLanes> a x y k n)

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
