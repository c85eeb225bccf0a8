namespace LayerTime.Core.Semantics

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Numbers.Arithmetic

/// One hidden layer of a perceptron at a point: what it reads, and its activations to second order, each computed when it is asked for.
[<Sealed>]
type LayerPass<'T> internal (derivative: int -> ActivationKind -> 'T -> 'T, layer: Neurons<'T>, argument: 'T[], preactivation: 'T[]) =
    let each order = lazy (Array.map2 (derivative order) layer.Activations preactivation)
    let value, slope, curvature = each 0, each 1, each 2

    /// The layer.
    member _.Layer = layer
    /// z_{l−1}
    member _.Argument = argument
    /// a_l = A_l·z_{l−1} + c_l
    member _.Preactivation = preactivation
    /// z_l = σ_l(a_l)
    member _.Value = value.Value
    /// The diagonal of D_l, σ_l′(a_l).
    member _.Slope = slope.Value
    /// The diagonal of E_l, σ_l″(a_l).
    member _.Curvature = curvature.Value

/// <summary>Gradient Φ_x and Hessian H of a scalar perceptron (Kühn and Kuntz, merged form), over any ring.</summary>
/// <remarks>Two independent ways: forward with Jacobians and Hessians of every layer, backward with covectors. The backward Hessian is
/// a sum of congruences, which shows its rank. `σ k kind t` is σ⁽ᵏ⁾(t) as the numbers have it, or a range of it.</remarks>
[<RequireQualifiedAccess>]
module PerceptronDerivatives =
    /// All hidden layers at x, first to last.
    let pass (σ: int -> ActivationKind -> 'T -> 'T) (p: Perceptron<'T>) (x: 'T[]) : LayerPass<'T>[] when 'T :> IRing<'T> =
        let advance z (layer: Neurons<'T>) =
            let pass = LayerPass(σ, layer, z, Vector.add (Matrix.apply layer.Weights z) layer.Bias)
            pass, pass.Value

        Array.mapFold advance x (p.Hidden.ToArray()) |> fst

    // A broken contract: only a scalar function has a gradient and a Hessian.
    let private outputRow (p: Perceptron<'T>) : 'T[] =
        if p.Outputs <> 1 then
            invalidArg (nameof p) $"found {p.Outputs} outputs, expected 1"

        p.Output.Row(0).ToArray()

    /// diag(d)·M
    let private scaleRows (d: 'T[]) (m: Matrix<'T>) : Matrix<'T> when 'T :> IRing<'T> =
        Matrix.init m.Rows m.Columns (fun i j -> d[i] * m[i, j])

    /// J_l = dz_l/dx for l = 0 … L: J₀ = I, J_l = D_l·A_l·J_{l−1}; `inputs` is n.
    let jacobians (inputs: int) (layers: LayerPass<'T>[]) : Matrix<'T>[] when 'T :> IRing<'T> =
        layers
        |> Array.scan (fun j layer -> scaleRows layer.Slope (Matrix.multiply layer.Layer.Weights j)) (Matrix.identity inputs)

    /// p_l = dΦ/dz_l for l = 0 … L: p_L = A_{L+1}ᵀ, p_{l−1} = A_lᵀ·D_l·p_l. The first is the gradient Φ_x.
    let covectors (p: Perceptron<'T>) (layers: LayerPass<'T>[]) : 'T[][] when 'T :> IRing<'T> =
        let back (layer: LayerPass<'T>) covector = Matrix.apply (Matrix.transpose layer.Layer.Weights) (Array.map2 (*) layer.Slope covector)

        Array.scanBack back layers (outputRow p)

    /// Φ_x by one pass forward and one backward.
    let gradient (σ: int -> ActivationKind -> 'T -> 'T) (p: Perceptron<'T>) (x: 'T[]) : 'T[] when 'T :> IRing<'T> =
        pass σ p x |> covectors p |> Array.head

    /// d_l = σ_l″(a_l)·p_l and G_l = A_l·J_{l−1} for every hidden layer, of which the Hessian consists.
    let hessianTerms (p: Perceptron<'T>) (layers: LayerPass<'T>[]) : ('T[] * Matrix<'T>)[] when 'T :> IRing<'T> =
        let term (layer: LayerPass<'T>) covector before =
            Array.map2 (*) layer.Curvature covector, Matrix.multiply layer.Layer.Weights before

        Array.map3 term layers (Array.tail (covectors p layers)) (Array.take layers.Length (jacobians p.Inputs layers))

    /// H = Σ_l G_lᵀ·diag(d_l)·G_l
    let hessian (σ: int -> ActivationKind -> 'T -> 'T) (p: Perceptron<'T>) (x: 'T[]) : Matrix<'T> when 'T :> IRing<'T> =
        hessianTerms p (pass σ p x)
        |> Array.map (fun (d, g) -> Matrix.multiply (Matrix.transpose g) (scaleRows d g))
        |> Array.fold Matrix.add (Matrix.zero p.Inputs p.Inputs)

    /// Φ_x and H forward: with G = A_l·J_{l−1}, J_l = D_l·G and K_l[i] = σ″(a_{l,i})·G_iᵀ·G_i + σ′(a_{l,i})·Σ_c A_{l,ic}·K_{l−1}[c],
    /// where K_l[i] is the Hessian of z_{l,i}; Φ_x = (A_{L+1}·J_L)ᵀ, H = Σ_i A_{L+1,i}·K_L[i].
    let forward (σ: int -> ActivationKind -> 'T -> 'T) (p: Perceptron<'T>) (x: 'T[]) : 'T[] * Matrix<'T> when 'T :> IRing<'T> =
        let combine (coefficients: 'T[]) (hessians: Matrix<'T>[]) = Array.map2 Matrix.scale coefficients hessians |> Array.reduce Matrix.add

        let advance (j, k: Matrix<'T>[]) (layer: LayerPass<'T>) =
            let g = Matrix.multiply layer.Layer.Weights j

            let hessian i =
                let outer = Matrix.init g.Columns g.Columns (fun a b -> layer.Curvature[i] * g[i, a] * g[i, b])
                Matrix.add outer (Matrix.scale layer.Slope[i] (combine (layer.Layer.Weights.Row(i).ToArray()) k))

            scaleRows layer.Slope g, Array.init g.Rows hessian

        let start = Matrix.identity p.Inputs, Array.create p.Inputs (Matrix.zero p.Inputs p.Inputs)
        let j, k = pass σ p x |> Array.fold advance start
        let row = outputRow p
        Matrix.apply (Matrix.transpose j) row, combine row k
