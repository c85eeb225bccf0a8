namespace LayerTime.Core.Rigour

open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// A function Φ : ℝⁿ → ℝ in C² seen through enclosures: what a census of critical points needs.
type IScalarMap =
    /// An enclosure of Φ over a box.
    abstract Value: box: Box -> Interval
    /// Φ_x with its Jacobian, the Hessian.
    abstract Gradient: ISquareSystem

/// Networks as scalar maps.
[<RequireQualifiedAccess>]
module ScalarMap =
    /// A scalar perceptron of C² activations; or why it is none.
    let ofPerceptron (p: Perceptron<Interval>) : Result<IScalarMap, Defect list> =
        match PerceptronCalculus.defects p with
        | [] ->
            let gradient = GradientSystem.create p

            Ok
                {
                    new IScalarMap with
                        member _.Value box = PerceptronCalculus.value p box
                        member _.Gradient = gradient
                }
        | defects -> Error defects
