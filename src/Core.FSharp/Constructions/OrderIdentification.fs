namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks

/// The proof that no linear recursion of an order explains some sequences: Σ yᵢ·(equation i) reads 0 = Gap ≠ 0.
type OrderExclusion = {
    /// The order that is excluded.
    Order: int
    /// Which coordinate of the states the equations are about.
    Coordinate: int
    /// The weight of every equation x(l+1) = Σ A_n x(l+1−n), sequence by sequence, oldest first.
    Combination: Rational[]
    /// What the right-hand sides add up to while the left-hand sides cancel.
    Gap: Rational
}

/// The smallest order whose linear recursion explains some sequences.
[<NoComparison>]
type OrderIdentification = {
    /// k
    Order: int
    /// A_1 … A_k
    Maps: Matrix<Rational>[]
    /// Whether no other matrices explain the sequences.
    Unique: bool
    /// One proof for every smaller order.
    Excluded: OrderExclusion list
}

/// Finding the order and the weights of a linear network from its trajectories, exactly.
[<RequireQualifiedAccess>]
module OrderIdentification =
    /// All equations of order K for states behind the history that the sequences (oldest state first) have room for: the K
    /// states before, newest first, and the state after them.
    let private equations (history: int) (order: int) (sequences: Rational[][][]) : (Rational[] * Rational[])[] =
        sequences
        |> Array.collect (fun states ->
            Array.windowed (order + 1) (Array.skip (min states.Length (max 0 (history - order))) states)
            |> Array.map (fun window -> Array.take order window |> Array.rev |> Array.concat, Array.last window))

    let private exclude (order: int) (left: Matrix<Rational>) (right: Rational[][]) : OrderExclusion =
        let attempt coordinate =
            let values = right |> Array.map (Array.item coordinate)

            Elimination.infeasibility left values
            |> Option.map (fun y -> { Order = order; Coordinate = coordinate; Combination = y; Gap = Vector.dot y values })

        Seq.pick attempt (seq { 0 .. right[0].Length - 1 })

    /// The smallest K = 1, 2, … for which x(l+1) = Σ_{n≤K} A_n x(l+1−n) has a solution over all windows of K + 1 states that
    /// end behind the history, with a proof for every smaller one that it has none. Sequences are given oldest state first;
    /// their first `history` states, x(0) the last of them, are free and need not obey anything. When K has grown past the
    /// longest sequence there is nothing left to explain, and the answer is the list of proofs.
    let identify (history: int) (sequences: Rational[][][]) : Result<OrderIdentification, OrderExclusion list> =
        let rec attempt order excluded =
            match equations history order sequences with
            | [||] -> Error(List.rev excluded)
            | found ->
                let left, right = Array.map fst found |> Matrix.ofRows, Array.map snd found

                match Elimination.solve left (Matrix.ofRows right) with
                | None -> attempt (order + 1) (exclude order left right :: excluded)
                | Some solution ->
                    let d = right[0].Length

                    Ok {
                        Order = order
                        Maps = Array.init order (fun n -> Matrix.init d d (fun i j -> solution[n * d + j, i]))
                        Unique = (Elimination.rank left = order * d)
                        Excluded = List.rev excluded
                    }

        attempt 1 []
