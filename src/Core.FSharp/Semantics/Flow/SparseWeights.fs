namespace LayerTime.Core.Semantics

open System
open LayerTime.Core.Numbers

/// Weights of some stages: the coefficients that are not zero, with the stages they belong to.
[<Struct; NoEquality; NoComparison>]
type internal SparseWeights<'T> = { Stages: int[]; Values: 'T[] }

[<RequireQualifiedAccess>]
module internal SparseWeights =
    let create (weights: Rational[]) : SparseWeights<'T> when 'T :> IRing<'T> =
        let used = weights |> Array.indexed |> Array.filter (fun (_, w) -> w.Sign <> 0)

        { Stages = Array.map fst used; Values = used |> Array.map (fun (_, w) -> 'T.OfRatio(w.Numerator, w.Denominator)) }

    /// target ← Σ w_i k_i, where k holds the stages one after the other.
    let combine (w: SparseWeights<'T>) (k: 'T[]) (target: Span<'T>) : unit when 'T :> IRing<'T> =
        let d = target.Length

        if w.Stages.Length = 0 then
            target.Fill 'T.Zero
        else
            let first = ReadOnlySpan(k, w.Stages[0] * d, d)
            let value = w.Values[0]

            for c in 0 .. target.Length - 1 do
                target[c] <- 'T.Product(value, first[c])

            for j in 1 .. w.Stages.Length - 1 do
                let stage = ReadOnlySpan(k, w.Stages[j] * d, d)
                let value = w.Values[j]

                for c in 0 .. target.Length - 1 do
                    target[c] <- 'T.Sum(target[c], 'T.Product(value, stage[c]))

    /// target ← x + h Σ w_i k_i
    let advance (w: SparseWeights<'T>) (h: 'T) (x: 'T[]) (k: 'T[]) (target: Span<'T>) : unit when 'T :> IRing<'T> =
        combine w k target

        for c in 0 .. target.Length - 1 do
            target[c] <- 'T.Sum(x[c], 'T.Product(h, target[c]))
