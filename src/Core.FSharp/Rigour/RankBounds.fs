namespace LayerTime.Core.Rigour

open System
open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// Bounds on the rank of a matrix, or of every matrix of members: Lower ≤ rank ≤ Upper.
[<Struct>]
type RankBounds = {
    /// A rank that is proved to be reached.
    Lower: int
    /// A rank that is proved not to be exceeded.
    Upper: int
} with

    /// The rank, where the bounds meet; None is the honest third answer between.
    member bounds.Known: int option = if bounds.Lower = bounds.Upper then Some bounds.Lower else None

/// Rank from below by a regular minor, from above exactly or by the shape.
[<RequireQualifiedAccess>]
module RankBounds =
    /// Rows and columns of the midpoints in the order of complete pivoting.
    let private pivots (m: Matrix<Interval>) : (int * int) list =
        let a = Array2D.init m.Rows m.Columns (fun i j -> Interval.midpoint m[i, j])

        let rec next rows columns =
            match Seq.allPairs rows columns |> Seq.toList with
            | [] -> []
            | places ->
                let p, q = places |> List.maxBy (fun (i, j) -> Math.Abs a[i, j])

                if a[p, q] = 0.0 || not (Double.IsFinite a[p, q]) then
                    []
                else
                    for i in rows do
                        if i <> p then
                            let factor = a[i, q] / a[p, q]

                            for j in columns do
                                a[i, j] <- a[i, j] - factor * a[p, j]

                    (p, q) :: next (List.filter ((<>) p) rows) (List.filter ((<>) q) columns)

        next (List.init m.Rows id) (List.init m.Columns id)

    /// Whether the k×k minor of the first pivots is regular for every member.
    let private isRegularMinor (m: Matrix<Interval>) (pivots: (int * int) list) (k: int) : bool =
        let rows, columns = pivots |> List.truncate k |> List.toArray |> Array.unzip
        let minor = Matrix.init k k (fun i j -> m[rows[i], columns[j]])
        k = 0 || IntervalMatrix.isRegular minor

    /// The rank of every matrix of members: at least the largest regular minor found; at most the number of rows and columns that are
    /// not identically 0.
    let ofIntervals (m: Matrix<Interval>) : RankBounds =
        let pivots = pivots m
        let isZero (entry: Interval) = entry.Lower = 0.0 && entry.Upper = 0.0
        let present (m: Matrix<Interval>) = Matrix.toRows m |> Array.filter (Array.forall isZero >> not) |> Array.length

        {
            Lower = Seq.find (isRegularMinor m pivots) (seq { pivots.Length .. -1 .. 0 })
            Upper = Math.Min(present m, present (Matrix.transpose m))
        }

    /// The rank of a matrix of fractions: exact from both sides.
    let ofFractions (m: Matrix<Rational>) : RankBounds =
        let rank = Elimination.rank m
        { Lower = rank; Upper = rank }
