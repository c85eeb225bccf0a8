namespace LayerTime.Core.Semantics

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// The coordinates of a state of k blocks, and the maps between them (Hauser et al. 2018, state space of order k):
/// delay z_j = x(l+1−j), difference q_n = ∇ⁿ⁻¹x(l), scaled difference p_n = h^−(n−1) q_n.
[<RequireQualifiedAccess>]
module Coordinates =
    /// S[n, j] = (−1)^(j−1) C(n−1, j−1), the signed Pascal matrix: q = (S⊗I)z, and S² = I.
    let signedPascal (k: int) : Matrix<'T> when 'T :> IRing<'T> =
        Matrix.init k k (fun n j ->
            let c = Binomial.choose n j
            Ring.ofInteger (if j % 2 = 0 then c else -c))

    /// U[n, m] = 1 for m ≥ n, else 0: the linear part of a smooth network in difference coordinates.
    let upperOnes (k: int) : Matrix<'T> when 'T :> IRing<'T> = Matrix.init k k (fun n m -> if m >= n then 'T.One else 'T.Zero)

    /// K[1, j] = (−1)^(j+1) C(k, j), K[i+1, i] = 1, else 0: the companion matrix of ∇ᵏ.
    let companion (k: int) : Matrix<'T> when 'T :> IRing<'T> =
        let first = Binomial.pastWeights k

        Matrix.init k k (fun i j ->
            if i = 0 then Ring.ofInteger first[j]
            elif j = i - 1 then 'T.One
            else 'T.Zero)

    /// Delay to difference coordinates, q = (S⊗I)z, by k(k−1)/2 block subtractions and no product. S is an involution:
    /// the same sweep leads back (toDelay).
    let toDifference (delay: 'T[][]) : 'T[][] when 'T :> IRing<'T> =
        let z = Array.copy delay

        for r in 1 .. z.Length - 1 do
            for n in z.Length - 1 .. -1 .. r do
                z[n] <- Vector.subtract z[n - 1] z[n]

        z

    /// Difference to delay coordinates, z = (S⊗I)q.
    let toDelay (difference: 'T[][]) : 'T[][] when 'T :> IRing<'T> = toDifference difference

    /// p_n = h^−(n−1) q_n
    let toScaled (h: 'T) (difference: 'T[][]) : 'T[][] when 'T :> IField<'T> =
        difference |> Array.mapi (fun i q -> Vector.scale ('T.Quotient('T.One, Ring.power h i)) q)

    /// q_n = hⁿ⁻¹ p_n
    let ofScaled (h: 'T) (scaled: 'T[][]) : 'T[][] when 'T :> IRing<'T> = scaled |> Array.mapi (fun i p -> Vector.scale (Ring.power h i) p)
