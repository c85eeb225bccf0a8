/// Strang splitting of tanh fields is of order 2, with a constant.
///
/// Statement: sup|Φ_T − Strang_n| ≤ K_S h³e^{Λh}(e^{MT} − 1)/(e^{Mh} − 1) on all of R^d, K_S = Σ_k(cA_k/24 + cB_k/12) the double commutators of each term with the later ones, Λ = Σ|a_i||w_i|.
/// Proof (A the first term, B the rest): the defect of φ_A^{τ/2}φ_B^τφ_A^{τ/2} is (φ_A^{τ/2})_*{B − (φ_A^{−τ/2})_*B + ½((φ_B^τ)_*A − A)}; the first commutators cancel, the Taylor remainders are
/// ∫_0^{τ/2}(τ/2 − σ)(φ_A^{−σ})_*[A,[A,B]]dσ and ½∫_0^τ(τ − σ)(φ_B^σ)_*[B,[B,A]]dσ, at most e^{Λτ}(τ²cA/8 + τ²cB/4), which integrates to h³(cA/24 + cB/12). Then φ_B by its own Strang step. Λ and not M, as (φ_A^{−σ})_*
/// runs backward.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Split.Strang

open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

let private isWithin (case: FieldCase) : Outcome =
    let bounds = [ 1; 4; 16 ] |> List.map (fun n -> n, Measured.strangBound case.Terms case.Horizon n)
    let reference = Measured.tanhReference (0.05 * (bounds |> List.map snd |> List.min)) case

    bounds
    |> List.map (fun (n, bound) -> Measured.against reference Splitting.Strang n case |> Measured.atMost $"the error of {n} steps" bound)
    |> Outcome.all

let private start: float[] = [| 0.3; -0.7 |]
let private at n () = Fields.runOne Splitting.Strang Fields.refA 1.0 n start

let claim: Claim =
    let refA = Fields.refA
    let exact = lazy (Fields.runOne Splitting.Yoshida refA 1.0 400 start)

    // A ReLU field slides along a kink: terms (0, 1), (1, 0)·max(0, y), (0, −1) from 0, off by h/4.
    let sliding = {
        Terms = [|
            Fields.term Profile.Relu "0 1" "0 0" "1"
            Fields.term Profile.Relu "1 0" "0 1" "0"
            Fields.term Profile.Relu "0 -1" "0 0" "1"
        |]
        Horizon = 1.0
        Points = [| [| 0.0; 0.0 |] |]
    }

    let asSmooth (case: FieldCase) =
        let error = Fields.norm (Fields.runOne Splitting.Strang case.Terms 1.0 64 case.Points[0])
        Outcome.atMost "the error of 64 steps" (Measured.strangBound case.Terms 1.0 64) error

    Paper.define
        "duan.split.strang"
        Paper.reconstructed
        "Strang splitting of a tanh field is within K_S h³e^{Λh}(e^{MT} − 1)/(e^{Mh} − 1) of the flow, on all of R^d."
    |> Claim.hypothesis "H1" "|g″| is bounded as for tanh"
    |> Claim.bounded "tanh" (Instances.random (Fields.generator Profile.Tanh (2, 4) 40) 60) isWithin
    |> Known.bounded "reference" [
        Known.floats "K_S of REF_A" "0.20534212780587796" (fun () -> [| Measured.doubleCommutator refA |])
        Known.floats "REF_A: 4 steps" "0.9391626992418659 -0.9778240285697567" (at 4)
        Known.floats "REF_A: 16 steps" "0.9394693080918436 -0.9781119359861421" (at 16)
        Known.floats "REF_A: the errors of 4 and 16 steps" "4.48653e-4 2.80583e-5" (fun () -> [|
            for n in [ 4; 16 ] -> Fields.distance exact.Value (at n ())
        |])
        Known.floats "REF_A: the bounds of 4 and 16 steps" "0.036997449441186776 0.0018951877827722045" (fun () -> [|
            for n in [ 4; 16 ] -> Measured.strangBound refA 1.0 n
        |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen Fields.show [ sliding ]) asSmooth
