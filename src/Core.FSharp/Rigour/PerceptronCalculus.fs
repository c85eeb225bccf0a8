namespace LayerTime.Core.Rigour

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Numbers.Arithmetic

/// Value, gradient and Hessian of a scalar perceptron over boxes, by the formulas of Kühn and Kuntz (merged form) with the ranges
/// of σ, σ′, σ″ over the pre-activations. Wants a perceptron without `defects`.
[<RequireQualifiedAccess>]
module PerceptronCalculus =
    /// σ_l⁽ᵏ⁾(a_l), neuron by neuron, where σ k kind t is σ⁽ᵏ⁾(t).
    let private each (σ: int -> ActivationKind -> 'T -> 'T) (order: int) (layer: Neurons<'T>) (a: 'T[]) : 'T[] =
        Array.map2 (σ order) layer.Activations a

    /// Every hidden layer with its pre-activations a_l at x, first to last, and z_L.
    let private forward
        (σ: int -> ActivationKind -> 'T -> 'T)
        (p: Perceptron<'T>)
        (x: 'T[])
        : (Neurons<'T> * 'T[])[] * 'T[] when 'T :> IRing<'T> =
        let advance z (layer: Neurons<'T>) =
            let a = Vector.add (Matrix.apply layer.Weights z) layer.Bias
            (layer, a), each σ 0 layer a

        Array.mapFold advance x (p.Hidden.ToArray())

    /// p_l = dΦ/dz_l for l = 0 … L: p_L = A_{L+1}ᵀ, p_{l−1} = A_lᵀ·D_l·p_l. The first is the gradient Φ_x.
    let private covectors
        (σ: int -> ActivationKind -> 'T -> 'T)
        (p: Perceptron<'T>)
        (layers: (Neurons<'T> * 'T[])[])
        : 'T[][] when 'T :> IRing<'T> =
        let back (layer: Neurons<'T>, a) covector =
            Matrix.apply (Matrix.transpose layer.Weights) (Array.map2 (*) (each σ 1 layer a) covector)

        Array.scanBack back layers (p.Output.Row(0).ToArray())

    /// Φ_x in any ring, with the activations as the numbers have them: `σ k kind t` is σ⁽ᵏ⁾(t) for k = 0 and 1.
    let gradientWith (σ: int -> ActivationKind -> 'T -> 'T) (p: Perceptron<'T>) (x: 'T[]) : 'T[] when 'T :> IRing<'T> =
        Array.head (covectors σ p (fst (forward σ p x)))

    /// The ranges of σ_l⁽ᵏ⁾(a_l).
    let private derivative (order: int) (layer: Neurons<Interval>) (a: Interval[]) : Interval[] =
        each ActivationRange.derivative order layer a

    /// Φ over a box.
    let value (p: Perceptron<Interval>) (box: Box) : Interval =
        let _, z = forward ActivationRange.derivative p box
        (Vector.add (Matrix.apply p.Output z) (p.OutputOffset.ToArray()))[0]

    /// Φ_x over a box.
    let gradient (p: Perceptron<Interval>) (box: Box) : Interval[] = gradientWith ActivationRange.derivative p box

    /// G_l = A_l·J_{l−1} for every hidden layer, with J_l = D_l·G_l, J₀ = I.
    let private jacobians (layers: (Neurons<Interval> * Interval[])[]) : Matrix<Interval>[] =
        let advance (j: Matrix<Interval> option) (layer: Neurons<Interval>, a) =
            let g = j |> Option.map (Matrix.multiply layer.Weights) |> Option.defaultValue layer.Weights
            let slopes = derivative 1 layer a
            g, Some(Matrix.init g.Rows g.Columns (fun h i -> slopes[h] * g[h, i]))

        Array.mapFold advance None layers |> fst

    /// Gᵀ·diag(w)·G. A square is tighter than a product of two factors that are taken as independent.
    let private congruence (weights: Interval[]) (g: Matrix<Interval>) : Matrix<Interval> =
        let entry i j h w = w * (if i = j then Interval.square g[h, i] else g[h, i] * g[h, j])
        Matrix.init g.Columns g.Columns (fun i j -> weights |> Array.mapi (entry i j) |> Array.reduce (+))

    /// Gradient and Hessian over a box: H = Σ_l G_lᵀ·diag(σ_l″(a_l)·p_l)·G_l.
    let gradientAndHessian (p: Perceptron<Interval>) (box: Box) : struct (Interval[] * Matrix<Interval>) =
        let layers, _ = forward ActivationRange.derivative p box
        let covectors = covectors ActivationRange.derivative p layers

        let term (layer, a) covector g = congruence (Array.map2 (*) (derivative 2 layer a) covector) g

        let hessian =
            Array.map3 term layers (Array.tail covectors) (jacobians layers)
            |> Array.fold Matrix.add (Matrix.zero p.Inputs p.Inputs)

        struct (Array.head covectors, hessian)

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
