namespace LayerTime.Core.Algebra

open LayerTime.Core.Numbers

/// Exact linear algebra over the fractions by row reduction: every decision is a comparison with zero that is right.
[<RequireQualifiedAccess>]
module Elimination =
    /// The reduced row echelon form, the pivot columns, and the determinant of the row operations' pivots with sign.
    let private reduce (m: Matrix<Rational>) : Rational[][] * int list * Rational =
        let rows = Matrix.toRows m
        let mutable pivots = []
        let mutable determinant = Rational.One
        let mutable r = 0

        for column in 0 .. m.Columns - 1 do
            match Seq.tryFind (fun i -> (Array.get rows[i] column).Sign <> 0) (seq { r .. m.Rows - 1 }) with
            | None -> determinant <- Rational.Zero
            | Some i ->
                if i <> r then
                    let row = rows[i]
                    rows[i] <- rows[r]
                    rows[r] <- row
                    determinant <- -determinant

                let pivot = rows[r][column]
                determinant <- determinant * pivot
                rows[r] <- Array.map (fun a -> a / pivot) rows[r]

                for other in 0 .. m.Rows - 1 do
                    let factor = rows[other][column]

                    if other <> r && factor.Sign <> 0 then
                        rows[other] <- Array.map2 (fun a b -> a - factor * b) rows[other] rows[r]

                pivots <- column :: pivots
                r <- r + 1

        rows, List.rev pivots, determinant

    /// The rank of M.
    let rank (m: Matrix<Rational>) : int =
        let _, pivots, _ = reduce m
        pivots.Length

    /// M = C·R with full rank r: C the r pivot columns of M, R the nonzero rows of its reduced row echelon form.
    let rankFactors (m: Matrix<Rational>) : Matrix<Rational> * Matrix<Rational> =
        let rows, pivots, _ = reduce m
        let pivots = List.toArray pivots
        Matrix.init m.Rows pivots.Length (fun i j -> m[i, pivots[j]]), Matrix.init pivots.Length m.Columns (fun i j -> rows[i][j])

    /// det M of a square matrix.
    let determinant (m: Matrix<Rational>) : Rational =
        if m.Rows <> m.Columns then
            invalidArg (nameof m) $"found {m.Rows}×{m.Columns}, expected a square matrix"

        let _, _, determinant = reduce m
        determinant

    /// A basis of the kernel of M: as many vectors as M has columns without a pivot.
    let kernel (m: Matrix<Rational>) : Rational[] list =
        let rows, pivots, _ = reduce m

        [
            for free in 0 .. m.Columns - 1 do
                if not (List.contains free pivots) then
                    let vector = Vector.unit m.Columns free
                    pivots |> List.iteri (fun row pivot -> vector[pivot] <- -rows[row][free])
                    vector
        ]

    /// X with M·X = B, the free variables zero; or None where there is no solution.
    let solve (m: Matrix<Rational>) (b: Matrix<Rational>) : Matrix<Rational> option =
        let rows, pivots, _ = reduce (Matrix.ofBlocks [| [| m; b |] |])
        // A pivot in the right-hand side is a row 0 = 1.
        if List.exists (fun pivot -> pivot >= m.Columns) pivots then
            None
        else
            let solution = Array.init m.Columns (fun _ -> Vector.zero b.Columns)
            pivots |> List.iteri (fun row pivot -> solution[pivot] <- Array.skip m.Columns rows[row])
            Some(Matrix.ofRows solution)

    /// M⁻¹, or None for a singular matrix.
    let inverse (m: Matrix<Rational>) : Matrix<Rational> option =
        if m.Rows = m.Columns && rank m = m.Rows then solve m (Matrix.identity m.Rows) else None

    /// A combination y with yᵀM = 0 and yᵀb ≠ 0: the certificate that M·x = b has no solution; or None where it has one.
    let infeasibility (m: Matrix<Rational>) (b: Rational[]) : Rational[] option =
        kernel (Matrix.transpose m) |> List.tryFind (fun y -> (Vector.dot y b).Sign <> 0)
