namespace LayerTime.Core.Constructions

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics

/// The gradient of a loss, found backward from the final state of a smooth network.
[<NoComparison>]
type ReversedGradient<'T> = {
    /// [x(0); x(−1); …; x(−k+1)], the history that was found again.
    History: 'T[][]
    /// dLoss/dx(0), dLoss/dx(−1), …, dLoss/dx(−k+1)
    Momentum: 'T[][]
    /// (dLoss/dW, dLoss/db) of every inner layer of f_l: parameters[l][inner layer].
    Parameters: (Matrix<'T> * 'T[])[][]
}

/// Training without a stored trajectory: a smooth network of order k ≥ 2 can be run backward, so its gradient needs the memory of one
/// state (kd scalars) and one momentum, whatever the depth. Exact where the arithmetic is; in floats the states come back up to rounding.
[<RequireQualifiedAccess>]
module Reversible =
    /// [w₁μ₁ + Dfᵀ(hᵏμ₁) + μ₂; w₂μ₁ + μ₃; …; w_kμ₁], w_j = (−1)^(j+1) C(k,j): the momentum of the delay state before a step from the one after it.
    let private pullback (weights: 'T[]) (force: 'T[]) (μ: 'T[][]) : 'T[][] when 'T :> IRing<'T> =
        let later = Array.append (Array.tail μ) [| Vector.zero force.Length |]
        let linear = Array.map2 (fun rest weight -> Vector.addScaled rest weight μ[0]) later weights
        Array.updateAt 0 (Vector.add linear[0] force) linear

    /// The gradient from the final delay state [x(L); x(L−1); …; x(L−k+1)] and dLoss/dx(L), walking backward through the layers: each step
    /// recomputes x(l), pulls the momentum back and forgets what it came from.
    let gradient
        (h: 'T)
        (maps: LayerMap<'T>[])
        (final: 'T[][])
        (loss: 'T[])
        : Result<ReversedGradient<'T>, Defect list> when 'T :> IRing<'T> =
        let k = final.Length

        let defects =
            Defect.unless (k >= 2) "order" $"order {k}" "at least 2: a step of order 1 need not have an inverse"
            @ [
                for l in 0 .. maps.Length - 1 do
                    let shape = $"a map from {maps[l].InputWidth} to {maps[l].OutputWidth} numbers"
                    let fits = maps[l].InputWidth = loss.Length && maps[l].OutputWidth = loss.Length
                    yield! Defect.unless fits $"layer {l}" shape $"{loss.Length} to {loss.Length}, the width of the state"
                for j in 0 .. k - 1 do
                    let expected = $"{loss.Length}, as in dLoss/dx(L)"
                    yield! Defect.unless (final[j].Length = loss.Length) $"x(L−{j})" $"{final[j].Length} numbers" expected
            ]

        let back (z, μ: 'T[][], parameters) map =
            let earlier: 'T[][] = SmoothState.delayInverse h (LayerMap.apply map) z
            let covector, gradients = LayerMap.pullback map earlier[0] (Vector.scale (Ring.power h k) μ[0])
            earlier, pullback (Binomial.pastWeights k |> Array.map Ring.ofInteger) covector μ, gradients :: parameters

        if defects.IsEmpty then
            let momentum = Array.init k (fun j -> if j = 0 then loss else Vector.zero loss.Length)
            let history, momentum, parameters = Array.fold back (final, momentum, []) (Array.rev maps)
            Ok { History = history; Momentum = momentum; Parameters = List.toArray parameters }
        else
            Error defects

/// The cascade on integers q_n of 64 bits, in units of 2⁻ˢ: whatever rounding happens inside the force, a step of order k ≥ 2 is a
/// bijection, and the way back finds every bit again. Sums wrap around, so that even an overflow is undone.
[<RequireQualifiedAccess>]
module FixedPoint =
    /// round(2ˢ·x), ties to even.
    let ofFloat (bits: int) (x: float) : int64 = int64 (Math.Round(Math.ScaleB(x, bits), MidpointRounding.ToEven))

    /// q/2ˢ
    let toFloat (bits: int) (q: int64) : float = Math.ScaleB(float q, -bits)

    /// round(2ˢ hᵏ f(q₁/2ˢ)), coordinate by coordinate: a force on integers from one on floats; `scale` = hᵏ.
    let force (bits: int) (scale: float) (f: float[] -> float[]) (newest: int64[]) : int64[] =
        newest |> Array.map (toFloat bits) |> f |> Array.map (fun value -> ofFloat bits (scale * value))

    /// q_k⁺ = q_k + F(q₁), then q_n⁺ = q_n + q_{n+1}⁺ for n = k−1 … 1.
    let step (force: int64[] -> int64[]) (q: int64[][]) : int64[][] = Array.scanBack (Array.map2 (+)) q (force q[0]) |> Array.take q.Length

    /// The inverse of step for k ≥ 2, for any deterministic force: q_n = q_n⁺ − q_{n+1}⁺ for n &lt; k, then q_k = q_k⁺ − F(q₁) with the q₁ just found.
    let unstep (force: int64[] -> int64[]) (next: int64[][]) : int64[][] =
        if next.Length < 2 then
            invalidArg
                (nameof next)
                $"found a state of {next.Length} block, expected at least 2: a step of order 1 need not have an inverse"

        let earlier = Array.pairwise next |> Array.map (fun (block, newer) -> Array.map2 (-) block newer)
        Array.append earlier [| Array.map2 (-) (Array.last next) (force earlier[0]) |]
