namespace LayerTime.Core.Rigour

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics

/// One layer z = σ(W(t)·x + b(t)) along a series x(t) of jets: coefficient k of z from the coefficients of x up to k.
[<Sealed>]
type internal LayerTower<'T when 'T :> IField<'T>>
    (weights: Matrix<'T>[], bias: 'T[][], activations: Activation<'T>[], start: IActivationStart<'T>, order: int, like: FlowJet<'T>) =
    let width = activations.Length
    let length = order + 1
    let directions, pairs = like.Directions, like.Pairs
    let series = ActivationSeries(activations, start, order, like.HasSecond)
    let memory count : 'T[][] = Array.init count (fun _ -> Array.create (width * length) 'T.Zero)
    let du, duBack, ddu, products = memory directions, memory directions, memory pairs, memory pairs

    /// Σ_j W_j·x_(k−j) in row i, x_l at an offset of the arrays chosen.
    let row (i: int) (k: int) (first: 'T) (columns: FlowJet<'T>[]) (choose: FlowJet<'T> -> 'T[]) (offset: int) (count: int) : 'T =
        let mutable sum = first

        for j in 0 .. min k (weights.Length - 1) do
            sum <- 'T.AddProducts(sum, weights[j].Row i, ReadOnlySpan(choose columns[k - j], offset, count))

        sum

    /// Whether a neuron started at a kink.
    member _.HasKink: bool = series.HasKink

    /// z_k from x_0, …, x_k.
    member _.Next(k: int, columns: FlowJet<'T>[]) : FlowJet<'T> =
        let z = FlowJet(width, directions, like.HasSecond)
        let n = columns[0].Width

        for i in 0 .. width - 1 do
            let first = if k < bias.Length then bias[k][i] else 'T.Zero
            series.Push(i, k, row i k first columns _.Value 0 n)
            z.Value[i] <- series.Value(i, k)
            let affine = series.IsAffine i
            let slope = series.SlopeAtStart i

            for a in 0 .. directions - 1 do
                let u = row i k 'T.Zero columns _.First (a * n) n
                du[a][i * length + k] <- u
                duBack[a][i * length + order - k] <- u
                z.First[a * width + i] <- if affine then 'T.Product(slope, u) else series.TimesSlope(du[a], i, k)

            let mutable e = 0

            if like.HasSecond then
                for a in 0 .. directions - 1 do
                    for b in a .. directions - 1 do
                        let u = row i k 'T.Zero columns _.Second (e * n) n
                        ddu[e][i * length + k] <- u

                        // σ(u)_ab = σ′·u_ab + σ″·u_a·u_b
                        z.Second[e * width + i] <-
                            if affine then
                                'T.Product(slope, u)
                            else
                                products[e][i * length + k] <- series.Convolve(du[a], duBack[b], i, k)
                                'T.Sum(series.TimesSlope(ddu[e], i, k), series.TimesCurvature(products[e], i, k))

                        e <- e + 1

        z

/// <summary>Series of the solutions of a neural ODE on one of its pieces: each coefficient once, in N² operations.</summary>
/// <remarks>The refinement of `FlowSeries.ofField` for layer maps; over any field, as the recurrences need no more.</remarks>
[<RequireQualifiedAccess>]
module internal LayerSeries =
    /// W(t₀ + h) as a polynomial in h from its coefficients in t: Σ_j C(j,k) t₀^(j−k) W_j, by repeated Horner.
    let private shift (time: 'T) (add: 'M -> 'M -> 'M) (scale: 'T -> 'M -> 'M) (coefficients: 'M[]) : 'M[] =
        let shifted = Array.copy coefficients

        for low in 0 .. coefficients.Length - 2 do
            for k in coefficients.Length - 2 .. -1 .. low do
                shifted[k] <- add shifted[k] (scale time shifted[k + 1])

        shifted

    /// The series of a piece; the start of an activation's series is a matter of the number system.
    let ofPiece (start: IActivationStart<'T>) (piece: FieldPiece<'T>) : IFlowSeries<'T> when 'T :> IField<'T> =
        let coefficients = piece.Coefficients
        let layers = coefficients[0].Layers.Length
        let dimension = coefficients[0].InputWidth
        let activations m = let layer = coefficients[0].Layers[m] in Array.init layer.OutputWidth layer.Activation
        let bias k m = coefficients[k].Layers[m].Bias.ToArray()
        let weights k m = coefficients[k].Layers[m].Weights

        let towers order time initial =
            Array.init layers (fun m ->
                let all f = Array.init coefficients.Length (fun k -> f k m)

                LayerTower(
                    shift time Matrix.add Matrix.scale (all weights),
                    shift time Vector.add Vector.scale (all bias),
                    activations m,
                    start,
                    order,
                    initial
                ))

        {
            new IFlowSeries<'T> with
                member _.Dimension = dimension

                member _.IsAnalytic(time, state) =
                    let towers = towers 0 time (FlowJet.ofValue state)
                    let mutable columns = [| FlowJet.ofValue state |]

                    for tower in towers do
                        columns <- [| tower.Next(0, columns) |]

                    not (towers |> Array.exists _.HasKink)

                member _.Expand(order, time, initial) =
                    let towers = towers order time initial
                    let columns = Array.init (layers + 1) (fun _ -> Array.create (order + 1) initial)

                    for k in 0 .. order - 1 do
                        for m in 0 .. layers - 1 do
                            columns[m + 1][k] <- towers[m].Next(k, columns[m])

                        // x_(k+1) = f_k/(k + 1)
                        let share = Small<'T>.Inverse(k + 1)
                        let slope = columns[layers][k]
                        columns[0][k + 1] <- FlowJet.map2 (fun a _ -> 'T.Product(share, a)) slope slope

                    columns[0]
        }

/// The expansion of neural ODEs over intervals: activations start from the tightest ranges known.
[<RequireQualifiedAccess>]
module internal IntervalLayerSeries =
    let private start = {
        new IActivationStart<Interval> with
            member _.Derivative(order, activation, u) =
                match activation with
                | Activation.Relu
                | Activation.LeakyRelu _ ->
                    match order with
                    | 0 -> Activation.value activation u
                    | 1 -> Activation.derivative activation u
                    | _ -> Activation.secondDerivative activation u
                | activation ->
                    // The kind is asked of an activation without slope, so no fraction is needed.
                    ActivationRange.derivative order (ActivationKind.ofActivation (fun _ -> Rational.Zero) activation) u

            member _.HasKink(activation, u) =
                match activation with
                | Activation.Relu
                | Activation.LeakyRelu _ -> Interval.contains 0.0 u
                | _ -> false
    }

    /// The series of one piece of a neural ODE with interval weights.
    let ofPiece (piece: FieldPiece<Interval>) : IFlowSeries<Interval> = LayerSeries.ofPiece start piece

    /// The same by the generic semantics alone: the field evaluated on series of jets. Slower, and shares nothing with the recurrences; for
    /// fields without a kink.
    let generic (piece: FieldPiece<Interval>) : IFlowSeries<Interval> =
        let number x = AnalyticTaylor.constant (AnalyticJet.constant x)
        let coefficients = piece.Coefficients |> Array.map (LayerMap.map number (Activation.map number))
        let dimension = coefficients[0].InputWidth

        FlowSeries.ofEvaluation dimension (fun time state ->
            let slope = Array.create dimension (number (Interval.ofFloat 0.0))
            (VectorField.ofPiece { Until = piece.Until; Coefficients = coefficients }).Evaluate(time, ReadOnlySpan state, Span slope)
            slope)
