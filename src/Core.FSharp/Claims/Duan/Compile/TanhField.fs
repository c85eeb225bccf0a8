/// The flow of a tanh field as a leaky network of the same width.
///
/// Statement: for compact K, T and ε &gt; 0 there is a network of width d within ε of Φ_T on K. Half of ε goes to the splitting (Lie or Strang), half to polygons in the place of the profiles, on a mesh η with K_Pη² ≤ ε/2,
/// K_P = A·Σ|a_i|C_ψ/8, A = e^{Mh}(e^{MT} − 1)/(e^{Mh} − 1). depth = n·Σ_maps(cells − 1)·(2 for a pair, else 1).
/// Proof: the polygon's map has the Lipschitz constant e^{μ_iτ_i} too, its slopes being means of ψ′; so each error of a map is amplified by at most e^{M(T − t)}. |ψ̃| ≤ τ keeps the path in the tube.
/// Compactness is not needed at the splitting, the bound of which is global, but for the finite tables.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Compile.TanhField

open LayerTime.Core.Numbers
open LayerTime.Core.Networks
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan
open LayerTime.Core.Claims.Duan.Split

/// A field on [−1, 1]^d with its splitting and ε.
[<NoComparison>]
type private Case = { Field: FieldCase; Splitting: Splitting; Epsilon: float }

let private field (case: Case) : RidgeField<Rational> =
    Fields.exactly case.Field.Terms |> Fields.autonomous (Rational.ofFloat case.Field.Horizon)

let private plan (case: Case) : Result<AprioriPlan, Defect list> =
    let field = field case
    AprioriPlan.create case.Splitting 0.5 4096 field (Fields.cube field.Dimension 1.0) case.Epsilon

/// The plan on the exact fractions of REF_A.
let private planOfA (splitting: Splitting) (ε: float) : AprioriPlan =
    AprioriPlan.create splitting 0.5 4096 (Fields.autonomous Rational.One Fields.refAExact) (Fields.cube 2 1.0) ε
    |> Defect.orFail

/// Both bounds together are at most ε.
let private isBelow (case: Case) : Outcome =
    match plan case with
    | Error defects -> Outcome.undecided (defects |> List.map string |> String.concat " ")
    | Ok plan ->
        let bound =
            AprioriPlan.splittingBound
                case.Splitting
                (Fields.exactly case.Field.Terms)
                (Rational.ofFloat case.Field.Horizon)
                (Fields.cube case.Field.Points[0].Length 1.0)

        Outcome.all [
            Outcome.atMost "the bound of the splitting" (0.5 * case.Epsilon) (bound plan.Steps)
            // The mesh is chosen in floats, its bound is enclosed.
            Outcome.atMost "the bound of the tables" (0.5 * case.Epsilon * (1.0 + 1e-12)) plan.TableBound
            if plan.Steps > 1 then
                Outcome.isTrue "the bound of one step less" "exceeds ε/2" (bound (plan.Steps - 1) > 0.5 * case.Epsilon)
        ]

/// The tables are the network up to rounding, and both within ε of the flow.
let private isNear (layers: bool) (case: Case) : Outcome =
    match plan case with
    | Error defects -> Outcome.undecided (defects |> List.map string |> String.concat " ")
    | Ok apriori ->
        let plan = AprioriPlan.maps (field case) apriori
        let tables = PlannedNets.byTables plan
        let found = case.Field.Points |> Array.map tables
        let reference, doubt = Measured.tanhReference (1e-3 * case.Epsilon) case.Field
        let maps = plan.Pieces[0].Chain.Length

        Outcome.all [
            Measured.atMost "|tables − flow|" case.Epsilon {
                Error = Fields.largestDistance reference found
                Doubt = doubt + Fields.rounding maps case.Field
            }

            if layers then
                let net = VanillaRealisation.create plan |> VanillaRealisation.network
                let some = Array.truncate 5 case.Field.Points
                let byLayers = some |> Array.map (Fields.binary >> VanillaNet.apply net >> Fields.floats)
                Outcome.equal "the depth" string apriori.Depth (int64 net.Depth)
                // Each knot is a layer: as many roundings as layers, 16 each.
                Outcome.atMost
                    "|network − tables|"
                    (16.0 * Fields.rounding net.Depth case.Field)
                    (Fields.largestDistance (Array.truncate 5 found) byLayers)
        ]

let private show (case: Case) : (string * string) list =
    Fields.show case.Field @ [ "splitting", Splitting.name case.Splitting; "ε", string case.Epsilon ]

