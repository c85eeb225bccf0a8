/// A linear additive dense network is a sum over paths, one word of matrices for each.
///
/// Statement: with f_n^(l)(x) = A_n^(l) x and the history (x(0), 0, …, 0),
/// x(L) = Σ A_{c_1}^(t_1) … A_{c_r}^(t_r) x(0) over all compositions (c_1, …, c_r) of L with parts at most k, where t_i + 1 is the layer
/// which that factor reaches (t_1 = L−1); their number is the k-step Fibonacci number.
/// Proof: induction over L, by the last jump.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Hauser.Dense.PathWords

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Semantics
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Hauser

/// A network of maps σ(A_n^(l) x), with σ = id where the claim speaks of it.
[<NoComparison>]
type private Case = { Matrices: Rational[][][][]; Activation: Activation<Rational>; History: Rational[][] }

let private matrices (case: Case) : Matrix<Rational>[][] = case.Matrices |> Array.map (Array.map Matrix.ofRows)

let private last (case: Case) : Rational[] =
    let map (a: Matrix<Rational>) = LayerMap.dense a (Vector.zero a.Rows) case.Activation |> Defect.orFail

    let network =
        Architecture.AdditiveDense(matrices case |> Array.map (Array.map map)) |> Architecture.equation |> Defect.orFail

    let trajectory = Simulation.run network case.History
    trajectory[trajectory.Depth]

/// x(L) of the simulation is the sum over the words.
let private isSumOverPaths (case: Case) : Outcome = Check.vectors "x(L)" (LinearPaths.total (matrices case) case.History[0]) (last case)

/// k ≤ 4, d ≤ 2, L ≤ 10, entries small; every other network with the same matrices in all layers.
let private draw (_: int) (stream: RandomStream) : Case =
    let k, d, depth = stream.NextInt(1, 4), stream.NextInt(1, 2), stream.NextInt(1, 10)
    let entry () = Rational.create (stream.NextInt(-4, 4)) (stream.NextInt(1, 2))
    let layer () = Array.init k (fun _ -> Array.init d (fun _ -> Array.init d (fun _ -> entry ())))
    let tied = stream.NextBool()
    let first = layer ()

    {
        Matrices = Array.init depth (fun l -> if l = 0 || tied then first else layer ())
        Activation = Activation.Identity
        History = Array.init k (fun j -> if j = 0 then Draws.vector stream d else Vector.zero d)
    }

let private shrink (case: Case) : Case seq =
    seq {
        for depth in Shrink.int 1 case.Matrices.Length do
            { case with Matrices = Array.truncate depth case.Matrices }

        for k in Shrink.int 1 case.History.Length do
            { case with Matrices = Array.map (Array.truncate k) case.Matrices; History = Array.truncate k case.History }

        let entries = Draws.shrinkFraction |> Shrink.elements |> Shrink.elements |> Shrink.elements |> Shrink.elements

        for matrices in entries case.Matrices do
            { case with Matrices = matrices }

        for start in Shrink.elements Draws.shrinkFraction case.History[0] do
            { case with History = Array.updateAt 0 start case.History }
    }

let private show (case: Case) : (string * string) list = [
    "activation", Activation.name case.Activation
    "history", Check.showBlocks case.History
    for l in 0 .. case.Matrices.Length - 1 do
        for n in 0 .. case.History.Length - 1 do
            $"A_{n + 1}({l})", string (Matrix.ofRows (case.Matrices[l][n]))
]

/// The numbers of compositions of 1 … 10 with parts at most k (the k-step Fibonacci numbers).
let private fibonacci = [
    1, [ 1; 1; 1; 1; 1; 1; 1; 1; 1; 1 ]
    2, [ 1; 2; 3; 5; 8; 13; 21; 34; 55; 89 ]
    3, [ 1; 2; 4; 7; 13; 24; 44; 81; 149; 274 ]
    4, [ 1; 2; 4; 8; 15; 29; 56; 108; 208; 401 ]
]

/// There are as many words, all of them different, and each a composition of L.
let private isCounted (k: int, counts: int list) : Outcome =
    let check (depth, count) =
        let words = LinearPaths.compositions k depth

        Outcome.check [
            fun () -> Outcome.equal $"words of length {depth}" string count (List.length (List.distinct words))
            fun () ->
                words
                |> List.forall (fun word -> List.sum word = depth && List.forall (fun part -> 1 <= part && part <= k) word)
                |> Outcome.isTrue $"every word for {depth}" "is a composition with the parts allowed"
        ]

    Outcome.all (List.indexed counts |> Seq.map (fun (i, count) -> check (i + 1, count)))

/// d = 1, all A = 1, relu in place of id and x(0) = −1: the words give −2, the network 0.
let private nonlinear: Case = {
    Matrices = Array.create 2 (Array.create 2 [| [| Rational.One |] |])
    Activation = Activation.Relu
    History = [| [| -Rational.One |]; [| Rational.Zero |] |]
}

/// x(−1) = 1: it enters, and no word starts from it.
let private withPast: Case = { nonlinear with Activation = Activation.Identity; History = [| [| Rational.Zero |]; [| Rational.One |] |] }

/// A_1, A_2, A_3 of the reference value, L = 6, column by column.
let private references: Reference<Rational[][]> list =
    let layer = [| TestMaps.rows [ "1/2 1"; "0 1" ]; TestMaps.rows [ "1 -1"; "1/3 0" ]; TestMaps.rows [ "0 2"; "1 1/2" ] |]

    let case column = {
        Matrices = Array.create 6 layer
        Activation = Activation.Identity
        History = [| Vector.unit 2 column; Vector.zero 2; Vector.zero 2 |]
    }

    let expected = TestMaps.rows [ "5965/576 1091/144"; "493/32 821/72" ]

    [
        {
            Quantity = "the sum of the 24 words, by columns"
            Expected = expected
            Compute = fun () -> Array.init 2 (fun j -> LinearPaths.total (matrices (case j)) (Vector.unit 2 j))
        }
        { Quantity = "x(6) from both unit vectors"; Expected = expected; Compute = fun () -> Array.init 2 (case >> last) }
    ]

let claim: Claim =
    Paper.define
        "hauser.dense.path-words"
        Paper.reconstructed
        "x(l+1) = Σ_{n=1..k} A_n^(l) x(l+1−n) from (x(0), 0, …, 0) gives x(L) = Σ A_{c_1}^(t_1) … A_{c_r}^(t_r) x(0) over all compositions (c_1, …, c_r) of L with parts ≤ k, t_i + 1 being the layer which that factor reaches; there are as many as the k-step Fibonacci number."
    |> Claim.hypothesis "H1" "the maps are linear: f_n^(l)(x) = A_n^(l) x"
    |> Claim.hypothesis "H2" "the history is (x(0), 0, …, 0)"
    |> Claim.exact "sum-over-paths" (Instances.random (Generator.fromStream draw shrink show) 60) isSumOverPaths
    |> Claim.exact "fibonacci" (Instances.exhaustive (fun (k, _) -> [ "k", string<int> k ]) fibonacci) isCounted
    |> Check.references Check.blocks references "reference"
    |> Claim.neededBy "H1" (Instances.chosen show [ nonlinear ]) isSumOverPaths
    |> Claim.neededBy "H2" (Instances.chosen show [ withPast ]) isSumOverPaths
