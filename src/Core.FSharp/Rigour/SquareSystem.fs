namespace LayerTime.Core.Rigour

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// A continuously differentiable map F : ℝⁿ → ℝⁿ whose zeros are sought, seen through enclosures.
type ISquareSystem =
    /// n ≥ 1
    abstract Dimension: int
    /// An enclosure of F over a box of dimension n.
    abstract Value: box: Box -> Interval[]
    /// Enclosures of F and of its Jacobian DF over a box of dimension n.
    abstract ValueAndJacobian: box: Box -> struct (Interval[] * Matrix<Interval>)
