namespace LayerTime.Core.Constructions

open System.Numerics
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// The newest state of a smooth network of order k as one weighted sum over its layers, in O(Lk): the discrete form of
/// Cauchy's repeated integral, C(L−s+k−2, k−1) standing for the kernel (t−s)ᵏ⁻¹/(k−1)!.
[<RequireQualifiedAccess>]
module IntegralForm =
    let private refuse (order: int) (depth: int) : unit =
        if order < 1 then
            invalidArg (nameof order) $"found order {order}, expected at least 1"

        if depth < 0 then
            invalidArg (nameof depth) $"found depth {depth}, expected at least 0"

    /// C(L+m−2, m−1), m = 1..k: the weights of ∇ᵐ⁻¹x(0) in x(L). Order 3, depth 5: 1, 5, 15.
    let startWeights (order: int) (depth: int) : BigInteger[] =
        refuse order depth
        Array.scan (fun weight m -> weight * BigInteger(depth + m - 1) / BigInteger m) BigInteger.One [| 1 .. order - 1 |]

    /// C(L−s+k−2, k−1), s = 0..L−1: the weights of hᵏ f^(s)(x(s)) in x(L). Order 3, depth 5: 15, 10, 6, 3, 1.
    let forceWeights (order: int) (depth: int) : BigInteger[] =
        refuse order depth
        // From the last layer backward: C(m+1, k−1) = C(m, k−1)·(m+1)/(m−k+2), starting with C(k−1, k−1) = 1.
        let before weight m = weight * BigInteger(m + 1) / BigInteger(m - order + 2)

        Array.scan before BigInteger.One [| order - 1 .. order + depth - 3 |] |> Array.truncate depth |> Array.rev

    /// x(L) = Σ_{m=1..k} C(L+m−2, m−1) ∇ᵐ⁻¹x(0) + hᵏ Σ_{s&lt;L} C(L−s+k−2, k−1) f^(s)(x(s)), from the start
    /// (x(0), ∇x(0), …, ∇ᵏ⁻¹x(0)) and the forces f^(0)(x(0)), …, f^(L−1)(x(L−1)).
    let newest (h: 'T) (start: 'T[][]) (forces: 'T[][]) : 'T[] when 'T :> IRing<'T> =
        let order, depth = start.Length, forces.Length
        let combine weights vectors = Vector.combination (Array.map Ring.ofInteger weights) vectors
        let free = combine (startWeights order depth) start

        if depth = 0 then free else Vector.addScaled free (Ring.power h order) (combine (forceWeights order depth) forces)
