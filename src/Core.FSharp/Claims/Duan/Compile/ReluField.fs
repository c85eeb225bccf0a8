/// The flow of a ReLU field as a leaky network of the same width.
///
/// Statement: for compact K, T and ε &gt; 0 there is a network of width d with at most 2Nn activations within ε of Φ_T on K: n Lie steps of exact terms, the least n with ½Ch²(e^{MT} − 1)/(1 − e^{−Mh}) ≤ ε, each
/// term flow a residual step with one or two leaky layers. There is no other error than that of the splitting. Without compactness the error grows with the set.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Compile.ReluField

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan
open LayerTime.Core.Claims.Duan.Split

/// A field on [−r, r]^d with the ε that is asked for.
[<NoComparison>]
type private Case = { Field: FieldCase; Epsilon: float }

let private plan (case: Case) : Result<AprioriPlan, Defect list> =
    let field = Fields.exactly case.Field.Terms |> Fields.autonomous (Rational.ofFloat case.Field.Horizon)
    AprioriPlan.create Splitting.LieTrotter 1.0 4096 field (Fields.cube field.Dimension 1.0) case.Epsilon

let private splittingBound (case: Case) : int -> float =
    AprioriPlan.splittingBound
        Splitting.LieTrotter
        (Fields.exactly case.Field.Terms)
        (Rational.ofFloat case.Field.Horizon)
        (Fields.cube case.Field.Points[0].Length 1.0)

let private planned (conclude: AprioriPlan -> Outcome) (case: Case) : Outcome =
    match plan case with
    | Ok plan -> conclude plan
    | Error defects -> Outcome.undecided (defects |> List.map string |> String.concat " ")

/// The least n whose bound, rounded up, is at most ε.
let private isLeast (case: Case) : Outcome =
    case
    |> planned (fun plan ->
        let bound = splittingBound case

        Outcome.all [
            Outcome.atMost "the bound" case.Epsilon (bound plan.Steps)
            Outcome.equal "the bound of the plan" string (bound plan.Steps) plan.SplittingBound
            if plan.Steps > 1 then
                Outcome.isTrue "the bound of one step less" "exceeds ε" (bound (plan.Steps - 1) > case.Epsilon)
        ])

let private network (plan: AprioriPlan) (case: Case) : VanillaNet<Binary64> =
    let field = Fields.exactly case.Field.Terms |> Fields.autonomous (Rational.ofFloat case.Field.Horizon)
    AprioriPlan.maps field plan |> VanillaRealisation.create |> VanillaRealisation.network

/// At most two layers for each map, the splitting's values up to rounding, and within ε of the flow.
let private isNear (case: Case) : Outcome =
    case
    |> planned (fun plan ->
        let net = network plan case
        let field = case.Field
        let maps = plan.Steps * field.Terms.Length
        let splitting = Fields.run Splitting.LieTrotter field.Terms field.Horizon plan.Steps field.Points
        let found = field.Points |> Array.map (Fields.binary >> VanillaNet.apply net >> Fields.floats)

        Outcome.all [
            Outcome.isTrue "the number of activations" "is at most 2Nn" (net.Depth <= 2 * maps)
            Outcome.equal "the depth of the plan" string plan.Depth (int64 net.Depth)
            // A map as layers loses 16 times what it loses as a step (term.well-conditioned).
            Outcome.atMost "|network − splitting|" (16.0 * Fields.rounding maps field) (Fields.largestDistance splitting found)
            Measured.atMost "|network − flow|" case.Epsilon {
                Error = Fields.largestDistance (fst (Measured.reluReference field)) found
                Doubt = 1e-12
            }
        ])

let private refR points = { Terms = Fields.refR; Horizon = 1.0; Points = points }

let private error (λ: float) (grid: int) (n: int) : float =
    let case = refR (Fields.grid grid -λ λ)
    Fields.largestDistance (fst (Measured.reluReference case)) (Fields.run Splitting.LieTrotter case.Terms 1.0 n case.Points)

let private show (case: Case) : (string * string) list = Fields.show case.Field @ [ "ε", string case.Epsilon ]

let claim: Claim =
    let epsilons = [| 0.4; 0.2; 0.1; 0.05; 0.025; 0.0125 |]

    let random =
        let draw (stream: RandomStream) = { Field = Fields.draw Profile.Relu (2, 3) 20 stream; Epsilon = Draws.choice stream epsilons }

        let isModerate (case: Case) =
            Measured.growth case.Field.Terms * case.Field.Horizon <= 3.0 && splittingBound case 512 <= case.Epsilon

        Generator.fromStream (fun _ -> Draws.until isModerate draw) Shrink.none show

    let fixedCases = [ for ε in epsilons -> { Field = refR (Fields.grid 5 -1.0 1.0); Epsilon = ε } ]
    let bound = splittingBound fixedCases[0]
    let steps ε () = [| (plan { fixedCases[0] with Epsilon = ε } |> Defect.orFail).Steps |> Rational.ofInt |]

    Paper.define
        "duan.compile.relu-field"
        Paper.ofAbstract
        "On a compact set the flow of a ReLU field is within any ε of a leaky network of the same width with at most 2Nn activations, n the Lie steps that the a-priori bound asks for."
    |> Claim.hypothesis "H1" "K is compact: the bound is that of its box"
    |> Claim.certified "least-plan" (Instances.chosen show fixedCases) isLeast
    |> Claim.certified "least-plan-of-fields" (Instances.random random 20) isLeast
    |> Claim.bounded "network" (Instances.chosen show fixedCases) isNear
    |> Claim.bounded "network-of-fields" (Instances.random random 10) isNear
    |> Known.bounded "reference" [
        Known.floats
            "REF_R: R, S₁, S₂, C, M"
            "5.3773496327380155 6.112059658792866 5.812059658792866 2.1071987183382404 1.1692607395124397"
            (fun () ->
                let sizes = Measured.reluSizes Fields.refR 1.0 (sqrt 2.0)

                [|
                    Measured.reluRadius Fields.refR 1.0 (sqrt 2.0)
                    sizes.Value[0].Value
                    sizes.Value[1].Value
                    Measured.commutator sizes Fields.refR
                    Measured.growth Fields.refR
                |])
        Known.floats "the bounds of 21 and 20 steps" "0.09791659169082856 0.10295427" (fun () -> [| bound 21; bound 20 |])
        Known.floats "the bounds of 41 and 40 steps" "0.04948063596428116 0.05073565" (fun () -> [| bound 41; bound 40 |])
        Known.floats "the errors of 21 and 41 steps on 41 × 41 points" "0.0149653 0.0076396" (fun () -> [|
            error 1.0 41 21
            error 1.0 41 41
        |])
        Known.floats "the errors of 8 steps on λ[−1, 1]², λ = 1, 10, 100" "0.0382 0.4424 4.4958" (fun () -> [|
            for λ in [ 1.0; 10.0; 100.0 ] -> error λ 21 8
        |])
    ]
    |> Known.exact "steps" [ Known.value "n for ε = 0.1" "21" (steps 0.1); Known.value "n for ε = 0.05" "41" (steps 0.05) ]
    |> Claim.neededBy "H1" (Instances.chosen (fun (λ: float) -> [ "λ", string λ ]) [ 10.0; 100.0 ]) (fun λ ->
        Outcome.atMost "the error of 8 steps on λ[−1, 1]²" (bound 8) (error λ 21 8))
