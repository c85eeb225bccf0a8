namespace LayerTime.Core.Semantics

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Runtime.Intrinsics
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// The samples of a batch one after the other, each by the field of one sample. Component c of sample n of N stands at c·N + n.
[<Sealed>]
type internal SampleBySample<'T when 'T :> IRing<'T>>(field: IDifferentiableField<'T>, samples: int) =
    let d = field.Dimension
    let state, covector, result = Vector.zero d, Vector.zero d, Vector.zero d

    let gather (all: ReadOnlySpan<'T>) (n: int) (one: 'T[]) =
        for c in 0 .. d - 1 do
            one[c] <- all[c * samples + n]

    let scatter (one: 'T[]) (n: int) (all: Span<'T>) =
        for c in 0 .. d - 1 do
            all[c * samples + n] <- one[c]

    interface IDifferentiableField<'T> with
        member _.Dimension = d * samples
        member _.Parameters = field.Parameters

        member _.Evaluate(time, x, slope) =
            for n in 0 .. samples - 1 do
                gather x n state
                field.Evaluate(time, ReadOnlySpan state, Span result)
                scatter result n slope

        member _.Pullback(time, x, v, toState, toParameters) =
            for n in 0 .. samples - 1 do
                gather x n state
                gather v n covector
                field.Pullback(time, ReadOnlySpan state, ReadOnlySpan covector, Span result, toParameters)
                scatter result n toState

