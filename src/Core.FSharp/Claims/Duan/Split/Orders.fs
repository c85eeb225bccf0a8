/// The orders of the splittings on tanh fields.
///
/// Statement: Lie 1, Strang 2, Yoshida 4, in the supremum over a compact set.
/// Reconstructed.
[<RequireQualifiedAccess>]
module internal LayerTime.Core.Claims.Duan.Split.Orders

open LayerTime.Core.Numbers
open LayerTime.Core.Constructions
open LayerTime.Core.Claims
open LayerTime.Core.Claims.Shared
open LayerTime.Core.Claims.Duan

let private rungs (splitting: Splitting) : int list =
    match splitting with
    | Splitting.Yoshida -> [ 4; 8; 16; 32 ]
    | _ -> [ 8; 16; 32; 64 ]

/// 8 roundings a map of at most the size of the state, carried on with e^{MT} (forward) or e^{ΛT}: as the reference steps backward too, with e^{ΛT}; of its maps and those of the
/// rung, the errors of which are independent of the step.
let private floor (case: FieldCase) (maps: int) : float =
    let radius = (case.Points |> Array.map Fields.norm |> Array.max) + (case.Terms |> Array.sumBy Fields.length) * case.Horizon
    4.0 * float maps * Fields.unit * radius * Elementary.exp (Measured.growth case.Terms * case.Horizon)

let private reference = 192

let private ladder (order: float) (splitting: Splitting) (case: FieldCase) : Outcome =
    let maps (s: Splitting) = (Splitting.substeps s case.Terms.Length: Substep<Binary64> list).Length
    let exact = Fields.run Splitting.Yoshida case.Terms case.Horizon reference case.Points

    rungs splitting
    |> List.map (fun n -> {
        Resolution = float n
        Error = Fields.largestDistance exact (Fields.run splitting case.Terms case.Horizon n case.Points)
        Floor = floor case (reference * maps Splitting.Yoshida + n * maps splitting)
    })
    |> Asymptotic.within $"the error of {Splitting.name splitting}" (order - 0.1, order + 0.1)

let private hasOrders (case: FieldCase) : Outcome =
    [ Splitting.LieTrotter; Splitting.Strang; Splitting.Yoshida ]
    |> List.map (fun splitting -> ladder (float (Splitting.order splitting)) splitting case)
    |> Outcome.all

let claim: Claim =
    let refA = { Terms = Fields.refA; Horizon = 1.0; Points = Fields.grid 41 -2.0 2.0 }

    let fields =
        let draw (stream: RandomStream) =
            let case = Fields.draw Profile.Tanh (2, 4) 1 stream
            let d = case.Points[0].Length

            {
                case with
                    Points =
                        if d = 2 then
                            Fields.grid 11 -1.0 1.0
                        else
                            Array.init 121 (fun _ -> Array.init d (fun _ -> stream.NextFloat(-1.0, 1.0)))
            }

        // C ≥ 0.05: the terms do not commute.
        let isCoupled (case: FieldCase) = Measured.commutator (Measured.tanhSizes case.Terms) case.Terms >= 0.05
        Generator.fromStream (fun _ -> Draws.until isCoupled draw) Shrink.none Fields.show

    let start = [| [| 0.3; -0.7 |] |]
    let yoshida n = Fields.runOne Splitting.Yoshida Fields.refA 1.0 n start[0]

    let commuting = {
        Terms = [| Fields.term Profile.Tanh "1 0" "1 0" "1/3"; Fields.term Profile.Tanh "0 1" "0 1" "-1/4" |]
        Horizon = 1.0
        Points = Fields.grid 11 -1.0 1.0
    }

    // Terms that commute leave rounding only.
    let isOfOrder (case: FieldCase) =
        let exact = Fields.run Splitting.Yoshida case.Terms 1.0 reference case.Points
        let error = Fields.largestDistance exact (Fields.run Splitting.LieTrotter case.Terms 1.0 8 case.Points)
        Outcome.atLeast "the error of 8 Lie steps" 1e-10 error

    Paper.define
        "duan.split.orders"
        Paper.reconstructed
        "On tanh fields the splittings have the orders 1 (Lie), 2 (Strang) and 4 (Yoshida), in the supremum over a compact set."
    |> Claim.hypothesis "H1" "the terms do not commute"
    |> Claim.asymptotic "reference-field" (Instances.ladder Fields.show [ refA ]) hasOrders
    |> Claim.asymptotic "fields" (Instances.random fields 5) hasOrders
    |> Claim.drawsPerTrial 8
    |> Known.bounded "reference" [
        Known.floats "REF_A: 4 Yoshida steps" "0.9394907196669537 -0.9781310526355083" (fun () -> yoshida 4)
        Known.floats "REF_A: their error, and of 16" "9.20087e-7 3.58477e-9" (fun () -> [|
            for n in [ 4; 16 ] -> Fields.distance (yoshida 400) (yoshida n)
        |])
    ]
    |> Claim.neededBy "H1" (Instances.chosen Fields.show [ commuting ]) isOfOrder
