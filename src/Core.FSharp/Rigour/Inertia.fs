namespace LayerTime.Core.Rigour

open LayerTime.Core.Numbers
open LayerTime.Core.Numbers.Arithmetic
open LayerTime.Core.Algebra

module Inertia =
    /// temporary: interval LDLᵀ with diagonal pivots
    let negative (h: Matrix<Interval>) : int option =
        let n = h.Rows

        let rec go (rows: Interval[][]) =
            if rows.Length = 0 then
                Some 0
            else
                let best = Array.init rows.Length id |> Array.maxBy (fun i -> Interval.mignitude (rows[i][i]))

                match Interval.sign (rows[best][best]) with
                | Some s when s <> 0 ->
                    let p = rows[best]

                    let schur =
                        rows
                        |> Array.removeAt best
                        |> Array.map (fun row ->
                            Array.init row.Length (fun j -> row[j] - row[best] * p[j] / p[best]) |> Array.removeAt best)

                    go schur |> Option.map (fun k -> if s < 0 then Operators.(+) k 1 else k)
                | _ -> None

        ignore n
        go (Matrix.toRows h)
