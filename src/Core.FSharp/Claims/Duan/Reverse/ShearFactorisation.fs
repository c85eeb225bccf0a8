/// A regular matrix is a product of few shears and one diagonal matrix.
///
/// Statement: every W with det W ≠ 0 is a product of at most d² + d − 2 maps x_i += c·x_j, i ≠ j, flows of nilpotent linear fields, and diag(1, …, 1, det W); for
/// det W &gt; 0 the last factor is a flow too.
/// Proof: for each of d − 1 columns at most one addition for a pivot, one that makes it 1, d − 1 that clear the column; then d − 1 for the last.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Reverse.ShearFactorisation

open LayerTime.Core.Numbers
open LayerTime.Core.Algebra
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

/// I + c·e_i·e_jᵀ
let private shear (d: int) (i: int, j: int, c: Rational) : Matrix<Rational> =
    Matrix.init d d (fun p q ->
        if p = i && q = j then c
        elif p = q then Rational.One
        else Rational.Zero)

let private factors (rows: Rational[][]) : Outcome =
    let w = Matrix.ofRows rows
    let d = w.Rows

    match ShearFactors.create w with
    | Error defects -> Nets.refused "the factors" "shears and a diagonal" defects
    | Ok factors ->
        let operations = factors.Operations
        let last = Elimination.determinant w

        let diagonal =
            Matrix.init d d (fun i j ->
                if i <> j then Rational.Zero
                elif i = d - 1 then last
                else Rational.One)
        // The operations reduce W to the diagonal: W is their inverses, the last first, times it.
        let product = Array.foldBack (fun (i, j, c) m -> Matrix.multiply (shear d (i, j, -c)) m) operations diagonal

        Outcome.all [
            Outcome.equal "the product" string w product
            Check.equal "the last entry" last factors.Determinant
            Outcome.isTrue "every factor" "is a shear" (operations |> Array.forall (fun (i, j, _) -> i <> j))
            Check.atMost "the number of shears" (Rational.ofInt (d * d + d - 2)) (Rational.ofInt operations.Length)
        ]

let private show (w: Rational[][]) : (string * string) list = [ "W", Draws.showRows w ]

let claim: Claim =
    let matrices =
        let draw (stream: RandomStream) = Nets.regular (stream.NextInt(2, 4)) stream

        let shrink (rows: Rational[][]) =
            seq {
                if rows.Length > 2 then
                    Draws.corner (rows.Length - 1) rows

                yield! Draws.shrinkRows rows
            }
            |> Seq.filter (fun rows -> (Elimination.determinant (Matrix.ofRows rows)).Sign <> 0)

        Generator.fromStream (fun _ -> draw) shrink show

    let operations () = (ShearFactors.create (Matrix.ofRows (Known.rows [ "0 -2"; "3 1" ])) |> Defect.orFail).Operations

    Paper.define
        "duan.reverse.shear-factorisation"
        Paper.reconstructed
        "Every regular matrix is a product of at most d² + d − 2 shears and diag(1, …, 1, det W)."
    |> Claim.hypothesis "H1" "det W ≠ 0"
    |> Claim.exact "product" (Instances.random matrices 300) factors
    |> Claim.exact
        "zero-pivots"
        (Instances.chosen show [
            Known.rows [ "0 1"; "1 0" ]
            Known.rows [ "0 0 1"; "0 1 0"; "1 0 0" ]
            Known.rows [ "2 0 0"; "0 3 0"; "0 0 5" ]
        ])
        factors
    |> Known.exact "reference" [
        Known.value "i, j, c of the row operations" "0 1 1/3 1 0 -3 0 1 5/18" (fun () ->
            operations () |> Array.collect (fun (i, j, c) -> [| Rational.ofInt i; Rational.ofInt j; c |]))
    ]
    |> Claim.neededBy "H1" (Instances.chosen show [ Known.rows [ "1 1"; "1 1" ]; Known.rows [ "0 0"; "0 1" ] ]) factors
