namespace LayerTime.Core.Rigour

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// <summary>A lower bound of |Φ_x|₂ over a box, factor by factor (Kühn and Kuntz, no critical point).</summary>
/// <remarks>|Φ_x(x)|₂ ≥ Π_{l ≤ L+1} s_min(A_l) · Π_{l ≤ L} min_i σ_l′(a_{l,i}(x)), where no A_l has more rows than columns: |gᵀM| ≥ s_min(M)|g|
/// for M of full row rank, |gᵀD| ≥ min d_i·|g| for a positive diagonal D, and Φ_xᵀ = A_{L+1}·D_L·A_L ⋯ D₁·A₁.</remarks>
[<NoComparison; NoEquality>]
type Margin = {
    /// Lower bounds of s_min(A_l), l = 1 … L+1; 0 where A_l has more rows than columns, or is not proved to have full rank.
    Singular: float[]
    /// Lower bounds of min_i σ_l′(a_{l,i}) over the box, l = 1 … L; 0 where a slope is not proved to be positive.
    Slopes: float[]
} with

    /// The product, rounded down: positive only if Φ has no critical point in the box.
    member margin.Bound: float = Seq.append margin.Singular margin.Slopes |> Seq.fold Directed.multiplyDown 1.0

/// Lower bounds of the gradient of non-augmented perceptrons, without subdivision.
[<RequireQualifiedAccess>]
module Margin =
    /// A lower bound s of the smallest singular value with |gᵀM| ≥ s·|g| for every row vector g; 0 for more rows than columns.
    let private rowBound (m: Matrix<Interval>) : float = if m.Rows > m.Columns then 0.0 else IntervalMatrix.smallestSingularValue m

    /// A lower bound of σ′ over an interval, at least 0.
    let private slope (kind: ActivationKind) (a: Interval) : float =
        if ActivationRange.isSmooth kind then max 0.0 (ActivationRange.derivative 1 kind a).Lower else 0.0

    /// The margin of a perceptron with one output over a box: the singular values of all matrices, the slopes over the natural ranges of
    /// the pre-activations. An activation with a kink has no slope everywhere, and its layer counts 0.
    let over (p: Perceptron<Interval>) (box: Box) : Margin =
        let value kind a = if ActivationRange.isSmooth kind then ActivationRange.derivative 0 kind a else Interval.entire

        let advance (z: Interval[]) (layer: Neurons<Interval>) =
            let a = Vector.add (Matrix.apply layer.Weights z) layer.Bias
            Array.map2 slope layer.Activations a |> Array.min, Array.map2 value layer.Activations a

        let hidden = p.Hidden.ToArray()

        {
            Singular = [|
                for layer in hidden do
                    rowBound layer.Weights
                rowBound p.Output
            |]
            Slopes = Array.mapFold advance box hidden |> fst
        }
