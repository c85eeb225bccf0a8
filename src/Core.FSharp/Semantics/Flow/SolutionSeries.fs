namespace LayerTime.Core.Semantics

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// <summary>The series of a piece of a neural ODE: every coefficient of every neuron once, in N² operations, allocating nothing.</summary>
/// <remarks>
/// Layer by layer, the coefficient n of W(t)·x + b(t) = s₀, s_k = W_k x + b_k + t·s_(k+1), and with t = t₀ + h
/// (s_k)_n = (W_k x + b_k)_n + t₀·(s_(k+1))_n + (s_(k+1))_(n−1).
/// </remarks>
[<Sealed>]
type internal PieceSeries<'T when 'T :> IField<'T>>(order: int, piece: FieldPiece<'T>) =
    let layers = piece.Coefficients |> Array.map (fun φ -> φ.Layers.ToArray())
    let powers = layers.Length
    let last = layers[0].Length - 1
    let d = piece.Coefficients[0].OutputWidth

    let start: IActivationStart<'T> = {
        new IActivationStart<'T> with
            member _.Derivative(order, activation, u) =
                match order with
                | 0 -> Activation.value activation u
                | 1 -> Activation.derivative activation u
                | _ -> Activation.secondDerivative activation u

            member _.HasKink(_, _) = false
    }

    let series =
        layers[0]
        |> Array.map (fun layer -> ActivationSeries(Array.init layer.OutputWidth layer.Activation, start, order, false))

    // The coefficient in hand of the values of each layer, and (s_k)_(n−1) for every k and layer.
    let values: 'T[][] = layers[0] |> Array.map (fun layer -> Array.create layer.OutputWidth 'T.Zero)
    let before: 'T[][][] = layers |> Array.map (Array.map (fun layer -> Array.create layer.OutputWidth 'T.Zero))

    /// (W x + b)_n in row i.
    member private _.Affine(layer: Layer<'T>, i: int, n: int, x: ReadOnlySpan<'T>) : 'T =
        'T.AddProducts((if n = 0 then layer.Bias[i] else 'T.Zero), layer.Weights.Row i, x)

    /// The coefficient n of layer m from that of its argument.
    member private this.Next(m: int, n: int, time: 'T, x: ReadOnlySpan<'T>) : unit =
        for i in 0 .. values[m].Length - 1 do
            let mutable sum = this.Affine(layers[powers - 1].[m], i, n, x)

            for k in powers - 2 .. -1 .. 0 do
                let above = sum
                sum <- 'T.Sum(this.Affine(layers[k].[m], i, n, x), 'T.Product(time, above))

                if n > 0 then
                    sum <- 'T.Sum(sum, before[k + 1].[m].[i])

                before[k + 1].[m].[i] <- above

            series[m].Push(i, n, sum)
            values[m].[i] <- series[m].Value(i, n)

    interface ISolutionSeries<'T> with
        member _.Dimension = d
        member _.Order = order

        member this.Expand(time, coefficients) =
            for n in 0 .. order - 1 do
                this.Next(0, n, time, ReadOnlySpan(coefficients, n * d, d))

                for m in 1..last do
                    this.Next(m, n, time, ReadOnlySpan values[m - 1])

                for c in 0 .. d - 1 do
                    coefficients[(n + 1) * d + c] <- 'T.Product(Small<'T>.Inverse(n + 1), values[last].[c])

/// Series of solutions: of any field by evaluating it on series, of neural ODEs by recurrences.
[<RequireQualifiedAccess>]
module SolutionSeries =
    /// x_(k+1) = f(t, x)_k/(k + 1), with f evaluated on the series known so far, one order after the other.
    let ofField (order: int) (field: IVectorField<Taylor<'T>>) : ISolutionSeries<'T> when 'T :> IField<'T> =
        let d = field.Dimension
        let arguments: Taylor<'T>[] = Array.create d (Taylor.constant 'T.Zero)
        let slopes: Taylor<'T>[] = Array.create d (Taylor.constant 'T.Zero)

        {
            new ISolutionSeries<'T> with
                member _.Dimension = d
                member _.Order = order

                member _.Expand(time, series) =
                    for k in 0 .. order - 1 do
                        for c in 0 .. d - 1 do
                            arguments[c] <- Taylor<'T>(k, Array.init (k + 1) (fun j -> series[j * d + c]))

                        field.Evaluate(Taylor.variable k time, ReadOnlySpan arguments, Span slopes)
                        let next: 'T = Ring.ratio (k + 1) 1

                        for c in 0 .. d - 1 do
                            series[(k + 1) * d + c] <- 'T.Quotient(slopes[c][k], next)
        }

    /// The same for a piece of a neural ODE by recurrences over any numbers.
    let internal ofRecurrences (order: int) (piece: FieldPiece<'T>) : ISolutionSeries<'T> when 'T :> IField<'T> = PieceSeries(order, piece)

    /// The same for a piece of a neural ODE by recurrences: every coefficient once, in N² operations, allocating nothing. Over floats it
    /// runs in lanes where each layer has one activation, to the same bits.
    let ofPiece (order: int) (piece: FieldPiece<'T>) : ISolutionSeries<'T> when 'T :> IField<'T> =
        match box piece with
        | :? FieldPiece<Binary64> as floats when FloatPieceSeries.Suits floats ->
            match box (FloatPieceSeries(order, floats)) with
            | :? ISolutionSeries<'T> as series -> series
            | _ -> ofRecurrences order piece
        | _ -> ofRecurrences order piece
