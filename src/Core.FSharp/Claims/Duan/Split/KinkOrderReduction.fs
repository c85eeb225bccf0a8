/// Kinks cost Strang and Yoshida their order.
///
/// Statement: on ReLU fields Lie has order 1 and Strang and Yoshida have order 2 on compact sets of trajectories that meet the kinks s_j = 0 transversally, 3/2 through a quadratic tangency, 1 where a trajectory
/// slides along a kink.
/// Proof: a step that touches a kink has the local error ½Ch² of the Lie bound of its symmetric sequence, every other one O(h³). Transversal trajectories touch in O(1) steps, so O(h²) in all. Near a
/// quadratic tangency |s| ≤ ch holds for a time O(h^{1/2}), so for O(h^{−1/2}) steps: O(h^{3/2}). A sliding trajectory touches in all O(h^{−1}) steps: O(h). Tangencies are met from a set of dimension d − 1, so a grid sees
/// order 2 where the supremum over the box has 3/2 in a thin layer.
/// The orders 2 and 3/2 are upper bounds of the error; the ladders show that they are met. Yoshida's order 4 is lost with the first kink.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Split.KinkOrderReduction

open LayerTime.Core.Numbers
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

let private floor (case: FieldCase) (splitting: Splitting) (n: int) : float =
    let maps = n * (Splitting.substeps splitting case.Terms.Length: Substep<Binary64> list).Length
    // The reference is good to 10⁻¹².
    1e-12 + 4.0 * float maps * Fields.unit * 8.0 * Elementary.exp (Measured.growth case.Terms * case.Horizon)

let private rungs (ns: int list) (exact: float[][]) (splitting: Splitting) (case: FieldCase) : Rung list =
    ns
    |> List.map (fun n -> {
        Resolution = float n
        Error = Fields.largestDistance exact (Fields.run splitting case.Terms case.Horizon n case.Points)
        Floor = floor case splitting n
    })

let private exact (case: FieldCase) : float[][] = case.Points |> Array.map (ReluReference.flow case.Terms case.Horizon)

/// Lie in [0.9, 1.1], the others in a band about 2.
let private hasOrders (band: float * float) (case: FieldCase) : Outcome =
    let exact = exact case

    let ladder splitting band =
        rungs [ 4; 8; 16; 32; 64 ] exact splitting case |> Asymptotic.within $"the error of {Splitting.name splitting}" band

    Outcome.all [ ladder Splitting.LieTrotter (0.9, 1.1); ladder Splitting.Strang band; ladder Splitting.Yoshida band ]

let private relu = Fields.term Profile.Relu

/// Constant up, drift along the kink, constant down: slides along y = 0.
let private sliding = {
    Terms = [| relu "0 1" "0 0" "1"; relu "1 0" "0 1" "0"; relu "0 -1" "0 0" "1" |]
    Horizon = 1.0
    Points = [| [| 0.0; 0.0 |] |]
}

/// x₁ = −1 + t, x₂′ = max(0, x₁ + 1) − 1 falls and rises again, x₃ collects max(0, x₂): from x₂ = 1/2 it touches 0 from above, from 3/10 it dips below.
let private touching (start: float[]) = {
    Terms = [| relu "1 0 0" "0 0 0" "1"; relu "0 1 0" "1 0 0" "1"; relu "0 0 1" "0 1 0" "0"; relu "0 -1 0" "0 0 0" "1" |]
    Horizon = 2.0
    Points = [| start |]
}

let private ladder4 = [ 32; 128; 512; 2048; 8192 ]

/// The error of x₃ = 1/3 at the tangency.
let private tangency (n: int) : float =
    let start = [| -1.0; 0.5; 0.0 |]
    abs (Array.last (Fields.runOne Splitting.Strang (touching start).Terms 2.0 n start) - 1.0 / 3.0)

let private crossing (n: int) : float =
    let start = [| -1.0; 0.3; 0.0 |]
    let terms = (touching start).Terms
    abs (Array.last (Fields.runOne Splitting.Strang terms 2.0 n start) - Array.last (ReluReference.flow terms 2.0 start))

let private ofErrors (error: int -> float) (ns: int list) : Rung list =
    ns |> List.map (fun n -> { Resolution = float n; Error = error n; Floor = 100.0 * float n * Fields.unit })

let private slide (n: int) : float = Fields.runOne Splitting.Strang sliding.Terms 1.0 n [| 0.0; 0.0 |] |> Array.head