/// <summary>Products with all samples of a batch of floats, one sample in each lane; a row of samples is a multiple of eight long.</summary>
module internal SampleLanes =
    let inline private all (x: float) : Vector256<float> = Vector256.Create x

    let inline private load (first: byref<float>) (place: int) : Vector256<float> = Vector256.LoadUnsafe(&first, unativeint place)

    let inline private store (value: Vector256<float>) (first: byref<float>) (place: int) : unit =
        Vector256.StoreUnsafe(value, &first, unativeint place)

    /// y ← b + W x, each sum from left to right; W of some rows and columns, row by row.
    let affine (weights: float[]) (bias: float[]) (columns: int) (stride: int) (x: float[]) (y: float[]) : unit =
        let rows = bias.Length

        if weights.Length < rows * columns || x.Length < columns * stride || y.Length < rows * stride then
            invalidArg (nameof weights) "the shapes of a batch do not fit"

        let w = &MemoryMarshal.GetArrayDataReference weights
        let x = &MemoryMarshal.GetArrayDataReference x
        let y = &MemoryMarshal.GetArrayDataReference y
        let mutable n = 0

        while n < stride do
            let mutable i = 0

            while i + 4 <= rows do
                let mutable a0 = all bias[i]
                let mutable a1 = a0
                let mutable b0 = all bias[i + 1]
                let mutable b1 = b0
                let mutable c0 = all bias[i + 2]
                let mutable c1 = c0
                let mutable d0 = all bias[i + 3]
                let mutable d1 = d0
                let mutable at = i * columns
                let mutable place = n

                for _ in 0 .. columns - 1 do
                    let x0 = load &x place
                    let x1 = load &x (place + 4)
                    let a = all (Unsafe.Add(&w, at))
                    let b = all (Unsafe.Add(&w, at + columns))
                    let c = all (Unsafe.Add(&w, at + 2 * columns))
                    let d = all (Unsafe.Add(&w, at + 3 * columns))
                    a0 <- a0 + a * x0
                    a1 <- a1 + a * x1
                    b0 <- b0 + b * x0
                    b1 <- b1 + b * x1
                    c0 <- c0 + c * x0
                    c1 <- c1 + c * x1
                    d0 <- d0 + d * x0
                    d1 <- d1 + d * x1
                    at <- at + 1
                    place <- place + stride

                let row = i * stride + n
                store a0 &y row
                store a1 &y (row + 4)
                store b0 &y (row + stride)
                store b1 &y (row + stride + 4)
                store c0 &y (row + 2 * stride)
                store c1 &y (row + 2 * stride + 4)
                store d0 &y (row + 3 * stride)
                store d1 &y (row + 3 * stride + 4)
                i <- i + 4

            while i < rows do
                let mutable a0 = all bias[i]
                let mutable a1 = a0
                let mutable at = i * columns
                let mutable place = n

                for _ in 0 .. columns - 1 do
                    let a = all (Unsafe.Add(&w, at))
                    a0 <- a0 + a * load &x place
                    a1 <- a1 + a * load &x (place + 4)
                    at <- at + 1
                    place <- place + stride

                let row = i * stride + n
                store a0 &y row
                store a1 &y (row + 4)
                i <- i + 1

            n <- n + 8

    let inline private total (v: Vector256<float>) : float =
        let halves = v.GetLower() + v.GetUpper()
        halves[0] + halves[1]

    /// target[i·columns + j] ← target[i·columns + j] + Σ over the samples of u_i v_j; the sum in four parts.
    let outer (u: float[]) (rows: int) (v: float[]) (columns: int) (stride: int) (target: Span<float>) : unit =
        if u.Length < rows * stride || v.Length < columns * stride || target.Length < rows * columns then
            invalidArg (nameof target) "the shapes of a batch do not fit"

        let u = &MemoryMarshal.GetArrayDataReference u
        let v = &MemoryMarshal.GetArrayDataReference v
        let mutable i = 0

        while i < rows do
            // The last row again where there is no second one; it is not added twice.
            let second = Math.Min(i + 1, rows - 1)
            let mutable j = 0

            while j + 4 <= columns do
                let mutable a0 = Vector256<float>.Zero
                let mutable a1 = a0
                let mutable a2 = a0
                let mutable a3 = a0
                let mutable b0 = a0
                let mutable b1 = a0
                let mutable b2 = a0
                let mutable b3 = a0
                let mutable n = 0

                while n < stride do
                    let a = load &u (i * stride + n)
                    let b = load &u (second * stride + n)
                    let v0 = load &v (j * stride + n)
                    let v1 = load &v ((j + 1) * stride + n)
                    let v2 = load &v ((j + 2) * stride + n)
                    let v3 = load &v ((j + 3) * stride + n)
                    a0 <- a0 + a * v0
                    a1 <- a1 + a * v1
                    a2 <- a2 + a * v2
                    a3 <- a3 + a * v3
                    b0 <- b0 + b * v0
                    b1 <- b1 + b * v1
                    b2 <- b2 + b * v2
                    b3 <- b3 + b * v3
                    n <- n + 4

                let at = i * columns + j
                target[at] <- target[at] + total a0
                target[at + 1] <- target[at + 1] + total a1
                target[at + 2] <- target[at + 2] + total a2
                target[at + 3] <- target[at + 3] + total a3

                if second > i then
                    let at = second * columns + j
                    target[at] <- target[at] + total b0
                    target[at + 1] <- target[at + 1] + total b1
                    target[at + 2] <- target[at + 2] + total b2
                    target[at + 3] <- target[at + 3] + total b3

                j <- j + 4

            while j < columns do
                for row in i..second do
                    let mutable sum = Vector256<float>.Zero
                    let mutable n = 0

                    while n < stride do
                        sum <- sum + load &u (row * stride + n) * load &v (j * stride + n)
                        n <- n + 4

                    let at = row * columns + j
                    target[at] <- target[at] + total sum

                j <- j + 1

            i <- i + 2

    /// target[i] ← target[i] + Σ over the samples of u_i, the sum in eight parts.
    let sums (u: float[]) (rows: int) (stride: int) (target: Span<float>) : unit =
        if u.Length < rows * stride || target.Length < rows then
            invalidArg (nameof target) "the shapes of a batch do not fit"

        let u = &MemoryMarshal.GetArrayDataReference u

        for i in 0 .. rows - 1 do
            let mutable a = Vector256<float>.Zero
            let mutable b = a
            let mutable n = i * stride

            while n < (i + 1) * stride do
                a <- a + load &u n
                b <- b + load &u (n + 4)
                n <- n + 8

            target[i] <- target[i] + total (a + b)

    /// δ ← (1 − y²) δ, number by number.
    let timesTanhSlope (y: float[]) (δ: float[]) (count: int) : unit =
        if y.Length < count || δ.Length < count then
            invalidArg (nameof δ) "the shapes of a batch do not fit"

        let y = &MemoryMarshal.GetArrayDataReference y
        let δ = &MemoryMarshal.GetArrayDataReference δ
        let mutable n = 0

        while n < count do
            let value = load &y n
            store ((all 1.0 - value * value) * load &δ n) &δ n
            n <- n + 4

