namespace LayerTime.Core.Constructions

/// Elimination in floats with partial pivoting: it proves nothing.
[<RequireQualifiedAccess>]
module internal FloatElimination =
    /// ln|det A| for rows of floats, −∞ where a pivot vanishes.
    let logDeterminant (rows: float[][]) : float =
        let rec eliminate (sum: float) (rows: float[][]) =
            if rows.Length = 0 then
                sum
            else
                let pivot = rows |> Array.maxBy (fun row -> abs row[0])

                if pivot[0] = 0.0 then
                    -infinity
                else
                    let rest = rows |> Array.filter (fun row -> not (obj.ReferenceEquals(row, pivot)))
                    let reduced = rest |> Array.map (fun row -> Array.map2 (fun a p -> a - row[0] / pivot[0] * p) row pivot |> Array.tail)
                    eliminate (sum + LayerTime.Core.Numbers.Elementary.log (abs pivot[0])) reduced

        eliminate 0.0 rows
