/// Lie splitting with exact terms is of order 1, with a constant.
///
/// Statement: for 0 ≤ g′ ≤ 1, S_i ≥ sup|g(s_i)| on all points of all partly completed substeps, C = Σ_{i<j}(|a_j||w_j·a_i|S_i + |a_i||w_i·a_j|S_j), M = Σμ_i, μ_i = (|a_i||w_i| + κ_i)/2:
/// sup|Φ_T − Lie_n| ≤ ½Ch²(e^{MT} − 1)/(1 − e^{−Mh}), and ½CTh for M = 0. For tanh S_i = 1; for ReLU S_i = max(0, |w_i|R + b_i) with R = e^{ΛT}(R_0 + βT), β = Σ|a_i|max(b_i, 0).
/// Proof: y(τ) = φ_N^τ…φ_1^τ x has the defect y′ − v(y) = Σ_i((φ_N^τ…φ_{i+1}^τ)_* v_i − v_i), each an integral over at most τ of pushed commutators, in all ≤ τCe^{Mτ}; Grönwall with the
/// logarithmic norm gives ½Ch²e^{Mh} for a step. The Grönwall radius of the exact flow is too small for the path of the splitting.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Split.Lie

open LayerTime.Core.Numbers
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

let private steps = [ 1; 4; 16 ]

let private tanhBound (case: FieldCase) : int -> float = Measured.lieBound (Measured.tanhSizes case.Terms) case.Terms case.Horizon

/// The half diagonal of [−1, 1]^d.
let private reluBound (case: FieldCase) : int -> float =
    let corner = sqrt (float case.Points[0].Length)
    Measured.lieBound (Measured.reluSizes case.Terms case.Horizon corner) case.Terms case.Horizon

let private isWithin (reference: float -> FieldCase -> float[][] * float) (bound: FieldCase -> int -> float) (case: FieldCase) : Outcome =
    let bounds = steps |> List.map (fun n -> n, bound case n)
    let reference = reference (bounds |> List.map snd |> List.min |> (*) 0.05) case

    bounds
    |> List.map (fun (n, bound) ->
        Measured.against reference Splitting.LieTrotter n case |> Measured.atMost $"the error of {n} steps" bound)
    |> Outcome.all

let private relu _ (case: FieldCase) = Measured.reluReference case

/// The points of all substeps of Lie paths stay within the radius.
let private staysWithin (radius: FieldCase -> float) (case: FieldCase) : Outcome =
    let n = 4
    let h = case.Horizon / float n

    let largest =
        case.Points
        |> Array.map (fun x ->
            let path =
                Seq.init (n * case.Terms.Length) (fun k -> case.Terms[k % case.Terms.Length])
                |> Seq.scan (fun x term -> TermFlow.apply term h x) (Fields.binary x)

            path |> Seq.map (Fields.floats >> Fields.norm) |> Seq.max)
        |> Array.max

    Outcome.atMost "the largest |x| on the path" (radius case * (1.0 + 1e-12)) largest

let private startRadius (case: FieldCase) : float = case.Points |> Array.map Fields.norm |> Array.max
let private tube (case: FieldCase) : float = Measured.reluRadius case.Terms case.Horizon (startRadius case)

/// e^{ΛT}R_0 + β(e^{ΛT} − 1)/Λ: what Grönwall says of the exact flow.
let private radiusOfFlow (case: FieldCase) : float =
    let stiffness = Measured.stiffness case.Terms
    let drift = case.Terms |> Array.sumBy (fun term -> Fields.length term * max 0.0 term.Bias.Value)
    let growth = Elementary.expm1 (stiffness * case.Horizon)
    (1.0 + growth) * startRadius case + drift * growth / stiffness

let private start: float[] = [| 0.3; -0.7 |]
let private refA = Fields.refA
let private at n () = Fields.runOne Splitting.LieTrotter refA 1.0 n start
let private exact = lazy (Fields.runOne Splitting.Yoshida refA 1.0 400 start)

