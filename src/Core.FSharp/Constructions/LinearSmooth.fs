namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Semantics

/// Smooth networks of order k with the linear force f(x) = F·x: their state matrices and their spectrum.
[<RequireQualifiedAccess>]
module LinearSmooth =
    /// The state matrix in delay coordinates [x(l); …; x(l−k+1)]: (K⊗I) + hᵏ (e₁e₁ᵀ⊗F), K the companion matrix of ∇ᵏ.
    let delayMatrix (order: int) (h: 'T) (force: Matrix<'T>) : Matrix<'T> when 'T :> IRing<'T> =
        let corner = Matrix.init order order (fun i j -> if i = 0 && j = 0 then Ring.power h order else 'T.Zero)
        Matrix.add (Matrix.kronecker (Coordinates.companion order) (Matrix.identity force.Rows)) (Matrix.kronecker corner force)

    /// The state matrix in difference coordinates (x(l), ∇x(l), …, ∇ᵏ⁻¹x(l)): (U⊗I) + hᵏ (1e₁ᵀ⊗F).
    let differenceMatrix (order: int) (h: 'T) (force: Matrix<'T>) : Matrix<'T> when 'T :> IRing<'T> =
        let column = Matrix.init order order (fun _ j -> if j = 0 then Ring.power h order else 'T.Zero)
        Matrix.add (Matrix.kronecker (Coordinates.upperOnes order) (Matrix.identity force.Rows)) (Matrix.kronecker column force)

    /// det(λI − M) = det((λ−1)ᵏ I − hᵏ λᵏ⁻¹ F) of either state matrix M, by a determinant of d × d.
    let characteristicAt (order: int) (h: Rational) (force: Matrix<Rational>) (λ: Rational) : Rational =
        let free = Matrix.scale (Rational.power (λ - Rational.One) order) (Matrix.identity force.Rows)
        let driven = Matrix.scale (Rational.power h order * Rational.power λ (order - 1)) force
        Elimination.determinant (Matrix.subtract free driven)

    /// (λ−1)ᵏ − hᵏφ λᵏ⁻¹, the characteristic polynomial for d = 1 and f(x) = φ·x, the constant coefficient first.
    let characteristicPolynomial (order: int) (h: Rational) (φ: Rational) : Rational[] =
        let free = Array.replicate order [| -Rational.One; Rational.One |] |> Array.fold Polynomial.multiply [| Rational.One |]
        Array.updateAt (order - 1) (free[order - 1] - Rational.power h order * φ) free