/// The samples of a batch of floats in lanes. States, slopes and covectors have every bit of the semantics; the gradient in the
/// parameters is the same sum over the samples, taken in parts.
[<Sealed>]
type internal FloatBatch(φ: LayerMap<Binary64>, samples: int) =
    let layers = φ.Layers.ToArray()
    let stride = (samples + 7) / 8 * 8
    let d = φ.InputWidth
    let count = layers.Length
    let floats (xs: ReadOnlySpan<Binary64>) : float[] = (Binary64.asFloats xs).ToArray()
    let weights = layers |> Array.map (fun layer -> floats layer.Weights.Entries)
    let transposed = layers |> Array.map (fun layer -> floats (Matrix.transpose layer.Weights).Entries)
    let biases = layers |> Array.map (fun layer -> floats layer.Bias)
    let none = layers |> Array.map (fun layer -> Array.zeroCreate<float> layer.InputWidth)

    let isTanh (layer: Layer<Binary64>) =
        match layer.ActivationArray with
        | [| Activation.Transcendental f |] -> f.Name = TranscendentalName.Tanh
        | _ -> false

    let isIdentity (layer: Layer<Binary64>) =
        match layer.ActivationArray with
        | [| Activation.Identity |] -> true
        | _ -> false

    // y₀ = x, y_m = σ_m(a_m), and σ′_m(a_m) where it does not follow from y_m.
    let values =
        Array.init (count + 1) (fun m -> Array.zeroCreate<float>(stride * (if m = 0 then d else layers[m - 1].OutputWidth)))

    let slopes =
        layers |> Array.map (fun layer -> Array.zeroCreate<float>(if isTanh layer then 0 else stride * layer.OutputWidth))

    let widest = layers |> Array.map (fun layer -> max layer.InputWidth layer.OutputWidth) |> Array.max
    let covectors = [| Array.zeroCreate<float>(stride * widest); Array.zeroCreate<float>(stride * widest) |]
    let parameters = layers |> Array.sumBy (fun layer -> layer.OutputWidth * (layer.InputWidth + 1))

    // What stands behind the samples of a row are zeros, so that they add nothing.
    let read (source: ReadOnlySpan<Binary64>) (target: float[]) =
        let source = Binary64.asFloats source

        for c in 0 .. d - 1 do
            source.Slice(c * samples, samples).CopyTo(Span(target, c * stride, samples))

    let write (source: float[]) (target: Span<Binary64>) =
        let target = MemoryMarshal.Cast<Binary64, float> target

        for c in 0 .. d - 1 do
            ReadOnlySpan(source, c * stride, samples).CopyTo(target.Slice(c * samples, samples))

    let forward (m: int) (withSlope: bool) =
        let layer, y = layers[m], values[m + 1]
        SampleLanes.affine weights[m] biases[m] layer.InputWidth stride values[m] y

        if isTanh layer then
            FloatLanes.tanhInPlace (Span(y, 0, stride * layer.OutputWidth))
        elif not (isIdentity layer) then
            for i in 0 .. layer.OutputWidth - 1 do
                let activation = layer.Activation i

                for n in i * stride .. i * stride + samples - 1 do
                    if withSlope then
                        let struct (value, slope) = Activation.valueAndDerivative activation (Binary64 y[n])
                        y[n] <- value.Value
                        slopes[m].[n] <- slope.Value
                    else
                        y[n] <- (Activation.value activation (Binary64 y[n])).Value

    interface IDifferentiableField<Binary64> with
        member _.Dimension = d * samples
        member _.Parameters = parameters

        member _.Evaluate(_, x, slope) =
            read x values[0]

            for m in 0 .. count - 1 do
                forward m false

            write values[count] slope

        member _.Pullback(_, x, v, toState, toParameters) =
            read x values[0]

            for m in 0 .. count - 1 do
                // The value of the last layer is not needed where σ′ = 1.
                if m < count - 1 || not (isIdentity layers[m]) then
                    forward m true

            let mutable δ, next = covectors[0], covectors[1]
            Array.Clear δ
            read v δ
            let gradient = MemoryMarshal.Cast<Binary64, float> toParameters
            let mutable after = parameters

            for m in count - 1 .. -1 .. 0 do
                let layer = layers[m]
                let rows, columns = layer.OutputWidth, layer.InputWidth

                if isTanh layer then
                    SampleLanes.timesTanhSlope values[m + 1] δ (rows * stride)
                elif not (isIdentity layer) then
                    for n in 0 .. rows * stride - 1 do
                        δ[n] <- slopes[m].[n] * δ[n]

                after <- after - rows * (columns + 1)

                if gradient.Length > 0 then
                    SampleLanes.outer δ rows values[m] columns stride (gradient.Slice(after, rows * columns))

                    SampleLanes.sums δ rows stride (gradient.Slice(after + rows * columns, rows))

                SampleLanes.affine transposed[m] none[m] rows stride δ next
                let swap = δ
                δ <- next
                next <- swap

            write δ toState

/// Fields for all samples of a batch at once, which then take the same steps.
[<RequireQualifiedAccess>]
module BatchField =
    /// <summary>x′ = φ(x) for every sample of a batch; component c of sample n of N stands at c·N + n.</summary>
    /// <remarks>The parameters are those of DifferentiableField.ofLayerMap. Over floats a sample runs in a lane.</remarks>
    let ofLayerMap (samples: int) (φ: LayerMap<'T>) : IDifferentiableField<'T> when 'T :> IRing<'T> =
        if samples < 1 then
            invalidArg (nameof samples) $"found {samples} samples, expected at least one"

        match box φ with
        | :? LayerMap<Binary64> as floats ->
            match box (FloatBatch(floats, samples)) with
            | :? IDifferentiableField<'T> as field -> field
            | _ -> SampleBySample(DifferentiableField.ofLayerMap φ, samples)
        | _ -> SampleBySample(DifferentiableField.ofLayerMap φ, samples)
