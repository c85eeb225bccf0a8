namespace LayerTime.Core.Semantics

open System
open System.Runtime.InteropServices
open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// <summary>The series of z = σ(u) for all neurons of a layer with one activation, in lanes; row k holds the coefficients k.</summary>
/// <remarks>The recurrences are those of ActivationSeries, and every bit is the same.</remarks>
[<Sealed>]
type internal FloatActivationSeries(activation: Activation<Binary64>, width: int, order: int) =
    let rows isUsed : float[] = if isUsed then Array.zeroCreate (width * (order + 1)) else [||]

    let kind =
        match activation with
        | Activation.Transcendental f -> ValueSome f.Name
        | _ -> ValueNone

    let isCubic = activation.IsCubic
    let isDriven = isCubic || kind.IsSome
    // k·u_k, and u itself where its powers are wanted.
    let weighted, u = rows isDriven, rows (isCubic || activation.IsSquare)
    // z, σ′ and, for softplus, σ″.
    let z, s, r = rows (isDriven || activation.IsSquare), rows isDriven, rows (kind = ValueSome TranscendentalName.Softplus)
    // σ′ at the start, of a function that is affine on both sides of its kink.
    let slopes: float[] = Array.zeroCreate width

    let convolve (factor: float) (a: float[]) (first: int) (b: float[]) (k: int) (target: float[]) =
        SeriesLanes.convolve factor a first b k target width

    let row (series: float[]) (k: int) = Span(series, k * width, width)

    /// The coefficient k ≥ 1 of ±∫ b u′: ±(1/k) Σ_{j=1..k} j u_j b_(k−j).
    let drive (sign: float) (b: float[]) (k: int) (target: float[]) = convolve (sign / float k) weighted 1 b k target

    /// The coefficient k of a − b².
    let lessSquare (a: float[]) (b: float[]) (k: int) (target: float[]) =
        convolve -1.0 b 0 b k target

        for i in k * width .. (k + 1) * width - 1 do
            target[i] <- a[i] + target[i]

    let each (f: Activation<Binary64> -> Binary64 -> Binary64) (values: float[]) (target: float[]) =
        for i in 0 .. width - 1 do
            target[i] <- (f activation (Binary64 values[i])).Value

    let start (values: float[]) =
        match kind with
        | ValueSome TranscendentalName.Tanh ->
            FloatLanes.tanhInPlace (Span(values, 0, width))
            (ReadOnlySpan(values, 0, width)).CopyTo(row z 0)

            for i in 0 .. width - 1 do
                s[i] <- 1.0 - z[i] * z[i]
        | _ ->
            each Activation.derivative values (if isDriven then s else slopes)

            if r.Length > 0 then
                each Activation.secondDerivative values r

            each Activation.value values values

            if z.Length > 0 then
                (ReadOnlySpan(values, 0, width)).CopyTo(row z 0)

    let advance (k: int) =
        match kind with
        | ValueSome TranscendentalName.Tanh ->
            drive 1.0 s k z
            convolve -1.0 z 0 z k s
        | ValueSome TranscendentalName.Logistic ->
            drive 1.0 s k z
            lessSquare z z k s
        | ValueSome TranscendentalName.Softplus ->
            drive 1.0 s k z
            drive 1.0 r k s
            lessSquare s s k r
        | ValueSome TranscendentalName.Sine ->
            drive 1.0 s k z
            drive -1.0 z k s
        | ValueNone when isCubic ->
            drive 1.0 s k z
            convolve 1.0 u 0 u k s
        | ValueNone -> convolve 1.0 u 0 u k z

    /// The coefficient k of z in the place of that of u.
    member _.Push(k: int, values: float[]) : unit =
        match activation with
        | Activation.Identity -> ()
        | _ ->
            if u.Length > 0 then
                (ReadOnlySpan(values, 0, width)).CopyTo(row u k)

            if k = 0 then
                start values
            elif z.Length = 0 then
                for i in 0 .. width - 1 do
                    values[i] <- slopes[i] * values[i]
            else
                if isDriven then
                    SeriesLanes.scale (float k) (ReadOnlySpan(values, 0, width)) (row weighted k)

                advance k
                (row z k).CopyTo(Span values)

/// <summary>PieceSeries over floats in lanes, where each layer has one activation for all its neurons; every bit is the same.</summary>
[<Sealed>]
type internal FloatPieceSeries(order: int, piece: FieldPiece<Binary64>) =
    let layers = piece.Coefficients |> Array.map (fun φ -> φ.Layers.ToArray() |> Array.map FloatLayer)
    let powers = layers.Length
    let d = piece.Coefficients[0].OutputWidth

    let series =
        Array.map2
            (fun (layer: Layer<Binary64>) (lanes: FloatLayer) -> FloatActivationSeries(layer.Activation 0, lanes.PaddedWidth, order))
            (piece.Coefficients[0].Layers.ToArray())
            layers[0]

    let memory () : float[][] = layers[0] |> Array.map (fun layer -> Array.zeroCreate layer.PaddedWidth)
    // The coefficient in hand of the values of each layer, the share of one power of t in it, and the sums of the coefficient before.
    let values, shares = memory (), memory ()
    let before = layers |> Array.map (fun _ -> memory ())

    /// The coefficient n of layer m from that of its argument.
    let next (m: int) (n: int) (time: float) (x: ReadOnlySpan<float>) : unit =
        let sums = values[m]
        layers[powers - 1].[m].Affine(x, sums, (n = 0))

        for k in powers - 2 .. -1 .. 0 do
            let share, before = shares[m], before[k + 1].[m]
            layers[k].[m].Affine(x, share, (n = 0))

            for i in 0 .. sums.Length - 1 do
                let above = sums[i]
                sums[i] <- share[i] + time * above

                if n > 0 then
                    sums[i] <- sums[i] + before[i]

                before[i] <- above

        series[m].Push(n, sums)

    /// Whether the lanes of every layer do the same.
    static member Suits(piece: FieldPiece<Binary64>) : bool =
        piece.Coefficients[0].Layers.ToArray() |> Array.forall (fun layer -> layer.ActivationArray.Length = 1)

    interface ISolutionSeries<Binary64> with
        member _.Dimension = d
        member _.Order = order

        member _.Expand(time, coefficients) =
            let floats = MemoryMarshal.Cast<Binary64, float>(Span coefficients)
            let last = values[values.Length - 1]

            for n in 0 .. order - 1 do
                next 0 n time.Value (Span<float>.op_Implicit(floats.Slice(n * d, d)))

                for m in 1 .. values.Length - 1 do
                    next m n time.Value (ReadOnlySpan values[m - 1])

                let inverse = 1.0 / float (n + 1)

                for c in 0 .. d - 1 do
                    floats[(n + 1) * d + c] <- inverse * last[c]
