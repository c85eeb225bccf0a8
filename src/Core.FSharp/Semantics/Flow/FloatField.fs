namespace LayerTime.Core.Semantics

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// <summary>A layer over floats with its rows in lanes: the weights of 32, 16, 8 or 4 rows stand together, column by column.</summary>
/// <remarks>Each row keeps its sum from left to right, so that every bit is that of Layer.applyInto.</remarks>
[<Sealed>]
type internal FloatLayer(layer: Layer<Binary64>) =
    let rows, columns = layer.OutputWidth, layer.InputWidth
    let padded = (rows + FloatLanes.Width - 1) / FloatLanes.Width * FloatLanes.Width

    /// How many rows stand together from a row on.
    let group (row: int) =
        let left = padded - row

        if left >= 32 then 32
        elif left >= 16 then 16
        elif left >= 8 then 8
        else 4

    let weights: float[] = Array.zeroCreate (padded * columns)
    let bias: float[] = Array.init padded (fun i -> if i < rows then layer.Bias[i].Value else 0.0)
    let noBias: float[] = Array.zeroCreate padded

    do
        let mutable start = 0

        while start < padded do
            let size = group start

            for j in 0 .. columns - 1 do
                for i in start .. min (start + size) rows - 1 do
                    weights[start * columns + j * size + (i - start)] <- layer.Weights[i, j].Value

            start <- start + size

    let isTanh =
        match layer.ActivationArray with
        | [| Activation.Transcendental f |] -> f.Name = TranscendentalName.Tanh
        | _ -> false

    let isAffine =
        match layer.ActivationArray with
        | [| Activation.Identity |] -> true
        | _ -> false

    /// The number of values, rounded up to whole vectors.
    member _.PaddedWidth: int = padded

    /// values ← W x, with b or without it, of padded width.
    member _.Affine(x: ReadOnlySpan<float>, values: float[], isBiased: bool) : unit =
        let start = if isBiased then bias else noBias
        let x = x.Slice(0, columns)
        let sums = &MemoryMarshal.GetReference(Span(values, 0, padded))
        let mutable row = 0

        while row < padded do
            let size = group row
            let w = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference weights, row * columns)
            let b = &Unsafe.Add(&MemoryMarshal.GetArrayDataReference start, row)
            let target = &Unsafe.Add(&sums, row)

            match size with
            | 32 -> FloatLanes.affine32 &w &b x &target
            | 16 -> FloatLanes.affine16 &w &b x &target
            | 8 -> FloatLanes.affine8 &w &b x &target
            | _ -> FloatLanes.affine4 &w &b x &target

            row <- row + size

    /// values ← σ(W x + b), of padded width.
    member this.Apply(x: ReadOnlySpan<float>, values: float[]) : unit =
        this.Affine(x, values, true)

        if isTanh then
            FloatLanes.tanhInPlace (Span(values, 0, padded))
        elif not isAffine then
            for i in 0 .. rows - 1 do
                values[i] <- (Activation.value (layer.Activation i) (Binary64 values[i])).Value

/// x′ = φ(x) over floats in lanes; every bit is that of LayerMap.apply. Allocates nothing per evaluation.
[<Sealed>]
type internal FloatField(φ: LayerMap<Binary64>) =
    let layers = φ.Layers.ToArray() |> Array.map FloatLayer
    let widest = layers |> Array.map _.PaddedWidth |> Array.max
    let scratch: float[] = Array.zeroCreate widest
    let other: float[] = Array.zeroCreate widest
    let d = φ.OutputWidth

    interface IVectorField<Binary64> with
        member _.Dimension = d

        member _.Evaluate(_, state, slope) =
            let mutable source = scratch
            let mutable target = other
            layers[0].Apply(Binary64.asFloats state, target)

            for m in 1 .. layers.Length - 1 do
                let swap = source
                source <- target
                target <- swap
                layers[m].Apply(ReadOnlySpan source, target)

            ReadOnlySpan(target, 0, d).CopyTo(MemoryMarshal.Cast<Binary64, float> slope)
