namespace LayerTime.Core.Semantics

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open LayerTime.Core.Numbers

/// Weights of some stages: the coefficients that are not zero, with the stages they belong to.
[<Struct; NoEquality; NoComparison>]
type internal SparseWeights<'T> = { Stages: int[]; Values: 'T[] }

[<RequireQualifiedAccess>]
module internal SparseWeights =
    let create (weights: Rational[]) : SparseWeights<'T> when 'T :> IRing<'T> =
        let used = weights |> Array.indexed |> Array.filter (fun (_, w) -> w.Sign <> 0)

        { Stages = Array.map fst used; Values = used |> Array.map (fun (_, w) -> 'T.OfRatio(w.Numerator, w.Denominator)) }

    /// target ← h Σ w_i k_i, or x + h Σ w_i k_i where x is not empty, one product and one sum at a time.
    let internal ofSemantics (w: SparseWeights<'T>) (h: 'T) (x: ReadOnlySpan<'T>) (k: 'T[]) (target: Span<'T>) : unit when 'T :> IRing<'T> =
        let d = target.Length

        for c in 0 .. d - 1 do
            let mutable sum = 'T.Product(w.Values[0], k[w.Stages[0] * d + c])

            for j in 1 .. w.Stages.Length - 1 do
                sum <- 'T.Sum(sum, 'T.Product(w.Values[j], k[w.Stages[j] * d + c]))

            let change = 'T.Product(h, sum)
            target[c] <- if x.IsEmpty then change else 'T.Sum(x[c], change)

    /// The same memory seen as floats, where the numbers are floats.
    let floats (xs: ReadOnlySpan<'T>) : ReadOnlySpan<float> =
        MemoryMarshal.CreateReadOnlySpan(&Unsafe.As<'T, float>(&MemoryMarshal.GetReference xs), xs.Length)

    let private run (w: SparseWeights<'T>) (h: 'T) (x: ReadOnlySpan<'T>) (k: 'T[]) (target: Span<'T>) : unit when 'T :> IRing<'T> =
        // The comparison is decided where the code is compiled for one number system.
        if Type.op_Equality (typeof<'T>, typeof<Binary64>) then
            let mutable h = h
            let lanes = MemoryMarshal.CreateSpan(&Unsafe.As<'T, float>(&MemoryMarshal.GetReference target), target.Length)

            FloatLanes.combine
                w.Stages
                (floats (ReadOnlySpan w.Values))
                (Unsafe.As<'T, float> &h)
                (floats x)
                (floats (ReadOnlySpan k))
                lanes
        else
            ofSemantics w h x k target

    /// target ← h Σ w_i k_i, where k holds the stages one after the other.
    let combine (w: SparseWeights<'T>) (h: 'T) (k: 'T[]) (target: Span<'T>) : unit when 'T :> IRing<'T> =
        if w.Stages.Length = 0 then target.Fill 'T.Zero else run w h (ReadOnlySpan<'T>.Empty) k target

    /// target ← x + h Σ w_i k_i
    let advance (w: SparseWeights<'T>) (h: 'T) (x: 'T[]) (k: 'T[]) (target: Span<'T>) : unit when 'T :> IRing<'T> =
        if w.Stages.Length = 0 then ReadOnlySpan(x, 0, target.Length).CopyTo target else run w h (ReadOnlySpan x) k target
