namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// A linear network x(l+1) = Σ_{n=1..k} A_n x(l+1−n) found behind a linear state space.
[<NoComparison>]
type LinearRecursion = {
    /// A_1 … A_k
    Maps: Matrix<Rational>[]
    /// O with O·y(l) = (x(l); …; x(l+k−1)): the conjugacy to delay coordinates, oldest first.
    Conjugacy: Matrix<Rational>
}

/// Why a linear state space is no recursion of the order asked for.
[<RequireQualifiedAccess>]
type NoLinearRecursion =
    /// The matrices do not fit.
    | Shapes of Defect list
    /// O is not invertible: its rank, its dimension, and a basis of the states that k outputs cannot tell from 0.
    | Unobservable of rank: int * dimension: int * invisible: Rational[] list

/// The converse: which linear state spaces y⁺ = M·y, x = C·y are additive dense or smooth networks.
[<RequireQualifiedAccess>]
module LinearRecursion =
    /// O = [C; CM; …; CMᵏ⁻¹]
    let observability (k: int) (c: Matrix<Rational>) (m: Matrix<Rational>) : Matrix<Rational> =
        Seq.unfold (fun row -> Some([| row |], Matrix.multiply row m)) c |> Seq.take k |> Seq.toArray |> Matrix.ofBlocks

    /// The recursion of order k that x = C·y obeys, y⁺ = M·y: [A_k … A_1] = C·Mᵏ·O⁻¹. O((kd)³) operations on fractions.
    let ofStateSpace (k: int) (c: Matrix<Rational>) (m: Matrix<Rational>) : Result<LinearRecursion, NoLinearRecursion> =
        let d, dimension = c.Rows, k * c.Rows

        let defects =
            Defect.unless (k >= 1) "order" $"{k}" "at least 1"
            @ Defect.unless (m.Rows = dimension && m.Columns = dimension) "M" $"{m.Rows}×{m.Columns}" $"{dimension}×{dimension}"
            @ Defect.unless (c.Columns = dimension) "C" $"{c.Columns} columns" $"{dimension}, {k} times its {d} rows"

        if not defects.IsEmpty then
            Error(NoLinearRecursion.Shapes defects)
        else
            let o = observability k c m

            match Elimination.inverse o with
            | None -> Error(NoLinearRecursion.Unobservable(Elimination.rank o, dimension, Elimination.kernel o))
            | Some inverse ->
                let row = Matrix.multiply (Matrix.multiply c (Matrix.power m k)) inverse
                // Block j of the row belongs to x(l+1−k+j), the state of age k − j.
                let map n = Matrix.init d d (fun i j -> row[i, (k - n) * d + j])
                Ok { Maps = Array.init k (fun i -> map (i + 1)); Conjugacy = o }

    /// hᵏF if x(l+1) = Σ A_n x(l+1−n) is the smooth network ∇ᵏx(l+1) = hᵏF·x(l), that is A_j = (−1)^(j+1) C(k,j)·I for j ≥ 2;
    /// else None.
    let smoothForce (maps: Matrix<Rational>[]) : Matrix<Rational> option =
        let identity: Matrix<Rational> = Matrix.identity maps[0].Rows
        let free = Binomial.pastWeights maps.Length |> Array.map (fun c -> Matrix.scale (Rational.ofBigInteger c) identity)

        if Array.tail maps = Array.tail free then Some(Matrix.subtract maps[0] free[0]) else None

    /// The additive dense network x(l+1) = Σ A_n x(l+1−n) of a depth ≥ 1.
    let network (depth: int) (maps: Matrix<Rational>[]) : Result<Network<Rational>, Defect list> =
        Architecture.AdditiveDense(Array.create depth (Array.map LayerMap.linear maps)) |> Network.ofArchitecture
