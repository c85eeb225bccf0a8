namespace LayerTime.Core.Constructions

open System.Numerics
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// The second-order network with one node per layer whose velocity learns |x|: x″ pushes the right half of the line in the first
/// layer and the left half in the second, then the states coast. Started at rest it has q₂(l) = a|x| for l ≥ 2.
[<RequireQualifiedAccess>]
module Fold =
    /// f^(0)(x) = a·max(0, x), f^(1)(x) = a·max(0, −x), f^(l) = 0 for l ≥ 2, for a slope a ≥ 0 and L = depth.
    let maps (slope: 'T) (depth: int) : LayerMap<'T>[] when 'T :> IRing<'T> =
        let relu weight = LayerMap.dense (Matrix.init 1 1 (fun _ _ -> weight)) (Vector.zero 1) Activation.Relu |> Defect.orFail

        Array.init depth (fun l ->
            match l with
            | 0 -> relu slope
            | 1 -> relu ('T.Negation slope)
            | _ -> relu 'T.Zero)

    /// ∇²x(l+1) = f^(l)(x(l)) with these maps and h = 1; L ≥ 1.
    let network (slope: 'T) (depth: int) : Architecture<'T> when 'T :> IRing<'T> = Architecture.Smooth(2, 'T.One, maps slope depth)

    /// The least L ≥ 2 at which x(L) alone separates {|x| ≤ r} from {|x| ≥ R} by one threshold: L &gt; (r + R(1+a))/(a(R−r)).
    let depthForPosition (slope: Rational) (inner: Rational) (outer: Rational) : Result<BigInteger, string> =
        if slope.Sign <= 0 then
            Error $"found slope {slope}, expected a positive one: without a push the states do not move"
        elif inner.Sign <= 0 || outer <= inner then
            Error $"found the radii {inner} and {outer}, expected 0 < inner < outer"
        else
            let bound = (inner + outer * (Rational.One + slope)) / (slope * (outer - inner))
            Ok(BigInteger.Max(BigInteger 2, BigInteger.Divide(bound.Numerator, bound.Denominator) + BigInteger.One))
