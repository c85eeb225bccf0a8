namespace LayerTime.Core.Networks

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// Why a network cannot be built: where, what was found there and what was expected.
type Defect = {
    /// The place in words: "layer 3, map 2, bias".
    Where: string
    /// What stands there.
    Found: string
    /// What should stand there.
    Expected: string
} with

    override d.ToString() : string = $"{d.Where}: found {d.Found}, expected {d.Expected}"

/// Collecting defects: all of them, not only the first.
[<RequireQualifiedAccess>]
module Defect =
    /// A defect in one line.
    let create (where: string) (found: string) (expected: string) : Defect = { Where = where; Found = found; Expected = expected }

    /// One defect if the condition is not met, none otherwise.
    let unless (condition: bool) (where: string) (found: string) (expected: string) : Defect list =
        if condition then [] else [ create where found expected ]

    /// The defect with its place prefixed: what is wrong within something larger.
    let at (place: string) (defect: Defect) : Defect =
        let where =
            if place = "" then defect.Where
            elif defect.Where = "" then place
            else $"{place}, {defect.Where}"

        { defect with Where = where }

    /// All values, or all defects.
    let all (results: Result<'T, Defect list>[]) : Result<'T[], Defect list> =
        let defects =
            results
            |> Array.toList
            |> List.collect (function
                | Ok _ -> []
                | Error defects -> defects)

        if defects.IsEmpty then
            results
            |> Array.choose (function
                | Ok value -> Some value
                | Error _ -> None)
            |> Ok
        else
            Error defects

    /// The value, or an exception for a broken contract of our own: for networks that are right by construction.
    let orFail (result: Result<'T, Defect list>) : 'T =
        match result with
        | Ok value -> value
        | Error defects -> invalidOp (String.Join("; ", defects))

/// One layer x ↦ σ(W·x + b), W of m × n numbers, b of m; σ is one activation for all coordinates or one for each.
[<NoComparison>]
type Layer<'T> = private {
    WeightMatrix: Matrix<'T>
    BiasVector: 'T[]
    ActivationList: Activation<'T>[]
} with

    /// W, output × input.
    member layer.Weights = layer.WeightMatrix
    /// b
    member layer.Bias: ReadOnlySpan<'T> = ReadOnlySpan layer.BiasVector
    /// One activation for all coordinates, or one for each.
    member layer.Activations: ReadOnlySpan<Activation<'T>> = ReadOnlySpan layer.ActivationList
    /// n, the width of x.
    member layer.InputWidth = layer.WeightMatrix.Columns
    /// m, the width of σ(W·x + b).
    member layer.OutputWidth = layer.WeightMatrix.Rows

    /// The same as an array, for pattern matching.
    member internal layer.ActivationArray = layer.ActivationList

    /// The activation of one coordinate.
    member layer.Activation(coordinate: int) : Activation<'T> =
        if layer.ActivationList.Length = 1 then layer.ActivationList[0] else layer.ActivationList[coordinate]

/// Layers: construction and evaluation.
[<RequireQualifiedAccess>]
module Layer =
    /// x ↦ σ(W·x + b). Wants at least one row and one column, as many biases as rows, one activation or one for each row.
    let create (weights: Matrix<'T>) (bias: 'T[]) (activations: Activation<'T>[]) : Result<Layer<'T>, Defect list> =
        let rows = weights.Rows

        let defects = [
            if rows < 1 || weights.Columns < 1 then
                Defect.create "weights" $"{rows}×{weights.Columns} numbers" "at least one row and one column"

            if bias.Length <> rows then
                Defect.create "bias" $"{bias.Length} numbers" $"{rows}, one for each row of the weights"

            if activations.Length <> 1 && activations.Length <> rows then
                Defect.create "activation" $"{activations.Length} activations" $"one for all, or {rows}, one for each row of the weights"
        ]

        if defects.IsEmpty then
            Ok { WeightMatrix = weights; BiasVector = Array.copy bias; ActivationList = Array.copy activations }
        else
            Error defects

    /// x ↦ W·x + b with W, b over any numbers.
    let affine (weights: Matrix<'T>) (bias: 'T[]) : Result<Layer<'T>, Defect list> = create weights bias [| Activation.Identity |]

    /// Hands every coordinate b_i + W_i0·x_0 + W_i1·x_1 + … of W·x + b to `accept`, the sum from left to right.
    let inline internal rows
        (layer: Layer<'T>)
        (x: ReadOnlySpan<'T>)
        ([<InlineIfLambda>] accept: int -> 'T -> unit)
        : unit when 'T :> IRing<'T> =
        let bias = layer.Bias
        // The shape was checked when the layer was made: row i starts i·n entries after the first.
        let n = x.Length
        let first = &MemoryMarshal.GetReference(layer.Weights.Entries.Slice(0, n * bias.Length))

        for i in 0 .. bias.Length - 1 do
            accept i ('T.AddProducts(bias[i], MemoryMarshal.CreateReadOnlySpan(&Unsafe.Add(&first, i * n), n), x))

    /// W·x + b into an array at least as long.
    let internal affineInto (layer: Layer<'T>) (x: ReadOnlySpan<'T>) (y: 'T[]) : unit when 'T :> IRing<'T> =
        rows layer x (fun i sum -> y[i] <- sum)

    /// Hands every coordinate of σ(W·x + b) to `accept`; inline, so that what becomes of it is decided while it is in a register.
    /// An activation that is a call has a pass of its own, over `sums`, and leaves the loop over the rows without one.
    let inline internal iterate
        (layer: Layer<'T>)
        (x: ReadOnlySpan<'T>)
        (sums: 'T[])
        ([<InlineIfLambda>] accept: int -> 'T -> unit)
        : unit when 'T :> IRing<'T> =
        match layer.ActivationArray with
        | [| Activation.Relu |] -> rows layer x (fun i sum -> accept i ('T.PositivePart sum))
        | activations ->
            affineInto layer x sums

            match activations with
            | [| Activation.Transcendental f |] ->
                for i in 0 .. layer.OutputWidth - 1 do
                    accept i (f.Value sums[i])
            | _ ->
                for i in 0 .. layer.OutputWidth - 1 do
                    accept i (Activation.value (layer.Activation i) sums[i])

    /// σ(W·x + b) into an array at least as long.
    let internal applyInto (layer: Layer<'T>) (x: ReadOnlySpan<'T>) (y: 'T[]) : unit when 'T :> IRing<'T> =
        iterate layer x y (fun i value -> y[i] <- value)

    /// The pre-activations W·x + b.
    let preactivations (layer: Layer<'T>) (x: 'T[]) : 'T[] when 'T :> IRing<'T> =
        Vector.add (Matrix.apply layer.WeightMatrix x) layer.BiasVector

    /// The same layer over other numbers.
    let map (number: 'T -> 'U) (activation: Activation<'T> -> Activation<'U>) (layer: Layer<'T>) : Layer<'U> = {
        WeightMatrix = Matrix.map number layer.WeightMatrix
        BiasVector = Array.map number layer.BiasVector
        ActivationList = Array.map activation layer.ActivationList
    }

    /// The number of weights and biases: m·n + m.
    let parameterCount (layer: Layer<'T>) : int64 = int64 layer.OutputWidth * int64 layer.InputWidth + int64 layer.OutputWidth
