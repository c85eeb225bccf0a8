namespace LayerTime.Core.Claims.Duan.Compile

open LayerTime.Core.Numbers
open LayerTime.Core.Constructions
open LayerTime.Core.Claims.Duan

/// The maps of plans in floats, without their layers.
[<RequireQualifiedAccess>]
module internal PlannedNets =
    // ψ̃ by the cell that s lies in.
    let private profile (table: PiecewiseLinear<Binary64>) : float -> float =
        let knots, values = Fields.floats table.Knots, Fields.floats table.Values
        let last = knots.Length - 1
        let slopes = PiecewiseLinear.slopes table |> Fields.floats

        fun s ->
            let found = System.Array.BinarySearch(knots, s)
            let k = if found >= 0 then found else ~~~found - 1
            if k < 0 then values[0] + slopes[0] * (s - knots[0]) else values[min k last] + slopes[k + 1] * (s - knots[min k last])

    /// x ↦ x + a·ψ̃(w·x + b), one map after the other, of a plan in which every map has a table.
    let byTables (plan: VanillaPlan) : float[] -> float[] =
        let pieces =
            plan.Pieces
            |> Array.map (fun piece ->
                let terms = Fields.approximate piece.Piece.Terms

                let map (map: PlannedMap) =
                    let ψ = profile map.Table.Value

                    let a, w, b =
                        Fields.floats terms[map.Term].Direction, Fields.floats terms[map.Term].Weights, terms[map.Term].Bias.Value

                    fun (x: float[]) ->
                        let s = b + Array.fold2 (fun sum w x -> sum + w * x) 0.0 w x
                        let shift = ψ s
                        Array.map2 (fun x a -> x + shift * a) x a

                let maps = Array.map map piece.Maps
                fun x -> Array.fold (fun x k -> maps[k] x) x piece.Chain)

        fun x -> Array.fold (fun x piece -> piece x) x pieces