let claim: Claim =
    let refR = { Terms = Fields.refR; Horizon = 1.0; Points = Fields.grid 41 -2.0 2.0 }

    let fields =
        let draw (stream: RandomStream) =
            let plane (case: FieldCase) =
                case.Points[0].Length = 2 && Measured.commutator (Measured.tanhSizes case.Terms) case.Terms >= 0.05

            { Draws.until plane (Fields.draw Profile.Relu (2, 4) 1) stream with Points = Fields.grid 11 -1.0 1.0 }

        Generator.fromStream (fun _ -> draw) Shrink.none Fields.show

    let ladder quantity band error (ns: int list) = ofErrors error ns |> Asymptotic.within quantity band
    let showLadder (name: string) (ns: int list) = [ "trajectory", name; "n", sprintf "%A" ns ]

    let errors splitting () =
        let exact = exact refR
        [| for rung in rungs [ 4; 8; 16; 32; 64 ] exact splitting refR -> rung.Error |]

    let reference x () = ReluReference.flow Fields.refR 1.0 x

    Paper.define
        "duan.split.kink-order-reduction"
        Paper.reconstructed
        "On ReLU fields Strang and Yoshida have order 2 where trajectories meet the kinks transversally, 3/2 at a quadratic tangency and 1 when sliding; Lie has order 1."
    |> Claim.hypothesis "H1" "trajectories meet the kinks transversally"
    |> Claim.hypothesis "H2" "no trajectory slides along a kink"
    |> Claim.asymptotic "reference-field" (Instances.ladder Fields.show [ refR ]) (hasOrders (1.7, 2.4))
    |> Claim.asymptotic "fields" (Instances.random fields 5) (hasOrders (1.4, 2.7))
    |> Claim.drawsPerTrial 8
    |> Claim.asymptotic
        "tangency"
        (Instances.ladder (showLadder "tangent") [ ladder4 ])
        (ladder "the error of Strang" (1.45, 1.55) tangency)
    |> Claim.asymptotic
        "transversal"
        (Instances.ladder (showLadder "transversal") [ [ 32; 128; 512; 2048 ] ])
        (ladder "the error of Strang" (1.9, 2.15) crossing)
    |> Claim.bounded
        "sliding"
        (Instances.chosen (fun (n: int) -> [ "n", string n ]) [ 1; 4; 16; 64 ])
        // 3 roundings a step of at most 1.
        (fun n -> Outcome.atMost "|x₁ − h/4|" (4.0 * float n * Fields.unit) (abs (slide n - 0.25 / float n)))
    |> Known.bounded "reference" [
        Known.floats "Φ₁(9/10, 7/10)" "1.71825924836852794 0.291502649812088549" (reference [| 0.9; 0.7 |])
        Known.floats "Φ₁(3/10, 7/10)" "0.670769616423901553 0.592123625177627785" (reference [| 0.3; 0.7 |])
        Known.floats "Φ₁(−3/10, 2/5)" "-0.465853457184568275 0.648780185776852412" (reference [| -0.3; 0.4 |])
        Known.floats "REF_R: Lie, n = 4 … 64" ".16931 .083409 .042701 .021255 .010603" (errors Splitting.LieTrotter)
        Known.floats "REF_R: Strang" ".010287 .0028982 7.0062e-4 1.5641e-4 3.5665e-5" (errors Splitting.Strang)
        Known.floats "REF_R: Yoshida" ".0076683 .0021377 4.5358e-4 1.1043e-4 2.3753e-5" (errors Splitting.Yoshida)
        Known.floats "the tangency" "5.7780e-3 6.8919e-4 8.3844e-5 1.0329e-5 1.2814e-6" (fun () -> [| for n in ladder4 -> tangency n |])
        Known.floats "the transversal trajectory" "1.674e-3 9.831e-5 6.456e-6 3.736e-7" (fun () -> [|
            for n in [ 32; 128; 512; 2048 ] -> crossing n
        |])
    ]
    |> Claim.neededBy
        "H1"
        (Instances.chosen (showLadder "tangent") [ [ 512; 2048; 8192 ] ])
        (ladder "the error of Strang" (1.7, 2.4) tangency)
    |> Claim.neededBy "H2" (Instances.chosen (showLadder "sliding") [ [ 4; 16; 64 ] ]) (ladder "the error of Strang" (1.4, 2.7) slide)
