namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// What an a-priori bound has to know of x⁽ᵏ⁾ = f(x, t) and of one of its solutions on [0, T]. The order k is the number of
/// derivatives that are bounded, M₂ … M_{k+1}.
[<NoComparison>]
type SolutionBounds<'T> = {
    /// T, positive.
    Horizon: Rational
    /// L_f, a Lipschitz constant of f in x, in the ∞-norm.
    Lipschitz: 'T
    /// M₂ … M_{k+1} with M_j ≥ max |x⁽ʲ⁾(t)| on [0, T]; at least one.
    Derivatives: 'T[]
}

/// What moves a run besides the network, in the ∞-norm of the scaled state.
[<NoComparison>]
type Disturbance<'T> = {
    /// e₀, how far the start lies from (x(0), x′(0), …, x⁽ᵏ⁻¹⁾(0)).
    AtStart: 'T
    /// ρ, how far a computed step lies from the exact one (Roundoff.cascadeStep).
    PerLayer: 'T
}

/// The ordinary differential equation that a smooth network ∇ᵏx(l+1) = hᵏ f(x(l), lh) becomes for h = T/L → 0, and how far from
/// it a network of L layers is. States are scaled differences, p_n ≈ x⁽ⁿ⁻¹⁾. The bounds are sums of positive terms, so that in floats
/// Roundoff.upward makes bounds of them again.
[<RequireQualifiedAccess>]
module OdeLimit =
    /// p_n′ = p_{n+1} (n &lt; k), p_k′ = f(t, p₁): the block vector field of x⁽ᵏ⁾ = f(t, x).
    let field (f: 'T -> 'T[] -> 'T[]) (t: 'T) (p: 'T[][]) : 'T[][] = Array.append (Array.tail p) [| f t p[0] |]

    /// A = Σ_{i=0..k−2} hⁱ + L_f: for h ≤ 1 one step multiplies distances by at most 1 + hA.
    let growth (k: int) (h: 'T) (lipschitz: 'T) : 'T :> IRing<'T> =
        Seq.init (k - 1) (Ring.power h) |> Seq.fold (fun sum power -> 'T.Sum(sum, power)) lipschitz

    let private factorial (n: int) : bigint = Seq.fold (fun product (i: int) -> product * bigint i) bigint.One (seq { 2..n })

    /// max(a, b) = a + (b − a)⁺
    let private larger (a: 'T) (b: 'T) : 'T :> IRing<'T> = 'T.Sum(a, 'T.PositivePart('T.Difference(b, a)))

    /// τ = max_n τ_n, by how much the solution misses the network's step, τ_n = Σ_{i=2..k−n+1} hⁱ (1 − 1/i!) M_{n−1+i} + h^(k−n+2)/(k−n+2)! M_{k+1},
    /// from M₂ … M_{k+1}: the terms in which the Taylor series of x⁽ⁿ⁻¹⁾(t+h) differs from the cascade, and its remainder.
    let defect (h: 'T) (derivatives: 'T[]) : 'T :> IRing<'T> =
        let k = derivatives.Length

        let weight n i =
            let last = k - n + 2
            let above = if i = last then bigint.One else factorial i - bigint.One
            'T.Product(Ring.power h i, 'T.OfRatio(above, factorial i))

        let component' n = Vector.dot (Array.init (k - n + 1) (fun j -> weight n (j + 2))) (Array.skip (n - 1) derivatives)

        Seq.init k (fun i -> component' (i + 1)) |> Seq.reduce larger

    /// L ↦ τ/(hA)·((1+hA)ᴸ − 1) + (1+hA)ᴸ e₀ with τ + ρ for τ: the distance of the states p(0) … p(L) of a smooth network of L layers from
    /// (x, x′, …, x⁽ᵏ⁻¹⁾) at t = lh never exceeds it (discrete Gronwall). Wants h = T/L ≤ 1.
    let bound (solution: SolutionBounds<'T>) (disturbance: Disturbance<'T>) (depth: int) : Result<'T, Defect list> when 'T :> IRing<'T> =
        let k = solution.Derivatives.Length

        let defects =
            Defect.unless (k >= 1) "derivatives" "no bound" "the bounds M₂ … M_{k+1}, at least one"
            @ Defect.unless (solution.Horizon.Sign > 0) "horizon" $"T = {solution.Horizon}" "a positive horizon"
            @ Defect.unless
                (depth >= 1 && solution.Horizon <= Rational.ofInt depth)
                "depth"
                $"{depth} layers for the horizon {solution.Horizon}"
                "at least one layer, and a step T/L of at most 1"

        if defects.IsEmpty then
            let step = solution.Horizon / Rational.ofInt depth
            let h = 'T.OfRatio(step.Numerator, step.Denominator)
            let factor = 'T.Sum('T.One, 'T.Product(h, growth k h solution.Lipschitz))
            let local = 'T.Sum(defect h solution.Derivatives, disturbance.PerLayer)
            // E(l+1) ≤ (1 + hA) E(l) + τ + ρ, as it is proven: no division, no cancellation, and A = 0 is no special case.
            Ok(Seq.fold (fun error _ -> 'T.Sum('T.Product(factor, error), local)) disturbance.AtStart (seq { 1..depth }))
        else
            Error defects

    /// p_n = x⁽ⁿ⁻¹⁾(0) − (n−1)(h/2) x⁽ⁿ⁾(0), n = 1..k, from x(0), x′(0), …, x⁽ᵏ⁾(0): up to O(h²) the scaled differences of the solution itself, as ∇ⁿ⁻¹
    /// is centred (n−1)h/2 before its newest state.
    let startCorrected (h: 'T) (derivatives: 'T[][]) : Result<'T[][], Defect list> when 'T :> IRing<'T> =
        let defects =
            Defect.unless
                (derivatives.Length >= 2)
                "derivatives"
                $"{derivatives.Length} derivatives"
                "x(0), x′(0), …, x⁽ᵏ⁾(0), at least two"

        let shift i = 'T.Product(h, Ring.ratio -i 2)

        if defects.IsEmpty then
            derivatives |> Array.pairwise |> Array.mapi (fun i (value, slope) -> Vector.addScaled value (shift i) slope) |> Ok
        else
            Error defects

    /// ε₀ … ε_L with ε₀ = 0, ε₁ = h³M₃/6, ε_{l+1} = 2ε_l − ε_{l−1} + h²L_f ε_l + h⁴M₄/12: |x(l) − x(lh)| ≤ ε_l for a smooth network of order 2 with the
    /// corrected start, where M₃, M₄ bound x⁽³⁾, x⁽⁴⁾. Summed by increments, all of them positive.
    let verletMajorant (h: 'T) (lipschitz: 'T) (third: 'T) (fourth: 'T) (depth: int) : 'T[] when 'T :> IRing<'T> =
        let first = 'T.Product(Ring.power h 3, 'T.Product(third, Ring.ratio 1 6))
        let constant = 'T.Product(Ring.power h 4, 'T.Product(fourth, Ring.ratio 1 12))
        let slope = 'T.Product(Ring.power h 2, lipschitz)

        let next (ε: 'T, increment: 'T) _ =
            let increment = 'T.Sum(increment, 'T.Sum('T.Product(slope, ε), constant))
            'T.Sum(ε, increment), increment

        let later = Array.scan next (first, first) [| 2..depth |] |> Array.map fst
        if depth < 1 then [| 'T.Zero |] else Array.append [| 'T.Zero |] later
