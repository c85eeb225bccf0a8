namespace LayerTime.Core.Rigour

open LayerTime.Core.Numbers
open LayerTime.Core.Networks

/// The gradient of a scalar perceptron as a square system.
[<RequireQualifiedAccess>]
module GradientSystem =
    /// F = Φ_x, DF = H. Wants a perceptron without `PerceptronCalculus.defects`; a broken contract throws.
    let create (p: Perceptron<Interval>) : ISquareSystem =
        match PerceptronCalculus.defects p with
        | [] -> {
            new ISquareSystem with
                member _.Dimension = p.Inputs
                member _.Value box = PerceptronCalculus.gradient p box
                member _.ValueAndJacobian box = PerceptronCalculus.gradientAndHessian p box
                member _.Lineariser() = GradientKernel p
          }
        | defects -> invalidArg (nameof p) (System.String.Join("; ", defects))
