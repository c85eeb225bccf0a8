namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics

/// What the gradient of a perceptron sees of one layer at one point.
[<NoComparison; NoEquality>]
type LayerView<'T> = {
    /// z_j, the value of the layer (of the input for j = 0).
    Value: 'T[]
    /// dz_j/dx
    Jacobian: Matrix<'T>
    /// q = dΦ/da_{j+1}, the covector behind the outgoing matrix.
    Covector: 'T[]
}

/// <summary>The gradient as a function of the outgoing weights of one layer (the engine of generic non-degeneracy).</summary>
/// <remarks>Moving A_{j+1} in direction dA and c_{j+1} by dc = −dA·z_j freezes a_{j+1} and hence all slopes behind it, so dΦ_x/dε =
/// (dz_j/dx)ᵀ·dAᵀ·q. That map dA ↦ dΦ_x/dε is onto ℝⁿ where dz_j/dx has full column rank and q ≠ 0.</remarks>
[<RequireQualifiedAccess>]
module GradientSubmersion =
    /// Layer j of 0 … L at x: its value, its Jacobian, and the covector of what reads it.
    let view (σ: int -> ActivationKind -> 'T -> 'T) (p: Perceptron<'T>) (j: int) (x: 'T[]) : LayerView<'T> when 'T :> IRing<'T> =
        let layers = PerceptronDerivatives.pass σ p x

        if j < 0 || j > layers.Length then
            invalidArg (nameof j) $"found layer {j}, expected one of 0..{layers.Length}"

        let covectors = PerceptronDerivatives.covectors p layers

        let covector =
            if j = layers.Length then [| 'T.One |] else Array.map2 (fun s c -> 'T.Product(s, c)) layers[j].Slope covectors[j + 1]

        {
            Value = if j = 0 then x else layers[j - 1].Value
            Jacobian = (PerceptronDerivatives.jacobians p.Inputs layers)[j]
            Covector = covector
        }

    /// (dz_j/dx)ᵀ·dAᵀ·q
    let derivative (view: LayerView<'T>) (direction: Matrix<'T>) : 'T[] when 'T :> IRing<'T> =
        Matrix.apply (Matrix.transpose view.Jacobian) (Matrix.apply (Matrix.transpose direction) view.Covector)

    /// dc = −dA·z_j
    let compensation (view: LayerView<'T>) (direction: Matrix<'T>) : 'T[] when 'T :> IRing<'T> =
        Matrix.apply direction view.Value |> Array.map 'T.Negation

    /// A direction dA that moves the gradient by y: dA = q·vᵀ/|q|² with v = D(DᵀD)⁻¹y, D = dz_j/dx; None where D has not full column
    /// rank or q = 0, so that the map is not onto.
    let tryPreimage (view: LayerView<Rational>) (y: Rational[]) : Matrix<Rational> option =
        let d = view.Jacobian
        let q = view.Covector
        let square = Vector.dot q q

        // DᵀD is regular iff D has full column rank.
        Elimination.inverse (Matrix.multiply (Matrix.transpose d) d)
        |> Option.filter (fun _ -> square.Sign <> 0)
        |> Option.map (fun inverse ->
            let v = Matrix.apply d (Matrix.apply inverse y)
            Matrix.init q.Length v.Length (fun i k -> q[i] * v[k] / square))

    /// The perceptron along the line of weights A_{j+1} + ε·dA, c_{j+1} + ε·dc, over dual numbers.
    let along (p: Perceptron<'T>) (j: int) (direction: Matrix<'T>) (bias: 'T[]) : Perceptron<Dual<'T>> when 'T :> IField<'T> =
        let lifted = Perceptron.map Dual.constant p
        let move (m: Matrix<Dual<'T>>) = Matrix.map2 (fun (a: Dual<'T>) da -> Dual(a.Value, da)) m direction
        let shift (c: Dual<'T>[]) = Array.map2 (fun (a: Dual<'T>) da -> Dual(a.Value, da)) c bias
        let hidden = lifted.Hidden.ToArray()
        let offset = lifted.OutputOffset.ToArray()

        if j = hidden.Length then
            Perceptron.create hidden (move lifted.Output) (shift offset) |> Defect.orFail
        else
            let layer = { hidden[j] with Weights = move hidden[j].Weights; Bias = shift hidden[j].Bias }
            Perceptron.create (Array.updateAt j layer hidden) lifted.Output offset |> Defect.orFail
