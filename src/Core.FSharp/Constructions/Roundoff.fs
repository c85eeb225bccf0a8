namespace LayerTime.Core.Constructions

open System.Numerics
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// What rounding does to a smooth network in binary64: bounds of the standard model, fl(a ∘ b) = (a ∘ b)(1 + δ) with
/// |δ| ≤ u = 2⁻⁵³, for runs without overflow and underflow. A fused multiply-add is allowed: it rounds less often. The bounds are formulas
/// over any number system; in floats they are sums of positive terms, which `upward` makes bounds again.
[<RequireQualifiedAccess>]
module Roundoff =
    // 1/u
    let private scale = BigInteger.One <<< 53

    /// m·u
    let units (m: int) : 'T :> IRing<'T> = 'T.OfRatio(BigInteger m, scale)

    /// γ_m = m·u/(1 − m·u): what m roundings do to a product, relative to it.
    let gamma (m: int) : 'T :> IRing<'T> = 'T.OfRatio(BigInteger m, scale - BigInteger m)

    /// γ_{3k}: a term passes at most k levels of the cascade, each with one rounding of h, of the product and of the sum.
    let private gammaOfCascade (k: int) : 'T :> IRing<'T> = gamma (3 * k)

    /// |a| = a⁺ − a⁻
    let private magnitude (a: 'T) : 'T :> IRing<'T> = 'T.Difference('T.PositivePart a, 'T.NegativePart a)

    /// max(a, b) = a + (b − a)⁺
    let private larger (a: 'T) (b: 'T) : 'T :> IRing<'T> = 'T.Sum(a, 'T.PositivePart('T.Difference(b, a)))

    let private sum (terms: 'T[]) : 'T :> IRing<'T> = Array.fold (fun sum term -> 'T.Sum(sum, term)) 'T.Zero terms

    /// Σ_n weight(n)·|block_n| over the blocks of a state, n = 1..k, in the ∞-norm.
    let private weighted (weight: int -> BigInteger) (state: 'T[][]) : 'T :> IRing<'T> =
        state
        |> Array.mapi (fun i block -> 'T.Product(Ring.ofInteger (weight (i + 1)), block |> Array.map magnitude |> Array.reduce larger))
        |> sum

    /// How far rounding takes x(L) when the delay recursion x(l+1) = Σⱼ (−1)^(j+1) C(k,j) x(l+1−j), summed from j = 1 on, computes the solution of
    /// ∇ᵏx = 0, from the computed delay states z(0) … z(L−1): Σ_s C(L−s+k−2, k−1)·γ_{k+1}·Σⱼ C(k,j)|z_j(s)|. Each of the k products and sums costs a
    /// factor in 1 ± u, and a local error acts like a force in its layer. Grows like Lᵏ.
    let delayRecursion (states: 'T[][][]) : 'T :> IRing<'T> =
        let depth, k = states.Length, states[0].Length

        let local s state = 'T.Product(Ring.ofInteger (Binomial.choose (depth - s + k - 2) (k - 1)), weighted (Binomial.choose k) state)

        'T.Product(gamma (k + 1), states |> Array.mapi local |> sum)

    /// How far rounding takes x(L) when the cascade q_n ← q_n + q_{n+1} in difference coordinates computes the solution of ∇ᵏx = 0, from the computed
    /// states q(0) … q(L), where q(0) is rounded from its exact value: u/(1−u)·[Σ_n C(L+n−2, n−1)|q_n(0)| + Σ_{l=1..L} Σ_n C(L−l−1+n, n−1)|q_n(l)|].
    /// The rounding of q_n(l) is passed on in the same sweep to q_{n−1}, …, q₁. Grows like L.
    let differenceCascade (states: 'T[][][]) : 'T :> IRing<'T> =
        let depth = states.Length - 1

        let local l state =
            let before = if l = 0 then depth - 2 else depth - l - 1
            weighted (fun n -> Binomial.choose (before + n) (n - 1)) state

        'T.Product(gamma 1, states |> Array.mapi local |> sum)

    open Arithmetic

    /// A bound that was itself computed in floats, enlarged so that it bounds again: value·(1 + γ_m), for a value of positive terms only that took
    /// fewer than m/2 roundings.
    let upward (roundings: int) (value: Binary64) : Binary64 = value + gamma roundings * value

    /// ρ = γ_{3k}·((1 + hA)P + hF) + h·ε_f: how far one float step of the scaled cascade lies from the exact one, in the ∞-norm, for h ≤ 1 and
    /// `growth` = A (OdeLimit.growth), P ≥ |p|, F ≥ |f|, ε_f ≥ the error of a computed f. The weights of p sum to at most 1 + hA, an f enters with
    /// weight at most h.
    let cascadeStep (k: int) (h: 'T) (growth: 'T) (state: 'T) (force: 'T) (forceError: 'T) : 'T :> IRing<'T> =
        gammaOfCascade k * (('T.One + h * growth) * state + h * force) + h * forceError

    /// ρ_b = γ₃·((1 + h)(1 + hL_f)P + hF) + h·ε_f: how far one float step of the inverse, p_n − h p_{n+1}⁺ and p_k⁺ − h f(p₁), lies from the exact one.
    let inverseStep (h: 'T) (lipschitz: 'T) (state: 'T) (force: 'T) (forceError: 'T) : 'T :> IRing<'T> =
        gamma 3 * (('T.One + h) * ('T.One + h * lipschitz) * state + h * force) + h * forceError
