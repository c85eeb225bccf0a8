namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// How far one layer of a smooth network ∇ᵏx(l+1) = hᵏ f(x(l)) may stretch or shrink the distance |p − r| of two states, in the
/// ∞-norm over all blocks, for an f with Lipschitz constant L_f. Powers of the factors bound the map of L layers.
[<RequireQualifiedAccess>]
module EmbeddingBounds =
    let private one = Rational.One

    /// 1 + h + … + hᵐ, which is 0 for m = −1.
    let private geometric (h: Rational) (m: int) : Rational = Seq.sumBy (Rational.power h) (seq { 0..m })

    /// 1/(1 + h·max(1, L_f(1+h))): in scaled differences no layer shrinks a distance by more, for k ≥ 2 and any h &gt; 0.
    let lowerFactor (h: Rational) (lipschitz: Rational) : Rational = one / (one + h * Rational.max one (lipschitz * (one + h)))

    /// 1 + h(Σ_{i=0..k−2} hⁱ + L_f): in scaled differences no layer stretches a distance by more, for h ≤ 1.
    let simpleUpperFactor (order: int) (h: Rational) (lipschitz: Rational) : Rational = one + h * (geometric h (order - 2) + lipschitz)

    /// max_{n=1..k} (Σ_{i=0..k−n} hⁱ + h^(k−n+1) L_f): the same for any h &gt; 0; at most the simple factor for h ≤ 1.
    let upperFactor (order: int) (h: Rational) (lipschitz: Rational) : Rational =
        seq { 1..order }
        |> Seq.map (fun n -> geometric h (order - n) + Rational.power h (order - n + 1) * lipschitz)
        |> Seq.reduce Rational.max

    /// 2ᵏ − 1 + hᵏ L_f: in delay coordinates no layer stretches a distance by more, and for k ≥ 2 neither does its inverse.
    let delayFactor (order: int) (h: Rational) (lipschitz: Rational) : Rational =
        Rational.power (Rational.ofInt 2) order - one + Rational.power h order * lipschitz

    /// 1 − h L_f: no residual layer (k = 1) shrinks a distance by more, as long as h L_f &lt; 1.
    let firstOrderLowerFactor (h: Rational) (lipschitz: Rational) : Rational = one - h * lipschitz

    /// max_l Lip(f^(l)) by the weights, ‖W‖∞ times the activations' constants; None where an activation has none (t²).
    let lipschitz (maps: LayerMap<Rational>[]) : Rational option =
        maps |> Array.map LayerMap.lipschitz |> Array.fold (Option.map2 Rational.max) (Some Rational.Zero)

    /// ⌈(2m+1)/d⌉: the least order at which a state of width d has room for every generic manifold of dimension m (Whitney, Takens).
    let orderFor (manifoldDimension: int) (width: int) : int = (2 * manifoldDimension + width) / width
