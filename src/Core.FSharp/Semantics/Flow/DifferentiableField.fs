namespace LayerTime.Core.Semantics

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// <summary>A vector field f(t, x; θ) with the transposed derivatives that a way back needs.</summary>
/// <remarks>An instance may own scratch memory, so one run at a time uses it.</remarks>
type IDifferentiableField<'T> =
    inherit IVectorField<'T>
    /// The number of parameters θ.
    abstract Parameters: int

    /// toState ← (∂f/∂x)ᵀv and toParameters ← toParameters + (∂f/∂θ)ᵀv at (t, x); an empty toParameters is left alone.
    abstract Pullback: time: 'T * state: ReadOnlySpan<'T> * covector: ReadOnlySpan<'T> * toState: Span<'T> * toParameters: Span<'T> -> unit

/// The exact flow of one part of a splitting, with its transposed derivatives.
type IDifferentiableFlowMap<'T> =
    inherit IFlowMap<'T>
    /// The number of parameters of this part.
    abstract Parameters: int

    /// momentum ← (∂x⁺/∂x)ᵀ momentum and toParameters ← toParameters + (∂x⁺/∂θ)ᵀ momentum for the step from a state.
    abstract Pullback: time: 'T * step: 'T * state: ReadOnlySpan<'T> * momentum: Span<'T> * toParameters: Span<'T> -> unit

/// target ← target + c·x, the inner loop of every product with a transposed matrix.
[<RequireQualifiedAccess>]
module internal Accumulate =
    /// target ← target + c·x for x at least as long as the target.
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    let scaled (target: Span<'T>) (c: 'T) (x: ReadOnlySpan<'T>) : unit when 'T :> IRing<'T> =
        if x.Length < target.Length then
            invalidArg (nameof x) $"found {x.Length} numbers, expected {target.Length}"

        // The lengths are known from here on.
        let a = &MemoryMarshal.GetReference target
        let b = &MemoryMarshal.GetReference x
        let count = nativeint target.Length
        let mutable i = 0n

        while i < count do
            let slot = &Unsafe.Add(&a, i)
            slot <- 'T.Sum(slot, 'T.Product(c, Unsafe.Add(&b, i)))
            i <- i + 1n

