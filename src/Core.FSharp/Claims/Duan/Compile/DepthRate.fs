/// How the depth of the compiled networks grows.
///
/// Statement, of these constructions and as upper bounds of the depth that is needed: for tanh fields depth ~ ε^{−3/2} with Lie and ε^{−1} with Strang; for ReLU fields ε^{−1}, which is all that is certified, as a sliding trajectory attains order 1
/// (split.kink-order-reduction). With one slope in all layers and tables that do not change in time one power of the mesh is lost.
/// Proof: a splitting of order r needs n ~ ε^{−1/r}; K_P does not depend on n up to its limit, since C_ψ = O(h), so η ~ ε^{1/2} and the cells of a map are ~ ε^{−1/2}. A table with slopes 1 and α only is off by at most
/// 3η·max ψ′: the sum of ηψ′(z_j) over the knots below s is the integral of ψ′ up to η times its variation, at most 2η·max ψ′, and one cell more; so the error is O(η), not O(η²).
/// Not shown to be necessary, by any of this: lower bounds of the depth are open.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Compile.DepthRate

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan
open LayerTime.Core.Claims.Duan.Beyond

let private planned (terms: RidgeTerm<Rational>[]) (splitting: Splitting) (ε: float) : int64 =
    let share = if terms[0].Profile = Profile.Tanh then 0.5 else 1.0

    (AprioriPlan.create splitting share 100000000 (Fields.autonomous Rational.One terms) (Fields.cube 2 1.0) ε
     |> Defect.orFail)
        .Depth

/// A field, a splitting, the rate and the exponents k of ε = 0.4/4^k at the ends.
[<NoComparison>]
type private Case = { Terms: RidgeTerm<Rational>[]; Splitting: Splitting; Rate: float; From: int; To: int }

/// log depth against log 1/ε between the ends.
let private rate (case: Case) : float =
    let ε k = 0.4 * System.Math.ScaleB(1.0, -2 * k)
    let depth k = float (planned case.Terms case.Splitting (ε k))
    Elementary.log (depth case.To / depth case.From) / (float (case.To - case.From) * Elementary.log 4.0)

let private hasRate (case: Case) : Outcome =
    Outcome.atMost "the distance of the rate from what is claimed" 0.05 (abs (rate case - case.Rate))

let private show (case: Case) : (string * string) list = [
    "field", (if case.Terms[0].Profile = Profile.Tanh then "REF_A" else "REF_R")
    "splitting", Splitting.name case.Splitting
    "rate", string case.Rate
]

/// Tables with one slope, their offset frozen at ½: within A·Σ|a_i|·3hη of Lie, A the amplification of a step, over so many cells.
let private isOfOrderOne (cells: int) : Outcome =
    let n = 16
    let terms = Array.truncate 2 Fields.refA
    let points = Fields.grid 21 -1.0 1.0
    let lie = Fields.run Splitting.LieTrotter terms 1.0 n points
    let radius = Dithering.radius terms 1.0 (sqrt 2.0)
    let tables = Dithering.fixedSlope 0.5 cells radius terms 1.0 n (fun _ -> 0.5) points
    let growth = Split.Measured.growth terms

    let shift =
        terms
        |> Array.sumBy (fun term ->
            let η = 2.0 * Fields.norm (Fields.floats term.Weights) * radius / float cells
            // τ·max(1, e^{κτ}) bounds ψ′.
            Fields.length term * 3.0 * η * Elementary.exp (abs (RidgeTerm.rate term).Value / float n) / float n)

    let amplification = Seq.init n (fun k -> Elementary.exp (growth * float k / float n)) |> Seq.sum
    Outcome.atMost "the distance from Lie" (shift * amplification) (Fields.largestDistance lie tables)

let private frozen (cells: int) : float =
    let terms = Array.truncate 2 Fields.refA
    let points = Fields.grid 21 -1.0 1.0
    let radius = Dithering.radius terms 1.0 (sqrt 2.0)

    Fields.largestDistance
        (Fields.run Splitting.LieTrotter terms 1.0 16 points)
        (Dithering.fixedSlope 0.5 cells radius terms 1.0 16 (fun _ -> 0.5) points)

let claim: Claim =
    let case terms splitting rate from to' = { Terms = terms; Splitting = splitting; Rate = rate; From = from; To = to' }

    let depths splitting () = [|
        for k in 0..5 -> planned Fields.refAExact splitting (0.4 * System.Math.ScaleB(1.0, -k)) |> bigint |> Rational.ofBigInteger
    |]

    Paper.define
        "duan.compile.depth-rate"
        Paper.ofAbstract
        "The compiled networks of tanh fields have depths of the order ε^{−3/2} with Lie and ε^{−1} with Strang splitting, those of ReLU fields ε^{−1}; one slope in all layers with tables that do not change costs one power of the mesh."
    |> Claim.hypothesis "H1" "the profiles are replaced by polygons of second order"
    |> Claim.asymptotic
        "planned"
        (Instances.chosen show [
            case Fields.refAExact Splitting.LieTrotter 1.5 5 8
            case Fields.refAExact Splitting.Strang 1.0 5 9
            case Fields.refRExact Splitting.LieTrotter 1.0 5 8
        ])
        hasRate
    |> Claim.bounded "one-slope" (Instances.chosen (fun (m: int) -> [ "cells", string m ]) [ 4; 8; 16; 32; 64; 128 ]) isOfOrderOne
    |> Known.exact "depths" [
        Known.value "REF_A, Lie, ε = 0.4/2^k, k = 0 … 5" "304 756 2072 5724 15900 44944" (depths Splitting.LieTrotter)
        Known.value "REF_A, Strang" "132 258 472 820 1596 3200" (depths Splitting.Strang)
    ]
    |> Known.bounded "one-slope-distances" [
        Known.floats "REF_A terms 1, 2: the distance from Lie for 4, 8, …, 128 cells" ".925 .395 .213 .092 .047 .016" (fun () -> [|
            for m in [ 4; 8; 16; 32; 64; 128 ] -> frozen m
        |])
    ]
    // Exact terms need no polygons, and lose the half power.
    |> Claim.neededBy "H1" (Instances.chosen show [ case Fields.refRExact Splitting.LieTrotter 1.5 5 8 ]) hasRate
