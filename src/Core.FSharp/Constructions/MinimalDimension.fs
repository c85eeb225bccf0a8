namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// How many numbers a linear additive dense network remembers of its history, and what it forgets.
type MinimalDimension = {
    /// The smallest dimension of a linear state space that produces all outputs from all histories.
    Dimension: int
    /// A basis of the histories [x(0); x(−1); …] whose outputs x(0), x(1), … are all zero.
    Unobservable: Rational[][] list
}

/// The minimal dimension of x(l+1) = Σ_{n=1..k} A_n x(l+1−n), decided by exact ranks.
[<RequireQualifiedAccess>]
module MinimalDimension =
    /// T, the block Hankel triangle of (k−1)d rows and columns: block (i, j) = A_{i+j} for i + j ≤ k, else 0; i, j = 1..k−1.
    /// T·(x(−1); …; x(−k+1)) is what the history adds to x(1), …, x(k−1) beyond the part of x(0).
    let hankelTriangle (maps: Matrix<Rational>[]) : Matrix<Rational> =
        let k, d = maps.Length, maps[0].Rows

        Matrix.init ((k - 1) * d) ((k - 1) * d) (fun row column ->
            let age = row / d + column / d + 2
            if age <= k then maps[age - 1][row % d, column % d] else Rational.Zero)

    /// d + rank T and the kernel of [I 0; 0 T]; maps[n−1] = A_n, square and of one size.
    let ofMaps (maps: Matrix<Rational>[]) : Result<MinimalDimension, Defect list> =
        let d = maps |> Array.tryHead |> Option.map _.Rows |> Option.defaultValue 0

        let defects =
            Defect.unless (maps.Length > 0) "maps" "no matrix" "at least one"
            @ [
                for n in 1 .. maps.Length do
                    let map = maps[n - 1]
                    yield! Defect.unless (map.Rows = d && map.Columns = d) $"matrix {n}" $"{map.Rows}×{map.Columns}" $"{d}×{d}"
            ]

        if defects.IsEmpty then
            let triangle = hankelTriangle maps
            let forgotten older = Array.append (Vector.zero d) older |> Array.chunkBySize d

            Ok { Dimension = d + Elimination.rank triangle; Unobservable = Elimination.kernel triangle |> List.map forgotten }
        else
            Error defects
