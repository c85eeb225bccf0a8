namespace LayerTime.Core.Rigour

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Numbers.Arithmetic

/// Value, gradient and Hessian of a scalar perceptron over boxes, by the formulas of Kühn and Kuntz (merged form) with the ranges
/// of σ, σ′, σ″ over the pre-activations. Wants a perceptron without `defects`.
[<RequireQualifiedAccess>]
module PerceptronCalculus =
    /// Φ over a box.
    let value (p: Perceptron<Interval>) (box: Box) : Interval =
        let layers = PerceptronDerivatives.pass ActivationRange.derivative p box
        let z = if layers.Length = 0 then box else (Array.last layers).Value
        (Vector.add (Matrix.apply p.Output z) (p.OutputOffset.ToArray()))[0]

    /// Φ_x over a box.
    let gradient (p: Perceptron<Interval>) (box: Box) : Interval[] = PerceptronDerivatives.gradient ActivationRange.derivative p box

    /// Gᵀ·diag(w)·G. A square is tighter than a product of two factors that are taken as independent.
    let private congruence (weights: Interval[]) (g: Matrix<Interval>) : Matrix<Interval> =
        let entry i j h w = w * (if i = j then Interval.square g[h, i] else g[h, i] * g[h, j])
        Matrix.init g.Columns g.Columns (fun i j -> weights |> Array.mapi (entry i j) |> Array.reduce (+))

    /// Gradient and Hessian over a box: H = Σ_l G_lᵀ·diag(d_l)·G_l.
    let gradientAndHessian (p: Perceptron<Interval>) (box: Box) : struct (Interval[] * Matrix<Interval>) =
        let layers = PerceptronDerivatives.pass ActivationRange.derivative p box

        let hessian =
            PerceptronDerivatives.hessianTerms p layers
            |> Array.fold (fun sum (d, g) -> Matrix.add sum (congruence d g)) (Matrix.zero p.Inputs p.Inputs)

        struct (Array.head (PerceptronDerivatives.covectors p layers), hessian)

    /// The defect of a function with other than one output.
    let internal scalarDefects (outputs: int) : Defect list =
        Defect.unless (outputs = 1) "output" $"{outputs} outputs" "one: only a scalar function has critical points of an index"

    /// The defect of an activation with a kink.
    let internal kinkDefect (place: string) (name: string) : Defect =
        Defect.create
            place
            name
            "a C² activation (tanh, logistic, softplus, sin, square, cubic): the theorem that critical points are non-degenerate for almost all weights, and the index, are about the Hessian, which does not exist at a kink"

    /// Why a perceptron has no critical points to speak of: more than one output, or an activation that is not C².
    let defects (p: Perceptron<'T>) : Defect list = [
        yield! scalarDefects p.Outputs

        for l, layer in Array.indexed (p.Hidden.ToArray()) do
            for kind in layer.Activations |> Array.distinct |> Array.filter (ActivationRange.isSmooth >> not) do
                kinkDefect $"hidden layer {l}" (Activation.name (ActivationKind.over<Binary64> kind))
    ]