let private points = Fields.grid 41 -1.0 1.0

/// Good to some 10⁻¹³.
let private exact = lazy (Fields.run Splitting.Yoshida Fields.refA 1.0 240 points)

let private measured (splitting: Splitting) (ε: float) : float =
    let tables =
        AprioriPlan.maps (Fields.autonomous Rational.One Fields.refAExact) (planOfA splitting ε) |> PlannedNets.byTables

    Fields.largestDistance exact.Value (Array.map tables points)

let private row name splitting ε steps mesh cells depth splitBound error = [
    Known.value $"{name}, ε = {ε}: n" steps (fun () -> [| Rational.ofInt (planOfA splitting ε).Steps |])
    Known.value $"{name}, ε = {ε}: cells" cells (fun () -> (planOfA splitting ε).Cells |> Array.map (snd >> Rational.ofInt))
    Known.value $"{name}, ε = {ε}: depth" depth (fun () -> [| Rational.ofBigInteger (bigint (planOfA splitting ε).Depth) |])
    Known.floats $"{name}, ε = {ε}: η" mesh (fun () -> [| (planOfA splitting ε).Mesh |])
    Known.floats $"{name}, ε = {ε}: the bound of the splitting" splitBound (fun () -> [| (planOfA splitting ε).SplittingBound |])
    Known.floats $"{name}, ε = {ε}: the bound of the tables" (string (ε / 2.0)) (fun () -> [| (planOfA splitting ε).TableBound |])
    Known.floats $"{name}, ε = {ε}: the error on 41 × 41 points" error (fun () -> [| measured splitting ε |])
]

let claim: Claim =
    let both = [ Splitting.LieTrotter; Splitting.Strang ]
    let refA points = { Terms = Fields.refA; Horizon = 1.0; Points = points }

    let fixedCases = [
        for splitting in both do
            for ε in [ 0.4; 0.2; 0.1 ] do
                { Field = refA (Fields.grid 5 -1.0 1.0); Splitting = splitting; Epsilon = ε }
    ]

    let random =
        let draw (stream: RandomStream) = {
            Field = Fields.draw Profile.Tanh (2, 3) 20 stream
            Splitting = Draws.choice stream (List.toArray both)
            Epsilon = Draws.choice stream [| 0.4; 0.2; 0.1; 0.05; 0.025; 0.0125 |]
        }

        let isModerate (case: Case) =
            Measured.growth case.Field.Terms * case.Field.Horizon <= 3.0
            && Measured.lieBound (Measured.tanhSizes case.Field.Terms) case.Field.Terms case.Field.Horizon 1024 <= 0.5 * case.Epsilon

        Generator.fromStream (fun _ -> Draws.until isModerate draw) Shrink.none show

    // Tables cover the tube; far outside their linear ends leave |ψ̃| ≤ τ.
    let outside = { fixedCases[0] with Field = refA [| [| 100.0; 100.0 |]; [| -100.0; 100.0 |] |] }

    Paper.define
        "duan.compile.tanh-field"
        Paper.ofAbstract
        "On a compact set the flow of a tanh field is within any ε of a leaky network of the same width: half of ε for the splitting, half for polygons in the place of the profiles."
    |> Claim.hypothesis "H1" "the points lie in K"
    |> Claim.certified "bounds" (Instances.chosen show fixedCases) isBelow
    |> Claim.certified "bounds-of-fields" (Instances.random random 20) isBelow
    |> Claim.bounded "network" (Instances.chosen show fixedCases) (isNear true)
    |> Claim.bounded "fields" (Instances.random random 10) (isNear false)
    |> Known.bounded
        "reference"
        (row "Lie" Splitting.LieTrotter 0.1 "28" "0.3865456452224201" "17 17 22" "2072" "0.04818852333608618" "0.0157586698281"
         @ row "Lie" Splitting.LieTrotter 0.025 "106" "0.19611830364202879" "34 34 43" "15900" "0.012495100015216835" "0.0037920573476"
         @ row "Strang" Splitting.Strang 0.1 "4" "0.35257710919041835" "19 19 24 19 19" "472" "0.036997449441186776" "0.0133061611226"
         @ row "Strang" Splitting.Strang 0.025 "7" "0.18485146362713076" "36 36 45 36 36" "1596" "0.010790400496911922" "0.0035493517167"
         @ [ Known.floats "R" "2.9277091599186478" (fun () -> [| (planOfA Splitting.LieTrotter 0.1).Radius |]) ])
    |> Claim.neededBy "H1" (Instances.chosen show [ outside ]) (isNear false)
