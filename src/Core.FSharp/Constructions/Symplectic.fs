namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// Smooth networks of order 2 as mechanics: position q₁ = x(l), velocity q₂ = ∇x(l), force hᵏ f. Where f is the gradient of a
/// potential, every layer is a canonical transformation (the Störmer–Verlet scheme).
[<RequireQualifiedAccess>]
module Symplectic =
    /// Ω = [[0, I], [−I, 0]] of 2n × 2n.
    let form (n: int) : Matrix<'T> when 'T :> IRing<'T> =
        Matrix.init (2 * n) (2 * n) (fun i j ->
            if j = i + n then 'T.One
            elif i = j + n then 'T.Negation 'T.One
            else 'T.Zero)

    /// MᵀΩM − Ω of a 2n × 2n matrix: zero iff M is symplectic.
    let defect (m: Matrix<'T>) : Matrix<'T> when 'T :> IRing<'T> =
        if m.Rows <> m.Columns || m.Rows % 2 <> 0 then
            invalidArg (nameof m) $"found {m.Rows}×{m.Columns}, expected a square matrix of even size"

        let ω = form (m.Rows / 2)
        Matrix.subtract (Matrix.multiply (Matrix.transpose m) (Matrix.multiply ω m)) ω

    /// [[I + h²·Df, I], [h²·Df, I]]: the Jacobian of a layer of order 2 in the coordinates (x(l), ∇x(l)), from Df of d × d.
    let step (h: 'T) (derivative: Matrix<'T>) : Matrix<'T> when 'T :> IRing<'T> =
        let unit = Matrix.identity derivative.Rows
        let force = Matrix.scale (Ring.power h 2) derivative
        Matrix.ofBlocks [| [| Matrix.add unit force; unit |]; [| force; unit |] |]

    /// x ↦ Wᵀσ(W·x + b), the gradient of the potential Σᵢ s((W·x + b)ᵢ) with s′ = σ: its derivative Wᵀ diag(σ′) W is symmetric.
    let gradientMap
        (weights: Matrix<'T>)
        (bias: 'T[])
        (activation: Activation<'T>)
        : Result<LayerMap<'T>, Defect list> when 'T :> IRing<'T> =
        Layer.create weights bias [| activation |]
        |> Result.bind (fun outward ->
            Layer.affine (Matrix.transpose weights) (Vector.zero weights.Columns)
            |> Result.bind (fun back -> LayerMap.create [| outward; back |]))
