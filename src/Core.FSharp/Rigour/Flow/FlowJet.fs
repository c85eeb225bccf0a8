namespace LayerTime.Core.Rigour

open LayerTime.Core.Numbers

/// <summary>A vector x(ξ) with its first and second derivatives in some directions ξ: what a flow carries along.</summary>
/// <remarks>No direction: the vector alone (C⁰). The arrays are filled by whoever makes the jet and not changed afterwards.</remarks>
[<Sealed>]
type FlowJet<'T>(width: int, directions: int, hasSecond: bool) =
    /// The number of components of x.
    member _.Width = width
    /// The number of directions.
    member _.Directions = directions
    /// Whether second derivatives are carried.
    member _.HasSecond = hasSecond
    /// The number of pairs a ≤ b of directions with a second derivative.
    member _.Pairs = if hasSecond then directions * (directions + 1) / 2 else 0
    /// x
    member val Value: 'T[] = Array.zeroCreate width
    /// ∂x_i/∂ξ_a at a·width + i.
    member val First: 'T[] = Array.zeroCreate (directions * width)

    /// ∂²x_i/∂ξ_a∂ξ_b for the pair e of a ≤ b, row by row, at e·width + i.
    member val Second: 'T[] = Array.zeroCreate ((if hasSecond then directions * (directions + 1) / 2 else 0) * width)

    /// The place of a pair of directions, in any order.
    member _.Pair(a: int, b: int) : int =
        let row, column = min a b, max a b
        row * directions - row * (row - 1) / 2 + (column - row)

/// What is asked of a flow besides its values.
[<RequireQualifiedAccess>]
type FlowOrder =
    /// Values only.
    | C0
    /// Values and the derivative in the start.
    | C1
    /// Values, first and second derivatives.
    | C2

/// Jets of vectors: construction and arithmetic.
[<RequireQualifiedAccess>]
module FlowJet =
    /// A vector without derivatives.
    let ofValue (value: 'T[]) : FlowJet<'T> =
        let jet = FlowJet(value.Length, 0, false)
        Array.blit value 0 jet.Value 0 value.Length
        jet

    /// x as a function of itself: first derivatives I, second ones 0.
    let identity (hasSecond: bool) (value: 'T[]) : FlowJet<'T> when 'T :> IRing<'T> =
        let n = value.Length
        let jet = FlowJet(n, n, hasSecond)
        Array.blit value 0 jet.Value 0 n
        Array.fill jet.First 0 jet.First.Length 'T.Zero
        Array.fill jet.Second 0 jet.Second.Length 'T.Zero

        for i in 0 .. n - 1 do
            jet.First[i * n + i] <- 'T.One

        jet

    /// Entry by entry.
    let map2 (f: 'T -> 'U -> 'V) (x: FlowJet<'T>) (y: FlowJet<'U>) : FlowJet<'V> =
        let jet = FlowJet(x.Width, x.Directions, x.HasSecond)

        let fill (a: 'T[]) (b: 'U[]) (target: 'V[]) =
            for i in 0 .. target.Length - 1 do
                target[i] <- f a[i] b[i]

        fill x.Value y.Value jet.Value
        fill x.First y.First jet.First
        fill x.Second y.Second jet.Second
        jet

    /// Whether a question is true of all pairs of entries.
    let forall2 (question: 'T -> 'U -> bool) (x: FlowJet<'T>) (y: FlowJet<'U>) : bool =
        Array.forall2 question x.Value y.Value
        && Array.forall2 question x.First y.First
        && Array.forall2 question x.Second y.Second

    /// x₀ + x₁h + … + x_N h^N by Horner's rule, of the first N + 1 coefficients of a series.
    let evaluate (order: int) (h: 'T) (series: FlowJet<'T>[]) : FlowJet<'T> when 'T :> IRing<'T> =
        let mutable sum = series[order]

        for k in order - 1 .. -1 .. 0 do
            sum <- map2 (fun a b -> 'T.Sum(a, 'T.Product(h, b))) series[k] sum

        sum
