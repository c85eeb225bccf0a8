namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Semantics

/// A smooth network of order k ≥ 2 whose force is evaluated where ∇ᵏ is centred: second order accurate for every k, at the price of
/// one evaluation as before. States are scaled differences; the start is OdeLimit.startCorrected.
[<RequireQualifiedAccess>]
module CentredCascade =
    /// (1 − k/2)·h, by how much the centre of ∇ᵏx(l+1) lies after t = lh.
    let shift (k: int) (h: 'T) : 'T :> IRing<'T> = 'T.Product(Ring.ratio (2 - k) 2, h)

    /// p₁ + (1 − k/2)h p₂, the argument of the force; for k = 2 this is p₁ and p₂ is not read.
    let argument (h: 'T) (p: 'T[][]) : 'T[] when 'T :> IRing<'T> =
        if p.Length = 2 then p[0] else Vector.addScaled p[0] (shift p.Length h) p[1]

    /// p_k⁺ = p_k + h f(p₁ + (1−k/2)h p₂), then p_n⁺ = p_n + h p_{n+1}⁺ for n = k−1 … 1; f at the time t_l + (1−k/2)h.
    let step (h: 'T) (f: 'T[] -> 'T[]) (p: 'T[][]) : 'T[][] when 'T :> IRing<'T> = SmoothState.scaledCascade h (fun _ -> f (argument h p)) p

    /// The inverse of step: p_n = p_n⁺ − h p_{n+1}⁺ for n &lt; k, then p_k = p_k⁺ − h f(p₁ + (1−k/2)h p₂) with the p₁, p₂ just found (for k ≥ 3 they
    /// do not contain p_k, for k = 2 the weight of p₂ is 0).
    let inverse (h: 'T) (f: 'T[] -> 'T[]) (next: 'T[][]) : 'T[][] when 'T :> IRing<'T> =
        let free = SmoothState.scaledInverse h (fun x -> Vector.zero x.Length) next
        let k = next.Length
        Array.updateAt (k - 1) (Vector.addScaled next[k - 1] ('T.Negation h) (f (argument h free))) free
