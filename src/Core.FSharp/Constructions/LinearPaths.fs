namespace LayerTime.Core.Constructions

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra

/// A linear additive dense network x(l+1) = Σ_{n=1..k} A_n^(l) x(l+1−n) as a sum over the paths from layer 0 to layer L: one product
/// of matrices for every way of writing L as an ordered sum of jumps of at most k layers.
/// (Hauser et al. 2018, algebraic structure of dense networks; reconstructed.)
[<RequireQualifiedAccess>]
module LinearPaths =
    /// The compositions of L with parts of at most k: compositions 2 3 = [ [1; 1; 1]; [1; 2]; [2; 1] ]. There are as many as the
    /// k-step Fibonacci number.
    let rec compositions (largest: int) (depth: int) : int list list =
        if depth = 0 then
            [ [] ]
        else
            [
                for jump in 1 .. min largest depth do
                    for rest in compositions largest (depth - jump) do
                        jump :: rest
            ]

    /// The product A_{c_1}^(L−1) A_{c_2}^(L−1−c_1) … applied to x(0) for one path (c_1, c_2, …), a composition of L, last jump first:
    /// every factor is the matrix of the layer whose output it reaches. matrices[l][n−1] = A_n^(l).
    let alongPath (matrices: Matrix<'T>[][]) (path: int list) (x: 'T[]) : 'T[] when 'T :> IRing<'T> =
        let reached = List.scan (fun layer jump -> layer - jump) (List.sum path) path |> List.take path.Length

        let factor layer jump : Matrix<'T> = matrices[layer - 1][jump - 1]
        List.foldBack2 (fun layer jump value -> Matrix.apply (factor layer jump) value) reached path x

    /// x(L) = Σ over all paths, from the history (x(0), 0, …, 0). The number of paths grows like that of the k-step Fibonacci
    /// numbers: this is for understanding, not for simulation.
    let total (matrices: Matrix<'T>[][]) (x: 'T[]) : 'T[] when 'T :> IRing<'T> =
        compositions matrices[0].Length matrices.Length
        |> List.map (fun path -> alongPath matrices path x)
        |> List.reduce Vector.add
