namespace LayerTime.Core.Semantics

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// Keeps the last series of a solution.
[<Sealed>]
type internal SolutionRecorder<'T>(solution: ISolutionSeries<'T>) =
    /// The time around which it stands.
    member val Time = Unchecked.defaultof<'T> with get, set
    /// Its coefficients, degree by degree.
    member val Series: 'T[] = [||] with get, set

    interface ISolutionSeries<'T> with
        member _.Dimension = solution.Dimension
        member _.Order = solution.Order

        member this.Expand(time, series) =
            solution.Expand(time, series)
            this.Time <- time
            this.Series <- series

/// <summary>TaylorAdjoint for a piece of a neural ODE by recurrences: N² operations for a step, allocating nothing.</summary>
/// <remarks>
/// Df(x(t))ᵀv(t) layer by layer from the last to the first, coefficient by coefficient: δ = v, then g = σ′(u)·δ and δ = W(t)ᵀg. With
/// W(t) = Σ t^k W_k this is δ = Σ W_kᵀ(t^k g), and with t = t₀ + h it is (t^k g)_n = t₀ (t^(k−1) g)_n + (t^(k−1) g)_(n−1). The gradient in W_k is
/// the coefficient N − 1 of t^k g yᵀ, where y is what the layer takes.
/// </remarks>
[<Sealed>]
type internal PieceAdjoint<'T when 'T :> IField<'T>> private (order: int, piece: FieldPiece<'T>, recorder: SolutionRecorder<'T>) =
    inherit
        StepAdjoint<'T>(
            Stepper.ofSeries recorder,
            piece.Coefficients |> Array.sumBy LayerMap.parameterCount |> int,
            1 + order * piece.Coefficients[0].InputWidth
        )

    let d = piece.Coefficients[0].InputWidth
    // By power of t, then by layer.
    let layers = piece.Coefficients |> Array.map (fun φ -> φ.Layers.ToArray())
    let powers, count = layers.Length, layers[0].Length
    let size (layer: Layer<'T>) = layer.OutputWidth * layer.InputWidth + layer.OutputWidth
    let offsets = layers |> Array.concat |> Array.scan (fun at layer -> at + size layer) 0
    let forward = PieceSeries(order, piece)
    // δ of each layer, neuron by neuron as ActivationSeries has it; t^k g by power and layer, degree by degree.
    let δ: 'T[][] = layers[0] |> Array.map (fun layer -> Vector.zero (layer.OutputWidth * (order + 1)))

    let g: 'T[][][] = layers |> Array.map (Array.map (fun layer -> Vector.zero (layer.OutputWidth * order)))

    let back, argument: 'T[] * 'T[] =
        let widest = max d piece.Coefficients[0].LargestWidth
        Vector.zero widest, Vector.zero widest

    let steps: 'T[] = Vector.zero (order + 1)

    /// g_n and t^k g_n of layer m from δ_n.
    let throughActivations (m: int) (n: int) (time: 'T) =
        let rows, series = layers[0].[m].OutputWidth, forward.Layer m

        for i in 0 .. rows - 1 do
            let at = n * rows + i

            g[0].[m].[at] <-
                if series.IsAffine i then
                    'T.Product(series.SlopeAtStart i, δ[m].[i * (order + 1) + n])
                else
                    series.TimesSlope(δ[m], i, n)

            for k in 1 .. powers - 1 do
                let here = 'T.Product(time, g[k - 1].[m].[at])
                g[k].[m].[at] <- if n = 0 then here else 'T.Sum(here, g[k - 1].[m].[at - rows])

    /// back ← Σ_k W_kᵀ(t^k g)_n for layer m.
    let throughWeights (m: int) (n: int) =
        let rows, columns = layers[0].[m].OutputWidth, layers[0].[m].InputWidth
        let target = Span(back, 0, columns)
        target.Fill 'T.Zero

        for k in 0 .. powers - 1 do
            for i in 0 .. rows - 1 do
                Accumulate.scaled target g[k].[m].[n * rows + i] (layers[k].[m].Weights.Row i)

    /// The coefficient n of what layer m takes.
    let take (m: int) (n: int) (memory: ReadOnlySpan<'T>) =
        if m = 0 then
            memory.Slice(1 + n * d, d).CopyTo(Span argument)
        else
            for i in 0 .. layers[0].[m].InputWidth - 1 do
                argument[i] <- forward.Layer(m - 1).Value(i, n)

    /// gradient ← gradient + the coefficient N − 1 of t^k g yᵀ and of t^k g, for all powers of layer m.
    let collect (m: int) (memory: ReadOnlySpan<'T>) (gradient: Span<'T>) =
        let rows, columns = layers[0].[m].OutputWidth, layers[0].[m].InputWidth

        for n in 0 .. order - 1 do
            take m (order - 1 - n) memory

            for k in 0 .. powers - 1 do
                let start = offsets[k * count + m]

                for i in 0 .. rows - 1 do
                    let g = g[k].[m].[n * rows + i]
                    Accumulate.scaled (gradient.Slice(start + i * columns, columns)) g (ReadOnlySpan argument)

                    if n = order - 1 then
                        let bias = start + rows * columns + i
                        gradient[bias] <- 'T.Sum(gradient[bias], g)

    new(order: int, piece: FieldPiece<'T>) = PieceAdjoint(order, piece, SolutionRecorder(SolutionSeries.ofPiece order piece))

    override this.Step(time, step, state, next, memory) =
        let outcome = this.Stepper.Step(time, step, state, next)
        memory[0] <- recorder.Time
        ReadOnlySpan(recorder.Series, 0, order * d).CopyTo(memory.Slice 1)
        outcome

    override _.Pull(step, memory, momentum, gradient) =
        let time = memory[0]
        steps[0] <- 'T.One

        for n in 0 .. order - 1 do
            forward.Push(n, time, memory.Slice(1 + n * d, d))
            steps[n + 1] <- 'T.Product(steps[n], step)

        for n in 0 .. order - 1 do
            // v_n = x̄_(N−n)/(N − n), x̄_(N−n) = h^(N−n) p + (Df(x(t))ᵀv(t))_(n−1)
            for c in 0 .. d - 1 do
                let x̄ = 'T.Product(steps[order - n], momentum[c])
                let x̄ = if n = 0 then x̄ else 'T.Sum(x̄, back[c])
                δ[count - 1].[c * (order + 1) + n] <- 'T.Quotient(x̄, Small<'T>.Integer(order - n))

            for m in count - 1 .. -1 .. 0 do
                throughActivations m n time
                throughWeights m n

                if m > 0 then
                    for c in 0 .. layers[0].[m].InputWidth - 1 do
                        δ[m - 1].[c * (order + 1) + n] <- back[c]

        for c in 0 .. d - 1 do
            momentum[c] <- 'T.Sum(momentum[c], back[c])

        for m in 0 .. count - 1 do
            collect m memory gradient

    // The series of the step is the solution inside it.
    override this.Within share = ValueSome(struct (this, share))