/// x′ = σ_M(W_M(t)·…σ₁(W₁(t)·x + b₁(t)) … + b_M(t)) with W(t) = W₀ + t·W₁ + …; the parameters are all W and b, coefficient by
/// coefficient, layer by layer, the weights row by row before the biases.
[<Sealed>]
type internal LayerField<'T when 'T :> IRing<'T>>(coefficients: LayerMap<'T>[]) =
    // By layer, then by coefficient.
    let table = coefficients |> Array.map (fun map -> map.Layers.ToArray()) |> Array.transpose
    let count = table.Length
    let size (layer: Layer<'T>) = layer.OutputWidth * layer.InputWidth + layer.OutputWidth

    let offsets =
        let starts = table |> Array.transpose |> Array.concat |> Array.scan (fun at layer -> at + size layer) 0
        Array.init count (fun m -> Array.init coefficients.Length (fun k -> starts[k * count + m]))

    let total = coefficients |> Array.sumBy (fun map -> map.Layers.ToArray() |> Array.sumBy size)

    let isIdentity =
        table
        |> Array.map (fun layers ->
            match layers[0].ActivationArray with
            | [| Activation.Identity |] -> true
            | _ -> false)

    let dimension = coefficients[0].InputWidth
    let largest = max dimension coefficients[0].LargestWidth
    // y₀ = x, y_m = σ_m(a_m), and σ′_m(a_m).
    let values = Array.init (count + 1) (fun m -> Vector.zero (if m = 0 then dimension else table[m - 1].[0].OutputWidth))
    let slopes = Array.init count (fun m -> Vector.zero (table[m].[0].OutputWidth))
    let sums, other = Vector.zero largest, Vector.zero largest
    let covectors = [| Vector.zero largest; Vector.zero largest |]
    let powers = Array.create coefficients.Length 'T.One

    let setTime (time: 'T) =
        for k in 1 .. powers.Length - 1 do
            powers[k] <- 'T.Product(powers[k - 1], time)

    /// sums ← a_m = Σ_k t^k (W_k y + b_k)
    let preactivate (m: int) =
        let layers = table[m]
        let argument = ReadOnlySpan values[m]
        Layer.affineInto layers[0] argument sums

        for k in 1 .. layers.Length - 1 do
            Layer.affineInto layers[k] argument other
            Accumulate.scaled (Span(sums, 0, layers[0].OutputWidth)) powers[k] (ReadOnlySpan other)

    interface IDifferentiableField<'T> with
        member _.Dimension = dimension
        member _.Parameters = total

        member _.Evaluate(time, state, slope) =
            setTime time
            state.CopyTo(Span values[0])

            for m in 0 .. count - 1 do
                preactivate m
                let layer, value = table[m].[0], values[m + 1]

                if isIdentity[m] then
                    Array.Copy(sums, value, value.Length)
                else
                    for i in 0 .. value.Length - 1 do
                        value[i] <- Activation.value (layer.Activation i) sums[i]

            (ReadOnlySpan values[count]).CopyTo slope

        member _.Pullback(time, state, covector, toState, toParameters) =
            setTime time
            state.CopyTo(Span values[0])

            for m in 0 .. count - 1 do
                // The value of the last layer is not needed, nor the pre-activation where σ′ = 1.
                if m < count - 1 || not isIdentity[m] then
                    preactivate m
                    let layer, value, slope = table[m].[0], values[m + 1], slopes[m]

                    if isIdentity[m] then
                        Array.Copy(sums, value, value.Length)
                    else
                        for i in 0 .. value.Length - 1 do
                            let struct (y, y') = Activation.valueAndDerivative (layer.Activation i) sums[i]
                            value[i] <- y
                            slope[i] <- y'

            let mutable δ, next = covectors[0], covectors[1]
            covector.CopyTo(Span δ)

            for m in count - 1 .. -1 .. 0 do
                let layers = table[m]
                let rows, columns = layers[0].OutputWidth, layers[0].InputWidth
                let argument = ReadOnlySpan values[m]

                if not isIdentity[m] then
                    for i in 0 .. rows - 1 do
                        δ[i] <- 'T.Product(slopes[m].[i], δ[i])

                let target = if m = 0 then toState else Span(next, 0, columns)
                target.Fill 'T.Zero

                for k in 0 .. layers.Length - 1 do
                    let weights = layers[k].Weights.Entries
                    let start = offsets[m].[k]

                    for i in 0 .. rows - 1 do
                        let part = if k = 0 then δ[i] else 'T.Product(powers[k], δ[i])
                        // W(t)ᵀδ, and t^k δyᵀ, t^k δ.
                        Accumulate.scaled target part (weights.Slice(i * columns, columns))

                        if toParameters.Length > 0 then
                            Accumulate.scaled (toParameters.Slice(start + i * columns, columns)) part argument
                            let bias = start + rows * columns + i
                            toParameters[bias] <- 'T.Sum(toParameters[bias], part)

                let swap = δ
                δ <- next
                next <- swap

/// Vector fields with their transposed derivatives.
[<RequireQualifiedAccess>]
module DifferentiableField =
    /// One piece of the field of a neural ODE. Its parameters are W₀, b₀ of the first layer, of the next, …, then W₁, b₁, …, all
    /// weights row by row.
    let ofPiece (piece: FieldPiece<'T>) : IDifferentiableField<'T> when 'T :> IRing<'T> = LayerField piece.Coefficients

    /// x′ = φ(x). Its parameters are the weights, row by row, and the biases of the first layer, of the next, …
    let ofLayerMap (φ: LayerMap<'T>) : IDifferentiableField<'T> when 'T :> IRing<'T> = LayerField [| φ |]

    /// x′ = f(t, x, θ) by dual numbers, one evaluation for each component and parameter: for fields of few of both.
    let ofDuals
        (dimension: int)
        (parameters: 'T[])
        (f: Dual<'T> -> Dual<'T>[] -> Dual<'T>[] -> Dual<'T>[])
        : IDifferentiableField<'T> when 'T :> IField<'T> =
        let constants (x: 'T[]) = Array.map Dual.constant x
        let vary (x: 'T[]) i = x |> Array.mapi (fun j a -> if i = j then Dual.variable a else Dual.constant a)

        let along (v: 'T[]) (slope: Dual<'T>[]) =
            Array.fold2 (fun sum (s: Dual<'T>) v -> 'T.Sum(sum, 'T.Product(s.Derivative, v))) 'T.Zero slope v

        {
            new IDifferentiableField<'T> with
                member _.Dimension = dimension
                member _.Parameters = parameters.Length

                member _.Evaluate(time, state, slope) =
                    let value = f (Dual.constant time) (constants (state.ToArray())) (constants parameters)

                    for i in 0 .. slope.Length - 1 do
                        slope[i] <- value[i].Value

                member _.Pullback(time, state, covector, toState, toParameters) =
                    let t, x, v = Dual.constant time, state.ToArray(), covector.ToArray()

                    for i in 0 .. dimension - 1 do
                        toState[i] <- along v (f t (vary x i) (constants parameters))

                    for i in 0 .. toParameters.Length - 1 do
                        toParameters[i] <- 'T.Sum(toParameters[i], along v (f t (constants x) (vary parameters i)))
        }

    /// A field over series with elementary functions as one over plain series.
    let ofAnalytic (field: IDifferentiableField<AnalyticTaylor<'T>>) : IDifferentiableField<Taylor<'T>> when 'T :> ITranscendental<'T> =
        let plain = Stepper.ofAnalytic field
        let memory n : AnalyticTaylor<'T>[] = Vector.zero n

        let state, covector, toState, toParameters =
            memory field.Dimension, memory field.Dimension, memory field.Dimension, memory field.Parameters

        {
            new IDifferentiableField<Taylor<'T>> with
                member _.Dimension = field.Dimension
                member _.Parameters = field.Parameters
                member _.Evaluate(time, x, slope) = plain.Evaluate(time, x, slope)

                member _.Pullback(time, x, v, toX, toθ) =
                    for c in 0 .. x.Length - 1 do
                        state[c] <- AnalyticTaylor x[c]
                        covector[c] <- AnalyticTaylor v[c]

                    for n in 0 .. toθ.Length - 1 do
                        toParameters[n] <- AnalyticTaylor toθ[n]

                    field.Pullback(
                        AnalyticTaylor time,
                        ReadOnlySpan state,
                        ReadOnlySpan covector,
                        Span toState,
                        Span(toParameters, 0, toθ.Length)
                    )

                    for c in 0 .. x.Length - 1 do
                        toX[c] <- toState[c].Inner

                    for n in 0 .. toθ.Length - 1 do
                        toθ[n] <- toParameters[n].Inner
        }

    /// The shear that adds h·f(t, ·) of one half of x = (q, p) to the other, with its transposed derivatives.
    let private shear
        (flow: IFlowMap<'T>)
        (field: IDifferentiableField<'T>)
        (source: int)
        (target: int)
        : IDifferentiableFlowMap<'T> when 'T :> IRing<'T> =
        let n = field.Dimension
        let covector, back = Vector.zero n, Vector.zero n

        {
            new IDifferentiableFlowMap<'T> with
                member _.Dimension = 2 * n
                member _.Parameters = field.Parameters
                member _.Advance(time, step, state) = flow.Advance(time, step, state)
                member _.AddSlope(time, state, slope) = flow.AddSlope(time, state, slope)

                member _.Pullback(time, step, state, momentum, toParameters) =
                    for i in 0 .. n - 1 do
                        covector[i] <- 'T.Product(step, momentum[target * n + i])

                    field.Pullback(time, state.Slice(source * n, n), ReadOnlySpan covector, Span back, toParameters)

                    for i in 0 .. n - 1 do
                        momentum[source * n + i] <- 'T.Sum(momentum[source * n + i], back[i])
        }

    /// The kick p ← p + h·f(t, q) of x = (q, p).
    let kick (force: IDifferentiableField<'T>) : IDifferentiableFlowMap<'T> when 'T :> IRing<'T> = shear (VectorField.kick force) force 0 1

    /// The drift q ← q + h·g(t, p) of x = (q, p).
    let drift (velocity: IDifferentiableField<'T>) : IDifferentiableFlowMap<'T> when 'T :> IRing<'T> =
        shear (VectorField.drift velocity) velocity 1 0