let claim: Claim =
    let fields profile = Fields.generator profile (2, 4) 40
    let wide = { Terms = Fields.refR; Horizon = 1.0; Points = Fields.grid 41 -10.0 10.0 }

    // Only the bound of n = 4, with S_i = 1 for a ReLU field.
    let withUnitSizes (case: FieldCase) =
        Measured.against (Measured.reluReference case) Splitting.LieTrotter 4 case
        |> Measured.atMost "the error of 4 steps" (Measured.lieBound (Measured.tanhSizes case.Terms) case.Terms case.Horizon 4)

    // g = 2·tanh(2s), written as terms with 2a, 2w, 2b; the bound of REF_A as it stands.
    let steep =
        let scale (x: Binary64[]) = x |> Array.map (fun x -> Binary64(2.0 * x.Value))

        let term (t: RidgeTerm<Binary64>) = {
            t with
                Direction = scale t.Direction
                Weights = scale t.Weights
                Bias = Binary64(2.0 * t.Bias.Value)
        }

        { Terms = Array.map term refA; Horizon = 1.0; Points = Fields.grid 11 -1.0 1.0 }

    let withoutScale (case: FieldCase) =
        Measured.against (Measured.tanhReference 0.1 case) Splitting.LieTrotter 16 case
        |> Measured.atMost "the error of 16 steps" (Measured.lieBound (Measured.tanhSizes refA) refA 1.0 16)

    let small = {
        Terms = [| Fields.term Profile.Relu "1" "1/100" "1"; Fields.term Profile.Relu "1" "1" "0" |]
        Horizon = 1.0
        Points = [| [| 0.0 |] |]
    }

    let staysInOneStep radius (case: FieldCase) =
        let last = Array.fold (fun x term -> TermFlow.apply term case.Horizon x) (Fields.binary case.Points[0]) case.Terms
        Outcome.atMost "the end of one step" (radius case) (Fields.norm (Fields.floats last))

    Paper.define
        "duan.split.lie"
        Paper.reconstructed
        "Lie splitting with exact terms is within ½Ch²(e^{MT} − 1)/(1 − e^{−Mh}) of the flow, C the commutators with |g| bounded on the tube of all substeps, M = Σ(|a_i||w_i| + κ_i)/2."
    |> Claim.hypothesis "H1" "0 ≤ g′ ≤ 1"
    |> Claim.hypothesis "H2" "S_i bounds |g(s_i)| on the tube of all partly completed substeps"
    |> Claim.bounded "tanh" (Instances.random (fields Profile.Tanh) 60) (isWithin Measured.tanhReference tanhBound)
    |> Claim.bounded "relu" (Instances.random (fields Profile.Relu) 60) (isWithin relu reluBound)
    |> Claim.bounded "tube" (Instances.random (fields Profile.Relu) 100) (staysWithin tube)
    |> Known.bounded "reference" [
        Known.floats "M, Λ, C of REF_A" "1.4192607395124397 1.7968548123582129 1.1915872487220334" (fun () -> [|
            Measured.growth refA
            Measured.stiffness refA
            Measured.commutator (Measured.tanhSizes refA) refA
        |])
        Known.floats "REF_A: Φ₁(3/10, −7/10)" "0.939489800876348567 -0.978131101464982481" (fun () -> exact.Value)
        Known.floats "REF_A: 4 steps" "0.9212329088299963 -0.9626923642641007" (at 4)
        Known.floats "REF_A: 16 steps" "0.9350953992226766 -0.9742895908737977" (at 16)
        Known.floats "REF_A: the errors of 4 and 16 steps" "0.0239096 0.00583678" (fun () -> [|
            for n in [ 4; 16 ] -> Fields.distance exact.Value (at n ())
        |])
        Known.floats "REF_A: the bounds of 4 and 16 steps" "0.39070845959522604 0.08592921321790084" (fun () -> [|
            for n in [ 4; 16 ] -> Measured.lieBound (Measured.tanhSizes refA) refA 1.0 n
        |])
        Known.floats "REF_R on [−10, 10]²: the bound of 4 steps" "5.5200" (fun () -> [|
            Measured.lieBound (Measured.reluSizes Fields.refR 1.0 (10.0 * sqrt 2.0)) Fields.refR 1.0 4
        |])
        Known.floats "the end of one Lie step, and two radii" "2.73191866 1.72831774 2.74560102" (fun () -> [|
            Fields.runOne Splitting.LieTrotter small.Terms 1.0 1 [| 0.0 |] |> Array.head
            radiusOfFlow small
            tube small
        |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen Fields.show [ steep ]) withoutScale
    |> Claim.neededBy "H2" (Instances.chosen Fields.show [ wide ]) withUnitSizes
    |> Claim.neededBy "H2" (Instances.chosen Fields.show [ small ]) (staysInOneStep radiusOfFlow)
